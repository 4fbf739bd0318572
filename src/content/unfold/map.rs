//! From the unfolded text back to the text as it is stored.

use std::collections::VecDeque;

use super::super::blocks::{ceil_char, floor_char};
use super::super::encoding::Unit;
use super::super::track::lines::Cursor;
use crate::model::{Block, Place};

/// How the text of a segment stands in the store, behind its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As it is. Characters are counted in the unfolded text, which must be in view.
    Text,
    /// Units of `text` bytes each, which take `stored` bytes that are `chars` characters.
    Even { text: u8, stored: u8, chars: u8 },
    /// base64, whose first character is the one of that number in its group of four.
    Base64 { phase: u8 },
}

/// A stretch of unfolded text: first what stands for an escape, or nothing, then text in one form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    /// Offset in the unfolded text.
    pub at: u64,
    /// The stored text before it.
    pub stored: Cursor,
    /// Bytes of what stands for the escape.
    pub head: u8,
    /// Characters of the escape, which has one byte for each and no line end.
    pub head_stored: u8,
    pub form: Form,
}

/// A position in the stored text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub offset: u64,
    /// Line ends before it.
    pub lines: u64,
    /// Characters of its line before it.
    pub chars: u64,
}

impl Spot {
    fn of(cursor: Cursor) -> Spot {
        Spot {
            offset: cursor.stored(),
            lines: cursor.lines,
            chars: cursor.chars,
        }
    }

    /// The place of a range whose first and last characters begin at `self` and `last`, and whose last
    /// one ends at `after`. `stored_base`: offset of the text in the object, where it stands there.
    pub fn place(self, last: Spot, after: Spot, stored_base: Option<u64>) -> Place {
        let byte_range = self.offset..after.offset;
        Place {
            stored_range: stored_base.map(|base| base + byte_range.start..base + byte_range.end),
            byte_range,
            line: self.lines + 1,
            column: self.chars + 1,
            end_line: last.lines + 1,
            end_column: match after.lines == last.lines {
                true => after.chars + 1,
                false => last.chars + 2,
            },
            ..Place::default()
        }
    }

    fn further(self, offset: u64, chars: u64) -> Spot {
        Spot {
            offset: self.offset + offset,
            chars: self.chars + chars,
            ..self
        }
    }
}

#[derive(Debug)]
pub(crate) struct Map {
    unit: Unit,
    segments: VecDeque<Segment>,
}

impl Map {
    /// `unit`: how the characters of the text are stored.
    pub fn new(unit: Unit) -> Self {
        Map {
            unit,
            segments: VecDeque::new(),
        }
    }

    pub fn push(&mut self, segment: Segment) {
        // One that turned out empty is of no use.
        if self
            .segments
            .back()
            .is_some_and(|last| last.at == segment.at)
        {
            self.segments.pop_back();
        }
        self.segments.push_back(segment);
    }

    /// The last segment is an escape, and others of its kind follow.
    pub fn repeat_last(&mut self) {
        let per_char = match self.unit {
            Unit::Utf8 | Unit::Single => 1,
            Unit::Utf16 => 2,
        };
        if let Some(last) = self.segments.back_mut() {
            last.form = Form::Even {
                text: last.head,
                stored: last.head_stored * per_char,
                chars: last.head_stored,
            };
            (last.head, last.head_stored) = (0, 0);
        }
    }

    /// Forgets what only concerns text before `from`.
    pub fn retire(&mut self, from: u64) {
        while self.segments.get(1).is_some_and(|next| next.at <= from) {
            self.segments.pop_front();
        }
    }

    /// What lies under the first text that is still known, as an offset in the text below.
    pub fn floor(&self) -> Option<u64> {
        self.segments.front().map(|first| first.stored.at)
    }

    /// Where the character that the byte at `at` belongs to begins and ends in the store. `block`: the
    /// text around it, which text that is stored [as it is](Form::Text) needs.
    pub fn spots(&self, block: Option<&Block<'_>>, at: u64) -> Option<(Spot, Spot)> {
        let number = self.segments.partition_point(|s| s.at <= at);
        let segment = self.segments.get(number.checked_sub(1)?)?;
        let mut here = segment.stored;
        let plain = segment.at + u64::from(segment.head);
        let escape = u64::from(segment.head_stored);
        if at < plain {
            let mut after = here;
            after.skip(escape, self.unit);
            return Some((Spot::of(here), Spot::of(after)));
        }
        here.skip(escape, self.unit);
        let beyond = at - plain;
        match segment.form {
            Form::Text => {
                let block = block?;
                let from = usize::try_from(plain.checked_sub(block.start)?).ok()?;
                let at = usize::try_from(at.checked_sub(block.start)?).ok()?;
                let first = floor_char(block.text, at).max(from);
                here.advance(block.text.get(from..first)?, self.unit);
                let mut after = here;
                let end = ceil_char(block.text, at + 1).min(block.text.len());
                after.advance(block.text.get(first..end)?, self.unit);
                Some((Spot::of(here), Spot::of(after)))
            }
            Form::Even {
                text,
                stored,
                chars,
            } => {
                let (stored, chars) = (u64::from(stored), u64::from(chars));
                let before = beyond / u64::from(text.max(1));
                let first = Spot::of(here).further(before * stored, before * chars);
                Some((first, first.further(stored, chars)))
            }
            Form::Base64 { phase } => {
                let phase = u64::from(phase);
                // bytes of the group that ended before the segment
                let byte = (phase * 6 / 8) + beyond;
                let first = (byte * 8 / 6).saturating_sub(phase);
                let end = (byte * 8 + 7) / 6 + 1 - phase;
                let start = Spot::of(here);
                Some((start.further(first, first), start.further(end, end)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(forms: &[(u64, u64, u8, u8, Form)]) -> Map {
        let mut map = Map::new(Unit::Utf8);
        for &(at, stored, head, head_stored, form) in forms {
            map.push(Segment {
                at,
                stored: Cursor::at(stored),
                head,
                head_stored,
                form,
            });
        }
        map
    }

    fn range(map: &Map, block: Option<&Block<'_>>, at: u64) -> (u64, u64) {
        let (from, to) = map.spots(block, at).expect("known");
        (from.offset, to.offset)
    }

    #[test]
    fn every_form_leads_back() {
        let text = "é&xñz";
        let block = Block::whole(text.as_bytes());
        // as it is; `&amp;` and then text as it is
        let known = map(&[(0, 10, 0, 0, Form::Text), (2, 12, 1, 5, Form::Text)]);
        let ranges: Vec<_> = (0..7).map(|at| range(&known, Some(&block), at)).collect();
        assert_eq!(
            ranges,
            [
                (10, 12),
                (10, 12),
                (12, 17),
                (17, 18),
                (18, 20),
                (18, 20),
                (20, 21)
            ]
        );
        // Latin-1 letters that take two bytes in UTF-8
        let even = Form::Even {
            text: 2,
            stored: 1,
            chars: 1,
        };
        let known = map(&[(0, 5, 0, 0, even)]);
        assert_eq!(range(&known, None, 3), (6, 7));
        assert_eq!(range(&known, None, 4), (7, 8));
    }

    #[test]
    fn base64_leads_back_to_the_characters_that_hold_a_byte() {
        let known = map(&[(0, 0, 0, 0, Form::Base64 { phase: 0 })]);
        let ranges: Vec<_> = (0..4).map(|at| range(&known, None, at)).collect();
        assert_eq!(ranges, [(0, 2), (1, 3), (2, 4), (4, 6)]);
        // the line before held `QU`: the byte that its end began is the first one of this line
        let known = map(&[(1, 10, 0, 0, Form::Base64 { phase: 2 })]);
        let ranges: Vec<_> = (1..4).map(|at| range(&known, None, at)).collect();
        assert_eq!(ranges, [(10, 11), (10, 12), (12, 14)]);
    }

    #[test]
    fn what_leaves_is_forgotten_and_what_stays_is_known() {
        let even = Form::Even {
            text: 1,
            stored: 1,
            chars: 1,
        };
        let mut known = map(&[
            (0, 0, 0, 0, Form::Text),
            (4, 9, 0, 0, even),
            (8, 20, 0, 0, even),
        ]);
        known.retire(7);
        assert_eq!(known.floor(), Some(9));
        assert_eq!(range(&known, None, 7), (12, 13));
        assert!(known.spots(None, 3).is_none());
    }
}
