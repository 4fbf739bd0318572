//! A zip archive in the order of its local headers, as it streams.
//!
//! A member whose size only follows it can be read if it is deflated, which tells its own end.

use std::io::{self, BufRead, BufReader, Read};

use super::super::fault::Fault;
use super::super::verdict::Sum;
use super::super::walk::{Node, Walker};
use super::entry::{Content, Entry, u16_at, u32_at, u64_at};

/// A buffered stream that counts.
struct Counted<'a> {
    inner: BufReader<&'a mut dyn Read>,
    at: u64,
}

impl Read for Counted<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, len: usize) {
        self.at += len as u64;
        self.inner.consume(len);
    }
}

impl Counted<'_> {
    fn exactly(&mut self, len: usize) -> io::Result<Vec<u8>> {
        let mut out = vec![0; len];
        self.read_exact(&mut out).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => {
                Fault::malformed("the zip archive ends within a header").into()
            }
            _ => e,
        })?;
        Ok(out)
    }
}

impl Walker<'_> {
    pub(super) fn zip_streamed(
        &mut self,
        stream: &mut dyn Read,
        node: &Node,
        sum: &mut Sum,
    ) -> io::Result<()> {
        let mut src = Counted {
            inner: BufReader::with_capacity(64 << 10, stream),
            at: 0,
        };
        loop {
            let signature = src.exactly(4)?;
            match signature.as_slice() {
                b"PK\x03\x04" => {}
                // The directory: all members were passed.
                b"PK\x01\x02" | b"PK\x05\x06" | b"PK\x06\x06" | b"PK\x06\x08" => return Ok(()),
                _ => {
                    let at = src.at - 4;
                    return Err(Fault::malformed(format!(
                        "no zip member at byte {at} of the archive"
                    ))
                    .into());
                }
            }
            let fixed = src.exactly(26)?;
            let name = src.exactly(u16_at(&fixed, 22).into())?;
            let extra = src.exactly(u16_at(&fixed, 24).into())?;
            let entry = Entry::read(&fixed[2..], &name, &extra);
            self.zip_streamed_member(&mut src, &entry, node, sum)?;
            if let Some(fault) = self.halted() {
                return Err(fault.into());
            }
        }
    }

    fn zip_streamed_member(
        &mut self,
        src: &mut Counted<'_>,
        entry: &Entry,
        node: &Node,
        sum: &mut Sum,
    ) -> io::Result<()> {
        let unknown = entry.has_descriptor() && entry.packed == 0;
        let obstacle = entry.obstacle().is_some();
        if unknown && (obstacle || !entry.is_deflated()) {
            if obstacle {
                sum.add(self.zip_obstacle(entry, node).status);
            }
            return Err(Fault::malformed(
                "the size of a zip member follows it, so that the next cannot be found in a stream",
            )
            .into());
        }
        let start = src.at;
        let mut content = Content::new(src, entry, self);
        if unknown {
            content = content.open_ended();
        }
        if obstacle {
            sum.add(self.zip_obstacle(entry, node).status);
        } else if !entry.is_folder() {
            let member = entry.node(node, Some(start));
            sum.add(self.zip_open(&mut content, entry, &member).status);
        }
        if let Some(fault) = self.halted() {
            return Err(fault.into());
        }
        content.finish()?;
        if !entry.has_descriptor() {
            return Ok(());
        }
        let measured = content.measured();
        let mut first = src.exactly(4)?;
        if first == b"PK\x07\x08" {
            first = src.exactly(4)?;
        }
        let crc = u32_at(&first, 0);
        let size = match entry.zip64 {
            true => u64_at(&src.exactly(16)?, 8),
            false => u32_at(&src.exactly(8)?, 4).into(),
        };
        match measured {
            Some(got) if unknown && got != (crc, size) => {
                Err(Fault::malformed("checksum or size of a zip member differs").into())
            }
            _ => Ok(()),
        }
    }
}
