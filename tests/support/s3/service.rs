//! The S3 trait over the state: what a well-behaved service answers.

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use s3s::access::{S3Access, S3AccessContext};
use s3s::dto::*;
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};

use super::state::{Bucket as State, Content, Object as Stored, S3State};

/// Bytes of one piece of a body.
const CHUNK_BYTES: u64 = 64 * 1024;

#[derive(Clone)]
pub(super) struct Service(pub Arc<Mutex<S3State>>);

/// A header that the service does not heed. It is signed, so that it has to stay in the request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ignore {
    Range,
    IfMatch,
}

/// Who asks, with what conditions on the bucket.
struct Caller<'a> {
    signed: bool,
    owner: Option<&'a str>,
    pays: bool,
}

impl Service {
    /// Runs `f` on a bucket that the caller may use.
    fn with<T>(
        &self,
        bucket: &str,
        caller: &Caller<'_>,
        f: impl FnOnce(&mut State) -> S3Result<T>,
    ) -> S3Result<T> {
        let mut state = self.0.lock().expect("state");
        let Some(bucket) = state.buckets.get_mut(bucket) else {
            return Err(s3_error!(NoSuchBucket));
        };
        let allowed = (caller.signed || bucket.is_public())
            && caller.owner.is_none_or(|owner| bucket.owned_by(owner))
            && (caller.pays || !bucket.is_requester_pays());
        if !allowed {
            return Err(s3_error!(AccessDenied, "Access Denied"));
        }
        f(bucket)
    }
}

/// Lets requests without a signature through to the service, which knows what is public.
pub(super) struct Anyone;

#[async_trait::async_trait]
impl S3Access for Anyone {
    async fn check(&self, _: &mut S3AccessContext<'_>) -> S3Result<()> {
        Ok(())
    }
}

macro_rules! caller {
    ($request:expr) => {
        Caller {
            signed: $request.credentials.is_some(),
            owner: $request.input.expected_bucket_owner.as_deref(),
            pays: $request
                .headers
                .get("x-amz-request-payer")
                .is_some_and(|v| v == "requester"),
        }
    };
}

#[async_trait::async_trait]
impl S3 for Service {
    async fn list_buckets(
        &self,
        request: S3Request<ListBucketsInput>,
    ) -> S3Result<S3Response<ListBucketsOutput>> {
        if request.credentials.is_none() {
            return Err(s3_error!(AccessDenied));
        }
        let state = self.0.lock().expect("state");
        let after = request.input.continuation_token.map(|t| unhex(&t));
        let max = request.input.max_buckets.unwrap_or(10_000) as usize;
        let mut names: Vec<_> = state
            .buckets
            .iter()
            .filter(|(name, _)| after.as_ref().is_none_or(|a| *name > a))
            .take(max + 1)
            .collect();
        let more = names.len() > max;
        names.truncate(max);
        let token = names.last().filter(|_| more).map(|(name, _)| hex(name));
        let buckets = names
            .into_iter()
            .map(|(name, bucket)| Bucket {
                name: Some(name.clone()),
                bucket_region: bucket.region_name().map(str::to_owned),
                ..Bucket::default()
            })
            .collect();
        Ok(S3Response::new(ListBucketsOutput {
            buckets: Some(buckets),
            continuation_token: token,
            ..ListBucketsOutput::default()
        }))
    }

    async fn head_bucket(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        let caller = caller!(request);
        let region = self.with(&request.input.bucket, &caller, |b| {
            Ok(b.region_name().map(str::to_owned))
        })?;
        Ok(S3Response::new(HeadBucketOutput {
            bucket_region: region,
            ..HeadBucketOutput::default()
        }))
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let caller = caller!(request);
        let input = &request.input;
        let prefix = input.prefix.clone().unwrap_or_default();
        let after = input
            .continuation_token
            .as_deref()
            .map(unhex)
            .or_else(|| input.start_after.clone());
        let (page, more) = self.with(&input.bucket, &caller, |bucket| {
            let max = input.max_keys.map_or(1000, |m| m as usize);
            Ok(bucket.page_of(&prefix, after.as_deref(), max.min(bucket.page_max())))
        })?;
        let url = input.encoding_type.as_ref().map(|e| e.as_str()) == Some(EncodingType::URL);
        let encode = |key: &str| {
            if url {
                form_encoded(key)
            } else {
                key.to_owned()
            }
        };
        let contents: Vec<_> = page
            .iter()
            .map(|(key, object)| Object {
                key: Some(encode(key)),
                size: Some(object.content.len() as i64),
                e_tag: Some(ETag::Strong(object.etag.clone())),
                last_modified: Some(object.modified.into()),
                storage_class: object
                    .storage_class
                    .clone()
                    .or(Some("STANDARD".into()))
                    .map(ObjectStorageClass::from),
                ..Object::default()
            })
            .collect();
        Ok(S3Response::new(ListObjectsV2Output {
            name: Some(input.bucket.clone()),
            prefix: Some(encode(&prefix)),
            key_count: Some(contents.len() as i32),
            is_truncated: Some(more),
            next_continuation_token: page.last().filter(|_| more).map(|(key, _)| hex(key)),
            encoding_type: input.encoding_type.clone(),
            contents: Some(contents),
            ..ListObjectsV2Output::default()
        }))
    }

    async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let caller = caller!(request);
        let input = &request.input;
        let object = self.with(&input.bucket, &caller, |bucket| {
            bucket
                .object(&input.key, input.version_id.as_deref())
                .ok_or_else(|| s3_error!(NoSuchKey))
        })?;
        Ok(S3Response::new(HeadObjectOutput {
            content_length: Some(object.content.len() as i64),
            e_tag: Some(ETag::Strong(object.etag)),
            last_modified: Some(object.modified.into()),
            version_id: object.version,
            storage_class: object.storage_class.map(StorageClass::from),
            server_side_encryption: object.encryption.map(ServerSideEncryption::from),
            ssekms_key_id: object.kms_key_id,
            ..HeadObjectOutput::default()
        }))
    }

    async fn get_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let caller = caller!(request);
        let input = &request.input;
        let object = self.with(&input.bucket, &caller, |bucket| {
            bucket
                .object(&input.key, input.version_id.as_deref())
                .ok_or_else(|| s3_error!(NoSuchKey))
        })?;
        let etag = ETag::Strong(object.etag.clone());
        let ignored = request.extensions.get::<Ignore>().copied();
        if ignored != Some(Ignore::IfMatch)
            && let Some(condition) = &input.if_match
            && !condition.is_any()
            && !condition.as_etag().is_some_and(|e| e.strong_cmp(&etag))
        {
            return Err(s3_error!(PreconditionFailed));
        }
        let size = object.content.len();
        let range = match &input.range {
            Some(range) if ignored != Some(Ignore::Range) => Some(range.check(size)?),
            _ => None,
        };
        let (start, end) = range.as_ref().map_or((0, size), |r| (r.start, r.end));
        Ok(S3Response::new(GetObjectOutput {
            body: Some(body(&object, start, end)),
            content_length: Some((end - start) as i64),
            content_range: range.map(|_| format!("bytes {start}-{}/{size}", end - 1)),
            accept_ranges: Some("bytes".into()),
            e_tag: Some(etag),
            last_modified: Some(object.modified.into()),
            version_id: object.version,
            storage_class: object.storage_class.map(StorageClass::from),
            server_side_encryption: object.encryption.map(ServerSideEncryption::from),
            ssekms_key_id: object.kms_key_id,
            ..GetObjectOutput::default()
        }))
    }

    async fn get_object_tagging(
        &self,
        request: S3Request<GetObjectTaggingInput>,
    ) -> S3Result<S3Response<GetObjectTaggingOutput>> {
        let caller = caller!(request);
        let input = &request.input;
        let object = self.with(&input.bucket, &caller, |bucket| {
            bucket
                .object(&input.key, input.version_id.as_deref())
                .ok_or_else(|| s3_error!(NoSuchKey))
        })?;
        Ok(S3Response::new(GetObjectTaggingOutput {
            tag_set: tag_set(&object.tags),
            ..GetObjectTaggingOutput::default()
        }))
    }

    async fn get_bucket_tagging(
        &self,
        request: S3Request<GetBucketTaggingInput>,
    ) -> S3Result<S3Response<GetBucketTaggingOutput>> {
        let caller = caller!(request);
        let tags = self.with(&request.input.bucket, &caller, |b| Ok(b.tags.clone()))?;
        if tags.is_empty() {
            return Err(s3_error!(NoSuchTagSet));
        }
        Ok(S3Response::new(GetBucketTaggingOutput {
            tag_set: tag_set(&tags),
        }))
    }

    async fn get_bucket_policy(
        &self,
        request: S3Request<GetBucketPolicyInput>,
    ) -> S3Result<S3Response<GetBucketPolicyOutput>> {
        let caller = caller!(request);
        let policy = self.with(&request.input.bucket, &caller, |b| {
            b.policy
                .clone()
                .ok_or_else(|| s3_error!(NoSuchBucketPolicy))
        })?;
        Ok(S3Response::new(GetBucketPolicyOutput {
            policy: Some(policy),
        }))
    }

    async fn get_bucket_policy_status(
        &self,
        request: S3Request<GetBucketPolicyStatusInput>,
    ) -> S3Result<S3Response<GetBucketPolicyStatusOutput>> {
        let caller = caller!(request);
        let public = self.with(&request.input.bucket, &caller, |b| match &b.policy {
            Some(policy) => Ok(policy.contains("\"*\"")),
            None => Err(s3_error!(NoSuchBucketPolicy)),
        })?;
        Ok(S3Response::new(GetBucketPolicyStatusOutput {
            policy_status: Some(PolicyStatus {
                is_public: Some(public),
            }),
        }))
    }

    async fn get_public_access_block(
        &self,
        request: S3Request<GetPublicAccessBlockInput>,
    ) -> S3Result<S3Response<GetPublicAccessBlockOutput>> {
        let caller = caller!(request);
        let blocked = self.with(&request.input.bucket, &caller, |b| Ok(b.blocked))?;
        Ok(S3Response::new(GetPublicAccessBlockOutput {
            public_access_block_configuration: Some(PublicAccessBlockConfiguration {
                ignore_public_acls: Some(blocked),
                restrict_public_buckets: Some(blocked),
                ..PublicAccessBlockConfiguration::default()
            }),
        }))
    }

    async fn get_bucket_acl(
        &self,
        request: S3Request<GetBucketAclInput>,
    ) -> S3Result<S3Response<GetBucketAclOutput>> {
        let caller = caller!(request);
        self.with(&request.input.bucket, &caller, |_| Ok(()))?;
        Ok(S3Response::new(GetBucketAclOutput::default()))
    }

    async fn put_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let caller = caller!(request);
        self.with(&request.input.bucket, &caller, |_| Ok(()))?;
        let input = request.input;
        let bytes: Vec<Bytes> = match input.body {
            Some(body) => body
                .try_collect()
                .await
                .map_err(|_| s3_error!(IncompleteBody))?,
            None => Vec::new(),
        };
        let mut state = self.0.lock().expect("state");
        let object = state.put(&input.bucket, &input.key, bytes.concat());
        object.encryption = input.server_side_encryption.map(|e| e.as_str().to_owned());
        object.kms_key_id = input.ssekms_key_id;
        Ok(S3Response::new(PutObjectOutput {
            e_tag: Some(ETag::Strong(object.etag.clone())),
            version_id: object.version.clone(),
            ..PutObjectOutput::default()
        }))
    }
}

fn tag_set(tags: &std::collections::BTreeMap<String, String>) -> TagSet {
    tags.iter()
        .map(|(key, value)| Tag {
            key: Some(key.clone()),
            value: Some(value.clone()),
        })
        .collect()
}

/// A body in pieces, made as it is sent.
fn body(object: &Stored, start: u64, end: u64) -> StreamingBlob {
    let content: Content = object.content.clone();
    let pieces = (start..end)
        .step_by(CHUNK_BYTES as usize)
        .map(move |at| content.slice(at, end.min(at + CHUNK_BYTES)));
    StreamingBlob::wrap(stream::iter(pieces).map(Ok::<Bytes, std::convert::Infallible>))
}

/// The encoding type `url`: as in forms.
fn form_encoded(key: &str) -> String {
    let mut text = String::new();
    for byte in key.bytes() {
        match byte {
            b' ' => text.push('+'),
            b if b.is_ascii_alphanumeric() || b"-._*/".contains(&b) => text.push(b as char),
            b => write!(text, "%{b:02X}").expect("a string"),
        }
    }
    text
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |mut hex, b| {
        write!(hex, "{b:02x}").expect("a string");
        hex
    })
}

fn unhex(text: &str) -> String {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    let bytes = digits.chunks(2).map(|d| (d[0] * 16 + d[1]) as u8).collect();
    String::from_utf8(bytes).unwrap_or_default()
}
