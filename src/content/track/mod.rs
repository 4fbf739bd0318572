//! Trackers: what is known of the structure of a text, kept beside its blocks.

pub(crate) mod columns;
pub(crate) mod keys;
pub(crate) mod lines;
pub(crate) mod markup;
pub(crate) mod messages;
pub(crate) mod payload;
pub(crate) mod plain;
pub(crate) mod records;
pub(crate) mod rendered;
pub(crate) mod sql;
pub(crate) mod stamped;

use std::ops::Range;
use std::sync::Arc;

use crate::model::text::{LOOKAHEAD_BYTES, LOOKBEHIND_BYTES};
use crate::model::{Block, Cell, Place};

/// Starts of lines, looked for backwards from one offset to the one asked for before.
#[derive(Debug, Default)]
pub(crate) struct LineStarts {
    /// Of the line that is open where the block's text begins.
    carried: u64,
    /// An offset that was asked for and its line.
    near: Option<(u64, u64)>,
}

impl LineStarts {
    /// Start of the line that holds `at`.
    pub fn line_at(&mut self, block: &Block<'_>, at: usize) -> u64 {
        let target = block.start + at as u64;
        let near = self.near.filter(|(to, _)| *to <= target);
        let (floor, known) = match near {
            Some((to, line)) => ((to - block.start) as usize, line),
            None => (0, self.carried),
        };
        let line = match memchr::memrchr(b'\n', &block.text[floor..at]) {
            Some(newline) => block.start + (floor + newline) as u64 + 1,
            None => known,
        };
        self.near = Some((target, line));
        line
    }

    /// Text before `upto` leaves; answers with the line that is open there.
    pub fn retire(&mut self, block: &Block<'_>, upto: usize) -> u64 {
        self.carried = self.line_at(block, upto);
        self.near = None;
        self.carried
    }
}

/// Takes over a shared name, unless it is there already.
pub(crate) fn take_name(to: &mut Arc<str>, name: &Arc<str>) {
    if !Arc::ptr_eq(to, name) {
        *to = Arc::clone(name);
    }
}

/// Makes the cell of a place that of a row and column, both from 0.
pub(crate) fn enter_cell(place: &mut Place, row: u64, column: u32, name: Option<&Arc<str>>) {
    let cell = place.cell.get_or_insert(Cell {
        row: 0,
        column: 0,
        column_name: None,
        table: None,
    });
    cell.table = None;
    cell.row = row + 1;
    cell.column = column.saturating_add(1);
    match (&mut cell.column_name, name) {
        (Some(to), Some(name)) => take_name(to, name),
        (to, name) => *to = name.cloned(),
    }
}

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
