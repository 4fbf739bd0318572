//! Text without fields of its own: lines, the events of an exported log, and the JSON in them.

use std::ops::Range;
use std::sync::Arc;

use super::super::blocks::Track;
use super::super::json::scan::View;
use super::super::layout::ExportLog;
use super::super::limits::Limits;
use super::lines::Lines;
use super::payload::Payload;
use super::stamped::Stamped;
use super::{LineStarts, near, near_in_line};
use crate::model::{Block, Context, Field, LogPlace, Place, TextShape, Tracker};

/// What a payload may span.
enum Units {
    Lines(LineStarts),
    Events(ExportLog, Stamped),
}

pub(crate) struct PlainTracker {
    lines: Lines,
    units: Units,
    payload: Payload,
}

pub(crate) fn view<'a>(block: &Block<'a>) -> View<'a> {
    View {
        bytes: block.text,
        start: block.start,
    }
}

impl PlainTracker {
    pub fn new(lines: Lines, log: Option<ExportLog>, limits: &Limits) -> Self {
        PlainTracker {
            lines,
            units: match log {
                None => Units::Lines(LineStarts::default()),
                Some(log) => Units::Events(log, Stamped::new()),
            },
            payload: Payload::new(limits.payload_bytes_max, limits.json_depth_max),
        }
    }

    /// Start of the line or event that holds `at`.
    fn unit_at(&mut self, block: &Block<'_>, at: usize) -> u64 {
        match &mut self.units {
            Units::Lines(lines) => lines.line_at(block, at),
            Units::Events(_, stamped) => stamped.event_at(block, at).start,
        }
    }
}

impl Context for PlainTracker {
    fn shape(&self) -> TextShape {
        TextShape::Plain
    }

    fn field_at(&mut self, block: &Block<'_>, at: usize) -> Option<Field> {
        let unit = self.unit_at(block, at);
        let mut field = self
            .payload
            .field_at(view(block), unit, block.start + at as u64)?;
        field.value = match self.units {
            Units::Lines(_) => near_in_line(block.text, &field.value, at),
            Units::Events(..) => near(&field.value, at),
        };
        Some(field)
    }

    fn field_names(&mut self, visit: &mut dyn FnMut(&str)) {
        self.payload.field_names(visit);
    }
}

impl Tracker for PlainTracker {
    fn place_into(&mut self, block: &Block<'_>, range: Range<usize>, place: &mut Place) {
        let start = range.start;
        self.lines.place(block, range, place);
        (place.cell, place.record, place.page) = (None, None, None);
        (place.log, place.path) = (None, None);
        if let Units::Events(log, stamped) = &mut self.units {
            let event = stamped.event_at(block, start);
            let stamp = event.stamp.as_ref().map(|s| String::from_utf8_lossy(s));
            place.log = Some(LogPlace {
                stream: log.stream.clone(),
                timestamp: stamp.map(|s| Arc::from(s.as_ref())),
                ..LogPlace::default()
            });
        }
    }
}

impl Track for PlainTracker {
    fn retire(&mut self, block: &Block<'_>, upto: usize) {
        self.lines.retire(block, upto);
        let unit = match &mut self.units {
            Units::Lines(lines) => lines.retire(block, upto),
            Units::Events(_, stamped) => {
                stamped.retire(block, upto);
                stamped.carried().start
            }
        };
        self.payload
            .retire(view(block), unit, block.start + upto as u64);
    }
}
