//! Writing JSON without a tree in between: escaping, numbers, and a writer that sets the commas.

use crate::model::is_unsafe_shown;
use crate::model::shown::push_escape;

/// First bytes of the characters beyond ASCII that are escaped.
const LEADS: [u8; 7] = [0xc2, 0xd8, 0xe1, 0xe2, 0xe3, 0xef, 0xf3];

/// Bytes that a JSON string cannot hold as they are.
const ESCAPED: [bool; 256] = {
    let mut table = [false; 256];
    let mut i = 0;
    while i < 0x20 {
        table[i] = true;
        i += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table[0x7f] = true;
    table
};

/// Appends `text` as a JSON string with its quotes.
///
/// What a terminal would obey or hide is escaped as well: DEL, the C1 control characters, line
/// separators, bidirectional controls and other invisible characters.
pub(crate) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if LEADS.contains(&byte) {
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                continue;
            };
            if is_unsafe_shown(c) {
                out.extend_from_slice(&bytes[from..at]);
                let mut escaped = String::new();
                push_escape(c, &mut escaped);
                out.extend_from_slice(escaped.as_bytes());
                from = at + c.len_utf8();
            }
        } else if ESCAPED[usize::from(byte)] {
            out.extend_from_slice(&bytes[from..at]);
            escape(out, byte);
            from = at + 1;
        }
    }
    out.extend_from_slice(&bytes[from..]);
    out.push(b'"');
}

fn escape(out: &mut Vec<u8>, code: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match code {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        _ => {
            out.extend_from_slice(b"\\u00");
            out.push(HEX[usize::from(code >> 4)]);
            out.push(HEX[usize::from(code & 15)]);
        }
    }
}

pub(crate) fn optional_string(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        Some(text) => string(out, text),
        None => out.extend_from_slice(b"null"),
    }
}

pub(crate) fn number(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends 0 to 1 with at most two decimals and at least one: `0.0`, `0.98`, `1.0`.
///
/// What is not a number counts as 0: JSON has no word for it.
pub(crate) fn fraction(out: &mut Vec<u8>, value: f32) {
    // the clamp keeps the cast in range, and takes a NaN to 0
    let hundredths = (value.clamp(0.0, 1.0) * 100.0).round() as u8;
    out.push(b'0' + hundredths / 100);
    out.push(b'.');
    out.push(b'0' + hundredths / 10 % 10);
    if !hundredths.is_multiple_of(10) {
        out.push(b'0' + hundredths % 10);
    }
}

/// Writes a document value by value and sets the commas.
#[derive(Debug)]
pub(crate) struct Json<'a> {
    out: &'a mut Vec<u8>,
    comma: bool,
}

impl<'a> Json<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        Json { out, comma: false }
    }

    /// Goes on inside a list or object that already has a value if `comma`.
    pub(crate) fn inside(out: &'a mut Vec<u8>, comma: bool) -> Self {
        Json { out, comma }
    }

    fn value(&mut self) -> &mut Vec<u8> {
        if self.comma {
            self.out.push(b',');
        }
        self.comma = true;
        self.out
    }

    fn open(&mut self, bracket: u8) {
        self.value().push(bracket);
        self.comma = false;
    }

    fn close(&mut self, bracket: u8) {
        self.out.push(bracket);
        self.comma = true;
    }

    /// `{...}`, filled by `fill`.
    pub(crate) fn object(&mut self, fill: impl FnOnce(&mut Self)) {
        self.open(b'{');
        fill(self);
        self.close(b'}');
    }

    /// `[...]`, filled by `fill`.
    pub(crate) fn list(&mut self, fill: impl FnOnce(&mut Self)) {
        self.open(b'[');
        fill(self);
        self.close(b']');
    }

    /// The name of the next value; names are ours and need no escaping.
    pub(crate) fn name(&mut self, name: &str) -> &mut Self {
        let out = self.value();
        out.push(b'"');
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        self.comma = false;
        self
    }

    pub(crate) fn string(&mut self, text: &str) {
        string(self.value(), text);
    }

    pub(crate) fn optional(&mut self, text: Option<&str>) {
        optional_string(self.value(), text);
    }

    pub(crate) fn number(&mut self, value: u64) {
        number(self.value(), value);
    }

    pub(crate) fn optional_number(&mut self, value: Option<u64>) {
        match value {
            Some(value) => self.number(value),
            None => self.null(),
        }
    }

    pub(crate) fn bool(&mut self, value: bool) {
        self.value()
            .extend_from_slice(if value { b"true" } else { b"false" });
    }

    pub(crate) fn null(&mut self) {
        self.value().extend_from_slice(b"null");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> String {
        let mut out = Vec::new();
        string(&mut out, text);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn every_character_reads_back_and_no_control_character_is_written() {
        for code in (0..0x3000).chain([0x1f600, 0x10ffff]) {
            let Some(c) = char::from_u32(code) else {
                continue;
            };
            let text = format!("a{c}\u{c2}b{c}");
            let json = quoted(&text);
            let back: String = serde_json::from_str(&json).expect("JSON");
            assert_eq!(back, text);
            assert!(!json.chars().any(char::is_control), "{code:x}");
        }
    }

    #[test]
    fn what_a_terminal_obeys_or_hides_is_escaped() {
        for c in (0..=0x10ffff).filter_map(char::from_u32) {
            let json = quoted(&format!("{c}"));
            let back: String = serde_json::from_str(&json).expect("JSON");
            assert_eq!(back.chars().next(), Some(c));
            assert!(!json.chars().any(is_unsafe_shown), "{:x}", u32::from(c));
        }
    }

    #[test]
    fn fractions_have_one_or_two_decimals() {
        let written = |value: f32| {
            let mut out = Vec::new();
            fraction(&mut out, value);
            String::from_utf8(out).expect("ASCII")
        };
        assert_eq!(written(0.0), "0.0");
        assert_eq!(written(1.0), "1.0");
        assert_eq!(written(0.98), "0.98");
        assert_eq!(written(0.5), "0.5");
        assert_eq!(written(0.05), "0.05");
        assert_eq!(written(0.996), "1.0");
        assert_eq!(written(7.0), "1.0");
        assert_eq!(written(f32::NAN), "0.0");
    }

    #[test]
    fn commas_stand_between_values_only() {
        let mut out = Vec::new();
        let mut json = Json::new(&mut out);
        json.object(|j| {
            j.name("a").list(|j| {
                j.number(1);
                j.list(|_| ());
                j.null();
                j.object(|_| ());
            });
            j.name("b").bool(true);
            j.name("c").optional(None);
        });
        assert_eq!(
            String::from_utf8(out).expect("UTF-8"),
            r#"{"a":[1,[],null,{}],"b":true,"c":null}"#
        );
    }
}
