//! The place after a postcode, where the postcode comes first: FR, DE, ES and IT.
//!
//! How many of the words behind it are its name, and what else belongs to it.

use super::table::{self, Country, place, word};
use super::tokens;

/// Most words of a place.
const CITY_WORDS_MAX: usize = 6;

/// Ends of the words after a postcode that may name its place.
pub(super) struct After {
    ends: [usize; CITY_WORDS_MAX],
    start: usize,
    count: usize,
}

impl After {
    /// Words after `at` up to the first thing that is neither a word nor a single space.
    pub(super) fn postcode(text: &[u8], at: usize, lax: bool) -> Option<After> {
        let mut p = at;
        while matches!(text.get(p), Some(b' ' | b',')) || text[p..].starts_with(b"\xC2\xA0") {
            p += if text[p] == 0xC2 { 2 } else { 1 };
            if p - at > 3 {
                return None;
            }
        }
        let first = *text.get(p)?;
        let letter = if lax {
            first.is_ascii_alphabetic()
        } else {
            first.is_ascii_uppercase()
        };
        // an escaped capital, or letters beyond ASCII
        if p == at
            || !(letter || first >= 0xC3 || (first == b'\\' && text.get(p + 1) == Some(&b'u')))
        {
            return None;
        }
        let mut after = After {
            ends: [0; CITY_WORDS_MAX],
            start: p,
            count: 0,
        };
        let limit = text.len().min(p + 64);
        while after.count < CITY_WORDS_MAX {
            let end = tokens::token(text, p, limit);
            if end == p || text[p].is_ascii_digit() || end - p > 40 {
                break;
            }
            after.ends[after.count] = end;
            after.count += 1;
            let apart = text.get(end) == Some(&b' ')
                || (text.get(end) == Some(&b'/') && text.get(end + 1) == Some(&b' '));
            if !apart || text[end - 1] == b'.' && end - p > 4 {
                break;
            }
            p = end + 1;
        }
        (after.count > 0).then_some(after)
    }

    /// The longest known place of the country and zone.
    pub(super) fn known(&self, text: &[u8], country: Country, zone: &[u8]) -> Option<usize> {
        for count in (1..=self.count).rev() {
            let end = self.ends[count - 1];
            if place(country, zone, &text[self.start..end]) {
                return Some(trim(text, end));
            }
        }
        // `Berlin-Mitte`, `Paris-La-Défense`
        let first = &text[self.start..self.ends[0]];
        let cut = first
            .iter()
            .position(|b| *b == b'-')
            .or_else(|| first.iter().position(|b| *b == b'/'))?;
        place(country, zone, &first[..cut]).then(|| trim(text, self.ends[0]))
    }

    /// Words with capitals, taken for a place that is not in the list, from word `first` on.
    pub(super) fn unknown(&self, text: &[u8], first: usize, lax: bool) -> usize {
        let mut end = self.ends[first];
        for count in first + 1..self.count.min(first + 4) {
            let bytes = &text[self.ends[count - 1] + 1..self.ends[count]];
            let small = word(table::PLACE_SMALL, bytes);
            let capital = bytes[0].is_ascii_uppercase() || bytes[0] >= 0xC3 || lax;
            if bytes.eq_ignore_ascii_case(b"cedex") || !(capital || small) {
                break;
            }
            if !small {
                end = self.ends[count];
            }
        }
        trim(text, end)
    }

    /// A known place goes on where a small word joins another (`Becherbach bei Kirn`), where a
    /// part is glued to it (`Dahme/Mark`), or where a line of capitals ends with it.
    pub(super) fn joined(&self, text: &[u8], known: usize, country: Country, lax: bool) -> usize {
        let Some(at) = self.ends[..self.count].iter().position(|e| *e == known) else {
            return known;
        };
        if text.get(known) == Some(&b'/') && text.get(known + 1).is_some_and(u8::is_ascii_uppercase)
        {
            return tokens::token(text, known + 1, text.len().min(known + 40));
        }
        if at + 1 >= self.count {
            return known;
        }
        let next = &text[self.ends[at] + 1..self.ends[at + 1]];
        // Eging a.See
        if country == Country::De && matches!(next, [b'a'..=b'z', b'.', b'A'..=b'Z', ..]) {
            return trim(text, self.ends[at + 1]);
        }
        if at + 2 < self.count && next[0].is_ascii_lowercase() && word(table::PLACE_SMALL, next) {
            // `in` joins as often two sentences as two names
            let mut last = at + 2;
            if last + 1 < self.count && text[self.ends[at + 1] + 1].is_ascii_lowercase() {
                last += 1;
            }
            let after = text[self.ends[last - 1] + 1];
            let joins = next != b"in" && (after.is_ascii_uppercase() || after >= 0xC3);
            return if joins {
                trim(text, self.ends[last])
            } else {
                known
            };
        }
        let end = self.unknown(text, at, lax);
        let last = &text[self.ends[at] + 1..end.max(self.ends[at] + 1)];
        let province = country == Country::It
            && behind(text, end, country, lax) > end
            && behind(text, known, country, lax) == known;
        let closes = matches!(
            text.get(end),
            None | Some(b'"' | b'\n' | b'\r' | b'<' | b'\\')
        );
        if province || (closes && !word(table::COUNTRY, last)) {
            end
        } else {
            known
        }
    }
}

fn trim(text: &[u8], end: usize) -> usize {
    if text[end - 1] == b'.' { end - 1 } else { end }
}

/// Takes in what belongs to the place: `CEDEX 08`, the Italian province, a Spanish one in brackets.
pub(super) fn behind(text: &[u8], end: usize, country: Country, lax: bool) -> usize {
    let rest = &text[end..text.len().min(end + 32)];
    match country {
        Country::Fr => {
            let Some(word) = rest.get(1..6) else {
                return end;
            };
            if rest[0] != b' ' || !word.eq_ignore_ascii_case(b"cedex") {
                return end;
            }
            let digits = match rest.get(6) {
                Some(b' ') => rest[7..].iter().take_while(|b| b.is_ascii_digit()).count(),
                _ => 0,
            };
            if (1..=2).contains(&digits) {
                end + 7 + digits
            } else {
                end + 6
            }
        }
        Country::It => {
            let (open, at) = match rest {
                [b' ', b'(', ..] => (true, 2),
                [b'(', ..] => (true, 1),
                [b' ', ..] => (false, 1),
                [b',', b' ', ..] => (false, 2),
                _ => return end,
            };
            let Some(code) = rest.get(at..at + 2) else {
                return end;
            };
            let next = rest.get(at + 2);
            let closed = if open {
                next == Some(&b')')
            } else {
                !next.is_some_and(u8::is_ascii_alphanumeric)
            };
            if closed
                && (open || lax || code.iter().all(u8::is_ascii_uppercase))
                && word(table::IT_PROVINCE, code)
            {
                return end + at + 2 + usize::from(open);
            }
            end
        }
        Country::Es | Country::De => {
            // `Cabrera, La`
            if country == Country::Es
                && let [b',', b' ', article @ ..] = rest
            {
                let length = article
                    .iter()
                    .take_while(|b| b.is_ascii_alphabetic())
                    .count();
                let known: &[&str] =
                    &["la", "el", "los", "las", "les", "els", "a", "o", "as", "os"];
                let ends = !article
                    .get(length)
                    .is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
                let listed = known
                    .iter()
                    .any(|k| k.as_bytes().eq_ignore_ascii_case(&article[..length]));
                return if listed && ends {
                    end + 2 + length
                } else {
                    end
                };
            }
            let [b' ', b'(', inner @ ..] = rest else {
                return end;
            };
            match inner
                .iter()
                .position(|b| !(b.is_ascii_alphabetic() || *b >= 0x80 || *b == b' '))
            {
                Some(close) if close >= 3 && inner[close] == b')' => end + 2 + close + 1,
                _ => end,
            }
        }
        _ => end,
    }
}
