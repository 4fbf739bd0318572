//! Characters that must not reach a terminal as they are.

/// Control characters, line separators, bidirectional controls and other invisible characters: a
/// terminal obeys them, or shows a name as another one.
pub fn is_unsafe_shown(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Writes such characters of a JSON text as escapes. They can stand in its strings only, so that it
/// stays the same document.
pub fn escape_in_json(json: String) -> String {
    if !json.chars().any(is_unsafe_shown) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        match is_unsafe_shown(c) {
            true => push_escape(c, &mut out),
            false => out.push(c),
        }
    }
    out
}

/// Appends a character as JSON escapes, two where it takes a pair.
pub fn push_escape(c: char, out: &mut String) {
    use std::fmt::Write;
    for unit in c.encode_utf16(&mut [0; 2]) {
        // writing to a string cannot fail
        let _ = write!(out, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_document_is_the_same_document() {
        let text = "a\u{202e}b\u{7f}\u{9b}c\u{e0041}ü";
        let json = serde_json::to_string(text).unwrap();
        let escaped = escape_in_json(json);
        assert_eq!(escaped, r#""a\u202eb\u007f\u009bc\udb40\udc41ü""#);
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
    }
}
