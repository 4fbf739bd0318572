//! Faults, and which requests meet them.

use std::time::Duration;

use bytes::Bytes;

use super::wire::Logged;

/// The operations this project makes; the names are S3's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    ListBuckets,
    HeadBucket,
    ListObjectsV2,
    HeadObject,
    GetObject,
    PutObject,
    GetObjectTagging,
    GetBucketTagging,
    /// Policy, its status, the public-access block, the ACL.
    GetBucketAccess,
    Other,
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    AccessDenied,
    NoSuchBucket,
    NoSuchKey,
    InvalidObjectState,
    /// The KMS key is disabled.
    KmsDisabled,
    /// The caller may not use the KMS key.
    KmsDenied,
    /// The object needs a key from the caller (SSE-C).
    CustomerKey,
    ExpiredToken,
    BadSignature,
    SlowDown,
    InternalError,
    PreconditionFailed,
    /// Any other answer of the service.
    Error {
        status: u16,
        code: &'static str,
        message: &'static str,
    },
    /// 301 to a Region, told in the header.
    MovedTo(&'static str),
    /// 301 without saying where to.
    Moved,
    /// 400 that names the Region in the document only.
    WrongSigningRegion(&'static str),
    /// The body breaks off after so many bytes.
    CutAfter(usize),
    /// The body stops after so many bytes, and the connection stays open.
    StallAfter(usize),
    /// The answer comes so much later.
    Delay(Duration),
    /// No answer comes.
    Silence,
    /// The connection is closed instead of an answer.
    Hangup,
    /// Status 200 with something that is not S3.
    Garbage,
    /// The object is replaced, and then the request is answered.
    Replace(Bytes),
    /// The object is removed, and then the request is answered.
    Remove,
    /// The whole object, with status 200, whatever range was asked for.
    IgnoreRange,
    /// If-Match is not heeded.
    IgnoreIfMatch,
    /// No ETag in the answer.
    NoETag,
}

/// Which requests a fault is for.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    op: Option<Op>,
    bucket: Option<String>,
    key: Option<String>,
    version: bool,
    pass: usize,
    times: Option<usize>,
}

impl Rule {
    /// Requests of one operation.
    pub fn on(op: Op) -> Self {
        Rule {
            op: Some(op),
            ..Rule::default()
        }
    }

    /// Every request.
    pub fn any() -> Self {
        Rule::default()
    }

    pub fn bucket(mut self, bucket: &str) -> Self {
        self.bucket = Some(bucket.to_owned());
        self
    }

    pub fn key(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// Only requests that name a version.
    pub fn version(mut self) -> Self {
        self.version = true;
        self
    }

    /// So many requests pass first.
    pub fn after(mut self, requests: usize) -> Self {
        self.pass = requests;
        self
    }

    /// Only so many requests meet the fault; without it, all do.
    pub fn times(mut self, requests: usize) -> Self {
        self.times = Some(requests);
        self
    }

    /// Whether this request meets the fault; counts.
    pub(super) fn meets(&mut self, request: &Logged) -> bool {
        let matches = self.op.is_none_or(|op| op == request.op)
            && self.bucket.as_ref().is_none_or(|b| *b == request.bucket)
            && self.key.as_ref().is_none_or(|k| *k == request.key)
            && (!self.version || request.query.contains("versionId="));
        if !matches || self.times == Some(0) {
            return false;
        }
        if self.pass > 0 {
            self.pass -= 1;
            return false;
        }
        if let Some(times) = &mut self.times {
            *times -= 1;
        }
        true
    }
}

impl Fault {
    /// Status, code and message, where the fault is an answer of the service.
    pub(super) fn answer(&self) -> Option<(u16, &'static str, &'static str)> {
        Some(match self {
            Fault::AccessDenied => (403, "AccessDenied", "Access Denied"),
            Fault::NoSuchBucket => (404, "NoSuchBucket", "The specified bucket does not exist"),
            Fault::NoSuchKey => (404, "NoSuchKey", "The specified key does not exist."),
            Fault::InvalidObjectState => (
                403,
                "InvalidObjectState",
                "The operation is not valid for the object's storage class",
            ),
            Fault::KmsDisabled => (
                400,
                "KMS.DisabledException",
                "arn:aws:kms:us-east-1:111122223333:key/example is disabled.",
            ),
            Fault::KmsDenied => (
                403,
                "AccessDenied",
                "User is not authorized to perform: kms:Decrypt on the resource",
            ),
            Fault::CustomerKey => (
                400,
                "InvalidRequest",
                "The object was stored using a form of Server Side Encryption.",
            ),
            Fault::ExpiredToken => (400, "ExpiredToken", "The provided token has expired."),
            Fault::BadSignature => (
                403,
                "SignatureDoesNotMatch",
                "The request signature does not match.",
            ),
            Fault::SlowDown => (503, "SlowDown", "Please reduce your request rate."),
            Fault::InternalError => (500, "InternalError", "We encountered an internal error."),
            Fault::PreconditionFailed => (412, "PreconditionFailed", "A condition did not hold"),
            Fault::Moved | Fault::MovedTo(_) => (
                301,
                "PermanentRedirect",
                "The bucket must be addressed using another endpoint.",
            ),
            Fault::WrongSigningRegion(_) => (
                400,
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed.",
            ),
            Fault::Error {
                status,
                code,
                message,
            } => (*status, code, message),
            _ => return None,
        })
    }
}
