//! SQLite databases: the rows of every table, whatever its size, in constant memory.
//!
//! The format of the file is small and published, and reading it here needs neither the database as a
//! whole in memory nor anything of it carried out as a program. The text of the schema is told as
//! lines. Not read: views and indexes, which repeat what stands in tables; blobs that are no text;
//! deleted rows; and rows that still stand in a write-ahead log beside the file.

mod definition;
mod pages;

use std::borrow::Cow;
use std::sync::Arc;

use self::definition::Definition;
use self::pages::{Encoding, Fault, Lost, Pages, ROW_BYTES_MAX, varint};
use super::{Bounds, Column, Failure, Out, Table, words};
use crate::model::{ReadAt, Reason};

/// Text of the schema that is kept.
const SCHEMA_BYTES_MAX: usize = 32 << 20;

pub(super) fn read(
    source: &Arc<dyn ReadAt>,
    _bounds: &Bounds,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    let mut pages = Pages::open(source)?;
    let tables = schema(&mut pages, out)?;
    for (at, table) in tables.iter().enumerate() {
        let columns: Vec<Column> = table
            .definition
            .names
            .iter()
            .map(|name| Column {
                name: name.clone(),
                path: String::new(),
            })
            .collect();
        out.table(Table::Named(&table.name), None, &columns)?;
        let mut rows = Rows {
            definition: &table.definition,
            encoding: pages.encoding,
            buffer: String::new(),
            seen: 0,
            out: &mut *out,
        };
        let lost = pages
            .walk(table.root, &mut |id, row| rows.tell(id, row))
            .map_err(failure)?;
        report(&format!("table {}", at + 1), lost, out)?;
    }
    if !tables.is_empty() {
        out.table_end()?;
    }
    Ok(())
}

fn failure(fault: Fault) -> Failure {
    match fault {
        Fault::Source(error) => Failure::Source(error),
        Fault::Out(failure) => failure,
        // counted where they happen
        Fault::Broken | Fault::Long(_) => Failure::malformed("the database is broken"),
    }
}

fn report(what: &str, lost: Lost, out: &mut dyn Out) -> Result<(), Failure> {
    if lost.pages > 0 {
        let detail = format!("{what}: {} pages or rows are broken", lost.pages);
        out.gap(Reason::MalformedFile, &detail)?;
    }
    if lost.longest > 0 {
        let detail = format!(
            "{what}: a row of {} MiB is more than {} MiB",
            lost.longest >> 20,
            ROW_BYTES_MAX >> 20
        );
        out.gap(Reason::FileExceedsSizeLimit, &detail)?;
    }
    Ok(())
}

/// A table that has rows of its own.
struct Stored {
    name: String,
    root: u32,
    definition: Definition,
}

/// Tells the text of the schema, and finds the tables.
fn schema(pages: &mut Pages, out: &mut dyn Out) -> Result<Vec<Stored>, Failure> {
    let encoding = pages.encoding;
    let mut tables = Vec::new();
    let mut bytes = 0;
    let mut more = 0u64;
    let lost = pages
        .walk(1, &mut |_, row| {
            // type, name, table, root page, statement
            let mut values = Values::of(row).ok_or(Fault::Broken)?;
            let mut texts = [const { Cow::Borrowed("") }; 5];
            let mut root = 0;
            for (at, text) in texts.iter_mut().enumerate() {
                match values.next().transpose().map_err(|()| Fault::Broken)? {
                    Some(Value::Text(bytes)) => *text = decode(bytes, encoding),
                    Some(Value::Integer(number)) if at == 3 => root = number,
                    _ => {}
                }
            }
            let [kind, name, _, _, sql] = texts;
            if !sql.is_empty() {
                out.line(&sql)?;
            }
            // a virtual table has no root: its rows are in other tables
            let Some(root) = u32::try_from(root)
                .ok()
                .filter(|r| kind == "table" && *r > 0)
            else {
                return Ok(());
            };
            bytes += name.len() + sql.len();
            if bytes > SCHEMA_BYTES_MAX {
                more += 1;
                return Ok(());
            }
            tables.push(Stored {
                name: name.into_owned(),
                root,
                definition: definition::read(&sql).unwrap_or_default(),
            });
            Ok(())
        })
        .map_err(failure)?;
    report("the schema", lost, out)?;
    if more > 0 {
        let detail = format!("{more} tables are not read: the schema has more than 32 MiB");
        out.gap(Reason::FileExceedsSizeLimit, &detail)?;
    }
    Ok(tables)
}

enum Value<'a> {
    Null,
    Integer(i64),
    Float(f64),
    Text(&'a [u8]),
    Blob(&'a [u8]),
}

/// The values of a row: their types in front, then their bytes.
struct Values<'a> {
    types: &'a [u8],
    bytes: &'a [u8],
}

impl<'a> Values<'a> {
    fn of(row: &'a [u8]) -> Option<Self> {
        let (head, used) = varint(row)?;
        let head = usize::try_from(head).ok()?;
        Some(Values {
            types: row.get(used..head)?,
            bytes: &row[head..],
        })
    }

    fn value(&mut self) -> Option<Value<'a>> {
        let (kind, used) = varint(self.types)?;
        self.types = &self.types[used..];
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind as usize,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            _ => usize::try_from((kind - 12) / 2).ok()?,
        };
        let (bytes, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(match kind {
            0 => Value::Null,
            1..=6 => {
                let negative = bytes.first().is_some_and(|b| b & 0x80 != 0);
                let start = if negative { -1i64 } else { 0 };
                Value::Integer(bytes.iter().fold(start, |n, b| n << 8 | i64::from(*b)))
            }
            7 => Value::Float(f64::from_be_bytes(bytes.try_into().ok()?)),
            8 | 9 => Value::Integer(kind as i64 - 8),
            _ if kind % 2 == 0 => Value::Blob(bytes),
            _ => Value::Text(bytes),
        })
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = Result<Value<'a>, ()>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.types.is_empty() {
            return None;
        }
        let value = self.value().ok_or(());
        if value.is_err() {
            self.types = &[];
        }
        Some(value)
    }
}

fn decode(bytes: &[u8], encoding: Encoding) -> Cow<'_, str> {
    let encoding = match encoding {
        Encoding::Utf8 => return String::from_utf8_lossy(bytes),
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
    };
    encoding.decode_without_bom_handling(bytes).0
}

struct Rows<'a> {
    definition: &'a Definition,
    encoding: Encoding,
    buffer: String,
    seen: u64,
    out: &'a mut dyn Out,
}

impl Rows<'_> {
    fn tell(&mut self, id: Option<i64>, row: &[u8]) -> Result<(), Fault> {
        self.seen += 1;
        // rows without an id, and the few with one below 1, are called by their order
        let number = id
            .and_then(|id| u64::try_from(id).ok())
            .filter(|id| *id > 0)
            .unwrap_or(self.seen);
        for (at, value) in Values::of(row).ok_or(Fault::Broken)?.enumerate() {
            let column = self.definition.stored.get(at).copied().unwrap_or(at);
            self.buffer.clear();
            let text = match value.map_err(|()| Fault::Broken)? {
                Value::Null => match id {
                    Some(id) if self.definition.row_id == Some(column) => {
                        words::push_int(&mut self.buffer, id);
                        Cow::Borrowed(self.buffer.as_str())
                    }
                    _ => continue,
                },
                Value::Integer(value) => {
                    words::push_int(&mut self.buffer, value);
                    Cow::Borrowed(self.buffer.as_str())
                }
                Value::Float(value) => {
                    words::push_float(&mut self.buffer, value);
                    Cow::Borrowed(self.buffer.as_str())
                }
                Value::Text(bytes) => decode(bytes, self.encoding),
                Value::Blob(bytes) => match words::blob_text(bytes) {
                    Some(text) => text,
                    None => continue,
                },
            };
            if !text.is_empty() {
                self.out.cell(number, column as u32, &text)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
