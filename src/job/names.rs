//! Values in the place of names: objects keyed by card number, tables without a header.
//!
//! A place tells names (JSON path, column name) in clear. Where such a name is itself a value that
//! the run looks for, it is masked like any other value before it is kept or shown.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::detect::{Catalogue, Scanner};
use crate::model::mask::mask;
use crate::model::recent::Recent;
use crate::model::text::NoContext;
use crate::model::{Block, Hit, Origin, Place, Secret, Table};

/// Names remembered; beyond, all are forgotten and looked at again.
const KNOWN_MAX: usize = 4096;
/// Digits from which on a name without quotes may be a value.
const DIGITS_MIN: usize = 7;
/// Length from which on one word of a name without quotes may be a value, in bytes.
const WORD_BYTES_MIN: usize = 16;

/// Masks values in names. One a thread.
pub struct NameMask {
    catalogue: Arc<Catalogue>,
    scanner: Scanner,
    /// The user's own identifiers may look like anything.
    any_form: bool,
    known: HashMap<Arc<str>, Arc<str>>,
    /// Looked at first: the names of a row's columns come again and again.
    recent: Recent<Arc<str>>,
}

impl NameMask {
    pub fn new(catalogue: &Arc<Catalogue>) -> Self {
        NameMask {
            catalogue: Arc::clone(catalogue),
            scanner: Scanner::new(Arc::clone(catalogue)),
            any_form: catalogue
                .index()
                .detectors
                .iter()
                .any(|d| d.origin == Origin::Custom),
            known: HashMap::new(),
            recent: Recent::default(),
        }
    }

    /// Masks what in the names of a place is a value.
    pub fn apply(&mut self, place: &mut Place) {
        if let Some(name) = place.cell.as_mut().and_then(|c| c.column_name.as_mut()) {
            self.mask(name, |_| true);
        }
        if let Some(Table::Sheet(name) | Table::Named(name)) =
            place.cell.as_mut().and_then(|c| c.table.as_mut())
        {
            self.mask(name, |_| true);
        }
        if let Some(path) = &mut place.path {
            self.mask(path, |_| true);
        }
        if let Some(record) = &mut place.record {
            let may: fn(&str) -> bool = match self.any_form {
                true => |_| true,
                false => may_hold_value,
            };
            self.mask(&mut record.json_path, may);
        }
    }

    /// Masks a name. `may`: whether it is to be looked at.
    fn mask(&mut self, name: &mut Arc<str>, may: fn(&str) -> bool) {
        if let Some(shown) = self.recent.peek(name) {
            if !Arc::ptr_eq(shown, name) {
                *name = Arc::clone(shown);
            }
            return;
        }
        let shown = match may(name) {
            true => self.looked_up(name),
            false => Arc::clone(name),
        };
        self.recent.put(name, Arc::clone(&shown));
        *name = shown;
    }

    fn looked_up(&mut self, name: &Arc<str>) -> Arc<str> {
        if let Some(known) = self.known.get(name) {
            return Arc::clone(known);
        }
        let masked = self.scan(name);
        if self.known.len() >= KNOWN_MAX {
            self.known.clear();
        }
        self.known.insert(Arc::clone(name), Arc::clone(&masked));
        masked
    }

    fn scan(&mut self, name: &Arc<str>) -> Arc<str> {
        let mut hits: Vec<Hit> = Vec::new();
        self.scanner.begin_member();
        // the sink never breaks off, so neither does the scan
        let _ = self
            .scanner
            .scan(&Block::whole(name.as_bytes()), &mut NoContext, &mut |hit| {
                hits.push(hit);
                ControlFlow::Continue(())
            });
        hits.sort_by_key(|h| h.range.start);
        let (mut out, mut from) = (String::new(), 0);
        for mut hit in hits {
            // values of the user's own identifiers may overlap others: what is masked stays so
            hit.range.start = hit.range.start.max(from);
            if hit.range.is_empty() {
                continue;
            }
            let detector = self
                .catalogue
                .index()
                .detectors
                .get(usize::from(hit.detector));
            let (Some(before), Some(value), Some(detector)) = (
                name.get(from..hit.range.start),
                name.get(hit.range.clone()),
                detector,
            ) else {
                continue;
            };
            out += before;
            out += &mask(detector.mask, Secret::new(value.as_bytes()));
            from = hit.range.end;
        }
        if from == 0 {
            return Arc::clone(name);
        }
        out += &name[from..];
        Arc::from(out)
    }
}

/// A JSON path of plain words, as nearly all are, holds no value and is not scanned.
fn may_hold_value(path: &str) -> bool {
    let (mut digits, mut word) = (0, 0);
    path.bytes().any(|b| {
        digits += usize::from(b.is_ascii_digit());
        word = if b.is_ascii_alphanumeric() {
            word + 1
        } else {
            0
        };
        b == b'\'' || digits >= DIGITS_MIN || word >= WORD_BYTES_MIN
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_a_value_is_masked_and_others_stay() {
        let catalogue = Arc::new(Catalogue::builtin().unwrap());
        let mut names = NameMask::new(&catalogue);
        for (name, shown) in [
            ("$.ssn['536-90-4399'].name", "$.ssn['***-**-4399'].name"),
            (
                "$.cards['4532015112830366'].cvv",
                "$.cards['************0366'].cvv",
            ),
            (
                "$.people['Martha Rivera'].age",
                "$.people['M***** R*****'].age",
            ),
            (
                "$.items['odd name'][12345678].id",
                "$.items['odd name'][12345678].id",
            ),
            ("ssn 536-90-4399", "ssn ***-**-4399"),
            ("full name", "full name"),
        ] {
            // the second time from what is remembered
            for _ in 0..2 {
                let mut name = Arc::from(name);
                names.mask(&mut name, |_| true);
                assert_eq!(&*name, shown);
            }
        }
        assert!(!may_hold_value("$.employees[12].bank.account_name"));
        assert!(may_hold_value("$.DE89370400440532013000.x"));
    }
}
