//! What may stand right before and after a value.
//!
//! The expressions have no look-around, so a pattern names the rule for its edges here. Numbers
//! inside longer numbers, ids, versions, paths and UUIDs are the usual false alarms; most of them
//! are refused by their neighbours alone.

use std::ops::Range;

/// Rule for the neighbours of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// No letter, digit or `_` beside it.
    Word,
    /// As `Word`, and no `-`, `.`, `/`, `:`, `+`, `,`, `=` or `%` that joins it to more digits.
    Number,
    /// No character of the base64 alphabets (`A-Z a-z 0-9 + / _ -`) beside it, nor `=` after it
    /// that pads it to more.
    Base64,
    /// Anything.
    Open,
}

/// Longest part beside a joining sign that is looked at, in bytes.
const PART_BYTES_MAX: usize = 24;

impl Edge {
    const ALL: [(Edge, &'static str); 4] = [
        (Edge::Word, "word"),
        (Edge::Number, "number"),
        (Edge::Base64, "base64"),
        (Edge::Open, "open"),
    ];

    /// The name in detector files.
    pub fn name(self) -> &'static str {
        match self {
            Edge::Word => "word",
            Edge::Number => "number",
            Edge::Base64 => "base64",
            Edge::Open => "open",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(e, _)| *e)
    }

    /// Names of all rules, for messages.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(_, n)| *n)
    }

    /// Whether the neighbours of `value` in `text` allow it. A range outside the text is refused.
    pub fn allows(self, text: &[u8], value: Range<usize>) -> bool {
        let (Some(before), Some(after)) = (text.get(..value.start), text.get(value.end..)) else {
            return false;
        };
        match self {
            Edge::Open => true,
            Edge::Word => word_clear(before, after),
            Edge::Number => {
                word_clear(before, after) && !joined_before(before) && !joined_after(after)
            }
            Edge::Base64 => {
                let in_alphabet =
                    |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'_' | b'-');
                !before.last().is_some_and(in_alphabet)
                    && !after.first().is_some_and(in_alphabet)
                    && after.first() != Some(&b'=')
            }
        }
    }
}

fn is_word(b: &u8) -> bool {
    b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80
}

fn word_clear(before: &[u8], after: &[u8]) -> bool {
    // an underscore before a value joins a name to it (`ssn_536904399`), it does not continue it
    let open = match before {
        [.., b'_'] => !joined_before(before),
        [.., last] => !is_word(last) || unescaped_before(before),
        [] => true,
    };
    open && !after.first().is_some_and(is_word)
}

/// A letter that belongs to an escape (`\n`, `\t`, `\r` in JSON text inside text) is no neighbour.
fn unescaped_before(before: &[u8]) -> bool {
    matches!(before, [.., b'\\', b'n' | b't' | b'r'])
}

/// A joining sign right before, and a digit in the part on its other side.
fn joined_before(before: &[u8]) -> bool {
    let Some((sign, rest)) = before.split_last() else {
        return false;
    };
    match sign {
        b'-' | b'_' => {
            let part = rest
                .iter()
                .rev()
                .take(PART_BYTES_MAX)
                .take_while(|b| b.is_ascii_alphanumeric());
            part.into_iter().any(u8::is_ascii_digit)
        }
        b'.' | b'/' | b':' | b'+' | b',' | b'*' => rest.last().is_some_and(u8::is_ascii_digit),
        b'%' | b'$' => true,
        _ => false,
    }
}

/// A joining sign right after, and a digit (after `-`: also a letter) on its other side.
fn joined_after(after: &[u8]) -> bool {
    match after {
        [b'-', next, ..] => next.is_ascii_alphanumeric(),
        [b'.' | b'/' | b':' | b'+' | b'*', next, ..] => next.is_ascii_digit(),
        [b'%', ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(edge: Edge, text: &str, value: &str) -> bool {
        let at = text.find(value).expect("value in text");
        edge.allows(text.as_bytes(), at..at + value.len())
    }

    #[test]
    fn names_are_read_back() {
        for (edge, name) in Edge::ALL {
            assert_eq!(edge.name(), name);
            assert_eq!(Edge::parse(name), Some(edge));
        }
        assert_eq!(Edge::parse("words"), None);
    }

    #[test]
    fn a_number_stands_alone() {
        for text in [
            "536904399",
            "ssn:536904399",
            "ssn=536904399,",
            "ssn-536904399",
            "ssn_536904399",
            "(536904399)",
            "\"536904399\"",
            "536904399.",
            "536904399 5",
            "a,536904399,b",
            "\\n536904399\\n",
            "#536904399",
        ] {
            assert!(allows(Edge::Number, text, "536904399"), "{text}");
        }
        for text in [
            "x536904399",
            "536904399x",
            "5-536904399",
            "536904399-5",
            "536904399-e29b",
            "a71f-536904399",
            "1.536904399",
            "536904399.5",
            "12:536904399",
            "1,536904399",
            "536904399/2",
            "%536904399",
            "536904399%",
            "é536904399",
            "id_12_536904399",
        ] {
            assert!(!allows(Edge::Number, text, "536904399"), "{text}");
        }
    }

    #[test]
    fn base64_runs_are_not_cut() {
        assert!(allows(Edge::Base64, "\"AAAA\"", "AAAA"));
        assert!(!allows(Edge::Base64, "/AAAA", "AAAA"));
        assert!(!allows(Edge::Base64, "AAAA=", "AAAA"));
        assert!(!allows(Edge::Base64, "AAAA+b", "AAAA"));
    }

    #[test]
    fn a_range_outside_the_text_is_refused() {
        assert!(!Edge::Open.allows(b"abc", 1..9));
    }
}
