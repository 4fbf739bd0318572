//! The container of Avro records: header, blocks between marks, compression. Leaves the records in a
//! block to others.

use std::collections::HashMap;
use std::io::{self, BufRead, ErrorKind, Read, Seek, SeekFrom};
use std::sync::Arc;

use crate::extract::{Failure, SeekAt};
use crate::model::{ReadAt, Reason};

/// Largest block, stored or expanded. Writers aim at 16 KiB to 16 MiB.
const BLOCK_BYTES_MAX: u64 = 128 << 20;
/// Largest entry of the header, the schema among them.
const ENTRY_BYTES_MAX: u64 = 32 << 20;
const ENTRIES_MAX: u64 = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Codec {
    Null,
    Deflate,
    Snappy,
    Bzip2,
    Xz,
    Zstandard,
}

/// A file of blocks.
pub(super) struct Blocks {
    reader: SeekAt,
    size: u64,
    codec: Codec,
    mark: [u8; 16],
    pub metadata: HashMap<String, Vec<u8>>,
    stored: Vec<u8>,
    expanded: Vec<u8>,
}

/// What came next.
pub(super) enum Next<'a> {
    /// `count` records in `bytes`.
    Block {
        count: u64,
        bytes: &'a [u8],
    },
    /// A block that is not read; reading goes on behind it. `count`: records in it, if known.
    Lost {
        count: u64,
        detail: String,
    },
    End,
}

/// Why an open block is of no use.
enum Fault {
    Source(io::Error),
    /// The bytes up to the next mark are lost.
    Here(&'static str),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData => Fault::Here("it ends early"),
            _ => Fault::Source(error),
        }
    }
}

impl Blocks {
    /// Reads the header.
    pub fn open(source: &Arc<dyn ReadAt>) -> Result<Self, Failure> {
        let mut reader = SeekAt::new(source);
        let mut magic = [0; 4];
        match reader.read_exact(&mut magic) {
            Ok(()) if &magic == b"Obj\x01" => {}
            Ok(()) => return Err(Failure::not_this("no mark of Avro")),
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => {
                return Err(Failure::not_this("no mark of Avro"));
            }
            Err(e) => return Err(Failure::Source(e)),
        }
        let metadata = header(&mut reader).map_err(|e| broken(e, "the header ends early"))?;
        let mut mark = [0; 16];
        reader
            .read_exact(&mut mark)
            .map_err(|e| broken(e, "the header ends early"))?;
        let codec = match metadata.get("avro.codec").map(Vec::as_slice) {
            None | Some(b"" | b"null") => Codec::Null,
            Some(b"deflate") => Codec::Deflate,
            Some(b"snappy") => Codec::Snappy,
            Some(b"bzip2") => Codec::Bzip2,
            Some(b"xz") => Codec::Xz,
            Some(b"zstandard") => Codec::Zstandard,
            Some(_) => {
                return Err(Failure::broken(
                    Reason::UnsupportedFileTypeException,
                    "the blocks are compressed in a way that is not known; known: null, deflate, \
                     snappy, bzip2, xz, zstandard",
                ));
            }
        };
        Ok(Blocks {
            reader,
            size: source.size(),
            codec,
            mark,
            metadata,
            stored: Vec::new(),
            expanded: Vec::new(),
        })
    }

    pub fn next(&mut self) -> Result<Next<'_>, Failure> {
        if self.reader.fill_buf().map_err(Failure::Source)?.is_empty() {
            return Ok(Next::End);
        }
        let start = self.position()?;
        let mut count = 0;
        match self.block(&mut count) {
            Ok(()) => {}
            Err(Fault::Source(e)) => return Err(Failure::Source(e)),
            Err(Fault::Here(detail)) => {
                self.seek_mark(start)?;
                let detail = format!("the block at byte {start} is not read: {detail}");
                return Ok(Next::Lost { count, detail });
            }
        }
        let bytes = match self.codec {
            Codec::Null => &self.stored,
            _ => &self.expanded,
        };
        Ok(Next::Block { count, bytes })
    }

    fn position(&mut self) -> Result<u64, Failure> {
        self.reader.stream_position().map_err(Failure::Source)
    }

    fn block(&mut self, count: &mut u64) -> Result<(), Fault> {
        let claimed = number(&mut self.reader)?;
        let bytes = number(&mut self.reader)?;
        let start = self.reader.stream_position()?;
        let (Ok(claimed), Ok(bytes)) = (u64::try_from(claimed), u64::try_from(bytes)) else {
            return Err(Fault::Here("a count is below zero"));
        };
        if bytes > self.size.saturating_sub(start) {
            return Err(Fault::Here("it is longer than the file"));
        }
        if bytes > BLOCK_BYTES_MAX {
            return Err(Fault::Here("it is longer than 128 MiB"));
        }
        self.stored.resize(bytes as usize, 0);
        self.reader.read_exact(&mut self.stored)?;
        let mut mark = [0; 16];
        self.reader.read_exact(&mut mark)?;
        if mark != self.mark {
            return Err(Fault::Here("no mark follows it"));
        }
        // from here on the count is known to be meant
        *count = claimed;
        expand(self.codec, &self.stored, &mut self.expanded)
    }

    /// Goes behind the next mark after `from`, or to the end.
    fn seek_mark(&mut self, from: u64) -> Result<(), Failure> {
        let seek = |reader: &mut SeekAt, at| {
            reader
                .seek(SeekFrom::Start(at))
                .map(|_| ())
                .map_err(Failure::Source)
        };
        seek(&mut self.reader, from)?;
        let finder = memchr::memmem::Finder::new(&self.mark);
        let mut window = vec![0; 256 << 10];
        let (mut kept, mut at) = (0, from);
        loop {
            let read = self
                .reader
                .read(&mut window[kept..])
                .map_err(Failure::Source)?;
            if read == 0 {
                return Ok(());
            }
            let filled = kept + read;
            if let Some(found) = finder.find(&window[..filled]) {
                let behind = at + (found + self.mark.len()) as u64;
                return seek(&mut self.reader, behind);
            }
            let tail = filled.min(self.mark.len() - 1);
            window.copy_within(filled - tail..filled, 0);
            at += (filled - tail) as u64;
            kept = tail;
        }
    }
}

fn broken(error: io::Error, detail: &str) -> Failure {
    match error.kind() {
        ErrorKind::UnexpectedEof | ErrorKind::InvalidData => Failure::malformed(detail),
        _ => Failure::Source(error),
    }
}

fn invalid() -> io::Error {
    io::Error::from(ErrorKind::InvalidData)
}

/// A number of the format: seven bits a byte, low ones first, zigzag.
fn number(reader: &mut impl Read) -> io::Result<i64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let mut byte = [0];
        reader.read_exact(&mut byte)?;
        value |= u64::from(byte[0] & 0x7f) << shift;
        if byte[0] & 0x80 == 0 {
            return Ok((value >> 1) as i64 ^ -((value & 1) as i64));
        }
    }
    Err(invalid())
}

/// The map of the header.
fn header(reader: &mut impl Read) -> io::Result<HashMap<String, Vec<u8>>> {
    let mut entries = HashMap::new();
    let mut seen = 0u64;
    loop {
        let count = number(reader)?;
        if count < 0 {
            // bytes of what follows, for who skips it
            number(reader)?;
        }
        if count == 0 {
            return Ok(entries);
        }
        seen = seen.saturating_add(count.unsigned_abs());
        if seen > ENTRIES_MAX {
            return Err(invalid());
        }
        for _ in 0..count.unsigned_abs() {
            let name = entry(reader)?;
            let value = entry(reader)?;
            entries.insert(String::from_utf8_lossy(&name).into_owned(), value);
        }
    }
}

fn entry(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let length = u64::try_from(number(reader)?).map_err(|_| invalid())?;
    if length > ENTRY_BYTES_MAX {
        return Err(invalid());
    }
    let mut bytes = Vec::new();
    reader.take(length).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length {
        return Err(io::Error::from(ErrorKind::UnexpectedEof));
    }
    Ok(bytes)
}

fn expand(codec: Codec, stored: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
    const BROKEN: Fault = Fault::Here("it cannot be decompressed");
    const TOO_LONG: Fault = Fault::Here("it expands to more than 128 MiB");
    out.clear();
    let mut drain = |reader: &mut dyn Read| match reader.take(BLOCK_BYTES_MAX + 1).read_to_end(out)
    {
        Ok(length) if length as u64 > BLOCK_BYTES_MAX => Err(TOO_LONG),
        Ok(_) => Ok(()),
        Err(_) => Err(BROKEN),
    };
    match codec {
        Codec::Null => Ok(()),
        Codec::Deflate => drain(&mut flate2::read::DeflateDecoder::new(stored)),
        Codec::Bzip2 => drain(&mut bzip2::read::MultiBzDecoder::new(stored)),
        Codec::Zstandard => {
            let mut decoder =
                zstd::stream::read::Decoder::with_buffer(stored).map_err(|_| BROKEN)?;
            drain(&mut decoder)
        }
        Codec::Xz => {
            let stream = liblzma::stream::Stream::new_stream_decoder(BLOCK_BYTES_MAX, 0)
                .map_err(|_| BROKEN)?;
            drain(&mut liblzma::read::XzDecoder::new_stream(stored, stream))
        }
        Codec::Snappy => {
            // the checksum of the expanded bytes follows
            let (packed, sum) = stored.split_last_chunk::<4>().ok_or(BROKEN)?;
            let length = snap::raw::decompress_len(packed).map_err(|_| BROKEN)?;
            if length as u64 > BLOCK_BYTES_MAX {
                return Err(TOO_LONG);
            }
            out.resize(length, 0);
            let read = snap::raw::Decoder::new().decompress(packed, out);
            match read {
                Ok(read) if read == length && crc32fast::hash(out) == u32::from_be_bytes(*sum) => {
                    Ok(())
                }
                _ => Err(BROKEN),
            }
        }
    }
}
