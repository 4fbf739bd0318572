//! Packing occurrences into chunks: small, self-contained, fast to write.
//!
//! A chunk holds consecutive occurrences of one object in their final order, with a dictionary of
//! the names they share (detectors with category and checks, containers, keywords, column names,
//! paths, log groups and streams), so that it can be read with any later catalogue. Numbers are
//! LEB128 varints, most of them differences to the row before. How chunks are read is in
//! [`super::unpack`], where they lie in [`super::write`].
//!
//! # Form
//! ```text
//! body     = method (0 stored, 1 deflate), length of raw as u32 LE, raw
//! raw      = version (2), strings, detectors, containers, rows
//! strings  = count, (length, UTF-8)*
//! detectors = count, (string, category, count of checks, string*)*
//! containers = count, (count of parts, string*)*
//! rows     = count, row*        see `ChunkPacker::row`
//! ```

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::recent::Recent;
use crate::model::{CatalogueIndex, Category, Occurrence, Place, RIVALS_MAX, Side};

use super::varint::{Joined, put};

/// Most bytes of a chunk before compression, unless a single row is larger.
pub const CHUNK_BYTES_MAX: usize = 64 * 1024;

/// Version 1 had no rivals.
pub(super) const VERSION: u8 = 2;
pub(super) const VERSION_MIN: u8 = 1;
pub(super) const STORED: u8 = 0;
pub(super) const DEFLATED: u8 = 1;

// flags of a row
pub(super) const NEW_CONTAINER: u64 = 1;
pub(super) const STORED_RANGE: u64 = 1 << 1;
pub(super) const CELL: u64 = 1 << 2;
pub(super) const RECORD: u64 = 1 << 3;
pub(super) const PAGE: u64 = 1 << 4;
pub(super) const LOG: u64 = 1 << 5;
pub(super) const KEYWORD: u64 = 1 << 6;
pub(super) const KEYWORD_DISTANCE: u64 = 1 << 7;
pub(super) const COLUMN_NAME: u64 = 1 << 8;
pub(super) const RIVALS: u64 = 1 << 9;

/// Bytes that a row may need beside its strings: 24 varints, fingerprint, confidence and rivals.
const ROW_FIXED_BYTES_MAX: usize = 24 * 10 + 12 + (1 + RIVALS_MAX) * 10;

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
/// Meant for the thread that scans: packing and compressing happen there, and the writer only
/// stores bytes. Keep one per thread and call [`Self::finish`] at the end of each object.
pub struct ChunkPacker {
    strings: Strings,
    detectors: Numbered,
    detector_bytes: Vec<u8>,
    container: Option<Arc<[String]>>,
    containers: HashMap<Arc<[String]>, u64>,
    container_bytes: Vec<u8>,
    /// Strings of keywords.
    keywords: Numbered,
    rows: u32,
    row_bytes: Joined,
    last: Last,
    compressor: libdeflater::Compressor,
    raw: Vec<u8>,
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
    row: u64,
    record: u64,
    timestamp: Option<Arc<str>>,
    event_id: Option<Arc<str>>,
}

/// Numbers of the catalogue and what stands for them in the chunk.
#[derive(Default)]
struct Numbered {
    /// 1 more than what stands for the number; 0 for none.
    by_number: Vec<u32>,
    known: Vec<u32>,
}

impl Numbered {
    fn get(&self, number: u32) -> Option<u64> {
        let after = *self.by_number.get(number as usize)?;
        after.checked_sub(1).map(u64::from)
    }

    /// `number` is one of a catalogue, which bounds the memory.
    fn put(&mut self, number: u32, at: u64) {
        let index = number as usize;
        if self.by_number.len() <= index {
            self.by_number.resize(index + 1, 0);
        }
        self.by_number[index] = at as u32 + 1;
        self.known.push(number);
    }

    fn len(&self) -> usize {
        self.known.len()
    }

    fn clear(&mut self) {
        for number in self.known.drain(..) {
            self.by_number[number as usize] = 0;
        }
    }
}

/// The strings of a chunk, each once.
#[derive(Default)]
struct Strings {
    ids: HashMap<Arc<str>, u64>,
    /// The same for the strings that came last, by address.
    recent: Recent<u64>,
    bytes: Vec<u8>,
}

impl Strings {
    fn id(&mut self, text: &str) -> u64 {
        match self.ids.get(text) {
            Some(id) => *id,
            None => self.add(Arc::from(text)),
        }
    }

    fn shared(&mut self, text: &Arc<str>) -> u64 {
        if let Some(id) = self.recent.get(text) {
            return id;
        }
        let id = match self.ids.get(text) {
            Some(id) => *id,
            None => self.add(text.clone()),
        };
        self.recent.put(text, id);
        id
    }

    fn clear(&mut self) {
        self.ids.clear();
        self.recent.clear();
    }

    fn add(&mut self, text: Arc<str>) -> u64 {
        put(&mut self.bytes, text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
        let id = self.ids.len() as u64;
        self.ids.insert(text, id);
        id
    }
}

impl Default for ChunkPacker {
    fn default() -> Self {
        Self::new()
    }
}

impl ChunkPacker {
    pub fn new() -> Self {
        ChunkPacker {
            strings: Strings::default(),
            detectors: Numbered::default(),
            detector_bytes: Vec::new(),
            container: None,
            containers: HashMap::new(),
            container_bytes: Vec::new(),
            keywords: Numbered::default(),
            rows: 0,
            row_bytes: Joined::default(),
            last: Last::default(),
            compressor: libdeflater::Compressor::new(compression()),
            raw: Vec::new(),
        }
    }

    /// Adds the next occurrence; answers a chunk when one is full.
    ///
    /// `catalogue` must be the one that the numbers in the occurrence come from. A detector or
    /// keyword it does not know is stored without a name rather than lost.
    pub fn push(&mut self, occurrence: &Occurrence, catalogue: &CatalogueIndex) -> Option<Chunk> {
        let full = self.rows > 0
            && self.raw_bytes() + self.bytes_needed(occurrence, catalogue) > CHUNK_BYTES_MAX;
        let chunk = if full { self.take() } else { None };
        self.row(occurrence, catalogue);
        self.rows += 1;
        chunk
    }

    /// Ends the object: the last chunk, if any occurrence is left.
    pub fn finish(&mut self) -> Option<Chunk> {
        self.take()
    }

    /// Bytes packed so far, before compression.
    fn raw_bytes(&self) -> usize {
        self.strings.bytes.len()
            + self.detector_bytes.len()
            + self.container_bytes.len()
            + self.row_bytes.len()
            + 64
    }

    fn take(&mut self) -> Option<Chunk> {
        if self.rows == 0 {
            return None;
        }
        let raw = &mut self.raw;
        raw.clear();
        raw.push(VERSION);
        put(raw, self.strings.ids.len() as u64);
        raw.append(&mut self.strings.bytes);
        put(raw, self.detectors.len() as u64);
        raw.append(&mut self.detector_bytes);
        put(raw, self.containers.len() as u64);
        raw.append(&mut self.container_bytes);
        put(raw, u64::from(self.rows));
        self.row_bytes.append_to(raw);
        let chunk = Chunk {
            rows: self.rows,
            body: compress(&mut self.compressor, raw),
        };
        self.strings.clear();
        self.detectors.clear();
        self.container = None;
        self.containers.clear();
        self.keywords.clear();
        self.rows = 0;
        self.last = Last::default();
        Some(chunk)
    }

    /// An upper bound of what the row may add, all strings being new that are not known to be old.
    fn bytes_needed(&self, occurrence: &Occurrence, catalogue: &CatalogueIndex) -> usize {
        let Place {
            cell, record, log, ..
        } = &occurrence.place;
        let text = |t: &Option<Arc<str>>| t.as_ref().map_or(0, |t| t.len() + 10);
        let mut bytes = ROW_FIXED_BYTES_MAX + occurrence.masked.len();
        bytes += cell.as_ref().map_or(0, |c| text(&c.column_name));
        bytes += record.as_ref().map_or(0, |r| r.json_path.len() + 10);
        if let Some(log) = log {
            bytes +=
                text(&log.group) + text(&log.stream) + text(&log.timestamp) + text(&log.event_id);
        }
        for part in occurrence.container.iter() {
            bytes += part.len() + 20;
        }
        if let Some(hit) = &occurrence.keyword
            && self.keywords.get(hit.keyword).is_none()
        {
            bytes += keyword_text(hit.keyword, catalogue).map_or(0, str::len) + 10;
        }
        for detector in occurrence.rivals.iter().chain([occurrence.detector]) {
            if self.detectors.get(u32::from(detector)).is_none()
                && let Some(info) = catalogue.detectors.get(usize::from(detector))
            {
                bytes += info.id.len() + 30;
                bytes += info.checks.iter().map(|c| c.len() + 20).sum::<usize>();
            }
        }
        bytes
    }

    fn row(&mut self, occurrence: &Occurrence, catalogue: &CatalogueIndex) {
        let detector = self.detector(occurrence.detector, catalogue);
        let container = self.container(&occurrence.container);
        let place = &occurrence.place;
        let out = &mut self.row_bytes;
        let last = &mut self.last;
        out.put(flags(occurrence, container.is_some()));
        out.put(detector);
        if let Some(container) = container {
            out.put(container);
            (last.start, last.line, last.stored) = (0, 0, 0);
            (last.row, last.record) = (0, 0);
        }
        out.put_signed(place.byte_range.start, last.start);
        out.put_signed(place.byte_range.end, place.byte_range.start);
        out.put_signed(place.line, last.line);
        out.put(place.column);
        out.put_signed(place.end_line, place.line);
        out.put_signed(place.end_column, place.column);
        last.start = place.byte_range.start;
        last.line = place.line;
        if let Some(range) = &place.stored_range {
            out.put_signed(range.start, last.stored);
            out.put_signed(range.end, range.start);
            last.stored = range.start;
        }
        if let Some(cell) = &place.cell {
            out.put_signed(cell.row, last.row);
            out.put(u64::from(cell.column));
            if let Some(name) = &cell.column_name {
                out.put(self.strings.shared(name));
            }
            last.row = cell.row;
        }
        if let Some(record) = &place.record {
            out.put_signed(record.record_index, last.record);
            out.put(self.strings.shared(&record.json_path));
            last.record = record.record_index;
        }
        if let Some(page) = place.page {
            out.put(u64::from(page));
        }
        if let Some(log) = &place.log {
            for name in [&log.group, &log.stream] {
                match name {
                    Some(name) => out.put(self.strings.shared(name) + 1),
                    None => out.put(0),
                }
            }
            inline(out, &log.timestamp, &mut last.timestamp);
            inline(out, &log.event_id, &mut last.event_id);
        }
        out.put(occurrence.masked.len() as u64);
        out.bytes(occurrence.masked.as_bytes());
        out.bytes(&occurrence.fingerprint.to_le_bytes());
        out.bytes(&occurrence.confidence.to_bits().to_le_bytes());
        out.put(u64::from(occurrence.checks));
        if let Some(hit) = &occurrence.keyword {
            out.put(match self.keywords.get(hit.keyword) {
                Some(keyword) => keyword,
                None => {
                    let text = keyword_text(hit.keyword, catalogue);
                    let keyword = self.strings.id(text.unwrap_or_default());
                    if text.is_some() {
                        self.keywords.put(hit.keyword, keyword);
                    }
                    keyword
                }
            });
            out.put(match hit.side {
                Side::Before => 0,
                Side::After => 1,
                Side::Column => 2,
                Side::Path => 3,
            });
            if let Some(distance) = hit.distance {
                out.put(u64::from(distance));
            }
        }
        if !occurrence.rivals.is_empty() {
            self.rivals(occurrence, catalogue);
        }
    }

    fn rivals(&mut self, occurrence: &Occurrence, catalogue: &CatalogueIndex) {
        self.row_bytes.put(occurrence.rivals.iter().count() as u64);
        for rival in occurrence.rivals.iter() {
            let rival = self.detector(rival, catalogue);
            self.row_bytes.put(rival);
        }
    }

    fn detector(&mut self, detector: u16, catalogue: &CatalogueIndex) -> u64 {
        if let Some(at) = self.detectors.get(u32::from(detector)) {
            return at;
        }
        let at = self.detectors.len() as u64;
        self.detectors.put(u32::from(detector), at);
        let info = catalogue.detectors.get(usize::from(detector));
        let id = self.strings.id(info.map_or("", |i| &i.id));
        let out = &mut self.detector_bytes;
        put(out, id);
        put(out, info.map_or(0, |i| category_number(i.category)));
        let checks: &[String] = info.map_or(&[], |i| &i.checks);
        put(out, checks.len() as u64);
        for check in checks {
            put(out, self.strings.id(check));
        }
        at
    }

    /// The number of the container, if it is not that of the row before.
    fn container(&mut self, container: &Arc<[String]>) -> Option<u64> {
        if let Some(last) = &self.container
            && (Arc::ptr_eq(last, container) || last == container)
        {
            return None;
        }
        self.container = Some(container.clone());
        if let Some(at) = self.containers.get(container) {
            return Some(*at);
        }
        let at = self.containers.len() as u64;
        put(&mut self.container_bytes, container.len() as u64);
        for part in container.iter() {
            put(&mut self.container_bytes, self.strings.id(part));
        }
        self.containers.insert(container.clone(), at);
        Some(at)
    }
}

fn flags(occurrence: &Occurrence, new_container: bool) -> u64 {
    let place = &occurrence.place;
    let flag = |on: bool, bit: u64| if on { bit } else { 0 };
    let column_name = place.cell.as_ref().is_some_and(|c| c.column_name.is_some());
    let distance = occurrence.keyword.is_some_and(|k| k.distance.is_some());
    flag(new_container, NEW_CONTAINER)
        | flag(place.stored_range.is_some(), STORED_RANGE)
        | flag(place.cell.is_some(), CELL)
        | flag(place.record.is_some(), RECORD)
        | flag(place.page.is_some(), PAGE)
        | flag(place.log.is_some(), LOG)
        | flag(occurrence.keyword.is_some(), KEYWORD)
        | flag(distance, KEYWORD_DISTANCE)
        | flag(column_name, COLUMN_NAME)
        | flag(!occurrence.rivals.is_empty(), RIVALS)
}

/// Writes a string that changes from event to event: 0 none, 1 as before, else length + 2 and text.
fn inline(out: &mut Joined, text: &Option<Arc<str>>, last: &mut Option<Arc<str>>) {
    match text {
        None => out.put(0),
        Some(text) if last.as_ref() == Some(text) => out.put(1),
        Some(text) => {
            out.put(text.len() as u64 + 2);
            out.bytes(text.as_bytes());
            *last = Some(text.clone());
        }
    }
}

pub(super) fn category_number(category: Category) -> u64 {
    match category {
        Category::Credentials => 0,
        Category::CustomIdentifier => 1,
        Category::FinancialInformation => 2,
        Category::PersonalInformation => 3,
    }
}

fn keyword_text(keyword: u32, catalogue: &CatalogueIndex) -> Option<&str> {
    let at = usize::try_from(keyword).ok()?;
    catalogue.keywords.get(at).map(|text| &**text)
}

/// Deflates `raw`, or stores it as it is where that is no longer.
fn compress(compressor: &mut libdeflater::Compressor, raw: &[u8]) -> Vec<u8> {
    // a chunk is 64 KiB, or one row: its length fits
    let length = u32::try_from(raw.len()).unwrap_or(u32::MAX).to_le_bytes();
    let mut body = vec![0; 5 + raw.len()];
    let deflated = compressor.deflate_compress(raw, &mut body[5..]);
    match deflated {
        Ok(bytes) if bytes < raw.len() => {
            body[0] = DEFLATED;
            body.truncate(5 + bytes);
        }
        // it did not fit in the space of the raw bytes
        _ => {
            body[0] = STORED;
            body[5..].copy_from_slice(raw);
        }
    }
    body[1..5].copy_from_slice(&length);
    body.shrink_to_fit();
    body
}

/// The fastest level that compresses at all: it halves the chunks and keeps up with the scan.
fn compression() -> libdeflater::CompressionLvl {
    libdeflater::CompressionLvl::new(1).unwrap_or_default()
}
