//! Tables: the cell, row and column of an offset.

use std::ops::Range;
use std::sync::Arc;

use super::super::blocks::Track;
use super::super::table::dialect::Dialect;
use super::super::table::index::{Index, Start};
use super::lines::Lines;
use super::{enter_cell, near};
use crate::model::{Block, Context, Field, Place, TextShape, Tracker};

pub(crate) struct ColumnsTracker {
    lines: Lines,
    header: Vec<String>,
    /// The same names, as places share them.
    names: Vec<Arc<str>>,
    /// What is open at the start of the current block's text.
    start: Start,
    index: Index,
    /// The index is of the current block.
    built: bool,
    /// Column of the field last returned.
    last: Option<u32>,
}

impl ColumnsTracker {
    pub fn new(lines: Lines, dialect: Dialect) -> Self {
        ColumnsTracker {
            lines,
            names: dialect.header.iter().map(|n| n.as_str().into()).collect(),
            index: Index::new(dialect.delimiter),
            header: dialect.header,
            start: Start::TEXT,
            built: false,
            last: None,
        }
    }

    fn build(&mut self, block: &Block<'_>) {
        if !self.built {
            self.index.build(block.text, self.start, block.last);
            self.built = true;
        }
    }

    fn is_header(&self, row: u64) -> bool {
        row == 0 && !self.header.is_empty()
    }
}

impl Context for ColumnsTracker {
    fn shape(&self) -> TextShape {
        TextShape::Columns
    }

    fn field_at(&mut self, block: &Block<'_>, at: usize) -> Option<Field> {
        self.build(block);
        let cell = self.index.cell_at(block.text, at)?;
        let is_name = self.is_header(cell.row);
        self.last = (!is_name).then_some(cell.column);
        Some(Field {
            value: near(&cell.value, at),
            key: self.last.map_or(0, |column| u64::from(column) + 1),
            column: Some(cell.column),
            is_name,
        })
    }

    fn field_names(&mut self, visit: &mut dyn FnMut(&str)) {
        if let Some(name) = self.last.and_then(|c| self.header.get(c as usize)) {
            visit(name);
        }
    }

    fn columns(&mut self, _: &Block<'_>) -> &[String] {
        &self.header
    }

    fn cells(
        &mut self,
        block: &Block<'_>,
        wanted: &[bool],
        visit: &mut dyn FnMut(u32, Range<usize>),
    ) {
        self.build(block);
        let first_row = u64::from(!self.header.is_empty());
        self.index
            .visit(block.text, block.own.clone(), first_row, wanted, visit);
    }
}

impl Tracker for ColumnsTracker {
    fn place_into(&mut self, block: &Block<'_>, range: Range<usize>, place: &mut Place) {
        self.build(block);
        let cell = self.index.cell_at(block.text, range.start);
        self.lines.place(block, range, place);
        (place.record, place.page, place.log) = (None, None, None);
        place.path = None;
        let Some(at) = cell else {
            place.cell = None;
            return;
        };
        // A header cell that holds a value is not to be named by it.
        let name = match self.is_header(at.row) {
            true => None,
            false => self.names.get(at.column as usize),
        };
        enter_cell(place, at.row, at.column, name);
    }
}

impl Track for ColumnsTracker {
    fn retire(&mut self, block: &Block<'_>, upto: usize) {
        self.build(block);
        self.lines.retire(block, upto);
        self.start = self.index.start_at(block.text, upto);
        self.built = false;
    }
}
