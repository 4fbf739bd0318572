//! Where an occurrence is.

use std::ops::Range;
use std::sync::Arc;

/// The whole place of an occurrence inside one member.
///
/// Fields that do not apply are `None`. Names follow the flat record `magpie.occurrence/1`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Half-open, in bytes of the decoded innermost member as stored in its own encoding.
    pub byte_range: Range<u64>,
    /// Half-open, in bytes of the stored object; only where no compression lies between.
    pub stored_range: Option<Range<u64>>,
    /// 1-based line of the first character.
    pub line: u64,
    /// 1-based column of the first character, in characters.
    pub column: u64,
    /// 1-based line of the last character.
    pub end_line: u64,
    /// 1-based column after the last character, in characters.
    pub end_column: u64,
    pub cell: Option<Cell>,
    pub record: Option<Record>,
    /// 1-based page.
    pub page: Option<u32>,
    pub log: Option<LogPlace>,
}

/// A cell of a table. Row and column are 1-based; the header row counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub row: u64,
    pub column: u32,
    pub column_name: Option<Arc<str>>,
}

/// A value of a record: 0-based index of the record, and the JSON path inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub record_index: u64,
    /// As Macie writes it: `$.a.b[2]`, `$['odd name']`, at most 250 characters.
    pub json_path: Arc<str>,
}

/// The log event that holds an occurrence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPlace {
    pub group: Option<Arc<str>>,
    pub stream: Option<Arc<str>>,
    /// Event time, UTC, milliseconds: `2024-05-01T12:00:00.123Z`.
    pub timestamp: Option<Arc<str>>,
    pub event_id: Option<Arc<str>>,
}
