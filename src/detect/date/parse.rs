//! How dates are written, and whether the calendar has them.
//!
//! One anchored parser: [`parse`] answers for a date that starts at a given byte. It knows
//! day-month-year, month-day-year and year-month-day with `-`, `/`, `.`, spaces or nothing
//! between, month names in seven languages, and the time of day that may follow.

use super::super::word::quote_at;
use super::words;

/// How a date is written; decides how far it is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Year of four digits first, separated.
    YearFirst,
    /// Separated, year of four digits last.
    YearLast,
    /// Separated, year of two digits.
    ShortYear,
    /// Eight digits and nothing between.
    Compact,
    /// With the name of a month.
    Named,
}

/// A time of day after a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time {
    /// 00:00, also as 12:00 AM.
    pub midnight: bool,
    /// Quarter of an hour, no seconds: what midnight becomes in another time zone.
    pub round: bool,
    /// Byte after it, zone included.
    pub end: usize,
}

/// A date of the calendar. The year is complete (`80` is read as 1980).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Date {
    pub end: usize,
    pub year: u16,
    pub month: u8,
    pub day: u8,
    pub form: Form,
    pub time: Option<Time>,
    /// Parts are separated by single spaces and all are digits: easily a row of numbers.
    pub spaced: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sep {
    Dash,
    Slash,
    Dot,
    Space,
}

/// Longest month or weekday name looked at, in bytes.
const WORD_BYTES_MAX: usize = 16;

/// Whether `year` has the day. Months from 1.
pub(super) fn in_calendar(year: u16, month: u8, day: u8) -> bool {
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// The full year of two digits: 36 to 99 in the last century, the rest in this.
pub(super) fn full_year(two: u16) -> u16 {
    if two > 35 { 1900 + two } else { 2000 + two }
}

/// A run of letters in lower case: the word (ASCII and Latin-1 letters folded) and its end.
/// Longer words are cut to nothing known, so `end` is where the run ends and the word is empty.
pub(super) fn word(text: &[u8], start: usize) -> ([u8; WORD_BYTES_MAX], usize, usize) {
    let mut buffer = [0; WORD_BYTES_MAX];
    let mut end = start;
    while let Some(&b) = text.get(end) {
        if !(b.is_ascii_alphabetic() || b >= 0x80) || end - start > 4 * WORD_BYTES_MAX {
            break;
        }
        if let Some(slot) = buffer.get_mut(end - start) {
            let after_c3 = end > start && text[end - 1] == 0xC3;
            *slot = if after_c3 && (0x80..=0x9E).contains(&b) {
                b + 0x20
            } else {
                b.to_ascii_lowercase()
            };
        }
        end += 1;
    }
    let length = if end - start > WORD_BYTES_MAX {
        0
    } else {
        end - start
    };
    (buffer, length, end)
}

/// Value and end of the run of digits at `at`, of at most four digits.
pub(super) fn number(text: &[u8], at: usize) -> Option<(u16, usize)> {
    let mut end = at;
    let mut value = 0u16;
    while let Some(digit) = text.get(end).filter(|b| b.is_ascii_digit()) {
        if end - at == 4 {
            return None;
        }
        value = value * 10 + u16::from(digit - b'0');
        end += 1;
    }
    (end > at).then_some((value, end))
}

fn is_word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b >= 0x80
}

/// `-`, `/`, `.` with at most one space on either side, or a single space. `\/` is how some
/// writers of JSON put a slash.
fn separator(text: &[u8], at: usize) -> Option<(Sep, usize)> {
    let spaced = text.get(at) == Some(&b' ');
    let mut p = at + usize::from(spaced);
    if text.get(p) == Some(&b'\\') && text.get(p + 1) == Some(&b'/') {
        p += 1;
    }
    let (sep, width) = match text.get(p) {
        Some(b'-') => (Sep::Dash, 1),
        Some(b'/') => (Sep::Slash, 1),
        Some(b'.') => (Sep::Dot, 1),
        // hyphen, non-breaking hyphen, figure dash, en dash
        Some(0xE2)
            if text.get(p + 1) == Some(&0x80) && matches!(text.get(p + 2), Some(0x90..=0x93)) =>
        {
            (Sep::Dash, 3)
        }
        _ if spaced => return Some((Sep::Space, at + 1)),
        _ => return None,
    };
    p += width;
    Some((sep, p + usize::from(text.get(p) == Some(&b' '))))
}

/// A digit run may be one side of a date only where nothing numeric is glued to its left.
fn free_before(text: &[u8], at: usize) -> bool {
    let Some(&b) = at.checked_sub(1).and_then(|i| text.get(i)) else {
        return true;
    };
    // `^20.2.10` and `@20.2.10` are versions
    if b.is_ascii_digit() || matches!(b, b'^' | b'~' | b'@') {
        return false;
    }
    let digit_before = at >= 2 && text[at - 2].is_ascii_digit();
    !(digit_before && matches!(b, b'-' | b'/' | b'.' | b',' | b':' | b'+'))
}

/// A date may not run on into more digits or letters.
fn free_after(text: &[u8], end: usize) -> bool {
    match text.get(end) {
        None => true,
        Some(b) if is_word_byte(*b) => quote_at(text, end),
        Some(b'-' | b'/' | b'.' | b':' | b',') => {
            !text.get(end + 1).is_some_and(u8::is_ascii_digit)
        }
        Some(b'_') => false,
        Some(_) => true,
    }
}

/// The time of day that may follow a date ending at `at`.
fn time(text: &[u8], at: usize) -> Option<Time> {
    let mut p = at;
    match text.get(p)? {
        b'T' | b't' | b'_' | b':' => p += 1,
        b',' => p += 1 + usize::from(text.get(p + 1) == Some(&b' ')),
        b' ' => {
            p += 1;
            if text.get(p) == Some(&b'T') || text.get(p) == Some(&b' ') {
                p += 1;
            } else if text.get(p..p + 3) == Some(b"at ") {
                p += 3;
            }
        }
        _ => return None,
    }
    let (mut hour, next) = number(text, p)?;
    let (minute, second);
    if next - p == 4 && text.get(at).is_some_and(|b| matches!(b, b'T' | b't')) {
        // basic form: T0000
        (minute, second, p) = (hour % 100, 0, next);
        hour /= 100;
    } else {
        if next - p > 2 || !matches!(text.get(next), Some(b':' | b'h' | b'.')) {
            return None;
        }
        let (m, after) = number(text, next + 1)?;
        if after - next != 3 {
            return None;
        }
        minute = m;
        p = after;
        if text.get(p) == Some(&b':') {
            let (s, after) = number(text, p + 1)?;
            second = s;
            p = after;
        } else {
            second = 0;
        }
    }
    let mut fraction = false;
    if matches!(text.get(p), Some(b'.' | b',')) && text.get(p + 1).is_some_and(u8::is_ascii_digit) {
        p += 1;
        while let Some(d) = text.get(p).filter(|b| b.is_ascii_digit()) {
            fraction |= *d != b'0';
            p += 1;
        }
    }
    let spaced = usize::from(text.get(p) == Some(&b' '));
    if let Some([a, m]) = text.get(p + spaced..p + spaced + 2)
        && m.eq_ignore_ascii_case(&b'm')
        && !text
            .get(p + spaced + 2)
            .is_some_and(|b| is_word_byte(*b) && !quote_at(text, p + spaced + 2))
    {
        match a.to_ascii_lowercase() {
            b'a' => {
                hour %= 12;
                p += spaced + 2;
            }
            b'p' => {
                hour = hour % 12 + 12;
                p += spaced + 2;
            }
            _ => {}
        }
    }
    // zone
    match text.get(p) {
        Some(b'Z' | b'z') => p += 1,
        Some(b'+' | b'-') => {
            while text
                .get(p)
                .is_some_and(|b| matches!(b, b'+' | b'-' | b':') || b.is_ascii_digit())
            {
                p += 1;
            }
        }
        _ => {}
    }
    let clean = second == 0 && !fraction;
    Some(Time {
        midnight: hour == 0 && minute == 0 && clean,
        round: minute % 15 == 0 && clean,
        end: p,
    })
}

/// Year from digits: four, or two (also after an apostrophe).
fn year(text: &[u8], at: usize) -> Option<(u16, usize, bool)> {
    let apostrophe = usize::from(text.get(at) == Some(&b'\''));
    let (value, end) = number(text, at + apostrophe)?;
    match end - at - apostrophe {
        4 if apostrophe == 0 => Some((value, end, false)),
        2 => Some((full_year(value), end, true)),
        _ => None,
    }
}

/// Ends a date at `end`: calendar, what follows it, its time.
fn close(text: &[u8], end: usize, ymd: (u16, u8, u8), form: Form, spaced: bool) -> Option<Date> {
    let (year, month, day) = ymd;
    if !in_calendar(year, month, day) {
        return None;
    }
    let time = time(text, end);
    if time.is_none() && !free_after(text, end) {
        return None;
    }
    // `Jun 14 15:16:01`: what looks like a year is an hour
    if form == Form::ShortYear && text.get(end) == Some(&b':') {
        return None;
    }
    Some(Date {
        end,
        year,
        month,
        day,
        form,
        time,
        spaced,
    })
}

/// The date that starts at `at`, in any order of its parts.
pub(super) fn parse(text: &[u8], at: usize) -> Option<Date> {
    let first = *text.get(at)?;
    if first.is_ascii_digit() {
        if !free_before(text, at) {
            return None;
        }
        let digits = text[at..]
            .iter()
            .take(15)
            .take_while(|b| b.is_ascii_digit())
            .count();
        match digits {
            1 | 2 => day_or_month_first(text, at),
            4 => year_first(text, at),
            8 | 14 => compact(text, at, digits),
            _ => None,
        }
    } else if first.is_ascii_alphabetic() {
        month_first(text, at)
    } else {
        None
    }
}

fn narrow(value: u16) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

fn compact(text: &[u8], at: usize, digits: usize) -> Option<Date> {
    let (high, _) = four(text, at)?;
    let (low, end) = four(text, at + 4)?;
    let mut end = end;
    let mut time = None;
    if digits == 14 {
        let midnight = text.get(end..end + 6)? == b"000000";
        time = Some(Time {
            midnight,
            round: midnight,
            end: end + 6,
        });
    } else if let Some(t) = self::time(text, end) {
        time = Some(t);
    } else if !free_after(text, end) {
        return None;
    }
    let split = |v: u16| (narrow(v / 100), narrow(v % 100));
    let ((a, b), (c, d)) = (split(high), split(low));
    let ymd = if (1900..=2049).contains(&high) && in_calendar(high, c, d) {
        (high, c, d)
    } else if (1900..=2049).contains(&low) && in_calendar(low, b, a) {
        (low, b, a)
    } else if (1900..=2049).contains(&low) && in_calendar(low, a, b) {
        (low, a, b)
    } else {
        return None;
    };
    end = end.min(text.len());
    Some(Date {
        end,
        year: ymd.0,
        month: ymd.1,
        day: ymd.2,
        form: Form::Compact,
        time,
        spaced: false,
    })
}

/// Exactly four digits, whatever follows.
fn four(text: &[u8], at: usize) -> Option<(u16, usize)> {
    let run = text.get(at..at + 4)?;
    let mut value = 0;
    for b in run {
        if !b.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u16::from(b - b'0');
    }
    Some((value, at + 4))
}

fn year_first(text: &[u8], at: usize) -> Option<Date> {
    let (year, p) = number(text, at)?;
    let (sep, p) = separator(text, p)?;
    let (month, p, named) = match number(text, p) {
        Some((m, next)) if next - p <= 2 => (narrow(m), next, false),
        Some(_) => return None,
        None => {
            let (name, length, next) = word(text, p);
            (words::month(&name[..length])?, next, true)
        }
    };
    let (second, p) = separator(text, p)?;
    if second != sep {
        return None;
    }
    let (day, end) = number(text, p)?;
    if end - p > 2 {
        return None;
    }
    let form = if named { Form::Named } else { Form::YearFirst };
    close(
        text,
        end,
        (year, month, narrow(day)),
        form,
        sep == Sep::Space && !named,
    )
}

fn day_or_month_first(text: &[u8], at: usize) -> Option<Date> {
    let (first, p) = number(text, at)?;
    if let Some(date) = day_then_name(text, narrow(first), p) {
        return Some(date);
    }
    let (sep, p) = separator(text, p)?;
    let (second, next) = number(text, p)?;
    if next - p > 2 {
        return None;
    }
    let (again, p) = separator(text, next)?;
    if again != sep {
        return None;
    }
    let (year, end, short) = self::year(text, p)?;
    let (a, b) = (narrow(first), narrow(second));
    let spaced = sep == Sep::Space;
    let form = if short {
        Form::ShortYear
    } else {
        Form::YearLast
    };
    if in_calendar(year, b, a) {
        return close(text, end, (year, b, a), form, spaced);
    }
    if in_calendar(year, a, b) {
        return close(text, end, (year, a, b), form, spaced);
    }
    // 80-01-31
    if short && first > 31 && sep == Sep::Dash {
        let day = number(text, p)?.0;
        return close(text, end, (full_year(first), b, narrow(day)), form, spaced);
    }
    None
}

/// Skips what may stand between a day and a month name: ordinal, dot, dash, `of`, `de`.
fn after_day(text: &[u8], mut p: usize) -> Option<usize> {
    for ordinal in [
        &b"st"[..],
        b"nd",
        b"rd",
        b"th",
        b"er",
        b"re",
        "º".as_bytes(),
        "°".as_bytes(),
    ] {
        if let Some(run) = text.get(p..p + ordinal.len())
            && run.eq_ignore_ascii_case(ordinal)
            && !text
                .get(p + ordinal.len())
                .is_some_and(u8::is_ascii_alphanumeric)
        {
            p += ordinal.len();
            break;
        }
    }
    p += usize::from(text.get(p) == Some(&b'.'));
    match text.get(p)? {
        b' ' | b'-' | b'/' | b'_' => p += 1,
        _ => {}
    }
    for link in [&b"of "[..], b"de ", b"di ", b"del "] {
        if let Some(run) = text.get(p..p + link.len())
            && run.eq_ignore_ascii_case(link)
        {
            p += link.len();
            break;
        }
    }
    Some(p)
}

fn day_then_name(text: &[u8], day: u8, p: usize) -> Option<Date> {
    if !(1..=31).contains(&day) {
        return None;
    }
    let p = after_day(text, p)?;
    let (name, length, next) = word(text, p);
    let month = words::month(&name[..length])?;
    let p = before_year(text, next)?;
    let (year, end, short) = self::year(text, p)?;
    named(text, end, (year, month, day), short)
}

fn month_first(text: &[u8], at: usize) -> Option<Date> {
    let (name, length, p) = word(text, at);
    let month = words::month(&name[..length])?;
    let mut p = p + usize::from(text.get(p) == Some(&b'.'));
    match text.get(p)? {
        b' ' | b'-' | b'/' => p += 1,
        b if b.is_ascii_digit() => {}
        _ => return None,
    }
    let (day, next) = number(text, p)?;
    if next - p > 2 {
        return None;
    }
    let mut p = next;
    for ordinal in [&b"st"[..], b"nd", b"rd", b"th"] {
        if let Some(run) = text.get(p..p + 2)
            && run.eq_ignore_ascii_case(ordinal)
        {
            p += 2;
            break;
        }
    }
    let p = before_year(text, p)?;
    // no gap at all would read `Jan 1980` as the 19th of January 80
    if p == next {
        return None;
    }
    let (year, end, short) = self::year(text, p)?;
    named(text, end, (year, month, narrow(day)), short)
}

/// Skips what may stand before the year: `, `, `-`, `/`, space, dot, ` de `; or nothing.
fn before_year(text: &[u8], mut p: usize) -> Option<usize> {
    match text.get(p)? {
        b'.' | b',' => {
            p += 1;
            p += usize::from(text.get(p) == Some(&b' '));
        }
        b' ' | b'-' | b'/' | b'_' => p += 1,
        _ => {}
    }
    for link in [&b"de "[..], b"del ", b"of "] {
        if let Some(run) = text.get(p..p + link.len())
            && run.eq_ignore_ascii_case(link)
        {
            p += link.len();
            break;
        }
    }
    Some(p)
}

fn named(text: &[u8], end: usize, ymd: (u16, u8, u8), short: bool) -> Option<Date> {
    // `14 Jun 15:16:01`: what looks like a year is an hour
    if short && text.get(end) == Some(&b':') {
        return None;
    }
    close(text, end, ymd, Form::Named, false)
}
