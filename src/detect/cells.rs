//! Fields in a pass: what the name of a column or value decides, once for all that bear it.

use std::ops::Range;

use super::number::Regions;
use super::pass::{Pass, Scope};
use crate::model::{Block, Side, TextShape};

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
    fn visit_cells(
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
        self.fields.columns(catalogue, self.ctx);
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

    /// The stretches of a table or of records in which a number may have a keyword: the fields whose
    /// names hold one, and those that hold one themselves.
    pub(super) fn field_regions(&mut self, regions: &mut Regions) {
        let mut fields = Vec::new();
        let known = match self.shape {
            TextShape::Columns => {
                self.column_regions(&mut fields);
                true
            }
            _ => self.value_regions(&mut fields),
        };
        let everything = &self.catalogue.everything;
        if !known {
            return regions.add(0, self.text.len(), everything);
        }
        let by_name = fields.len();
        for found in self.found {
            let at = found.start as usize;
            if fields[by_name..].last().is_some_and(|r| at < r.end) {
                continue;
            }
            if let Some(here) = self.field(at) {
                fields.push(here.value);
            }
        }
        // ascending runs
        fields.sort_by_key(|field| field.start);
        for field in fields {
            // the byte after it too: a token may begin with the last letters of a field, and its
            // digits stand behind the delimiter
            regions.add(field.start, field.end + 1, everything);
        }
    }

    /// The values of records under names that hold a keyword; `false` where they are not known.
    fn value_regions(&mut self, fields: &mut Vec<Range<usize>>) -> bool {
        let (base, len) = (self.window.start, self.text.len());
        let part = Block {
            own: self.window.clone(),
            ..self.block.clone()
        };
        let (names_of, catalogue) = (&mut *self.fields, self.catalogue);
        self.ctx.values(
            &part,
            &mut |key, names| {
                let names = names_of.of_key(catalogue, key, Side::Path, &mut |visit| names(visit));
                !names_of.sets[names].near.is_empty()
            },
            &mut |range| {
                let from = range.start.saturating_sub(base);
                fields.push(from..range.end.saturating_sub(base).min(len));
            },
        )
    }

    /// The cells of columns whose name holds a keyword.
    fn column_regions(&mut self, fields: &mut Vec<Range<usize>>) {
        // the cell that began before the window; of a long one only a part is seen at a time
        let mut at = 0;
        while let Some(here) = self.field(at) {
            let keyed = !here.is_name && !self.fields.sets[here.names].near.is_empty();
            if !keyed || here.value.end <= at {
                break;
            }
            at = here.value.end;
            fields.push(here.value);
            if at >= self.text.len() {
                break;
            }
        }
        self.fields.columns(self.catalogue, self.ctx);
        if let Some(columns) = self.fields.columns.take() {
            let all = 0..self.text.len();
            self.visit_cells(&all, &columns.keyed, &mut |_, range| {
                fields.push(range);
            });
            self.fields.columns = Some(columns);
        }
    }
}
