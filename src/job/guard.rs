//! Keeps matched values out of the names that places carry.
//!
//! A JSON key or a column header may itself be a value (`{"4532 0151 1283 0366": "paid"}`). Its own
//! occurrence is masked, but it would show in the JSON path or column name of the values under
//! it. Macie leaves such a path out; so do we.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::detect::{Catalogue, Scanner};
use crate::model::recent::Recent;
use crate::model::text::NoContext;
use crate::model::{Block, Place};

/// Names whose verdict is remembered.
const NAMES_MAX: usize = 4096;

/// Tells which names hold a value. One per scanning thread.
pub struct NameGuard {
    scanner: Scanner,
    verdicts: HashMap<Arc<str>, bool>,
    /// The same for the texts that came last, by address.
    recent: Recent<bool>,
}

impl NameGuard {
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        NameGuard {
            scanner: Scanner::new(catalogue),
            verdicts: HashMap::new(),
            recent: Recent::default(),
        }
    }

    /// Takes names that hold a value out of a place: the column name is dropped, the JSON path is
    /// cut to its root.
    pub fn clean(&mut self, place: &mut Place) {
        if let Some(cell) = &mut place.cell
            && let Some(name) = &cell.column_name
            && self.holds_value(name)
        {
            cell.column_name = None;
        }
        if let Some(record) = &mut place.record
            && self.holds_value(&record.json_path)
        {
            record.json_path = "$".into();
        }
    }

    fn holds_value(&mut self, name: &Arc<str>) -> bool {
        if let Some(verdict) = self.recent.get(name) {
            return verdict;
        }
        let verdict = self.verdict(name);
        self.recent.put(name, verdict);
        verdict
    }

    fn verdict(&mut self, name: &Arc<str>) -> bool {
        if let Some(verdict) = self.verdicts.get(name) {
            return *verdict;
        }
        let mut found = false;
        let _ = self
            .scanner
            .scan(&Block::whole(name.as_bytes()), &mut NoContext, &mut |_| {
                found = true;
                ControlFlow::Break(())
            });
        if self.verdicts.len() >= NAMES_MAX {
            self.verdicts.clear();
        }
        self.verdicts.insert(Arc::clone(name), found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cell, Record};

    #[test]
    fn names_that_are_values_are_left_out() {
        let catalogue = Arc::new(Catalogue::builtin().unwrap());
        let mut guard = NameGuard::new(catalogue);
        let mut place = |path: &str, column: &str| {
            let mut place = Place {
                cell: Some(Cell {
                    row: 2,
                    column: 1,
                    column_name: Some(column.into()),
                }),
                record: Some(Record {
                    record_index: 0,
                    json_path: path.into(),
                }),
                ..Place::default()
            };
            guard.clean(&mut place);
            (
                place.record.unwrap().json_path.to_string(),
                place.cell.unwrap().column_name,
            )
        };
        let (path, column) = place("$['4532 0151 1283 0366'].ssn", "4532015112830366");
        assert_eq!((path.as_str(), column), ("$", None));
        let (path, column) = place("$.user.ssn", "card_number");
        assert_eq!(path, "$.user.ssn");
        assert_eq!(column.as_deref(), Some("card_number"));
    }
}
