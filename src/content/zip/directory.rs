//! The directory at the end of a zip archive, read entry by entry.

use std::io::{self, Read};

use super::super::bytes::Bytes;
use super::super::fault::Fault;
use super::super::source::read_full;
use super::entry::{Entry, extra_field, u16_at, u32_at, u64_at};

const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
const END64_LOCATOR: &[u8] = b"PK\x06\x07";
const END64_LOCATOR_BYTES: usize = 20;
const END64: &[u8] = b"PK\x06\x06";
const END64_BYTES: usize = 56;
const ENTRY: &[u8] = b"PK\x01\x02";
const ENTRY_BYTES: usize = 46;
const LOCAL: &[u8] = b"PK\x03\x04";
const LOCAL_BYTES: u64 = 30;
/// Bytes of the directory that are read at a time.
const WINDOW_BYTES: usize = 64 << 10;

/// Longest local header.
pub(super) const LOCAL_BYTES_MAX: u64 = LOCAL_BYTES + 2 * u16::MAX as u64;

/// Reads the local header that `src` starts with, up to the content; answers with its length.
pub(super) fn skip_local(src: &mut dyn Read) -> io::Result<u64> {
    let mut header = [0; LOCAL_BYTES as usize];
    let (len, error) = read_full(src, &mut header);
    if let Some(error) = error {
        return Err(error);
    }
    if len < header.len() || !header.starts_with(LOCAL) {
        return Err(Fault::malformed("a zip member is not where the directory says").into());
    }
    let rest = u64::from(u16_at(&header, 26)) + u64::from(u16_at(&header, 28));
    io::copy(&mut src.take(rest), &mut io::sink())?;
    Ok(LOCAL_BYTES + rest)
}

/// Goes through the entries.
pub(super) struct Directory {
    /// Offset of the next entry.
    at: u64,
    end: u64,
    /// Entries that are left, as stated.
    left: u64,
    /// What was put before the archive shifts all its offsets.
    shift: u64,
    window: Vec<u8>,
    /// Offset of the window.
    window_at: u64,
}

impl Directory {
    /// Finds the directory; `None` where the archive does not end with one.
    pub fn find(bytes: &Bytes) -> io::Result<Option<Directory>> {
        let size = bytes.size();
        let tail_len = size.min((END_BYTES + usize::from(u16::MAX)) as u64);
        let mut tail = vec![0; tail_len as usize];
        let got = bytes.fill_at(size - tail_len, &mut tail)?;
        tail.truncate(got);
        let found = memchr::memmem::rfind_iter(&tail, END)
            .find(|&at| at + END_BYTES + usize::from(u16_at(&tail, at + 20)) <= tail.len());
        let Some(at) = found else {
            return Ok(None);
        };
        let end_at = size - tail_len + at as u64;
        let record = &tail[at..];
        let mut left = u64::from(u16_at(record, 10));
        let mut length = u64::from(u32_at(record, 12));
        let mut start = u64::from(u32_at(record, 16));
        let mut end = end_at;
        let locator = at
            .checked_sub(END64_LOCATOR_BYTES)
            .and_then(|from| tail.get(from..at));
        if let Some(wide) = find_end64(bytes, locator.unwrap_or_default(), end_at)? {
            (left, length, start) = (
                u64_at(&wide.1, 32),
                u64_at(&wide.1, 40),
                u64_at(&wide.1, 48),
            );
            end = wide.0;
        }
        let Some(actual) = end.checked_sub(length) else {
            return Ok(None);
        };
        let Some(shift) = actual.checked_sub(start) else {
            return Ok(None);
        };
        Ok(Some(Directory {
            at: actual,
            end,
            left,
            shift,
            window: Vec::new(),
            window_at: 0,
        }))
    }

    /// Entries that were stated and not found.
    pub fn shortfall(&self) -> u64 {
        self.left
    }

    /// `len` bytes of the directory at its current position.
    fn look(&mut self, bytes: &Bytes, len: usize) -> io::Result<Option<&[u8]>> {
        let inside = self.at >= self.window_at
            && self.at + len as u64 <= self.window_at + self.window.len() as u64;
        if !inside {
            if self.at + len as u64 > self.end {
                return Ok(None);
            }
            let want = (self.end - self.at).min(WINDOW_BYTES.max(len) as u64) as usize;
            self.window.resize(want, 0);
            let got = bytes.fill_at(self.at, &mut self.window)?;
            self.window.truncate(got);
            self.window_at = self.at;
        }
        let from = (self.at - self.window_at) as usize;
        Ok(self.window.get(from..from + len))
    }

    /// The next entry with the offset of its local header.
    pub fn next(&mut self, bytes: &Bytes) -> io::Result<Option<(Entry, u64)>> {
        let Some(fixed) = self.look(bytes, ENTRY_BYTES)? else {
            return Ok(None);
        };
        if !fixed.starts_with(ENTRY) {
            return Ok(None);
        }
        let (name_len, extra_len) = (
            usize::from(u16_at(fixed, 28)),
            usize::from(u16_at(fixed, 30)),
        );
        let comment_len = usize::from(u16_at(fixed, 32));
        let len = ENTRY_BYTES + name_len + extra_len;
        let Some(whole) = self.look(bytes, len)? else {
            return Ok(None);
        };
        let (name, extra) = whole[ENTRY_BYTES..].split_at(name_len);
        let entry = Entry::read(&whole[8..], name, extra);
        let mut local = u64::from(u32_at(whole, 42));
        if local == u64::from(u32::MAX)
            && let Some(field) = extra_field(extra, 0x0001)
        {
            // After those of size and stored size that are kept here.
            let narrow = [u32_at(whole, 24), u32_at(whole, 20)];
            let before = narrow.iter().filter(|&&v| v == u32::MAX).count();
            local = u64_at(field, 8 * before);
        }
        self.at += (len + comment_len) as u64;
        // The narrow count wraps at 65,536.
        self.left = self.left.saturating_sub(1);
        Ok(Some((entry, local.saturating_add(self.shift))))
    }
}

/// The wide end record and its offset, found by the `locator` before the end record.
fn find_end64(
    bytes: &Bytes,
    locator: &[u8],
    end_at: u64,
) -> io::Result<Option<(u64, [u8; END64_BYTES])>> {
    if !locator.starts_with(END64_LOCATOR) {
        return Ok(None);
    }
    // Where it says, or right before the locator if something was put before the archive.
    let before = end_at.checked_sub((END64_LOCATOR_BYTES + END64_BYTES) as u64);
    for at in [Some(u64_at(locator, 8)), before].into_iter().flatten() {
        let mut record = [0; END64_BYTES];
        let len = bytes.fill_at(at, &mut record)?;
        if len == END64_BYTES && record.starts_with(END64) {
            return Ok(Some((at, record)));
        }
    }
    Ok(None)
}
