//! Opening a listed file: the very one that was listed, and unchanged to the last byte.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use rustix::fs::{self as sys, CWD, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::{Root, Tree, etag, name, size};
use crate::model::{ObjectMeta, ReadAt};
use crate::source::{Body, SourceError};

/// Opens the file behind `object` without following links below the root.
pub(super) fn open(tree: &Tree, object: &ObjectMeta) -> Result<Body, SourceError> {
    let fail = |e: Errno| match e {
        // A link, or something that is no folder, took the place of a part of the path.
        Errno::LOOP | Errno::NOTDIR | Errno::NXIO => SourceError::Changed {
            uri: object.uri.clone(),
        },
        e => SourceError::system(&object.uri, "ReadFile", e.into()),
    };
    let descriptor = match &tree.root {
        // Not blocking: a pipe that took the file's place must not hold the thread up.
        Root::File(path) => sys::openat(CWD, path, FILE_FLAGS, Mode::empty()).map_err(fail)?,
        Root::Folder(root) => {
            let names = name::key_names(&object.key).ok_or_else(|| {
                SourceError::protocol(&object.uri, "ReadFile", "not a key of this folder")
            })?;
            open_below(root, &names).map_err(fail)?
        }
    };
    let stat = sys::fstat(&descriptor).map_err(fail)?;
    let tag = etag(&stat);
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile
        || object.etag.as_ref().is_some_and(|listed| *listed != tag)
    {
        return Err(SourceError::Changed {
            uri: object.uri.clone(),
        });
    }
    let pinned = Arc::new(Pinned {
        file: File::from(descriptor),
        uri: object.uri.clone(),
        size: size(&stat),
        tag,
    });
    Ok(Body {
        reader: Box::new(FileReader {
            pinned: pinned.clone(),
            offset: 0,
        }),
        size: Some(pinned.size),
        ranged: Some(pinned),
        meta: tree.meta(object.key.clone(), &stat),
    })
}

const FILE_FLAGS: OFlags = OFlags::RDONLY
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

fn open_below(root: &OwnedFd, names: &[Vec<u8>]) -> Result<OwnedFd, Errno> {
    let folder_flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let Some((last, folders)) = names.split_last() else {
        return Err(Errno::NOENT);
    };
    let mut current: Option<OwnedFd> = None;
    for folder in folders {
        let at = current.as_ref().map_or(root.as_fd(), AsFd::as_fd);
        let next = sys::openat(at, folder.as_slice(), folder_flags, Mode::empty())?;
        current = Some(next);
    }
    let at = current.as_ref().map_or(root.as_fd(), AsFd::as_fd);
    sys::openat(
        at,
        last.as_slice(),
        FILE_FLAGS | OFlags::NOFOLLOW,
        Mode::empty(),
    )
}

/// An open file that tells when it is changed.
struct Pinned {
    file: File,
    uri: String,
    size: u64,
    tag: String,
}

impl Pinned {
    fn check(&self) -> io::Result<()> {
        let stat = sys::fstat(&self.file).map_err(|e| self.failure(e.into()))?;
        if etag(&stat) == self.tag {
            Ok(())
        } else {
            Err(SourceError::Changed {
                uri: self.uri.clone(),
            }
            .into_io())
        }
    }

    fn failure(&self, e: io::Error) -> io::Error {
        SourceError::system(&self.uri, "ReadFile", e).into_io()
    }

    fn read_some(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.file.read_at(buffer, offset) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                result => return result.map_err(|e| self.failure(e)),
            }
        }
    }
}

impl ReadAt for Pinned {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.read_some(offset + filled as u64, &mut buffer[filled..])? {
                0 => break,
                n => filled += n,
            }
        }
        self.check()?;
        Ok(filled)
    }
}

/// Reads from the first byte to the last, and vouches for the end.
struct FileReader {
    pinned: Arc<Pinned>,
    offset: u64,
}

impl Read for FileReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let n = self.pinned.read_some(self.offset, buffer)?;
        self.offset += n as u64;
        // The check costs a system call, so it is done where it decides: past the known size (a
        // file that grows must not be read for ever) and before the end is told.
        if n == 0 || self.offset > self.pinned.size {
            self.pinned.check()?;
        }
        if n == 0 && self.offset != self.pinned.size {
            return Err(SourceError::Changed {
                uri: self.pinned.uri.clone(),
            }
            .into_io());
        }
        Ok(n)
    }
}
