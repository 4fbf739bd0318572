//! Compressed streams beside gzip: zlib, zstd, bzip2, xz, LZ4 frames and framed snappy, each through the
//! library of its format. Streams back to back are one.
//!
//! What can be expanded is given out before the fault that ended it. What a decoder may hold is
//! bounded by what its first bytes ask for ([`Codec::window`]); one that asks for more later on is not
//! read on.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

use super::fault::Fault;
use super::limits::{Limits, Meter};

/// What decoders need beside their window, and for formats that have a small one.
const DECODER_BYTES: usize = 1 << 20;
/// Window of a stream that does not tell it where it is looked for: zstd at level 19.
const WINDOW_BYTES: usize = 8 << 20;

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    Zlib,
    Zstd,
    Bzip2,
    Xz,
    Lz4,
    Snappy,
    /// As members of zip archives have it; by itself nothing tells it.
    Lzma,
}

impl Codec {
    pub fn name(self) -> &'static str {
        match self {
            Codec::Zlib => "zlib",
            Codec::Zstd => "zstd",
            Codec::Bzip2 => "bzip2",
            Codec::Xz => "xz",
            Codec::Lz4 => "LZ4",
            Codec::Snappy => "snappy",
            Codec::Lzma => "LZMA",
        }
    }

    /// Memory that the decoder of a stream with these first bytes needs.
    pub fn window(self, head: &[u8]) -> usize {
        let window = match self {
            Codec::Zstd => zstd_window(head).unwrap_or(WINDOW_BYTES).max(WINDOW_BYTES),
            Codec::Xz => xz_window(head).unwrap_or(WINDOW_BYTES),
            Codec::Lz4 => 2 * lz4_block(head),
            Codec::Bzip2 => 4 << 20,
            Codec::Lzma => lzma_dictionary(head),
            Codec::Zlib | Codec::Snappy => 0,
        };
        window.saturating_add(DECODER_BYTES)
    }

    pub fn mime(self) -> &'static str {
        match self {
            Codec::Zlib => "application/zlib",
            Codec::Zstd => "application/zstd",
            Codec::Bzip2 => "application/x-bzip2",
            Codec::Xz => "application/x-xz",
            Codec::Lz4 => "application/x-lz4",
            Codec::Snappy => "application/x-snappy-framed",
            Codec::Lzma => "application/x-lzma",
        }
    }

    /// Endings of names, and what takes their place.
    fn endings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Codec::Zlib => &[(".zlib", ""), (".zz", "")],
            Codec::Zstd => &[(".tzst", ".tar"), (".zstd", ""), (".zst", "")],
            Codec::Bzip2 => &[
                (".tbz2", ".tar"),
                (".tbz", ".tar"),
                (".bz2", ""),
                (".bz", ""),
            ],
            Codec::Xz => &[(".txz", ".tar"), (".xz", "")],
            Codec::Lz4 => &[(".lz4", "")],
            Codec::Snappy => &[(".snappy", ""), (".sz", "")],
            Codec::Lzma => &[(".lzma", "")],
        }
    }

    /// The name of what a file called `name` holds.
    pub fn member_name(self, name: &str) -> String {
        let lower = name.to_ascii_lowercase();
        for (ending, instead) in self.endings() {
            if lower.ends_with(ending) && lower.len() > ending.len() {
                return format!("{}{instead}", &name[..name.len() - ending.len()]);
            }
        }
        name.to_owned()
    }
}

/// The window of a zstd frame, as its header tells it.
fn zstd_window(head: &[u8]) -> Option<usize> {
    let rest = head.strip_prefix(b"\x28\xb5\x2f\xfd")?;
    let (&flags, rest) = rest.split_first()?;
    if flags & 0x20 == 0 {
        let descriptor = rest.first()?;
        let base = 1u64 << (10 + u32::from(descriptor >> 3));
        let window = base + base / 8 * u64::from(descriptor & 7);
        return Some(usize::try_from(window).unwrap_or(usize::MAX));
    }
    // all of the frame is one segment: its window is its content
    let dictionary = [0, 1, 2, 4][usize::from(flags & 3)];
    let size = rest.get(dictionary..)?;
    let bytes = |len: usize| -> Option<u64> {
        let bytes = size.get(..len)?.iter().rev();
        Some(bytes.fold(0, |all, b| all << 8 | u64::from(*b)))
    };
    let content = match flags >> 6 {
        0 => bytes(1)?,
        1 => bytes(2)? + 256,
        2 => bytes(4)?,
        _ => bytes(8)?,
    };
    Some(usize::try_from(content).unwrap_or(usize::MAX))
}

/// The dictionary that the head of an LZMA stream tells.
fn lzma_dictionary(head: &[u8]) -> usize {
    let size = head.get(1..).and_then(|rest| rest.first_chunk());
    size.map_or(WINDOW_BYTES, |size| u32::from_le_bytes(*size) as usize)
}

/// The largest block of an LZ4 frame.
fn lz4_block(head: &[u8]) -> usize {
    match head.get(5).map(|descriptor| descriptor >> 4 & 7) {
        Some(size @ 4..=7) => 1 << (8 + 2 * size),
        _ => 4 << 20,
    }
}

/// The dictionary of the first block of an xz stream, where LZMA2 is its last filter.
fn xz_window(head: &[u8]) -> Option<usize> {
    let header = head.get(12..)?;
    let len = (usize::from(*header.first()?) + 1) * 4;
    let header = header.get(..len)?;
    // the filter, the length of its properties and the size as a float of two bits
    let at = header.windows(2).rposition(|pair| pair == [0x21, 0x01])?;
    let bits = u32::from(header.get(at + 2)? & 0x3f);
    if bits > 40 {
        return None;
    }
    let size = (2 | u64::from(bits & 1)) << (bits / 2 + 11);
    Some(usize::try_from(size).unwrap_or(usize::MAX))
}

/// The compressed bytes, and the fault that ended them, which the decoders may not pass on.
struct Source<'a> {
    inner: &'a mut dyn Read,
    fault: Rc<RefCell<Option<Fault>>>,
}

impl Read for Source<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out);
        if let Err(e) = &read
            && e.kind() != io::ErrorKind::Interrupted
        {
            self.fault.replace(Some(Fault::of(e)));
        }
        read
    }
}

pub(crate) struct Squeezed<'a> {
    codec: Codec,
    window: usize,
    decoder: Option<Box<dyn Read + 'a>>,
    below: Rc<RefCell<Option<Fault>>>,
    /// Told from now on.
    fault: Option<Fault>,
    meter: Rc<Meter>,
    limits: &'a Limits,
}

impl<'a> Squeezed<'a> {
    pub fn new(
        codec: Codec,
        window: usize,
        inner: &'a mut dyn Read,
        meter: Rc<Meter>,
        limits: &'a Limits,
    ) -> Self {
        let below = Rc::new(RefCell::new(None));
        let source = Source {
            inner,
            fault: Rc::clone(&below),
        };
        let (decoder, fault) = match decoder(codec, window, source) {
            Ok(decoder) => (Some(decoder), None),
            Err(e) => {
                let detail = format!("the {} decoder does not start: {}", codec.name(), e.kind());
                (None, Some(Fault::malformed(detail)))
            }
        };
        Squeezed {
            codec,
            window,
            decoder,
            below,
            fault,
            meter,
            limits,
        }
    }

    /// The fault behind an error of the decoder.
    fn cause(&self, error: &io::Error) -> Fault {
        if let Some(fault) = self.below.borrow().clone() {
            return fault;
        }
        let name = self.codec.name();
        Fault::malformed(match error.kind() {
            io::ErrorKind::UnexpectedEof => format!("the {name} stream ends before its end"),
            _ => format!(
                "the {name} stream is broken, or needs more memory later on than the {} MiB that it began with",
                self.window >> 20
            ),
        })
    }
}

fn decoder<'a>(codec: Codec, window: usize, source: Source<'a>) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match codec {
        Codec::Zlib => Box::new(flate2::read::ZlibDecoder::new(source)),
        Codec::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::new(source)?;
            decoder.window_log_max((window - DECODER_BYTES).ilog2())?;
            Box::new(decoder)
        }
        Codec::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(source)),
        Codec::Xz => {
            let stream = liblzma::stream::Stream::new_stream_decoder(
                window as u64 + DECODER_BYTES as u64,
                liblzma::stream::CONCATENATED,
            )
            .map_err(io::Error::from)?;
            Box::new(liblzma::read::XzDecoder::new_stream(source, stream))
        }
        Codec::Lzma => {
            let memory = window as u64 + DECODER_BYTES as u64;
            let stream =
                liblzma::stream::Stream::new_lzma_decoder(memory).map_err(io::Error::from)?;
            Box::new(liblzma::read::XzDecoder::new_stream(source, stream))
        }
        Codec::Lz4 => Box::new(Frames(lz4_flex::frame::FrameDecoder::new(source))),
        Codec::Snappy => Box::new(snap::read::FrameDecoder::new(source)),
    })
}

/// LZ4 frames back to back: the decoder stops after each, and at the end once more.
struct Frames<R: Read>(lz4_flex::frame::FrameDecoder<R>);

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.0.read(out)? {
            0 => self.0.read(out),
            read => Ok(read),
        }
    }
}

impl Read for Squeezed<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone().into());
        }
        let Some(decoder) = &mut self.decoder else {
            return Ok(0);
        };
        let fault = match decoder.read(out) {
            Ok(written) => match self.meter.inflated(written, self.limits) {
                Ok(()) => return Ok(written),
                Err(fault) => {
                    self.fault = Some(fault.clone());
                    if written > 0 {
                        return Ok(written);
                    }
                    fault
                }
            },
            Err(e) if e.kind() == io::ErrorKind::Interrupted => return Err(e),
            Err(e) => self.cause(&e),
        };
        self.fault = Some(fault.clone());
        Err(fault.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_from_the_first_bytes() {
        let text = vec![b'a'; 20 << 20];
        for (level, wide) in [(3, 2 << 20), (19, 8 << 20), (22, 128 << 20)] {
            let mut frame = Vec::new();
            let mut encoder = zstd::stream::write::Encoder::new(&mut frame, level).unwrap();
            std::io::Write::write_all(&mut encoder, &text).unwrap();
            encoder.finish().unwrap();
            assert_eq!(zstd_window(&frame), Some(wide), "{level}");
        }
        let frame = zstd::bulk::compress(&text, 3).unwrap();
        assert_eq!(zstd_window(&frame).map(|w| w.min(20 << 20)), Some(2 << 20));
        let frame = zstd::bulk::compress(&text[..1000], 3).unwrap();
        assert_eq!(zstd_window(&frame), Some(1000));
        for (level, wide) in [(0, 256 << 10), (6, 8 << 20), (9, 64 << 20)] {
            let mut stream = Vec::new();
            let mut encoder = liblzma::read::XzEncoder::new(&text[..100], level);
            std::io::Read::read_to_end(&mut encoder, &mut stream).unwrap();
            assert_eq!(xz_window(&stream), Some(wide), "{level}");
        }
        for head in [b"".as_slice(), b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\0"] {
            assert_eq!((zstd_window(head), xz_window(head)), (None, None));
        }
    }

    #[test]
    fn names_lose_their_ending() {
        assert_eq!(Codec::Zstd.member_name("a.log.zst"), "a.log");
        assert_eq!(Codec::Xz.member_name("b.TXZ"), "b.tar");
        assert_eq!(Codec::Bzip2.member_name(".bz2"), ".bz2");
        assert_eq!(Codec::Lz4.member_name("plain"), "plain");
    }
}
