//! A scanner that knows, at any offset it has reached, where in the JSON that is.
//!
//! It steps from one structural character to the next by bit masks, checks the grammar between
//! them, and keeps one frame for each open bracket. Names are not copied: a frame keeps where its
//! name stands, and the name is saved only when the text leaves the buffer.

use std::ops::Range;

use super::mask::{self, CHUNK};
use super::names::{NAME_BYTES_MAX, RawNames, tail, unescape};
use super::path::Element;
use crate::model::text::{LOOKAHEAD_BYTES, LOOKBEHIND_BYTES};

/// The text in view: `bytes[0]` is at `start` in the whole text.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub bytes: &'a [u8],
    pub start: u64,
}

impl<'a> View<'a> {
    pub fn index(&self, at: u64) -> usize {
        (at.saturating_sub(self.start) as usize).min(self.bytes.len())
    }

    fn range(&self, from: u64, to: u64) -> &'a [u8] {
        let to = self.index(to);
        &self.bytes[self.index(from).min(to)..to]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    /// A bracket or brace, outside of all.
    Top,
    Value,
    ValueOrEnd,
    Name,
    NameOrEnd,
    Colon,
    CommaOrEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    None,
    /// Raw, in the text.
    At(u64, u64),
    /// Raw, among the saved names.
    Saved(usize, usize),
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    array: bool,
    /// Offset of the opening bracket.
    start: u64,
    index: u64,
    name: Name,
}

/// Why the text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    Syntax { at: u64 },
    TooDeep { at: u64 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    /// Start of the text of a string, and whether it is a name.
    Text(u64, bool),
    /// Start of a number or literal.
    Scalar(u64),
}

/// The value (or name) that holds an offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Bytes in the view, quotes left out.
    pub value: Range<usize>,
    pub is_name: bool,
}

#[derive(Debug)]
pub(crate) struct Scanner {
    /// Next byte to look at.
    pub at: u64,
    /// Values completed outside of all brackets.
    pub records: u64,
    depth_max: usize,
    expect: Expect,
    open: Open,
    /// The next byte is escaped.
    escaped: bool,
    stack: Vec<Frame>,
    /// Raw names whose text has left.
    saved: Vec<u8>,
    /// Raw start of a name that is open and whose text has left.
    partial: Vec<u8>,
    /// Where the text in view starts: what is before is saved.
    held_from: u64,
}

impl Clone for Scanner {
    fn clone(&self) -> Self {
        Scanner {
            stack: self.stack.clone(),
            saved: self.saved.clone(),
            partial: self.partial.clone(),
            ..*self
        }
    }

    /// Keeps the allocations.
    fn clone_from(&mut self, other: &Self) {
        let mut stack = std::mem::take(&mut self.stack);
        let mut saved = std::mem::take(&mut self.saved);
        let mut partial = std::mem::take(&mut self.partial);
        stack.clone_from(&other.stack);
        saved.clone_from(&other.saved);
        partial.clone_from(&other.partial);
        *self = Scanner {
            stack,
            saved,
            partial,
            ..*other
        };
    }
}

impl Scanner {
    pub fn new(at: u64, depth_max: usize) -> Self {
        Scanner {
            at,
            records: 0,
            depth_max,
            expect: Expect::Top,
            open: Open::Nothing,
            escaped: false,
            stack: Vec::new(),
            saved: Vec::new(),
            partial: Vec::new(),
            held_from: at,
        }
    }

    /// Starts afresh at `at`, as at the start of a line.
    pub fn restart(&mut self, at: u64) {
        self.at = at;
        self.expect = Expect::Top;
        self.open = Open::Nothing;
        self.escaped = false;
        self.stack.clear();
        self.saved.clear();
        self.partial.clear();
        self.held_from = at;
    }

    /// Outside of all brackets.
    pub fn is_between(&self) -> bool {
        self.stack.is_empty()
    }

    /// Reads on up to `to`, which is in view; after an error the scanner is of no more use.
    pub fn run(&mut self, view: View<'_>, to: u64) -> Result<(), Broken> {
        let end = view.index(to);
        let mut at = view.index(self.at);
        while at < end {
            let (chunk, len) = mask::chunk_at(view.bytes, at, end);
            self.chunk(&chunk, len, view)?;
            at += len;
            self.at = view.start + at as u64;
        }
        Ok(())
    }

    /// Bits of the escaped bytes.
    fn escapes(&mut self, backslash: u64, len: usize) -> u64 {
        let mut escaped = u64::from(self.escaped);
        let mut left = backslash & !escaped;
        self.escaped = false;
        while left != 0 {
            let at = left.trailing_zeros() as usize;
            if at + 1 >= len {
                self.escaped = true;
                break;
            }
            escaped |= 1 << (at + 1);
            left &= !(3 << at);
        }
        escaped
    }

    fn chunk(&mut self, chunk: &[u8; CHUNK], len: usize, view: View<'_>) -> Result<(), Broken> {
        let valid = if len == CHUNK { !0 } else { (1u64 << len) - 1 };
        let masks = mask::json(chunk);
        let escaped = if masks.backslash != 0 || self.escaped {
            self.escapes(masks.backslash & valid, len)
        } else {
            0
        };
        let quotes = masks.quote & !escaped & valid;
        let in_text = matches!(self.open, Open::Text(..));
        let inside = mask::prefix_xor(quotes) ^ if in_text { !0 } else { 0 };
        let outside = !inside & valid;
        let scalar = outside & !masks.space & !masks.structural & !quotes;
        let in_scalar = u64::from(matches!(self.open, Open::Scalar(_)));
        let starts = scalar & !(scalar << 1 | in_scalar);
        let structural = masks.structural & outside;
        // The first byte after a scalar ends it.
        if in_scalar == 1 && scalar & 1 == 0 {
            self.open = Open::Nothing;
        }
        let mut events = quotes | starts | structural;
        let base = self.at;
        while events != 0 {
            let bit = events.trailing_zeros() as usize;
            events &= events - 1;
            if chunk[bit] != b'"' {
                self.event(chunk[bit], base + bit as u64)?;
                continue;
            }
            self.quote(base + bit as u64, view)?;
            // Nothing happens within a string: the next is its end, and after a name a colon.
            if events != 0 && matches!(self.open, Open::Text(..)) {
                let end = events.trailing_zeros() as usize;
                events &= events - 1;
                self.quote(base + end as u64, view)?;
                let next = events.trailing_zeros() as usize;
                if self.expect == Expect::Colon && events != 0 && chunk[next] == b':' {
                    events &= events - 1;
                    self.expect = Expect::Value;
                }
            }
        }
        if let Open::Scalar(_) = self.open
            && scalar >> (len - 1) & 1 == 0
        {
            self.open = Open::Nothing;
        }
        Ok(())
    }

    /// A byte outside of strings that is structural, or starts a scalar.
    #[inline]
    fn event(&mut self, byte: u8, at: u64) -> Result<(), Broken> {
        let syntax = Err(Broken::Syntax { at });
        match byte {
            b'{' | b'[' => match self.expect {
                Expect::Top | Expect::Value | Expect::ValueOrEnd => {
                    if self.stack.len() >= self.depth_max {
                        return Err(Broken::TooDeep { at });
                    }
                    let array = byte == b'[';
                    self.stack.push(Frame {
                        array,
                        start: at,
                        index: 0,
                        name: Name::None,
                    });
                    self.expect = if array {
                        Expect::ValueOrEnd
                    } else {
                        Expect::NameOrEnd
                    };
                }
                _ => return syntax,
            },
            b'}' | b']' => {
                let array = byte == b']';
                let empty = if array {
                    Expect::ValueOrEnd
                } else {
                    Expect::NameOrEnd
                };
                if self.expect != Expect::CommaOrEnd && self.expect != empty {
                    return syntax;
                }
                match self.stack.pop() {
                    Some(frame) if frame.array == array => {}
                    _ => return syntax,
                }
                self.expect = if self.stack.is_empty() {
                    self.records += 1;
                    Expect::Top
                } else {
                    Expect::CommaOrEnd
                };
            }
            b',' => match (self.expect, self.stack.last_mut()) {
                (Expect::CommaOrEnd, Some(frame)) => {
                    frame.index += 1;
                    self.expect = if frame.array {
                        Expect::Value
                    } else {
                        Expect::Name
                    };
                }
                _ => return syntax,
            },
            b':' => {
                if self.expect != Expect::Colon {
                    return syntax;
                }
                self.expect = Expect::Value;
            }
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => match self.expect {
                Expect::Value | Expect::ValueOrEnd => {
                    self.open = Open::Scalar(at);
                    self.expect = Expect::CommaOrEnd;
                    return Ok(());
                }
                _ => return syntax,
            },
            _ => return syntax,
        }
        self.open = Open::Nothing;
        Ok(())
    }

    #[inline]
    fn quote(&mut self, at: u64, view: View<'_>) -> Result<(), Broken> {
        if let Open::Text(start, is_name) = self.open {
            if is_name {
                let name = self.keep_name(start, at, view);
                if let Some(frame) = self.stack.last_mut() {
                    frame.name = name;
                }
                self.expect = Expect::Colon;
            } else {
                self.expect = Expect::CommaOrEnd;
            }
            self.open = Open::Nothing;
            return Ok(());
        }
        let is_name = match self.expect {
            Expect::Name | Expect::NameOrEnd => true,
            Expect::Value | Expect::ValueOrEnd => false,
            _ => return Err(Broken::Syntax { at }),
        };
        self.open = Open::Text(at + 1, is_name);
        Ok(())
    }

    /// A name that began before the view is put together of its parts.
    fn keep_name(&mut self, start: u64, end: u64, view: View<'_>) -> Name {
        if start >= self.held_from {
            return Name::At(start, end);
        }
        let from = self.saved.len();
        self.partial
            .extend_from_slice(view.range(self.held_from, end));
        self.saved.extend_from_slice(tail(&self.partial));
        self.partial.clear();
        Name::Saved(from, self.saved.len())
    }

    /// Text before `from` leaves the view: saves the names that stand there. `at` is `from`.
    pub fn hold(&mut self, view: View<'_>, from: u64) {
        let mut saved = Vec::new();
        for i in 0..self.stack.len() {
            let name = match self.stack[i].name {
                Name::None => continue,
                Name::At(start, _) if start >= from => continue,
                name => name,
            };
            let begin = saved.len();
            saved.extend_from_slice(self.raw(name, view));
            self.stack[i].name = Name::Saved(begin, saved.len());
        }
        if let Open::Text(start, true) = self.open
            && start < from
        {
            let begin = start.max(self.held_from);
            self.partial
                .extend_from_slice(tail(view.range(begin, from)));
            let excess = self.partial.len().saturating_sub(NAME_BYTES_MAX);
            self.partial.drain(..excess);
        }
        self.saved = saved;
        self.held_from = from;
    }

    fn raw<'a>(&'a self, name: Name, view: View<'a>) -> &'a [u8] {
        match name {
            Name::None => &[],
            Name::At(start, end) => tail(view.range(start, end)),
            Name::Saved(start, end) => self.saved.get(start..end).unwrap_or_default(),
        }
    }

    /// The value that holds the byte at [`at`](Self::at), which is the next to be looked at.
    pub fn found(&mut self, view: View<'_>) -> Result<Option<Found>, Broken> {
        let index = view.index(self.at);
        let Some(&byte) = view.bytes.get(index) else {
            return Ok(None);
        };
        let fresh = matches!(self.open, Open::Nothing) && byte == b'"';
        let scalar = !matches!(self.open, Open::Text(..)) && (b'-'..=b'z').contains(&byte);
        if fresh || scalar {
            self.run(view, self.at + 1)?;
        }
        Ok(match self.open {
            Open::Nothing => None,
            Open::Text(start, is_name) => {
                let from = view.index(self.at);
                // No more of a value counts than every cut of the text has in view.
                let reach = view.bytes.len().min(index + LOOKAHEAD_BYTES);
                let end = text_end(&view.bytes[..reach], from, self.escaped);
                Some(Found {
                    value: view.index(start)..end,
                    is_name,
                })
            }
            Open::Scalar(start) => {
                let low = index.saturating_sub(LOOKBEHIND_BYTES);
                let start = view.index(start).max(low);
                let reach = view.bytes.len().min(index + LOOKAHEAD_BYTES);
                let is_scalar = |b: &u8| b.is_ascii_alphanumeric() || b"+-.".contains(b);
                let rest = view.bytes[start..reach].iter();
                let len = rest.take_while(|b| is_scalar(b)).count();
                // What is stuck to it makes the text broken, and is not its value.
                (index < start + len).then_some(Found {
                    value: start..start + len,
                    is_name: false,
                })
            }
        })
    }

    /// Frames whose names and indexes lead to the open value; for a name, to its object.
    fn frames(&self) -> &[Frame] {
        match self.open {
            Open::Text(_, true) => &self.stack[..self.stack.len().saturating_sub(1)],
            _ => &self.stack,
        }
    }

    /// Path to the open value.
    pub fn path(&self, view: View<'_>) -> Vec<Element> {
        let frames = self.frames().iter();
        frames
            .map(|f| match f.array {
                true => Element::Index(f.index),
                false => Element::Name(unescape(self.raw(f.name, view))),
            })
            .collect()
    }

    /// Raw names that lead to the open value.
    pub fn raw_names(&self, view: View<'_>, names: &mut RawNames) {
        names.bytes.clear();
        names.ends.clear();
        for frame in self.frames().iter().filter(|f| !f.array) {
            names.bytes.extend_from_slice(self.raw(frame.name, view));
            names.ends.push(names.bytes.len());
        }
    }

    /// Start of the open value at nesting `depth`, the outermost being 0.
    pub fn frame_start(&self, depth: usize) -> Option<u64> {
        self.stack.get(depth).map(|f| f.start)
    }
}

/// End of the string text that goes on at `from`.
fn text_end(text: &[u8], from: usize, escaped: bool) -> usize {
    let mut at = (from + usize::from(escaped)).min(text.len());
    while let Some(hit) = memchr::memchr2(b'"', b'\\', &text[at..]) {
        if text[at + hit] == b'"' {
            return at + hit;
        }
        at = (at + hit + 2).min(text.len());
    }
    text.len()
}
