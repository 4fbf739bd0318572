//! Encoded words of headers: `=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=`.

use super::super::track::lines::Cursor;
use super::charset::Charset;
use super::emit::Emit;
use super::lines::Along;

/// Longest word that is read; the standard allows 75.
const WORD_BYTES_MAX: usize = 1000;

/// A word as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    charset: &'a str,
    base64: bool,
    /// Where its text begins.
    from: usize,
    text: &'a [u8],
    /// Length of the whole.
    pub len: usize,
}

/// The word at the start of a text.
pub(super) fn word(text: &[u8]) -> Option<Word<'_>> {
    let text = &text[..text.len().min(WORD_BYTES_MAX)];
    let inner = text.strip_prefix(b"=?")?;
    let charset_len = memchr::memchr(b'?', inner)?;
    let charset = std::str::from_utf8(&inner[..charset_len]).ok()?;
    let base64 = match inner.get(charset_len + 1..charset_len + 3)? {
        [b'B' | b'b', b'?'] => true,
        [b'Q' | b'q', b'?'] => false,
        _ => return None,
    };
    let from = 2 + charset_len + 3;
    let len = memchr::memmem::find(&text[from..], b"?=")?;
    // a language may follow the name
    let charset = charset.split('*').next().unwrap_or(charset);
    let plain = !charset.is_empty() && !text[..from + len].contains(&b'\n');
    plain.then_some(Word {
        charset,
        base64,
        from,
        text: &text[from..from + len],
        len: from + len + 2,
    })
}

/// Value of a base64 character.
pub(super) fn sextet(byte: u8) -> Option<u32> {
    Some(
        match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        }
        .into(),
    )
}

pub(super) fn hex(digits: Option<&[u8]>) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16);
    match digits? {
        &[high, low] => Some((digit(high)? * 16 + digit(low)?) as u8),
        _ => None,
    }
}

impl Word<'_> {
    /// Visits the bytes it stands for, each with where in the word it is written.
    fn bytes(&self, visit: &mut dyn FnMut(u8, usize, usize)) {
        let text = self.text;
        if !self.base64 {
            let mut at = 0;
            while at < text.len() {
                let (byte, len) = match text[at] {
                    b'_' => (b' ', 1),
                    b'=' => match hex(text.get(at + 1..at + 3)) {
                        Some(byte) => (byte, 3),
                        None => (b'=', 1),
                    },
                    byte => (byte, 1),
                };
                visit(byte, self.from + at, self.from + at + len);
                at += len;
            }
            return;
        }
        let (mut held, mut bits, mut before) = (0u32, 0, 0);
        for (at, &byte) in text.iter().enumerate() {
            let Some(value) = sextet(byte) else { continue };
            held = (held << 6) | value;
            bits += 6;
            if bits >= 8 {
                bits -= 8;
                visit((held >> bits) as u8, self.from + before, self.from + at + 1);
                held &= (1 << bits) - 1;
            }
            before = at;
        }
    }

    /// Gives out what it stands for. `along`: over the piece in which it begins at `at`.
    pub fn emit(&self, along: &mut Along<'_>, at: usize, emit: &mut Emit) {
        let mut charset = Charset::new(self.charset);
        // places of bytes overlap, and a word is short
        let from = *along;
        self.bytes(&mut |byte, start, end| {
            let mut along = from;
            let start: Cursor = along.to(at + start);
            let end = along.to(at + end);
            charset.push(byte, &start, &end, emit);
        });
    }
}

/// A short text with its words decoded.
pub(super) fn plain(text: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut after_word = false;
    while !rest.is_empty() {
        if let Some(word) = word(rest) {
            let mut bytes = Vec::new();
            word.bytes(&mut |byte, _, _| bytes.push(byte));
            let known = encoding_rs::Encoding::for_label(word.charset.as_bytes());
            let (decoded, _) = known
                .unwrap_or(encoding_rs::UTF_8)
                .decode_without_bom_handling(&bytes);
            out.push_str(&decoded);
            rest = &rest[word.len..];
            after_word = true;
            continue;
        }
        let spaces = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        if after_word && spaces > 0 && self::word(&rest[spaces..]).is_some() {
            rest = &rest[spaces..];
            continue;
        }
        let next = memchr::memmem::find(&rest[1..], b"=?").map_or(rest.len(), |at| at + 1);
        let len = if spaces > 0 { spaces } else { next };
        out.push_str(&String::from_utf8_lossy(&rest[..len]));
        rest = &rest[len..];
        after_word = false;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_decoded() {
        for (text, expected) in [
            ("plain text", "plain text"),
            ("=?UTF-8?Q?Gr=C3=BC=C3=9Fe_an?= x", "Grüße an x"),
            (
                "=?iso-8859-1?q?Andr=E9?= =?utf-8*de?B?IMOpIQ==?=",
                "André é!",
            ),
            ("=?utf-8?b?YWJj", "=?utf-8?b?YWJj"),
            ("a =? b ?= c", "a =? b ?= c"),
            ("=?x?y?z?=", "=?x?y?z?="),
        ] {
            assert_eq!(plain(text.as_bytes()), expected);
        }
    }

    #[test]
    fn bytes_know_where_they_are_written() {
        let told = |text: &str| {
            let mut seen = Vec::new();
            word(text.as_bytes())
                .expect("a word")
                .bytes(&mut |byte, from, to| seen.push((byte, &text[from..to])));
            seen.iter()
                .map(|(b, t)| (*b, (*t).to_owned()))
                .collect::<Vec<_>>()
        };
        let some = |b: u8, t: &str| (b, t.to_owned());
        assert_eq!(
            told("=?u?Q?a=41_?="),
            [some(b'a', "a"), some(b'A', "=41"), some(b' ', "_")]
        );
        assert_eq!(
            told("=?u?B?YWJj?="),
            [some(b'a', "YW"), some(b'b', "WJ"), some(b'c', "Jj")]
        );
    }
}
