//! An object: an S3 object or a file, as listed.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::AccountId;

/// What is known of the bucket (or folder) that holds an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketInfo {
    /// Bucket name; for local files, the target as given.
    pub name: String,
    /// Owner, where known.
    pub account: Option<AccountId>,
    /// Region, `None` for local files.
    pub region: Option<String>,
    /// The bucket is a folder or file of this machine.
    pub local: bool,
}

/// Server-side encryption of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encryption {
    /// `NONE`, `AES256`, `aws:kms`, `aws:kms:dsse` or `UNKNOWN`; `None` where not asked.
    pub kind: Option<String>,
    pub kms_key_id: Option<String>,
}

/// One object as a listing knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectMeta {
    pub bucket: Arc<BucketInfo>,
    /// Object key; for local files, the path below the target with `/` between parts.
    pub key: String,
    /// `s3://bucket/key`, or `file://` and the path as given.
    pub uri: String,
    /// Stored size in bytes; `None` where it cannot be known (a pipe).
    pub size: Option<u64>,
    /// Without quotes. For local files a value made from device, inode, size and mtime.
    pub etag: Option<String>,
    pub version_id: Option<String>,
    pub last_modified: Option<DateTime<Utc>>,
    /// `STANDARD`, ...; `None` for local files.
    pub storage_class: Option<String>,
    pub encryption: Encryption,
}

impl ObjectMeta {
    /// Macie's `extension`: what follows the last dot of the last part of the key, or nothing.
    pub fn extension(&self) -> &str {
        let name = self.key.rsplit('/').next().unwrap_or("");
        match name.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => extension,
            _ => "",
        }
    }
}
