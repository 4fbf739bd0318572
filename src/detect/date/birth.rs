//! Birth dates near a birth keyword or in a birth field.

use std::ops::Range;

use super::gap::{self, Tie};
use super::parse::{self, Date, Form};
use super::words;
use super::{BIRTH_YEARS, DateMatch, KEYWORD_DISTANCE_CHARS};

/// Longest written date, in bytes (`30. September 1980` and the like, with room).
const DATE_BYTES_MAX: usize = 48;
/// Bytes that 30 characters may take.
const GAP_BYTES_MAX: usize = 4 * KEYWORD_DISTANCE_CHARS;

/// Finds the birth date that belongs to the birth keyword at `keyword`, on either side of it.
///
/// At most one date is told: the nearest one that the words between leave to the keyword. A date
/// with a time of day other than midnight is not a birth date, nor is one that opens a log line.
/// Looks at no more than about 200 bytes to either side.
pub fn near(text: &[u8], keyword: Range<usize>, found: &mut dyn FnMut(DateMatch)) {
    near_unsearched(text, keyword, &mut (0..0), found);
}

/// As [`near`], for one keyword after the other, ascending: `clear` is a stretch of the same text
/// in which no date begins, empty (`0..0`) at first. Crowded keywords then cost their bytes once.
pub fn near_unsearched(
    text: &[u8],
    keyword: Range<usize>,
    clear: &mut Range<usize>,
    found: &mut dyn FnMut(DateMatch),
) {
    if keyword.start > keyword.end || keyword.end > text.len() {
        return;
    }
    let (label, after) = after(text, &keyword, clear);
    if let Some((tie, found_after)) = &after
        && (*tie == Tie::Firm || label)
    {
        found(found_after.clone());
        return;
    }
    if !label && let Some(found_before) = before(text, &keyword, clear) {
        found(found_before);
        return;
    }
    if let Some((_, found_after)) = after {
        found(found_after);
    }
}

/// The birth date that a field named for it holds: the value is that date, perhaps with a weekday
/// before and a time of day after it.
pub fn in_field(value: &[u8]) -> Option<DateMatch> {
    let mut at = value
        .iter()
        .position(|b| !b.is_ascii_whitespace() && !matches!(b, b'"' | b'\''))?;
    let (name, length, next) = parse::word(value, at);
    if words::weekday(&name[..length]) {
        at = next;
        while matches!(value.get(at), Some(b',' | b'.' | b' ')) {
            at += 1;
        }
    }
    let date = parse::parse(value, at)?;
    if !BIRTH_YEARS.contains(&date.year) {
        return None;
    }
    if let Some(time) = date.time
        && !time.round
    {
        return None;
    }
    let rest = &value[date.time.map_or(date.end, |t| t.end)..];
    let rest = rest.trim_ascii_start();
    if !matches!(
        rest.first(),
        None | Some(b'"' | b'\'' | b'(' | b'[' | b',' | b';' | b'.' | b'U' | b'G')
    ) {
        return None;
    }
    Some(DateMatch {
        range: at..date.end,
        confidence: confidence(&date, 0.97),
        distance_chars: 0,
        before: true,
    })
}

fn confidence(date: &Date, base: f32) -> f32 {
    let form = match date.form {
        Form::YearFirst | Form::YearLast | Form::Named => 0.0,
        Form::ShortYear => 0.1,
        Form::Compact => 0.05,
    };
    // what systems write for "not known"
    let filler = match (date.year, date.month, date.day) {
        (1900 | 1970, 1, 1) => 0.3,
        _ => 0.0,
    };
    base - form - filler - if date.spaced { 0.1 } else { 0.0 }
}

/// Whether the keyword is a label (`dob=`, `"dob":`), and the date after it.
fn after(
    text: &[u8],
    keyword: &Range<usize>,
    clear: &mut Range<usize>,
) -> (bool, Option<(Tie, DateMatch)>) {
    let from = keyword.end;
    let tail = &text[from..(from + 4).min(text.len())];
    let mark = tail
        .iter()
        .position(|b| !matches!(b, b' ' | b'"' | b'\'' | b'\\'));
    let label = mark.is_some_and(|m| matches!(tail[m], b':' | b'='));
    // `(dob)` after a date closes with it
    if text.get(from) == Some(&b')') && from > 0 && text[..keyword.start].last() == Some(&b'(') {
        return (false, None);
    }
    let limit = text.len().min(from + GAP_BYTES_MAX);
    let mut p = from;
    while p < limit {
        // the byte after the keyword is the start of a word to it alone
        if p > from && clear.contains(&p) {
            p = clear.end;
            continue;
        }
        let b = text[p];
        let starts = if b.is_ascii_digit() {
            !text[..p].last().is_some_and(u8::is_ascii_digit)
        } else if b.is_ascii_alphabetic() {
            p == from || !text[p - 1].is_ascii_alphabetic()
        } else {
            false
        };
        if !starts {
            p += 1;
            continue;
        }
        let Some(date) = parse::parse(text, p) else {
            p += 1;
            continue;
        };
        add(clear, from + 1..p);
        return (label, after_match(text, from, p, &date));
    }
    add(clear, from + 1..p);
    (label, None)
}

/// Joins `more` to the stretch without dates, or takes it instead.
fn add(clear: &mut Range<usize>, more: Range<usize>) {
    if more.start <= clear.end && clear.start <= more.start {
        clear.end = clear.end.max(more.end);
    } else if !more.is_empty() {
        *clear = more;
    }
}

/// Judges the first date after a keyword that ends at `from`.
fn after_match(text: &[u8], from: usize, at: usize, date: &Date) -> Option<(Tie, DateMatch)> {
    let between = &text[from..at];
    let distance = gap::chars(between);
    if distance > KEYWORD_DISTANCE_CHARS || !BIRTH_YEARS.contains(&date.year) {
        return None;
    }
    let gap = gap::after(between, words::other_date);
    if gap.tie == Tie::None {
        return None;
    }
    if let Some(time) = date.time
        && !(time.midnight || (time.round && gap.label && gap.tie == Tie::Firm && gap.lines == 0))
    {
        return None;
    }
    // without separators, or with spaces alone, only a label makes digits a date
    let bare = date.form == Form::Compact || (date.spaced && date.form == Form::ShortYear);
    if bare && gap.tie != Tie::Firm {
        return None;
    }
    if gap.lines > 0 && date.form == Form::YearFirst && !ends_line(text, date) {
        return None;
    }
    let base = if gap.tie == Tie::Firm { 0.95 } else { 0.8 };
    Some((
        gap.tie,
        DateMatch {
            range: at..date.end,
            confidence: confidence(date, base),
            distance_chars: distance as u16,
            before: true,
        },
    ))
}

/// Nothing but punctuation follows the date (and its time) on its line.
fn ends_line(text: &[u8], date: &Date) -> bool {
    let from = date.time.map_or(date.end, |t| t.end);
    text[from.min(text.len())..]
        .iter()
        .take(8)
        .take_while(|b| **b != b'\n')
        .all(|b| !b.is_ascii_alphanumeric() && *b < 0x80 && *b != b'[')
}

/// The date before the keyword, where it belongs to it.
fn before(text: &[u8], keyword: &Range<usize>, clear: &Range<usize>) -> Option<DateMatch> {
    let to = keyword.start;
    let mut p = to.saturating_sub(GAP_BYTES_MAX + DATE_BYTES_MAX);
    let mut last = None;
    while p < to {
        if clear.contains(&p) {
            p = clear.end;
            continue;
        }
        let b = text[p];
        let glued = p > 0 && (text[p - 1].is_ascii_alphanumeric());
        if glued || !b.is_ascii_alphanumeric() {
            p += 1;
            continue;
        }
        match parse::parse(&text[..to], p) {
            Some(date) => {
                last = Some((p, date));
                p = date.end;
            }
            None => p += 1,
        }
    }
    let (at, date) = last?;
    let between = &text[date.end..to];
    let distance = gap::chars(between);
    if distance > KEYWORD_DISTANCE_CHARS || !BIRTH_YEARS.contains(&date.year) || date.time.is_some()
    {
        return None;
    }
    if matches!(date.form, Form::Compact) || date.spaced || gap::before(between) != Tie::Firm {
        return None;
    }
    // a date that opens a line stamps the line, and one before `birthday job` dates the job, unless
    // the sentence goes on (`... is my birthday`) or the keyword stands in brackets behind it
    let links = between
        .iter()
        .any(|b| b.is_ascii_alphabetic() || matches!(b, b'(' | b'<'));
    if !links && (opens_line(text, at) || goes_on(text, keyword.end)) {
        return None;
    }
    Some(DateMatch {
        range: at..date.end,
        confidence: confidence(&date, 0.85),
        distance_chars: distance as u16,
        before: false,
    })
}

/// Another word follows the keyword.
fn goes_on(text: &[u8], at: usize) -> bool {
    matches!(text.get(at), Some(b' ' | b'_' | b'-'))
        && text.get(at + 1).is_some_and(u8::is_ascii_alphabetic)
}

fn opens_line(text: &[u8], at: usize) -> bool {
    text[..at]
        .iter()
        .rev()
        .take(16)
        .take_while(|b| **b != b'\n')
        .all(|b| matches!(b, b' ' | b'\t' | b'[' | b'(' | b'"' | b'<'))
}
