//! The fields of a header that say how its body is to be read.

use super::words;

/// Longest field that is looked at.
pub(super) const FIELD_BYTES_MAX: usize = 16 << 10;
/// Longest name of a member that is kept.
const NAME_CHARS_MAX: usize = 1000;

/// A value with its parameters: `text/plain; charset=utf-8`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    /// Lower case.
    pub value: String,
    /// Names in lower case, numbers of continuations and marks of RFC 2231 with them.
    parameters: Vec<(String, Vec<u8>)>,
}

impl Field {
    pub fn read(text: &[u8]) -> Field {
        let text = &text[..text.len().min(FIELD_BYTES_MAX)];
        let text = text.trim_ascii_start();
        let end = memchr::memchr(b';', text).unwrap_or(text.len());
        // some leave the semicolon out
        let word = text[..end].iter().position(u8::is_ascii_whitespace);
        let spaced = word.filter(|at| text[*at..end].contains(&b'='));
        let value = String::from_utf8_lossy(&text[..spaced.unwrap_or(end)]);
        // a comment may follow
        let value = value.split('(').next().unwrap_or("").trim();
        let mut field = Field {
            value: value.to_ascii_lowercase(),
            parameters: Vec::new(),
        };
        let owned = spaced.map(|at| [b";", &text[at..]].concat());
        let mut rest = owned.as_deref().unwrap_or(&text[end..]);
        while let Some(text) = rest.strip_prefix(b";") {
            let text = text.trim_ascii_start();
            let name_len = text
                .iter()
                .take_while(|b| !matches!(b, b'=' | b';'))
                .count();
            let name = String::from_utf8_lossy(&text[..name_len])
                .trim()
                .to_ascii_lowercase();
            rest = &text[name_len..];
            if let Some(value) = rest.strip_prefix(b"=") {
                let (value, behind) = parameter(value.trim_ascii_start());
                field.parameters.push((name, value));
                rest = behind;
            }
        }
        field
    }

    /// A parameter as it is written.
    pub fn raw(&self, name: &str) -> Option<&[u8]> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_slice())
    }

    pub fn word(&self, name: &str) -> Option<String> {
        let value = String::from_utf8_lossy(self.raw(name)?);
        Some(value.trim().to_ascii_lowercase())
    }

    /// A parameter for people to read, whichever way it is encoded.
    pub fn text(&self, name: &str) -> Option<String> {
        let text = self
            .extended(name)
            .or_else(|| self.raw(name).map(words::plain))?;
        let text: String = text.trim().chars().take(NAME_CHARS_MAX).collect();
        (!text.is_empty()).then_some(text)
    }

    /// `name*=utf-8''…`, `name*0*=…; name*1=…`
    fn extended(&self, name: &str) -> Option<String> {
        if let Some(value) = self.raw(&format!("{name}*")) {
            let (charset, text) = charset_of(value);
            return Some(decode(charset, &percent(text)));
        }
        let mut bytes = Vec::new();
        let mut charset = String::new();
        for number in 0..100 {
            if let Some(value) = self.raw(&format!("{name}*{number}*")) {
                let text = if number == 0 {
                    let (stated, text) = charset_of(value);
                    charset = stated.to_owned();
                    text
                } else {
                    value
                };
                bytes.extend(percent(text));
            } else if let Some(value) = self.raw(&format!("{name}*{number}")) {
                bytes.extend_from_slice(value);
            } else {
                break;
            }
        }
        (!bytes.is_empty()).then(|| decode(&charset, &bytes))
    }
}

/// The value at the start, and what follows it, from the next `;` on.
fn parameter(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut value = Vec::new();
    let mut at = 0;
    if text.first() == Some(&b'"') {
        at = 1;
        while let Some(&byte) = text.get(at) {
            at += 1;
            match byte {
                b'"' => break,
                b'\\' => {
                    value.extend(text.get(at));
                    at += 1;
                }
                _ => value.push(byte),
            }
        }
    }
    let rest = text.get(at..).unwrap_or_default();
    let end = memchr::memchr(b';', rest).unwrap_or(rest.len());
    if at == 0 {
        value.extend_from_slice(rest[..end].trim_ascii());
    }
    (value, &rest[end..])
}

/// `charset'language'text`
fn charset_of(value: &[u8]) -> (&str, &[u8]) {
    let mut parts = value.splitn(3, |b| *b == b'\'');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(charset), Some(_), Some(text)) => (std::str::from_utf8(charset).unwrap_or(""), text),
        _ => ("", value),
    }
}

fn percent(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        match (text[at], words::hex(text.get(at + 1..at + 3))) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

fn decode(charset: &str, bytes: &[u8]) -> String {
    let known = encoding_rs::Encoding::for_label(charset.as_bytes());
    let (text, _) = known
        .unwrap_or(encoding_rs::UTF_8)
        .decode_without_bom_handling(bytes);
    text.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_in_every_spelling() {
        let field = Field::read(b"Multipart/Mixed; boundary=\"a;\\\"b\" ; charset = UTF-8;x");
        assert_eq!(field.value, "multipart/mixed");
        assert_eq!(field.raw("boundary"), Some(&b"a;\"b"[..]));
        assert_eq!(field.word("charset").as_deref(), Some("utf-8"));
        assert_eq!(field.raw("x"), None);
        let field = Field::read(b"multipart/mixed\r\n\tboundary=\"b c\"; x=y");
        assert_eq!(field.value, "multipart/mixed");
        assert_eq!(field.raw("boundary"), Some(&b"b c"[..]));
        assert_eq!(field.raw("x"), Some(&b"y"[..]));
        for (text, expected) in [
            ("attachment; filename=\"a b.pdf\"", "a b.pdf"),
            ("attachment; filename=a.pdf", "a.pdf"),
            (
                "attachment; filename*=utf-8''%e2%82%ac%20rates.csv",
                "€ rates.csv",
            ),
            (
                "attachment; filename*0*=iso-8859-1'en'caf%e9; filename*1=\" two.txt\"",
                "café two.txt",
            ),
            (
                "attachment; filename*0=\"long na\"; filename*1=\"me.txt\"",
                "long name.txt",
            ),
            ("attachment; filename=\"=?utf-8?B?w6kudHh0?=\"", "é.txt"),
        ] {
            let field = Field::read(text.as_bytes());
            assert_eq!(field.text("filename").as_deref(), Some(expected), "{text}");
        }
        for odd in [
            "",
            ";",
            "a;=",
            "a;b=\"",
            "a;b=\"\\",
            ";;;",
            "a;b*0*=%",
            "a; filename=\"\"",
        ] {
            assert_eq!(Field::read(odd.as_bytes()).text("filename"), None);
        }
    }
}
