//! Text without fields of its own: lines, and the events of an exported log.

use std::ops::Range;
use std::sync::Arc;

use super::super::blocks::Track;
use super::super::layout::ExportLog;
use super::lines::Lines;
use super::stamped::Stamped;
use crate::model::{Block, Context, Field, LogPlace, Place, TextShape, Tracker};

pub(crate) struct PlainTracker {
    lines: Lines,
    log: Option<(ExportLog, Stamped)>,
}

impl PlainTracker {
    pub fn new(lines: Lines, log: Option<ExportLog>) -> Self {
        PlainTracker {
            lines,
            log: log.map(|log| (log, Stamped::new())),
        }
    }
}

impl Context for PlainTracker {
    fn shape(&self) -> TextShape {
        TextShape::Plain
    }

    fn field_at(&mut self, _: &Block<'_>, _: usize) -> Option<Field> {
        None
    }

    fn field_names(&mut self, _: &mut dyn FnMut(&str)) {}

    fn columns(&self) -> &[String] {
        &[]
    }

    fn cells(&mut self, _: &Block<'_>, _: &[bool], _: &mut dyn FnMut(u32, Range<usize>)) {}
}

impl Tracker for PlainTracker {
    fn place(&mut self, block: &Block<'_>, range: Range<usize>) -> Place {
        let start = range.start;
        let mut place = self.lines.place(block, range);
        if let Some((log, stamped)) = &mut self.log {
            let event = stamped.event_at(block, start);
            let stamp = event.stamp.as_ref().map(|s| String::from_utf8_lossy(s));
            place.log = Some(LogPlace {
                stream: log.stream.clone(),
                timestamp: stamp.map(|s| Arc::from(s.as_ref())),
                ..LogPlace::default()
            });
        }
        place
    }
}

impl Track for PlainTracker {
    fn retire(&mut self, block: &Block<'_>, upto: usize) {
        self.lines.retire(block, upto);
        if let Some((_, stamped)) = &mut self.log {
            stamped.retire(block, upto);
        }
    }
}
