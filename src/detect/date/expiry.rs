//! Expiry dates of payment cards near an expiry keyword or in an expiry field.
//!
//! A card expires in a month: month and year, never a day. A full date beside "expiration" is a
//! certificate's, a token's or a cookie's.

use std::ops::Range;

use super::super::word::quote_at;
use super::gap::{self, Tie};
use super::parse;
use super::words;
use super::{DateMatch, EXPIRY_YEARS, KEYWORD_DISTANCE_CHARS};

/// Which part of an expiry date a name asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Month,
    Year,
}

/// Finds the expiry date that belongs to the expiry keyword at `keyword`, on either side of it.
///
/// Forms: `02/26`, `02/2026`, `02-26`, `Feb 2026`, `Feb-26`, `26-Feb`, `2026-02`; behind a keyword
/// for a part (`expM=02`, `exp_year":"2026`), the part alone. Months 01 to 12.
pub fn expiry_near(text: &[u8], keyword: Range<usize>, found: &mut dyn FnMut(DateMatch)) {
    if keyword.start > keyword.end || keyword.end > text.len() || not_a_card(&text[..keyword.start])
    {
        return;
    }
    let (part, from) = part_of(text, &keyword);
    let limit = text.len().min(from + 4 * KEYWORD_DISTANCE_CHARS);
    let mut p = from;
    while p < limit {
        if !starts(text, p, from) {
            p += 1;
            continue;
        }
        let Some(end) = value(text, p, part) else {
            // another date or number comes first: what follows it is not ours
            if text[p].is_ascii_digit() {
                break;
            }
            p += 1;
            continue;
        };
        let between = &text[keyword.end.max(from)..p];
        let distance = gap::chars(&text[keyword.end..p]);
        let gap = gap::after(between, claims);
        let label = gap.label || part == Part::Whole;
        if distance <= KEYWORD_DISTANCE_CHARS && gap.tie != Tie::None && label && gap.lines < 2 {
            let firm = gap.tie == Tie::Firm;
            found(DateMatch {
                range: p..end,
                confidence: if firm { 0.9 } else { 0.7 },
                distance_chars: distance as u16,
                before: true,
            });
            return;
        }
        break;
    }
    if part == Part::Whole
        && let Some(hit) = before(text, &keyword)
    {
        found(hit);
    }
}

/// The expiry date that a field holds; `name` is the field's own name (`exp_month` asks for a
/// month, `expYear` for a year, others for both).
pub fn expiry_in_field(name: &[u8], value: &[u8]) -> Option<DateMatch> {
    let at = value
        .iter()
        .position(|b| !b.is_ascii_whitespace() && !matches!(b, b'"' | b'\''))?;
    let part = named_part(name);
    let end = self::value(value, at, part).or_else(|| field_digits(value, at, part))?;
    let rest = value[end..].trim_ascii();
    if !rest.iter().all(|b| matches!(b, b'"' | b'\'')) {
        return None;
    }
    Some(DateMatch {
        range: at..end,
        confidence: 0.9,
        distance_chars: 0,
        before: true,
    })
}

/// Words between keyword and value that give the value away to something else.
fn claims(word: &[u8]) -> bool {
    words::other_expiry(word)
        || matches!(
            word,
            b"created"
                | b"updated"
                | b"issued"
                | b"start"
                | b"from"
                | b"version"
                | b"null"
                | b"none"
                | b"cvv"
                | b"cvc"
                | b"seconds"
                | b"minutes"
                | b"days"
                | b"hours"
                | b"ms"
        )
}

/// The words just before the keyword name something that expires and is no card.
fn not_a_card(text: &[u8]) -> bool {
    let from = text.len().saturating_sub(24);
    let mut p = from;
    let mut claimed = false;
    while p < text.len() {
        if text[p].is_ascii_alphabetic() && (p == 0 || !text[p - 1].is_ascii_alphabetic()) {
            let (name, length, end) = parse::word(text, p);
            claimed = words::other_expiry(&name[..length]);
            p = end.max(p + 1);
        } else {
            if matches!(text[p], b'\n' | b',' | b';' | b'&') {
                claimed = false;
            }
            p += 1;
        }
    }
    claimed
}

/// Which part the keyword asks for, and where the text after the whole name begins: the keyword
/// `exp m` stands for `expM`, `exp_month`, `expMonth` and `exp mm` alike.
fn part_of(text: &[u8], keyword: &Range<usize>) -> (Part, usize) {
    let mut from = keyword.end;
    while text.get(from).is_some_and(u8::is_ascii_alphabetic) && from - keyword.end < 12 {
        from += 1;
    }
    let word = &text[keyword.start..from];
    let part = named_part(word);
    if part != Part::Whole {
        return (part, from);
    }
    // `expiration_month`, `expiry year`, `expirationMonth`
    let mut p = from + usize::from(matches!(text.get(from), Some(b'_' | b'-' | b' ' | b'.')));
    let begin = p;
    while text.get(p).is_some_and(u8::is_ascii_alphabetic) && p - begin < 12 {
        p += 1;
    }
    match text[begin..p].to_ascii_lowercase().as_slice() {
        b"month" | b"mm" | b"mon" | b"m" | b"mo" => (Part::Month, p),
        b"year" | b"yy" | b"yyyy" | b"y" | b"yr" => (Part::Year, p),
        _ => (Part::Whole, from.min(keyword.end.max(from))),
    }
}

fn named_part(name: &[u8]) -> Part {
    let mut folded = [0u8; 24];
    let mut length = 0;
    for b in name.iter().filter(|b| b.is_ascii_alphabetic()).rev() {
        if length == folded.len() {
            break;
        }
        length += 1;
        folded[24 - length] = b.to_ascii_lowercase();
    }
    let name = &folded[24 - length..];
    let ends = |tails: &[&str]| tails.iter().any(|t| name.ends_with(t.as_bytes()));
    if ends(&[
        "month",
        "expm",
        "expmm",
        "expirymm",
        "expirationmm",
        "expmon",
        "expmo",
        "expirym",
        "expirationm",
    ]) {
        Part::Month
    } else if ends(&[
        "year",
        "expy",
        "expyy",
        "expyyyy",
        "expiryyy",
        "expirationyy",
        "expyr",
        "expiryyyyy",
        "expirationyyyy",
        "expirationy",
        "expiryy",
    ]) && !ends(&["mmyy", "mmyyyy"])
    {
        Part::Year
    } else {
        Part::Whole
    }
}

fn starts(text: &[u8], p: usize, from: usize) -> bool {
    let b = text[p];
    if b.is_ascii_digit() {
        !text[..p].last().is_some_and(u8::is_ascii_digit)
    } else {
        b.is_ascii_alphabetic() && (p == from || p == 0 || !text[p - 1].is_ascii_alphanumeric())
    }
}

fn free(text: &[u8], at: usize, end: usize) -> bool {
    let left = match at.checked_sub(1).map(|i| text[i]) {
        Some(b'-' | b'/' | b'.' | b':') => at < 2 || !text[at - 2].is_ascii_digit(),
        Some(b) => !b.is_ascii_digit(),
        None => true,
    };
    let right = match text.get(end) {
        None => true,
        Some(b'-' | b'/' | b'.' | b':') => {
            !text.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
        }
        Some(b) if *b >= 0x80 => quote_at(text, end),
        Some(b) => !(b.is_ascii_alphanumeric() || *b == b'%'),
    };
    left && right
}

/// Year of four digits or two, in the range of cards; its end.
fn year(text: &[u8], at: usize) -> Option<usize> {
    let (year, end) = parse::number(text, at)?;
    let year = match end - at {
        4 => year,
        2 => 2000 + year,
        _ => return None,
    };
    EXPIRY_YEARS.contains(&year).then_some(end)
}

/// End of the value at `at`.
fn value(text: &[u8], at: usize, part: Part) -> Option<usize> {
    let end = match part {
        Part::Month => month_alone(text, at),
        Part::Year => year(text, at),
        Part::Whole => whole(text, at),
    }?;
    free(text, at, end).then_some(end)
}

fn month_alone(text: &[u8], at: usize) -> Option<usize> {
    if let Some((month, end)) = parse::number(text, at) {
        return (end - at <= 2 && (1..=12).contains(&month)).then_some(end);
    }
    let (name, length, end) = parse::word(text, at);
    words::month(&name[..length]).map(|_| end)
}

fn slash(text: &[u8], at: usize) -> Option<usize> {
    let mut p = at + usize::from(text.get(at) == Some(&b' '));
    p += usize::from(text.get(p) == Some(&b'\\'));
    if !matches!(text.get(p), Some(b'/' | b'-')) {
        return None;
    }
    p += 1;
    Some(p + usize::from(text.get(p) == Some(&b' ')))
}

fn whole(text: &[u8], at: usize) -> Option<usize> {
    if !text[at].is_ascii_digit() {
        let (name, length, end) = parse::word(text, at);
        words::month(&name[..length])?;
        let mut p = end + usize::from(text.get(end) == Some(&b'.'));
        if matches!(text.get(p), Some(b' ' | b'-' | b'/' | b',')) {
            p += 1;
            p += usize::from(text.get(p) == Some(&b' '));
        }
        p += usize::from(text.get(p) == Some(&b'\''));
        return year(text, p);
    }
    let (first, end) = parse::number(text, at)?;
    match end - at {
        // 2026-02, 2026/02
        4 if EXPIRY_YEARS.contains(&first) => {
            let p = slash(text, end)?;
            let (month, after) = parse::number(text, p)?;
            (after - p == 2 && (1..=12).contains(&month)).then_some(after)
        }
        2 => {
            if let Some(p) = slash(text, end) {
                if (1..=12).contains(&first)
                    && let Some(after) = year(text, p)
                {
                    return Some(after);
                }
                // 26-Feb
                let (name, length, after) = parse::word(text, p);
                return (first <= 49 && words::month(&name[..length]).is_some()).then_some(after);
            }
            None
        }
        _ => None,
    }
}

/// Digits without a separator, which only a field's name makes an expiry date: `0226`, `022026`,
/// `202602`.
fn field_digits(text: &[u8], at: usize, part: Part) -> Option<usize> {
    if part != Part::Whole {
        return None;
    }
    let digits = text[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    let number = |from: usize, to: usize| {
        text[at + from..at + to]
            .iter()
            .fold(0u16, |n, b| n * 10 + u16::from(b - b'0'))
    };
    let month = |n: u16| (1..=12).contains(&n);
    let fits = match digits {
        4 => month(number(0, 2)) && number(2, 4) <= 49,
        6 => {
            (month(number(0, 2)) && EXPIRY_YEARS.contains(&number(2, 6)))
                || (EXPIRY_YEARS.contains(&number(0, 4)) && month(number(4, 6)))
        }
        _ => false,
    };
    fits.then_some(at + digits)
}

/// `02/26 exp.`: only right before the keyword.
fn before(text: &[u8], keyword: &Range<usize>) -> Option<DateMatch> {
    let to = keyword.start;
    let mut p = to.saturating_sub(24);
    while p < to {
        if starts(text, p, usize::MAX)
            && let Some(end) = value(text, p, Part::Whole)
            && end <= to
        {
            let between = &text[end..to];
            let distance = gap::chars(between);
            let tied = distance <= 3
                && between
                    .iter()
                    .all(|b| matches!(b, b' ' | b'(' | b'"' | b'<' | b'/'));
            let label = matches!(text.get(keyword.end), Some(b':' | b'='));
            return (tied && !label).then_some(DateMatch {
                range: p..end,
                confidence: 0.7,
                distance_chars: distance as u16,
                before: false,
            });
        }
        p += 1;
    }
    None
}
