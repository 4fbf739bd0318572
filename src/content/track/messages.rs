//! Log events inside JSON documents: places in the stored text, and the event of an offset.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use super::super::blocks::Track;
use super::super::fault::{Fault, Scope};
use super::super::limits::Limits;
use super::super::messages::Events;
use super::super::unfold::Map;
use super::payload::Payload;
use super::plain::view;
use super::{LineStarts, near};
use crate::model::{Block, Context, Field, LogPlace, Place, Reason, TextShape, Tracker};

pub(crate) struct MessagesTracker {
    map: Rc<RefCell<Map>>,
    events: Rc<RefCell<Events>>,
    stored_base: Option<u64>,
    lines: LineStarts,
    payload: Payload,
    /// The event last told of.
    event: Option<(u64, LogPlace)>,
}

impl MessagesTracker {
    pub fn new(
        map: Rc<RefCell<Map>>,
        events: Rc<RefCell<Events>>,
        stored_base: Option<u64>,
        limits: &Limits,
    ) -> Self {
        MessagesTracker {
            map,
            events,
            stored_base,
            lines: LineStarts::default(),
            payload: Payload::new(limits.payload_bytes_max, limits.json_depth_max),
            event: None,
        }
    }

    /// Start of the message, or of the line between messages, that holds `at`.
    fn unit_at(&mut self, block: &Block<'_>, at: usize) -> u64 {
        let message = self.events.borrow().message_start(block.start + at as u64);
        message.unwrap_or_else(|| self.lines.line_at(block, at))
    }
}

impl Context for MessagesTracker {
    fn shape(&self) -> TextShape {
        TextShape::Plain
    }

    fn field_at(&mut self, block: &Block<'_>, at: usize) -> Option<Field> {
        let unit = self.unit_at(block, at);
        let mut field = self
            .payload
            .field_at(view(block), unit, block.start + at as u64)?;
        field.value = near(&field.value, at);
        Some(field)
    }

    fn field_names(&mut self, visit: &mut dyn FnMut(&str)) {
        self.payload.field_names(visit);
    }
}

impl Tracker for MessagesTracker {
    fn place_into(&mut self, block: &Block<'_>, range: Range<usize>, place: &mut Place) {
        *place = self.whole_place(block, range);
    }
}

impl MessagesTracker {
    fn whole_place(&mut self, block: &Block<'_>, range: Range<usize>) -> Place {
        let at = block.start + range.start as u64;
        let last_at = at.max((block.start + range.end as u64).saturating_sub(1));
        let map = self.map.borrow();
        let (Some((first, _)), Some((last, after))) =
            (map.spots(Some(block), at), map.spots(Some(block), last_at))
        else {
            // No text without a segment comes out; a range outside of the block has no place.
            return Place::default();
        };
        let events = self.events.borrow();
        let start = events.event_start(at);
        if self.event.as_ref().map(|(known, _)| *known) != start {
            self.event = start.zip(events.log_place(at));
        }
        Place {
            log: self.event.as_ref().map(|(_, log)| log.clone()),
            ..first.place(last, after, self.stored_base)
        }
    }
}

impl Track for MessagesTracker {
    fn retire(&mut self, block: &Block<'_>, upto: usize) {
        let from = block.start + upto as u64;
        // The message that goes on here began before; if it ends here its line does.
        let unit = self.unit_at(block, upto.saturating_sub(1));
        self.payload.retire(view(block), unit, from);
        self.lines.retire(block, upto);
        self.map.borrow_mut().retire(from);
        self.events.borrow_mut().retire(from);
    }

    fn lacking(&self) -> Option<Fault> {
        self.events.borrow().unfinished.then(|| {
            let detail = "the log document ends within a value";
            Fault::new(Scope::Stream, Reason::UnableToParseFile, detail)
        })
    }
}
