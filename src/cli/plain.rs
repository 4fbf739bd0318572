//! Text that is safe for a terminal.

use crate::model::is_unsafe_shown;

/// Makes a name harmless: control characters, bidirectional controls and other invisible
/// characters become `\u{..}` escapes, so that no object name can move the cursor, colour the
/// screen or show as another name.
pub fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if is_unsafe_shown(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_a_terminal_would_obey() {
        assert_eq!(plain("a\u{1b}[31mb\r\n"), "a\\u{1b}[31mb\\u{d}\\u{a}");
        assert_eq!(plain("exe\u{202e}gpj"), "exe\\u{202e}gpj");
        assert_eq!(plain("Müller – 東京.csv"), "Müller – 東京.csv");
    }
}
