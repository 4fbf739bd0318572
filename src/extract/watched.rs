//! A reader that keeps the error of the source, which libraries mix up with those of the content.

use std::cell::RefCell;
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::rc::Rc;
use std::sync::Arc;

use super::SeekAt;
use crate::model::ReadAt;

/// The error that ended reading, for who gave the reader away.
#[derive(Clone, Default)]
pub(super) struct Lost(Rc<RefCell<Option<io::Error>>>);

impl Lost {
    pub fn take(&self) -> Option<io::Error> {
        self.0.take()
    }

    fn keep(&self, error: io::Error) -> io::Error {
        let kind = error.kind();
        self.0.replace(Some(error));
        io::Error::new(kind, "the source failed")
    }
}

pub(super) struct Watched {
    inner: SeekAt,
    lost: Lost,
}

impl Watched {
    pub fn new(source: &Arc<dyn ReadAt>) -> Self {
        Watched {
            inner: SeekAt::new(source),
            lost: Lost::default(),
        }
    }

    pub fn lost(&self) -> Lost {
        self.lost.clone()
    }
}

impl Read for Watched {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.inner.read(out).map_err(|e| self.lost.keep(e))
    }
}

impl BufRead for Watched {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf().map_err(|e| self.lost.keep(e))
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
    }
}

impl Seek for Watched {
    // an error here is a place that the content names, not one of the source
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
