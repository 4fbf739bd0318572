//! Bytes of an XML part as UTF-8, whatever their encoding; what is not valid in it is borne.

use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes decoded at a time.
const BUFFER_BYTES: usize = 16 << 10;
/// Bytes in which a declaration of the encoding is looked for.
const DECLARATION_BYTES: usize = 200;

/// A reader of UTF-8 over one of bytes.
pub struct Decoded<R> {
    inner: R,
    decoder: Option<Decoder>,
    out: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R> std::fmt::Debug for Decoded<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoded").finish_non_exhaustive()
    }
}

impl<R: BufRead> Decoded<R> {
    pub fn new(inner: R) -> Self {
        Decoded {
            inner,
            decoder: None,
            out: Vec::with_capacity(BUFFER_BYTES),
            at: 0,
            ended: false,
        }
    }

    pub fn get_ref(&self) -> &R {
        &self.inner
    }
}

impl<R: BufRead> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.out.len() && !self.ended {
            let input = self.inner.fill_buf()?;
            let decoder = self
                .decoder
                .get_or_insert_with(|| told_encoding(input).new_decoder());
            let last = input.is_empty();
            self.out.resize(BUFFER_BYTES, 0);
            self.at = 0;
            let (result, read, written, _) = decoder.decode_to_utf8(input, &mut self.out, last);
            self.out.truncate(written);
            self.inner.consume(read);
            self.ended = last && result == CoderResult::InputEmpty;
        }
        Ok(&self.out[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.out.len());
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let have = self.fill_buf()?;
        let len = have.len().min(out.len());
        out[..len].copy_from_slice(&have[..len]);
        self.consume(len);
        Ok(len)
    }
}

/// The encoding that the first bytes tell: by their pattern, else by the declaration.
fn told_encoding(head: &[u8]) -> &'static Encoding {
    match head {
        [0xfe, 0xff, ..] | [0, b'<', ..] => return UTF_16BE,
        [0xff, 0xfe, ..] | [b'<', 0, ..] => return UTF_16LE,
        _ => {}
    }
    let head = &head[..head.len().min(DECLARATION_BYTES)];
    let declaration = head.split(|&b| b == b'>').next().unwrap_or_default();
    let Some(at) = memchr::memmem::find(declaration, b"encoding") else {
        return UTF_8;
    };
    let rest = &declaration[at..];
    let mut quoted = rest.splitn(3, |&b| b == b'"' || b == b'\'');
    let label = quoted.nth(1).unwrap_or_default();
    Encoding::for_label(label)
        // The declaration was read as single bytes, so that it cannot be in UTF-16.
        .filter(|e| *e != UTF_16LE && *e != UTF_16BE)
        .unwrap_or(UTF_8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn decoded(bytes: &[u8]) -> String {
        let whole = io::read_to_string(Decoded::new(bytes)).unwrap();
        // Pieces of any size give the same; the first holds the declaration.
        let pieces = BufReader::with_capacity(80, bytes);
        assert_eq!(io::read_to_string(Decoded::new(pieces)).unwrap(), whole);
        whole
    }

    #[test]
    fn text_is_decoded_as_its_first_bytes_say() {
        let text = "<a>M\u{fc}ller \u{20ac}</a>";
        assert_eq!(decoded(text.as_bytes()), text);
        assert_eq!(decoded(format!("\u{feff}{text}").as_bytes()), text);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&little), text);
        let big: Vec<u8> = [0xfe, 0xff]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        assert_eq!(decoded(&big), text);
        assert_eq!(
            decoded(b"<?xml version='1.0' encoding='windows-1252'?><a>M\xfcller \x80</a>"),
            "<?xml version='1.0' encoding='windows-1252'?><a>M\u{fc}ller \u{20ac}</a>"
        );
        assert_eq!(decoded(b"<a>M\xfcller</a>"), "<a>M\u{fffd}ller</a>");
        assert_eq!(decoded(b""), "");
    }
}
