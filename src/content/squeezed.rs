//! Compressed streams beside gzip: zlib, zstd, bzip2, xz, LZ4 frames and framed snappy, each through the
//! library of its format. Streams back to back are one.
//!
//! What can be expanded is given out before the fault that ended it. What a decoder may hold is
//! bounded by [`WINDOW_BYTES_MAX`]; a stream that asks for more is not read on.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

use super::fault::Fault;
use super::limits::{Limits, Meter};

/// Most text that a decoder looks back to: zstd up to level 21, xz at level 9.
const WINDOW_BYTES_MAX: u64 = 64 << 20;
const ZSTD_WINDOW_LOG_MAX: u32 = WINDOW_BYTES_MAX.ilog2();
/// What xz needs beside its window.
const XZ_BYTES_MAX: u64 = WINDOW_BYTES_MAX + (2 << 20);

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    Zlib,
    Zstd,
    Bzip2,
    Xz,
    Lz4,
    Snappy,
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
        }
    }

    pub fn mime(self) -> &'static str {
        match self {
            Codec::Zlib => "application/zlib",
            Codec::Zstd => "application/zstd",
            Codec::Bzip2 => "application/x-bzip2",
            Codec::Xz => "application/x-xz",
            Codec::Lz4 => "application/x-lz4",
            Codec::Snappy => "application/x-snappy-framed",
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
        inner: &'a mut dyn Read,
        meter: Rc<Meter>,
        limits: &'a Limits,
    ) -> Self {
        let below = Rc::new(RefCell::new(None));
        let source = Source {
            inner,
            fault: Rc::clone(&below),
        };
        let (decoder, fault) = match decoder(codec, source) {
            Ok(decoder) => (Some(decoder), None),
            Err(e) => {
                let detail = format!("the {} decoder does not start: {}", codec.name(), e.kind());
                (None, Some(Fault::malformed(detail)))
            }
        };
        Squeezed {
            codec,
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
                "the {name} stream is broken, or needs a window of more than {} MiB",
                WINDOW_BYTES_MAX >> 20
            ),
        })
    }
}

fn decoder<'a>(codec: Codec, source: Source<'a>) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match codec {
        Codec::Zlib => Box::new(flate2::read::ZlibDecoder::new(source)),
        Codec::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::new(source)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
            Box::new(decoder)
        }
        Codec::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(source)),
        Codec::Xz => {
            let stream = liblzma::stream::Stream::new_stream_decoder(
                XZ_BYTES_MAX,
                liblzma::stream::CONCATENATED,
            )
            .map_err(io::Error::from)?;
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
    fn names_lose_their_ending() {
        assert_eq!(Codec::Zstd.member_name("a.log.zst"), "a.log");
        assert_eq!(Codec::Xz.member_name("b.TXZ"), "b.tar");
        assert_eq!(Codec::Bzip2.member_name(".bz2"), ".bz2");
        assert_eq!(Codec::Lz4.member_name("plain"), "plain");
    }
}
