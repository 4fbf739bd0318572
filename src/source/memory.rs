//! Objects in memory: the twin of the other sources, for tests and for callers that hold bytes.

use std::collections::BTreeMap;
use std::io::{self, Cursor};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};

use super::{Body, Source, SourceError};
use crate::model::{BucketInfo, Encryption, ObjectMeta, ReadAt};

/// A bucket in memory.
#[derive(Clone, Debug)]
pub struct MemorySource {
    bucket: Arc<BucketInfo>,
    objects: BTreeMap<String, Bytes>,
}

impl MemorySource {
    /// An empty bucket of that name.
    pub fn new(name: &str) -> Self {
        MemorySource {
            bucket: Arc::new(BucketInfo {
                name: name.to_owned(),
                account: None,
                region: None,
                local: true,
            }),
            objects: BTreeMap::new(),
        }
    }

    /// Adds or replaces an object.
    pub fn insert(&mut self, key: &str, bytes: impl Into<Bytes>) {
        self.objects.insert(key.to_owned(), bytes.into());
    }

    fn meta(&self, key: &str, bytes: &Bytes) -> ObjectMeta {
        ObjectMeta {
            bucket: self.bucket.clone(),
            key: key.to_owned(),
            uri: format!("memory://{}/{key}", self.bucket.name),
            size: Some(bytes.len() as u64),
            // Says whether the bytes are the same ones: that is all an ETag is asked for.
            etag: Some(format!("{:08x}-{:x}", crc32fast::hash(bytes), bytes.len())),
            version_id: None,
            last_modified: None,
            storage_class: None,
            encryption: Encryption::default(),
        }
    }
}

impl Source for MemorySource {
    fn bucket(&self) -> &Arc<BucketInfo> {
        &self.bucket
    }

    fn list(&self) -> BoxStream<'_, Result<ObjectMeta, SourceError>> {
        stream::iter(&self.objects)
            .map(|(key, bytes)| Ok(self.meta(key, bytes)))
            .boxed()
    }

    fn open<'a>(&'a self, object: &'a ObjectMeta) -> BoxFuture<'a, Result<Body, SourceError>> {
        Box::pin(async move {
            let Some(bytes) = self.objects.get(&object.key) else {
                return Err(SourceError::NoSuchKey {
                    uri: object.uri.clone(),
                    operation: "ReadFile".into(),
                });
            };
            let meta = self.meta(&object.key, bytes);
            if object.etag.is_some() && object.etag != meta.etag {
                return Err(SourceError::Changed {
                    uri: object.uri.clone(),
                });
            }
            Ok(Body {
                reader: Box::new(Cursor::new(bytes.clone())),
                ranged: Some(Arc::new(BytesAt(bytes.clone()))),
                size: meta.size,
                meta,
            })
        })
    }
}

/// Random access to bytes in memory.
struct BytesAt(Bytes);

impl ReadAt for BytesAt {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let start = usize::try_from(offset)
            .unwrap_or(usize::MAX)
            .min(self.0.len());
        let n = buffer.len().min(self.0.len() - start);
        buffer[..n].copy_from_slice(&self.0[start..start + n]);
        Ok(n)
    }
}
