//! Unfolds the messages of log documents as they stream.
//!
//! Loose about the grammar: whatever the text is, every byte of it comes out, but for escapes
//! inside messages, which come out as what they stand for, and the digits of ids and times.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

use super::super::encoding::Unit;
use super::super::json::names::{Escape, escape, unescape};
use super::super::unfold::{Folded, Map, PEEK_BYTES, STEP_BYTES};
use super::events::{DIGITS_MAX, Digits, Event, Events};

/// Nesting that is followed; deeper brackets are text.
const DEPTH_MAX: usize = 256;

/// Names that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Other,
    Events,
    Group,
    Stream,
    Id,
    Timestamp,
    IngestionTime,
    Message,
}

impl Name {
    fn of(raw: &[u8]) -> Name {
        match raw {
            b"logEvents" | b"events" => Name::Events,
            b"logGroup" => Name::Group,
            b"logStream" | b"logStreamName" => Name::Stream,
            b"id" | b"eventId" => Name::Id,
            b"timestamp" => Name::Timestamp,
            b"ingestionTime" => Name::IngestionTime,
            b"message" => Name::Message,
            _ => Name::Other,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Outside,
    /// In a string that comes out as it is.
    Text,
    Message,
}

pub(crate) struct Unfold<'a> {
    text: Folded<'a>,
    events: Rc<RefCell<Events>>,
    state: State,
    /// Open brackets: whether each is an array.
    stack: Vec<bool>,
    /// Open brackets beyond [`DEPTH_MAX`].
    beyond: u64,
    /// A name comes next.
    expects_name: bool,
    /// Last name at the level of the document, and of the event.
    document_name: Name,
    event_name: Name,
    group: Option<Arc<str>>,
    stream: Option<Arc<str>>,
}

impl<'a> Unfold<'a> {
    /// `skipped`: stored bytes before the text.
    pub fn new(
        inner: &'a mut dyn Read,
        skipped: u64,
        map: Rc<RefCell<Map>>,
        events: Rc<RefCell<Events>>,
    ) -> Self {
        Unfold {
            text: Folded::new(inner, skipped, Unit::Utf8, map),
            events,
            state: State::Outside,
            stack: Vec::new(),
            beyond: 0,
            expects_name: false,
            document_name: Name::Other,
            event_name: Name::Other,
            group: None,
            stream: None,
        }
    }

    fn in_document(&self) -> bool {
        self.stack == [false]
    }

    fn in_event(&self) -> bool {
        self.stack == [false, true, false] && self.document_name == Name::Events
    }

    fn step(&mut self, out: &mut [u8], written: &mut usize) {
        match self.state {
            State::Outside => self.outside(out, written),
            State::Text => {
                let ahead = self.text.ahead();
                match memchr::memchr2(b'"', b'\\', ahead) {
                    // Also what is escaped passes as it is.
                    Some(0) if ahead[0] == b'\\' => {
                        let len = ahead.len().min(2);
                        if self.text.copy(len, out, written) == 1 && len == 2 {
                            self.text.copy(1, out, written);
                        }
                    }
                    Some(0) => {
                        self.state = State::Outside;
                        self.text.copy(1, out, written);
                    }
                    Some(len) => {
                        self.text.copy(len, out, written);
                    }
                    None => {
                        let len = ahead.len();
                        self.text.copy(len, out, written);
                    }
                }
            }
            State::Message => self.message(out, written),
        }
    }

    fn message(&mut self, out: &mut [u8], written: &mut usize) {
        while out.len() - *written >= STEP_BYTES {
            let ahead = self.text.ahead();
            if ahead.is_empty() || (ahead.len() < STEP_BYTES && !self.text.is_all()) {
                return;
            }
            let run = memchr::memchr2(b'"', b'\\', ahead).unwrap_or(ahead.len());
            if run > 0 {
                self.text.copy(run, out, written);
                continue;
            }
            if ahead[0] == b'"' {
                self.events.borrow_mut().close_message(self.text.at());
                self.text.replace(b"\n", 1, out, written);
                self.state = State::Outside;
                return;
            }
            match escape(ahead) {
                Escape::Char(c, len) => {
                    let mut utf8 = [0; 4];
                    let text = c.encode_utf8(&mut utf8);
                    self.text.replace(text.as_bytes(), len, out, written);
                }
                Escape::Literal | Escape::Incomplete => {
                    self.text.copy(1, out, written);
                }
            }
        }
    }

    /// Goes on to the next string or number that matters.
    fn outside(&mut self, out: &mut [u8], written: &mut usize) {
        // What names and values are looked at ahead must be in the window.
        let peek = if self.text.is_all() {
            0
        } else {
            PEEK_BYTES - 1
        };
        let reach = self.text.ahead().len().saturating_sub(peek).max(1);
        let limit = reach.min(out.len() - *written);
        let mut run = 0;
        while run < limit {
            let byte = self.text.ahead()[run];
            match byte {
                b'"' => break,
                b'0'..=b'9' if self.is_time() => break,
                b'{' | b'[' => self.open_bracket(byte, run),
                b'}' | b']' => self.close_bracket(),
                b',' => self.expects_name = self.stack.last() == Some(&false),
                b':' => self.expects_name = false,
                _ => {}
            }
            run += 1;
        }
        while run > 0 {
            run -= self.text.copy(run, out, written);
        }
        if *written + STEP_BYTES > out.len() || self.text.ahead().is_empty() {
            return;
        }
        match self.text.ahead()[0] {
            b'"' => self.quote(out, written),
            b'0'..=b'9' if self.is_time() => self.time(out, written),
            _ => {}
        }
    }

    fn is_time(&self) -> bool {
        matches!(self.event_name, Name::Timestamp | Name::IngestionTime) && self.in_event()
    }

    /// The number of a time: told of the event and left out.
    fn time(&mut self, out: &mut [u8], written: &mut usize) {
        let Some(len) = self.digits(0, |after| !matches!(after, Some(b'.' | b'e' | b'E'))) else {
            self.event_name = Name::Other;
            self.text.copy(1, out, written);
            return;
        };
        if self.event_name == Name::Timestamp {
            let ms = parse_digits(&self.text.ahead()[..len]);
            if let Some(event) = self.events.borrow_mut().open_event(self.text.at()) {
                event.timestamp_ms = ms;
            }
        }
        self.text.pass(len);
    }

    /// A bracket opens, `run` bytes ahead.
    fn open_bracket(&mut self, byte: u8, run: usize) {
        if self.stack.len() >= DEPTH_MAX {
            self.beyond += 1;
            return;
        }
        self.stack.push(byte == b'[');
        self.expects_name = byte == b'{';
        if self.in_event() {
            self.event_name = Name::Other;
            self.events.borrow_mut().push_event(Event {
                start: self.text.at() + run as u64,
                group: self.group.clone(),
                stream: self.stream.clone(),
                ..Event::default()
            });
        }
    }

    fn close_bracket(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        self.stack.pop();
        self.expects_name = false;
        if self.stack.is_empty() {
            self.document_name = Name::Other;
            (self.group, self.stream) = (None, None);
        }
    }

    /// Length of the run of digits at `from` ahead, if what follows it fits.
    fn digits(&self, from: usize, fits: impl Fn(Option<&u8>) -> bool) -> Option<usize> {
        let ahead = self.text.ahead().get(from..)?;
        let len = ahead.iter().take_while(|b| b.is_ascii_digit()).count();
        (len > 0 && len <= DIGITS_MAX && fits(ahead.get(len))).then_some(len)
    }

    /// A string begins.
    fn quote(&mut self, out: &mut [u8], written: &mut usize) {
        self.state = State::Text;
        if std::mem::take(&mut self.expects_name) {
            let name = self.peek_text().map_or(Name::Other, Name::of);
            if self.in_document() {
                self.document_name = name;
            } else if self.in_event() {
                self.event_name = name;
            }
            return self.copy_string(out, written);
        }
        if self.in_document() {
            match self.document_name {
                Name::Group => self.group = self.peek_value(),
                Name::Stream => self.stream = self.peek_value(),
                _ => {}
            }
        } else if self.in_event() {
            match self.event_name {
                Name::Message => {
                    self.state = State::Message;
                    // A line end stands for the quote.
                    let start = self.text.at() + 1;
                    if let Some(event) = self.events.borrow_mut().open_event(self.text.at()) {
                        event.message = Some((start, None));
                    }
                    return self.text.replace(b"\n", 1, out, written);
                }
                Name::Stream => {
                    let stream = self.peek_value();
                    if let Some(event) = self.events.borrow_mut().open_event(self.text.at()) {
                        event.stream = stream;
                    }
                }
                Name::Id => {
                    if let Some(len) = self.digits(1, |after| after == Some(&b'"')) {
                        let id = Digits::of(&self.text.ahead()[1..=len]);
                        if let Some(event) = self.events.borrow_mut().open_event(self.text.at()) {
                            event.id = id;
                        }
                        self.text.copy(1, out, written);
                        return self.text.pass(len);
                    }
                }
                _ => {}
            }
        }
        self.copy_string(out, written);
    }

    /// Gives out the string that begins ahead, whole if it is short.
    fn copy_string(&mut self, out: &mut [u8], written: &mut usize) {
        let room = out.len() - *written;
        match self.peek_text().map(|text| text.len() + 2) {
            Some(mut len) if len <= room => {
                while len > 0 {
                    len -= self.text.copy(len, out, written);
                }
                self.state = State::Outside;
            }
            _ => {
                self.text.copy(1, out, written);
            }
        }
    }

    /// Raw text of the string that begins ahead, if it ends within reach.
    fn peek_text(&self) -> Option<&[u8]> {
        let text = &self.text.ahead()[1..];
        let text = &text[..text.len().min(PEEK_BYTES / 2)];
        let mut at = 0;
        loop {
            let hit = at + memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
            if text[hit] == b'"' {
                return Some(&text[..hit]);
            }
            at = hit + 2;
        }
    }

    fn peek_value(&self) -> Option<Arc<str>> {
        let text = self.peek_text().filter(|t| !t.is_empty())?;
        Some(unescape(text).into())
    }
}

fn parse_digits(digits: &[u8]) -> Option<i64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

impl Read for Unfold<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        debug_assert!(out.len() >= STEP_BYTES);
        let mut written = 0;
        while out.len() - written >= STEP_BYTES {
            self.text.fill();
            if self.text.is_over() {
                if written > 0 {
                    break;
                }
                let open = !self.stack.is_empty() || self.state != State::Outside;
                self.events.borrow_mut().unfinished = open;
                return match self.text.take_error() {
                    Some(error) => Err(error),
                    None => Ok(0),
                };
            }
            self.step(out, &mut written);
        }
        Ok(written)
    }
}
