//! Tar archives as a stream, with long names of both families (pax and GNU).
//!
//! Links, devices and folders hold no content and are passed over. Sparse files are read as they
//! are stored, without their holes.

use std::io::{self, Read};

use chrono::{DateTime, Utc};

use super::fault::Fault;
use super::source::read_full;
use super::verdict::{Sum, Verdict};
use super::walk::{Node, Walker};

const BLOCK: usize = 512;
/// Longest extended header (names, times) that is kept; the rest of a longer one is passed over.
const EXTENDED_BYTES_MAX: u64 = 64 << 10;
const MIME: &str = "application/x-tar";

/// Whether a header with a right checksum starts here.
pub(crate) fn header_is_valid(head: &[u8]) -> bool {
    let Some(header) = head.first_chunk::<BLOCK>() else {
        return false;
    };
    if header.iter().all(|&b| b == 0) {
        return false;
    }
    let stated = octal(&header[148..156]);
    let sum: u64 = header
        .iter()
        .enumerate()
        .map(|(i, &b)| u64::from(if (148..156).contains(&i) { b' ' } else { b }))
        .sum();
    stated == Some(sum)
}

/// A number field: octal, or binary with the high bit set.
fn octal(field: &[u8]) -> Option<u64> {
    if field.first().is_some_and(|b| b & 0x80 != 0) {
        let (first, rest) = field.split_first()?;
        return rest.iter().try_fold(u64::from(first & 0x3f), |n, &b| {
            n.checked_mul(256)?.checked_add(u64::from(b))
        });
    }
    let text = field.split(|&b| b == 0).next().unwrap_or_default();
    let digits = text.trim_ascii();
    if digits.is_empty() {
        return Some(0);
    }
    digits.iter().try_fold(0u64, |n, &b| match b {
        b'0'..=b'7' => n.checked_mul(8)?.checked_add(u64::from(b - b'0')),
        _ => None,
    })
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|&b| b == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

/// What extended headers say of the next member.
#[derive(Debug, Default)]
struct Extended {
    name: Option<String>,
    size: Option<u64>,
    modified: Option<DateTime<Utc>>,
}

impl Extended {
    /// Reads pax records: `<length> <key>=<value>\n`.
    fn pax(&mut self, mut data: &[u8]) {
        while let Some(space) = data.iter().position(|&b| b == b' ') {
            let len = std::str::from_utf8(&data[..space])
                .ok()
                .and_then(|n| n.parse::<usize>().ok());
            let Some(len) = len.filter(|&n| n > space + 1 && n <= data.len()) else {
                return;
            };
            let record = &data[space + 1..len - 1];
            if let Some(equals) = record.iter().position(|&b| b == b'=') {
                self.set(
                    &record[..equals],
                    &String::from_utf8_lossy(&record[equals + 1..]),
                );
            }
            data = &data[len..];
        }
    }

    fn set(&mut self, key: &[u8], value: &str) {
        match key {
            b"path" | b"GNU.sparse.name" => self.name = Some(value.to_owned()),
            b"size" => self.size = value.parse().ok().or(self.size),
            b"mtime" => {
                let seconds = value.split('.').next().and_then(|s| s.parse().ok());
                self.modified = seconds.and_then(|s| DateTime::from_timestamp(s, 0));
            }
            _ => {}
        }
    }
}

/// The archive's bytes, counted; the content of one member at a time is taken off it.
struct Archive<'a> {
    inner: &'a mut dyn Read,
    at: u64,
    /// What is left of the current member, and of its padding.
    content: u64,
    padding: u64,
}

impl Archive<'_> {
    /// Reads the next block; `None` at the end.
    fn block(&mut self) -> io::Result<Option<[u8; BLOCK]>> {
        let mut block = [0u8; BLOCK];
        let (len, error) = read_full(self.inner, &mut block);
        self.at += len as u64;
        match (len, error) {
            (_, Some(e)) => Err(e),
            (0, None) => Ok(None),
            (BLOCK, None) => Ok(Some(block)),
            // Some writers leave out the padding at the end.
            _ if block.iter().all(|&b| b == 0) => Ok(None),
            _ => Err(Fault::malformed("the tar archive ends within a header").into()),
        }
    }

    fn begin(&mut self, size: u64) {
        self.content = size;
        self.padding = size.wrapping_neg() % BLOCK as u64;
    }

    /// Passes over what is left of the current member.
    fn finish(&mut self, scratch: &mut [u8]) -> io::Result<()> {
        while self.content > 0 {
            // At the end of the stream an error comes instead of nothing.
            let _ = self.read(scratch)?;
        }
        while self.padding > 0 {
            let want = scratch.len().min(self.padding as usize);
            let (len, error) = read_full(self.inner, &mut scratch[..want]);
            self.at += len as u64;
            self.padding -= len as u64;
            if let Some(e) = error {
                return Err(e);
            }
            if len == 0 {
                self.padding = 0;
            }
        }
        Ok(())
    }

    /// Reads the content of an extended header, as much as is kept of it.
    fn extended(&mut self, size: u64) -> io::Result<Vec<u8>> {
        self.begin(size);
        let keep = size.min(EXTENDED_BYTES_MAX) as usize;
        let mut data = vec![0; keep];
        let (len, error) = read_full(self, &mut data);
        data.truncate(len);
        match error {
            Some(e) => Err(e),
            None => self.finish(&mut [0; BLOCK]).map(|()| data),
        }
    }
}

impl Read for Archive<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.content)
            .unwrap_or(usize::MAX)
            .min(out.len());
        if room == 0 {
            return Ok(0);
        }
        let read = self.inner.read(&mut out[..room])?;
        if read == 0 {
            return Err(Fault::malformed("the tar archive ends within a member").into());
        }
        self.at += read as u64;
        self.content -= read as u64;
        Ok(read)
    }
}

impl Walker<'_> {
    pub fn tar(&mut self, stream: &mut dyn Read, node: &Node) -> Verdict {
        let mut archive = Archive {
            inner: stream,
            at: 0,
            content: 0,
            padding: 0,
        };
        let mut sum = Sum::default();
        let fault = match self.tar_members(&mut archive, node, &mut sum) {
            Ok(()) => None,
            Err(error) => Some(self.note(&error)),
        };
        let verdict = sum.verdict(MIME, fault.as_ref());
        self.tell_container(node, &verdict, fault.as_ref());
        verdict
    }

    fn tar_members(
        &mut self,
        archive: &mut Archive<'_>,
        node: &Node,
        sum: &mut Sum,
    ) -> io::Result<()> {
        let mut scratch = vec![0; 32 << 10];
        let mut extended = Extended::default();
        // Zeros stand at the end of every archive, so one that was cut off is known even where
        // the cut is between members.
        let mut padded = false;
        while let Some(header) = archive.block()? {
            if header.iter().all(|&b| b == 0) {
                // The end, or the seam of archives that were put together.
                padded = true;
                continue;
            }
            if !header_is_valid(&header) {
                return Err(Fault::malformed(if padded {
                    "bytes that are not tar follow the end of the archive"
                } else {
                    "a tar header is broken"
                })
                .into());
            }
            let Some(stated) = octal(&header[124..136]) else {
                return Err(Fault::malformed("a tar header states no size").into());
            };
            match header[156] {
                b'x' => extended.pax(&archive.extended(stated)?),
                b'L' => extended.name = Some(text(&archive.extended(stated)?)),
                b'g' | b'K' | b'V' | b'M' => {
                    archive.extended(stated)?;
                }
                b'1'..=b'6' => extended = Extended::default(),
                kind => {
                    if kind == b'S' {
                        skip_sparse_map(archive, &header)?;
                    }
                    let told = std::mem::take(&mut extended);
                    let size = told.size.unwrap_or(stated);
                    let member = tar_member(node, &header, told, archive.at, size);
                    archive.begin(size);
                    if !member.path.last().is_some_and(|name| name.ends_with('/')) {
                        sum.add(self.open(archive, &member).status);
                    }
                    if let Some(fault) = self.halted() {
                        return Err(fault.into());
                    }
                    archive.finish(&mut scratch)?;
                }
            }
            padded = false;
        }
        if padded {
            return Ok(());
        }
        Err(Fault::malformed("the tar archive ends without its end mark").into())
    }
}

fn tar_member(node: &Node, header: &[u8; BLOCK], told: Extended, at: u64, size: u64) -> Node {
    let name = told.name.unwrap_or_else(|| {
        let name = text(&header[..100]);
        // The prefix belongs to POSIX archives alone; GNU keeps other things there.
        let prefix = match &header[257..263] {
            b"ustar\0" => text(&header[345..500]),
            _ => String::new(),
        };
        if prefix.is_empty() {
            name
        } else {
            format!("{prefix}/{name}")
        }
    });
    let modified = told.modified.or_else(|| {
        let seconds = octal(&header[136..148]).filter(|&s| s > 0)?;
        DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)
    });
    let stored_base = node.stored_base.map(|base| base + at);
    node.member(name, stored_base, modified, Some(size))
}

/// Passes over the blocks that continue the map of a GNU sparse file.
fn skip_sparse_map(archive: &mut Archive<'_>, header: &[u8; BLOCK]) -> io::Result<()> {
    let mut more = header[482] != 0;
    while more {
        match archive.block()? {
            Some(block) => more = block[504] != 0,
            None => return Err(Fault::malformed("the tar archive ends within a header").into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers() {
        assert_eq!(octal(b"00000001750\0"), Some(1000));
        assert_eq!(octal(b"   17 \0\0"), Some(15));
        assert_eq!(octal(b"\0\0\0\0"), Some(0));
        assert_eq!(octal(b"12x4567\0"), None);
        assert_eq!(octal(b"\x80\0\0\0\0\0\0\x02\0\0\0\0"), Some(2 << 32));
        assert_eq!(octal(&[0xff; 12]), None, "more than 64 bits");
    }

    #[test]
    fn reads_pax_records_and_stops_at_nonsense() {
        let mut extended = Extended::default();
        extended
            .pax("20 path=a/b=c d.txt\n22 mtime=1714564800.5\n11 size=42\n99 path=x\n".as_bytes());
        assert_eq!(extended.name.as_deref(), Some("a/b=c d.txt"));
        assert_eq!(extended.size, Some(42));
        assert_eq!(
            extended.modified.map(|t| t.timestamp()),
            Some(1_714_564_800)
        );
        for odd in [
            "0 path=x\n",
            "1 \n",
            "5 =\n",
            " x",
            "18446744073709551616 a=b\n",
        ] {
            Extended::default().pax(odd.as_bytes());
        }
    }
}
