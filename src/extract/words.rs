//! Values of tables as text: numbers, dates, times and blobs, as people write them. Leaves the types
//! of each format to its parser.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};

/// Largest whole number that a float holds exactly, and then some: beyond it, digits are made up.
const WHOLE_MAX: f64 = 1e18;
/// Days from 0001-01-01 (as chrono counts) to 1970-01-01.
const EPOCH_DAYS: i64 = 719_163;
/// Longest decimal, in bytes of its two's complement; formats end at 76 digits.
const DECIMAL_BYTES_MAX: usize = 64;

/// Unit of a count of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Milli,
    Micro,
    Nano,
}

impl Unit {
    fn in_second(self) -> (i64, usize) {
        match self {
            Unit::Milli => (1_000, 3),
            Unit::Micro => (1_000_000, 6),
            Unit::Nano => (1_000_000_000, 9),
        }
    }
}

pub(super) fn push_int(out: &mut String, value: impl itoa::Integer) {
    out.push_str(itoa::Buffer::new().format(value));
}

/// Writes a float without exponent and without `.0`, as a sheet shows it.
pub(super) fn push_float(out: &mut String, value: f64) {
    if value.fract() == 0.0 && value.abs() < WHOLE_MAX {
        push_int(out, value as i64);
    } else {
        out.push_str(zmij::Buffer::new().format(value));
    }
}

/// Like [`push_float`], with the digits that a float of 32 bits needs.
pub(super) fn push_float32(out: &mut String, value: f32) {
    if value.fract() == 0.0 && value.abs() < 1e9 {
        push_int(out, value as i64);
    } else {
        out.push_str(zmij::Buffer::new().format(value));
    }
}

fn push_digits(out: &mut String, value: u32, width: usize) {
    let mut digits = [b'0'; 10];
    let mut left = value;
    for digit in digits.iter_mut().rev().take(width) {
        *digit = b'0' + (left % 10) as u8;
        left /= 10;
    }
    // digits are text
    out.push_str(std::str::from_utf8(&digits[10 - width..]).unwrap_or_default());
}

/// Two digits and what follows them, into a text that is built.
fn put_pair(text: &mut [u8], at: usize, value: u32) {
    text[at] = b'0' + (value / 10 % 10) as u8;
    text[at + 1] = b'0' + (value % 10) as u8;
}

/// Writes `1990-05-17`; days since 1970-01-01. A day beyond the calendar stays a number.
pub(super) fn push_date(out: &mut String, days: i64) {
    let date = days
        .checked_add(EPOCH_DAYS)
        .and_then(|days| i32::try_from(days).ok())
        .and_then(NaiveDate::from_num_days_from_ce_opt);
    match date {
        Some(date) if (0..=9999).contains(&date.year()) => {
            let mut text = *b"0000-00-00";
            let year = date.year() as u32;
            put_pair(&mut text, 0, year / 100);
            put_pair(&mut text, 2, year);
            put_pair(&mut text, 5, date.month());
            put_pair(&mut text, 8, date.day());
            out.push_str(std::str::from_utf8(&text).unwrap_or_default());
        }
        _ => push_int(out, days),
    }
}

fn push_clock(out: &mut String, seconds: u32, part: u32, places: usize) {
    let mut text = *b"00:00:00";
    put_pair(&mut text, 0, seconds / 3600);
    put_pair(&mut text, 3, seconds / 60 % 60);
    put_pair(&mut text, 6, seconds % 60);
    out.push_str(std::str::from_utf8(&text).unwrap_or_default());
    if part != 0 {
        out.push('.');
        push_digits(out, part, places);
    }
}

/// Writes `12:30:00.123`; a time beyond one day stays a number.
pub(super) fn push_time(out: &mut String, value: i64, unit: Unit) {
    let (per, places) = unit.in_second();
    if !(0..86_400 * per).contains(&value) {
        return push_int(out, value);
    }
    push_clock(out, (value / per) as u32, (value % per) as u32, places);
}

/// Writes `2024-05-01T12:30:00.123`, with `Z` for an instant.
pub(super) fn push_timestamp(out: &mut String, value: i64, unit: Unit, utc: bool) {
    let (per, places) = unit.in_second();
    let (seconds, part) = (value.div_euclid(per), value.rem_euclid(per));
    push_date(out, seconds.div_euclid(86_400));
    out.push('T');
    push_clock(out, seconds.rem_euclid(86_400) as u32, part as u32, places);
    if utc {
        out.push('Z');
    }
}

/// Puts the decimal point into digits.
fn push_scaled(out: &mut String, negative: bool, digits: &str, scale: usize) {
    if negative {
        out.push('-');
    }
    if scale == 0 {
        return out.push_str(digits);
    }
    if digits.len() <= scale {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', scale - digits.len()));
        return out.push_str(digits);
    }
    let (whole, part) = digits.split_at(digits.len() - scale);
    out.push_str(whole);
    out.push('.');
    out.push_str(part);
}

/// Writes a decimal that is a number of `scale` digits after the point.
pub(super) fn push_decimal(out: &mut String, value: i128, scale: i32) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(value.unsigned_abs());
    // a scale beyond any type of decimal is a lie: the number stays whole
    let scale = usize::try_from(scale).ok().filter(|s| *s <= 200);
    push_scaled(out, value < 0, digits, scale.unwrap_or(0));
}

/// Writes a decimal of any width, in two's complement, most significant byte first. `false`: too wide
/// to be one.
pub(super) fn push_decimal_bytes(out: &mut String, bytes: &[u8], scale: i32) -> bool {
    if bytes.len() > DECIMAL_BYTES_MAX {
        return false;
    }
    let negative = bytes.first().is_some_and(|b| b & 0x80 != 0);
    let fill = if negative { 0xff } else { 0 };
    if bytes.len() <= 16 {
        let mut whole = [fill; 16];
        whole[16 - bytes.len()..].copy_from_slice(bytes);
        push_decimal(out, i128::from_be_bytes(whole), scale);
        return true;
    }
    // magnitude, most significant byte first, divided by 10^9 until nothing is left
    let mut left: Vec<u8> = bytes.to_vec();
    if negative {
        let mut carry = true;
        for byte in left.iter_mut().rev() {
            *byte = !*byte;
            if carry {
                (*byte, carry) = byte.overflowing_add(1);
            }
        }
    }
    let mut groups = Vec::new();
    while left.iter().any(|b| *b != 0) {
        let mut rest = 0u64;
        for byte in &mut left {
            let now = rest << 8 | u64::from(*byte);
            *byte = (now / 1_000_000_000) as u8;
            rest = now % 1_000_000_000;
        }
        groups.push(rest as u32);
    }
    let mut digits = String::new();
    push_int(&mut digits, groups.pop().unwrap_or(0));
    for group in groups.iter().rev() {
        push_digits(&mut digits, *group, 9);
    }
    let scale = usize::try_from(scale).ok().filter(|s| *s <= 200);
    push_scaled(out, negative, &digits, scale.unwrap_or(0));
    true
}

/// Longest key of a map that is a label for its value.
const LABEL_BYTES_MAX: usize = 100;

/// Writes `ssn: 219-09-9123`, since the key of a map says what its value is. `false`: the key says
/// nothing.
pub(super) fn label(out: &mut String, key: &str, value: &str) -> bool {
    if key.is_empty() || key.len() > LABEL_BYTES_MAX || key.contains(char::is_control) {
        return false;
    }
    out.clear();
    out.push_str(key);
    out.push_str(": ");
    out.push_str(value);
    true
}

/// Writes `123e4567-e89b-12d3-a456-426614174000`.
pub(super) fn push_uuid(out: &mut String, bytes: [u8; 16]) {
    let mut buffer = uuid::Uuid::encode_buffer();
    out.push_str(
        uuid::Uuid::from_bytes(bytes)
            .hyphenated()
            .encode_lower(&mut buffer),
    );
}

/// The text in a blob: UTF-8, UTF-16 with its mark, or bytes of Windows-1252 that are mostly letters.
/// `None`: it is no text (a picture, a hash, something packed).
pub(super) fn blob_text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = bytes {
        let (text, _, broken) = encoding_rs::UTF_16LE.decode(bytes);
        return (!broken && !text.chars().any(is_control)).then_some(text);
    }
    if bytes
        .iter()
        .any(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c))
    {
        return None;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Cow::Borrowed(text));
    }
    let words = bytes
        .iter()
        .filter(|b| b.is_ascii_alphanumeric() || b.is_ascii_whitespace())
        .count();
    let text = encoding_rs::WINDOWS_1252
        .decode_without_bom_handling(bytes)
        .0;
    (words * 4 >= bytes.len() * 3).then_some(text)
}

fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(push: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        push(&mut out);
        out
    }

    #[test]
    fn numbers_are_as_people_write_them() {
        for (value, text) in [
            (4532306545033607.0, "4532306545033607"),
            (-3.0, "-3"),
            (0.5, "0.5"),
            (47.6205, "47.6205"),
            (0.0, "0"),
            (1e300, "1e+300"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(told(|out| push_float(out, value)), text);
        }
        assert_eq!(told(|out| push_float32(out, 47.6205)), "47.6205");
        assert_eq!(told(|out| push_float32(out, 12.0)), "12");
    }

    #[test]
    fn dates_and_times_are_iso() {
        assert_eq!(told(|out| push_date(out, 0)), "1970-01-01");
        assert_eq!(told(|out| push_date(out, 7441)), "1990-05-17");
        assert_eq!(told(|out| push_date(out, -1)), "1969-12-31");
        assert_eq!(told(|out| push_date(out, i64::MAX)), i64::MAX.to_string());
        let noon = 1_714_566_600_123;
        assert_eq!(
            told(|out| push_timestamp(out, noon, Unit::Milli, true)),
            "2024-05-01T12:30:00.123Z"
        );
        assert_eq!(
            told(|out| push_timestamp(out, -1_000_000, Unit::Micro, false)),
            "1969-12-31T23:59:59"
        );
        assert_eq!(
            told(|out| push_timestamp(out, i64::MIN, Unit::Nano, false)),
            "1677-09-21T00:12:43.145224192"
        );
        assert_eq!(
            told(|out| push_time(out, 3_661_000_001, Unit::Micro)),
            "01:01:01.000001"
        );
        assert_eq!(told(|out| push_time(out, -1, Unit::Milli)), "-1");
    }

    #[test]
    fn decimals_keep_their_point_at_any_width() {
        assert_eq!(told(|out| push_decimal(out, 12345, 2)), "123.45");
        assert_eq!(told(|out| push_decimal(out, -5, 3)), "-0.005");
        assert_eq!(told(|out| push_decimal(out, 7, 0)), "7");
        let wide = |bytes: &[u8], scale| told(|out| assert!(push_decimal_bytes(out, bytes, scale)));
        assert_eq!(wide(&[0xff], 0), "-1");
        assert_eq!(wide(&[], 0), "0");
        assert_eq!(wide(&[0x04, 0xd2], 1), "123.4");
        // 2^128, and its opposite
        let mut bytes = [0u8; 20];
        bytes[3] = 1;
        assert_eq!(wide(&bytes, 2), "3402823669209384634633746074317682114.56");
        bytes[..3].fill(0xff);
        bytes[3] = 0xff;
        assert_eq!(wide(&bytes, 0), "-340282366920938463463374607431768211456");
        assert!(!push_decimal_bytes(&mut String::new(), &[0; 65], 0));
    }

    #[test]
    fn blobs_that_read_as_text_are_text() {
        assert_eq!(
            blob_text(b"plain\ttext\n").as_deref(),
            Some("plain\ttext\n")
        );
        assert_eq!(blob_text("Zoë".as_bytes()).as_deref(), Some("Zoë"));
        assert_eq!(
            blob_text(b"Zo\xeb Hoffman 12").as_deref(),
            Some("Zoë Hoffman 12")
        );
        assert_eq!(blob_text(b"\xff\xfeS\0S\0N\0").as_deref(), Some("SSN"));
        assert_eq!(blob_text(b"\x89PNG\r\n\x1a\n\0\0"), None);
        assert_eq!(blob_text(b"\xd2\xe3\xf4abc\xff\xfe\xfd"), None);
        assert_eq!(blob_text(b"").as_deref(), Some(""));
    }
}
