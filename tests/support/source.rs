//! Sources in tests: options that are quick to give up, and reading as the engine does.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use futures_util::StreamExt;
use magpie::model::{ObjectMeta, ReadAt};
use magpie::source::{Body, Source, SourceError, SourceOptions, Target, open_target};

use super::s3::{ACCESS_KEY, S3Server, SECRET_KEY};

/// Options for the test server: three attempts, waits of milliseconds.
pub fn options(server: &S3Server) -> SourceOptions {
    let key = Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "test");
    SourceOptions {
        region: Some("us-east-1".into()),
        endpoint_url: Some(server.url()),
        credentials: Some(SharedCredentialsProvider::new(key)),
        connect_timeout: Duration::from_secs(5),
        // Long, so that a busy machine is not taken for a fault.
        read_timeout: Duration::from_secs(10),
        attempts: Some(3),
        backoff: Duration::from_millis(5),
        backoff_max: Duration::from_millis(20),
        ..SourceOptions::default()
    }
}

/// Options for faults that show as silence.
pub fn impatient(server: &S3Server) -> SourceOptions {
    SourceOptions {
        read_timeout: Duration::from_millis(400),
        ..options(server)
    }
}

/// Waits until something holds, for at most ten seconds.
pub async fn until(mut holds: impl FnMut() -> bool) {
    for _ in 0..1000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited for ten seconds in vain");
}

/// Opens `s3://…` on the test server.
pub async fn open(server: &S3Server, target: &str) -> Arc<dyn Source> {
    open_with(&options(server), target).await
}

pub async fn open_with(options: &SourceOptions, target: &str) -> Arc<dyn Source> {
    let target = Target::parse(target).expect("a target");
    open_target(&target, options).await.expect("an open source")
}

pub async fn list(source: &dyn Source) -> Vec<Result<ObjectMeta, SourceError>> {
    source.list().collect().await
}

pub async fn keys(source: &dyn Source) -> Vec<String> {
    let entries = list(source).await;
    entries
        .into_iter()
        .map(|entry| entry.expect("an object").key)
        .collect()
}

/// The listed object with this key.
pub async fn object(source: &dyn Source, key: &str) -> ObjectMeta {
    let entries = list(source).await;
    entries
        .into_iter()
        .flatten()
        .find(|meta| meta.key == key)
        .unwrap_or_else(|| panic!("{key} is listed"))
}

/// Runs blocking work outside of the runtime's threads, as the scan threads do.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("no panic")
}

/// Everything that can be read, and how it ended.
pub async fn read(body: Body) -> (Vec<u8>, Result<(), SourceError>) {
    blocking(move || {
        let mut reader = body.reader;
        let mut bytes = Vec::new();
        let end = reader.read_to_end(&mut bytes);
        (bytes, end.map(|_| ()).map_err(named))
    })
    .await
}

/// Lists, opens and reads one object.
pub async fn fetch(source: &dyn Source, key: &str) -> Result<Vec<u8>, SourceError> {
    let meta = object(source, key).await;
    let (bytes, end) = read(source.open(&meta).await?).await;
    end.map(|()| bytes)
}

pub async fn read_at(
    ranged: Arc<dyn ReadAt>,
    offset: u64,
    length: usize,
) -> Result<Vec<u8>, SourceError> {
    blocking(move || {
        let mut buffer = vec![0; length];
        let n = ranged.read_at(offset, &mut buffer).map_err(named)?;
        buffer.truncate(n);
        Ok(buffer)
    })
    .await
}

/// The source's error inside an `io::Error`.
pub fn named(error: std::io::Error) -> SourceError {
    error.downcast().expect("a source error")
}
