//! Random access as the stream that can seek that most libraries ask for.

use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::sync::Arc;

use crate::model::ReadAt;

/// Bytes asked for at a time.
const BUFFER_BYTES: usize = 64 << 10;

/// A buffered reader over random access.
pub struct SeekAt {
    source: Arc<dyn ReadAt>,
    at: u64,
    buffer: Vec<u8>,
    /// Offset of the buffer in the source.
    start: u64,
}

impl std::fmt::Debug for SeekAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SeekAt")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl SeekAt {
    pub fn new(source: &Arc<dyn ReadAt>) -> Self {
        SeekAt {
            source: Arc::clone(source),
            at: 0,
            buffer: Vec::new(),
            start: 0,
        }
    }
}

impl BufRead for SeekAt {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let end = self.start + self.buffer.len() as u64;
        if !(self.start..end).contains(&self.at) {
            let left = self.source.size().saturating_sub(self.at);
            let want = left.min(BUFFER_BYTES as u64) as usize;
            self.buffer.resize(want, 0);
            let read = match want {
                0 => 0,
                _ => self.source.read_at(self.at, &mut self.buffer)?,
            };
            self.buffer.truncate(read);
            self.start = self.at;
        }
        let from = (self.at - self.start) as usize;
        Ok(&self.buffer[from..])
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount as u64;
    }
}

impl Read for SeekAt {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.source.size().saturating_sub(self.at);
        if out.len() >= BUFFER_BYTES && left > 0 {
            let want = left.min(out.len() as u64) as usize;
            let read = self.source.read_at(self.at, &mut out[..want])?;
            self.at += read as u64;
            return Ok(read);
        }
        let have = self.fill_buf()?;
        let len = have.len().min(out.len());
        out[..len].copy_from_slice(&have[..len]);
        self.consume(len);
        Ok(len)
    }
}

impl Seek for SeekAt {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.source.size().checked_add_signed(by),
        };
        self.at =
            at.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "seek before the start"))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Held(Vec<u8>);

    impl ReadAt for Held {
        fn size(&self) -> u64 {
            self.0.len() as u64
        }
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
            let from = (offset as usize).min(self.0.len());
            let len = buffer.len().min(self.0.len() - from);
            buffer[..len].copy_from_slice(&self.0[from..from + len]);
            Ok(len)
        }
    }

    #[test]
    fn reads_what_is_there_from_anywhere() {
        let bytes: Vec<u8> = (0..300_000u32).map(|i| (i % 251) as u8).collect();
        let held: Arc<dyn ReadAt> = Arc::new(Held(bytes.clone()));
        let mut reader = SeekAt::new(&held);
        let mut all = Vec::new();
        reader.read_to_end(&mut all).unwrap();
        assert_eq!(all, bytes);
        for (from, len) in [
            (0, 1),
            (250, 70_000),
            (299_999, 1),
            (65_535, 2),
            (100, 200_000),
        ] {
            let mut some = vec![0; len];
            reader.seek(SeekFrom::Start(from as u64)).unwrap();
            reader.read_exact(&mut some).unwrap();
            assert_eq!(some, bytes[from..from + len]);
        }
        assert_eq!(reader.seek(SeekFrom::End(-1)).unwrap(), 299_999);
        assert_eq!(reader.seek(SeekFrom::Current(5)).unwrap(), 300_004);
        assert_eq!(reader.read(&mut [0]).unwrap(), 0);
        assert!(reader.seek(SeekFrom::Current(-400_000)).is_err());
    }
}
