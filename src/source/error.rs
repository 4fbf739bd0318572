//! What can go wrong while objects are listed, read or written, by what the caller can do about it.

use std::io;
use std::time::Duration;

use thiserror::Error;

use crate::model::{ObjectMeta, Reason};

/// An error of a source or a sink.
///
/// Messages read `verb object identity: cause (remedy)` and hold no content of any object.
/// `uri` names the object, or the bucket or folder where the error is not about one object.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The target, or an option, makes no sense, or nothing is there.
    #[error("open target {target}: {cause}")]
    Target { target: String, cause: String },

    /// Permission is missing; `operation` is the one that was refused, such as `ListObjectsV2`.
    #[error("{} {uri}: access denied (needs {})", verb(.operation), permission(.operation))]
    AccessDenied { uri: String, operation: String },

    #[error("{} {uri}: the bucket does not exist; check its name and the endpoint", verb(.operation))]
    NoSuchBucket { uri: String, operation: String },

    #[error("{} {uri}: the object does not exist any more", verb(.operation))]
    NoSuchKey { uri: String, operation: String },

    /// The object is not the one that was listed or first read.
    #[error("read object {uri}: changed while it was read; scan it again")]
    Changed { uri: String },

    /// The service failed, refused for load, or did not answer, after all attempts.
    #[error(
        "{} {uri}: unavailable after {attempts} {} in {:.1} s: {cause}",
        verb(.operation), if *.attempts == 1 { "attempt" } else { "attempts" }, .elapsed.as_secs_f64()
    )]
    Unavailable {
        uri: String,
        operation: String,
        attempts: u32,
        elapsed: Duration,
        cause: String,
    },

    /// The bucket is in another Region and following it there did not succeed.
    #[error(
        "{} {uri}: the bucket is in {}, asked in {asked}; give --region",
        verb(.operation), .region.as_deref().map_or("another Region".to_owned(), |r| format!("Region {r}"))
    )]
    WrongRegion {
        uri: String,
        operation: String,
        asked: String,
        region: Option<String>,
    },

    /// The bucket is not owned by the expected account.
    #[error("{} {uri}: the bucket is not owned by account {expected}", verb(.operation))]
    OwnerMismatch {
        uri: String,
        operation: String,
        expected: String,
    },

    /// The storage class has to be restored before it can be read.
    #[error(
        "read object {uri}: storage class {} cannot be read; restore the object first",
        .storage_class.as_deref().unwrap_or("(archived)")
    )]
    InvalidObjectState {
        uri: String,
        storage_class: Option<String>,
    },

    /// The KMS key is disabled, being deleted or gone.
    #[error("read object {uri}: the KMS key cannot be used ({code}); enable the key")]
    KmsKey { uri: String, code: String },

    /// Encrypted with a key that the caller must supply (SSE-C).
    #[error(
        "read object {uri}: encrypted with a customer-provided key (SSE-C), which is not supported"
    )]
    Encryption { uri: String },

    /// No credentials, or credentials that the service does not accept.
    #[error("{} {uri}: {cause}; sign in, choose --profile, or use --no-sign-request for a public bucket", verb(.operation))]
    Credentials {
        uri: String,
        operation: String,
        cause: String,
    },

    /// A listed entry that is not a regular file.
    #[error("read object {}: {cause}", .meta.uri)]
    Unsupported {
        meta: Box<ObjectMeta>,
        cause: &'static str,
    },

    /// The service refused for a reason of its own.
    #[error("{} {uri}: refused with status {status} {code}{}", verb(.operation), after_colon(.message))]
    Refused {
        uri: String,
        operation: String,
        status: u16,
        code: String,
        message: String,
    },

    /// The local system failed, or an answer broke the protocol.
    #[error("{} {uri}: {source}", verb(.operation))]
    Io {
        uri: String,
        operation: String,
        #[source]
        source: io::Error,
    },
}

/// What the user asked for, from the operation's name.
fn verb(operation: &str) -> &'static str {
    match operation {
        "ListObjectsV2" | "HeadBucket" | "ReadDir" => "list objects of",
        "ListBuckets" => "list buckets of",
        "GetBucketTagging" | "GetObjectTagging" => "read tags of",
        "GetBucketPublicAccessBlock"
        | "GetBucketPolicyStatus"
        | "GetBucketPolicy"
        | "GetBucketAcl" => "look up access to",
        "PutObject" | "WriteFile" => "write object",
        "OpenTarget" => "open target",
        _ => "read object",
    }
}

/// The permission that allows the operation.
fn permission(operation: &str) -> &str {
    match operation {
        "ListObjectsV2" | "HeadBucket" => "s3:ListBucket",
        "ListBuckets" => "s3:ListAllMyBuckets",
        "GetBucketTagging" => "s3:GetBucketTagging",
        "GetObjectTagging" => "s3:GetObjectTagging",
        "GetObject" | "HeadObject" => "s3:GetObject",
        "PutObject" => "s3:PutObject",
        "ReadDir" => "permission to read and search the folder",
        "ReadFile" => "permission to read the file",
        "OpenTarget" => "permission to reach it",
        "WriteFile" => "permission to write in the folder",
        other => other,
    }
}

fn after_colon(message: &str) -> String {
    if message.is_empty() {
        String::new()
    } else {
        format!(": {message}")
    }
}

impl SourceError {
    /// Macie's reason code for the object that could not be read.
    pub fn reason(&self) -> Reason {
        match self {
            SourceError::AccessDenied { .. }
            | SourceError::OwnerMismatch { .. }
            | SourceError::Credentials { .. } => Reason::PermissionDenied,
            SourceError::NoSuchBucket { .. } => Reason::NoSuchBucketAvailable,
            SourceError::Changed { .. } => Reason::ObjectVersionMismatch,
            SourceError::InvalidObjectState { .. } => Reason::InvalidObjectState,
            SourceError::KmsKey { .. } => Reason::InvalidKmsKey,
            SourceError::Encryption { .. } => Reason::InvalidEncryption,
            SourceError::Unsupported { .. } => Reason::UnsupportedFileTypeException,
            SourceError::Target { .. }
            | SourceError::NoSuchKey { .. }
            | SourceError::Unavailable { .. }
            | SourceError::WrongRegion { .. }
            | SourceError::Refused { .. }
            | SourceError::Io { .. } => Reason::SourceObjectNoLongerAvailable,
        }
    }

    /// The operation that failed, by its API name (`GetObject`) or, for files, `ReadDir`,
    /// `ReadFile`, `WriteFile`.
    pub fn operation(&self) -> Option<&str> {
        match self {
            SourceError::AccessDenied { operation, .. }
            | SourceError::NoSuchBucket { operation, .. }
            | SourceError::NoSuchKey { operation, .. }
            | SourceError::Unavailable { operation, .. }
            | SourceError::WrongRegion { operation, .. }
            | SourceError::OwnerMismatch { operation, .. }
            | SourceError::Credentials { operation, .. }
            | SourceError::Refused { operation, .. }
            | SourceError::Io { operation, .. } => Some(operation),
            SourceError::Target { .. }
            | SourceError::Changed { .. }
            | SourceError::InvalidObjectState { .. }
            | SourceError::KmsKey { .. }
            | SourceError::Encryption { .. }
            | SourceError::Unsupported { .. } => None,
        }
    }

    /// The object, bucket, folder or target this error is about.
    pub fn uri(&self) -> &str {
        match self {
            SourceError::Target { target: uri, .. }
            | SourceError::AccessDenied { uri, .. }
            | SourceError::NoSuchBucket { uri, .. }
            | SourceError::NoSuchKey { uri, .. }
            | SourceError::Changed { uri }
            | SourceError::Unavailable { uri, .. }
            | SourceError::WrongRegion { uri, .. }
            | SourceError::OwnerMismatch { uri, .. }
            | SourceError::InvalidObjectState { uri, .. }
            | SourceError::KmsKey { uri, .. }
            | SourceError::Encryption { uri }
            | SourceError::Credentials { uri, .. }
            | SourceError::Refused { uri, .. }
            | SourceError::Io { uri, .. } => uri,
            SourceError::Unsupported { meta, .. } => &meta.uri,
        }
    }

    /// The listed entry this error is about, where a listing told it: that entry is skipped, with
    /// [`SourceError::reason`], and the listing goes on.
    pub fn entry(&self) -> Option<&ObjectMeta> {
        match self {
            SourceError::Unsupported { meta, .. } => Some(meta),
            _ => None,
        }
    }

    /// The error of a failed system call on a file or folder.
    pub(crate) fn system(uri: &str, operation: &str, source: io::Error) -> Self {
        let (uri, operation) = (uri.to_owned(), operation.to_owned());
        match source.kind() {
            io::ErrorKind::PermissionDenied => SourceError::AccessDenied { uri, operation },
            io::ErrorKind::NotFound if operation == "ReadFile" => {
                SourceError::NoSuchKey { uri, operation }
            }
            _ => SourceError::Io {
                uri,
                operation,
                source,
            },
        }
    }

    /// An answer or a state that breaks the rules of the protocol.
    pub(crate) fn protocol(uri: &str, operation: &str, cause: &str) -> Self {
        SourceError::Io {
            uri: uri.to_owned(),
            operation: operation.to_owned(),
            source: io::Error::new(io::ErrorKind::InvalidData, cause.to_owned()),
        }
    }

    /// For [`std::io::Read`]: the caller gets the error back with `downcast`.
    pub(crate) fn into_io(self) -> io::Error {
        io::Error::other(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_verb_object_cause_and_remedy() {
        let denied = SourceError::AccessDenied {
            uri: "s3://logs/2024/07/a.gz".into(),
            operation: "GetObject".into(),
        };
        assert_eq!(
            denied.to_string(),
            "read object s3://logs/2024/07/a.gz: access denied (needs s3:GetObject)"
        );
        let unavailable = SourceError::Unavailable {
            uri: "s3://logs".into(),
            operation: "ListObjectsV2".into(),
            attempts: 3,
            elapsed: Duration::from_millis(1540),
            cause: "503 SlowDown".into(),
        };
        assert_eq!(
            unavailable.to_string(),
            "list objects of s3://logs: unavailable after 3 attempts in 1.5 s: 503 SlowDown"
        );
        let region = SourceError::WrongRegion {
            uri: "s3://logs".into(),
            operation: "ListObjectsV2".into(),
            asked: "us-east-1".into(),
            region: Some("eu-west-1".into()),
        };
        assert_eq!(
            region.to_string(),
            "list objects of s3://logs: the bucket is in Region eu-west-1, asked in us-east-1; give --region"
        );
    }

    #[test]
    fn comes_back_out_of_an_io_error() {
        let io = SourceError::Changed {
            uri: "file://a".into(),
        }
        .into_io();
        let back = io.downcast::<SourceError>().ok();
        assert_eq!(
            back.map(|e| e.reason()),
            Some(Reason::ObjectVersionMismatch)
        );
    }
}
