//! The log events of the unfolded text.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::model::LogPlace;
use crate::model::text::LOOKAHEAD_BYTES;

/// One log event.
#[derive(Clone, Debug, Default)]
pub(super) struct Event {
    pub start: u64,
    /// Where its message starts, and ends if it has.
    pub message: Option<(u64, Option<u64>)>,
    pub group: Option<Arc<str>>,
    pub stream: Option<Arc<str>>,
    pub timestamp_ms: Option<i64>,
    pub id: Option<Digits>,
}

/// Most digits of an id or time.
pub(super) const DIGITS_MAX: usize = 64;

/// The digits of an id, made a text only where they are told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digits {
    held: [u8; DIGITS_MAX],
    len: u8,
}

impl Digits {
    /// `digits` are at most [`DIGITS_MAX`].
    pub fn of(digits: &[u8]) -> Option<Self> {
        let mut held = [0; DIGITS_MAX];
        held.get_mut(..digits.len())?.copy_from_slice(digits);
        Some(Digits {
            held,
            len: digits.len() as u8,
        })
    }

    fn text(&self) -> Arc<str> {
        String::from_utf8_lossy(&self.held[..usize::from(self.len)]).into()
    }
}

#[derive(Debug, Default)]
pub(crate) struct Events {
    events: VecDeque<Event>,
    /// The text ended within a document.
    pub unfinished: bool,
}

impl Events {
    pub(super) fn push_event(&mut self, event: Event) {
        self.events.push_back(event);
    }

    /// The event that is being read, to add what comes after its message. What comes so late that
    /// it cannot be counted on when the message is looked at is left out.
    pub(super) fn open_event(&mut self, at: u64) -> Option<&mut Event> {
        let event = self.events.back_mut()?;
        let start = event.message.map_or(at, |(start, _)| start);
        (at - start < (LOOKAHEAD_BYTES - 64) as u64).then_some(event)
    }

    pub(super) fn close_message(&mut self, at: u64) {
        if let Some(Event {
            message: Some((_, end)),
            ..
        }) = self.events.back_mut()
        {
            *end = Some(at);
        }
    }

    /// Forgets what only concerns text before `from`.
    pub fn retire(&mut self, from: u64) {
        while self.events.get(1).is_some_and(|next| next.start <= from) {
            self.events.pop_front();
        }
    }

    fn event_at(&self, at: u64) -> Option<&Event> {
        let number = self.events.partition_point(|e| e.start <= at);
        self.events.get(number.checked_sub(1)?)
    }

    /// Start of the message that holds `at`.
    pub fn message_start(&self, at: u64) -> Option<u64> {
        let (start, end) = self.event_at(at)?.message?;
        (start <= at && end.is_none_or(|end| at < end)).then_some(start)
    }

    /// Start of the event that holds `at`, which names it.
    pub fn event_start(&self, at: u64) -> Option<u64> {
        self.event_at(at).map(|event| event.start)
    }

    pub fn log_place(&self, at: u64) -> Option<LogPlace> {
        let event = self.event_at(at)?;
        Some(LogPlace {
            group: event.group.clone(),
            stream: event.stream.clone(),
            timestamp: event.timestamp_ms.and_then(|ms| {
                let time = chrono::DateTime::from_timestamp_millis(ms)?;
                Some(time.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string().into())
            }),
            event_id: event.id.as_ref().map(Digits::text),
        })
    }
}
