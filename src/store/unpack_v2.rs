//! Rows of chunks of the first two versions: every row with all its fields, the whole deflated.
//!
//! magpie writes the third version since; stores that hold the others stay readable. The first had
//! no rivals. Dictionary and
//! method are those of [`super::unpack`].
//!
//! ```text
//! raw = version (1, 2), strings, detectors, containers, rows
//! rows = count, row*
//! row = flags, detector, [container], start, end, line, column, end line, end column,
//!       [stored start, stored end], [row, column, [name]], [index, path], [page],
//!       [group + 1, stream + 1, time, event id], mask, fingerprint, confidence, checks,
//!       [keyword, side, [distance]], [count of rivals, detector*]
//! ```

use std::sync::Arc;

use crate::model::{Cell, LogPlace, OccurrenceView, Place, RIVALS_MAX, Record};

use super::unpack::Dictionary;
use super::varint::Reader;

pub(super) const VERSION: u8 = 2;

// flags of a row
const NEW_CONTAINER: u64 = 1;
const STORED_RANGE: u64 = 1 << 1;
const CELL: u64 = 1 << 2;
const RECORD: u64 = 1 << 3;
const PAGE: u64 = 1 << 4;
const LOG: u64 = 1 << 5;
const KEYWORD: u64 = 1 << 6;
const KEYWORD_DISTANCE: u64 = 1 << 7;
const COLUMN_NAME: u64 = 1 << 8;
const RIVALS: u64 = 1 << 9;

/// What a row is a difference to, and the place of the row being read.
#[derive(Default)]
pub(super) struct State {
    container: usize,
    stored: u64,
    row: u64,
    record: u64,
    timestamp: Option<Arc<str>>,
    event_id: Option<Arc<str>>,
    place: Place,
}

impl State {
    pub(super) fn row<'s, 'r: 's>(
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
        let keyword = match has(KEYWORD) {
            true => Some(dictionary.keyword(reader, has(KEYWORD_DISTANCE))?),
            false => None,
        };
        let rivals = match has(RIVALS) {
            true => dictionary.rivals(reader)?,
            false => [None; RIVALS_MAX],
        };
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
                table: None,
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
            let group = dictionary.name(reader)?;
            let stream = dictionary.name(reader)?;
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

/// A string that changes from event to event: 0 none, 1 as before, else length + 2 and text.
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
