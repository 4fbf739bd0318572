//! What stands around a candidate, in bits for or against it.
//!
//! Looks at the neighbouring word of the chain, or at the marks and the word beyond them; never
//! further than a few dozen bytes.

use std::ops::Range;

use super::chain::{Chain, Join};
use super::score::{self, NEVER};
use super::table::{Class, Entry};
use super::word::{self, Shape, Word};

/// What a capitalised neighbour that is not part of the name says.
fn neighbour(word: &Word, after: bool) -> i32 {
    let best = word.entry.first.max(word.entry.last);
    if word.shape == Shape::Initial {
        return -3;
    }
    match word.entry.class {
        Class::Title if after => 0,
        Class::Title => 5,
        Class::Role if after => 0,
        Class::Role => 3,
        Class::Introducer if after => 0,
        Class::Introducer => 3,
        Class::Suffix => 2,
        Class::Function | Class::Calendar => 0,
        Class::Locative => {
            if after {
                0
            } else {
                -3
            }
        }
        Class::Article => {
            if after {
                0
            } else {
                -4
            }
        }
        Class::Organisation => {
            if after {
                NEVER
            } else {
                -3
            }
        }
        Class::Site => {
            if after {
                -6
            } else {
                -2
            }
        }
        Class::Named => {
            if after {
                NEVER
            } else {
                -20
            }
        }
        Class::PlaceHead => {
            if after {
                -3
            } else {
                -25
            }
        }
        Class::Thing => -3,
        Class::Particle => -4,
        Class::None | Class::Phrase => {
            if word.entry.other > 3 && word.entry.other >= best.saturating_sub(2) {
                -2
            } else if best > 4 {
                -4
            } else {
                -2
            }
        }
    }
}

/// What stands before a candidate that starts at `start` says. Read from the text, never from the
/// chain, so that it is the same where a chain was begun later.
pub fn left(text: &[u8], start: usize, tail: &Word) -> i32 {
    let Some(&mark) = start.checked_sub(1).and_then(|i| text.get(i)) else {
        return 0;
    };
    match mark {
        b'.' | b'_' | b'/' | b'\\' | b'@' | b'#' | b'$' | b'%' | b'&' | b'+' | b'^' | b'~'
        | b'`' => NEVER,
        b'-' if start >= 2 && word::wordy(text, start - 2) => NEVER,
        b' ' => before_space(text, start - 1, tail),
        _ => 0,
    }
}

/// The same beyond the space at `space`.
fn before_space(text: &[u8], space: usize, tail: &Word) -> i32 {
    let Some(&mark) = space.checked_sub(1).and_then(|i| text.get(i)) else {
        return 0;
    };
    if copyright(text, space) {
        return NEVER;
    }
    match mark {
        b'&' => return -8,
        // who is quoted, at the start of a line: "-- Jane Doe"
        b'-' | 0x93..=0x95 if attributed(text, space) => return 3,
        b':' => {
            return match word::read_before(text, space - 1) {
                Some(w) if w.entry.class == Class::Introducer => 4,
                Some(w) if matches!(w.entry.class, Class::Role | Class::Title) => 3,
                _ => 0,
            };
        }
        b'.' => {
            return match word::read_before(text, space - 1) {
                Some(w) if w.entry.class == Class::Title => 5,
                // "W. Richard Stevens": the candidate that takes the initial in is better
                Some(w) if w.shape == Shape::Initial => -3,
                _ => 0,
            };
        }
        _ => {}
    }
    if mark.is_ascii_digit() {
        // 931 Jackson Alley
        let street = matches!(tail.entry.class, Class::Site | Class::Thing);
        return if street { NEVER } else { -1 };
    }
    let Some(word) = word::read_before(text, space) else {
        return 0;
    };
    match (word.shape, word.entry.class) {
        (Shape::Odd, _) => 0,
        (Shape::Lower, class) => match class {
            Class::Introducer => 3,
            Class::Title => 5,
            Class::Role => 2,
            Class::Locative => -2,
            Class::Article => -4,
            Class::Organisation => -1,
            Class::Named => -20,
            Class::Particle => before_particle(text, word.start),
            _ if text.get(word.start..word.end) == Some(b"of") => before_of(text, word.start),
            _ => 1,
        },
        _ => neighbour(&word, false),
    }
}

/// Whether a copyright notice, with years or without, ends at `end`: `(c) 2001-2003`. Who holds a
/// copyright is published on purpose and stands in every other source file and boot log.
fn copyright(text: &[u8], end: usize) -> bool {
    let from = end.saturating_sub(24);
    let Some(before) = text.get(from..end) else {
        return false;
    };
    let years = before
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b','))
        .count();
    let notice = &before[..before.len() - years];
    [
        &b"(c)"[..],
        b"(C)",
        "©".as_bytes(),
        b"opyright",
        b"OPYRIGHT",
    ]
    .iter()
    .any(|mark| notice.ends_with(mark))
}

/// Whether nothing but a dash, a long one or two, stands in the line before `end`.
fn attributed(text: &[u8], end: usize) -> bool {
    let from = end.saturating_sub(24);
    let Some(before) = text.get(from..end) else {
        return false;
    };
    let dashes: [&[u8]; 4] = [b"--", "–".as_bytes(), "—".as_bytes(), "―".as_bytes()];
    let Some(dash) = dashes.iter().find(|dash| before.ends_with(dash)) else {
        return false;
    };
    let blanks = &before[..before.len() - dash.len()];
    let blank = |b: &&u8| matches!(b, b' ' | b'\t');
    let count = blanks.iter().rev().take_while(blank).count();
    match blanks.len().checked_sub(count + 1).map(|i| blanks[i]) {
        Some(b) => b == b'\n',
        None => from == 0,
    }
}

/// "rue de Jean Dupont": what stands before a particle that starts at `start`.
fn before_particle(text: &[u8], start: usize) -> i32 {
    let named = start
        .checked_sub(1)
        .filter(|&space| text[space] == b' ')
        .and_then(|space| word::read_before(text, space))
        .is_some_and(|w| w.entry.class == Class::Named);
    if named { -20 } else { 0 }
}

/// "Law Offices of John Smith": what stands before an "of" that starts at `start`.
fn before_of(text: &[u8], start: usize) -> i32 {
    let organisation = start
        .checked_sub(1)
        .filter(|&space| text[space] == b' ')
        .and_then(|space| word::read_before(text, space))
        .is_some_and(|w| w.entry.class == Class::Organisation && w.shape == Shape::Title);
    if organisation { -20 } else { 0 }
}

/// Letters of company forms that follow a name, with or without dots.
const FORMS: &[&[u8]] = &[
    b"ag", b"as", b"bt", b"bv", b"cpp", b"crl", b"dd", b"doo", b"eirl", b"ev", b"gbr", b"gesbr",
    b"gmbh", b"hb", b"inc", b"jdoo", b"kft", b"kg", b"kgaa", b"ks", b"ky", b"lda", b"llc", b"llp",
    b"lp", b"ltd", b"ltda", b"nv", b"nyrt", b"ohg", b"osk", b"os", b"oy", b"oyj", b"pc", b"plc",
    b"ry", b"sa", b"sarl", b"sas", b"sat", b"sau", b"sc", b"scom", b"scoop", b"sl", b"slu", b"snc",
    b"sp", b"spa", b"spj", b"spk", b"spol", b"srl", b"sro", b"tmi", b"vos", b"zrt",
];

/// Whether a company form stands at `at`: `S.A.`, `GmbH`, `s.r.o.`, `Sp. z o.o.`.
fn company_form(text: &[u8], at: usize) -> bool {
    let mut letters = [0u8; 5];
    let (mut len, mut marked) = (0, false);
    for &b in text.get(at..).unwrap_or_default().iter().take(12) {
        match b {
            b'.' => marked = true,
            b if b.is_ascii_alphabetic() => {
                let Some(slot) = letters.get_mut(len) else {
                    return false;
                };
                *slot = b.to_ascii_lowercase();
                len += 1;
                // "as" is a word, "AS" is not
                marked |= b.is_ascii_uppercase() && len > 1;
            }
            b if b.is_ascii_digit() || b >= 0x80 || matches!(b, b'_' | b'-' | b'\'') => {
                return false;
            }
            _ => break,
        }
    }
    marked && FORMS.contains(&&letters[..len])
}

/// What stands after the words `span` says.
pub fn right(text: &[u8], chain: &Chain, span: &Range<usize>) -> i32 {
    let words = chain.words();
    let tail = &words[span.end - 1];
    let gap = match text.get(tail.end..) {
        Some([b' ', ..]) => 1,
        Some([b',', b' ', ..]) => 2,
        _ => 0,
    };
    if gap > 0 && company_form(text, tail.end + gap) {
        return NEVER;
    }
    if let Some(next) = words.get(span.end) {
        match chain.join(span.end) {
            Join::Space => {
                // the end of a line of two given names and a rare family name
                let ends = next.entry == Entry::NONE
                    && next.shape == Shape::Title
                    && words.len() == span.end + 1;
                let bits = if ends { -4 } else { neighbour(next, true) };
                return bits.min(ahead(chain, span.end));
            }
            Join::Particle | Join::Tight => return -5,
            Join::Comma => {
                return match next.entry.class {
                    // "Smith Jones, Inc."
                    Class::Organisation if next.letters <= 4 => -14,
                    Class::Suffix => 3,
                    _ => 0,
                };
            }
            _ => {}
        }
    }
    let end = tail.end;
    let at = |i: usize| text.get(end + i).copied().unwrap_or(b'\n');
    match at(0) {
        // the end of a string within a string, or of its line
        b'\\' if matches!(at(1), b'"' | b'\\' | b'n' | b'r' | b't') => 0,
        b'_' | b'\\' | b'=' | b'$' | b'#' | b'[' | b'{' | b'(' | b'%' | b'^' | b'+' => NEVER,
        b':' if at(1) == b':' => NEVER,
        b'.' if at(1).is_ascii_uppercase() || at(1) == b'_' => NEVER,
        b'.' if at(1).is_ascii_alphanumeric() => -3,
        b'-' if word::wordy(text, end + 1) => -6,
        b'/' => -1,
        b',' if at(1) == b' ' => 1,
        b' ' if at(1) == b'<' => mailed(text, end + 2, tail),
        b' ' => after_space(text, end + 1),
        // "Jane Doe" <jane.doe@example.com>
        b'"' | b'\'' if at(1) == b' ' && at(2) == b'<' => mailed(text, end + 3, tail),
        _ => 0,
    }
}

/// Most bytes of a mail address that are looked at.
const MAIL_BYTES_MAX: usize = 64;
/// Shortest last word that is looked for in a mail address, in letters.
const MAILED_LETTERS_MIN: usize = 4;

/// What a mail address that begins at `at` says of the words before it: more if it holds the last.
fn mailed(text: &[u8], at: usize, tail: &Word) -> i32 {
    let rest = text.get(at..).unwrap_or_default();
    let rest = &rest[..rest.len().min(MAIL_BYTES_MAX)];
    let Some(sign) = memchr::memchr(b'@', rest) else {
        return 0;
    };
    let local = &rest[..sign];
    if local.is_empty() || local.iter().any(|b| b.is_ascii_whitespace() || *b == b'>') {
        return 0;
    }
    let word = text.get(tail.start..tail.end).unwrap_or_default();
    let held = word.len() >= MAILED_LETTERS_MIN
        && local
            .windows(word.len())
            .any(|part| part.eq_ignore_ascii_case(word));
    if held { 8 } else { 5 }
}

/// A company or building that ends a few words on takes the name in: `Walter Reed Medical Center`.
fn ahead(chain: &Chain, from: usize) -> i32 {
    for (step, malus) in [(1, -20), (2, -16)] {
        let here = match chain.words().get(from + step - 1) {
            Some(w) => w,
            None => return 0,
        };
        let ends = match here.entry.class {
            // "Martin Luther King Boulevard"
            Class::Title | Class::Role => here.entry.last < 8,
            Class::Introducer | Class::Function | Class::Suffix => true,
            _ => false,
        };
        if ends || here.possessive || chain.join(from + step) != Join::Space {
            return 0;
        }
        match chain.words().get(from + step).map(|w| w.entry.class) {
            Some(Class::Organisation | Class::Named) => return malus,
            Some(_) => {}
            None => return 0,
        }
    }
    0
}

/// The same beyond the space before `at`.
fn after_space(text: &[u8], at: usize) -> i32 {
    let Some(&mark) = text.get(at) else {
        return 0;
    };
    match mark {
        b'&' => return -8,
        b'0'..=b'9' => return -2,
        b'=' | b'+' | b'|' => return 0,
        _ => {}
    }
    let Some(word) = word::read(text, at) else {
        return 0;
    };
    if word.shape != Shape::Lower {
        return 0;
    }
    // "and Sons", "et Fils", "y asociados"
    if matches!(
        text.get(word.start..word.end),
        Some(b"and" | b"et" | b"y" | b"e" | b"und" | b"en" | b"og" | b"och" | b"i")
    ) && text.get(word.end) == Some(&b' ')
        && word::read(text, word.end + 1).is_some_and(|w| w.entry.class == Class::Organisation)
    {
        return NEVER;
    }
    match word.entry.class {
        // "said", "wrote"
        Class::Introducer => 2,
        Class::Organisation | Class::Named if text.get(word.end) != Some(&b'.') => -6,
        _ => 1,
    }
}

/// Whether the line end inside `words` is one of running text.
pub fn soft_wrap(text: &[u8], words: &[Word]) -> bool {
    let (Some(head), Some(tail)) = (words.first(), words.last()) else {
        return false;
    };
    // a full line before: no line end in the 40 bytes before the name, and words in lower case
    let Some(before) = head
        .start
        .checked_sub(40)
        .and_then(|s| text.get(s..head.start))
    else {
        return false;
    };
    let lower = before.iter().filter(|b| b.is_ascii_lowercase()).count();
    if before.contains(&b'\n') || lower < 24 || before.last() != Some(&b' ') {
        return false;
    }
    match (text.get(tail.end), text.get(tail.end + 1)) {
        (Some(b' '), Some(b)) => b.is_ascii_lowercase() || *b == b'(',
        (Some(b',' | b'.' | b';' | b'\''), _) => true,
        _ => false,
    }
}

/// Whether `words` fill a line, a cell, a quotation or an item of a list.
pub fn stands_alone(text: &[u8], words: &[Word]) -> bool {
    let (Some(head), Some(tail)) = (words.first(), words.last()) else {
        return false;
    };
    let before = match head.start.checked_sub(1).map(|i| text[i]) {
        None | Some(b'\n' | b'"' | b'\'' | b'\t' | b'|' | b';' | b'>' | b'(' | b'=' | b',') => true,
        // "From: Doe, Jane", "cc: ", "; Doe, Jane"
        Some(b' ') => {
            head.start < 2
                || matches!(
                    text[head.start - 2],
                    b':' | b';' | b'\n' | b'|' | b'>' | b',' | b'"' | b' ' | b'-' | b'=' | b'*'
                )
        }
        Some(_) => false,
    };
    let after = match text.get(tail.end) {
        None
        | Some(
            b'\n' | b'\r' | b'"' | b'\'' | b'\t' | b'|' | b';' | b'<' | b'(' | b')' | b'@' | b'/',
        ) => true,
        Some(b' ') => matches!(
            text.get(tail.end + 1),
            None | Some(b'\n' | b'<' | b'(' | b'[' | b'|' | b' ' | b'/')
        ),
        _ => false,
    };
    before && after && score::given(tail) > NEVER
}
