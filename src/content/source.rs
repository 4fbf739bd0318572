//! The innermost readers of a walk: the stored object, and the first bytes of a stream put back.

use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

use super::fault::{Fault, Scope};
use super::limits::{Limits, Meter, bump};
use crate::model::{ReadAt, Reason};

/// The stored object, counted. Its error is kept for the engine; readers above see a fault.
pub(crate) struct Stored {
    inner: Box<dyn Read + Send>,
    meter: Rc<Meter>,
    failed: bool,
}

pub(crate) fn source_fault() -> Fault {
    Fault::new(
        Scope::Walk,
        Reason::SourceObjectNoLongerAvailable,
        "the source failed while the object was read",
    )
}

impl Stored {
    pub fn new(inner: Box<dyn Read + Send>, meter: Rc<Meter>) -> Self {
        Stored {
            inner,
            meter,
            failed: false,
        }
    }
}

impl Read for Stored {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.failed {
            return Err(source_fault().into());
        }
        loop {
            match self.inner.read(out) {
                Ok(read) => {
                    bump(&self.meter.stored, read as u64);
                    return Ok(read);
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.failed = true;
                    self.meter.source_error.replace(Some(e));
                    return Err(source_fault().into());
                }
            }
        }
    }
}

/// Random access to the stored object, counted.
pub(crate) struct StoredAt {
    pub inner: Arc<dyn ReadAt>,
    pub meter: Rc<Meter>,
}

impl StoredAt {
    pub fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<usize> {
        match self.inner.read_at(offset, out) {
            Ok(read) => {
                bump(&self.meter.stored, read as u64);
                Ok(read)
            }
            Err(e) => {
                self.meter.source_error.replace(Some(e));
                Err(source_fault().into())
            }
        }
    }
}

/// Fills `out` as far as the stream goes; the error that ended it comes beside the count.
pub(crate) fn read_full(src: &mut dyn Read, out: &mut [u8]) -> (usize, Option<io::Error>) {
    let more = read_at_least(src, out, out.len());
    (more.bytes, more.error)
}

/// What was read, and whether more may come.
pub(crate) struct More {
    pub bytes: usize,
    /// The stream ended, by `error` if there is one.
    pub ended: bool,
    pub error: Option<io::Error>,
}

/// Reads into `out` until there are `least` bytes, or the stream has ended.
pub(crate) fn read_at_least(src: &mut dyn Read, out: &mut [u8], least: usize) -> More {
    let mut more = More {
        bytes: 0,
        ended: false,
        error: None,
    };
    while more.bytes < least && !more.ended {
        match src.read(&mut out[more.bytes..]) {
            Ok(0) => more.ended = true,
            Ok(read) => more.bytes += read,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => {
                more.error = Some(e);
                more.ended = true;
            }
        }
    }
    more
}

/// A stream whose first bytes were looked at.
pub(crate) struct Headed<'a> {
    head: &'a [u8],
    /// Comes after the head, once.
    error: Option<io::Error>,
    rest: &'a mut dyn Read,
}

impl<'a> Headed<'a> {
    pub fn new(head: &'a [u8], error: Option<io::Error>, rest: &'a mut dyn Read) -> Self {
        Headed { head, error, rest }
    }
}

impl Read for Headed<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.head.is_empty() {
            let len = out.len().min(self.head.len());
            let (now, later) = self.head.split_at(len);
            out[..len].copy_from_slice(now);
            self.head = later;
            return Ok(len);
        }
        match self.error.take() {
            Some(e) => Err(e),
            None => self.rest.read(out),
        }
    }
}

/// A leaf member taken out of a container, held against the limits on extracted bytes.
pub(crate) struct Leaf<'a> {
    inner: &'a mut dyn Read,
    meter: Rc<Meter>,
    limits: &'a Limits,
    /// Comes out of a container.
    extracted: bool,
    pub bytes: u64,
}

impl<'a> Leaf<'a> {
    pub fn new(
        inner: &'a mut dyn Read,
        meter: Rc<Meter>,
        limits: &'a Limits,
        extracted: bool,
    ) -> Self {
        Leaf {
            inner,
            meter,
            limits,
            extracted,
            bytes: 0,
        }
    }

    fn over(&self) -> (u64, Fault) {
        let of_member = self.limits.member_bytes_max.saturating_sub(self.bytes);
        let of_all = self
            .limits
            .extracted_bytes_max
            .saturating_sub(self.meter.extracted.get());
        let reason = Reason::ArchiveTotalBytesExtractedOverLimit;
        if of_all <= of_member {
            let max = self.limits.extracted_bytes_max;
            let detail = format!("members exceed {max} bytes in all; raise extracted_bytes_max");
            (of_all, Fault::new(Scope::Walk, reason, detail))
        } else {
            let max = self.limits.member_bytes_max;
            let detail = format!("the member exceeds {max} bytes; raise member_bytes_max");
            (of_member, Fault::new(Scope::Stream, reason, detail))
        }
    }
}

impl Read for Leaf<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.meter.in_time(self.limits)?;
        if !self.extracted {
            let read = self.inner.read(out)?;
            self.bytes += read as u64;
            return Ok(read);
        }
        let (allowed, fault) = self.over();
        if allowed == 0 && !out.is_empty() {
            // At the limit: over it only if more follows.
            return match self.inner.read(&mut [0])? {
                0 => Ok(0),
                _ => Err(fault.into()),
            };
        }
        let room = usize::try_from(allowed)
            .unwrap_or(usize::MAX)
            .min(out.len());
        let read = self.inner.read(&mut out[..room])?;
        self.bytes += read as u64;
        bump(&self.meter.extracted, read as u64);
        Ok(read)
    }
}
