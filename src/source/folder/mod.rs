//! A folder or a file of this machine as a source.
//!
//! Every path is walked from an open handle of the folder, part by part and without following
//! links, so that no name leads out of the tree, whatever happens to it meanwhile. Regular files
//! only: links, pipes, sockets and devices are told as entries that cannot be read.

mod name;
mod open;
mod walk;

use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::DateTime;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};
use rustix::fs::{self as sys, AtFlags, CWD, FileType, Mode, OFlags, Stat};
use tokio::sync::mpsc;

use super::{Body, Source, SourceError};
use crate::model::{AccountId, BucketInfo, Encryption, ObjectMeta};

pub(super) use name::{path_text, uri_path};

/// Entries that travel together from the walk to the caller.
const PAGE_ENTRIES_MAX: usize = 256;
/// Pages listed ahead of the caller.
const PAGES_AHEAD_MAX: usize = 4;

/// A folder, or one file.
#[derive(Clone, Debug)]
pub struct FolderSource {
    tree: Arc<Tree>,
}

/// What the walk and the opening share.
#[derive(Debug)]
struct Tree {
    bucket: Arc<BucketInfo>,
    root: Root,
    /// `file://` and the path as given, with `/` at the end for a folder.
    base_uri: String,
}

#[derive(Debug)]
enum Root {
    Folder(OwnedFd),
    File(PathBuf),
}

impl FolderSource {
    /// Opens a folder or file. The path itself may be or pass through links: the user named it.
    ///
    /// # Errors
    /// The path does not exist or must not be read.
    pub fn new(path: &Path) -> Result<Self, SourceError> {
        Self::at(path, None)
    }

    /// Opens a folder in the place of a bucket of an account.
    ///
    /// # Errors
    /// As [`FolderSource::new`].
    pub fn bucket(path: &Path, name: &str, account: &AccountId) -> Result<Self, SourceError> {
        Self::at(path, Some((name, account)))
    }

    fn at(path: &Path, plays: Option<(&str, &AccountId)>) -> Result<Self, SourceError> {
        let text = path_text(path.as_os_str());
        let uri = format!("file://{text}");
        let fail = |e: rustix::io::Errno| match e {
            rustix::io::Errno::NOENT => SourceError::Target {
                target: text.clone(),
                cause: "no such file or folder".into(),
            },
            e => SourceError::system(&uri, "OpenTarget", e.into()),
        };
        let stat = sys::statat(CWD, path, AtFlags::empty()).map_err(fail)?;
        let (root, base_uri) = if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let folder = sys::openat(CWD, path, flags, Mode::empty()).map_err(fail)?;
            let slash = if text.ends_with('/') { "" } else { "/" };
            (Root::Folder(folder), format!("{uri}{slash}"))
        } else {
            (Root::File(path.to_owned()), uri)
        };
        let bucket = Arc::new(BucketInfo {
            name: plays.map_or(text, |(name, _)| name.to_owned()),
            account: plays.map(|(_, account)| account.clone()),
            region: None,
            local: true,
        });
        Ok(FolderSource {
            tree: Arc::new(Tree {
                bucket,
                root,
                base_uri,
            }),
        })
    }
}

impl Tree {
    /// The object of a file, as its status describes it.
    fn meta(&self, key: String, stat: &Stat) -> ObjectMeta {
        let regular = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        let uri = match self.root {
            Root::Folder(_) => format!("{}{key}", self.base_uri),
            Root::File(_) => self.base_uri.clone(),
        };
        let (seconds, nanoseconds) = mtime(stat);
        ObjectMeta {
            bucket: self.bucket.clone(),
            key,
            uri,
            // What is not a regular file stores no bytes that could be read.
            size: Some(if regular { size(stat) } else { 0 }),
            etag: regular.then(|| etag(stat)),
            version_id: None,
            last_modified: DateTime::from_timestamp(seconds, nanoseconds),
            storage_class: None,
            encryption: Encryption::default(),
        }
    }

    /// The single object of a file target.
    fn file_entry(&self, path: &Path) -> Result<ObjectMeta, SourceError> {
        let stat = sys::statat(CWD, path, AtFlags::empty())
            .map_err(|e| SourceError::system(&self.base_uri, "ReadFile", e.into()))?;
        let last = path.file_name().unwrap_or(path.as_os_str());
        let meta = self.meta(name::key_part(last.as_bytes()).into_owned(), &stat);
        entry(meta, FileType::from_raw_mode(stat.st_mode))
    }
}

/// A listed entry: the object, or why it cannot be one.
fn entry(meta: ObjectMeta, kind: FileType) -> Result<ObjectMeta, SourceError> {
    let cause = match kind {
        FileType::RegularFile => return Ok(meta),
        FileType::Symlink => "a symbolic link, which is not followed; name its target instead",
        FileType::Fifo => "a pipe, not a regular file; pass its content with -",
        FileType::Socket => "a socket, not a regular file",
        FileType::CharacterDevice | FileType::BlockDevice => "a device, not a regular file",
        _ => "not a regular file",
    };
    Err(SourceError::Unsupported {
        meta: Box::new(meta),
        cause,
    })
}

fn size(stat: &Stat) -> u64 {
    u64::try_from(stat.st_size).unwrap_or(0)
}

// The types of these fields differ between systems.
#[allow(clippy::unnecessary_cast, clippy::useless_conversion)]
fn mtime(stat: &Stat) -> (i64, u32) {
    (stat.st_mtime as i64, stat.st_mtime_nsec as u32)
}

/// Equal while the file is the same one and unchanged.
// The types of these fields differ between systems.
#[allow(clippy::unnecessary_cast)]
fn etag(stat: &Stat) -> String {
    let (seconds, nanoseconds) = mtime(stat);
    format!(
        "{:x}-{:x}-{:x}-{seconds:x}.{nanoseconds:x}",
        stat.st_dev as u64,
        stat.st_ino as u64,
        size(stat)
    )
}

impl Source for FolderSource {
    fn bucket(&self) -> &Arc<BucketInfo> {
        &self.tree.bucket
    }

    fn list(&self) -> BoxStream<'_, Result<ObjectMeta, SourceError>> {
        let tree = self.tree.clone();
        if let Root::File(path) = &tree.root {
            return stream::iter([tree.file_entry(path)]).boxed();
        }
        let (sender, receiver) = mpsc::channel(PAGES_AHEAD_MAX);
        tokio::task::spawn_blocking(move || {
            let mut walk = walk::Walk::new(tree);
            loop {
                let page: Vec<_> = walk.by_ref().take(PAGE_ENTRIES_MAX).collect();
                let is_end = page.is_empty(); // an empty page says that nothing is missing
                if sender.blocking_send(page).is_err() || is_end {
                    break;
                }
            }
        });
        let uri = self.tree.base_uri.clone();
        let pages = stream::unfold(Some(receiver), move |receiver| {
            let uri = uri.clone();
            async move {
                let mut receiver = receiver?;
                match receiver.recv().await {
                    Some(page) if page.is_empty() => None,
                    Some(page) => Some((page, Some(receiver))),
                    // A walk that broke down must not look like one that ended.
                    None => {
                        let cause = "the listing was stopped";
                        let error = SourceError::protocol(&uri, "ReadDir", cause);
                        Some((vec![Err(error)], None))
                    }
                }
            }
        });
        pages.flat_map(stream::iter).boxed()
    }

    fn open<'a>(&'a self, object: &'a ObjectMeta) -> BoxFuture<'a, Result<Body, SourceError>> {
        let (tree, object) = (self.tree.clone(), object.clone());
        Box::pin(async move {
            let uri = object.uri.clone();
            tokio::task::spawn_blocking(move || open::open(&tree, &object))
                .await
                .unwrap_or_else(|e| {
                    Err(SourceError::system(
                        &uri,
                        "ReadFile",
                        std::io::Error::other(e),
                    ))
                })
        })
    }
}

#[cfg(test)]
mod tests;
