//! Reading chunks back: the counterpart of [`super::pack`].
//!
//! A broken chunk is told as such; it never panics and never makes anyone reserve memory beyond
//! what the chunk itself takes.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::model::{
    Category, Cell, KeywordView, LogPlace, OccurrenceView, Place, RIVALS_MAX, Record, Side, Table,
};

use super::dictionary::category_number;
use super::kinds::SHARED_BYTES_MAX;
use super::pack::{
    CELL, CHUNK_BYTES_MAX, COLUMN_NAME, DEFLATED, INLINE_SHARED_MAX, KEYWORD, KEYWORD_DISTANCE,
    LOG, PAGE, PATH, RECORD, RIVALS, SHEET, SHIFTED, SPAN, STORED, STORED_RANGE, TABLE, VERSION,
    VERSION_WITHOUT_PATHS, side_number,
};
use super::unpack_v2;
use super::varint::Reader;

/// Most bytes of a chunk that is read: far more than any packer writes, so that a broken length
/// cannot take the memory.
const RAW_BYTES_MAX: usize = 1024 * CHUNK_BYTES_MAX;

/// Reads chunks; keeps its buffers from one to the next.
pub(super) struct Unpacker {
    decompressor: libdeflater::Decompressor,
    raw: Vec<u8>,
}

impl Unpacker {
    pub(super) fn new() -> Self {
        Unpacker {
            decompressor: libdeflater::Decompressor::new(),
            raw: Vec::new(),
        }
    }

    /// Visits the rows of a chunk in order until `Break`; `None` if the chunk is broken.
    pub(super) fn rows<B>(
        &mut self,
        body: &[u8],
        visit: impl FnMut(&OccurrenceView<'_>) -> ControlFlow<B>,
    ) -> Option<ControlFlow<B>> {
        let mut reader = Reader::new(self.inflate(body)?);
        let [version] = reader.array()?;
        let dictionary = Dictionary::read(&mut reader)?;
        match version {
            1 | unpack_v2::VERSION => first_rows(&mut reader, &dictionary, visit),
            VERSION_WITHOUT_PATHS | VERSION => rows(&mut reader, &dictionary, visit),
            _ => None,
        }
    }

    fn inflate<'a>(&'a mut self, body: &'a [u8]) -> Option<&'a [u8]> {
        let mut reader = Reader::new(body);
        let [method] = reader.array()?;
        let length = usize::try_from(u32::from_le_bytes(reader.array()?)).ok()?;
        let data = &body[5..];
        match method {
            STORED if data.len() == length => Some(data),
            DEFLATED if length <= RAW_BYTES_MAX => {
                self.raw.clear();
                self.raw.resize(length, 0);
                let written = self
                    .decompressor
                    .deflate_decompress(data, &mut self.raw)
                    .ok()?;
                (written == length).then_some(&self.raw)
            }
            _ => None,
        }
    }
}

fn first_rows<B>(
    reader: &mut Reader<'_>,
    dictionary: &Dictionary,
    mut visit: impl FnMut(&OccurrenceView<'_>) -> ControlFlow<B>,
) -> Option<ControlFlow<B>> {
    let rows = reader.count()?;
    let mut state = unpack_v2::State::default();
    for _ in 0..rows {
        if let ControlFlow::Break(value) = visit(&state.row(reader, dictionary)?) {
            return Some(ControlFlow::Break(value));
        }
    }
    reader.is_empty().then_some(ControlFlow::Continue(()))
}

fn rows<B>(
    reader: &mut Reader<'_>,
    dictionary: &Dictionary,
    mut visit: impl FnMut(&OccurrenceView<'_>) -> ControlFlow<B>,
) -> Option<ControlFlow<B>> {
    let count = reader.count()?;
    let mut kinds = (0..count)
        .map(|_| Kind::read(reader, dictionary))
        .collect::<Option<Vec<Kind<'_>>>>()?;
    let count = reader.count()?;
    let mut state = State::default();
    for _ in 0..count {
        let kind = kinds.get_mut(usize::try_from(reader.number()?).ok()?)?;
        if let ControlFlow::Break(value) = visit(&state.row(reader, kind)?) {
            return Some(ControlFlow::Break(value));
        }
    }
    reader.is_empty().then_some(ControlFlow::Continue(()))
}

pub(super) struct Detector {
    pub id: Arc<str>,
    pub category: Category,
    pub checks: Vec<String>,
}

pub(super) struct Dictionary {
    strings: Vec<Arc<str>>,
    pub detectors: Vec<Detector>,
    pub containers: Vec<Vec<String>>,
}

impl Dictionary {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let count = reader.count()?;
        let strings = (0..count)
            .map(|_| reader.text().map(Arc::from))
            .collect::<Option<Vec<Arc<str>>>>()?;
        let string = |reader: &mut Reader<'_>| -> Option<&Arc<str>> {
            strings.get(usize::try_from(reader.number()?).ok()?)
        };
        let count = reader.count()?;
        let detectors = (0..count)
            .map(|_| {
                let id = string(reader)?.clone();
                let category = category(reader.number()?)?;
                let count = reader.count()?;
                let checks = (0..count)
                    .map(|_| Some(string(reader)?.to_string()))
                    .collect::<Option<Vec<String>>>()?;
                Some(Detector {
                    id,
                    category,
                    checks,
                })
            })
            .collect::<Option<Vec<Detector>>>()?;
        let count = reader.count()?;
        let containers = (0..count)
            .map(|_| {
                let count = reader.count()?;
                (0..count)
                    .map(|_| Some(string(reader)?.to_string()))
                    .collect::<Option<Vec<String>>>()
            })
            .collect::<Option<Vec<Vec<String>>>>()?;
        Some(Dictionary {
            strings,
            detectors,
            containers,
        })
    }

    pub(super) fn string(&self, at: u64) -> Option<&Arc<str>> {
        self.strings.get(usize::try_from(at).ok()?)
    }

    /// Reads a keyword; `distance`: how far it is from the value comes with it.
    pub(super) fn keyword(
        &self,
        reader: &mut Reader<'_>,
        distance: bool,
    ) -> Option<KeywordView<'_>> {
        Some(KeywordView {
            text: self.string(reader.number()?)?,
            side: side(reader.number()?)?,
            distance: match distance {
                true => Some(u16::try_from(reader.number()?).ok()?),
                false => None,
            },
        })
    }

    /// Reads the ids of the detectors that lost.
    pub(super) fn rivals(&self, reader: &mut Reader<'_>) -> Option<[Option<&str>; RIVALS_MAX]> {
        let mut rivals = [None; RIVALS_MAX];
        let count = reader.count()?;
        for rival in rivals.get_mut(..count)? {
            let at = usize::try_from(reader.number()?).ok()?;
            *rival = Some(&*self.detectors.get(at)?.id);
        }
        Some(rivals)
    }

    /// Reads the number of a name, one higher, or 0 for none.
    pub(super) fn name(&self, reader: &mut Reader<'_>) -> Option<Option<Arc<str>>> {
        Some(match reader.number()? {
            0 => None,
            at => Some(self.string(at - 1)?.clone()),
        })
    }
}

/// What rows have in common, and the mask of the last of them.
struct Kind<'a> {
    flags: u64,
    detector: &'a Detector,
    container: &'a [String],
    shift: u64,
    /// Without what is in the row.
    place: Place,
    confidence: f32,
    checks: u32,
    keyword: Option<KeywordView<'a>>,
    rivals: [Option<&'a str>; RIVALS_MAX],
    masked: Vec<u8>,
}

impl<'a> Kind<'a> {
    fn read(reader: &mut Reader<'_>, dictionary: &'a Dictionary) -> Option<Self> {
        let flags = reader.number()?;
        let has = |bit: u64| flags & bit != 0;
        let detector = dictionary
            .detectors
            .get(usize::try_from(reader.number()?).ok()?)?;
        let container = dictionary
            .containers
            .get(usize::try_from(reader.number()?).ok()?)?;
        let shift = if has(SHIFTED) { reader.number()? } else { 0 };
        let mut place = Place::default();
        if has(CELL) {
            let column = u32::try_from(reader.number()?).ok()?;
            let column_name = match has(COLUMN_NAME) {
                true => Some(dictionary.string(reader.number()?)?.clone()),
                false => None,
            };
            let table = match has(TABLE) {
                true => Some(dictionary.string(reader.number()?)?.clone()),
                false => None,
            };
            place.cell = Some(Cell {
                row: 0,
                column,
                column_name,
                table: table.map(|name| match has(SHEET) {
                    true => Table::Sheet(name),
                    false => Table::Named(name),
                }),
            });
        }
        if has(RECORD) {
            place.record = Some(Record {
                record_index: 0,
                json_path: dictionary.string(reader.number()?)?.clone(),
            });
        }
        if has(PATH) {
            place.path = Some(dictionary.string(reader.number()?)?.clone());
        }
        if has(PAGE) {
            place.page = Some(u32::try_from(reader.number()?).ok()?);
        }
        if has(LOG) {
            place.log = Some(LogPlace {
                group: dictionary.name(reader)?,
                stream: dictionary.name(reader)?,
                ..LogPlace::default()
            });
        }
        let confidence = f32::from_bits(u32::from_le_bytes(reader.array()?));
        let checks = u32::try_from(reader.number()?).ok()?;
        let keyword = match has(KEYWORD) {
            true => Some(dictionary.keyword(reader, has(KEYWORD_DISTANCE))?),
            false => None,
        };
        let rivals = match has(RIVALS) {
            true => dictionary.rivals(reader)?,
            false => [None; RIVALS_MAX],
        };
        Some(Kind {
            flags,
            detector,
            container,
            shift,
            place,
            confidence,
            checks,
            keyword,
            rivals,
            masked: Vec::new(),
        })
    }
}

/// What a row is a difference to.
#[derive(Default)]
struct State {
    start: u64,
    line: u64,
    stored: u64,
    row_ahead: u64,
    record_ahead: u64,
    timestamp: Option<Arc<str>>,
    event_id: Option<Arc<str>>,
}

impl State {
    fn row<'k>(
        &mut self,
        reader: &mut Reader<'_>,
        kind: &'k mut Kind<'_>,
    ) -> Option<OccurrenceView<'k>> {
        let has = |bit: u64| kind.flags & bit != 0;
        let place = &mut kind.place;
        self.line = reader.signed(self.line)?;
        self.start = reader.signed(self.start)?;
        place.line = self.line;
        place.column = reader.number()?;
        let length = reader.number()?;
        place.byte_range = self.start..self.start.wrapping_add(length);
        (place.end_line, place.end_column) = match has(SPAN) {
            true => (reader.signed(self.line)?, reader.signed(place.column)?),
            false => (self.line, place.column.wrapping_add(length)),
        };
        if has(SHIFTED) {
            let range = &place.byte_range;
            let shifted = |at: u64| at.wrapping_add(kind.shift);
            place.stored_range = Some(shifted(range.start)..shifted(range.end));
        } else if has(STORED_RANGE) {
            self.stored = reader.signed(self.stored)?;
            place.stored_range = Some(self.stored..reader.signed(self.stored)?);
        }
        if let Some(cell) = &mut place.cell {
            self.row_ahead = reader.signed(self.row_ahead)?;
            cell.row = self.line.wrapping_add(self.row_ahead);
        }
        if let Some(record) = &mut place.record {
            self.record_ahead = reader.signed(self.record_ahead)?;
            record.record_index = self.line.wrapping_add(self.record_ahead);
        }
        if let Some(log) = &mut place.log {
            log.timestamp = inline(reader, &mut self.timestamp)?;
            log.event_id = inline(reader, &mut self.event_id)?;
        }
        let fingerprint = u64::from_le_bytes(reader.array()?);
        let shared = usize::try_from(reader.number()?).ok()?;
        if shared > SHARED_BYTES_MAX.min(kind.masked.len()) {
            return None;
        }
        let rest = reader.count()?;
        kind.masked.truncate(shared);
        kind.masked.extend_from_slice(reader.take(rest)?);
        Some(OccurrenceView {
            container: kind.container,
            detector: &kind.detector.id,
            category: kind.detector.category,
            place: &kind.place,
            masked: std::str::from_utf8(&kind.masked).ok()?,
            fingerprint,
            confidence: kind.confidence,
            checks: kind.checks,
            check_names: &kind.detector.checks,
            keyword: kind.keyword,
            rivals: kind.rivals,
        })
    }
}

/// Reads what `inline` of the packer wrote.
fn inline(reader: &mut Reader<'_>, last: &mut Option<Arc<str>>) -> Option<Option<Arc<str>>> {
    let shared = match reader.number()? {
        0 => return Some(None),
        1 => return last.clone().map(Some),
        more => usize::try_from(more - 2).ok()?,
    };
    let before = last.as_deref().unwrap_or_default().as_bytes();
    if shared > INLINE_SHARED_MAX {
        return None;
    }
    let rest = reader.count()?;
    let text = [before.get(..shared)?, reader.take(rest)?].concat();
    *last = Some(Arc::from(String::from_utf8(text).ok()?));
    Some(last.clone())
}

fn side(number: u64) -> Option<Side> {
    [Side::Before, Side::After, Side::Column, Side::Path]
        .into_iter()
        .find(|s| side_number(*s) == number)
}

fn category(number: u64) -> Option<Category> {
    [
        Category::Credentials,
        Category::CustomIdentifier,
        Category::FinancialInformation,
        Category::PersonalInformation,
    ]
    .into_iter()
    .find(|c| category_number(*c) == number)
}
