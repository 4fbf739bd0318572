//! Records in a block of Avro: bytes to values with their paths. Nothing is built in between, so that
//! what a count claims costs nothing.

use super::plan::{Kind, Plan, Step};
use crate::extract::words;
use crate::extract::{Failure, Out};
use crate::model::json_path::{self, Step as Part};

/// Deepest nesting of a value: a type may hold itself.
const DEPTH_MAX: usize = 500;

/// Why the records of a block are not told to their end.
pub(super) enum Fault {
    /// The bytes are not what the schema says.
    Broken(&'static str),
    Whole(Failure),
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Fault::Whole(failure)
    }
}

type Result<T> = std::result::Result<T, Fault>;

const ENDS: Fault = Fault::Broken("a record ends early");

pub(super) struct Records<'a> {
    plan: &'a Plan,
    rest: &'a [u8],
    record: u64,
    path: Vec<Part<'a>>,
    /// The path as text.
    shown: String,
    /// The key of the map that holds the value, and the value with it.
    label: Option<&'a str>,
    labelled: String,
    /// Above zero: the path of a value is not that of its column.
    own: usize,
    depth: usize,
    buffer: String,
    out: &'a mut dyn Out,
}

impl<'a> Records<'a> {
    pub fn new(plan: &'a Plan, bytes: &'a [u8], first: u64, out: &'a mut dyn Out) -> Self {
        Records {
            plan,
            rest: bytes,
            record: first,
            path: Vec::new(),
            shown: String::new(),
            label: None,
            labelled: String::new(),
            own: 0,
            depth: 0,
            buffer: String::new(),
            out,
        }
    }

    /// Tells `count` records.
    pub fn tell(mut self, count: u64) -> Result<()> {
        for _ in 0..count {
            let before = self.rest.len();
            self.step(0)?;
            if self.rest.len() == before {
                // records without bytes say nothing, however many there are
                break;
            }
            self.record += 1;
        }
        match self.rest.is_empty() {
            true => Ok(()),
            false => Err(Fault::Broken("bytes are left behind the last record")),
        }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(ENDS)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(ENDS)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn number(&mut self) -> Result<i64> {
        let mut value = 0u64;
        for (at, byte) in self.rest.iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                self.rest = &self.rest[at + 1..];
                return Ok((value >> 1) as i64 ^ -((value & 1) as i64));
            }
        }
        Err(ENDS)
    }

    fn length(&mut self) -> Result<usize> {
        usize::try_from(self.number()?).map_err(|_| Fault::Broken("a length is below zero"))
    }

    fn bytes(&mut self) -> Result<&'a [u8]> {
        let length = self.length()?;
        self.take(length)
    }

    fn step(&mut self, step: usize) -> Result<()> {
        let plan = self.plan;
        match &plan.steps[step] {
            Step::Null => Ok(()),
            Step::Boolean => self.take(1).map(|_| ()),
            Step::Pass(bytes) => self.take(*bytes).map(|_| ()),
            Step::Value { kind, column } => self.value(*kind, *column),
            Step::Enum { symbols, column } => {
                let symbol = symbols
                    .get(self.length()?)
                    .ok_or(Fault::Broken("a symbol is not one of its enum"))?;
                self.told(*column, symbol)
            }
            Step::Union(branches) => {
                let branch = branches
                    .get(self.length()?)
                    .ok_or(Fault::Broken("a branch is not one of its union"))?;
                self.step(*branch)
            }
            Step::Record(fields) => self.below(|records| {
                for (name, field) in fields {
                    records.label = None;
                    records.path.push(Part::Name(name));
                    records.step(*field)?;
                    records.path.pop();
                }
                Ok(())
            }),
            Step::Array(items) => self.items(|records, at| {
                records.path.push(Part::Index(at));
                records.label = None;
                records.step(*items)?;
                records.path.pop();
                Ok(())
            }),
            Step::Map(values) => self.items(|records, _| {
                // names that are no text are rare, and name nothing
                let key = std::str::from_utf8(records.bytes()?).unwrap_or("");
                records.path.push(Part::Name(key));
                records.label = Some(key);
                records.step(*values)?;
                records.label = None;
                records.path.pop();
                Ok(())
            }),
            Step::Elsewhere(step) => {
                self.own += 1;
                self.step(*step)?;
                self.own -= 1;
                Ok(())
            }
        }
    }

    fn below(&mut self, inner: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if self.depth == DEPTH_MAX {
            return Err(Fault::Broken("a value is nested more than 500 levels deep"));
        }
        self.depth += 1;
        inner(self)?;
        self.depth -= 1;
        Ok(())
    }

    /// The items of an array or a map, which come in portions.
    fn items(&mut self, item: impl Fn(&mut Self, u64) -> Result<()>) -> Result<()> {
        self.below(|records| {
            records.own += 1;
            let mut at = 0;
            loop {
                let count = records.number()?;
                if count < 0 {
                    records.number()?;
                }
                if count == 0 {
                    break;
                }
                for _ in 0..count.unsigned_abs() {
                    let before = records.rest.len();
                    item(records, at)?;
                    at += 1;
                    if records.rest.len() == before {
                        // items without bytes say nothing, however many there are
                        break;
                    }
                }
            }
            records.own -= 1;
            Ok(())
        })
    }

    fn value(&mut self, kind: Kind, column: u32) -> Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let told = self.show(kind, column, &mut buffer);
        self.buffer = buffer;
        told
    }

    fn show(&mut self, kind: Kind, column: u32, buffer: &mut String) -> Result<()> {
        match kind {
            Kind::Int | Kind::Long => words::push_int(buffer, self.number()?),
            Kind::Date => words::push_date(buffer, self.number()?),
            Kind::Time(unit) => words::push_time(buffer, self.number()?, unit),
            Kind::Timestamp(unit, utc) => {
                words::push_timestamp(buffer, self.number()?, unit, utc);
            }
            Kind::Float => words::push_float32(buffer, f32::from_le_bytes(self.array()?)),
            Kind::Double => words::push_float(buffer, f64::from_le_bytes(self.array()?)),
            Kind::String => {
                let bytes = self.bytes()?;
                return match std::str::from_utf8(bytes) {
                    Ok(text) => self.told(column, text),
                    Err(_) => self.told(column, &String::from_utf8_lossy(bytes)),
                };
            }
            Kind::Bytes => {
                let bytes = self.bytes()?;
                return self.blob(column, bytes);
            }
            Kind::Fixed(length) => {
                let bytes = self.take(length)?;
                return self.blob(column, bytes);
            }
            Kind::Decimal(scale) => {
                let bytes = self.bytes()?;
                return self.decimal(column, bytes, scale, buffer);
            }
            Kind::FixedDecimal(length, scale) => {
                let bytes = self.take(length)?;
                return self.decimal(column, bytes, scale, buffer);
            }
            Kind::BigDecimal => {
                let bytes = self.bytes()?;
                let behind = std::mem::replace(&mut self.rest, bytes);
                let parts = self.bytes().and_then(|digits| Ok((digits, self.length()?)));
                self.rest = behind;
                let (digits, scale) = parts?;
                return self.decimal(column, digits, scale, buffer);
            }
            Kind::FixedUuid(length) => {
                let bytes = self.take(length)?;
                match <[u8; 16]>::try_from(bytes) {
                    Ok(bytes) => words::push_uuid(buffer, bytes),
                    Err(_) => return self.blob(column, bytes),
                }
            }
        }
        self.told(column, buffer)
    }

    fn decimal(
        &mut self,
        column: u32,
        bytes: &'a [u8],
        scale: usize,
        buffer: &mut String,
    ) -> Result<()> {
        let scale = i32::try_from(scale).unwrap_or(i32::MAX);
        match words::push_decimal_bytes(buffer, bytes, scale) {
            true => self.told(column, buffer),
            false => self.blob(column, bytes),
        }
    }

    fn blob(&mut self, column: u32, bytes: &[u8]) -> Result<()> {
        match words::blob_text(bytes) {
            Some(text) => self.told(column, &text),
            None => Ok(()),
        }
    }

    fn told(&mut self, column: u32, text: &str) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        if self.own == 0 {
            return Ok(self.out.value(self.record, column, None, text)?);
        }
        json_path::render_into(self.path.iter().copied(), &mut self.shown);
        let text = match self.label {
            Some(key) if words::label(&mut self.labelled, key, text) => &self.labelled,
            _ => text,
        };
        Ok(self
            .out
            .value(self.record, column, Some(&self.shown), text)?)
    }
}
