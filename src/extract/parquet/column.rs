//! One column of one row group: its values told in batches, each with its record and path. Leaves
//! what a value reads like to others.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{ByteArrayType, DataType};
use parquet::errors::{ParquetError, Result};
use parquet::schema::types::ColumnDescPtr;

use super::fields::Field;
use super::text::{Kind, Show};
use crate::extract::{Failure, Out, words};
use crate::model::Reason;
use crate::model::json_path::{self, Element, Step};

/// Most records taken from the library at a time.
const BATCH_RECORDS_MAX: usize = 4_096;
/// Records taken while nothing is known of their size.
const BATCH_RECORDS_FIRST: usize = 64;
/// Text that a batch should come to: values keep the pages they stand in in memory.
const BATCH_BYTES: u64 = 4 << 20;

/// Why the values of a column are not told to their end.
pub(super) enum Fault {
    /// The pages cannot be decoded; other columns can.
    Column(ParquetError),
    /// The column is not read, or there is something wrong with it.
    Unread(Reason, String),
    /// Nothing more can be told at all.
    Whole(Failure),
}

impl From<ParquetError> for Fault {
    fn from(error: ParquetError) -> Self {
        Fault::Column(error)
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Fault::Whole(failure)
    }
}

fn miscounted() -> Fault {
    Fault::Unread(
        Reason::MalformedFile,
        "has another number of records than the footer says".to_owned(),
    )
}

/// One column of one row group.
pub(super) struct Chunk<'a> {
    pub field: &'a Field,
    pub kind: Kind,
    /// Its number in the table.
    pub column: u32,
    /// Number of the first record of the row group in the file.
    pub first: u64,
    /// Records that the footer says there are.
    pub records: u64,
    pub descriptor: ColumnDescPtr,
    pub pages: Box<dyn PageReader>,
    /// For the values of a map, where its keys are.
    pub keys: Option<(ColumnDescPtr, Box<dyn PageReader>)>,
}

impl Chunk<'_> {
    /// Tells every value that is there.
    pub fn tell(self, out: &mut dyn Out) -> std::result::Result<(), Fault> {
        let left = Arc::new(AtomicUsize::new(0));
        let pages = Box::new(Watched {
            pages: self.pages,
            left: Arc::clone(&left),
        });
        let keys = match self.keys {
            Some((descriptor, pages)) => match get_column_reader(Arc::clone(&descriptor), pages) {
                ColumnReader::ByteArrayColumnReader(reader) => Some(Keys {
                    reader,
                    present: descriptor.max_def_level(),
                    levels: Vec::new(),
                    repeats: Vec::new(),
                    values: Vec::new(),
                    next: 0,
                }),
                _ => None,
            },
            None => None,
        };
        let mut walk = Walk {
            field: self.field,
            kind: self.kind,
            column: self.column,
            first: self.first,
            records: self.records,
            present: self.descriptor.max_def_level(),
            repeated: self.descriptor.max_rep_level() > 0,
            left,
            keys,
            seen: 0,
            elements: self.field.elements.clone(),
            path: String::new(),
            labelled: String::new(),
            buffer: String::new(),
            out,
        };
        match get_column_reader(self.descriptor, pages) {
            ColumnReader::Int32ColumnReader(reader) => walk.read(reader),
            ColumnReader::Int64ColumnReader(reader) => walk.read(reader),
            ColumnReader::Int96ColumnReader(reader) => walk.read(reader),
            ColumnReader::FloatColumnReader(reader) => walk.read(reader),
            ColumnReader::DoubleColumnReader(reader) => walk.read(reader),
            ColumnReader::ByteArrayColumnReader(reader) => walk.read(reader),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => walk.read(reader),
            // truth values are not looked at
            ColumnReader::BoolColumnReader(_) => Ok(()),
        }
    }
}

/// The keys of a map, read beside its values.
struct Keys {
    reader: ColumnReaderImpl<ByteArrayType>,
    present: i16,
    levels: Vec<i16>,
    repeats: Vec<i16>,
    values: Vec<parquet::data_type::ByteArray>,
    next: usize,
}

impl Keys {
    fn read(&mut self, records: usize) -> Result<()> {
        self.levels.clear();
        self.repeats.clear();
        self.values.clear();
        self.next = 0;
        self.reader.read_records(
            records,
            Some(&mut self.levels),
            Some(&mut self.repeats),
            &mut self.values,
        )?;
        Ok(())
    }

    /// The key at one level, which are to be asked for in order.
    fn at(&mut self, level: usize) -> Option<&parquet::data_type::ByteArray> {
        if *self.levels.get(level)? != self.present {
            return None;
        }
        self.next += 1;
        self.values.get(self.next - 1)
    }
}

struct Walk<'a> {
    field: &'a Field,
    kind: Kind,
    column: u32,
    first: u64,
    records: u64,
    /// Definition level of a value that is there.
    present: i16,
    repeated: bool,
    /// Levels left of the open page.
    left: Arc<AtomicUsize>,
    keys: Option<Keys>,
    /// Records begun.
    seen: u64,
    elements: Vec<Element>,
    path: String,
    labelled: String,
    buffer: String,
    out: &'a mut dyn Out,
}

impl Walk<'_> {
    fn read<T: DataType>(
        &mut self,
        mut reader: ColumnReaderImpl<T>,
    ) -> std::result::Result<(), Fault>
    where
        T::T: Show,
    {
        let (mut levels, mut repeats, mut values) = (Vec::new(), Vec::new(), Vec::<T::T>::new());
        let mut batch = BATCH_RECORDS_FIRST;
        loop {
            levels.clear();
            repeats.clear();
            values.clear();
            // never beyond the open page: values of many pages would be held at a time
            let want = batch.min(self.left.load(Ordering::Relaxed)).max(1);
            let (records, _, count) =
                reader.read_records(want, Some(&mut levels), Some(&mut repeats), &mut values)?;
            if count == 0 {
                break;
            }
            self.take(count);
            if let Some(keys) = &mut self.keys {
                keys.read(want)?;
            }
            let bytes = if self.repeated {
                self.tell_repeated(&levels, &repeats, &values)?
            } else {
                self.tell_flat(&levels, &values, count)?
            };
            if self.seen > self.records {
                return Err(miscounted());
            }
            let each = (bytes / records.max(1) as u64).max(1);
            let fits = (BATCH_BYTES / each).clamp(1, BATCH_RECORDS_MAX as u64) as usize;
            batch = fits.min(batch * 4);
        }
        match self.seen == self.records {
            true => Ok(()),
            false => Err(miscounted()),
        }
    }

    fn take(&self, levels: usize) {
        let left = self.left.load(Ordering::Relaxed);
        self.left
            .store(left.saturating_sub(levels), Ordering::Relaxed);
    }

    /// One level for each record. Returns bytes of text told.
    fn tell_flat<V: Show>(
        &mut self,
        levels: &[i16],
        values: &[V],
        count: usize,
    ) -> std::result::Result<u64, Failure> {
        let first = self.first + self.seen;
        self.seen += count as u64;
        let mut bytes = 0;
        let mut tell = |record: usize, value: &V| -> std::result::Result<(), Failure> {
            match value.show(self.kind, &mut self.buffer) {
                Some(text) if !text.is_empty() => {
                    bytes += text.len() as u64;
                    self.out
                        .value(first + record as u64, self.column, None, text)
                }
                _ => Ok(()),
            }
        };
        if self.present == 0 || values.len() == count {
            for (record, value) in values.iter().enumerate() {
                tell(record, value)?;
            }
        } else {
            let mut values = values.iter();
            for (record, level) in levels.iter().enumerate() {
                if *level == self.present
                    && let Some(value) = values.next()
                {
                    tell(record, value)?;
                }
            }
        }
        Ok(bytes)
    }

    /// A record begins where the repetition level is 0; a level of n counts the nth index on.
    fn tell_repeated<V: Show>(
        &mut self,
        levels: &[i16],
        repeats: &[i16],
        values: &[V],
    ) -> std::result::Result<u64, Failure> {
        let mut bytes = 0;
        let mut values = values.iter();
        for (at, (level, repeat)) in levels.iter().zip(repeats).enumerate() {
            let depth = *repeat as usize;
            if depth == 0 {
                self.seen += 1;
            }
            for (nth, index) in self.field.indexes.iter().enumerate() {
                if let Element::Index(index) = &mut self.elements[*index] {
                    match (nth + 1).cmp(&depth) {
                        std::cmp::Ordering::Less => {}
                        std::cmp::Ordering::Equal => *index += 1,
                        std::cmp::Ordering::Greater => *index = 0,
                    }
                }
            }
            let key = match &mut self.keys {
                Some(keys) => keys.at(at).and_then(|k| std::str::from_utf8(k.data()).ok()),
                None => None,
            };
            if *level != self.present {
                continue;
            }
            let Some(value) = values.next() else { break };
            let Some(text) = value
                .show(self.kind, &mut self.buffer)
                .filter(|text| !text.is_empty())
            else {
                continue;
            };
            match (key, self.field.indexes.last()) {
                (Some(key), Some(last)) => {
                    let above = self.elements[..*last].iter().map(Element::step);
                    json_path::render_into(above.chain([Step::Name(key)]), &mut self.path);
                }
                _ => {
                    let steps = self.elements.iter().map(Element::step);
                    json_path::render_into(steps, &mut self.path);
                }
            }
            let text = match key {
                Some(key) if words::label(&mut self.labelled, key, text) => &self.labelled,
                _ => text,
            };
            let record = self.first + self.seen.saturating_sub(1);
            bytes += text.len() as u64;
            self.out
                .value(record, self.column, Some(&self.path), text)?;
        }
        // levels cost memory, too
        Ok(bytes.max(levels.len() as u64))
    }
}

/// Pages with an eye on how much of the open one is left.
struct Watched {
    pages: Box<dyn PageReader>,
    left: Arc<AtomicUsize>,
}

impl Iterator for Watched {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Watched {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        if let Some(page) = &page
            && page.is_data_page()
        {
            self.left
                .store(page.num_values() as usize, Ordering::Relaxed);
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.pages.at_record_boundary()
    }
}
