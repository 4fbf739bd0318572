//! Fields in a pass: what the name of a column or value decides, once for all that bear it.

use std::ops::Range;

use super::pass::{Pass, Scope};
use crate::model::{Block, TextShape};

/// Most bytes of a named cell in which a value may begin.
const CELL_BYTES_MAX: usize = 256;

/// What the names of the columns of a table say.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Columns that are visited cell by cell.
    pub visited: Vec<bool>,
    /// Columns whose name is a keyword.
    pub keyed: Vec<bool>,
    /// The names of each, in [`Fields::sets`](super::fields::Fields).
    pub sets: Vec<usize>,
}

impl Pass<'_, '_> {
    /// Visits the cells of some columns whose value starts in `own`.
    pub(super) fn visit_cells(
        &mut self,
        own: &Range<usize>,
        wanted: &[bool],
        visit: &mut dyn FnMut(u32, Range<usize>),
    ) {
        if !wanted.contains(&true) {
            return;
        }
        let (base, len) = (self.window.start, self.text.len());
        let part = Block {
            own: base + own.start..base + own.end,
            ..self.block.clone()
        };
        self.ctx.cells(&part, wanted, &mut |column, range| {
            let range = range.start.saturating_sub(base)..range.end.saturating_sub(base).min(len);
            visit(column, range);
        });
    }

    /// Cells of the columns whose name belongs to a detector that does not look for itself.
    pub(super) fn cells(&mut self, own: &Range<usize>) {
        if self.shape != TextShape::Columns {
            return;
        }
        let catalogue = self.catalogue;
        self.fields.columns(catalogue, self.ctx, self.block);
        let Some(columns) = self.fields.columns.take() else {
            return;
        };
        let mut cells: Vec<(u32, Range<usize>)> = Vec::new();
        self.visit_cells(own, &columns.visited, &mut |column, range| {
            cells.push((column, range));
        });
        for (column, range) in cells {
            let Some(&names) = columns.sets.get(column as usize) else {
                continue;
            };
            let scope = Scope {
                range: range.clone(),
                names: Some(names),
                bare: false,
            };
            self.value(&scope);
            for detector in catalogue.by_cell.iter() {
                if !self.fields.sets[names].near.contains(detector) {
                    continue;
                }
                let starts = range.start..range.end.min(range.start + CELL_BYTES_MAX);
                for &number in &catalogue.detectors[detector as usize].keyword_patterns {
                    self.sweep_pattern(number, starts.clone(), Some(&scope));
                }
            }
        }
        self.fields.columns = Some(columns);
    }
}
