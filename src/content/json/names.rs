//! Names of JSON members: kept as raw bytes, unescaped when asked for.

use siphasher::sip::SipHasher13;

/// Longest stretch of a raw name that is kept; of a longer one the end is.
pub(crate) const NAME_BYTES_MAX: usize = 1024;

/// The part of a raw name that counts.
pub(crate) fn tail(raw: &[u8]) -> &[u8] {
    &raw[raw.len().saturating_sub(NAME_BYTES_MAX)..]
}

/// One step of unescaping: what a stretch of a raw string stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    /// So many raw bytes stand for the character.
    Char(char, usize),
    /// Not an escape of JSON: the raw byte stands for itself.
    Literal,
    /// More raw bytes are needed to tell.
    Incomplete,
}

/// Reads the escape that starts with the backslash at `raw[0]`.
pub(crate) fn escape(raw: &[u8]) -> Escape {
    let simple = |c| Escape::Char(c, 2);
    match raw.get(1) {
        None => Escape::Incomplete,
        Some(b'n') => simple('\n'),
        Some(b't') => simple('\t'),
        Some(b'r') => simple('\r'),
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{c}'),
        Some(&c @ (b'"' | b'\\' | b'/')) => simple(char::from(c)),
        Some(b'u') => unicode(raw),
        Some(_) => Escape::Literal,
    }
}

fn hex4(digits: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok()?;
    let all = text.bytes().all(|b| b.is_ascii_hexdigit());
    all.then(|| u32::from_str_radix(text, 16).ok()).flatten()
}

fn unicode(raw: &[u8]) -> Escape {
    let Some(digits) = raw.get(2..6) else {
        return Escape::Incomplete;
    };
    let Some(first) = hex4(digits) else {
        return Escape::Literal;
    };
    if let Some(c) = char::from_u32(first) {
        return Escape::Char(c, 6);
    }
    let lone = Escape::Char(char::REPLACEMENT_CHARACTER, 6);
    if first >= 0xdc00 {
        return lone;
    }
    // The first half of a pair.
    match (raw.get(6), raw.get(7), raw.get(8..12)) {
        (Some(b'\\'), Some(b'u'), Some(digits)) => match hex4(digits) {
            Some(second @ 0xdc00..0xe000) => {
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                Escape::Char(
                    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
                    12,
                )
            }
            _ => lone,
        },
        (None, ..) | (Some(b'\\'), None, _) | (Some(b'\\'), Some(b'u'), None) => Escape::Incomplete,
        _ => lone,
    }
}

/// Unescapes a raw name.
pub(crate) fn unescape(raw: &[u8]) -> String {
    if !raw.contains(&b'\\') {
        return String::from_utf8_lossy(raw).into_owned();
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(&byte) = rest.first() {
        let (len, c) = match byte {
            b'\\' => match escape(rest) {
                Escape::Char(c, len) => (len, Some(c)),
                Escape::Literal | Escape::Incomplete => (1, None),
            },
            _ => (1, None),
        };
        match c {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => out.push(byte),
        }
        rest = &rest[len.min(rest.len())..];
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The names that lead to a value, raw, from the root.
#[derive(Debug, Default)]
pub(crate) struct RawNames {
    /// Each ends with [`NAME_END`].
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// No byte of UTF-8.
const NAME_END: u8 = 0xff;

impl RawNames {
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    pub fn push(&mut self, raw: &[u8]) {
        self.bytes.extend_from_slice(raw);
        self.ends.push(self.bytes.len());
        self.bytes.push(NAME_END);
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|end| end + 1));
        starts
            .zip(&self.ends)
            .map(|(from, &to)| &self.bytes[from..to])
    }

    pub fn visit(&self, visit: &mut dyn FnMut(&str)) {
        for raw in self.iter() {
            match std::str::from_utf8(raw) {
                Ok(plain) if !plain.contains('\\') => visit(plain),
                _ => visit(&unescape(raw)),
            }
        }
    }

    /// Equal for equal names.
    pub fn key(&self) -> u64 {
        SipHasher13::new().hash(&self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unescapes() {
        assert_eq!(unescape(br"plain"), "plain");
        assert_eq!(unescape(br#"a\"b\\c\/d\n"#), "a\"b\\c/d\n");
        assert_eq!(unescape(br"\u00e9\ud83d\ude00!"), "é😀!");
        assert_eq!(unescape(br"\ud83dx\uZZ\q\"), "\u{fffd}x\\uZZ\\q\\");
    }
}
