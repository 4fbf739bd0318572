//! Values of cells as a sheet shows them: dates as dates, numbers by the pattern of their cell where
//! that puts digits and marks into places (`000-00-0000`).

use calamine::{Data, DataRef, ExcelDateTime};

use crate::extract::words;

/// Serial numbers of the days that a sheet can show.
const DAYS_MAX: f64 = 2_958_466.0;

/// The text of a cell, in `buffer` unless it is text itself, and whether it was written as text.
pub(super) fn show<'a>(value: &'a DataRef<'_>, buffer: &'a mut String) -> Option<(&'a str, bool)> {
    buffer.clear();
    match value {
        DataRef::String(text) => return Some((text, true)),
        DataRef::SharedString(text) => return Some((text, true)),
        DataRef::Int(value) => words::push_int(buffer, *value),
        DataRef::Float(value) => words::push_float(buffer, *value),
        DataRef::DateTime(value) => push_serial(buffer, value),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => push_iso(buffer, text),
        DataRef::Bool(_) | DataRef::Error(_) | DataRef::Empty => return None,
    }
    Some((buffer, false))
}

/// Like [`show`], of a value that was copied out of its sheet.
pub(super) fn show_owned<'a>(value: &'a Data, buffer: &'a mut String) -> Option<(&'a str, bool)> {
    buffer.clear();
    match value {
        Data::String(text) => return Some((text, true)),
        Data::Int(value) => words::push_int(buffer, *value),
        Data::Float(value) => words::push_float(buffer, *value),
        Data::DateTime(value) => push_serial(buffer, value),
        Data::DateTimeIso(text) | Data::DurationIso(text) => push_iso(buffer, text),
        Data::Bool(_) | Data::Error(_) | Data::Empty => return None,
    }
    Some((buffer, false))
}

/// A day without a time of day is written without one.
pub(super) fn push_iso(out: &mut String, text: &str) {
    out.push_str(text.strip_suffix("T00:00:00").unwrap_or(text));
}

fn push_serial(out: &mut String, value: &ExcelDateTime) {
    let serial = value.as_f64();
    if value.is_duration() || !(0.0..DAYS_MAX).contains(&serial) {
        return words::push_float(out, serial);
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    let of_day = u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second);
    let millis = i64::from(of_day) * 1000 + i64::from(milli);
    if serial >= 1.0 {
        use std::fmt::Write;
        // writing to a string does not fail
        let _ = write!(out, "{year:04}-{month:02}-{day:02}");
        if millis == 0 {
            return;
        }
        out.push('T');
    }
    words::push_time(out, millis, words::Unit::Milli);
}

/// A pattern that puts the digits of a whole number into places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    sections: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Section {
    /// Numbers from here on are not meant.
    below: Option<u64>,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// A digit, 0 where the number has none.
    Zero,
    /// A digit, nothing where the number has none.
    Digit,
    Mark(char),
}

impl Pattern {
    /// The pattern of a number format; `None`: it only says how a number looks otherwise.
    pub fn of(format: &str) -> Option<Self> {
        let mut sections = Vec::new();
        for section in split(format) {
            match self::section(section) {
                Some(section) => sections.push(section),
                // the sections for numbers below zero and for text may be anything
                None if sections.is_empty() => return None,
                None => break,
            }
        }
        let telling = |section: &Section| {
            let places = section.parts.iter().filter(|p| !matches!(p, Part::Mark(_)));
            let zeros = section.parts.iter().filter(|p| **p == Part::Zero).count();
            let inner = section
                .parts
                .iter()
                .skip_while(|p| matches!(p, Part::Mark(_)))
                .any(|p| matches!(p, Part::Mark(_)));
            zeros >= 4 || inner && places.count() >= 4
        };
        sections
            .first()
            .is_some_and(telling)
            .then_some(Pattern { sections })
    }

    /// Writes a number into its places. `false`: the number has none.
    pub fn push(&self, out: &mut String, value: f64) -> bool {
        if value.fract() != 0.0 || !(0.0..1e18).contains(&value) {
            return false;
        }
        let value = value as u64;
        let of = |section: &&Section| section.below.is_none_or(|below| value < below);
        let Some(section) = self.sections.iter().find(of) else {
            return false;
        };
        let mut buffer = itoa::Buffer::new();
        let digits = match value {
            0 => "",
            value => buffer.format(value),
        };
        let places = section
            .parts
            .iter()
            .filter(|part| !matches!(part, Part::Mark(_)))
            .count();
        // digits beyond the places stand in front of the first
        let mut left = digits.len().saturating_sub(places);
        let mut empty = places.saturating_sub(digits.len());
        let mut rest = digits;
        let mut begun = false;
        for part in &section.parts {
            match part {
                Part::Mark(mark) => out.push(*mark),
                Part::Zero | Part::Digit => {
                    if !begun {
                        begun = true;
                        out.push_str(&rest[..left]);
                        rest = &rest[left..];
                        left = 0;
                    }
                    if empty > 0 {
                        empty -= 1;
                        if *part == Part::Zero {
                            out.push('0');
                        }
                    } else if let Some(digit) = rest.get(..1) {
                        out.push_str(digit);
                        rest = &rest[1..];
                    }
                }
            }
        }
        true
    }
}

/// Sections between semicolons that stand for themselves.
fn split(format: &str) -> Vec<&str> {
    let (mut sections, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in format.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if !quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                sections.push(&format[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    sections.push(&format[start..]);
    sections
}

fn section(text: &str) -> Option<Section> {
    let mut below = None;
    let mut parts = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '0' => parts.push(Part::Zero),
            '#' => parts.push(Part::Digit),
            '\\' => parts.push(Part::Mark(chars.next()?)),
            '"' => {
                for c in chars.by_ref().take_while(|c| *c != '"') {
                    parts.push(Part::Mark(c));
                }
            }
            '-' | '(' | ')' | ' ' | ':' | '+' | '/' => parts.push(Part::Mark(c)),
            // room as wide as a character, and what fills a cell
            '_' | '*' => {
                chars.next()?;
            }
            '[' => {
                let inner: String = chars.by_ref().take_while(|c| *c != ']').collect();
                if let Some(most) = inner.strip_prefix("<=") {
                    below = Some(most.parse::<u64>().ok()?.checked_add(1)?);
                } else if let Some(limit) = inner.strip_prefix('<') {
                    below = Some(limit.parse().ok()?);
                } else if inner.starts_with(['>', '=']) {
                    return None;
                }
                // else a colour or a language
            }
            _ => return None,
        }
    }
    let places = parts.iter().any(|part| !matches!(part, Part::Mark(_)));
    places.then_some(Section { below, parts })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(format: &str, value: f64) -> Option<String> {
        let mut out = String::new();
        Pattern::of(format)?.push(&mut out, value).then_some(out)
    }

    #[test]
    fn numbers_stand_in_the_places_of_their_pattern() {
        for (format, value, text) in [
            ("000-00-0000", 12345678.0, "012-34-5678"),
            (r"000\-00\-0000", 219099123.0, "219-09-9123"),
            ("00000", 501.0, "00501"),
            (r"00000\-0000", 981091234.0, "98109-1234"),
            (
                "[<=9999999]###\\-####;\\(###\\)\\ ###\\-####",
                5550123.0,
                "555-0123",
            ),
            (
                "[<=9999999]###\\-####;\\(###\\)\\ ###\\-####",
                4155550123.0,
                "(415) 555-0123",
            ),
            (
                "0000 0000 0000 0000",
                4532306545033607.0,
                "4532 3065 4503 3607",
            ),
            (r#""SSN "000-00-0000"#, 1.0, "SSN 000-00-0001"),
            ("0000-00", 12345678.0, "123456-78"),
        ] {
            assert_eq!(by(format, value).as_deref(), Some(text), "{format} {value}");
        }
        for format in [
            "General",
            "0",
            "0.00",
            "#,##0",
            "0%",
            "yyyy-mm-dd",
            "@",
            "0.00E+00",
            "# ?/?",
            "-0",
            "",
        ] {
            assert_eq!(Pattern::of(format), None, "{format}");
        }
        assert_eq!(by("000-00-0000", 1.5), None);
        assert_eq!(by("000-00-0000", -1.0), None);
    }

    #[test]
    fn serial_numbers_are_dates_and_times() {
        let shown = |serial: f64| {
            let value = ExcelDateTime::new(serial, calamine::ExcelDateTimeType::DateTime, false);
            let mut out = String::new();
            push_serial(&mut out, &value);
            out
        };
        assert_eq!(shown(33010.0), "1990-05-17");
        assert_eq!(shown(33010.5), "1990-05-17T12:00:00");
        assert_eq!(shown(0.25), "06:00:00");
        assert_eq!(shown(-1.0), "-1");
        assert_eq!(shown(1e9), "1000000000");
        let mut out = String::new();
        push_iso(&mut out, "1990-05-17T00:00:00");
        assert_eq!(out, "1990-05-17");
    }
}
