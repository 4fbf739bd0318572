//! Standard input, or any other stream, as one object of unknown size that can be read once.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};

use super::{Body, Source, SourceError};
use crate::model::{BucketInfo, Encryption, ObjectMeta};

/// One stream.
pub struct StdinSource {
    bucket: Arc<BucketInfo>,
    reader: Mutex<Option<Box<dyn Read + Send>>>,
}

impl StdinSource {
    /// The standard input of this process.
    pub fn stdin() -> Self {
        StdinSource::from_reader(Box::new(std::io::stdin()))
    }

    /// Any other stream in its place.
    pub fn from_reader(reader: Box<dyn Read + Send>) -> Self {
        StdinSource {
            bucket: Arc::new(BucketInfo {
                name: "-".to_owned(),
                account: None,
                region: None,
                local: true,
            }),
            reader: Mutex::new(Some(reader)),
        }
    }

    fn meta(&self) -> ObjectMeta {
        ObjectMeta {
            bucket: self.bucket.clone(),
            key: "-".to_owned(),
            uri: "file://-".to_owned(),
            size: None,
            etag: None,
            version_id: None,
            last_modified: None,
            storage_class: None,
            encryption: Encryption::default(),
        }
    }
}

impl Source for StdinSource {
    fn bucket(&self) -> &Arc<BucketInfo> {
        &self.bucket
    }

    fn list(&self) -> BoxStream<'_, Result<ObjectMeta, SourceError>> {
        stream::iter([Ok(self.meta())]).boxed()
    }

    fn open<'a>(&'a self, object: &'a ObjectMeta) -> BoxFuture<'a, Result<Body, SourceError>> {
        Box::pin(async move {
            let reader = self
                .reader
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            match reader {
                Some(reader) => Ok(Body {
                    reader: Box::new(Named {
                        reader,
                        uri: object.uri.clone(),
                    }),
                    ranged: None,
                    size: None,
                    meta: self.meta(),
                }),
                None => Err(SourceError::protocol(
                    &object.uri,
                    "ReadFile",
                    "a stream can be read once only",
                )),
            }
        })
    }
}

/// A reader whose errors say which object they are about.
struct Named {
    reader: Box<dyn Read + Send>,
    uri: String,
}

impl Read for Named {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.reader.read(buffer).map_err(|e| {
            if e.kind() == std::io::ErrorKind::Interrupted {
                e
            } else {
                SourceError::system(&self.uri, "ReadFile", e).into_io()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn gives_its_bytes_once() {
        let source = StdinSource::from_reader(Box::new(&b"piped"[..]));
        let listed: Vec<_> = source.list().collect().await;
        let meta = listed[0].as_ref().unwrap();
        assert_eq!((meta.key.as_str(), meta.size), ("-", None));
        let mut body = source.open(meta).await.unwrap();
        let mut text = String::new();
        body.reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "piped");
        assert!(body.ranged.is_none());
        let again = source.open(meta).await.unwrap_err();
        assert_eq!(
            again.to_string(),
            "read object file://-: a stream can be read once only"
        );
    }
}
