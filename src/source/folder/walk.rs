//! Lists a tree in the byte order of its keys, as S3 would, in bounded memory.
//!
//! A folder sorts as its name and `/`. Of the folders on the way down at most [`NAMES_MAX`] names
//! are held together, and a few of each; a folder with more is read once for each such part of it.

use std::collections::BinaryHeap;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use rustix::fs::{self as sys, AtFlags, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::{Root, Tree, entry, name};
use crate::model::ObjectMeta;
use crate::source::SourceError;

/// Names held at once.
pub(super) const NAMES_MAX: usize = 128 * 1024;
/// Names of one folder held at once, at least, wherever it is in the tree.
const FOLDER_NAMES_MIN: usize = 1024;
/// Folders nested in each other; each holds an open descriptor while it is walked.
pub(super) const FOLDER_DEPTH_MAX: usize = 256;

/// The walk; yields what [`Source::list`](crate::source::Source::list) does.
pub(super) struct Walk {
    tree: Arc<Tree>,
    stack: Vec<Frame>,
    /// The root has not been looked at yet.
    fresh: bool,
    names_max: usize,
    names_min: usize,
    depth_max: usize,
}

/// One folder on the way down.
struct Frame {
    /// `None` for the root, whose descriptor the tree holds.
    folder: Option<OwnedFd>,
    /// Key of the folder with `/`, empty for the root.
    prefix: String,
    names: std::vec::IntoIter<Name>,
    /// The folder has more names, all after this sort key.
    more_after: Option<Box<[u8]>>,
}

/// One name, ordered by what it adds to the key.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    sort: Box<[u8]>,
    /// The name itself where `sort` is not that name (and a slash).
    raw: Option<Box<[u8]>>,
    folder: bool,
}

impl Name {
    fn new(raw: &[u8], folder: bool) -> Self {
        let part = name::key_part(raw);
        let mut sort = Vec::with_capacity(part.len() + usize::from(folder));
        sort.extend_from_slice(part.as_bytes());
        if folder {
            sort.push(b'/');
        }
        Name {
            raw: (part.as_bytes() != raw).then(|| raw.into()),
            sort: sort.into(),
            folder,
        }
    }

    fn part(&self) -> &[u8] {
        &self.sort[..self.sort.len() - usize::from(self.folder)]
    }

    fn raw(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or_else(|| self.part())
    }
}

impl Walk {
    pub(super) fn new(tree: Arc<Tree>) -> Self {
        Walk::with_limits(tree, NAMES_MAX, FOLDER_NAMES_MIN, FOLDER_DEPTH_MAX)
    }

    pub(super) fn with_limits(
        tree: Arc<Tree>,
        names_max: usize,
        names_min: usize,
        depth_max: usize,
    ) -> Self {
        Walk {
            tree,
            stack: Vec::new(),
            fresh: true,
            names_max,
            names_min,
            depth_max,
        }
    }

    /// Reads the next part of a folder and puts it on the stack. The frame stays also after an
    /// error: what was read of the folder is still listed.
    fn enter(
        &mut self,
        folder: Option<OwnedFd>,
        prefix: String,
        after: Option<&[u8]>,
    ) -> Result<(), SourceError> {
        let held: usize = self.stack.iter().map(|frame| frame.names.len()).sum();
        let names_max = self.names_max.saturating_sub(held).max(self.names_min);
        let mut heap = BinaryHeap::new();
        let mut more = false;
        let read = {
            let at = match (&folder, &self.tree.root) {
                (Some(folder), _) => folder.as_fd(),
                (None, Root::Folder(root)) => root.as_fd(),
                (None, Root::File(_)) => return Ok(()),
            };
            read_names(at, |name| {
                if after.is_some_and(|after| *name.sort <= *after) {
                    return;
                }
                heap.push(name);
                if heap.len() > names_max {
                    heap.pop();
                    more = true;
                }
            })
        };
        let names = heap.into_sorted_vec();
        let more_after = more.then(|| names.last().map(|n| n.sort.clone())).flatten();
        let uri = format!("{}{prefix}", self.tree.base_uri);
        self.stack.push(Frame {
            folder,
            prefix,
            names: names.into_iter(),
            more_after,
        });
        read.map_err(|e| SourceError::system(&uri, "ReadDir", e))
    }

    /// One name of the folder on top of the stack; `None` where there is nothing to tell.
    fn visit(&mut self, name: &Name) -> Option<Result<ObjectMeta, SourceError>> {
        let frame = self.stack.last()?;
        let part = String::from_utf8_lossy(name.part());
        let key = format!("{}{part}", frame.prefix);
        let at = match (&frame.folder, &self.tree.root) {
            (Some(folder), _) => folder.as_fd(),
            (None, Root::Folder(root)) => root.as_fd(),
            (None, Root::File(_)) => return None,
        };
        if !name.folder {
            return match sys::statat(at, name.raw(), AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => {
                    let kind = FileType::from_raw_mode(stat.st_mode);
                    Some(entry(self.tree.meta(key, &stat), kind))
                }
                // Removed since the folder was read: as if listed a moment later.
                Err(Errno::NOENT) => None,
                Err(e) => {
                    let uri = format!("{}{key}", self.tree.base_uri);
                    Some(Err(SourceError::system(&uri, "ReadDir", e.into())))
                }
            };
        }
        let uri = format!("{}{key}/", self.tree.base_uri);
        if self.stack.len() >= self.depth_max {
            let cause = format!(
                "folders are nested more than {} deep; scan it as a target of its own",
                self.depth_max
            );
            return Some(Err(SourceError::protocol(&uri, "ReadDir", &cause)));
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match sys::openat(at, name.raw(), flags, Mode::empty()) {
            Ok(folder) => self
                .enter(Some(folder), format!("{key}/"), None)
                .err()
                .map(Err),
            Err(Errno::NOENT) => None,
            Err(e) => Some(Err(SourceError::system(&uri, "ReadDir", e.into()))),
        }
    }
}

impl Iterator for Walk {
    type Item = Result<ObjectMeta, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if std::mem::take(&mut self.fresh)
            && let Err(e) = self.enter(None, String::new(), None)
        {
            return Some(Err(e));
        }
        loop {
            let frame = self.stack.last_mut()?;
            if let Some(name) = frame.names.next() {
                if let Some(item) = self.visit(&name) {
                    return Some(item);
                }
                continue;
            }
            let done = self.stack.pop()?;
            if let Some(after) = done.more_after
                && let Err(e) = self.enter(done.folder, done.prefix, Some(&after))
            {
                return Some(Err(e));
            }
        }
    }
}

/// Tells every name in a folder but `.` and `..`, in no order.
fn read_names(folder: impl AsFd, mut tell: impl FnMut(Name)) -> io::Result<()> {
    for item in Dir::read_from(&folder)? {
        let item = item?;
        let raw = item.file_name().to_bytes();
        if raw == b"." || raw == b".." {
            continue;
        }
        let kind = match item.file_type() {
            // Some file systems do not say.
            FileType::Unknown => sys::statat(&folder, raw, AtFlags::SYMLINK_NOFOLLOW)
                .map_or(FileType::Unknown, |s| FileType::from_raw_mode(s.st_mode)),
            kind => kind,
        };
        tell(Name::new(raw, kind == FileType::Directory));
    }
    Ok(())
}
