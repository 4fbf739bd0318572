//! Bytes of a part to characters, one by one, so that the place of each is known.

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};

use super::super::track::lines::Cursor;
use super::emit::Emit;

/// The characters of a part, or of a word in a header.
pub(super) struct Charset {
    /// `None`: as it is, which is UTF-8 or nothing that is known.
    decoder: Option<(&'static Encoding, Decoder)>,
    /// Where the bytes begin that the decoder has and has not told of.
    held: Option<Cursor>,
}

impl Charset {
    pub fn new(label: &str) -> Self {
        let known = Encoding::for_label(label.trim().as_bytes());
        let known = known.filter(|&e| e != UTF_8 && !label.trim().eq_ignore_ascii_case("us-ascii"));
        Charset {
            decoder: known.map(|e| (e, e.new_decoder_without_bom_handling())),
            held: None,
        }
    }

    /// Bytes are the text.
    pub fn is_identity(&self) -> bool {
        self.decoder.is_none()
    }

    /// ASCII bytes stand for themselves, now.
    pub fn is_ascii(&self) -> bool {
        self.held.is_none()
            && self
                .decoder
                .as_ref()
                .is_none_or(|(e, _)| e.is_ascii_compatible())
    }

    /// Takes the next byte, which stands between two places.
    pub fn push(&mut self, byte: u8, start: &Cursor, end: &Cursor, emit: &mut Emit) {
        let Some((_, decoder)) = &mut self.decoder else {
            return emit.unit(&[byte], start, end);
        };
        let from = *self.held.get_or_insert(*start);
        let mut text = [0; 16];
        let mut written = 0;
        let mut rest: &[u8] = &[byte];
        loop {
            let (result, read, more, _) = decoder.decode_to_utf8(rest, &mut text[written..], false);
            written += more;
            rest = &rest[read..];
            if result == CoderResult::InputEmpty || (read == 0 && more == 0) {
                break;
            }
        }
        if written > 0 {
            self.held = None;
            emit.unit(&text[..written], &from, end);
        }
    }

    /// Text as it is stored, byte by byte where it must be.
    pub fn raw(&mut self, text: &[u8], start: Cursor, emit: &mut Emit) {
        if self.is_identity() || (self.is_ascii() && text.is_ascii()) {
            return emit.verbatim(text, start);
        }
        let mut at = start;
        for &byte in text {
            let mut end = at;
            match byte {
                b'\n' => end.advance(b"\n", super::super::encoding::Unit::Utf8),
                _ => end.skip(1, super::super::encoding::Unit::Utf8),
            }
            self.push(byte, &at, &end, emit);
            at = end;
        }
    }
}
