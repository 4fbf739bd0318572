//! Packing occurrences into chunks: small, self-contained, fast to write.
//!
//! A chunk holds consecutive occurrences of one object in their final order, with a dictionary of
//! the names they share (detectors with category and checks, containers, keywords, column names,
//! paths, log groups and streams), so that it can be read with any later catalogue. What rows have
//! in common is told once, as their kind: a row is its kind, a few differences to the row before,
//! its mask and its fingerprint. That keeps it about as small as deflate made the first versions,
//! which took longer than the scan. Numbers are LEB128 varints. How chunks are read is in
//! [`super::unpack`], where they lie in [`super::write`].
//!
//! # Form
//! ```text
//! body      = method (0 stored, 1 deflate: before version 3), length of raw as u32 LE, raw
//! raw       = version (4), strings, detectors, containers, kinds, rows
//! strings   = count, (length, UTF-8)*
//! detectors = count, (string, category, count of checks, string*)*
//! containers = count, (count of parts, string*)*
//! kinds     = count, kind*      see `ChunkPacker::kind`
//! rows      = count, row*       see `ChunkPacker::row`
//! ```

use std::sync::Arc;

use crate::model::{CatalogueIndex, Occurrence, Place, RIVALS_MAX, Rivals, Side, Table};

use super::dictionary::Dictionary;
use super::kinds::{Key, Kinds, same};
use super::varint::{Joined, put};

/// Most bytes of a chunk, unless a single row is larger.
pub const CHUNK_BYTES_MAX: usize = 64 * 1024;

pub(super) const VERSION: u8 = 4;
/// The version before knew neither paths nor tables.
pub(super) const VERSION_WITHOUT_PATHS: u8 = 3;
pub(super) const STORED: u8 = 0;
pub(super) const DEFLATED: u8 = 1;

// flags of a kind
/// The range in the stored object is that in the member, moved by so much.
pub(super) const SHIFTED: u64 = 1;
/// The range in the stored object is in the row.
pub(super) const STORED_RANGE: u64 = 1 << 1;
pub(super) const CELL: u64 = 1 << 2;
pub(super) const RECORD: u64 = 1 << 3;
pub(super) const PAGE: u64 = 1 << 4;
pub(super) const LOG: u64 = 1 << 5;
pub(super) const KEYWORD: u64 = 1 << 6;
pub(super) const KEYWORD_DISTANCE: u64 = 1 << 7;
pub(super) const COLUMN_NAME: u64 = 1 << 8;
/// The end is not on the line of the start, as many columns on as bytes.
pub(super) const SPAN: u64 = 1 << 9;
pub(super) const RIVALS: u64 = 1 << 10;
pub(super) const PATH: u64 = 1 << 11;
/// The cell is in a named table, and that is a sheet.
pub(super) const TABLE: u64 = 1 << 12;
pub(super) const SHEET: u64 = 1 << 13;

/// Most bytes of a time or event id that the next one may share.
pub(super) const INLINE_SHARED_MAX: usize = 255;

/// Bytes that a row may need beside its strings, and its kind: varints, fingerprint, confidence.
const ROW_FIXED_BYTES_MAX: usize = 20 * 10 + 8;
const KIND_FIXED_BYTES_MAX: usize = (17 + RIVALS_MAX) * 10 + 4;

/// Consecutive occurrences of one object, packed.
#[derive(Clone, PartialEq, Eq)]
pub struct Chunk {
    pub(super) rows: u32,
    pub(super) body: Vec<u8>,
}

impl std::fmt::Debug for Chunk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Chunk({} rows, {} bytes)", self.rows, self.body.len())
    }
}

impl Chunk {
    /// Occurrences in it.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Bytes it takes in the store and in memory.
    pub fn bytes(&self) -> usize {
        self.body.len()
    }
}

/// Packs the occurrences of one object, in order, into chunks.
///
/// Meant for the thread that scans: packing happens there, and the writer only stores bytes. Keep
/// one per thread and call [`Self::finish`] at the end of each object.
#[derive(Default)]
pub struct ChunkPacker {
    dictionary: Dictionary,
    kinds: Kinds,
    kind_bytes: Vec<u8>,
    rows: u32,
    row_bytes: Joined,
    last: Last,
}

impl std::fmt::Debug for ChunkPacker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChunkPacker({} rows)", self.rows)
    }
}

/// What the next row is written as a difference to.
#[derive(Default)]
struct Last {
    start: u64,
    line: u64,
    stored: u64,
    /// How far the row of the table, and the number of the record, is ahead of the line.
    row_ahead: u64,
    record_ahead: u64,
    timestamp: Option<Arc<str>>,
    event_id: Option<Arc<str>>,
}

impl ChunkPacker {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next occurrence; answers a chunk when one is full.
    ///
    /// `catalogue` must be the one that the numbers in the occurrence come from. A detector or
    /// keyword it does not know is stored without a name rather than lost.
    pub fn push(&mut self, occurrence: &Occurrence, catalogue: &CatalogueIndex) -> Option<Chunk> {
        let known = self.known_kind(occurrence);
        let mut needed = row_bytes_max(occurrence);
        if known.is_none() {
            needed += kind_bytes_max(occurrence, catalogue);
        }
        let full = self.rows > 0 && self.raw_bytes() + needed > CHUNK_BYTES_MAX;
        let chunk = if full { self.take() } else { None };
        let kind = match known {
            Some(kind) if !full => kind,
            _ => self.kind(occurrence, catalogue),
        };
        self.row(occurrence, kind);
        self.rows += 1;
        chunk
    }

    /// Ends the object: the last chunk, if any occurrence is left.
    pub fn finish(&mut self) -> Option<Chunk> {
        self.take()
    }

    /// Bytes packed so far.
    fn raw_bytes(&self) -> usize {
        self.dictionary.bytes() + self.kind_bytes.len() + self.row_bytes.len() + 64
    }

    fn take(&mut self) -> Option<Chunk> {
        if self.rows == 0 {
            return None;
        }
        let mut body = Vec::with_capacity(self.raw_bytes());
        // the length is entered when it is known
        body.extend_from_slice(&[STORED, 0, 0, 0, 0, VERSION]);
        self.dictionary.append_to(&mut body);
        put(&mut body, self.kinds.len() as u64);
        body.append(&mut self.kind_bytes);
        put(&mut body, u64::from(self.rows));
        self.row_bytes.append_to(&mut body);
        // a chunk is 64 KiB, or one row: its length fits
        let length = u32::try_from(body.len() - 5).unwrap_or(u32::MAX);
        body[1..5].copy_from_slice(&length.to_le_bytes());
        let chunk = Chunk {
            rows: self.rows,
            body,
        };
        self.kinds.clear();
        self.rows = 0;
        self.last = Last::default();
        Some(chunk)
    }

    /// The kind of the row, if the chunk has it.
    fn known_kind(&mut self, occurrence: &Occurrence) -> Option<usize> {
        let names = Names::known(occurrence, &mut self.dictionary)?;
        self.kinds.find(&key(occurrence, &names))
    }

    /// The kind of the row, told if it is new.
    fn kind(&mut self, occurrence: &Occurrence, catalogue: &CatalogueIndex) -> usize {
        let dictionary = &mut self.dictionary;
        let names = Names::of(occurrence, dictionary);
        let key = key(occurrence, &names);
        if let Some(kind) = self.kinds.find(&key) {
            return kind;
        }
        let place = &occurrence.place;
        let out = &mut self.kind_bytes;
        let flags = flags(occurrence);
        put(out, flags);
        put(out, dictionary.detector(occurrence.detector, catalogue));
        put(out, names.container);
        if flags & SHIFTED != 0 {
            put(out, shift(place).unwrap_or_default());
        }
        if let Some(cell) = &place.cell {
            put(out, u64::from(cell.column));
            if cell.column_name.is_some() {
                put(out, names.column);
            }
            if cell.table.is_some() {
                put(out, names.table);
            }
        }
        if place.record.is_some() {
            put(out, names.json_path);
        }
        if place.path.is_some() {
            put(out, names.path);
        }
        if let Some(page) = place.page {
            put(out, u64::from(page));
        }
        if place.log.is_some() {
            put(out, names.group);
            put(out, names.stream);
        }
        out.extend_from_slice(&occurrence.confidence.to_bits().to_le_bytes());
        put(out, u64::from(occurrence.checks));
        if let Some(hit) = &occurrence.keyword {
            put(out, dictionary.keyword(hit.keyword, catalogue));
            put(out, side_number(hit.side));
            if let Some(distance) = hit.distance {
                put(out, u64::from(distance));
            }
        }
        if !occurrence.rivals.is_empty() {
            put(out, occurrence.rivals.iter().count() as u64);
            for rival in occurrence.rivals.iter() {
                put(out, dictionary.detector(rival, catalogue));
            }
        }
        self.kinds.add(key)
    }

    fn row(&mut self, occurrence: &Occurrence, kind: usize) {
        let place = &occurrence.place;
        let range = &place.byte_range;
        let out = &mut self.row_bytes;
        let last = &mut self.last;
        out.put(kind as u64);
        out.put_signed(place.line, last.line);
        out.put_signed(range.start, last.start);
        out.put(place.column);
        out.put(range.end.wrapping_sub(range.start));
        last.start = range.start;
        last.line = place.line;
        if spans(place) {
            out.put_signed(place.end_line, place.line);
            out.put_signed(place.end_column, place.column);
        }
        if let Some(stored) = &place.stored_range
            && shift(place).is_none()
        {
            out.put_signed(stored.start, last.stored);
            out.put_signed(stored.end, stored.start);
            last.stored = stored.start;
        }
        if let Some(cell) = &place.cell {
            let ahead = cell.row.wrapping_sub(place.line);
            out.put_signed(ahead, last.row_ahead);
            last.row_ahead = ahead;
        }
        if let Some(record) = &place.record {
            let ahead = record.record_index.wrapping_sub(place.line);
            out.put_signed(ahead, last.record_ahead);
            last.record_ahead = ahead;
        }
        if let Some(log) = &place.log {
            inline(out, &log.timestamp, &mut last.timestamp);
            inline(out, &log.event_id, &mut last.event_id);
        }
        out.bytes(&occurrence.fingerprint.to_le_bytes());
        let masked = occurrence.masked.as_bytes();
        let shared = self.kinds.shared(kind, masked);
        out.put(shared as u64);
        out.put((masked.len() - shared) as u64);
        out.bytes(&masked[shared..]);
    }
}

/// The numbers of the names in a row; those of group and stream are one higher, 0 for none.
#[derive(Default)]
struct Names {
    container: u64,
    column: u64,
    table: u64,
    json_path: u64,
    path: u64,
    group: u64,
    stream: u64,
}

impl Names {
    /// If the dictionary has them all.
    #[inline]
    fn known(occurrence: &Occurrence, dictionary: &mut Dictionary) -> Option<Self> {
        let place = &occurrence.place;
        let mut names = Names {
            container: dictionary.known_container(&occurrence.container)?,
            ..Names::default()
        };
        if let Some(name) = column_name(place) {
            names.column = dictionary.known(name)?;
        }
        if let Some(name) = table_name(place) {
            names.table = dictionary.known(name)?;
        }
        if let Some(record) = &place.record {
            names.json_path = dictionary.known(&record.json_path)?;
        }
        if let Some(path) = &place.path {
            names.path = dictionary.known(path)?;
        }
        if let Some(log) = &place.log {
            if let Some(group) = &log.group {
                names.group = dictionary.known(group)? + 1;
            }
            if let Some(stream) = &log.stream {
                names.stream = dictionary.known(stream)? + 1;
            }
        }
        Some(names)
    }

    /// Those that are new are entered.
    fn of(occurrence: &Occurrence, dictionary: &mut Dictionary) -> Self {
        let place = &occurrence.place;
        let log = place.log.as_ref();
        let mut number = |name: Option<&Arc<str>>, more| match name {
            Some(name) => dictionary.string(name) + more,
            None => 0,
        };
        Names {
            column: number(column_name(place), 0),
            table: number(table_name(place), 0),
            json_path: number(place.record.as_ref().map(|r| &r.json_path), 0),
            path: number(place.path.as_ref(), 0),
            group: number(log.and_then(|l| l.group.as_ref()), 1),
            stream: number(log.and_then(|l| l.stream.as_ref()), 1),
            container: dictionary.container(&occurrence.container),
        }
    }
}

fn column_name(place: &Place) -> Option<&Arc<str>> {
    place.cell.as_ref()?.column_name.as_ref()
}

fn table(place: &Place) -> Option<&Table> {
    place.cell.as_ref()?.table.as_ref()
}

fn table_name(place: &Place) -> Option<&Arc<str>> {
    table(place).map(Table::name)
}

/// The row but for what is in the row itself. Strings of a chunk are fewer than 2^32.
#[inline]
fn key(occurrence: &Occurrence, names: &Names) -> Key {
    let place = &occurrence.place;
    let flags = flags(occurrence);
    let column = place.cell.as_ref().map_or(0, |c| c.column);
    let (keyword, distance, side) = match &occurrence.keyword {
        None => (0, 0, 0),
        Some(hit) => (
            hit.keyword,
            hit.distance.unwrap_or(0),
            side_number(hit.side),
        ),
    };
    [
        flags | u64::from(occurrence.detector) << 16 | u64::from(column) << 32,
        u64::from(occurrence.confidence.to_bits()) | u64::from(occurrence.checks) << 32,
        u64::from(keyword) | u64::from(distance) << 32 | side << 48,
        names.column | names.json_path << 32,
        names.group | names.stream << 32,
        names.container | u64::from(place.page.unwrap_or(0)) << 32,
        shift(place).unwrap_or(0),
        rivals(&occurrence.rivals),
        names.table | names.path << 32,
    ]
}

/// The numbers of the detectors in one word.
#[inline]
fn rivals(rivals: &Rivals) -> u64 {
    const _: () = assert!(RIVALS_MAX * 16 <= 64);
    match rivals.is_empty() {
        true => u64::MAX,
        false => rivals.iter().fold(u64::MAX, |w, r| w << 16 | u64::from(r)),
    }
}

#[inline]
fn flags(occurrence: &Occurrence) -> u64 {
    let place = &occurrence.place;
    let flag = |on: bool, bit: u64| if on { bit } else { 0 };
    let distance = occurrence.keyword.is_some_and(|k| k.distance.is_some());
    let shifted = shift(place).is_some();
    flag(shifted, SHIFTED)
        | flag(place.stored_range.is_some() && !shifted, STORED_RANGE)
        | flag(place.cell.is_some(), CELL)
        | flag(column_name(place).is_some(), COLUMN_NAME)
        | flag(table(place).is_some(), TABLE)
        | flag(matches!(table(place), Some(Table::Sheet(_))), SHEET)
        | flag(place.record.is_some(), RECORD)
        | flag(place.path.is_some(), PATH)
        | flag(place.page.is_some(), PAGE)
        | flag(place.log.is_some(), LOG)
        | flag(occurrence.keyword.is_some(), KEYWORD)
        | flag(distance, KEYWORD_DISTANCE)
        | flag(spans(place), SPAN)
        | flag(!occurrence.rivals.is_empty(), RIVALS)
}

/// How far the stored range lies behind that in the member, if it is as long.
#[inline]
fn shift(place: &Place) -> Option<u64> {
    let (range, stored) = (&place.byte_range, place.stored_range.as_ref()?);
    let shift = stored.start.wrapping_sub(range.start);
    (stored.end.wrapping_sub(range.end) == shift).then_some(shift)
}

/// The end does not follow from the start and the length.
#[inline]
fn spans(place: &Place) -> bool {
    let length = place.byte_range.end.wrapping_sub(place.byte_range.start);
    place.end_line != place.line || place.end_column.wrapping_sub(place.column) != length
}

/// An upper bound of what the row may add, its kind apart.
fn row_bytes_max(occurrence: &Occurrence) -> usize {
    let mut bytes = ROW_FIXED_BYTES_MAX + occurrence.masked.len();
    if let Some(log) = &occurrence.place.log {
        let text = |t: &Option<Arc<str>>| t.as_ref().map_or(0, |t| t.len());
        bytes += text(&log.timestamp) + text(&log.event_id);
    }
    bytes
}

/// An upper bound of what the kind may add, all its strings being new.
fn kind_bytes_max(occurrence: &Occurrence, catalogue: &CatalogueIndex) -> usize {
    let place = &occurrence.place;
    let text = |t: Option<&Arc<str>>| t.map_or(0, |t| t.len() + 10);
    let log = place.log.as_ref();
    let mut bytes = KIND_FIXED_BYTES_MAX
        + text(column_name(place))
        + text(table_name(place))
        + text(place.record.as_ref().map(|r| &r.json_path))
        + text(place.path.as_ref())
        + text(log.and_then(|l| l.group.as_ref()))
        + text(log.and_then(|l| l.stream.as_ref()));
    for part in occurrence.container.iter() {
        bytes += part.len() + 20;
    }
    if let Some(hit) = &occurrence.keyword {
        bytes += text(catalogue.keywords.get(hit.keyword as usize));
    }
    for detector in occurrence.rivals.iter().chain([occurrence.detector]) {
        if let Some(info) = catalogue.detectors.get(usize::from(detector)) {
            bytes += info.id.len() + 30;
            bytes += info.checks.iter().map(|c| c.len() + 20).sum::<usize>();
        }
    }
    bytes
}

/// Writes a string that changes from event to event: 0 none, 1 as before, else 2 and how many bytes
/// it shares with the one before, the length of the rest, and the rest.
fn inline(out: &mut Joined, text: &Option<Arc<str>>, last: &mut Option<Arc<str>>) {
    let Some(text) = text else {
        return out.put(0);
    };
    let before = last.as_deref().unwrap_or_default();
    if last.is_some() && **text == *before {
        return out.put(1);
    }
    let shared = same(text.as_bytes(), before.as_bytes()).min(INLINE_SHARED_MAX);
    out.put(shared as u64 + 2);
    out.put((text.len() - shared) as u64);
    out.bytes(&text.as_bytes()[shared..]);
    *last = Some(text.clone());
}

pub(super) fn side_number(side: Side) -> u64 {
    match side {
        Side::Before => 0,
        Side::After => 1,
        Side::Column => 2,
        Side::Path => 3,
    }
}
