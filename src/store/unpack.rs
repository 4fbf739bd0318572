//! Reading chunks back: the counterpart of [`super::pack`].
//!
//! A broken chunk is told as such; it never panics and never makes anyone reserve memory beyond
//! what the chunk itself takes.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::model::{
    Category, Cell, KeywordView, LogPlace, OccurrenceView, Place, RIVALS_MAX, Record, Side,
};

use super::pack::{
    CELL, CHUNK_BYTES_MAX, COLUMN_NAME, DEFLATED, KEYWORD, KEYWORD_DISTANCE, LOG, NEW_CONTAINER,
    PAGE, RECORD, RIVALS, STORED, STORED_RANGE, VERSION, VERSION_MIN,
};
use super::varint::Reader;

/// Most bytes of a chunk that is read: far more than any packer writes, so that a broken length
/// cannot take the memory.
const RAW_BYTES_MAX: usize = 1024 * CHUNK_BYTES_MAX;

/// Reads chunks; keeps its buffers from one to the next.
pub(super) struct Unpacker {
    decompressor: libdeflater::Decompressor,
    raw: Vec<u8>,
}

struct Detector {
    id: Arc<str>,
    category: Category,
    checks: Vec<String>,
}

struct Dictionary {
    strings: Vec<Arc<str>>,
    detectors: Vec<Detector>,
    containers: Vec<Vec<String>>,
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
        mut visit: impl FnMut(&OccurrenceView<'_>) -> ControlFlow<B>,
    ) -> Option<ControlFlow<B>> {
        self.inflate(body)?;
        let mut reader = Reader::new(&self.raw);
        let [version] = reader.array()?;
        if !(VERSION_MIN..=VERSION).contains(&version) {
            return None;
        }
        let dictionary = Dictionary::read(&mut reader)?;
        let rows = reader.count()?;
        let mut state = State::default();
        for _ in 0..rows {
            let view = state.row(&mut reader, &dictionary)?;
            if let ControlFlow::Break(value) = visit(&view) {
                return Some(ControlFlow::Break(value));
            }
        }
        reader.is_empty().then_some(ControlFlow::Continue(()))
    }

    fn inflate(&mut self, body: &[u8]) -> Option<()> {
        let mut reader = Reader::new(body);
        let [method] = reader.array()?;
        let length = usize::try_from(u32::from_le_bytes(reader.array()?)).ok()?;
        let data = &body[5..];
        self.raw.clear();
        match method {
            STORED if data.len() == length => self.raw.extend_from_slice(data),
            DEFLATED if length <= RAW_BYTES_MAX => {
                self.raw.resize(length, 0);
                let written = self
                    .decompressor
                    .deflate_decompress(data, &mut self.raw)
                    .ok()?;
                if written != length {
                    return None;
                }
            }
            _ => return None,
        }
        Some(())
    }
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

    fn string(&self, at: u64) -> Option<&Arc<str>> {
        self.strings.get(usize::try_from(at).ok()?)
    }
}

/// What a row is a difference to, and the place of the row being read.
#[derive(Default)]
struct State {
    container: usize,
    stored: u64,
    row: u64,
    record: u64,
    timestamp: Option<Arc<str>>,
    event_id: Option<Arc<str>>,
    place: Place,
}

impl State {
    fn row<'s, 'r: 's>(
        &'s mut self,
        reader: &mut Reader<'r>,
        dictionary: &'s Dictionary,
    ) -> Option<OccurrenceView<'s>> {
        let flags = reader.number()?;
        let has = |bit: u64| flags & bit != 0;
        let detector = dictionary
            .detectors
            .get(usize::try_from(reader.number()?).ok()?)?;
        if has(NEW_CONTAINER) {
            self.container = usize::try_from(reader.number()?).ok()?;
            (self.place.byte_range.start, self.place.line) = (0, 0);
            (self.stored, self.row, self.record) = (0, 0, 0);
        }
        let container = dictionary.containers.get(self.container)?;
        self.read_place(reader, dictionary, flags)?;
        let masked = reader.text()?;
        let fingerprint = u64::from_le_bytes(reader.array()?);
        let confidence = f32::from_bits(u32::from_le_bytes(reader.array()?));
        let checks = u32::try_from(reader.number()?).ok()?;
        let keyword = if has(KEYWORD) {
            let text = dictionary.string(reader.number()?)?;
            let side = match reader.number()? {
                0 => Side::Before,
                1 => Side::After,
                2 => Side::Column,
                3 => Side::Path,
                _ => return None,
            };
            let distance = match has(KEYWORD_DISTANCE) {
                true => Some(u16::try_from(reader.number()?).ok()?),
                false => None,
            };
            Some(KeywordView {
                text,
                distance,
                side,
            })
        } else {
            None
        };
        let mut rivals = [None; RIVALS_MAX];
        if has(RIVALS) {
            let count = reader.count()?;
            for rival in rivals.get_mut(..count)? {
                let at = usize::try_from(reader.number()?).ok()?;
                *rival = Some(&*dictionary.detectors.get(at)?.id);
            }
        }
        Some(OccurrenceView {
            container,
            detector: &detector.id,
            category: detector.category,
            place: &self.place,
            masked,
            fingerprint,
            confidence,
            checks,
            check_names: &detector.checks,
            keyword,
            rivals,
        })
    }

    fn read_place(
        &mut self,
        reader: &mut Reader<'_>,
        dictionary: &Dictionary,
        flags: u64,
    ) -> Option<()> {
        let has = |bit: u64| flags & bit != 0;
        let place = &mut self.place;
        let start = reader.signed(place.byte_range.start)?;
        place.byte_range = start..reader.signed(start)?;
        place.line = reader.signed(place.line)?;
        place.column = reader.number()?;
        place.end_line = reader.signed(place.line)?;
        place.end_column = reader.signed(place.column)?;
        place.stored_range = None;
        if has(STORED_RANGE) {
            self.stored = reader.signed(self.stored)?;
            place.stored_range = Some(self.stored..reader.signed(self.stored)?);
        }
        place.cell = None;
        if has(CELL) {
            self.row = reader.signed(self.row)?;
            let column = u32::try_from(reader.number()?).ok()?;
            let column_name = match has(COLUMN_NAME) {
                true => Some(dictionary.string(reader.number()?)?.clone()),
                false => None,
            };
            place.cell = Some(Cell {
                row: self.row,
                column,
                column_name,
            });
        }
        place.record = None;
        if has(RECORD) {
            self.record = reader.signed(self.record)?;
            place.record = Some(Record {
                record_index: self.record,
                json_path: dictionary.string(reader.number()?)?.clone(),
            });
        }
        place.page = match has(PAGE) {
            true => Some(u32::try_from(reader.number()?).ok()?),
            false => None,
        };
        place.log = None;
        if has(LOG) {
            let mut name = || -> Option<Option<Arc<str>>> {
                Some(match reader.number()? {
                    0 => None,
                    at => Some(dictionary.string(at - 1)?.clone()),
                })
            };
            let group = name()?;
            let stream = name()?;
            place.log = Some(LogPlace {
                group,
                stream,
                timestamp: inline(reader, &mut self.timestamp)?,
                event_id: inline(reader, &mut self.event_id)?,
            });
        }
        Some(())
    }
}

/// Reads what `inline` of the packer wrote.
fn inline(reader: &mut Reader<'_>, last: &mut Option<Arc<str>>) -> Option<Option<Arc<str>>> {
    match reader.number()? {
        0 => Some(None),
        1 => last.clone().map(Some),
        length => {
            let bytes = reader.take(usize::try_from(length - 2).ok()?)?;
            *last = Some(Arc::from(std::str::from_utf8(bytes).ok()?));
            Some(last.clone())
        }
    }
}

fn category(number: u64) -> Option<Category> {
    [
        Category::Credentials,
        Category::CustomIdentifier,
        Category::FinancialInformation,
        Category::PersonalInformation,
    ]
    .into_iter()
    .find(|c| super::pack::category_number(*c) == number)
}
