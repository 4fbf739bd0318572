//! Trackers: what is known of the structure of a text, kept beside its blocks.

pub(crate) mod columns;
pub(crate) mod lines;
pub(crate) mod messages;
pub(crate) mod payload;
pub(crate) mod plain;
pub(crate) mod records;
pub(crate) mod stamped;

use std::ops::Range;

use crate::model::text::{LOOKAHEAD_BYTES, LOOKBEHIND_BYTES};

/// The part of a value around `at` that every cut of the text has in view.
pub(crate) fn near(value: &Range<usize>, at: usize) -> Range<usize> {
    let start = value.start.max(at.saturating_sub(LOOKBEHIND_BYTES));
    start..value.end.min(at + LOOKAHEAD_BYTES).max(start)
}

/// The same, within the line of `at`.
pub(crate) fn near_in_line(text: &[u8], value: &Range<usize>, at: usize) -> Range<usize> {
    let mut value = near(value, at);
    let rest = text.get(at..value.end).unwrap_or_default();
    if let Some(newline) = memchr::memchr(b'\n', rest) {
        value.end = at + newline;
    }
    value
}
