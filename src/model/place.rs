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
    /// Way to the value where the text has a structure of names without records, at most 250
    /// characters: elements of XML and HTML (`/html/body/p[2]/@title`), keys of YAML, properties and
    /// the like (`database.password`).
    pub path: Option<Arc<str>>,
    /// 1-based page.
    pub page: Option<u32>,
    pub log: Option<LogPlace>,
}

/// A cell of a table. Row and column are 1-based; the header row counts. Rows of a database bear
/// their row id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub row: u64,
    pub column: u32,
    pub column_name: Option<Arc<str>>,
    /// Which table, where a file holds several.
    pub table: Option<Table>,
}

/// One of the tables of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Table {
    /// A sheet of a workbook.
    Sheet(Arc<str>),
    /// A table of a database or document.
    Named(Arc<str>),
}

impl Table {
    pub fn name(&self) -> &Arc<str> {
        match self {
            Table::Sheet(name) | Table::Named(name) => name,
        }
    }
}

impl Cell {
    /// Of a sheet: the cell as spreadsheets call it, `Sheet2!C5`.
    pub fn reference(&self) -> Option<String> {
        let Some(Table::Sheet(sheet)) = &self.table else {
            return None;
        };
        let (mut letters, mut left) = (Vec::new(), self.column);
        while left > 0 {
            left -= 1;
            letters.push(char::from(b'A' + (left % 26) as u8));
            left /= 26;
        }
        let letters: String = letters.iter().rev().collect();
        Some(format!("{sheet}!{letters}{}", self.row))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_sheets_are_called_as_in_spreadsheets() {
        let reference = |column, row| {
            let cell = Cell {
                row,
                column,
                column_name: None,
                table: Some(Table::Sheet(Arc::from("Sheet2"))),
            };
            cell.reference().unwrap_or_default()
        };
        assert_eq!(reference(3, 5), "Sheet2!C5");
        assert_eq!(reference(26, 1), "Sheet2!Z1");
        assert_eq!(reference(27, 1), "Sheet2!AA1");
        assert_eq!(reference(702, 1), "Sheet2!ZZ1");
        assert_eq!(reference(703, 9), "Sheet2!AAA9");
        assert_eq!(reference(16384, 1_048_576), "Sheet2!XFD1048576");
    }
}
