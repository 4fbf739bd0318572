//! An [`Out`] for tests of parsers: keeps what was told and checks its order.

use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Bounds, Column, Failure, Format, Out, Table};
use crate::model::{ReadAt, Reason};

/// One thing that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Mime(&'static str),
    /// Sheets and named tables have a name, records none.
    Table {
        name: Option<String>,
        header_row: Option<u64>,
        columns: Vec<Column>,
    },
    Cell(u64, u32, String),
    Value(u64, u32, Option<String>, String),
    TableEnd,
    Page(u32),
    Line(String),
    Member {
        name: String,
        modified: Option<DateTime<Utc>>,
        data: Vec<u8>,
        fault: Option<(Reason, String)>,
    },
    Gap(Reason, String),
}

/// Keeps what is told; panics where the order is broken.
#[derive(Debug, Default)]
pub struct Recorded {
    pub told: Vec<Told>,
    /// Calls after which the listener is gone.
    pub calls_max: Option<usize>,
    calls: usize,
    in_table: bool,
    in_member: bool,
}

impl Recorded {
    /// Reads a document out of memory.
    pub fn read(format: Format, bytes: &[u8]) -> (Self, Result<(), Failure>) {
        Recorded::read_within(format, bytes, &Bounds::default())
    }

    pub fn read_within(
        format: Format,
        bytes: &[u8],
        bounds: &Bounds,
    ) -> (Self, Result<(), Failure>) {
        let mut out = Recorded::default();
        let result = super::read(format, &held(bytes.to_vec()), bounds, &mut out);
        if result.is_ok() {
            assert!(!out.in_member, "a member has no end");
        }
        (out, result)
    }

    /// The lines of running text.
    pub fn lines(&self) -> Vec<&str> {
        self.told
            .iter()
            .filter_map(|told| match told {
                Told::Line(text) => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    pub fn gaps(&self) -> Vec<(Reason, &str)> {
        self.told
            .iter()
            .filter_map(|told| match told {
                Told::Gap(reason, detail) => Some((*reason, detail.as_str())),
                _ => None,
            })
            .collect()
    }

    /// Names and bytes of the members.
    pub fn members(&self) -> Vec<(&str, &[u8])> {
        self.told
            .iter()
            .filter_map(|told| match told {
                Told::Member { name, data, .. } => Some((name.as_str(), data.as_slice())),
                _ => None,
            })
            .collect()
    }

    /// Where `value` stands, once for each time: `page 2`, `line 3` (1-based over the document),
    /// `table 1 row 2 column 0`, `record 4 column 1`.
    pub fn places(&self, value: &str) -> Vec<String> {
        let (mut table, mut page, mut line) = (String::new(), None, 0);
        let mut places = Vec::new();
        for told in &self.told {
            let (place, text) = match told {
                Told::Table { name, .. } => {
                    table = name.clone().unwrap_or_else(|| "records".to_owned());
                    continue;
                }
                Told::Page(number) => {
                    page = Some(*number);
                    continue;
                }
                Told::Cell(row, column, text) => {
                    (format!("{table} row {row} column {column}"), text)
                }
                Told::Value(record, column, _, text) => {
                    (format!("record {record} column {column}"), text)
                }
                Told::Line(text) => {
                    line += 1;
                    let place =
                        page.map_or_else(|| format!("line {line}"), |p| format!("page {p}"));
                    (place, text)
                }
                _ => continue,
            };
            places.extend(text.matches(value).map(|_| place.clone()));
        }
        places
    }

    fn tell(&mut self, told: Told) -> Result<(), Failure> {
        self.calls += 1;
        if self.calls_max.is_some_and(|max| self.calls > max) {
            return Err(Failure::Gone);
        }
        self.told.push(told);
        Ok(())
    }
}

impl Out for Recorded {
    fn mime(&mut self, mime: &'static str) -> Result<(), Failure> {
        assert!(self.told.is_empty(), "the type comes before all else");
        self.tell(Told::Mime(mime))
    }

    fn table(
        &mut self,
        table: Table<'_>,
        header_row: Option<u64>,
        columns: &[Column],
    ) -> Result<(), Failure> {
        assert!(!self.in_member, "a table in a member");
        self.in_table = true;
        self.tell(Told::Table {
            name: match table {
                Table::Sheet(name) | Table::Named(name) => Some(name.to_owned()),
                Table::Records => None,
            },
            header_row,
            columns: columns.to_vec(),
        })
    }

    fn cell(&mut self, row: u64, column: u32, text: &str) -> Result<(), Failure> {
        assert!(self.in_table && !self.in_member, "a cell outside a table");
        assert!(row > 0, "rows are counted from 1");
        self.tell(Told::Cell(row, column, text.to_owned()))
    }

    fn value(
        &mut self,
        record: u64,
        column: u32,
        path: Option<&str>,
        text: &str,
    ) -> Result<(), Failure> {
        assert!(self.in_table && !self.in_member, "a value outside a table");
        self.tell(Told::Value(
            record,
            column,
            path.map(str::to_owned),
            text.to_owned(),
        ))
    }

    fn table_end(&mut self) -> Result<(), Failure> {
        assert!(self.in_table && !self.in_member, "the end of no table");
        self.in_table = false;
        self.tell(Told::TableEnd)
    }

    fn page(&mut self, number: u32) -> Result<(), Failure> {
        assert!(!self.in_table && !self.in_member, "a page in a table");
        assert!(number > 0, "pages are counted from 1");
        self.tell(Told::Page(number))
    }

    fn line(&mut self, text: &str) -> Result<(), Failure> {
        assert!(!self.in_table && !self.in_member, "a line in a table");
        self.tell(Told::Line(text.to_owned()))
    }

    fn member(&mut self, name: &str, modified: Option<DateTime<Utc>>) -> Result<(), Failure> {
        assert!(!self.in_member, "a member in a member");
        self.in_member = true;
        self.tell(Told::Member {
            name: name.to_owned(),
            modified,
            data: Vec::new(),
            fault: None,
        })
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        assert!(self.in_member, "data of no member");
        let Some(Told::Member { data, .. }) = self.told.last_mut() else {
            panic!("data of no member");
        };
        data.extend_from_slice(bytes);
        Ok(())
    }

    fn member_end(&mut self, fault: Option<(Reason, &str)>) -> Result<(), Failure> {
        assert!(self.in_member, "the end of no member");
        self.in_member = false;
        let Some(Told::Member { fault: kept, .. }) = self.told.last_mut() else {
            panic!("the end of no member");
        };
        *kept = fault.map(|(reason, detail)| (reason, detail.to_owned()));
        Ok(())
    }

    fn gap(&mut self, reason: Reason, detail: &str) -> Result<(), Failure> {
        assert!(!detail.contains('\n'), "a detail is one line");
        self.tell(Told::Gap(reason, detail.to_owned()))
    }
}

/// Bytes in memory as a source.
pub fn held(bytes: Vec<u8>) -> Arc<dyn ReadAt> {
    struct Held(Vec<u8>);
    impl ReadAt for Held {
        fn size(&self) -> u64 {
            self.0.len() as u64
        }
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
            let from = (offset as usize).min(self.0.len());
            let len = buffer.len().min(self.0.len() - from);
            buffer[..len].copy_from_slice(&self.0[from..from + len]);
            Ok(len)
        }
    }
    Arc::new(Held(bytes))
}
