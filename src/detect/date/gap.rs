//! Whether the text between a keyword and a date ties them together.

use super::parse;
use super::words;

/// How firmly the text between ties keyword and date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tie {
    /// They have nothing to do with each other.
    None,
    /// Other words or a comma stand between.
    Loose,
    /// Only punctuation, markup or link words stand between.
    Firm,
}

/// What was seen between keyword and date.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub tie: Tie,
    /// `=` or `:` stands between: the keyword is a label.
    pub label: bool,
    /// Line breaks between.
    pub lines: u8,
}

/// Characters of UTF-8 text; each stray byte that does not continue a sequence counts as one.
pub(super) fn chars(text: &[u8]) -> usize {
    text.iter().filter(|b| (**b & 0xC0) != 0x80).count()
}

/// Judges the text after a keyword up to a date. `claims` says which words claim the date for
/// something else.
pub(super) fn after(text: &[u8], claims: fn(&[u8]) -> bool) -> Gap {
    let mut gap = Gap {
        tie: Tie::Firm,
        label: false,
        lines: 0,
    };
    let mut p = 0;
    // whether anything but blanks stood before the next label
    let mut labels = 0;
    let mut last_word_linked = true;
    while let Some(&b) = text.get(p) {
        if b.is_ascii_alphabetic() || b >= 0x80 {
            let (name, length, end) = hump(text, p);
            let name = &name[..length];
            if claims(name) {
                gap.tie = Tie::None;
                return gap;
            }
            last_word_linked = words::link(name) || words::weekday(name);
            if !last_word_linked {
                gap.tie = Tie::Loose;
            }
            p = end;
            continue;
        }
        match b {
            b':' | b'=' => {
                gap.label = true;
                labels += 1;
                // a second label names another field, unless it is `{"value":`
                if labels > 1 && !last_word_linked {
                    gap.tie = Tie::None;
                    return gap;
                }
            }
            b',' => gap.tie = gap.tie.min(Tie::Loose),
            b';' | b'!' | b'?' => gap.tie = gap.tie.min(Tie::Loose),
            b'.' if text.get(p + 1) == Some(&b' ') && p > 1 => gap.tie = Tie::None,
            b'}' | b']' => gap.tie = Tie::None,
            b'\n' => {
                gap.lines += 1;
                if gap.tie != Tie::Firm || gap.lines > 2 {
                    gap.tie = Tie::None;
                    return gap;
                }
            }
            b'0'..=b'9' => {
                gap.tie = gap.tie.min(Tie::Loose);
                if gap.lines > 0 {
                    gap.tie = Tie::None;
                    return gap;
                }
            }
            _ => {}
        }
        if gap.tie == Tie::None {
            return gap;
        }
        p += 1;
    }
    gap
}

/// Judges the text between a date and a keyword that follows it: only link words and
/// punctuation may stand there.
pub(super) fn before(text: &[u8]) -> Tie {
    let mut tie = Tie::Firm;
    let mut p = 0;
    while let Some(&b) = text.get(p) {
        if b.is_ascii_alphabetic() || b >= 0x80 {
            let (name, length, end) = hump(text, p);
            let name = &name[..length];
            if !(words::link(name) || matches!(name, b"he" | b"she" | b"they" | b"for"))
                || matches!(name, b"td" | b"th" | b"li" | b"p" | b"br" | b"value" | b"v")
            {
                return Tie::None;
            }
            p = end;
            continue;
        }
        match b {
            b'=' | b':' | b'{' | b'}' | b'[' | b';' | b'|' | b'\n' | b'0'..=b'9' => {
                return Tie::None;
            }
            b',' => tie = Tie::Loose,
            _ => {}
        }
        p += 1;
    }
    tie
}

/// One word of a gap, lower case; a capital inside begins another word (`dobUpdatedAt`).
fn hump(text: &[u8], at: usize) -> ([u8; 16], usize, usize) {
    let mut end = at + 1;
    while let Some(&b) = text.get(end) {
        let inner = text[end - 1].is_ascii_lowercase() && b.is_ascii_uppercase();
        if inner || !(b.is_ascii_alphabetic() || b >= 0x80) {
            break;
        }
        end += 1;
    }
    let (buffer, length, _) = parse::word(&text[..end], at);
    (buffer, length, end)
}
