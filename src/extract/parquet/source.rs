//! Random access as the Parquet library asks for it, with a look at what a page claims before memory
//! is taken for it.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use crate::model::ReadAt;

/// Largest page, stored or expanded, and largest footer. Writers aim at 1 MiB for a page.
pub(super) const PAGE_BYTES_MAX: usize = 128 << 20;
/// Bytes read for a header at a time; one with long statistics takes more turns.
const HEADER_BYTES: usize = 4 << 10;

/// The file, and the error that ended reading it, which the library would mix up with those of its
/// content.
#[derive(Clone)]
pub(super) struct Source {
    inner: Arc<dyn ReadAt>,
    lost: Arc<Mutex<Option<io::Error>>>,
}

impl Source {
    pub fn new(inner: &Arc<dyn ReadAt>) -> Self {
        Source {
            inner: Arc::clone(inner),
            lost: Arc::default(),
        }
    }

    /// The error of the source, if there was one since it was last asked.
    pub fn lost(&self) -> Option<io::Error> {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        lost.take()
    }

    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read_at(offset, buffer).map_err(|error| {
            let kind = error.kind();
            *self.lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            io::Error::new(kind, "the source failed")
        })
    }
}

impl Length for Source {
    fn len(&self) -> u64 {
        self.inner.size()
    }
}

impl ChunkReader for Source {
    type T = Ahead;

    fn get_read(&self, start: u64) -> Result<Ahead> {
        let mut ahead = Ahead {
            source: self.clone(),
            at: start,
            buffer: Vec::new(),
            used: 0,
        };
        ahead.fill()?;
        if let Some(bytes) = claimed(&ahead.buffer).filter(|b| *b > PAGE_BYTES_MAX as u64) {
            return Err(too_large("page", bytes));
        }
        Ok(ahead)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        if length > PAGE_BYTES_MAX {
            return Err(too_large("page or footer", length as u64));
        }
        // before memory is taken: a length that the file cannot have
        let end = start.checked_add(length as u64);
        if end.is_none_or(|end| end > self.inner.size()) {
            return Err(ParquetError::EOF("beyond the end of the file".to_owned()));
        }
        let mut buffer = vec![0; length];
        if self.read_at(start, &mut buffer)? < length {
            return Err(ParquetError::EOF("the file ends early".to_owned()));
        }
        Ok(buffer.into())
    }
}

/// The library's own word for what it cannot do, which is passed on as it is.
fn too_large(what: &str, bytes: u64) -> ParquetError {
    ParquetError::NYI(format!(
        "a {what} of {} MiB is more than {} MiB",
        bytes >> 20,
        PAGE_BYTES_MAX >> 20
    ))
}

/// Expanded bytes that the header of a page claims: the second of its three leading numbers (kind,
/// expanded bytes, stored bytes), each after the byte of an i32 that follows its neighbour.
fn claimed(header: &[u8]) -> Option<u64> {
    let mut rest = header;
    let mut numbers = [0u64; 3];
    for number in &mut numbers {
        let (&field, after) = rest.split_first()?;
        if field != 0x15 {
            return None;
        }
        let len = after
            .iter()
            .position(|b| b & 0x80 == 0)
            .filter(|l| *l < 10)?
            + 1;
        *number = after[..len]
            .iter()
            .rev()
            .fold(0u64, |n, b| n << 7 | u64::from(b & 0x7f));
        rest = &after[len..];
    }
    // zigzag; what is below zero is for the library to refuse
    (numbers[1] & 1 == 0).then_some(numbers[1] >> 1)
}

/// A reader for the header of a page.
pub(super) struct Ahead {
    source: Source,
    /// Offset of the first byte not yet in the buffer.
    at: u64,
    buffer: Vec<u8>,
    used: usize,
}

impl Ahead {
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.resize(HEADER_BYTES, 0);
        let read = self.source.read_at(self.at, &mut self.buffer)?;
        self.buffer.truncate(read);
        self.at += read as u64;
        self.used = 0;
        Ok(())
    }
}

impl Read for Ahead {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.used == self.buffer.len() {
            self.fill()?;
        }
        let len = out.len().min(self.buffer.len() - self.used);
        out[..len].copy_from_slice(&self.buffer[self.used..self.used + len]);
        self.used += len;
        Ok(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_how_far_it_expands() {
        // kind 0, 300 bytes expanded, 20 stored
        let header = [0x15, 0x00, 0x15, 0xd8, 0x04, 0x15, 0x28, 0x2c];
        assert_eq!(claimed(&header), Some(300));
        assert_eq!(claimed(&header[..6]), None);
        assert_eq!(claimed(b"PAR1"), None);
        let endless = [&[0x15][..], &[0xff; 40]].concat();
        assert_eq!(claimed(&endless), None);
    }
}
