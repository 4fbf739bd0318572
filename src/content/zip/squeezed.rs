//! Members that are compressed in other ways than deflate: bzip2, LZMA, zstd, xz.

use std::io::{self, Read};
use std::rc::Rc;

use super::super::fault::{Fault, Scope};
use super::super::source::{Headed, read_full};
use super::super::squeezed::{Codec, Squeezed};
use super::super::verdict::Verdict;
use super::super::walk::{Node, Walker};
use super::entry::{Content, Entry};
use crate::model::Reason;

/// First bytes by which the memory that a decoder needs is told.
const HEAD_BYTES: usize = 64;
/// Of an LZMA member, before what any LZMA stream begins with: version, and length of what follows.
const LZMA_VERSION_BYTES: usize = 4;
/// What any LZMA stream begins with, but for its size.
const LZMA_PROPERTY_BYTES: usize = 5;

impl Walker<'_> {
    /// Reads a member whose content is `content`.
    pub(super) fn zip_open(
        &mut self,
        content: &mut Content<'_>,
        entry: &Entry,
        member: &Node,
    ) -> Verdict {
        let Some(codec) = entry.codec() else {
            return self.open(content, member);
        };
        content.packed();
        let mut head = vec![0; HEAD_BYTES];
        let (len, error) = read_full(content, &mut head);
        head.truncate(len);
        if codec == Codec::Lzma {
            head = lzma_head(&head, entry.size);
        }
        let window = codec.window(&head);
        if !self.meter.take(window, self.limits) {
            let detail = format!(
                "the member needs {window} bytes of memory, more than may be held; raise walk_bytes_max"
            );
            let reason = Reason::FileExceedsSizeLimit;
            let verdict = Verdict::skipped("application/octet-stream", reason, detail);
            return self.leaf_verdict(member, verdict);
        }
        let mut packed = Headed::new(&head, error, content);
        let meter = Rc::clone(&self.meter);
        let mut squeezed = Squeezed::new(codec, window, &mut packed, meter, self.limits);
        let mut checked = Checked {
            inner: &mut squeezed,
            crc: crc32fast::Hasher::new(),
            size: 0,
            stated: (entry.crc, entry.size),
        };
        let verdict = self.open(&mut checked, member);
        self.meter.give_back(window);
        verdict
    }
}

/// The member's head as that of an LZMA stream by itself, which tells its size.
fn lzma_head(head: &[u8], size: u64) -> Vec<u8> {
    let rest = head.get(LZMA_VERSION_BYTES..).unwrap_or_default();
    let (properties, rest) = rest.split_at(rest.len().min(LZMA_PROPERTY_BYTES));
    [properties, &size.to_le_bytes(), rest].concat()
}

/// An expanded member, held against its checksum and size.
struct Checked<'a> {
    inner: &'a mut dyn Read,
    crc: crc32fast::Hasher,
    size: u64,
    stated: (u32, u64),
}

impl Read for Checked<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // no more than is stated: what LZMA says after its end is not text
        let left = usize::try_from(self.stated.1 - self.size).unwrap_or(usize::MAX);
        let want = left.min(out.len());
        let read = match want {
            0 => 0,
            _ => self.inner.read(&mut out[..want])?,
        };
        self.crc.update(&out[..read]);
        self.size += read as u64;
        if read == 0 && !out.is_empty() && (self.crc.clone().finalize(), self.size) != self.stated {
            let detail = "checksum or size of the zip member differs";
            return Err(Fault::new(Scope::Stream, Reason::MalformedFile, detail).into());
        }
        Ok(read)
    }
}
