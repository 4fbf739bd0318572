//! Keywords near a value: characters between the nearest ends, on both sides.

use std::ops::Range;

use super::catalogue::Catalogue;
use super::keyword::{Found, KEYWORD_BYTES_MAX};
use super::word::chars;
use crate::model::{KeywordHit, Side};

/// Bytes that `distance` characters may take.
pub(super) fn bytes_max(distance: u16) -> usize {
    distance as usize * 4
}

/// The place `distance` characters before `at`, or the start.
pub(super) fn back(text: &[u8], at: usize, distance: u16) -> usize {
    let plain = at.saturating_sub(distance as usize);
    if text[plain..at].is_ascii() {
        return plain;
    }
    let from = at.saturating_sub(bytes_max(distance));
    let mut left = distance;
    let mut i = at;
    while i > from && left > 0 {
        i -= 1;
        left -= u16::from(text[i] & 0xC0 != 0x80);
    }
    i
}

/// The place `distance` characters after `at`, or the end.
pub(super) fn forth(text: &[u8], at: usize, distance: u16) -> usize {
    let plain = text.len().min(at + distance as usize);
    if text[at..plain].is_ascii() && text.get(plain).is_none_or(u8::is_ascii) {
        return plain;
    }
    let to = text.len().min(at + bytes_max(distance));
    let mut left = distance;
    let mut i = at;
    while i < to && (left > 0 || text[i] & 0xC0 == 0x80) {
        left -= u16::from(text[i] & 0xC0 != 0x80);
        i += 1;
    }
    i
}

/// The keywords that start in the bytes where one near `range` could.
pub(super) fn around(found: &[Found], range: Range<usize>, bytes: usize) -> &[Found] {
    let from = range.start.saturating_sub(bytes + KEYWORD_BYTES_MAX) as u32;
    let to = (range.end + bytes) as u32;
    let first = found.partition_point(|f| f.start < from);
    let count = found[first..].partition_point(|f| f.start <= to);
    &found[first..first + count]
}

/// As [`around`], looked for from `hint` on, which becomes the number of the first.
pub(super) fn around_from<'a>(
    found: &'a [Found],
    hint: &mut usize,
    range: &Range<usize>,
    bytes: usize,
) -> &'a [Found] {
    let from = range.start.saturating_sub(bytes + KEYWORD_BYTES_MAX) as u32;
    let to = (range.end + bytes) as u32;
    let mut first = (*hint).min(found.len());
    while first > 0 && found[first - 1].start >= from {
        first -= 1;
    }
    while found.get(first).is_some_and(|f| f.start < from) {
        first += 1;
    }
    *hint = first;
    let rest = &found[first..];
    let count = rest.iter().take_while(|f| f.start <= to).count();
    &rest[..count]
}

/// The nearest keyword of the detector within its distance; of two as near the one before the value,
/// then the longer.
///
/// `scope`: the stretch of text that counts (the field, or everything). `lines`: line breaks count,
/// as in running text: a label stands before its value, on the line above at most.
pub(super) fn nearest(
    catalogue: &Catalogue,
    text: &[u8],
    scope: &Range<usize>,
    found: &[Found],
    detector: u16,
    range: &Range<usize>,
    lines: bool,
) -> Option<KeywordHit> {
    let distance = catalogue.detectors[detector as usize].distance;
    nearest_within(
        distance, catalogue, text, scope, found, detector, range, lines,
    )
}

/// As [`nearest`], within another distance.
#[expect(
    clippy::too_many_arguments,
    reason = "those of `nearest`, and the distance"
)]
pub(super) fn nearest_within(
    distance_max: u16,
    catalogue: &Catalogue,
    text: &[u8],
    scope: &Range<usize>,
    found: &[Found],
    detector: u16,
    range: &Range<usize>,
    lines: bool,
) -> Option<KeywordHit> {
    let mut best: Option<(u16, bool, u32, u32)> = None;
    for f in around(found, range.clone(), bytes_max(distance_max)) {
        let (start, end) = (f.start as usize, f.end as usize);
        if start < scope.start || end > scope.end {
            continue;
        }
        let term = &catalogue.terms[f.term as usize];
        if !term.near.contains(detector) {
            continue;
        }
        let (gap, after) = if end <= range.start {
            (end..range.start, false)
        } else if start >= range.end {
            (range.end..start, true)
        } else {
            continue;
        };
        if gap.len() > bytes_max(distance_max) || lines && is_parted(&text[gap.clone()], after) {
            continue;
        }
        let distance = chars(&text[gap]) as u16;
        let Some(keyword) = term.keyword.filter(|_| distance <= distance_max) else {
            continue;
        };
        let this = (distance, after, u32::MAX - (f.end - f.start), keyword);
        if best.is_none_or(|b| this < b) {
            best = Some(this);
        }
    }
    best.map(|(distance, after, _, keyword)| KeywordHit {
        keyword,
        distance: Some(distance),
        side: if after { Side::After } else { Side::Before },
    })
}

/// The text between value and keyword parts them: an empty line, and before a keyword any line break.
fn is_parted(gap: &[u8], after: bool) -> bool {
    let Some(first) = memchr::memchr(b'\n', gap) else {
        return false;
    };
    if after {
        return true;
    }
    let mut empty = true;
    gap[first + 1..].iter().any(|b| match b {
        b'\n' => std::mem::replace(&mut empty, true),
        b' ' | b'\t' | b'\r' => false,
        _ => {
            empty = false;
            false
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_part_keywords_from_values() {
        for (gap, after, parted) in [
            (" ", true, false),
            (" ", false, false),
            ("\n", true, true),
            ("\r\n", true, true),
            ("\n", false, false),
            (":\r\n  ", false, false),
            ("\nx\n", false, false),
            ("\n\n", false, true),
            ("\r\n \r\n", false, true),
            ("x\ny\n\n", false, true),
        ] {
            assert_eq!(is_parted(gap.as_bytes(), after), parted, "{gap:?}");
        }
    }

    #[test]
    fn keywords_around_are_found_from_any_hint() {
        let found: Vec<Found> = (0..40)
            .map(|i| Found {
                start: i * 50,
                end: i * 50 + 3,
                term: i,
            })
            .collect();
        for start in (0..2200).step_by(37) {
            let range = start..start + 9;
            let expected = around(&found, range.clone(), 60);
            for hint in 0..45 {
                let mut hint = hint;
                assert_eq!(around_from(&found, &mut hint, &range, 60), expected);
            }
        }
    }

    #[test]
    fn characters_are_stepped_over_whole() {
        let text = "aéé“bc".as_bytes();
        assert_eq!(back(text, text.len(), 3), 5);
        assert_eq!(back(text, text.len(), 4), 3);
        assert_eq!(back(text, 1, 30), 0);
        assert_eq!(forth(text, 0, 1), 1);
        assert_eq!(forth(text, 0, 2), 3);
        assert_eq!(forth(text, 0, 4), 8);
        assert_eq!(forth(text, 8, 30), 10);
        let ascii = [b'x'; 80];
        assert_eq!(back(&ascii, 50, 30), 20);
        assert_eq!(forth(&ascii, 10, 30), 40);
    }
}
