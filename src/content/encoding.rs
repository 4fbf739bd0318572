//! Text encodings: which one a text is in, and decoding to UTF-8 as it streams.
//!
//! UTF-8 passes as it is. For the others the stored offset of every character follows from the
//! UTF-8 text alone, because they use a fixed number of bytes for each character, so no map of
//! offsets is kept.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How many stored bytes the characters of a decoded text take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// The text is the stored bytes.
    Utf8,
    /// One byte a character.
    Single,
    /// Two bytes a character, four above U+FFFF.
    Utf16,
}

impl Unit {
    /// Stored bytes of `text`, a stretch of the decoded text on character boundaries.
    pub fn stored_len(self, text: &[u8]) -> u64 {
        match self {
            Unit::Utf8 => text.len() as u64,
            Unit::Single => bytecount::num_chars(text) as u64,
            Unit::Utf16 => {
                let astral = text.iter().filter(|&&b| b >= 0xf0).count();
                2 * (bytecount::num_chars(text) + astral) as u64
            }
        }
    }
}

/// Encoding of one text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coding {
    pub unit: Unit,
    /// Length of the byte order mark, which is not part of the text.
    pub bom_bytes: usize,
    /// `None`: as it is.
    pub decode: Option<&'static Encoding>,
}

impl Coding {
    const fn utf8(bom_bytes: usize) -> Self {
        Coding {
            unit: Unit::Utf8,
            bom_bytes,
            decode: None,
        }
    }

    fn utf16(encoding: &'static Encoding, bom_bytes: usize) -> Self {
        Coding {
            unit: Unit::Utf16,
            bom_bytes,
            decode: Some(encoding),
        }
    }

    /// Tells the encoding from the first bytes of a text.
    pub fn of(head: &[u8]) -> Self {
        if head.starts_with(b"\xef\xbb\xbf") {
            return Coding::utf8(3);
        }
        if let Some(coding) = utf16_of(head) {
            return coding;
        }
        if mostly_utf8(head) {
            return Coding::utf8(0);
        }
        Coding {
            unit: Unit::Single,
            bom_bytes: 0,
            decode: Some(WINDOWS_1252),
        }
    }
}

/// UTF-16 by its mark, or by every other byte of Latin text being zero.
pub(crate) fn utf16_of(head: &[u8]) -> Option<Coding> {
    if head.starts_with(b"\xff\xfe") {
        return Some(Coding::utf16(UTF_16LE, 2));
    }
    if head.starts_with(b"\xfe\xff") {
        return Some(Coding::utf16(UTF_16BE, 2));
    }
    let sample = &head[..head.len().min(4096) & !1];
    if sample.len() < 4 {
        return None;
    }
    let zeros = |side: usize| {
        sample
            .iter()
            .skip(side)
            .step_by(2)
            .filter(|&&b| b == 0)
            .count()
    };
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    // Text mostly in Latin letters: one side zero in most pairs, the other hardly ever.
    if odd * 10 >= pairs * 6 && even * 50 <= pairs {
        Some(Coding::utf16(UTF_16LE, 0))
    } else if even * 10 >= pairs * 6 && odd * 50 <= pairs {
        Some(Coding::utf16(UTF_16BE, 0))
    } else {
        None
    }
}

/// Valid, or with at least as many valid multi-byte sequences as stray bytes.
fn mostly_utf8(mut rest: &[u8]) -> bool {
    let (mut valid, mut stray) = (0usize, 0usize);
    loop {
        let (good, bad) = match std::str::from_utf8(rest) {
            Ok(text) => (text.as_bytes(), None),
            Err(e) => (
                &rest[..e.valid_up_to()],
                Some((e.valid_up_to(), e.error_len())),
            ),
        };
        valid += good.iter().filter(|&&b| b >= 0xc0).count();
        match bad {
            None => break,
            // The head ends within a character.
            Some((_, None)) => break,
            Some((at, Some(len))) => {
                stray += 1;
                rest = &rest[at + len..];
            }
        }
    }
    valid >= stray
}

/// Decodes a stream to UTF-8; what cannot be decoded becomes U+FFFD, one for each stored unit.
///
/// The buffer of a `read` must hold [`DECODE_STEP_BYTES`].
pub(crate) struct Decoding<'a> {
    inner: &'a mut dyn Read,
    decoder: Decoder,
    raw: Vec<u8>,
    pos: usize,
    end: usize,
    ended: bool,
    finished: bool,
}

const RAW_BYTES: usize = 32 << 10;
/// Least room for one step of decoding.
pub(crate) const DECODE_STEP_BYTES: usize = 64;

impl<'a> Decoding<'a> {
    pub fn new(inner: &'a mut dyn Read, encoding: &'static Encoding) -> Self {
        Decoding {
            inner,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: vec![0; RAW_BYTES],
            pos: 0,
            end: 0,
            ended: false,
            finished: false,
        }
    }
}

impl Read for Decoding<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        debug_assert!(out.len() >= DECODE_STEP_BYTES);
        while !self.finished {
            if self.pos == self.end && !self.ended {
                let read = self.inner.read(&mut self.raw)?;
                (self.pos, self.end) = (0, read);
                self.ended = read == 0;
            }
            let (result, used, written, _) =
                self.decoder
                    .decode_to_utf8(&self.raw[self.pos..self.end], out, self.ended);
            self.pos += used;
            self.finished = self.ended && result == CoderResult::InputEmpty;
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

/// The first characters of a text, decoded, for looking at its structure.
pub(crate) fn decode_head(coding: Coding, head: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    let text = &head[coding.bom_bytes.min(head.len())..];
    match coding.decode {
        None => text.into(),
        Some(encoding) => encoding
            .decode_without_bom_handling(text)
            .0
            .into_owned()
            .into_bytes()
            .into(),
    }
}
