//! What each stretch of a rendered text is: a cell, a value of a record, a line; and on which page.

use std::collections::VecDeque;
use std::sync::Arc;

use super::super::fault::{Fault, Scope};
use crate::extract::Column;
use crate::extract::wire::TableName;
use crate::model::{Reason, Table};

/// Most columns that are known by name, over all tables of a document.
const COLUMNS_MAX: usize = 1 << 20;

/// What a stretch is. Rows as told, columns from 0 within their table.
#[derive(Clone, Debug)]
pub(crate) enum What {
    Line,
    Cell {
        row: u64,
        column: u32,
    },
    Value {
        record: u64,
        column: u32,
        path: Option<Box<str>>,
    },
}

/// A stretch of the text.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub start: u64,
    pub end: u64,
    pub what: What,
}

/// A table that has begun.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    /// Where its cells begin.
    at: u64,
    pub name: Option<Table>,
    pub header_row: Option<u64>,
    /// Number of its first column over all tables, and how many there are.
    base: u32,
    columns: u32,
}

impl Begun {
    /// The number of a column over all tables.
    pub fn number(&self, column: u32) -> Option<u32> {
        (column < self.columns).then(|| self.base + column)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Map {
    spans: VecDeque<Span>,
    /// The span last found.
    near: usize,
    tables: VecDeque<Begun>,
    pages: VecDeque<(u64, u32)>,
    /// End of the last span.
    end: u64,
    /// Names of all columns, their paths, and the names as places share them.
    pub names: Vec<String>,
    pub paths: Vec<Arc<str>>,
    pub shared: Vec<Arc<str>>,
}

impl Map {
    pub fn push(&mut self, span: Span) {
        self.end = span.end;
        self.spans.push_back(span);
    }

    /// A table begins after all text so far.
    pub fn table(
        &mut self,
        table: TableName,
        header_row: Option<u64>,
        columns: Vec<Column>,
    ) -> Result<(), Fault> {
        if self.names.len() + columns.len() > COLUMNS_MAX {
            let detail = format!("the document has more than {COLUMNS_MAX} columns");
            return Err(Fault::new(Scope::Stream, Reason::UnableToParseFile, detail));
        }
        let base = self.names.len() as u32;
        let count = columns.len() as u32;
        for column in columns {
            self.shared.push(Arc::from(column.name.as_str()));
            self.paths.push(Arc::from(column.path));
            self.names.push(column.name);
        }
        let name = match table {
            TableName::Sheet(name) => Some(Table::Sheet(name.into())),
            TableName::Named(name) => Some(Table::Named(name.into())),
            TableName::Records => None,
        };
        self.begin(name, header_row, base, count);
        Ok(())
    }

    /// What follows all text so far is in no table.
    pub fn table_end(&mut self) {
        self.begin(None, None, 0, 0);
    }

    fn begin(&mut self, name: Option<Table>, header_row: Option<u64>, base: u32, columns: u32) {
        let at = match self.end {
            0 => 0,
            end => end + 1,
        };
        // one that has no text is of no use
        if self.tables.back().is_some_and(|last| last.at == at) {
            self.tables.pop_back();
        }
        self.tables.push_back(Begun {
            at,
            name,
            header_row,
            base,
            columns,
        });
    }

    /// A page begins where the text stands at `at`.
    pub fn page(&mut self, at: u64, number: u32) {
        let at = if at == 0 { 0 } else { at + 1 };
        if self.pages.back().is_some_and(|(last, _)| *last == at) {
            self.pages.pop_back();
        }
        self.pages.push_back((at, number));
    }

    /// Forgets what only concerns text before `from`.
    pub fn retire(&mut self, from: u64) {
        while self.spans.front().is_some_and(|span| span.end < from) {
            self.spans.pop_front();
        }
        while self.tables.get(1).is_some_and(|next| next.at <= from) {
            self.tables.pop_front();
        }
        while self.pages.get(1).is_some_and(|(next, _)| *next <= from) {
            self.pages.pop_front();
        }
        self.near = 0;
    }

    /// The number of the first span that ends after `at`.
    fn reach(&mut self, at: u64) -> usize {
        let ends_before = |number: usize| self.spans.get(number).is_some_and(|s| s.end <= at);
        // ascending questions are near one another
        for number in self.near..self.near + 4 {
            if !ends_before(number) {
                if number == 0 || ends_before(number - 1) {
                    self.near = number;
                    return number;
                }
                break;
            }
        }
        self.near = self.spans.partition_point(|span| span.end <= at);
        self.near
    }

    /// The span that holds the byte at `at`.
    pub fn span(&mut self, at: u64) -> Option<&Span> {
        let number = self.reach(at);
        self.spans.get(number).filter(|span| span.start <= at)
    }

    /// The spans that start in `from..to`.
    pub fn starting(&self, from: u64, to: u64) -> impl Iterator<Item = &Span> {
        let first = self.spans.partition_point(|span| span.start < from);
        self.spans
            .range(first..)
            .take_while(move |span| span.start < to)
    }

    /// The table that holds `at`.
    pub fn table_at(&self, at: u64) -> Option<&Begun> {
        let number = self.tables.partition_point(|table| table.at <= at);
        self.tables.get(number.checked_sub(1)?)
    }

    pub fn page_at(&self, at: u64) -> Option<u32> {
        let number = self.pages.partition_point(|(start, _)| *start <= at);
        self.pages
            .get(number.checked_sub(1)?)
            .map(|(_, page)| *page)
    }
}
