//! The JSON inside a line of text, or an event of a log: `2024-… INFO {"user":{"mail":"…"}}`.
//!
//! Looked at only when an offset is asked for, from the start of its line or event.

use super::super::json::names::RawNames;
use super::super::json::scan::{Broken, Scanner, View};
use crate::model::Field;

/// A position in a line (or event).
#[derive(Debug)]
struct Cursor {
    /// Start of the line.
    unit: u64,
    /// Within JSON; else looking for its start at `scanner.at`.
    inside: bool,
    scanner: Scanner,
}

impl Cursor {
    fn new(depth_max: usize) -> Self {
        Cursor {
            unit: 0,
            inside: false,
            scanner: Scanner::new(0, depth_max),
        }
    }

    fn begin(&mut self, unit: u64) {
        self.unit = unit;
        self.inside = false;
        self.scanner.restart(unit);
    }

    fn copy_from(&mut self, other: &Cursor) {
        self.unit = other.unit;
        self.inside = other.inside;
        self.scanner.clone_from(&other.scanner);
    }

    fn run(&mut self, view: View<'_>, to: u64) {
        while self.scanner.at < to {
            if self.inside {
                match self.scanner.run(view, to) {
                    Ok(()) => {}
                    Err(Broken::Syntax { at } | Broken::TooDeep { at }) => {
                        // Text goes on after the JSON, or it was none.
                        self.inside = false;
                        self.scanner.restart(at);
                    }
                }
                continue;
            }
            let from = view.index(self.scanner.at);
            let end = view.index(to);
            match memchr::memchr(b'{', &view.bytes[from..end]) {
                None => self.scanner.restart(to),
                Some(hit) => {
                    let brace = from + hit;
                    let after = view.bytes.get(brace + 1);
                    self.inside = after.is_some_and(|b| matches!(b, b'"' | b'}') || *b <= b' ');
                    let skip = u64::from(!self.inside);
                    self.scanner.restart(view.start + brace as u64 + skip);
                }
            }
        }
    }
}

#[derive(Debug)]
pub(crate) struct Payload {
    /// How far from the start of a line is looked at.
    bytes_max: u64,
    /// At the start of the current block's text, where a line is open there.
    carried: Option<Cursor>,
    /// At the last offset asked for.
    near: Cursor,
    /// The cursor is of use.
    valid: bool,
    names: RawNames,
    depth_max: usize,
}

impl Payload {
    pub fn new(bytes_max: u64, depth_max: usize) -> Self {
        Payload {
            bytes_max,
            carried: None,
            near: Cursor::new(depth_max),
            valid: false,
            names: RawNames::default(),
            depth_max,
        }
    }

    /// Moves the cursor to `at` in the line that starts at `unit`; `false` where that is too far.
    fn seek(&mut self, view: View<'_>, unit: u64, at: u64) -> bool {
        if at - unit.min(at) > self.bytes_max {
            return false;
        }
        if !self.valid || self.near.unit != unit || self.near.scanner.at > at {
            match &self.carried {
                Some(carried) if carried.unit == unit => {
                    if carried.scanner.at > at {
                        return false;
                    }
                    self.near.copy_from(carried);
                }
                _ if unit < view.start => return false,
                _ => self.near.begin(unit),
            }
            self.valid = true;
        }
        self.near.run(view, at);
        true
    }

    /// The value at `at` of the JSON in the line (or event) that starts at `unit`.
    pub fn field_at(&mut self, view: View<'_>, unit: u64, at: u64) -> Option<Field> {
        if !self.seek(view, unit, at) || !self.near.inside || self.near.scanner.is_between() {
            return None;
        }
        let found = match self.near.scanner.found(view) {
            Ok(found) => found?,
            Err(_) => {
                self.valid = false;
                return None;
            }
        };
        self.near.scanner.raw_names(view, &mut self.names);
        Some(Field {
            value: found.value,
            key: self.names.key(),
            column: None,
            is_name: found.is_name,
        })
    }

    pub fn field_names(&mut self, visit: &mut dyn FnMut(&str)) {
        self.names.visit(visit);
    }

    /// Text before `upto` leaves; the line open there starts at `unit`.
    pub fn retire(&mut self, view: View<'_>, unit: u64, upto: u64) {
        let open = unit < upto && self.seek(view, unit, upto);
        if open {
            self.near.scanner.hold(view, upto);
            let depth_max = self.depth_max;
            let carried = self.carried.get_or_insert_with(|| Cursor::new(depth_max));
            carried.copy_from(&self.near);
        } else {
            self.carried = None;
            self.valid = false;
        }
    }
}
