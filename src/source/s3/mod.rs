//! S3 and what resembles it, through the AWS SDK.
//!
//! The SDK signs, retries and parses. What it leaves undone is here: following a bucket to its
//! Region ([`core`]), going on with a body that was cut ([`feed`]), asking less when told to slow
//! down ([`limit`]), and saying what an answer means ([`classify`]).

mod buckets;
mod classify;
mod connect;
mod core;
mod feed;
mod get;
mod limit;
mod list;
mod properties;
mod ranged;
mod sink;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use self::core::Core;
use super::{Body, BucketPolicy, Requests, ResultSink, Source, SourceError};
use crate::model::{BucketInfo, ObjectMeta};

pub(super) use buckets::list_buckets;
pub(super) use connect::Connection;
pub use get::needs_restore;

/// A bucket, or a part of it.
pub(super) struct S3Source {
    core: Arc<Core>,
    bucket: Arc<BucketInfo>,
    key: String,
}

impl S3Source {
    /// Finds the bucket's Region; whether the bucket can be read shows when it is listed.
    pub async fn new(connection: Arc<Connection>, bucket: &str, key: &str) -> Self {
        let core = Arc::new(Core::new(connection, bucket));
        core.find_region().await;
        S3Source {
            bucket: core.bound().bucket.clone(),
            core,
            key: key.to_owned(),
        }
    }
}

impl Source for S3Source {
    fn bucket(&self) -> &Arc<BucketInfo> {
        &self.bucket
    }

    fn requests(&self) -> Requests {
        self.core.requests()
    }

    fn list(&self) -> BoxStream<'_, Result<ObjectMeta, SourceError>> {
        list::list(self.core.clone(), self.key.clone(), None)
    }

    fn list_after<'a>(&'a self, key: &str) -> BoxStream<'a, Result<ObjectMeta, SourceError>> {
        let after = Some(key.to_owned()).filter(|_| self.core.connection.ordered());
        list::list(self.core.clone(), self.key.clone(), after)
    }

    fn open<'a>(&'a self, object: &'a ObjectMeta) -> BoxFuture<'a, Result<Body, SourceError>> {
        Box::pin(get::open(self.core.clone(), object))
    }

    fn tags<'a>(
        &'a self,
        object: &'a ObjectMeta,
    ) -> BoxFuture<'a, Result<BTreeMap<String, String>, SourceError>> {
        Box::pin(properties::object_tags(&self.core, object))
    }
}

/// Tags of a bucket.
pub(super) async fn bucket_tags(
    connection: Arc<Connection>,
    bucket: &str,
) -> Result<BTreeMap<String, String>, SourceError> {
    properties::bucket_tags(&Core::new(connection, bucket)).await
}

/// Who may read a bucket.
pub(super) async fn bucket_policy(
    connection: Arc<Connection>,
    bucket: &str,
) -> Result<BucketPolicy, SourceError> {
    properties::bucket_policy(&Core::new(connection, bucket)).await
}

/// A sink for results below `s3://bucket/prefix`.
pub(super) fn sink(
    connection: Arc<Connection>,
    bucket: &str,
    prefix: &str,
    kms_key_id: Option<String>,
) -> Arc<dyn ResultSink> {
    let slash = if prefix.is_empty() || prefix.ends_with('/') {
        ""
    } else {
        "/"
    };
    Arc::new(sink::S3Sink {
        core: Arc::new(Core::new(connection, bucket)),
        prefix: format!("{prefix}{slash}"),
        kms_key_id,
    })
}
