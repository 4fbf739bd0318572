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
    /// An offset that was asked for and its event: looking back ends there.
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
        let target = block.start + at as u64;
        let near = self.near.filter(|(to, _)| *to <= target);
        let floor = near.map_or(0, |(to, _)| (to - block.start) as usize);
        let starts = |line: usize| {
            let head = &text[line..text.len().min(line + STAMP_BYTES + 1)];
            stamp(head).map(|stamp| Event {
                start: block.start + line as u64,
                stamp: Some(stamp),
            })
        };
        let mut end = at;
        let event = loop {
            match memchr::memrchr(b'\n', &text[floor..end]) {
                Some(newline) => {
                    end = floor + newline;
                    if let Some(event) = starts(end + 1) {
                        break event;
                    }
                }
                None => {
                    let first = || self.at_line_start.then(|| starts(0)).flatten();
                    break match near {
                        Some((_, event)) => event,
                        None => first().unwrap_or(self.carried),
                    };
                }
            }
        };
        self.near = Some((target, event));
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
        self.near = None;
    }
}
