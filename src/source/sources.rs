//! Opening targets: one place that turns what the user named into sources and sinks.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use futures_util::StreamExt;
use tokio::sync::OnceCell;

use super::s3::{self, Connection, S3Source};
use super::{
    Body, BucketPolicy, FolderSink, FolderSource, ResultSink, Source, SourceError, SourceOptions,
    StdinSource, Target,
};
use crate::model::{AccountId, BucketInfo, Encryption, ObjectMeta};

/// Opens targets with one set of options.
///
/// Environment, profile and credentials are read once, when the first S3 target is opened; the
/// limit on requests and the read-ahead are shared by all that is opened here.
#[derive(Debug)]
pub struct Sources {
    options: SourceOptions,
    connection: OnceCell<Arc<Connection>>,
}

impl Sources {
    pub fn new(options: SourceOptions) -> Self {
        Sources {
            options,
            connection: OnceCell::new(),
        }
    }

    async fn connection(&self) -> Result<Arc<Connection>, SourceError> {
        let load = || async { Connection::load(&self.options).await.map(Arc::new) };
        self.connection.get_or_try_init(load).await.cloned()
    }

    /// Opens a target. Of S3 only the bucket's Region is asked, and no failure told yet: whether
    /// the bucket exists and can be read shows when it is listed.
    ///
    /// # Errors
    /// A file or folder that does not exist or must not be read; options that make no sense.
    pub async fn open(&self, target: &Target) -> Result<Arc<dyn Source>, SourceError> {
        Ok(match target {
            Target::Stdin => Arc::new(StdinSource::stdin()),
            Target::Path(path) => Arc::new(FolderSource::new(path)?),
            Target::S3 { bucket, key } => {
                Arc::new(S3Source::new(self.connection().await?, bucket, key).await)
            }
        })
    }

    /// Opens a bucket of an account: in S3, or a folder that plays one.
    ///
    /// # Errors
    /// [`SourceError::NoSuchBucket`] for a folder that is not there; else as [`Sources::open`].
    pub async fn open_bucket(
        &self,
        target: &Target,
        name: &str,
        account: &AccountId,
    ) -> Result<Arc<dyn Source>, SourceError> {
        match target {
            Target::Path(path) if !path.is_dir() => Err(SourceError::NoSuchBucket {
                uri: target.uri(),
                operation: "ListObjectsV2".to_owned(),
            }),
            Target::Path(path) => Ok(Arc::new(FolderSource::bucket(path, name, account)?)),
            _ => self.open(target).await,
        }
    }

    /// Tags of a bucket in S3.
    ///
    /// # Errors
    /// As any call.
    pub async fn bucket_tags(&self, bucket: &str) -> Result<BTreeMap<String, String>, SourceError> {
        s3::bucket_tags(self.connection().await?, bucket).await
    }

    /// Who may read a bucket in S3.
    ///
    /// # Errors
    /// As any call.
    pub async fn bucket_policy(&self, bucket: &str) -> Result<BucketPolicy, SourceError> {
        s3::bucket_policy(self.connection().await?, bucket).await
    }

    /// Opens the one file or object that a target names, without listing anything in S3: reading it
    /// is the only permission needed.
    ///
    /// # Errors
    /// A target that names no single object; what opening it can end in.
    pub async fn open_object(&self, target: &Target) -> Result<Body, SourceError> {
        let fail = |cause: &str| {
            Err(SourceError::Target {
                target: target.uri(),
                cause: cause.to_owned(),
            })
        };
        let source = match target {
            Target::Stdin => return fail("give a file or s3://bucket/key"),
            Target::Path(path) if path.is_dir() => {
                return fail("it is a folder; name a file in it");
            }
            Target::S3 { key, .. } if key.is_empty() || key.ends_with('/') => {
                return fail("name one object, s3://bucket/key");
            }
            _ => self.open(target).await?,
        };
        let object = match target {
            Target::S3 { key, .. } => ObjectMeta {
                bucket: Arc::clone(source.bucket()),
                key: key.clone(),
                uri: target.uri(),
                size: None,
                etag: None,
                version_id: None,
                last_modified: None,
                storage_class: None,
                encryption: Encryption::default(),
            },
            _ => match source.list().next().await {
                Some(entry) => entry?,
                None => return fail("there is no file"),
            },
        };
        source.open(&object).await
    }

    /// Lists the buckets that the credentials' account owns.
    ///
    /// # Errors
    /// `AccessDenied` with the operation `ListBuckets`, and what any call can end in.
    pub async fn list_buckets(&self) -> Result<Vec<BucketInfo>, SourceError> {
        s3::list_buckets(self.connection().await?).await
    }

    /// Opens a place for results: a folder, which need not exist, or `s3://bucket/prefix`.
    ///
    /// `kms_key_id`: objects in S3 are encrypted with this key (SSE-KMS); without one, as the
    /// bucket's default says.
    ///
    /// # Errors
    /// A target that cannot be written to; options that make no sense.
    pub async fn sink(
        &self,
        target: &Target,
        kms_key_id: Option<String>,
    ) -> Result<Arc<dyn ResultSink>, SourceError> {
        match target {
            Target::Path(_) if kms_key_id.is_some() => Err(SourceError::Target {
                target: target.uri(),
                cause: "a KMS key applies to results in s3:// only".into(),
            }),
            Target::Path(path) => Ok(Arc::new(FolderSink::new(path))),
            Target::S3 { bucket, key } => {
                Ok(s3::sink(self.connection().await?, bucket, key, kms_key_id))
            }
            Target::Stdin => Err(SourceError::Target {
                target: "-".into(),
                cause: "results need a folder or s3://bucket/prefix".into(),
            }),
        }
    }
}

/// Names of the folders in a folder that plays an account, ascending.
///
/// # Errors
/// `AccessDenied` with the operation `ListBuckets`; a folder that is not there.
pub fn list_folder_buckets(folder: &Path) -> Result<Vec<String>, SourceError> {
    let uri = Target::Path(folder.to_owned()).uri();
    let fail = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => SourceError::Target {
            target: uri.clone(),
            cause: "no such folder".into(),
        },
        _ => SourceError::system(&uri, "ListBuckets", e),
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        if entry.file_type().map_err(fail)?.is_dir()
            && let Some(name) = entry.file_name().to_str()
        {
            names.push(name.to_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Opens one target; see [`Sources`], which shares more between several.
///
/// # Errors
/// As [`Sources::open`].
pub async fn open_target(
    target: &Target,
    options: &SourceOptions,
) -> Result<Arc<dyn Source>, SourceError> {
    Sources::new(options.clone()).open(target).await
}

/// Lists the buckets of the account; see [`Sources::list_buckets`].
///
/// # Errors
/// As [`Sources::list_buckets`].
pub async fn list_buckets(options: &SourceOptions) -> Result<Vec<BucketInfo>, SourceError> {
    Sources::new(options.clone()).list_buckets().await
}
