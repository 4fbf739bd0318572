//! JSON documents, one after the other or one a line: the record, path and value of an offset.
//!
//! Where each line is a record, the lines in view are listed once by [`Tape`]. Elsewhere, and in
//! lines that are not right, one cursor goes over the text once. It leaves marks where it was asked, so that going back
//! costs little; what is not asked for is only stepped over.

use std::ops::Range;
use std::sync::Arc;

use super::super::blocks::Track;
use super::super::fault::{Fault, Scope};
use super::super::json::names::RawNames;
use super::super::json::raw_path::Known;
use super::super::json::scan::{Broken, Found, Scanner, View};
use super::super::json::tape::{At, Tape};
use super::super::table::index::partition_near;
use super::lines::Lines;
use super::{near, take_name};
use crate::model::text::{LOOKAHEAD_BYTES, LOOKBEHIND_BYTES, Wanted};
use crate::model::{Block, Context, Field, LogPlace, Place, Reason, Record, TextShape, Tracker};

/// Text between two marks.
const MARK_BYTES: u64 = 8 << 10;

/// Bytes of paths that are remembered for one block.
const SEEN_BYTES_MAX: usize = 256 << 10;

/// Values of the current block that were asked for, so that their places need no second look.
#[derive(Debug, Default)]
struct SeenValues {
    /// Offsets of the values in the block's text, ascending.
    starts: Vec<u32>,
    values: Vec<Seen>,
    /// Their paths, one after the other.
    paths: Vec<u8>,
    /// The one last found.
    near: usize,
}

#[derive(Debug)]
struct Seen {
    end: usize,
    record_index: u64,
    path: Range<usize>,
}

impl SeenValues {
    fn clear(&mut self) {
        self.starts.clear();
        self.values.clear();
        self.paths.clear();
        self.near = 0;
    }

    /// The value that holds the byte at `at`.
    fn at(&mut self, at: usize) -> Option<&Seen> {
        let after = partition_near(&self.starts, self.near, |start| start as usize <= at);
        self.near = after;
        let seen = &self.values[after.checked_sub(1)?];
        (at < seen.end).then_some(seen)
    }

    fn add(&mut self, value: &Range<usize>, record_index: u64, scanner: &Scanner, view: View<'_>) {
        let behind = |&last: &u32| value.start > last as usize;
        if !self.starts.last().is_none_or(behind) || self.paths.len() >= SEEN_BYTES_MAX {
            return;
        }
        let from = self.paths.len();
        scanner.raw_path(view, &mut self.paths);
        self.starts.push(value.start as u32);
        self.values.push(Seen {
            end: value.end,
            record_index,
            path: from..self.paths.len(),
        });
    }
}

/// A position in the text with all that is open there.
#[derive(Debug)]
struct Cursor {
    scanner: Scanner,
    /// Lines with content before this one, where each line is a record.
    lines: u64,
    /// The line has content.
    content: bool,
    /// From where on the text (or the line) is not JSON.
    broken: Option<Broken>,
    /// Where a line was nested too deep, for the first time.
    too_deep: Option<u64>,
}

impl Clone for Cursor {
    fn clone(&self) -> Self {
        Cursor {
            scanner: self.scanner.clone(),
            ..*self
        }
    }

    fn clone_from(&mut self, other: &Self) {
        self.scanner.clone_from(&other.scanner);
        self.lines = other.lines;
        self.content = other.content;
        self.broken = other.broken;
        self.too_deep = other.too_deep;
    }
}

impl Cursor {
    fn run(&mut self, view: View<'_>, to: u64, by_line: bool) {
        if by_line {
            self.run_lines(view, to);
        } else if self.broken.is_none() {
            self.broken = self.scanner.run(view, to).err();
        }
        self.scanner.at = to;
    }

    fn run_lines(&mut self, view: View<'_>, to: u64) {
        while self.scanner.at < to {
            let at = view.index(self.scanner.at);
            let rest = &view.bytes[at..view.index(to)];
            let line = memchr::memchr(b'\n', rest);
            let len = line.unwrap_or(rest.len());
            let end = self.scanner.at + len as u64;
            self.content = self.content || !rest[..len].trim_ascii().is_empty();
            if self.broken.is_none() {
                self.broken = self.scanner.run(view, end).err();
                if let Some(Broken::TooDeep { at }) = self.broken {
                    self.too_deep = self.too_deep.or(Some(at));
                }
            }
            self.scanner.at = end;
            if line.is_some() {
                self.lines += u64::from(self.content);
                self.content = false;
                self.broken = None;
                self.scanner.restart(end + 1);
            }
        }
    }
}

pub(crate) struct RecordsTracker {
    lines: Lines,
    /// Each line is a record by itself.
    by_line: bool,
    depth_max: usize,
    /// At the start of the current block's text.
    base: Cursor,
    /// The last position asked for.
    cursor: Cursor,
    /// Ascending, behind the base; those from `marked` on are spare.
    marks: Vec<Cursor>,
    marked: usize,
    /// The lines of the current block, once they are asked for.
    tape: Tape,
    listed: bool,
    /// At the first of these lines.
    head: Cursor,
    /// The node of the field last told of, if that is of a listed line.
    told: Option<u32>,
    /// The value last found, and where that left the cursor.
    last: Option<(u64, Found)>,
    /// Names of the field last found.
    names: RawNames,
    seen: SeenValues,
    paths: Known,
    /// Spare, for one path.
    path: Vec<u8>,
}

fn view<'a>(block: &Block<'a>) -> View<'a> {
    View {
        bytes: block.text,
        start: block.start,
    }
}

impl RecordsTracker {
    pub fn new(lines: Lines, by_line: bool, depth_max: usize) -> Self {
        let base = Cursor {
            scanner: Scanner::new(0, depth_max),
            lines: 0,
            content: false,
            broken: None,
            too_deep: None,
        };
        RecordsTracker {
            lines,
            by_line,
            depth_max,
            cursor: base.clone(),
            head: base.clone(),
            base,
            tape: Tape::default(),
            listed: false,
            told: None,
            marks: Vec::new(),
            marked: 0,
            last: None,
            names: RawNames::default(),
            seen: SeenValues::default(),
            paths: Known::default(),
            path: Vec::new(),
        }
    }

    /// Takes the cursor back to the last mark at or before `to`.
    fn back_to(&mut self, to: u64) {
        let marks = &self.marks[..self.marked];
        let count = marks.partition_point(|m| m.scanner.at <= to);
        let from = match count.checked_sub(1) {
            Some(last) => &marks[last],
            None => &self.base,
        };
        self.cursor.clone_from(from);
    }

    fn mark(&mut self) {
        let last = match self.marked.checked_sub(1) {
            Some(last) => self.marks[last].scanner.at,
            None => self.base.scanner.at,
        };
        if self.cursor.scanner.at < last + MARK_BYTES {
            return;
        }
        match self.marks.get_mut(self.marked) {
            Some(spare) => spare.clone_from(&self.cursor),
            None => self.marks.push(self.cursor.clone()),
        }
        self.marked += 1;
    }

    /// Lists the lines of the block, if each is a record and that is not done.
    fn list(&mut self, block: &Block<'_>) {
        if !self.by_line || self.listed {
            return;
        }
        self.listed = true;
        let newline = memchr::memchr(b'\n', block.text);
        let first = match newline {
            _ if block.first => 0,
            Some(newline) => newline + 1,
            None => return,
        };
        self.head.clone_from(&self.base);
        self.head.run(view(block), block.start + first as u64, true);
        self.tape
            .build(block.text, first, block.last, self.depth_max);
    }

    /// What the list knows of an offset.
    fn at(&mut self, block: &Block<'_>, at: usize) -> At {
        if !self.by_line {
            return At::Unknown;
        }
        self.list(block);
        self.tape.at(at)
    }

    /// Lines with content before the listed line of `at`.
    fn records_before(&mut self, at: usize) -> u64 {
        let records = self.tape.line_start(at).map_or(0, |(_, records)| records);
        self.head.lines + records
    }

    /// Takes the cursor to the start of the line of `at`, if that is ahead and known.
    fn skip_lines(&mut self, block: &Block<'_>, at: usize) {
        if !self.listed {
            return;
        }
        let Some((start, records)) = self.tape.line_start(at) else {
            return;
        };
        let line = block.start + start as u64;
        if self.cursor.scanner.at >= line {
            return;
        }
        let too_deep = self.tape.too_deep_before(start);
        let too_deep = too_deep.map(|at| block.start + at as u64);
        self.cursor.scanner.restart(line);
        self.cursor.lines = self.head.lines + records;
        self.cursor.content = false;
        self.cursor.broken = None;
        self.cursor.too_deep = self.head.too_deep.or(too_deep);
    }

    fn seek(&mut self, block: &Block<'_>, at: usize) {
        let target = block.start + at as u64;
        if self.cursor.scanner.at > target {
            self.back_to(target);
        }
        self.skip_lines(block, at);
        while self.cursor.scanner.at < target {
            let step = (self.cursor.scanner.at + MARK_BYTES).min(target);
            self.cursor.run(view(block), step, self.by_line);
            self.mark();
        }
    }

    /// The value at `at`; after it the cursor stands within that value.
    fn found(&mut self, block: &Block<'_>, at: usize) -> Option<Found> {
        let here = self.cursor.scanner.at;
        if let Some((reached, last)) = &self.last
            && *reached == here
            && last.value.contains(&at)
        {
            return Some(last.clone());
        }
        self.seek(block, at);
        if self.cursor.broken.is_some() {
            return None;
        }
        match self.cursor.scanner.found(view(block)) {
            Ok(found) => {
                // It may have looked at one more byte, which is no space then.
                let moved = self.cursor.scanner.at > block.start + at as u64;
                self.cursor.content = self.cursor.content || moved;
                let mut found = found?;
                if self.by_line {
                    // A string that is not closed ends with its line.
                    let rest = block.text.get(at..found.value.end).unwrap_or_default();
                    let newline = memchr::memchr(b'\n', rest);
                    found.value.end = newline.map_or(found.value.end, |n| at + n);
                }
                // Of a very long value only a part was looked at, which is not that of others.
                let whole = found.value.end < at + LOOKAHEAD_BYTES
                    && found.value.start + LOOKBEHIND_BYTES >= at;
                self.last = whole.then(|| (self.cursor.scanner.at, found.clone()));
                Some(found)
            }
            Err(_) => {
                // Run again up to there, the cursor comes by the same error.
                self.back_to(block.start + at as u64);
                None
            }
        }
    }

    fn record_index(&self) -> u64 {
        match self.by_line {
            true => self.cursor.lines,
            false => self.cursor.scanner.records,
        }
    }

    /// `eventTime` of a CloudTrail record, where it stands within the surroundings of a hit.
    fn event_time(&self, block: &Block<'_>, at: usize) -> Option<Arc<str>> {
        const NAME: &[u8] = b"\"eventTime\":\"";
        let record = self.cursor.scanner.frame_start(2)?;
        let from = view(block)
            .index(record)
            .max(at.saturating_sub(LOOKBEHIND_BYTES));
        let to = block.text.len().min(at + LOOKAHEAD_BYTES);
        let found = memchr::memmem::find(block.text.get(from..to)?, NAME)?;
        let start = from + found + NAME.len();
        // The time must be of this record: no other begins between.
        let mut scanner = self.cursor.scanner.clone();
        let time = block.text.get(start..start + 20)?;
        let record_of_time = if start < at {
            Some(record)
        } else {
            scanner.run(view(block), block.start + start as u64).ok()?;
            scanner.frame_start(2)
        };
        let fits = time
            .iter()
            .zip(b"0000-00-00T00:00:00Z")
            .all(|(&b, &s)| match s {
                b'0' => b.is_ascii_digit(),
                _ => b == s,
            });
        if !fits || record_of_time != Some(record) {
            return None;
        }
        let text = String::from_utf8_lossy(&time[..19]);
        Some(format!("{text}.000Z").into())
    }
}

impl Context for RecordsTracker {
    fn shape(&self) -> TextShape {
        TextShape::Records
    }

    fn field_at(&mut self, block: &Block<'_>, at: usize) -> Option<Field> {
        self.told = None;
        match self.at(block, at) {
            At::Unknown => {}
            At::Nothing => return None,
            At::Entry(number) => {
                let entry = self.tape.entry(number);
                self.told = Some(entry.node);
                return Some(Field {
                    value: near(&entry.value(), at),
                    key: self.tape.tree.key(entry.node),
                    column: None,
                    is_name: entry.is_name,
                });
            }
        }
        let found = self.found(block, at)?;
        let scanner = &self.cursor.scanner;
        scanner.raw_names(view(block), &mut self.names);
        // what `found` keeps is the whole value
        if self.last.is_some() {
            let record_index = self.record_index();
            self.seen
                .add(&found.value, record_index, scanner, view(block));
        }
        Some(Field {
            value: near(&found.value, at),
            key: self.names.key(),
            column: None,
            is_name: found.is_name,
        })
    }

    fn field_names(&mut self, visit: &mut dyn FnMut(&str)) {
        if let Some(node) = self.told {
            self.tape.tree.raw_names(node, &mut self.names);
        }
        self.names.visit(visit);
    }

    fn values(
        &mut self,
        block: &Block<'_>,
        wanted: Wanted<'_>,
        visit: &mut dyn FnMut(Option<u64>, Range<usize>),
    ) -> bool {
        if !self.by_line {
            return false;
        }
        self.list(block);
        let mut ask = |key, names: &RawNames| wanted(key, &|visit| names.visit(visit));
        self.tape.visit(block.own.clone(), &mut ask, visit);
        true
    }
}

impl Tracker for RecordsTracker {
    fn place_into(&mut self, block: &Block<'_>, range: Range<usize>, place: &mut Place) {
        let start = range.start;
        self.lines.place(block, range, place);
        (place.cell, place.page, place.log) = (None, None, None);
        place.path = None;
        match self.at(block, start) {
            At::Unknown => {}
            At::Nothing => {
                place.record = None;
                return;
            }
            At::Entry(number) => {
                let index = self.records_before(start);
                let paths = &mut self.paths;
                if let Some(path) = self.tape.plain_path(number, |raw| paths.path(raw).text) {
                    return enter_record(place, index, path);
                }
                self.path.clear();
                self.tape.raw_path(number, &mut self.path);
                let path = self.paths.path(&self.path);
                if !path.in_trail {
                    return enter_record(place, index, &path.text);
                }
            }
        }
        if let Some(seen) = self.seen.at(start) {
            let (record_index, path) = (seen.record_index, seen.path.clone());
            let path = self.paths.path(&self.seen.paths[path]);
            // the time of an event is looked for around the cursor
            if !path.in_trail {
                enter_record(place, record_index, &path.text);
                return;
            }
        }
        if self.found(block, start).is_none() {
            place.record = None;
            return;
        }
        self.path.clear();
        let scanner = &self.cursor.scanner;
        scanner.raw_path(view(block), &mut self.path);
        let record_index = self.record_index();
        let path = self.paths.path(&self.path);
        enter_record(place, record_index, &path.text);
        if path.in_trail {
            place.log = self.event_time(block, start).map(|time| LogPlace {
                timestamp: Some(time),
                ..LogPlace::default()
            });
        }
    }
}

fn enter_record(place: &mut Place, record_index: u64, path: &Arc<str>) {
    match &mut place.record {
        Some(record) => {
            record.record_index = record_index;
            take_name(&mut record.json_path, path);
        }
        None => {
            place.record = Some(Record {
                record_index,
                json_path: Arc::clone(path),
            });
        }
    }
}

impl Track for RecordsTracker {
    fn retire(&mut self, block: &Block<'_>, upto: usize) {
        self.last = None;
        self.seen.clear();
        self.lines.retire(block, upto);
        let target = block.start + upto as u64;
        if self.cursor.scanner.at > target {
            self.back_to(target);
        }
        self.skip_lines(block, upto);
        self.cursor.run(view(block), target, self.by_line);
        self.cursor.scanner.hold(view(block), target);
        self.base.clone_from(&self.cursor);
        self.marked = 0;
        self.tape.clear();
        (self.listed, self.told) = (false, None);
    }

    fn lacking(&self) -> Option<Fault> {
        let too_deep = match self.base.broken {
            Some(Broken::TooDeep { at }) => Some(at),
            _ => self.base.too_deep,
        };
        if let Some(at) = too_deep {
            return Some(Fault::new(
                Scope::Stream,
                Reason::JsonNestingLevelOverLimit,
                format!(
                    "JSON is nested deeper than {} at byte {at}; what follows was read as plain text",
                    self.depth_max
                ),
            ));
        }
        if self.by_line {
            // Lines that are not JSON are text among records.
            return None;
        }
        let detail = match self.base.broken {
            Some(Broken::Syntax { at } | Broken::TooDeep { at }) => {
                format!("JSON is broken at byte {at}; the rest was read as plain text")
            }
            None if self.base.scanner.is_between() => return None,
            None => "JSON ends within a value".to_owned(),
        };
        Some(Fault::new(Scope::Stream, Reason::UnableToParseFile, detail))
    }
}

#[cfg(test)]
mod tests;
