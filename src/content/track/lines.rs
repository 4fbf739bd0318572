//! Lines, columns and stored offsets of a text, counted only as far as they are asked for.

use std::ops::Range;

use super::super::blocks::floor_char;
use super::super::encoding::Unit;
use super::super::json::mask::{self, CHUNK};
use crate::model::{Block, Place};

/// A position in the decoded text with all that is counted up to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor {
    /// Bytes of decoded text before it.
    pub at: u64,
    /// Line ends before it.
    pub lines: u64,
    /// Characters of its line before it.
    pub chars: u64,
    /// Stored bytes of the member before it.
    stored: u64,
}

impl Cursor {
    /// Before the first line of a text that starts at `at`.
    pub fn at(at: u64) -> Self {
        Cursor {
            at,
            lines: 0,
            chars: 0,
            stored: at,
        }
    }

    /// Before the first line of a text that starts behind so many stored bytes.
    pub fn behind(skipped: u64) -> Self {
        Cursor {
            at: 0,
            stored: skipped,
            ..Cursor::at(0)
        }
    }

    /// Stored bytes of the member before it.
    pub fn stored(&self) -> u64 {
        self.stored
    }

    /// Goes over characters of one byte each, none of them a line end.
    pub fn skip(&mut self, chars: u64, unit: Unit) {
        self.at += chars;
        self.chars += chars;
        self.stored += match unit {
            Unit::Utf8 | Unit::Single => chars,
            Unit::Utf16 => 2 * chars,
        };
    }

    pub fn advance(&mut self, text: &[u8], unit: Unit) {
        self.advance_in(text, 0..text.len(), unit);
    }

    /// Goes over `range` of a text, of which it is best to have more.
    fn advance_in(&mut self, text: &[u8], range: Range<usize>, unit: Unit) {
        let len = range.len();
        if len <= CHUNK && unit == Unit::Utf8 {
            if len > 0 {
                self.advance_short(text, range.start, len);
            }
            return;
        }
        let text = &text[range];
        self.at += len as u64;
        self.stored += unit.stored_len(text);
        match memchr::memrchr(b'\n', text) {
            None => self.chars += bytecount::num_chars(text) as u64,
            Some(last) => {
                self.lines += bytecount::count(text, b'\n') as u64;
                self.chars = bytecount::num_chars(&text[last + 1..]) as u64;
            }
        }
    }

    /// At most a chunk of UTF-8, and at least a byte: the vector routines are not worth their start.
    fn advance_short(&mut self, text: &[u8], from: usize, len: usize) {
        let masks = match text[from..].first_chunk::<CHUNK>() {
            Some(chunk) => mask::lines(chunk),
            None => mask::lines(&mask::chunk_at(text, from, from + len).0),
        };
        let beyond = CHUNK - len;
        let newline = masks.newline << beyond;
        let first = !masks.tail << beyond;
        self.at += len as u64;
        self.stored += len as u64;
        if newline == 0 {
            self.chars += u64::from(first.count_ones());
            return;
        }
        // the last line end is the highest bit
        let after = newline.leading_zeros();
        self.lines += u64::from(newline.count_ones());
        self.chars = u64::from(
            first
                .checked_shr(CHUNK as u32 - after)
                .map_or(0, u64::count_ones),
        );
    }
}

/// Counts for one member.
#[derive(Debug)]
pub(crate) struct Lines {
    unit: Unit,
    /// Offset of the member's first byte in the stored object, where nothing lies between.
    stored_base: Option<u64>,
    /// At the start of the current block's text.
    base: Cursor,
    /// At the last position asked for.
    near: Cursor,
}

impl Lines {
    /// `skipped`: stored bytes before the text (a byte order mark).
    pub fn new(unit: Unit, skipped: u64, stored_base: Option<u64>) -> Self {
        let base = Cursor {
            at: 0,
            lines: 0,
            chars: 0,
            stored: skipped,
        };
        Lines {
            unit,
            stored_base,
            base,
            near: base,
        }
    }

    /// Text before `upto` leaves.
    pub fn retire(&mut self, block: &Block<'_>, upto: usize) {
        let target = block.start + upto as u64;
        if self.near.at > self.base.at && self.near.at <= target {
            self.base = self.near;
        }
        let from = (self.base.at - block.start) as usize;
        self.base.advance(&block.text[from..upto], self.unit);
        if self.near.at < self.base.at {
            self.near = self.base;
        }
    }

    fn seek(&mut self, block: &Block<'_>, to: usize) -> Cursor {
        let target = block.start + to as u64;
        if self.near.at > target {
            self.near = self.base;
        }
        let from = (self.near.at - block.start) as usize;
        self.near.advance_in(block.text, from..to, self.unit);
        self.near
    }

    /// Enters lines and offsets of a range; structure is for the caller to enter.
    pub fn place(&mut self, block: &Block<'_>, range: Range<usize>, place: &mut Place) {
        let end = range.end.min(block.text.len());
        let start = range.start.min(end);
        let first = self.seek(block, start);
        if self.unit == Unit::Utf8 && is_simple(block.text, start..end) {
            let len = (end - start) as u64;
            place.byte_range = first.stored..first.stored + len;
            place.stored_range = self.in_store(&place.byte_range);
            (place.line, place.end_line) = (first.lines + 1, first.lines + 1);
            place.column = first.chars + 1;
            place.end_column = place.column + len;
            return;
        }
        let last_at = if start == end {
            start
        } else {
            floor_char(block.text, end - 1).max(start)
        };
        let mut last = first;
        last.advance_in(block.text, start..last_at, self.unit);
        let mut after = last;
        after.advance_in(block.text, last_at..end, self.unit);
        place.byte_range = first.stored..after.stored;
        place.stored_range = self.in_store(&place.byte_range);
        place.line = first.lines + 1;
        place.column = first.chars + 1;
        place.end_line = last.lines + 1;
        place.end_column = last.chars + 1 + u64::from(start != end);
    }

    fn in_store(&self, range: &Range<u64>) -> Option<Range<u64>> {
        let base = self.stored_base?;
        Some(base + range.start..base + range.end)
    }
}

/// A short range, not empty, of one line and of characters of one byte each.
fn is_simple(text: &[u8], range: Range<usize>) -> bool {
    let len = range.len();
    if len == 0 || len > CHUNK {
        return false;
    }
    let Some(chunk) = text[range.start..].first_chunk::<CHUNK>() else {
        return false;
    };
    let masks = mask::lines(chunk);
    (masks.newline | masks.tail) << (CHUNK - len) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_loop(text: &[u8]) -> Cursor {
        let mut cursor = Cursor::at(0);
        for &byte in text {
            cursor.at += 1;
            cursor.stored += 1;
            if byte == b'\n' {
                cursor.lines += 1;
                cursor.chars = 0;
            } else {
                cursor.chars += u64::from(byte & 0xc0 != 0x80);
            }
        }
        cursor
    }

    #[test]
    fn counts_any_length_like_a_loop() {
        let text = "a\n\nb\u{e9}\u{20ac}c\u{1f600}, some more of it \n".repeat(8);
        let text = text.as_bytes();
        for from in 0..text.len() {
            for to in from..(from + 130).min(text.len()) {
                let mut cursor = Cursor::at(0);
                cursor.advance_in(text, from..to, Unit::Utf8);
                let mut alone = Cursor::at(0);
                alone.advance(&text[from..to], Unit::Utf8);
                let expected = format!("{:?}", by_loop(&text[from..to]));
                assert_eq!(format!("{cursor:?}"), expected, "{from}..{to}");
                assert_eq!(format!("{alone:?}"), expected, "{from}..{to}");
            }
        }
    }
}
