//! The conversation between a walk and the process that parses for it, as bytes.
//!
//! The walk asks for a document with [`Begin`]; the parser answers with [`Frame`]s and may ask for
//! bytes of the document in between, which the walk answers at once. Numbers are LEB128 varints.
//!
//! ```text
//! walk:   B format size bounds            D length bytes | E
//! parser: R offset length                 bytes wanted
//!         M mime | T kind name header columns | C row column text | V record column path text
//!         Q (table ends) | P page | L text | N name time | A bytes | X fault | G reason detail
//!         Z outcome                       always last
//! ```

use std::io::{self, BufRead, Write};

use chrono::{DateTime, Utc};

use super::Bounds;
use super::failure::Failure;
use super::format::{Format, known_mime};
use super::out::Column;
use crate::model::Reason;

/// Longest name, path or detail.
const NAME_BYTES_MAX: usize = 64 << 10;
/// Most columns of one table.
const COLUMNS_MAX: u64 = 1 << 20;

fn broken(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("{what} in the parser's answer"),
    )
}

pub(super) fn put(out: &mut impl Write, mut number: u64) -> io::Result<()> {
    let (mut bytes, mut len) = ([0u8; 10], 0);
    while number >= 0x80 {
        bytes[len] = number as u8 | 0x80;
        number >>= 7;
        len += 1;
    }
    bytes[len] = number as u8;
    out.write_all(&bytes[..=len])
}

pub(super) fn put_text(out: &mut impl Write, text: &[u8]) -> io::Result<()> {
    put(out, text.len() as u64)?;
    out.write_all(text)
}

/// A name, cut to what is read of one.
pub(super) fn put_name(out: &mut impl Write, name: &str) -> io::Result<()> {
    let mut end = name.len().min(NAME_BYTES_MAX);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    put_text(out, &name.as_bytes()[..end])
}

pub(super) fn byte(input: &mut impl BufRead) -> io::Result<u8> {
    let first = input.fill_buf()?.first().copied();
    let byte = first.ok_or(io::ErrorKind::UnexpectedEof)?;
    input.consume(1);
    Ok(byte)
}

pub(super) fn number(input: &mut impl BufRead) -> io::Result<u64> {
    let (mut number, mut shift) = (0u64, 0);
    loop {
        let byte = byte(input)?;
        if shift > 63 {
            return Err(broken("a number too long"));
        }
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
        shift += 7;
    }
}

pub(super) fn name(input: &mut impl BufRead) -> io::Result<String> {
    let len = usize::try_from(number(input)?).unwrap_or(usize::MAX);
    if len > NAME_BYTES_MAX {
        return Err(broken("a name too long"));
    }
    let mut bytes = vec![0; len];
    input.read_exact(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn column_number(input: &mut impl BufRead) -> io::Result<u32> {
    u32::try_from(number(input)?).map_err(|_| broken("a column too far"))
}

/// What is asked of a parser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begin {
    pub format: Format,
    pub size: u64,
    pub bounds: Bounds,
}

impl Begin {
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let format = Format::ALL.iter().position(|f| *f == self.format);
        out.write_all(&[b'B', format.unwrap_or_default() as u8])?;
        put(out, self.size)?;
        put(out, self.bounds.bytes_max)?;
        put(out, self.bounds.office_bytes_max)?;
        put(out, self.bounds.office_ratio_max)?;
        out.flush()
    }

    /// `None`: nobody asks any more.
    pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Self>> {
        if input.fill_buf()?.is_empty() {
            return Ok(None);
        }
        if byte(input)? != b'B' {
            return Err(broken("an unknown request"));
        }
        let format = Format::ALL.get(usize::from(byte(input)?));
        Ok(Some(Begin {
            format: *format.ok_or_else(|| broken("an unknown format"))?,
            size: number(input)?,
            bounds: Bounds {
                bytes_max: number(input)?,
                office_bytes_max: number(input)?,
                office_ratio_max: number(input)?,
            },
        }))
    }
}

/// Which table begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableName {
    Sheet(String),
    Named(String),
    Records,
}

/// One thing that a parser tells. Where it says so, text or bytes of the given length follow it and
/// are to be read before the next frame.
#[derive(Debug)]
pub enum Frame {
    /// Bytes of the document are wanted.
    Read {
        offset: u64,
        len: usize,
    },
    Mime(&'static str),
    Table {
        table: TableName,
        header_row: Option<u64>,
        columns: Vec<Column>,
    },
    /// Followed by its text.
    Cell {
        row: u64,
        column: u32,
        len: u64,
    },
    /// Followed by its text.
    Value {
        record: u64,
        column: u32,
        path: Option<String>,
        len: u64,
    },
    TableEnd,
    Page(u32),
    /// Followed by its text.
    Line {
        len: u64,
    },
    Member {
        name: String,
        modified: Option<DateTime<Utc>>,
    },
    /// Followed by bytes of the member.
    Data {
        len: u64,
    },
    MemberEnd {
        fault: Option<(Reason, String)>,
    },
    Gap {
        reason: Reason,
        detail: String,
    },
    /// The end of the document.
    End(Result<(), Failure>),
}

/// Most bytes that are asked for at a time.
pub(super) const READ_BYTES_MAX: usize = 4 << 20;

impl Frame {
    pub fn read(input: &mut impl BufRead) -> io::Result<Frame> {
        Ok(match byte(input)? {
            b'R' => Frame::Read {
                offset: number(input)?,
                len: usize::try_from(number(input)?)
                    .ok()
                    .filter(|len| *len <= READ_BYTES_MAX)
                    .ok_or_else(|| broken("too long a read"))?,
            },
            b'M' => {
                let mime = name(input)?;
                Frame::Mime(known_mime(&mime).ok_or_else(|| broken("an unknown type"))?)
            }
            b'T' => {
                let table = match byte(input)? {
                    b's' => TableName::Sheet(name(input)?),
                    b'n' => TableName::Named(name(input)?),
                    b'r' => TableName::Records,
                    _ => return Err(broken("an unknown table")),
                };
                let header_row = number(input)?.checked_sub(1);
                let count = number(input)?;
                if count > COLUMNS_MAX {
                    return Err(broken("too many columns"));
                }
                let mut columns = Vec::new();
                for _ in 0..count {
                    columns.push(Column {
                        name: name(input)?,
                        path: name(input)?,
                    });
                }
                Frame::Table {
                    table,
                    header_row,
                    columns,
                }
            }
            b'C' => Frame::Cell {
                row: number(input)?,
                column: column_number(input)?,
                len: number(input)?,
            },
            b'V' => Frame::Value {
                record: number(input)?,
                column: column_number(input)?,
                path: match byte(input)? {
                    0 => None,
                    _ => Some(name(input)?),
                },
                len: number(input)?,
            },
            b'Q' => Frame::TableEnd,
            b'P' => Frame::Page(column_number(input)?),
            b'L' => Frame::Line {
                len: number(input)?,
            },
            b'N' => Frame::Member {
                name: name(input)?,
                modified: match byte(input)? {
                    0 => None,
                    _ => DateTime::from_timestamp(number(input)? as i64, 0),
                },
            },
            b'A' => Frame::Data {
                len: number(input)?,
            },
            b'X' => Frame::MemberEnd {
                fault: match byte(input)? {
                    0 => None,
                    _ => Some((reason(input)?, name(input)?)),
                },
            },
            b'G' => Frame::Gap {
                reason: reason(input)?,
                detail: name(input)?,
            },
            b'Z' => Frame::End(match byte(input)? {
                b'o' => Ok(()),
                b'n' => Err(Failure::NotThis(name(input)?)),
                b'b' => Err(Failure::Broken {
                    reason: reason(input)?,
                    detail: name(input)?,
                }),
                b's' => Err(Failure::Source(io::Error::other(name(input)?))),
                _ => return Err(broken("an unknown outcome")),
            }),
            _ => return Err(broken("an unknown frame")),
        })
    }
}

fn reason(input: &mut impl BufRead) -> io::Result<Reason> {
    Reason::parse(&name(input)?).ok_or_else(|| broken("an unknown reason"))
}

/// The walk's answer to [`Frame::Read`].
pub fn answer(out: &mut impl Write, bytes: io::Result<&[u8]>) -> io::Result<()> {
    match bytes {
        Ok(bytes) => {
            out.write_all(b"D")?;
            put_text(out, bytes)?;
        }
        Err(_) => out.write_all(b"E")?,
    }
    out.flush()
}

/// Reads what [`answer`] wrote.
pub(super) fn read_answer(input: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
    match byte(input)? {
        b'D' => {
            let len = usize::try_from(number(input)?).unwrap_or(usize::MAX);
            let into = buffer
                .get_mut(..len)
                .ok_or_else(|| broken("too long an answer"))?;
            input.read_exact(into)?;
            Ok(len)
        }
        _ => Err(io::Error::other("the document could not be read")),
    }
}
