//! The values of the lines of a block, each line a JSON text of its own, listed in one pass.
//!
//! Only lines that are in view as a whole and are right from end to end are listed: of all others
//! nothing is known here, and [`super::scan`] tells what they hold. What is told of a listed line is
//! what that would tell.

use std::ops::Range;
use std::sync::Arc;

use super::super::table::index::partition_near;
use super::mask::{self, CHUNK};
use super::names::RawNames;
use super::raw_path;
use super::tree::{NONE, ROOT, Tree};

/// A name or value of a listed line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// Bytes in the text, quotes left out.
    start: u32,
    end: u32,
    /// The names that lead to it; for a name, to its object.
    pub node: u32,
    /// The bracket it is in.
    frame: u32,
    /// Its place there, if that is an array.
    index: u32,
    pub is_name: bool,
    is_text: bool,
}

impl Entry {
    pub fn value(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// An opened bracket.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// The bracket around, or [`NONE`].
    parent: u32,
    array: bool,
    /// Neither it nor a bracket around it is an array.
    plain: bool,
    node: u32,
    /// Its place in the bracket around, if that is an array.
    index: u32,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    /// Of the line end, or the end of the text.
    end: u32,
    /// Lines with content before it, from the first on.
    records: u32,
    listed: bool,
}

/// What is known of an offset.
#[derive(Clone, Copy, Debug)]
pub(crate) enum At {
    Entry(usize),
    /// Between values.
    Nothing,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Top,
    Value,
    ValueOrEnd,
    Name,
    NameOrEnd,
    Colon,
    CommaOrEnd,
}

/// Why a line is not listed.
enum Unlisted {
    Broken,
    TooDeep(usize),
    NoRoom,
}

/// A bracket that is open while a line is read.
#[derive(Clone, Copy, Debug)]
struct Open {
    frame: u32,
    array: bool,
    /// The names of what comes next in it, and of what came before.
    node: u32,
    last: u32,
    index: u32,
}

/// The listed lines of the current block.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    /// Offsets of the entries, quotes included, ascending.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    frames: Vec<Frame>,
    line_starts: Vec<u32>,
    lines: Vec<Line>,
    /// Entry and line last told of.
    near: (usize, usize),
    /// Where a line was nested too deep, for the first time.
    too_deep: Option<usize>,
    pub tree: Tree,
    /// Spare.
    stack: Vec<Open>,
}

impl Tape {
    /// Lists the lines of `text` from `from` on, where a line begins; `last`: the text ends there.
    pub fn build(&mut self, text: &[u8], from: usize, last: bool, depth_max: usize) {
        self.clear();
        self.tree.make_room();
        let mut from = from;
        let mut records = 0;
        while from < text.len() {
            let newline = memchr::memchr(b'\n', &text[from..]);
            if newline.is_none() && !last {
                return;
            }
            let to = newline.map_or(text.len(), |n| from + n);
            let (entries, frames) = (self.entries.len(), self.frames.len());
            let listed = match self.line(text, from..to, depth_max) {
                Ok(()) => true,
                Err(why) => {
                    self.entries.truncate(entries);
                    self.starts.truncate(entries);
                    self.frames.truncate(frames);
                    match why {
                        Unlisted::NoRoom => return,
                        Unlisted::TooDeep(at) => self.too_deep = self.too_deep.or(Some(at)),
                        Unlisted::Broken => {}
                    }
                    false
                }
            };
            self.line_starts.push(from as u32);
            self.lines.push(Line {
                end: to as u32,
                records,
                listed,
            });
            let content = self.entries.len() > entries || !text[from..to].trim_ascii().is_empty();
            records += u32::from(content);
            from = to + 1;
        }
    }

    pub fn clear(&mut self) {
        self.starts.clear();
        self.entries.clear();
        self.frames.clear();
        self.line_starts.clear();
        self.lines.clear();
        self.near = (0, 0);
        self.too_deep = None;
    }

    /// Lists one line.
    fn line(&mut self, text: &[u8], line: Range<usize>, depth_max: usize) -> Result<(), Unlisted> {
        let mut stack = std::mem::take(&mut self.stack);
        stack.clear();
        let read = self.read(text, line, depth_max, &mut stack);
        self.stack = stack;
        read
    }

    #[inline]
    fn read(
        &mut self,
        text: &[u8],
        line: Range<usize>,
        depth_max: usize,
        stack: &mut Vec<Open>,
    ) -> Result<(), Unlisted> {
        let mut expect = Expect::Top;
        // start of the text of the string that is open
        let mut open: Option<usize> = None;
        let (mut escaped_first, mut scalar_before) = (false, 0u64);
        let mut base = line.start;
        while base < line.end {
            let len = (line.end - base).min(CHUNK);
            let padded;
            let chunk = match text[base..].first_chunk::<CHUNK>() {
                Some(chunk) => chunk,
                None => {
                    padded = mask::chunk_at(text, base, text.len()).0;
                    &padded
                }
            };
            let valid = u64::MAX >> (CHUNK - len);
            let masks = mask::json(chunk);
            let mut escaped = 0;
            if escaped_first || masks.backslash & valid != 0 {
                (escaped, escaped_first) = escapes(masks.backslash & valid, len, escaped_first);
            }
            let quotes = masks.quote & !escaped & valid;
            let inside = mask::prefix_xor(quotes) ^ if open.is_some() { !0 } else { 0 };
            let outside = !inside & valid;
            let scalar = outside & !masks.space & !masks.structural & !quotes;
            let starts = scalar & !(scalar << 1 | scalar_before);
            scalar_before = scalar >> (CHUNK - 1);
            let mut events = quotes | starts | masks.structural & outside;
            while events != 0 {
                let at = base + take(&mut events);
                match text[at] {
                    b'"' => {
                        let (start, end) = match open.take() {
                            Some(start) => (start, at),
                            None => {
                                if let Expect::Top | Expect::Colon | Expect::CommaOrEnd = expect {
                                    return Err(Unlisted::Broken);
                                }
                                // nothing happens within a string: the next is its end
                                if events == 0 {
                                    open = Some(at + 1);
                                    break;
                                }
                                (at + 1, base + take(&mut events))
                            }
                        };
                        let Some(top) = stack.last_mut() else {
                            return Err(Unlisted::Broken);
                        };
                        let is_name = matches!(expect, Expect::Name | Expect::NameOrEnd);
                        let mut entry = Entry {
                            start: start as u32,
                            end: end as u32,
                            node: top.node,
                            frame: top.frame,
                            index: top.index,
                            is_name,
                            is_text: true,
                        };
                        expect = Expect::CommaOrEnd;
                        if is_name {
                            let object = self.frames[top.frame as usize].node;
                            let name = &text[start..end];
                            let Some(node) = self.tree.child(object, top.last, name) else {
                                return Err(Unlisted::NoRoom);
                            };
                            (top.node, top.last) = (node, node);
                            entry.node = object;
                            expect = Expect::Colon;
                            let next = base + events.trailing_zeros() as usize;
                            if events != 0 && text[next] == b':' {
                                events &= events - 1;
                                expect = Expect::Value;
                            }
                        }
                        self.starts.push(start as u32 - 1);
                        self.entries.push(entry);
                    }
                    b':' => {
                        if expect != Expect::Colon {
                            return Err(Unlisted::Broken);
                        }
                        expect = Expect::Value;
                    }
                    b',' => match stack.last_mut() {
                        Some(top) if expect == Expect::CommaOrEnd => {
                            top.index += 1;
                            expect = if top.array {
                                Expect::Value
                            } else {
                                Expect::Name
                            };
                        }
                        _ => return Err(Unlisted::Broken),
                    },
                    byte @ (b'{' | b'[') => {
                        if !matches!(expect, Expect::Top | Expect::Value | Expect::ValueOrEnd) {
                            return Err(Unlisted::Broken);
                        }
                        if stack.len() >= depth_max {
                            return Err(Unlisted::TooDeep(at));
                        }
                        let array = byte == b'[';
                        let around = stack.last();
                        let parent = around.map_or(NONE, |o| o.frame);
                        let node = around.map_or(ROOT, |o| o.node);
                        let plain = self.frames.get(parent as usize).is_none_or(|f| f.plain);
                        let frame = self.frames.len() as u32;
                        self.frames.push(Frame {
                            parent,
                            array,
                            plain: plain && !array,
                            node,
                            index: around.map_or(0, |o| o.index),
                        });
                        stack.push(Open {
                            frame,
                            array,
                            node,
                            last: NONE,
                            index: 0,
                        });
                        expect = if array {
                            Expect::ValueOrEnd
                        } else {
                            Expect::NameOrEnd
                        };
                    }
                    byte @ (b'}' | b']') => {
                        let array = byte == b']';
                        let empty = if array {
                            Expect::ValueOrEnd
                        } else {
                            Expect::NameOrEnd
                        };
                        if expect != Expect::CommaOrEnd && expect != empty {
                            return Err(Unlisted::Broken);
                        }
                        if stack.pop().is_none_or(|o| o.array != array) {
                            return Err(Unlisted::Broken);
                        }
                        expect = if stack.is_empty() {
                            Expect::Top
                        } else {
                            Expect::CommaOrEnd
                        };
                    }
                    b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
                        if !matches!(expect, Expect::Value | Expect::ValueOrEnd) {
                            return Err(Unlisted::Broken);
                        }
                        let Some(top) = stack.last() else {
                            return Err(Unlisted::Broken);
                        };
                        let rest = text[at..line.end].iter();
                        let is_scalar = |b: &&u8| b.is_ascii_alphanumeric() || b"+-.".contains(b);
                        let end = at + rest.take_while(is_scalar).count();
                        self.starts.push(at as u32);
                        self.entries.push(Entry {
                            start: at as u32,
                            end: end as u32,
                            node: top.node,
                            frame: top.frame,
                            index: top.index,
                            is_name: false,
                            is_text: false,
                        });
                        expect = Expect::CommaOrEnd;
                    }
                    _ => return Err(Unlisted::Broken),
                }
            }
            base += len;
        }
        match expect {
            Expect::Top if open.is_none() => Ok(()),
            _ => Err(Unlisted::Broken),
        }
    }

    fn line_of(&mut self, at: usize) -> Option<usize> {
        let after = partition_near(&self.line_starts, self.near.1, |s| s as usize <= at);
        self.near.1 = after;
        after.checked_sub(1)
    }

    /// What is known of the byte at `at`. Cheap near the one asked for last.
    pub fn at(&mut self, at: usize) -> At {
        let Some(line) = self.line_of(at).map(|line| self.lines[line]) else {
            return At::Unknown;
        };
        if !line.listed || at > line.end as usize {
            return At::Unknown;
        }
        let after = partition_near(&self.starts, self.near.0, |s| s as usize <= at);
        self.near.0 = after;
        let Some(number) = after.checked_sub(1) else {
            return At::Nothing;
        };
        let entry = &self.entries[number];
        // the closing quote belongs to a text
        match at < entry.end as usize + usize::from(entry.is_text) {
            true => At::Entry(number),
            false => At::Nothing,
        }
    }

    pub fn entry(&self, number: usize) -> Entry {
        self.entries[number]
    }

    /// Lines with content from the first line on before that of `at`, and where that begins; `None`
    /// before the first line.
    pub fn line_start(&mut self, at: usize) -> Option<(usize, u64)> {
        let line = self.line_of(at)?;
        let records = u64::from(self.lines[line].records);
        Some((self.line_starts[line] as usize, records))
    }

    /// Where a line before `to` was nested too deep.
    pub fn too_deep_before(&self, to: usize) -> Option<usize> {
        self.too_deep.filter(|&at| at < to)
    }

    /// The path of an entry that no array is around; `make` makes it from its raw form.
    #[inline]
    pub fn plain_path(
        &mut self,
        number: usize,
        make: impl FnOnce(&[u8]) -> Arc<str>,
    ) -> Option<&Arc<str>> {
        let entry = self.entries[number];
        let plain = self.frames[entry.frame as usize].plain;
        plain.then(|| self.tree.path(entry.node, make))
    }

    /// Appends the path of an entry, as [`raw_path`] writes it.
    pub fn raw_path(&self, number: usize, out: &mut Vec<u8>) {
        let entry = &self.entries[number];
        // from the entry outwards: index, or the node whose last name it is
        let mut elements: Vec<Result<u32, u32>> = Vec::new();
        let element = |array: bool, index, node| if array { Ok(index) } else { Err(node) };
        let mut here = &self.frames[entry.frame as usize];
        if !entry.is_name {
            elements.push(element(here.array, entry.index, entry.node));
        }
        while let Some(around) = self.frames.get(here.parent as usize) {
            elements.push(element(around.array, here.index, here.node));
            here = around;
        }
        for element in elements.into_iter().rev() {
            match element {
                Ok(index) => raw_path::index(u64::from(index), out),
                Err(node) => self.tree.raw_name(node, out),
            }
        }
    }

    /// Visits the values that reach into `own` and stand under names that are wanted, each with the
    /// key of these, and all stretches of which nothing is known, with none.
    pub fn visit(
        &mut self,
        own: Range<usize>,
        wanted: &mut dyn FnMut(u64, &RawNames) -> bool,
        visit: &mut dyn FnMut(Option<u64>, Range<usize>),
    ) {
        let mut known = own.start;
        let first = self
            .line_starts
            .partition_point(|&s| (s as usize) <= own.start)
            .saturating_sub(1);
        for (line, &start) in self.lines[first..].iter().zip(&self.line_starts[first..]) {
            if start as usize >= own.end {
                break;
            }
            if line.listed {
                if known < start as usize {
                    visit(None, known..start as usize);
                }
                known = known.max(line.end as usize + 1);
            }
        }
        if known < own.end {
            visit(None, known..own.end);
        }
        let first = self
            .starts
            .partition_point(|&s| (s as usize) < own.start)
            .saturating_sub(1);
        for entry in &self.entries[first..] {
            if entry.start as usize > own.end {
                return;
            }
            if !entry.is_name && self.tree.wanted(entry.node, &mut *wanted) {
                visit(Some(self.tree.key(entry.node)), entry.value());
            }
        }
    }
}

/// Takes the lowest bit out of a mask that has one.
#[inline(always)]
fn take(bits: &mut u64) -> usize {
    let at = bits.trailing_zeros() as usize;
    *bits &= bits.wrapping_sub(1);
    at
}

/// Bits of the escaped bytes, and whether the first byte of the next chunk is one.
fn escapes(backslash: u64, len: usize, first: bool) -> (u64, bool) {
    let mut escaped = u64::from(first);
    let mut left = backslash & !escaped;
    while left != 0 {
        let at = left.trailing_zeros() as usize;
        if at + 1 >= len {
            return (escaped, true);
        }
        escaped |= 1 << (at + 1);
        left &= !(3 << at);
    }
    (escaped, false)
}
