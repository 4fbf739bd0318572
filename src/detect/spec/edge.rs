//! What may stand right before and after a value.
//!
//! The expressions have no look-around, so a pattern names the rule for its edges here. Numbers
//! inside longer numbers, ids, versions, paths and UUIDs are the usual false alarms; most of them
//! are refused by their neighbours alone. What stands farther off is read by `detect::veto`.

use std::ops::Range;

use crate::detect::word::is_unspaced;

/// Rule for the neighbours of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// No letter, digit or `_` beside it.
    Word,
    /// As `Word`, and no `-`, `_`, `.`, `/`, `:`, `+`, `,`, `*` or `%` that joins it to more digits,
    /// nor a group of four before one.
    Number,
    /// As `Number`, and no `_`, `-`, `/`, `#`, `@`, `$` (before it: `.`) beside it at all: the number
    /// belongs to no name or path.
    Free,
    /// As `Number`, and no digit beyond one space or comma and space: part of no longer date.
    Alone,
    /// As `Word`, and no `.` or `-` that joins it to more digits or letters: one dotted value.
    Dotted,
    /// No character of the base64 alphabets (`A-Z a-z 0-9 + / _ -`) beside it, nor `=` after it
    /// that pads it to more.
    Base64,
    /// No letter, digit, `_` or `-` beside it: a token whose alphabet holds both signs. It may be a
    /// part of a path.
    Token,
    /// Anything.
    Open,
}

/// Longest part beside a joining sign that is looked at, in bytes.
const PART_BYTES_MAX: usize = 24;

impl Edge {
    const ALL: [(Edge, &'static str); 8] = [
        (Edge::Word, "word"),
        (Edge::Number, "number"),
        (Edge::Free, "free"),
        (Edge::Alone, "alone"),
        (Edge::Dotted, "dotted"),
        (Edge::Base64, "base64"),
        (Edge::Token, "token"),
        (Edge::Open, "open"),
    ];

    /// The name in detector files.
    pub fn name(self) -> &'static str {
        // the table is in the order of the enum, which a test shows
        Self::ALL[self as usize].1
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(e, _)| *e)
    }

    /// Names of all rules, for messages.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(_, n)| *n)
    }

    /// A value ends where its last run of letters and digits does.
    pub fn ends_word(self) -> bool {
        match self {
            Edge::Word | Edge::Number | Edge::Free | Edge::Alone | Edge::Dotted => true,
            Edge::Base64 | Edge::Token | Edge::Open => false,
        }
    }

    /// Whether the neighbours of `value` in `text` allow it. A range outside the text is refused.
    ///
    /// Looks at most `PART_BYTES_MAX` (24) bytes to either side.
    pub fn allows(self, text: &[u8], value: Range<usize>) -> bool {
        let (Some(before), Some(inside), Some(after)) = (
            text.get(..value.start),
            text.get(value.clone()),
            text.get(value.end..),
        ) else {
            return false;
        };
        match self {
            Edge::Open => true,
            Edge::Word => word_clear(before, inside, after),
            Edge::Number => number_clear(before, inside, after),
            Edge::Free => free_clear(before, inside, after),
            Edge::Alone => {
                number_clear(before, inside, after)
                    && !matches!(
                        before,
                        [.., b'0'..=b'9', b' ' | b','] | [.., b'0'..=b'9', b',', b' ']
                    )
                    && !matches!(
                        after,
                        [b' ' | b',', b'0'..=b'9', ..] | [b',' | b' ', b' ', b'0'..=b'9', ..]
                    )
            }
            Edge::Dotted => {
                let joined = |sign: Option<&u8>, next: Option<&u8>| {
                    matches!(sign, Some(b'.' | b'-')) && next.is_some_and(u8::is_ascii_alphanumeric)
                };
                let mut back = before.iter().rev();
                word_clear(before, inside, after)
                    && !joined(back.next(), back.next())
                    && !joined(after.first(), after.get(1))
            }
            Edge::Base64 => {
                let in_alphabet =
                    |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'_' | b'-');
                (!before.last().is_some_and(in_alphabet) || escape_before(before))
                    && !after.first().is_some_and(in_alphabet)
                    && after.first() != Some(&b'=')
            }
            Edge::Token => {
                let joins = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
                (!before.last().is_some_and(joins) || escape_before(before))
                    && !after.first().is_some_and(joins)
            }
        }
    }
}

fn number_clear(before: &[u8], inside: &[u8], after: &[u8]) -> bool {
    word_clear(before, inside, after)
        && !joined_before(before)
        && !joined_after(after)
        && !group_before(before, inside)
}

fn free_clear(before: &[u8], inside: &[u8], after: &[u8]) -> bool {
    let attached = |b: &u8| matches!(b, b'_' | b'-' | b'.' | b'/' | b'#' | b'@' | b'$');
    number_clear(before, inside, after)
        && !before.last().is_some_and(attached)
        && !matches!(after, [b'_' | b'-' | b'/' | b'#' | b'@' | b'$', ..])
}

/// A letter or digit of a script that parts its words; others stand beside numbers without a space.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !is_unspaced(c)
}

fn last_char(text: &[u8]) -> Option<char> {
    if let Some(b) = text.last().filter(|b| b.is_ascii()) {
        return Some(char::from(*b));
    }
    let tail = &text[text.len().saturating_sub(4)..];
    let start = tail.iter().rposition(|b| b & 0xC0 != 0x80)?;
    std::str::from_utf8(&tail[start..]).ok()?.chars().next()
}

fn first_char(text: &[u8]) -> Option<char> {
    if let Some(b) = text.first().filter(|b| b.is_ascii()) {
        return Some(char::from(*b));
    }
    let head = &text[..text.len().min(4)];
    let end = head[1.min(head.len())..]
        .iter()
        .position(|b| b & 0xC0 != 0x80)
        .map_or(head.len(), |i| i + 1);
    std::str::from_utf8(&head[..end]).ok()?.chars().next()
}

fn word_clear(before: &[u8], inside: &[u8], after: &[u8]) -> bool {
    // a value such as `(206) 555-0100` opens with a sign of its own: a letter may stand before it
    let signed = inside.first().is_some_and(u8::is_ascii_punctuation);
    let open = match before {
        // an underscore joins a name to the value (`ssn_536904399`), or continues a number
        [.., b'_'] => !joined_before(before),
        _ => match last_char(before) {
            Some(c) if c.is_ascii_digit() => false,
            // `E+49`: a plus right after a letter adds or is an exponent's
            Some(c) => !is_word(c) || signed && !inside.starts_with(b"+") || escape_before(before),
            None => true,
        },
    };
    open && !first_char(after).is_some_and(|c| is_word(c) || c == '_')
}

/// A letter that belongs to an escape (`\n`, `\t`, `\r` in JSON text inside text) is no neighbour.
fn escape_before(before: &[u8]) -> bool {
    matches!(before, [.., b'\\', b'n' | b't' | b'r'])
}

/// A joining sign right before, and a digit in the part on its other side.
fn joined_before(before: &[u8]) -> bool {
    let Some((sign, rest)) = before.split_last() else {
        return false;
    };
    match sign {
        b'-' | b'_' => rest
            .iter()
            .rev()
            .take(PART_BYTES_MAX)
            .take_while(|b| b.is_ascii_alphanumeric())
            .any(u8::is_ascii_digit),
        b'+' if matches!(rest, [.., b'0'..=b'9', b'e' | b'E']) => true,
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

/// A value in groups of four goes on to the left: four digits or the head of a bank account
/// (`DE89`), and the same separator.
fn group_before(before: &[u8], inside: &[u8]) -> bool {
    let [a, b, c, d, separator @ (b' ' | b'-'), ..] = inside else {
        return false;
    };
    let Some((sign, rest)) = before.split_last() else {
        return false;
    };
    if sign != separator || ![a, b, c, d].into_iter().all(u8::is_ascii_digit) {
        return false;
    }
    let [.., e, f, g, h] = rest else {
        return false;
    };
    let digits = e.is_ascii_digit() && f.is_ascii_digit();
    let capitals = e.is_ascii_uppercase() && f.is_ascii_uppercase();
    let stands_alone = !rest[..rest.len() - 4]
        .last()
        .is_some_and(u8::is_ascii_alphanumeric);
    (digits || capitals) && g.is_ascii_digit() && h.is_ascii_digit() && stands_alone
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
        for (i, (edge, name)) in Edge::ALL.into_iter().enumerate() {
            assert_eq!(edge as usize, i);
            assert_eq!(edge.name(), name);
            assert_eq!(Edge::parse(name), Some(edge));
        }
        assert_eq!(Edge::parse("words"), None);
    }

    #[test]
    fn a_plus_after_a_letter_or_digit_starts_no_number() {
        for text in [
            "5.39393011E+493591678",
            "x+493591678",
            "7+493591678",
            "1e+493591678",
        ] {
            assert!(!allows(Edge::Number, text, "+493591678"), "{text}");
        }
        assert!(!allows(Edge::Number, "5.3E+493591678", "493591678"));
        for text in [
            "tel:+493591678",
            "a +493591678",
            "(+493591678)",
            "\\n+493591678",
        ] {
            assert!(allows(Edge::Number, text, "+493591678"), "{text}");
        }
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
    fn other_scripts_are_read() {
        for text in [
            "SSN：536904399",
            "„536904399“",
            "号码536904399号",
            "\u{a0}536904399\u{a0}",
        ] {
            assert!(allows(Edge::Number, text, "536904399"), "{text}");
        }
        assert!(!allows(Edge::Number, "Ж536904399", "536904399"));
        assert!(!allows(Edge::Number, "536904399ж", "536904399"));
        assert!(Edge::Number.allows(b"\xff536904399\xff", 1..10));
    }

    #[test]
    fn a_value_may_open_with_a_sign() {
        assert!(allows(Edge::Number, "tel(206) 555-0100", "(206) 555-0100"));
        assert!(allows(Edge::Number, "tel:+12065550100", "+12065550100"));
        assert!(!allows(Edge::Number, "5+12065550100", "+12065550100"));
    }

    #[test]
    fn groups_go_on_to_the_left() {
        let card = "4532 0151 1283 0366";
        for text in [
            "card 4532 0151 1283 0366",
            "12 4532 0151 1283 0366",
            "abcd 4532 0151 1283 0366",
        ] {
            assert!(allows(Edge::Number, text, card), "{text}");
        }
        for text in ["1234 4532 0151 1283 0366", "DE89 4532 0151 1283 0366"] {
            assert!(!allows(Edge::Number, text, card), "{text}");
        }
    }

    #[test]
    fn a_free_number_belongs_to_no_name() {
        for text in [
            "order 5424180000000015",
            "a=5424180000000015,",
            "\"5424180000000015\"",
            "5424180000000015.",
        ] {
            assert!(allows(Edge::Free, text, "5424180000000015"), "{text}");
        }
        for text in [
            "blk_5424180000000015",
            "blk_-5424180000000015",
            "/5424180000000015",
            "#5424180000000015",
            "5424180000000015/x",
            "5424180000000015_x",
        ] {
            assert!(!allows(Edge::Free, text, "5424180000000015"), "{text}");
        }
    }

    #[test]
    fn a_date_alone_is_part_of_no_longer_one() {
        for text in [
            "expires Feb 2026",
            "Feb 2026.",
            "Feb 2026, by",
            "card 1, until Feb 2026",
        ] {
            assert!(allows(Edge::Alone, text, "Feb 2026"), "{text}");
        }
        for text in [
            "03 Feb 2026",
            "Feb 2026 12:00",
            "3, Feb 2026",
            "Feb 2026, 12",
            "03-Feb 2026",
        ] {
            assert!(!allows(Edge::Alone, text, "Feb 2026"), "{text}");
        }
    }

    #[test]
    fn a_dotted_value_is_whole() {
        for text in ["192.0.2.1", "/192.0.2.1:80", "=192.0.2.1.", "192.0.2.1 - -"] {
            assert!(allows(Edge::Dotted, text, "192.0.2.1"), "{text}");
        }
        for text in [
            "3.192.0.2.1",
            "192.0.2.1.3",
            "192.0.2.1-rc1",
            "v192.0.2.1",
            "a-192.0.2.1",
        ] {
            assert!(!allows(Edge::Dotted, text, "192.0.2.1"), "{text}");
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
    fn tokens_may_be_parts_of_paths() {
        for text in ["x/a-b_c/y", "\\na-b_c", "=a-b_c=", "a-b_c."] {
            assert!(allows(Edge::Token, text, "a-b_c"), "{text}");
        }
        for text in ["xa-b_c", "-a-b_c", "a-b_c-d", "a-b_c_", "a-b_c1"] {
            assert!(!allows(Edge::Token, text, "a-b_c"), "{text}");
        }
    }

    #[test]
    fn a_range_outside_the_text_is_refused() {
        assert!(!Edge::Open.allows(b"abc", 1..9));
    }
}
