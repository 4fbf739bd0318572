//! Where objects come from: S3, a folder or file, standard input, memory.
//!
//! One trait, [`Source`], lists objects in the order of their keys and opens them one by one. What
//! is in them, and what becomes of a failure, is left to others: every failure is a
//! [`SourceError`] that says which of Macie's reasons it is.
//!
//! Listing and fetching run on tokio; an opened [`Body`] is read by blocking threads outside of
//! the runtime, fed through a bounded queue whose bytes count against one budget shared by all
//! open objects ([`ReadAhead`]).

mod error;
mod folder;
mod memory;
mod options;
mod s3;
mod sink;
mod sources;
mod stdin;
mod target;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt};

use crate::model::{AccountId, BucketInfo, ObjectMeta, ReadAt};

pub use error::SourceError;
pub use folder::FolderSource;
pub use memory::MemorySource;
pub use options::{AssumeRole, READ_AHEAD_BYTES_MAX, ReadAhead, SourceOptions};
pub use s3::needs_restore;
pub use sink::{FolderSink, ResultSink};
pub use sources::{Sources, list_buckets, list_folder_buckets, open_target};
pub use stdin::StdinSource;
pub use target::Target;

/// Requests to a service, repeated attempts not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// HeadBucket and HeadObject.
    pub head: u64,
    /// Pages of listings.
    pub list: u64,
}

/// A bucket, folder, file or stream, of which objects are listed and opened.
///
/// Methods must be called on a tokio runtime.
pub trait Source: Send + Sync {
    /// The bucket as known when the source was opened.
    fn bucket(&self) -> &Arc<BucketInfo>;

    /// Requests made so far to find and list; none for what is not a service.
    fn requests(&self) -> Requests {
        Requests::default()
    }

    /// Lists the objects, in memory that does not grow with their number.
    ///
    /// The order is the ascending byte order of keys, as S3 has it; some stores that resemble S3
    /// have an order of their own.
    ///
    /// An error with an [`entry`](SourceError::entry) stands for one object that exists but cannot
    /// be read. Any other error means that an unknown number of objects was not seen; where the
    /// stream goes on after it (an unreadable folder among others), the rest is still listed.
    fn list(&self) -> BoxStream<'_, Result<ObjectMeta, SourceError>>;

    /// Lists at least the objects that a listing tells after `key`: what remains of one that was
    /// broken off there. Where the order is not known to be that of S3, it lists all, so that the
    /// caller must know what it has done already.
    fn list_after<'a>(&'a self, key: &str) -> BoxStream<'a, Result<ObjectMeta, SourceError>> {
        let key = key.to_owned();
        let remains = move |entry: &Result<ObjectMeta, SourceError>| {
            let meta = match entry {
                Ok(meta) => Some(meta),
                Err(error) => error.entry(),
            };
            std::future::ready(meta.is_none_or(|meta| meta.key > key))
        };
        self.list().filter(remains).boxed()
    }

    /// Tags of a listed object; none where the source has no such thing.
    fn tags<'a>(
        &'a self,
        object: &'a ObjectMeta,
    ) -> BoxFuture<'a, Result<BTreeMap<String, String>, SourceError>> {
        let _ = object;
        Box::pin(std::future::ready(Ok(BTreeMap::new())))
    }

    /// Opens a listed object.
    fn open<'a>(&'a self, object: &'a ObjectMeta) -> BoxFuture<'a, Result<Body, SourceError>>;
}

/// Who may read a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BucketPolicy {
    /// Everyone may.
    pub public: bool,
    /// Its policy or ACL names everyone, or someone who is no account.
    pub anyone: bool,
    /// Accounts that its policy names.
    pub accounts: Vec<AccountId>,
}

/// An opened object.
///
/// `reader` and `ranged` block: use them on threads that are not the runtime's. Their errors
/// hold a [`SourceError`] (`io::Error::downcast`). Dropping the reader ends the fetching.
pub struct Body {
    /// The stored bytes from the first to the last; an end is only told where it is the end.
    pub reader: Box<dyn Read + Send>,
    /// Random access to the same bytes, where the source has it.
    pub ranged: Option<Arc<dyn ReadAt>>,
    /// Stored size in bytes, where known.
    pub size: Option<u64>,
    /// The object as the answer describes it: fresher than the listing.
    pub meta: ObjectMeta,
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Body")
            .field("size", &self.size)
            .field("meta", &self.meta)
            .finish_non_exhaustive()
    }
}
