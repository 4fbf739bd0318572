//! SQL dumps: the value, row and column of an offset.
//!
//! Values of rows are fields with the name of their column; what stands between them, each line of it,
//! is a field without a name, so that the text of other statements is looked at too.

use std::ops::Range;
use std::sync::Arc;

use super::super::blocks::Track;
use super::super::sql::{Dialect, Rows, Tables, Value};
use super::super::table::index::partition_near;
use super::lines::Lines;
use super::{enter_cell, near};
use crate::model::{Block, Context, Field, Place, TextShape, Tracker};

/// Text between two marks.
const MARK_BYTES: usize = 16 << 10;

/// A value in the text of the current block, into which its offsets are.
#[derive(Clone, Copy, Debug)]
struct Here {
    end: u32,
    row: u64,
    column: u32,
    number: Option<u32>,
}

pub(crate) struct SqlTracker {
    lines: Lines,
    tables: Tables,
    /// Names of the columns as places share them.
    names: Vec<Arc<str>>,
    /// At the start of the current block's text.
    start: Rows,
    /// At places in it, ascending.
    marks: Vec<Rows>,
    /// The values of the block are listed.
    built: bool,
    /// Offsets of the values, ascending.
    starts: Vec<u32>,
    values: Vec<Here>,
    /// The value last found.
    near: usize,
    /// Number of the column of the field last returned.
    last: Option<u32>,
}

impl SqlTracker {
    pub fn new(lines: Lines, dialect: Dialect) -> Self {
        SqlTracker {
            lines,
            tables: Tables::default(),
            names: Vec::new(),
            start: Rows::new(dialect),
            marks: Vec::new(),
            built: false,
            starts: Vec::new(),
            values: Vec::new(),
            near: 0,
            last: None,
        }
    }

    fn build(&mut self, block: &Block<'_>) {
        if self.built {
            return;
        }
        self.built = true;
        self.near = 0;
        self.starts.clear();
        self.values.clear();
        self.marks.clear();
        let (starts, values) = (&mut self.starts, &mut self.values);
        let mut add = |value: Value| {
            starts.push(value.start.saturating_sub(block.start) as u32);
            values.push(Here {
                end: (value.end - block.start) as u32,
                row: value.row,
                column: value.column,
                number: value.number,
            });
        };
        let mut rows = self.start.clone();
        for part in block.text.chunks(MARK_BYTES) {
            self.marks.push(rows.clone());
            rows.run(part, &mut self.tables, &mut add);
        }
        if let Some(value) = rows.open_value() {
            add(value);
        }
        let names = self.tables.names();
        let new = names[self.names.len()..].iter();
        self.names.extend(new.map(|name| Arc::from(name.as_str())));
    }

    /// Number of the value that holds the byte at `at`, or of the next one.
    fn find(&mut self, at: usize) -> Result<usize, usize> {
        let after = partition_near(&self.starts, self.near, |start| start as usize <= at);
        self.near = after;
        match after.checked_sub(1) {
            Some(this) if at < self.values[this].end as usize => Ok(this),
            _ => Err(after),
        }
    }

    /// What stands around `at` in its line, as far as there is no value.
    fn between(&self, block: &Block<'_>, at: usize, next: usize) -> Range<usize> {
        let from = match next.checked_sub(1) {
            Some(before) => (self.values[before].end as usize).min(at),
            None => 0,
        };
        let to = self
            .starts
            .get(next)
            .map_or(block.text.len(), |&start| start as usize);
        let view = near(&(from..to), at);
        let before = memchr::memrchr(b'\n', &block.text[view.start..at]);
        let after = memchr::memchr(b'\n', &block.text[at..view.end]);
        before.map_or(view.start, |n| view.start + n + 1)..after.map_or(view.end, |n| at + n)
    }
}

impl Context for SqlTracker {
    fn shape(&self) -> TextShape {
        TextShape::Columns
    }

    fn field_at(&mut self, block: &Block<'_>, at: usize) -> Option<Field> {
        self.build(block);
        match self.find(at) {
            Ok(this) => {
                let value = self.values[this];
                self.last = value.number;
                Some(Field {
                    value: near(&(self.starts[this] as usize..value.end as usize), at),
                    key: self.last.map_or(0, |number| u64::from(number) + 1),
                    column: Some(value.column),
                    is_name: false,
                })
            }
            Err(next) => {
                self.last = None;
                Some(Field {
                    value: self.between(block, at, next),
                    key: 0,
                    column: None,
                    is_name: false,
                })
            }
        }
    }

    fn field_names(&mut self, visit: &mut dyn FnMut(&str)) {
        let names = self.tables.names();
        if let Some(name) = self.last.and_then(|number| names.get(number as usize)) {
            visit(name);
        }
    }

    fn columns(&mut self, block: &Block<'_>) -> &[String] {
        self.build(block);
        self.tables.names()
    }

    fn cells(
        &mut self,
        block: &Block<'_>,
        wanted: &[bool],
        visit: &mut dyn FnMut(u32, Range<usize>),
    ) {
        self.build(block);
        let own = &block.own;
        let first = self.starts.partition_point(|&s| (s as usize) < own.start);
        for (&start, value) in self.starts[first..].iter().zip(&self.values[first..]) {
            if start as usize >= own.end {
                return;
            }
            let Some(number) = value.number else { continue };
            if wanted.get(number as usize) == Some(&true) {
                visit(number, start as usize..value.end as usize);
            }
        }
    }
}

impl Tracker for SqlTracker {
    fn place_into(&mut self, block: &Block<'_>, range: Range<usize>, place: &mut Place) {
        self.build(block);
        let found = self.find(range.start);
        self.lines.place(block, range, place);
        (place.record, place.page, place.log) = (None, None, None);
        place.path = None;
        let Ok(this) = found else {
            place.cell = None;
            return;
        };
        let value = self.values[this];
        let name = value.number.and_then(|n| self.names.get(n as usize));
        enter_cell(place, value.row, value.column, name);
    }
}

impl Track for SqlTracker {
    fn retire(&mut self, block: &Block<'_>, upto: usize) {
        self.build(block);
        self.lines.retire(block, upto);
        let last = (upto / MARK_BYTES).min(self.marks.len().saturating_sub(1));
        let mut rows = match self.marks.get(last) {
            Some(mark) => mark.clone(),
            None => self.start.clone(),
        };
        let from = (rows.at - block.start) as usize;
        rows.run(&block.text[from..upto], &mut self.tables, &mut |_| {});
        self.start = rows;
        self.built = false;
    }
}
