//! Takes the marks out of markup as it streams.
//!
//! Loose about the grammar: whatever the text is, what is no mark comes out, white space between
//! words as one. Names that say what a text is stand before it as a label (`ssn: 123-45-6789`), as they
//! would in other formats; they are what other parts look for, and no place is in them.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use super::super::encoding::Unit;
use super::super::unfold::{Folded, Map, PEEK_BYTES, STEP_BYTES};
use super::elements;
use super::entity;
use super::outline::{Frame, Outline};
use super::tag::{self, Mark, Next, is_space};
use super::tree::{Attribute, Tree};

/// Longest label that is given out.
const LABEL_BYTES_MAX: usize = 100;
/// Longest end of something, `]]>` or `</script`, less one.
const END_BYTES: usize = 16;

/// How a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Html,
    Xml,
    /// No markup: as it stands.
    Verbatim,
}

/// Where a text goes on in another way.
#[derive(Debug)]
pub(crate) struct Turning {
    /// Offset in the text.
    pub at: u64,
    pub mode: Mode,
    /// What the text stands in from there.
    pub frame: Option<Rc<Frame>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Text,
    /// Where there is no markup.
    Verbatim,
    /// Behind the name in a tag.
    Tag,
    /// In a word in a tag, of which so much is left.
    Word {
        left: usize,
    },
    /// In the value of an attribute, which ends with the quote, or without one.
    Value {
        quote: Option<u8>,
    },
    /// As it stands, up to an end that is left out.
    Until(&'static [u8]),
    /// In `<!DOCTYPE`, with so many open brackets.
    Declaration(u32),
    /// In the content of an element that holds no markup.
    Raw,
}

pub(crate) struct Unfold<'a> {
    text: Folded<'a>,
    html: bool,
    outline: Rc<RefCell<Outline>>,
    tree: Tree,
    state: State,
    /// The tag is the end of an element.
    closing: bool,
    /// The last thing in the tag was a word without a value.
    words: bool,
    /// What comes next does not belong to what came before.
    parted: bool,
    /// The last character given out is white space, and a line end.
    space: bool,
    line_end: bool,
    /// A stretch of the outline is open.
    in_stretch: bool,
    /// What is still to be given out before the next stretch.
    label: Vec<u8>,
    /// That of the element in whose tag this is.
    of_element: Vec<u8>,
    /// What the text stands in, where that is no element.
    aside: Option<Rc<Frame>>,
    /// Of what was read of the text so far.
    marks: Option<Rc<RefCell<VecDeque<Turning>>>>,
}

impl<'a> Unfold<'a> {
    /// `skipped`: stored bytes before the text, whose characters are stored in `unit`s, as `map` has it.
    pub fn new(
        inner: &'a mut dyn Read,
        mode: Mode,
        skipped: u64,
        unit: Unit,
        map: Rc<RefCell<Map>>,
        outline: Rc<RefCell<Outline>>,
    ) -> Self {
        let html = mode == Mode::Html;
        Unfold {
            text: Folded::new(inner, skipped, unit, map),
            html,
            outline,
            tree: Tree::new(html, None),
            state: beginning(mode),
            closing: false,
            words: false,
            parted: true,
            space: true,
            line_end: true,
            in_stretch: false,
            label: Vec::new(),
            of_element: Vec::new(),
            aside: None,
            marks: None,
        }
    }

    /// The text goes on in another way at each of `marks`, which come before it does.
    pub fn turning_at(mut self, marks: Rc<RefCell<VecDeque<Turning>>>) -> Self {
        self.marks = Some(marks);
        self
    }

    /// Takes the marks that are reached.
    fn turn(&mut self) {
        let Some(marks) = self.marks.clone() else {
            return;
        };
        let mut marks = marks.borrow_mut();
        let here = self.text.offset();
        while let Some(mark) = marks.pop_front_if(|mark| mark.at <= here) {
            self.part();
            self.html = mark.mode == Mode::Html;
            self.tree = Tree::new(self.html, mark.frame);
            self.state = beginning(mark.mode);
            self.aside = None;
            self.label.clear();
        }
        self.text.set_fence(marks.front().map(|mark| mark.at));
    }

    /// What comes next is parted from what came before.
    fn part(&mut self) {
        if std::mem::take(&mut self.in_stretch) {
            self.outline.borrow_mut().end(self.text.at());
        }
        self.parted = true;
    }

    /// Text is about to be given out. `false`: not in this step, for what stands before it needs room.
    fn begin(&mut self, out: &mut [u8], written: &mut usize) -> bool {
        if std::mem::take(&mut self.parted) && self.text.at() > 0 && !self.line_end {
            self.text.replace(b"\n", 0, out, written);
            (self.space, self.line_end) = (true, true);
        }
        if self.in_stretch {
            return true;
        }
        if !self.label.is_empty() {
            let len = self.label.len().min(STEP_BYTES);
            self.text.replace(&self.label[..len], 0, out, written);
            self.label.drain(..len);
            (self.space, self.line_end) = (true, false);
            if !self.label.is_empty() {
                return false;
            }
        }
        self.in_stretch = true;
        let frame = self.aside.clone().or_else(|| self.tree.frame());
        self.outline.borrow_mut().begin(self.text.at(), frame);
        true
    }

    /// Sets what stands before the next stretch.
    fn label(&mut self, label: Option<&str>) {
        self.label.clear();
        if let Some(label) = label {
            let label = label.as_bytes();
            let from = label.len().saturating_sub(LABEL_BYTES_MAX);
            self.label.extend_from_slice(&label[from..]);
            self.label.extend_from_slice(b": ");
        }
    }

    fn note(&mut self, text: &[u8]) {
        if let Some(&last) = text.last() {
            self.space = is_space(last);
            self.line_end = last == b'\n';
            self.tree.collect(text);
        }
    }

    /// Gives out what is ahead as it is, at most `len` bytes, as far as there is room.
    /// Answers with how much that was.
    fn copy(&mut self, len: usize, out: &mut [u8], written: &mut usize) -> usize {
        if !self.begin(out, written) {
            return 0;
        }
        let from = *written;
        let mut left = len;
        while left > 0 && *written < out.len() {
            left -= self.text.copy(left, out, written);
        }
        self.note(&out[from..*written]);
        len - left
    }

    fn plain(&mut self, len: usize, out: &mut [u8], written: &mut usize) {
        self.copy(len, out, written);
    }

    /// Gives out `text` for `stored_len` bytes.
    fn replace(&mut self, text: &[u8], stored_len: usize, out: &mut [u8], written: &mut usize) {
        if text.is_empty() {
            return self.text.pass(stored_len);
        }
        if !self.begin(out, written) {
            return;
        }
        self.text.replace(text, stored_len, out, written);
        self.note(text);
    }

    fn step(&mut self, out: &mut [u8], written: &mut usize) {
        match self.state {
            State::Text => self.in_text(out, written),
            State::Verbatim => {
                let len = self.text.ahead().len();
                self.plain(len, out, written);
            }
            State::Tag => self.in_tag(out, written),
            State::Word { left } => {
                let left = left - self.copy(left, out, written);
                self.state = match left {
                    0 => State::Tag,
                    left => State::Word { left },
                };
            }
            State::Value { quote } => self.in_value(quote, out, written),
            State::Until(end) => {
                let at = memchr::memmem::find(self.text.ahead(), end);
                self.up_to(at, end.len(), out, written);
            }
            State::Declaration(depth) => self.in_declaration(depth, out, written),
            State::Raw => {
                let at = self.raw_end();
                self.up_to(at, 0, out, written);
            }
        }
    }

    fn in_text(&mut self, out: &mut [u8], written: &mut usize) {
        let ahead = self.text.ahead();
        match ahead[0] {
            b'<' => self.angle(out, written),
            b'&' => match entity::read(ahead, self.html) {
                Some(e) => self.replace(e.text.as_bytes(), e.stored_len, out, written),
                None => self.plain(1, out, written),
            },
            byte if is_space(byte) && !self.tree.keeps_space() => self.white(byte, out, written),
            _ => {
                let keeps = self.tree.keeps_space();
                let mut before = b' ';
                let ends = |b: u8| {
                    let single = b == b' ' && before != b' ';
                    before = b;
                    matches!(b, b'<' | b'&') || (!keeps && is_space(b) && !single)
                };
                let len = ahead.iter().copied().position(ends);
                let len = len.unwrap_or(ahead.len());
                self.copy(len, out, written);
            }
        }
    }

    /// White space between words: as one space, or in XML as a line end where there is one.
    fn white(&mut self, byte: u8, out: &mut [u8], written: &mut usize) {
        let line_end = byte == b'\n' && !self.html;
        if self.parted || (line_end && self.line_end) || (!line_end && self.space) || byte == b'\r'
        {
            return self.text.pass(1);
        }
        match byte {
            b' ' => self.plain(1, out, written),
            b'\n' if line_end => self.plain(1, out, written),
            _ => {
                self.replace(b" ", 0, out, written);
                self.text.pass(1);
            }
        }
    }

    /// A `<` is ahead.
    fn angle(&mut self, out: &mut [u8], written: &mut usize) {
        let ahead = self.text.ahead();
        match tag::mark(ahead, self.html) {
            Mark::Text => self.plain(1, out, written),
            Mark::Comment => self.begin_aside("comment()", 4, State::Until(b"-->")),
            Mark::Cdata => {
                self.text.pass(b"<![CDATA[".len());
                self.state = State::Until(b"]]>");
            }
            Mark::Declaration => self.begin_aside("doctype()", 2, State::Declaration(0)),
            Mark::Instruction => {
                let end: &[u8] = if self.html { b">" } else { b"?>" };
                self.begin_aside("processing-instruction()", 2, State::Until(end));
            }
            Mark::Start(len) => {
                let name = String::from_utf8_lossy(&ahead[1..=len]);
                if self.tree.open(&name) {
                    self.part();
                    // without one of its own, that of the cell around it stays
                    let last = self.tree.last().filter(|l| l.label().is_some());
                    if let Some(last) = last.cloned() {
                        self.label(last.label());
                    }
                }
                self.begin_tag(1 + len, false);
            }
            Mark::End(len) => {
                let name = String::from_utf8_lossy(&ahead[2..2 + len]);
                if self.tree.close(&name) {
                    self.part();
                    self.label.clear();
                }
                self.begin_tag(2 + len, true);
            }
        }
    }

    fn begin_tag(&mut self, len: usize, closing: bool) {
        self.text.pass(len);
        self.state = State::Tag;
        (self.closing, self.words) = (closing, false);
    }

    fn begin_aside(&mut self, step: &str, len: usize, state: State) {
        self.part();
        self.aside = Some(self.tree.aside(step));
        self.of_element = std::mem::take(&mut self.label);
        self.text.pass(len);
        self.state = state;
    }

    fn end_aside(&mut self) {
        if self.aside.take().is_some() {
            self.part();
            self.label = std::mem::take(&mut self.of_element);
        }
        self.state = State::Text;
    }

    /// Gives out what stands before `at`, if that is in view, and ends there, leaving out `len` bytes.
    fn up_to(&mut self, at: Option<usize>, len: usize, out: &mut [u8], written: &mut usize) {
        let ahead = self.text.ahead().len();
        match at {
            Some(0) => {
                self.text.pass(len);
                self.end_aside();
            }
            Some(at) => self.plain(at, out, written),
            None if self.text.is_all() => self.plain(ahead, out, written),
            None => self.plain(ahead - END_BYTES, out, written),
        }
    }

    /// Where the end tag of the innermost element is.
    fn raw_end(&self) -> Option<usize> {
        let name = self.tree.innermost().as_bytes();
        let ahead = self.text.ahead();
        memchr::memmem::find_iter(ahead, b"</").find(|at| {
            ahead[at + 2..]
                .get(..name.len())
                .is_some_and(|n| n.eq_ignore_ascii_case(name))
        })
    }

    fn in_declaration(&mut self, mut depth: u32, out: &mut [u8], written: &mut usize) {
        let ahead = self.text.ahead();
        let mut end = None;
        // as far as there will be room
        let room = (out.len() - *written).saturating_sub(1).max(1);
        let mut seen = 0;
        for &byte in ahead.iter().take(room) {
            match byte {
                b'[' => depth = depth.saturating_add(1),
                b']' => depth = depth.saturating_sub(1),
                b'>' if depth == 0 => {
                    end = Some(seen);
                    break;
                }
                _ => {}
            }
            seen += 1;
        }
        if seen > 0 {
            self.copy(seen, out, written);
            self.state = State::Declaration(depth);
        }
        if end.is_some() {
            self.text.pass(1);
            self.end_aside();
        }
    }

    fn in_tag(&mut self, out: &mut [u8], written: &mut usize) {
        let ahead = self.text.ahead();
        match tag::next(ahead) {
            Next::Nothing(len) => self.text.pass(len),
            Next::End { len, empty } => {
                self.text.pass(len);
                if self.words {
                    self.part();
                }
                self.end_tag(empty);
            }
            Next::Word(len) => self.word(len, out, written),
            Next::Name(len, value) => {
                let name = &ahead[..len];
                if !tag::is_attribute(name) {
                    return self.word(len + 1, out, written);
                }
                let known = self.tree.known(&String::from_utf8_lossy(name));
                self.attribute(&known, value);
            }
        }
    }

    /// A word of `len` bytes is ahead. Whoever forgot to end a tag goes on with text, and that must not
    /// get lost.
    fn word(&mut self, len: usize, out: &mut [u8], written: &mut usize) {
        match std::mem::replace(&mut self.words, true) {
            true => self.replace(b" ", 0, out, written),
            false => self.part(),
        }
        self.state = State::Word { left: len };
    }

    /// The value of an attribute begins `value` bytes ahead.
    fn attribute(&mut self, known: &Attribute, value: usize) {
        let rest = &self.text.ahead()[value..];
        let quote = rest.first().copied().filter(|b| matches!(b, b'"' | b'\''));
        let from = usize::from(quote.is_some());
        let end = rest[from..]
            .iter()
            .take(PEEK_BYTES / 2)
            .position(|&b| ends_value(b, quote));
        if let Some(end) = end {
            let text = &rest[from..from + end];
            if known.is_colspan {
                let columns = std::str::from_utf8(text)
                    .ok()
                    .and_then(|t| t.trim().parse().ok());
                self.tree.spans(columns.unwrap_or(1));
            }
            if known.of_looks && is_plain(text) {
                self.text.pass(value + from + end + from);
                return;
            }
        }
        self.part();
        let frame = self.tree.attribute(known);
        self.of_element = std::mem::take(&mut self.label);
        self.label(frame.label());
        self.aside = Some(frame);
        self.text.pass(value + from);
        self.state = State::Value { quote };
    }

    fn in_value(&mut self, quote: Option<u8>, out: &mut [u8], written: &mut usize) {
        let ahead = self.text.ahead();
        match ahead[0] {
            byte if ends_value(byte, quote) => {
                self.text.pass(usize::from(quote.is_some()));
                self.part();
                self.aside = None;
                self.label = std::mem::take(&mut self.of_element);
                self.state = State::Tag;
                self.words = false;
            }
            b'&' => match entity::read(ahead, false) {
                Some(e) => self.replace(e.text.as_bytes(), e.stored_len, out, written),
                None => self.plain(1, out, written),
            },
            _ => {
                let ends = |b: &u8| *b == b'&' || ends_value(*b, quote);
                let len = ahead.iter().position(ends).unwrap_or(ahead.len());
                self.copy(len, out, written);
            }
        }
    }

    fn end_tag(&mut self, empty: bool) {
        self.state = State::Text;
        if self.closing {
            return;
        }
        let name = self.tree.innermost();
        if empty || (self.html && elements::is_void(name)) {
            let parts = !self.html || elements::kind(name) == elements::Kind::Block;
            self.tree.close_last();
            self.label.clear();
            if parts {
                self.part();
            }
        } else if self.html && elements::is_raw(name) {
            self.state = State::Raw;
        }
    }
}

fn beginning(mode: Mode) -> State {
    match mode {
        Mode::Html | Mode::Xml => State::Text,
        Mode::Verbatim => State::Verbatim,
    }
}

fn ends_value(byte: u8, quote: Option<u8>) -> bool {
    match quote {
        Some(quote) => byte == quote,
        None => is_space(byte) || byte == b'>',
    }
}

/// Nothing that is looked for is so short.
fn is_plain(value: &[u8]) -> bool {
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    digits < 7 && !value.iter().any(|b| matches!(b, b'@' | b'&'))
}

impl Read for Unfold<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        debug_assert!(out.len() >= 2 * STEP_BYTES);
        let mut written = 0;
        while out.len() - written >= 2 * STEP_BYTES {
            self.text.fill();
            if self.text.is_over() {
                if written > 0 {
                    break;
                }
                let mut outline = self.outline.borrow_mut();
                let xml = !self.html && self.state != State::Verbatim;
                let open = !self.tree.is_empty() || self.state != State::Text;
                outline.unfinished = xml && open;
                outline.too_deep = xml && self.tree.too_deep;
                return match self.text.take_error() {
                    Some(error) => Err(error),
                    None => Ok(0),
                };
            }
            self.turn();
            self.step(out, &mut written);
        }
        Ok(written)
    }
}
