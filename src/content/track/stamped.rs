//! Events of an exported log: where the event of an offset starts, and its time.

use super::super::layout::{STAMP_BYTES, Stamp, stamp};
use crate::model::Block;

/// Event that holds an offset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    /// Start in the decoded text.
    pub start: u64,
    /// `None` before the first event.
    pub stamp: Option<Stamp>,
}

/// Finds events by looking backwards for their first lines.
#[derive(Debug, Default)]
pub(crate) struct Stamped {
    /// The event that the current block's text starts in, or at.
    carried: Event,
    /// The text starts at a line start.
    at_line_start: bool,
    /// A line start and the event it is in: looking back ends there.
    near: Option<(u64, Event)>,
}

impl Stamped {
    pub fn new() -> Self {
        Stamped {
            at_line_start: true,
            ..Stamped::default()
        }
    }

    /// The event of the byte at `at`.
    pub fn event_at(&mut self, block: &Block<'_>, at: usize) -> Event {
        let text = block.text;
        let mut end = at.min(text.len());
        let mut first_line = None;
        let event = loop {
            let start = memchr::memrchr(b'\n', &text[..end]).map_or(0, |i| i + 1);
            let absolute = block.start + start as u64;
            if start > 0 || self.at_line_start {
                first_line.get_or_insert(absolute);
                if let Some((line, event)) = self.near
                    && absolute == line
                {
                    break event;
                }
                let head = &text[start..text.len().min(start + STAMP_BYTES + 1)];
                if let Some(stamp) = stamp(head) {
                    break Event {
                        start: absolute,
                        stamp: Some(stamp),
                    };
                }
            }
            if start == 0 {
                break self.carried;
            }
            end = start - 1;
        };
        if let Some(line) = first_line {
            self.near = Some((line, event));
        }
        event
    }

    /// The event that is open where the block's text begins.
    pub fn carried(&self) -> Event {
        self.carried
    }

    pub fn retire(&mut self, block: &Block<'_>, upto: usize) {
        if upto == 0 {
            return;
        }
        let carried = self.event_at(block, upto - 1);
        self.carried = carried;
        self.at_line_start = block.text[upto - 1] == b'\n';
        let base = block.start + upto as u64;
        self.near = self.near.filter(|(line, _)| *line >= base);
    }
}
