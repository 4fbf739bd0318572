//! Documents as text: the cell, record or page of an offset.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::super::blocks::Track;
use super::super::rendered::{Map, What};
use super::lines::Lines;
use super::{enter_cell, near, near_in_line, take_name};
use crate::model::{Block, Context, Field, Place, Record, TextShape, Tracker};

pub(crate) struct RenderedTracker {
    map: Rc<RefCell<Map>>,
    lines: Lines,
    shape: TextShape,
    /// Copies of the map's, which cannot be lent.
    columns: Vec<String>,
    /// Number of the column of the field last returned.
    last: Option<u32>,
}

impl RenderedTracker {
    /// `is_table`: keywords count as in tables.
    pub fn new(map: Rc<RefCell<Map>>, lines: Lines, is_table: bool) -> Self {
        RenderedTracker {
            map,
            lines,
            shape: match is_table {
                true => TextShape::Columns,
                false => TextShape::Plain,
            },
            columns: Vec::new(),
            last: None,
        }
    }
}

impl Context for RenderedTracker {
    fn shape(&self) -> TextShape {
        self.shape
    }

    fn has_fields(&self) -> bool {
        self.shape == TextShape::Plain && !self.map.borrow().names.is_empty()
    }

    fn field_at(&mut self, block: &Block<'_>, at: usize) -> Option<Field> {
        self.last = None;
        let target = block.start + at as u64;
        let mut map = self.map.borrow_mut();
        let in_block = |offset: u64| offset.saturating_sub(block.start) as usize;
        let (value, column, row) = {
            let span = map.span(target)?;
            let value = in_block(span.start)..in_block(span.end).min(block.text.len());
            match &span.what {
                What::Line if self.shape == TextShape::Plain => return None,
                What::Line => {
                    return Some(Field {
                        value: near_in_line(block.text, &value, at),
                        key: 0,
                        column: None,
                        is_name: false,
                    });
                }
                What::Cell { row, column } => (value, *column, Some(*row)),
                What::Value { column, .. } => (value, *column, None),
            }
        };
        let table = map.table_at(target)?;
        let is_name = row.is_some() && row == table.header_row;
        if is_name && self.shape == TextShape::Plain {
            return None;
        }
        let number = table.number(column);
        self.last = number.filter(|_| !is_name);
        Some(Field {
            value: near(&value, at),
            key: self.last.map_or(0, |number| u64::from(number) + 1),
            column: (self.shape == TextShape::Columns).then_some(column),
            is_name,
        })
    }

    fn field_names(&mut self, visit: &mut dyn FnMut(&str)) {
        let map = self.map.borrow();
        if let Some(name) = self.last.and_then(|number| map.names.get(number as usize)) {
            visit(name);
        }
    }

    fn columns(&mut self, _: &Block<'_>) -> &[String] {
        if self.shape == TextShape::Columns {
            let map = self.map.borrow();
            let new = map.names.get(self.columns.len()..).unwrap_or_default();
            self.columns.extend_from_slice(new);
        }
        &self.columns
    }

    fn cells(
        &mut self,
        block: &Block<'_>,
        wanted: &[bool],
        visit: &mut dyn FnMut(u32, Range<usize>),
    ) {
        let map = self.map.borrow();
        let own = block.start + block.own.start as u64..block.start + block.own.end as u64;
        for span in map.starting(own.start, own.end) {
            let (column, row) = match &span.what {
                What::Line => continue,
                What::Cell { row, column } => (*column, Some(*row)),
                What::Value { column, .. } => (*column, None),
            };
            let Some(table) = map.table_at(span.start) else {
                continue;
            };
            let Some(number) = table.number(column) else {
                continue;
            };
            let is_name = row.is_some() && row == table.header_row;
            if is_name || wanted.get(number as usize) != Some(&true) {
                continue;
            }
            let start = (span.start - block.start) as usize;
            let end = (span.end - block.start) as usize;
            visit(number, start..end.min(block.text.len()));
        }
    }
}

impl Tracker for RenderedTracker {
    fn place_into(&mut self, block: &Block<'_>, range: Range<usize>, place: &mut Place) {
        let target = block.start + range.start as u64;
        self.lines.place(block, range, place);
        (place.log, place.path) = (None, None);
        let mut map = self.map.borrow_mut();
        place.page = map.page_at(target);
        let what = map.span(target).map(|span| span.what.clone());
        let table = map.table_at(target);
        match (what, table) {
            (Some(What::Cell { row, column }), Some(table)) => {
                place.record = None;
                let number = table
                    .number(column)
                    .filter(|_| Some(row) != table.header_row);
                let name = number.and_then(|number| map.shared.get(number as usize));
                enter_cell(place, 0, column, name.filter(|name| !name.is_empty()));
                if let Some(cell) = &mut place.cell {
                    cell.row = row;
                    cell.table.clone_from(&table.name);
                }
            }
            (
                Some(What::Value {
                    record,
                    column,
                    path,
                }),
                Some(table),
            ) => {
                place.cell = None;
                let of_column = table.number(column).and_then(|n| map.paths.get(n as usize));
                let path: Arc<str> = match (path, of_column) {
                    (Some(path), _) => path.into(),
                    (None, Some(path)) => Arc::clone(path),
                    (None, None) => Arc::from("$"),
                };
                match &mut place.record {
                    Some(at) => {
                        at.record_index = record;
                        take_name(&mut at.json_path, &path);
                    }
                    at => {
                        *at = Some(Record {
                            record_index: record,
                            json_path: path,
                        });
                    }
                }
            }
            _ => (place.cell, place.record) = (None, None),
        }
    }
}

impl Track for RenderedTracker {
    fn retire(&mut self, block: &Block<'_>, upto: usize) {
        self.lines.retire(block, upto);
        self.map.borrow_mut().retire(block.start + upto as u64);
    }
}
