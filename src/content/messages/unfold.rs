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
use super::super::track::lines::Cursor;
use super::map::{DIGITS_MAX, Digits, Event, Map, SEGMENT_BYTES_MAX, Segment};

const WINDOW_BYTES: usize = 64 << 10;
/// What may be looked at ahead: names, ids, times, groups and streams are shorter.
const PEEK_BYTES: usize = 2048;
/// Most bytes that one step gives out.
const STEP_BYTES: usize = 16;
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
    inner: &'a mut dyn Read,
    window: Vec<u8>,
    pos: usize,
    end: usize,
    ended: bool,
    /// Comes once the window is used up.
    error: Option<io::Error>,
    /// The stored text up to `counted`, which trails `pos` until a segment needs it.
    stored: Cursor,
    counted: usize,
    /// Bytes given out.
    at: u64,
    /// Start of the open segment.
    segment_at: u64,
    /// Something was left out, so that a segment must begin.
    broken_off: bool,
    map: Rc<RefCell<Map>>,
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
    /// `stored`: offset of the text in its member.
    pub fn new(inner: &'a mut dyn Read, stored: u64, map: Rc<RefCell<Map>>) -> Self {
        Unfold {
            inner,
            window: vec![0; WINDOW_BYTES],
            pos: 0,
            end: 0,
            ended: false,
            error: None,
            stored: Cursor::at(stored),
            counted: 0,
            at: 0,
            segment_at: 0,
            broken_off: true,
            map,
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

    fn fill(&mut self) {
        if self.end - self.pos >= PEEK_BYTES || self.ended {
            return;
        }
        self.count();
        self.window.copy_within(self.pos..self.end, 0);
        self.counted = 0;
        (self.pos, self.end) = (0, self.end - self.pos);
        while self.end < PEEK_BYTES && !self.ended {
            match self.inner.read(&mut self.window[self.end..]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.end += read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.error = Some(e);
                    self.ended = true;
                }
            }
        }
    }

    /// Brings the cursor up to `pos`.
    fn count(&mut self) {
        let bytes = &self.window[self.counted..self.pos];
        self.stored.advance(bytes, Unit::Utf8);
        self.counted = self.pos;
    }

    fn ahead(&self) -> &[u8] {
        &self.window[self.pos..self.end]
    }

    fn begin_segment(&mut self, escape_len: usize, escape_stored: usize) {
        self.count();
        self.map.borrow_mut().push_segment(Segment {
            at: self.at,
            stored: self.stored,
            escape_len: escape_len as u8,
            escape_stored: escape_stored as u8,
        });
        self.segment_at = self.at;
        self.broken_off = false;
    }

    /// Gives out `len` bytes as they are, or as many as fit.
    fn copy(&mut self, len: usize, out: &mut [u8], written: &mut usize) -> usize {
        if self.broken_off || self.at - self.segment_at >= SEGMENT_BYTES_MAX {
            self.begin_segment(0, 0);
        }
        let room = (SEGMENT_BYTES_MAX - (self.at - self.segment_at)) as usize;
        let len = len.min(room).min(out.len() - *written);
        let bytes = &self.window[self.pos..self.pos + len];
        out[*written..*written + len].copy_from_slice(bytes);
        self.pos += len;
        self.at += len as u64;
        *written += len;
        len
    }

    /// Gives out `text` for `stored_len` bytes.
    fn replace(&mut self, text: &[u8], stored_len: usize, out: &mut [u8], written: &mut usize) {
        self.begin_segment(text.len(), stored_len);
        out[*written..*written + text.len()].copy_from_slice(text);
        self.pass(stored_len);
        self.broken_off = false;
        self.at += text.len() as u64;
        *written += text.len();
    }

    /// Leaves `len` bytes out.
    fn pass(&mut self, len: usize) {
        self.pos += len;
        self.broken_off = true;
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
                let ahead = self.ahead();
                match memchr::memchr2(b'"', b'\\', ahead) {
                    // Also what is escaped passes as it is.
                    Some(0) if ahead[0] == b'\\' => {
                        let len = ahead.len().min(2);
                        if self.copy(len, out, written) == 1 && len == 2 {
                            self.copy(1, out, written);
                        }
                    }
                    Some(0) => {
                        self.state = State::Outside;
                        self.copy(1, out, written);
                    }
                    Some(len) => {
                        self.copy(len, out, written);
                    }
                    None => {
                        let len = ahead.len();
                        self.copy(len, out, written);
                    }
                }
            }
            State::Message => self.message(out, written),
        }
    }

    fn message(&mut self, out: &mut [u8], written: &mut usize) {
        while out.len() - *written >= STEP_BYTES {
            let ahead = self.ahead();
            if ahead.is_empty() || (ahead.len() < STEP_BYTES && !self.ended) {
                return;
            }
            let run = memchr::memchr2(b'"', b'\\', ahead).unwrap_or(ahead.len());
            if run > 0 {
                self.copy(run, out, written);
                continue;
            }
            if ahead[0] == b'"' {
                self.map.borrow_mut().close_message(self.at);
                self.replace(b"\n", 1, out, written);
                self.state = State::Outside;
                return;
            }
            match escape(ahead) {
                Escape::Char(c, len) => {
                    let mut utf8 = [0; 4];
                    let text = c.encode_utf8(&mut utf8);
                    self.replace(text.as_bytes(), len, out, written);
                }
                Escape::Literal | Escape::Incomplete => {
                    self.copy(1, out, written);
                }
            }
        }
    }

    /// Goes on to the next string or number that matters.
    fn outside(&mut self, out: &mut [u8], written: &mut usize) {
        // What names and values are looked at ahead must be in the window.
        let peek = if self.ended { 0 } else { PEEK_BYTES - 1 };
        let reach = self.end.saturating_sub(peek).max(self.pos + 1) - self.pos;
        let limit = reach.min(out.len() - *written);
        let mut run = 0;
        while run < limit {
            let byte = self.window[self.pos + run];
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
            run -= self.copy(run, out, written);
        }
        if *written + STEP_BYTES > out.len() || self.pos == self.end {
            return;
        }
        match self.ahead()[0] {
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
            self.copy(1, out, written);
            return;
        };
        if self.event_name == Name::Timestamp {
            let ms = parse_digits(&self.ahead()[..len]);
            if let Some(event) = self.map.borrow_mut().open_event(self.at) {
                event.timestamp_ms = ms;
            }
        }
        self.pass(len);
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
            self.map.borrow_mut().push_event(Event {
                start: self.at + run as u64,
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
        let ahead = self.ahead().get(from..)?;
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
                    let start = self.at + 1;
                    if let Some(event) = self.map.borrow_mut().open_event(self.at) {
                        event.message = Some((start, None));
                    }
                    return self.replace(b"\n", 1, out, written);
                }
                Name::Stream => {
                    let stream = self.peek_value();
                    if let Some(event) = self.map.borrow_mut().open_event(self.at) {
                        event.stream = stream;
                    }
                }
                Name::Id => {
                    if let Some(len) = self.digits(1, |after| after == Some(&b'"')) {
                        let id = Digits::of(&self.ahead()[1..=len]);
                        if let Some(event) = self.map.borrow_mut().open_event(self.at) {
                            event.id = id;
                        }
                        self.copy(1, out, written);
                        return self.pass(len);
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
                    len -= self.copy(len, out, written);
                }
                self.state = State::Outside;
            }
            _ => {
                self.copy(1, out, written);
            }
        }
    }

    /// Raw text of the string that begins ahead, if it ends within reach.
    fn peek_text(&self) -> Option<&[u8]> {
        let text = &self.ahead()[1..];
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
            self.fill();
            if self.pos == self.end {
                if written > 0 {
                    break;
                }
                let open = !self.stack.is_empty() || self.state != State::Outside;
                self.map.borrow_mut().unfinished = open;
                return match self.error.take() {
                    Some(error) => Err(error),
                    None => Ok(0),
                };
            }
            self.step(out, &mut written);
        }
        Ok(written)
    }
}
