//! Pages of a database file: its header, trees of cells, and values that go on over other pages. One
//! page of each level is held at a time. What the rows mean is left to others.

use std::sync::Arc;

use crate::extract::Failure;
use crate::model::ReadAt;

const MAGIC: &[u8] = b"SQLite format 3\0";
const HEADER_BYTES: usize = 100;
/// Deepest tree that a database can grow to, and more.
const DEPTH_MAX: usize = 40;
/// Largest row that is read.
pub(super) const ROW_BYTES_MAX: u64 = 128 << 20;
/// Bytes read at a time while pages follow each other.
const AHEAD_BYTES: usize = 64 << 10;

/// How text is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

pub(super) struct Pages {
    source: Arc<dyn ReadAt>,
    page_bytes: usize,
    /// Bytes of a page that cells may take.
    usable: usize,
    count: u32,
    pub encoding: Encoding,
    /// Pages that were read: each belongs to one place, and what names it again is broken.
    seen: Vec<u64>,
    window: Vec<u8>,
    /// Offset of the window.
    start: u64,
    next: u32,
}

/// What is wrong with a page or a row.
#[derive(Debug)]
pub(super) enum Fault {
    Source(std::io::Error),
    Broken,
    /// A row of so many bytes.
    Long(u64),
    /// Passed on from who was told.
    Out(Failure),
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Fault::Out(failure)
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk::<2>()?;
    Some(usize::from(u16::from_be_bytes(*bytes)))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_be_bytes(*bytes))
}

/// A number of up to nine bytes, the last with all its bits.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0u64;
    for (at, byte) in bytes.iter().take(9).enumerate() {
        if at == 8 {
            return Some((value << 8 | u64::from(*byte), 9));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
    }
    None
}

/// Gets a row id (none in an index) and a row.
pub(super) type Each<'a> = dyn FnMut(Option<i64>, &[u8]) -> Result<(), Fault> + 'a;

/// A page of a tree that is being walked.
struct Level {
    page: Vec<u8>,
    /// Where the header of the tree page begins.
    head: usize,
    kind: u8,
    cells: usize,
    /// Next of child 0, cell 0, child 1, ..., the last child.
    next: usize,
}

const INDEX_INTERIOR: u8 = 2;
const TABLE_INTERIOR: u8 = 5;
const INDEX_LEAF: u8 = 10;
const TABLE_LEAF: u8 = 13;

impl Level {
    fn is_leaf(&self) -> bool {
        matches!(self.kind, INDEX_LEAF | TABLE_LEAF)
    }

    fn cell(&self, cell: usize) -> Option<usize> {
        let head = self.head + if self.is_leaf() { 8 } else { 12 };
        be16(&self.page, head + 2 * cell)
    }

    fn child(&self, child: usize) -> Option<u32> {
        match child == self.cells {
            true => be32(&self.page, self.head + 8),
            false => be32(&self.page, self.cell(child)?),
        }
    }
}

impl Pages {
    pub fn open(source: &Arc<dyn ReadAt>) -> Result<Self, Failure> {
        let mut header = [0; HEADER_BYTES];
        let read = source.read_at(0, &mut header).map_err(Failure::Source)?;
        if !header[..read].starts_with(MAGIC) {
            return Err(Failure::not_this("no mark of SQLite"));
        }
        if read < HEADER_BYTES {
            return Err(Failure::malformed("the database ends in its header"));
        }
        let page_bytes = match be16(&header, 16) {
            Some(1) => 65_536,
            Some(bytes) if bytes >= 512 && bytes.is_power_of_two() => bytes,
            _ => return Err(Failure::malformed("the size of a page is none that can be")),
        };
        let usable = page_bytes - usize::from(header[20]);
        if usable < 480 {
            return Err(Failure::malformed("too much of each page is set aside"));
        }
        let encoding = match be32(&header, 56) {
            Some(2) => Encoding::Utf16Le,
            Some(3) => Encoding::Utf16Be,
            _ => Encoding::Utf8,
        };
        let count = source.size().div_ceil(page_bytes as u64);
        let count = u32::try_from(count)
            .map_err(|_| Failure::malformed("more pages than can be numbered"))?;
        Ok(Pages {
            source: Arc::clone(source),
            page_bytes,
            usable,
            count,
            encoding,
            seen: vec![0; count as usize / 64 + 1],
            window: Vec::new(),
            start: 0,
            next: 0,
        })
    }

    /// A page that was not read before.
    fn page(&mut self, number: u32) -> Result<Vec<u8>, Fault> {
        if number == 0 || number > self.count {
            return Err(Fault::Broken);
        }
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        if self.seen[word] & bit != 0 {
            return Err(Fault::Broken);
        }
        self.seen[word] |= bit;
        let at = u64::from(number - 1) * self.page_bytes as u64;
        let held = at >= self.start
            && at + self.page_bytes as u64 <= self.start + self.window.len() as u64;
        if !held {
            let pages = match number == self.next {
                true => (AHEAD_BYTES / self.page_bytes).max(1),
                false => 1,
            };
            self.window.resize(pages * self.page_bytes, 0);
            let read = self
                .source
                .read_at(at, &mut self.window)
                .map_err(Fault::Source)?;
            self.window.truncate(read);
            self.start = at;
        }
        self.next = number + 1;
        let from = (at - self.start) as usize;
        let page = self.window.get(from..from + self.page_bytes);
        page.map(<[u8]>::to_vec).ok_or(Fault::Broken)
    }

    fn level(&mut self, number: u32) -> Result<Level, Fault> {
        let page = self.page(number)?;
        let head = if number == 1 { HEADER_BYTES } else { 0 };
        let kind = page[head];
        if !matches!(
            kind,
            INDEX_INTERIOR | TABLE_INTERIOR | INDEX_LEAF | TABLE_LEAF
        ) {
            return Err(Fault::Broken);
        }
        let cells = be16(&page, head + 3).ok_or(Fault::Broken)?;
        Ok(Level {
            page,
            head,
            kind,
            cells,
            next: 0,
        })
    }

    /// Walks the tree of a table, or of an index that is one, in the order of its keys. `each` gets
    /// the row id (none in an index) and the row.
    ///
    /// Returns what could not be read: pages and rows, and of the latter the largest.
    pub fn walk(&mut self, root: u32, each: &mut Each<'_>) -> Result<Lost, Fault> {
        let mut lost = Lost::default();
        let mut levels = Vec::new();
        match self.level(root) {
            Ok(level) => levels.push(level),
            Err(fault) => lost.count(fault)?,
        }
        let mut row = Vec::new();
        while let Some(level) = levels.last_mut() {
            let next = level.next;
            level.next += 1;
            let (cell, child) = match level.is_leaf() {
                true => (Some(next), None),
                false if next % 2 == 0 => (None, Some(next / 2)),
                false => (Some(next / 2), None),
            };
            if cell.is_some_and(|cell| cell >= level.cells)
                || child.is_some_and(|child| child > level.cells)
            {
                levels.pop();
                continue;
            }
            if let Some(child) = child {
                let number = level.child(child);
                if levels.len() >= DEPTH_MAX {
                    lost.pages += 1;
                    continue;
                }
                match number.ok_or(Fault::Broken).and_then(|n| self.level(n)) {
                    Ok(level) => levels.push(level),
                    Err(fault) => lost.count(fault)?,
                }
                continue;
            }
            let (Some(cell), true) = (cell, level.kind != TABLE_INTERIOR) else {
                continue;
            };
            let read = match level.cell(cell) {
                Some(at) => row_of(level, at).ok_or(Fault::Broken),
                None => Err(Fault::Broken),
            };
            let read = read.and_then(|(id, length, at)| {
                self.row(level, length, at, &mut row)?;
                each(id, &row)
            });
            if let Err(fault) = read {
                lost.count(fault)?;
            }
        }
        Ok(lost)
    }

    /// The bytes of a row, which begin in a page and may go on in others.
    fn row(
        &mut self,
        level: &Level,
        length: u64,
        at: usize,
        row: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        if length > ROW_BYTES_MAX {
            return Err(Fault::Long(length));
        }
        let length = length as usize;
        let usable = self.usable;
        // the share of a row that stays in its page, as the format says
        let most = match level.kind {
            TABLE_LEAF => usable - 35,
            _ => (usable - 12) * 64 / 255 - 23,
        };
        let local = if length <= most {
            length
        } else {
            let least = (usable - 12) * 32 / 255 - 23;
            let share = least + (length - least) % (usable - 4);
            if share <= most { share } else { least }
        };
        row.clear();
        let here = level.page.get(at..at + local).ok_or(Fault::Broken)?;
        row.extend_from_slice(here);
        let mut next = match local < length {
            true => be32(&level.page, at + local).ok_or(Fault::Broken)?,
            false => return Ok(()),
        };
        while row.len() < length {
            let page = self.page(next)?;
            next = be32(&page, 0).ok_or(Fault::Broken)?;
            let share = (length - row.len()).min(usable - 4);
            row.extend_from_slice(&page[4..4 + share]);
        }
        Ok(())
    }
}

/// The row id, the length of the row and where it begins.
fn row_of(level: &Level, at: usize) -> Option<(Option<i64>, u64, usize)> {
    let at = if level.kind == INDEX_INTERIOR {
        at + 4
    } else {
        at
    };
    let (length, used) = varint(level.page.get(at..)?)?;
    let at = at + used;
    if level.kind != TABLE_LEAF {
        return Some((None, length, at));
    }
    let (id, used) = varint(level.page.get(at..)?)?;
    Some((Some(id as i64), length, at + used))
}

/// What a walk could not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lost {
    pub pages: u64,
    /// Bytes of the largest row that is over the limit.
    pub longest: u64,
}

impl Lost {
    fn count(&mut self, fault: Fault) -> Result<(), Fault> {
        match fault {
            Fault::Broken => self.pages += 1,
            Fault::Long(bytes) => self.longest = self.longest.max(bytes),
            fault => return Err(fault),
        }
        Ok(())
    }
}
