//! Texts of keys and values: the keys of an offset.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::super::blocks::Track;
use super::super::keys::{Kind, LINE_BYTES, Reader};
use super::super::limits::Limits;
use super::super::markup::Frame;
use super::lines::Lines;
use super::payload::Payload;
use super::plain::view;
use super::{LineStarts, near_in_line};
use crate::model::{Block, Context, Field, Place, TextShape, Tracker};

/// Text between two marks.
const MARK_BYTES: usize = 4 << 10;

/// A value in the text of the current block; it goes on to the end of its line.
#[derive(Clone, Debug)]
struct Here {
    start: usize,
    end: usize,
    frame: Option<Rc<Frame>>,
}

pub(crate) struct KeysTracker {
    lines: Lines,
    /// At the first line that begins in the current block's text, or before.
    reader: Reader,
    /// What the line stands in that is open where the block's text begins.
    open: Option<Rc<Frame>>,
    /// The text begins at a line start.
    at_start: bool,
    /// The values of the block are listed.
    built: bool,
    values: Vec<Here>,
    /// The reader at starts of lines in the block.
    marks: Vec<(usize, Reader)>,
    starts: LineStarts,
    payload: Payload,
    /// What the field last returned stands in, unless it is one of JSON.
    told: Option<Rc<Frame>>,
    /// The path last told of.
    path: Option<(Rc<Frame>, Arc<str>)>,
}

impl KeysTracker {
    pub fn new(lines: Lines, kind: Kind, limits: &Limits) -> Self {
        KeysTracker {
            lines,
            reader: Reader::new(kind),
            open: None,
            at_start: true,
            built: false,
            values: Vec::new(),
            marks: Vec::new(),
            starts: LineStarts::default(),
            payload: Payload::new(limits.payload_bytes_max, limits.json_depth_max),
            told: None,
            path: None,
        }
    }

    /// Offset of the first line that begins in the block, if one does.
    fn first_line(&self, block: &Block<'_>) -> Option<usize> {
        if self.at_start {
            return Some(0);
        }
        memchr::memchr(b'\n', block.text).map(|end| end + 1)
    }

    fn build(&mut self, block: &Block<'_>) {
        if self.built {
            return;
        }
        self.built = true;
        self.values.clear();
        let first = self.first_line(block);
        self.values.push(Here {
            start: 0,
            end: first.unwrap_or(block.text.len()),
            frame: self.open.clone(),
        });
        let mut reader = self.reader.clone();
        let mut at = first.unwrap_or(block.text.len());
        self.marks.clear();
        let mut marked = at;
        while at < block.text.len() {
            if at >= marked + MARK_BYTES {
                self.marks.push((at, reader.clone()));
                marked = at;
            }
            let (line, next) = line_at(block.text, at);
            if let Some((range, frame)) = reader.line(line) {
                // what of a long line was not looked at is the value too
                let whole = next - at <= line.len() + 2;
                self.values.push(Here {
                    start: at + range.start,
                    end: if whole { at + range.end } else { next },
                    frame,
                });
            }
            at = next;
        }
    }

    /// The value that holds the byte at `at`.
    fn value_at(&mut self, block: &Block<'_>, at: usize) -> Option<&Here> {
        self.build(block);
        let after = self.values.partition_point(|v| v.start <= at);
        let value = &self.values[after.checked_sub(1)?];
        (at < value.end).then_some(value)
    }
}

/// What is looked at of the line at `at`, and where the next one begins.
fn line_at(text: &[u8], at: usize) -> (&[u8], usize) {
    let rest = &text[at..];
    let end = memchr::memchr(b'\n', rest);
    let line = &rest[..end.unwrap_or(rest.len())];
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let next = end.map_or(text.len(), |end| at + end + 1);
    (&line[..line.len().min(LINE_BYTES)], next)
}

impl Context for KeysTracker {
    fn shape(&self) -> TextShape {
        TextShape::Plain
    }

    fn has_fields(&self) -> bool {
        true
    }

    fn field_at(&mut self, block: &Block<'_>, at: usize) -> Option<Field> {
        self.told = None;
        let line = self.starts.line_at(block, at);
        let target = block.start + at as u64;
        if let Some(mut field) = self.payload.field_at(view(block), line, target) {
            field.value = near_in_line(block.text, &field.value, at);
            return Some(field);
        }
        let value = self.value_at(block, at)?;
        let (range, frame) = (value.start..value.end, value.frame.clone()?);
        let key = frame.key();
        self.told = Some(frame);
        Some(Field {
            value: near_in_line(block.text, &range, at),
            key,
            column: None,
            is_name: false,
        })
    }

    fn field_names(&mut self, visit: &mut dyn FnMut(&str)) {
        match &self.told {
            Some(frame) => frame.names(visit),
            None => self.payload.field_names(visit),
        }
    }
}

impl Tracker for KeysTracker {
    fn place_into(&mut self, block: &Block<'_>, range: Range<usize>, place: &mut Place) {
        let frame = self
            .value_at(block, range.start)
            .and_then(|value| value.frame.clone());
        self.lines.place(block, range, place);
        (place.cell, place.record, place.page, place.log) = (None, None, None, None);
        place.path = frame.map(|frame| match &self.path {
            Some((known, path)) if Rc::ptr_eq(known, &frame) => Arc::clone(path),
            _ => {
                let path: Arc<str> = frame.dotted().into();
                self.path = Some((frame, Arc::clone(&path)));
                path
            }
        });
    }
}

impl Track for KeysTracker {
    fn retire(&mut self, block: &Block<'_>, upto: usize) {
        self.lines.retire(block, upto);
        let line = self.starts.retire(block, upto);
        self.payload
            .retire(view(block), line, block.start + upto as u64);
        let mut at = self.first_line(block).unwrap_or(usize::MAX);
        let behind = self.marks.partition_point(|(mark, _)| *mark < upto);
        if let (true, Some(last)) = (self.built, behind.checked_sub(1)) {
            let (mark, reader) = &self.marks[last];
            (at, self.reader) = (*mark, reader.clone());
        }
        while at < upto {
            let (line, next) = line_at(block.text, at);
            self.open = self.reader.line(line).and_then(|(_, frame)| frame);
            at = next;
        }
        if upto > 0 {
            self.at_start = block.text[upto - 1] == b'\n';
        }
        self.built = false;
    }
}
