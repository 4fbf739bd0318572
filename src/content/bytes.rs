//! A stored or held stream that can be read at any offset.

use std::io::{self, Read};
use std::rc::Rc;

use super::limits::{Limits, Meter};
use super::source::{StoredAt, read_full};

/// A stream that can be read at any offset.
#[derive(Clone)]
pub(crate) enum Bytes {
    Stored(Rc<StoredAt>),
    Held(Rc<[u8]>),
}

impl Bytes {
    pub fn size(&self) -> u64 {
        match self {
            Bytes::Stored(stored) => stored.inner.size(),
            Bytes::Held(bytes) => bytes.len() as u64,
        }
    }

    pub fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Bytes::Stored(stored) => stored.read_at(offset, out),
            Bytes::Held(bytes) => {
                let rest = usize::try_from(offset).ok().and_then(|at| bytes.get(at..));
                let rest = rest.unwrap_or_default();
                let len = rest.len().min(out.len());
                out[..len].copy_from_slice(&rest[..len]);
                Ok(len)
            }
        }
    }

    /// Fills `out`, or answers with as much as there is.
    pub fn fill_at(&self, offset: u64, out: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < out.len() {
            match self.read_at(offset.saturating_add(filled as u64), &mut out[filled..])? {
                0 => break,
                read => filled += read,
            }
        }
        Ok(filled)
    }

    pub fn reader(&self, start: u64, len: u64) -> RangeReader {
        RangeReader {
            bytes: self.clone(),
            at: start,
            left: len,
        }
    }
}

/// A stretch of a stream.
pub(crate) struct RangeReader {
    bytes: Bytes,
    at: u64,
    left: u64,
}

impl Read for RangeReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(out.len());
        if room == 0 {
            return Ok(0);
        }
        let read = self.bytes.read_at(self.at, &mut out[..room])?;
        self.at = self.at.saturating_add(read as u64);
        self.left -= read as u64;
        Ok(read)
    }
}

/// What became of a stream that was to be held.
pub(crate) struct Holding {
    /// All of them were taken from the walk's allowance.
    pub bytes: Vec<u8>,
    /// All of it is held.
    pub whole: bool,
    /// What broke it off.
    pub error: Option<io::Error>,
}

/// Reads a stream into memory, as far as the walk may hold it.
pub(crate) fn hold(stream: &mut dyn Read, meter: &Meter, limits: &Limits) -> Holding {
    let mut bytes = Vec::new();
    let (mut error, mut ended) = (None, false);
    while !ended && error.is_none() {
        let from = bytes.len();
        let left = limits
            .memory
            .walk_bytes_max
            .saturating_sub(meter.held.get());
        let step = from.max(32 << 10).min(left);
        if step == 0 || !meter.take(step, limits) {
            break;
        }
        bytes.resize(from + step, 0);
        let (len, e) = read_full(stream, &mut bytes[from..]);
        bytes.truncate(from + len);
        meter.give_back(step - len);
        error = e;
        ended = len < step;
    }
    Holding {
        bytes,
        whole: ended && error.is_none(),
        error,
    }
}
