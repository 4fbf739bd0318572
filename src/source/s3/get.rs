//! Reading objects: the first request, and the later ones that are pinned to what it answered.

use std::sync::Arc;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use tokio::runtime::Handle;

use super::core::{Bound, Core};
use super::feed;
use super::list::{time, unquoted, version};
use super::ranged::Ranged;
use crate::model::{Encryption, ObjectMeta};
use crate::source::{Body, SourceError};

/// Storage classes that have to be restored before they can be read.
const ARCHIVED: [&str; 2] = ["GLACIER", "DEEP_ARCHIVE"];

/// Whether objects of this storage class have to be restored before they can be read.
pub fn needs_restore(storage_class: &str) -> bool {
    ARCHIVED.contains(&storage_class)
}

/// One state of one object: every request through it gets the same bytes or an error.
#[derive(Clone)]
pub(super) struct Pin {
    pub core: Arc<Core>,
    pub key: String,
    pub uri: String,
    pub version_id: Option<String>,
    /// As the service wrote it, with quotes; `None` where it gave none, or before the first answer.
    pub etag: Option<String>,
}

impl Pin {
    /// Whether a repeated read is known to give the same object.
    pub fn holds(&self) -> bool {
        self.etag.is_some() || self.version_id.is_some()
    }

    /// `range`: as in the header, `bytes=0-9`.
    pub async fn get(
        &self,
        range: Option<String>,
    ) -> Result<(GetObjectOutput, Arc<Bound>), SourceError> {
        match self.get_version(range.clone(), &self.version_id).await {
            // Versions need a permission of their own (s3:GetObjectVersion). The ETag alone also
            // pins the object, for as long as no newer version comes.
            Err(SourceError::AccessDenied { .. })
                if self.version_id.is_some() && self.etag.is_some() =>
            {
                self.get_version(range, &None).await
            }
            result => result,
        }
    }

    async fn get_version(
        &self,
        range: Option<String>,
        version_id: &Option<String>,
    ) -> Result<(GetObjectOutput, Arc<Bound>), SourceError> {
        let core = &self.core;
        let (answer, bound) = core
            .call("GetObject", &self.uri, |client, watch| {
                client
                    .get_object()
                    .bucket(&core.name)
                    .key(&self.key)
                    .set_version_id(version_id.clone())
                    .set_if_match(self.etag.clone())
                    .set_range(range.clone())
                    .set_expected_bucket_owner(core.expected_owner())
                    .set_request_payer(core.request_payer())
                    .customize()
                    .interceptor(watch)
                    .send()
            })
            .await?;
        // Not every store heeds If-Match.
        if self.etag.is_some() && answer.e_tag() != self.etag.as_deref() {
            return Err(SourceError::Changed {
                uri: self.uri.clone(),
            });
        }
        Ok((answer, bound))
    }
}

/// Opens a listed object, as it is now.
pub(super) async fn open(core: Arc<Core>, object: &ObjectMeta) -> Result<Body, SourceError> {
    if let Some(class) = &object.storage_class
        && needs_restore(class)
    {
        return Err(SourceError::InvalidObjectState {
            uri: object.uri.clone(),
            storage_class: Some(class.clone()),
        });
    }
    let first = Pin {
        core,
        key: object.key.clone(),
        uri: object.uri.clone(),
        version_id: object.version_id.clone(),
        etag: None,
    };
    let (answer, bound) = first.get(None).await.map_err(|e| match e {
        // The answer does not name the class, the listing does.
        SourceError::InvalidObjectState { uri, .. } => SourceError::InvalidObjectState {
            uri,
            storage_class: object.storage_class.clone(),
        },
        e => e,
    })?;
    let size = answer.content_length().and_then(|s| u64::try_from(s).ok());
    let pin = Pin {
        version_id: version(answer.version_id()),
        etag: answer.e_tag().filter(|e| !e.is_empty()).map(str::to_owned),
        ..first
    };
    if pin.etag.is_none() && object.etag.is_some() {
        return Err(SourceError::protocol(
            &pin.uri,
            "GetObject",
            "the answer has no ETag, although the listing has; check the endpoint",
        ));
    }
    let meta = ObjectMeta {
        bucket: bound.bucket.clone(),
        size,
        etag: pin.etag.as_deref().map(unquoted),
        version_id: pin.version_id.clone(),
        last_modified: answer
            .last_modified()
            .and_then(time)
            .or(object.last_modified),
        storage_class: answer
            .storage_class()
            .map(|c| c.as_str().to_owned())
            .or_else(|| object.storage_class.clone()),
        encryption: Encryption {
            kind: Some(
                answer
                    .server_side_encryption()
                    .map_or("NONE", |e| e.as_str())
                    .to_owned(),
            ),
            kms_key_id: answer.ssekms_key_id().map(str::to_owned),
        },
        ..object.clone()
    };
    let ranged = match size {
        Some(size) if pin.holds() => {
            Some(Arc::new(Ranged::new(pin.clone(), size, Handle::current())) as _)
        }
        _ => None,
    };
    Ok(Body {
        reader: Box::new(feed::start(pin, answer.body, size)),
        ranged,
        size,
        meta,
    })
}
