//! What a parser tells of a document.

use chrono::{DateTime, Utc};

use super::failure::Failure;
use crate::model::Reason;

/// A table that begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table<'a> {
    /// A sheet of a workbook.
    Sheet(&'a str),
    /// A table of a database, or of a document (`table 2`).
    Named(&'a str),
    /// Records with the same columns, numbered over the whole document.
    Records,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name, which may be a keyword; of a nested field, its names joined with dots. Empty: none.
    pub name: String,
    /// For [`Table::Records`]: the JSON path of its values, as Macie writes it (`$.a.b`), unless a
    /// value brings its own.
    pub path: String,
}

/// Listens to a parser. Every call may end in [`Failure::Gone`], which the parser passes on.
///
/// Text is UTF-8; what is not valid in it is borne. Order: tables and running text in the order of the
/// document, members after them.
pub trait Out {
    /// What the document turned out to be, before all else; without it, that of the kind.
    fn mime(&mut self, mime: &'static str) -> Result<(), Failure>;

    /// A table begins, with columns numbered from 0. Cells in `header_row` are names, not values.
    fn table(
        &mut self,
        table: Table<'_>,
        header_row: Option<u64>,
        columns: &[Column],
    ) -> Result<(), Failure>;

    /// A cell of the open table. `row`: 1-based, as people see it (header included; of a database,
    /// the row id). `column`: 0-based. Empty cells need not be told. A column beyond those of the
    /// table has no name.
    fn cell(&mut self, row: u64, column: u32, text: &str) -> Result<(), Failure>;

    /// A value of the open [`Table::Records`]. `record`: 0-based. `path`: its JSON path, where it is
    /// not that of the column. In any order; ascending columns within ascending records read best,
    /// runs of one column are fastest.
    fn value(
        &mut self,
        record: u64,
        column: u32,
        path: Option<&str>,
        text: &str,
    ) -> Result<(), Failure>;

    /// No table is open any more: running text follows.
    fn table_end(&mut self) -> Result<(), Failure>;

    /// A page begins. 1-based.
    fn page(&mut self, number: u32) -> Result<(), Failure>;

    /// A line or paragraph of running text, without its end. Ends of lines in it stay.
    fn line(&mut self, text: &str) -> Result<(), Failure>;

    /// A file in the document begins: attachment, embedded object, member of an archive.
    fn member(&mut self, name: &str, modified: Option<DateTime<Utc>>) -> Result<(), Failure>;

    /// Bytes of the open member.
    fn data(&mut self, bytes: &[u8]) -> Result<(), Failure>;

    /// The open member ends; `fault`: before its time.
    fn member_end(&mut self, fault: Option<(Reason, &str)>) -> Result<(), Failure>;

    /// A part of the document is not read, and reading goes on. `detail`: one line without content.
    fn gap(&mut self, reason: Reason, detail: &str) -> Result<(), Failure>;
}
