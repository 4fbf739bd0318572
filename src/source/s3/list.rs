//! Listing a bucket page by page: the next pages are fetched while one is told.

use std::sync::Arc;

use aws_sdk_s3::primitives::DateTime as SmithyTime;
use aws_sdk_s3::types::{EncodingType, Object};
use chrono::{DateTime, Utc};
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::core::{Bound, Core};
use crate::model::{Encryption, ObjectMeta};
use crate::source::SourceError;

/// Pages fetched ahead of the caller, besides the one under way.
const PAGES_AHEAD_MAX: usize = 1;

type Entry = Result<ObjectMeta, SourceError>;

/// Lists the object `key`, or what has the prefix `key`; of it, what comes after `after`.
pub(super) fn list(
    core: Arc<Core>,
    key: String,
    after: Option<String>,
) -> BoxStream<'static, Entry> {
    let (sender, receiver) = mpsc::channel(PAGES_AHEAD_MAX);
    let mut task = JoinSet::new(); // ends its task when the stream is dropped
    task.spawn(async move {
        let mut lister = Lister {
            core,
            key,
            after,
            sender,
        };
        if let Err(error) = lister.run().await {
            lister.tell(vec![Err(error)]).await;
        }
    });
    let pages = stream::unfold((receiver, task), |(mut receiver, mut task)| async move {
        match receiver.recv().await {
            Some(page) => Some((page, (receiver, task))),
            None => match task.join_next().await {
                // A listing that broke down must not look like one that ended.
                Some(Err(e)) => {
                    let error = SourceError::protocol("s3://", "ListObjectsV2", &e.to_string());
                    Some((vec![Err(error)], (receiver, task)))
                }
                Some(Ok(())) | None => None,
            },
        }
    });
    pages.flat_map(stream::iter).boxed()
}

struct Lister {
    core: Arc<Core>,
    key: String,
    after: Option<String>,
    sender: mpsc::Sender<Vec<Entry>>,
}

impl Lister {
    /// `false`: nobody listens any more.
    async fn tell(&mut self, mut page: Vec<Entry>) -> bool {
        page.retain(|entry| self.remains(entry));
        if page.is_empty() {
            return !self.sender.is_closed();
        }
        self.sender.send(page).await.is_ok()
    }

    fn uri(&self) -> String {
        uri(&self.core.name, &self.key)
    }

    fn remains(&self, entry: &Entry) -> bool {
        match (&self.after, entry) {
            (Some(after), Ok(meta)) => meta.key > *after,
            _ => true,
        }
    }

    async fn run(&mut self) -> Result<(), SourceError> {
        let may_be_object = !self.key.is_empty() && !self.key.ends_with('/');
        let mut is_known = !may_be_object;
        if may_be_object {
            match head(&self.core, &self.key).await {
                Ok(meta) => {
                    self.tell(vec![Ok(meta)]).await;
                    return Ok(());
                }
                Err(SourceError::NoSuchKey { .. }) => is_known = true,
                Err(
                    e @ (SourceError::Unavailable { .. }
                    | SourceError::Credentials { .. }
                    | SourceError::WrongRegion { .. }
                    | SourceError::OwnerMismatch { .. }),
                ) => return Err(e),
                // Its head must not be read: the listing shows.
                Err(_) => {}
            }
        }
        // Whether an object has the very key shows at the start of the listing only.
        let start_after = self.after.clone().filter(|_| is_known);
        let mut token: Option<String> = None;
        let mut listed = false;
        loop {
            let (entries, next) = self.page(token.as_deref(), start_after.as_deref()).await?;
            if !listed
                && !is_known
                && let Some(Ok(first)) = entries.first()
                && first.key == self.key
            {
                let only = entries.into_iter().take(1).collect();
                self.tell(only).await;
                return Ok(());
            }
            listed |= !entries.is_empty();
            if !self.tell(entries).await {
                return Ok(());
            }
            if next.is_some() && next == token {
                return Err(SourceError::protocol(
                    &self.uri(),
                    "ListObjectsV2",
                    "the service repeats a page of the listing",
                ));
            }
            token = next;
            if token.is_none() {
                break;
            }
        }
        if may_be_object && !listed && self.after.is_none() {
            return Err(SourceError::Target {
                target: self.uri(),
                cause: "no object has this key, and none begins with it".into(),
            });
        }
        Ok(())
    }

    /// One page, and the token of the next.
    async fn page(
        &self,
        token: Option<&str>,
        start_after: Option<&str>,
    ) -> Result<(Vec<Entry>, Option<String>), SourceError> {
        let core = &self.core;
        let target = self.uri();
        let (page, bound) = core
            .call("ListObjectsV2", &target, |client, watch| {
                client
                    .list_objects_v2()
                    .bucket(&core.name)
                    .set_prefix((!self.key.is_empty()).then(|| self.key.clone()))
                    // Keys may hold characters that XML cannot.
                    .encoding_type(EncodingType::Url)
                    .set_continuation_token(token.map(str::to_owned))
                    .set_start_after(start_after.map(str::to_owned))
                    .set_expected_bucket_owner(core.expected_owner())
                    .set_request_payer(core.request_payer())
                    .customize()
                    .interceptor(watch)
                    .send()
            })
            .await?;
        let encoded = page.encoding_type() == Some(&EncodingType::Url);
        let next = match (page.is_truncated(), page.next_continuation_token()) {
            (Some(true), Some(token)) => Some(token.to_owned()),
            (Some(true), None) => {
                return Err(SourceError::protocol(
                    &target,
                    "ListObjectsV2",
                    "the service says that there is more, but not how to ask for it",
                ));
            }
            _ => None,
        };
        let entries = page.contents.unwrap_or_default();
        let entries = entries
            .iter()
            .map(|object| entry(&bound, object, encoded))
            .collect();
        Ok((entries, next))
    }
}

fn entry(bound: &Bound, object: &Object, encoded: bool) -> Entry {
    let bucket = &bound.bucket.name;
    let key = match object.key() {
        Some(key) if encoded => decode(key),
        Some(key) => Some(key.to_owned()),
        None => None,
    };
    let Some(key) = key else {
        return Err(SourceError::protocol(
            &uri(bucket, object.key().unwrap_or_default()),
            "ListObjectsV2",
            "the service lists a key that is not UTF-8, or none",
        ));
    };
    Ok(ObjectMeta {
        bucket: bound.bucket.clone(),
        uri: uri(bucket, &key),
        key,
        size: object.size().and_then(|s| u64::try_from(s).ok()),
        etag: object.e_tag().map(unquoted),
        version_id: None,
        last_modified: object.last_modified().and_then(time),
        // S3 leaves the class out where it is the standard one.
        storage_class: Some(
            object
                .storage_class()
                .map_or("STANDARD", |c| c.as_str())
                .to_owned(),
        ),
        encryption: Encryption::default(),
    })
}

/// The object with exactly this key.
async fn head(core: &Core, key: &str) -> Entry {
    let uri = uri(&core.name, key);
    let (head, bound) = core
        .call("HeadObject", &uri, |client, watch| {
            client
                .head_object()
                .bucket(&core.name)
                .key(key)
                .set_expected_bucket_owner(core.expected_owner())
                .set_request_payer(core.request_payer())
                .customize()
                .interceptor(watch)
                .send()
        })
        .await?;
    Ok(ObjectMeta {
        bucket: bound.bucket.clone(),
        key: key.to_owned(),
        uri,
        size: head.content_length().and_then(|s| u64::try_from(s).ok()),
        etag: head.e_tag().map(unquoted),
        // As in a listing: reading a named version needs one permission more.
        version_id: None,
        last_modified: head.last_modified().and_then(time),
        storage_class: Some(
            head.storage_class()
                .map_or("STANDARD", |c| c.as_str())
                .to_owned(),
        ),
        encryption: Encryption {
            kind: Some(
                head.server_side_encryption()
                    .map_or("NONE", |e| e.as_str())
                    .to_owned(),
            ),
            kms_key_id: head.ssekms_key_id().map(str::to_owned),
        },
    })
}

pub(super) fn uri(bucket: &str, key: &str) -> String {
    if key.is_empty() {
        format!("s3://{bucket}")
    } else {
        format!("s3://{bucket}/{key}")
    }
}

pub(super) fn unquoted(etag: &str) -> String {
    etag.trim_start_matches("W/").trim_matches('"').to_owned()
}

/// Objects of unversioned buckets have the version `null`, which names nothing.
pub(super) fn version(id: Option<&str>) -> Option<String> {
    id.filter(|id| !id.is_empty() && *id != "null")
        .map(str::to_owned)
}

pub(super) fn time(time: &SmithyTime) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(time.secs(), time.subsec_nanos())
}

/// Undoes the encoding type `url`: as in forms, `+` is a space.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    let digit = |b: u8| (b as char).to_digit(16).and_then(|d| u8::try_from(d).ok());
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after;
                }
                _ => bytes.push(b'%'),
            },
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_keys() {
        let ok = |text| decode(text).unwrap();
        assert_eq!(ok("a+b%2Bc%25%C3%A9%01/../"), "a b+c%é\u{1}/../");
        assert_eq!(ok("100%"), "100%");
        assert_eq!(ok("%zz%4"), "%zz%4");
        assert_eq!(decode("%FF"), None);
    }

    #[test]
    fn knows_what_names_nothing() {
        assert_eq!(unquoted("\"abc-2\""), "abc-2");
        assert_eq!(version(Some("null")), None);
        assert_eq!(version(Some("3sL4kqt")), Some("3sL4kqt".into()));
    }
}
