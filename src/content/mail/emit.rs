//! The decoded text of a mail, and the map from it to the mail as it is stored.
//!
//! The map needs no text to lead back, so that a text which is unfolded once more can have another
//! on top.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::super::markup::{Frame, Mode, Turning};
use super::super::track::lines::Cursor;
use super::super::unfold::{Form, Map, Segment};

/// The open segment: its form, and where the next of its characters would be.
#[derive(Clone, Copy)]
struct Open {
    form: Form,
    next: (u64, u64, u64),
}

pub(super) struct Emit {
    /// Given out, and not taken yet.
    pub ready: Vec<u8>,
    /// Bytes given out.
    at: u64,
    map: Rc<RefCell<Map>>,
    marks: Rc<RefCell<VecDeque<Turning>>>,
    open: Option<Open>,
    /// What the next text stands in, which has not come yet.
    next: Option<(Mode, Option<Rc<Frame>>)>,
    /// There was text beside white space.
    started: bool,
}

fn key(cursor: &Cursor) -> (u64, u64, u64) {
    (cursor.stored(), cursor.lines, cursor.chars)
}

impl Emit {
    pub fn new(map: Rc<RefCell<Map>>, marks: Rc<RefCell<VecDeque<Turning>>>) -> Self {
        Emit {
            ready: Vec::new(),
            at: 0,
            map,
            marks,
            open: None,
            next: None,
            started: false,
        }
    }

    /// What comes next stands in a frame of its own.
    pub fn stand_in(&mut self, mode: Mode, frame: Option<Rc<Frame>>) {
        self.next = Some((mode, frame));
    }

    pub fn has_started(&self) -> bool {
        self.started
    }

    fn push(&mut self, text: &[u8], start: &Cursor, form: Form, next: (u64, u64, u64)) {
        if !self.started {
            if text.trim_ascii().is_empty() {
                return;
            }
            self.started = true;
        }
        if let Some((mode, frame)) = self.next.take() {
            let at = self.at;
            self.marks
                .borrow_mut()
                .push_back(Turning { at, mode, frame });
        }
        let goes_on = self
            .open
            .is_some_and(|open| open.form == form && open.next == key(start));
        if !goes_on {
            self.map.borrow_mut().push(Segment {
                at: self.at,
                stored: *start,
                head: 0,
                head_stored: 0,
                form,
            });
        }
        // places are counted within one line
        self.open = (next.1 == start.lines).then_some(Open { form, next });
        self.ready.extend_from_slice(text);
        self.at += text.len() as u64;
    }

    /// Gives out `text` for what stands between two places.
    pub fn unit(&mut self, text: &[u8], start: &Cursor, end: &Cursor) {
        if text.is_empty() {
            return;
        }
        let stored = end.stored() - start.stored();
        let chars = match end.lines == start.lines {
            true => end.chars - start.chars,
            false => 1,
        };
        let byte = |n: u64| u8::try_from(n).unwrap_or(u8::MAX);
        let form = Form::Even {
            text: byte(text.len() as u64),
            stored: byte(stored),
            chars: byte(chars),
        };
        self.push(text, start, form, key(end));
    }

    /// Gives out text as it is stored.
    pub fn verbatim(&mut self, text: &[u8], mut start: Cursor) {
        let mut rest = text;
        while let Some(&first) = rest.first() {
            let width = width(first, rest);
            let mut len = 0;
            while let Some(&byte) = rest.get(len)
                && self::width(byte, &rest[len..]) == width
            {
                len += width;
                if byte == b'\n' {
                    break;
                }
            }
            let (now, later) = rest.split_at(len);
            let mut end = start;
            end.advance(now, super::super::encoding::Unit::Utf8);
            let form = Form::Even {
                text: width as u8,
                stored: width as u8,
                chars: 1,
            };
            self.push(now, &start, form, key(&end));
            (rest, start) = (later, end);
        }
    }

    /// Gives out what a run of base64 characters stands for, whose first is the one of that number in its
    /// group of four.
    pub fn base64(&mut self, text: &[u8], start: &Cursor, phase: u8) {
        if text.is_empty() {
            return;
        }
        // the next run is another segment
        self.open = None;
        self.push(text, start, Form::Base64 { phase }, key(start));
        self.open = None;
    }
}

/// Bytes of the character at the start; of what is no character, one.
fn width(first: u8, text: &[u8]) -> usize {
    let width = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    let whole = text
        .get(1..width)
        .is_some_and(|tail| tail.iter().all(|b| b & 0xc0 == 0x80));
    if whole { width } else { 1 }
}
