//! Parquet: values by column, row group by row group, with record numbers over the whole file.
//!
//! The library decodes pages; here is what its values mean, where they stand and what a file may ask
//! for. Not read: truth values, spans of time and shapes on a map, in which no detector could find
//! anything, and bytes that are no text.

mod column;
mod fields;
mod locks;
mod source;
mod text;

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetStatisticsPolicy;
use parquet::file::reader::{ChunkReader, FileReader, Length};
use parquet::file::serialized_reader::{ReadOptionsBuilder, SerializedFileReader};

use self::column::{Chunk, Fault};
use self::fields::Field;
use self::source::Source;
use self::text::Kind;
use super::{Bounds, Column, Failure, Out, Table};
use crate::model::{ReadAt, Reason};

/// Column chunks whose fault is told one by one; of further ones, their number is.
const FAULTS_MAX: usize = 20;
/// Entry of the metadata that repeats the schema in another form, packed.
const PACKED_SCHEMA: &str = "ARROW:schema";

pub(super) fn read(
    source: &Arc<dyn ReadAt>,
    _bounds: &Bounds,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    let source = Source::new(source);
    let footer = footer(&source)?;
    let locked = locks::encrypted(&footer);
    drop(footer);
    let options = ReadOptionsBuilder::new()
        .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .build();
    let file = SerializedFileReader::new_with_options(source.clone(), options)
        .map_err(|e| whole(&source, e, "the footer cannot be read"))?;
    let metadata = file.metadata().file_metadata();
    for entry in metadata.key_value_metadata().into_iter().flatten() {
        if let Some(value) = &entry.value
            && entry.key != PACKED_SCHEMA
        {
            out.line(&format!("{}: {value}", entry.key))?;
        }
    }
    let schema = metadata.schema_descr();
    let fields = fields::fields(schema)
        .ok_or_else(|| Failure::malformed("the schema is nested too deeply"))?;
    let columns: Vec<Column> = fields.iter().map(|f| f.column.clone()).collect();
    out.table(Table::Records, None, &columns)?;
    let mut reader = Reader {
        source: source.clone(),
        file: &file,
        fields,
        locked,
        faults: 0,
    };
    let mut first = 0u64;
    for group in 0..file.num_row_groups() {
        let records = u64::try_from(file.metadata().row_group(group).num_rows())
            .map_err(|_| Failure::malformed("a row group has less than no rows"))?;
        reader.row_group(group, first, records, out)?;
        first = first
            .checked_add(records)
            .ok_or_else(|| Failure::malformed("more rows than can be counted"))?;
    }
    out.table_end()?;
    reader.rest(out)
}

/// The footer, after the marks at both ends are looked at.
fn footer(source: &Source) -> Result<bytes::Bytes, Failure> {
    let size = source.len();
    let (mut head, mut tail) = ([0; 4], [0; 8]);
    let read = source.read_at(0, &mut head).map_err(Failure::Source)?;
    if read < 4 || !matches!(&head, b"PAR1" | b"PARE") {
        return Err(Failure::not_this("no mark of Parquet"));
    }
    if size < 12 {
        return Err(Failure::malformed("the file ends before its footer"));
    }
    source
        .read_at(size - 8, &mut tail)
        .map_err(Failure::Source)?;
    match &tail[4..] {
        b"PARE" => {
            return Err(Failure::broken(
                Reason::InvalidEncryption,
                "the footer is encrypted; magpie reads only files without encryption",
            ));
        }
        b"PAR1" => {}
        _ => {
            return Err(Failure::malformed(
                "there is no footer at the end: the file is cut or something follows it",
            ));
        }
    }
    let length = u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]);
    let start = (size - 8)
        .checked_sub(u64::from(length))
        .ok_or_else(|| Failure::malformed("the footer claims to be longer than the file"))?;
    source
        .get_bytes(start, length as usize)
        .map_err(|e| whole(source, e, "the footer cannot be read"))
}

/// An error that ends the reading of the file.
fn whole(source: &Source, error: ParquetError, what: &str) -> Failure {
    match (source.lost(), error) {
        (Some(lost), _) => Failure::Source(lost),
        (None, ParquetError::NYI(detail)) => Failure::malformed(format!("{what}: {detail}")),
        (None, _) => Failure::malformed(what.to_owned()),
    }
}

fn gave_up() -> Fault {
    Fault::Unread(
        Reason::MalformedFile,
        "cannot be decoded: the decoder met what it did not expect".to_owned(),
    )
}

struct Reader<'a> {
    source: Source,
    file: &'a SerializedFileReader<Source>,
    fields: Vec<Field>,
    locked: HashSet<(usize, usize)>,
    faults: usize,
}

impl Reader<'_> {
    fn row_group(
        &mut self,
        group: usize,
        first: u64,
        records: u64,
        out: &mut dyn Out,
    ) -> Result<(), Failure> {
        let metadata = self.file.metadata().row_group(group);
        if metadata.num_columns() != self.fields.len() {
            return Err(Failure::malformed(format!(
                "row group {} has {} columns, the schema {}",
                group + 1,
                metadata.num_columns(),
                self.fields.len()
            )));
        }
        for column in 0..self.fields.len() {
            // a decoder that panics costs its column alone
            let told = catch_unwind(AssertUnwindSafe(|| {
                self.column(group, column, first, records, out)
            }));
            let (reason, what) = match told.unwrap_or_else(|_| Err(gave_up())) {
                Ok(()) => continue,
                Err(Fault::Whole(failure)) => return Err(failure),
                Err(Fault::Unread(reason, what)) => (reason, what),
                Err(Fault::Column(error)) => match (self.source.lost(), error) {
                    (Some(lost), _) => return Err(Failure::Source(lost)),
                    (None, ParquetError::NYI(detail)) => {
                        (Reason::MalformedFile, format!("is not read: {detail}"))
                    }
                    (None, _) => (
                        Reason::MalformedFile,
                        "cannot be decoded to its end".to_owned(),
                    ),
                },
            };
            self.fault(group, column, reason, &what, out)?;
        }
        Ok(())
    }

    fn column(
        &self,
        group: usize,
        column: usize,
        first: u64,
        records: u64,
        out: &mut dyn Out,
    ) -> Result<(), Fault> {
        let unread = |reason, what: &str| Err(Fault::Unread(reason, what.to_owned()));
        let metadata = self.file.metadata().row_group(group);
        let field = &self.fields[column];
        let descriptor = metadata.column(column).column_descr_ptr();
        let kind = text::kind(&descriptor);
        if kind == Kind::Silent && !field.variant {
            return Ok(());
        }
        if self.locked.contains(&(group, column)) {
            return unread(Reason::InvalidEncryption, "is encrypted");
        }
        if field.variant || kind == Kind::Bson {
            let what = if field.variant { "VARIANT" } else { "BSON" };
            let detail = format!("is of type {what}, which is not read");
            return unread(Reason::UnsupportedFileTypeException, &detail);
        }
        if metadata.column(column).file_path().is_some() {
            return unread(Reason::MalformedFile, "is in another file");
        }
        // the library would panic
        let sane = |column: usize| {
            let chunk = metadata.column(column);
            let start = chunk
                .dictionary_page_offset()
                .unwrap_or(chunk.data_page_offset());
            start >= 0 && chunk.compressed_size() >= 0
        };
        if !sane(column) || field.keys.is_some_and(|keys| !sane(keys)) {
            return unread(Reason::MalformedFile, "has a place that no file has");
        }
        let pages = self.file.get_row_group(group)?;
        let keys = match field
            .keys
            .filter(|keys| !self.locked.contains(&(group, *keys)))
        {
            Some(keys) => Some((
                metadata.column(keys).column_descr_ptr(),
                pages.get_column_page_reader(keys)?,
            )),
            None => None,
        };
        Chunk {
            field,
            kind,
            column: column as u32,
            first,
            records,
            descriptor,
            pages: pages.get_column_page_reader(column)?,
            keys,
        }
        .tell(out)
    }

    /// A column chunk that is not read, or not to its end.
    fn fault(
        &mut self,
        group: usize,
        column: usize,
        reason: Reason,
        what: &str,
        out: &mut dyn Out,
    ) -> Result<(), Failure> {
        self.faults += 1;
        if self.faults > FAULTS_MAX {
            return Ok(());
        }
        let (column, group) = (column + 1, group + 1);
        out.gap(
            reason,
            &format!("column {column} of row group {group} {what}"),
        )
    }

    fn rest(&self, out: &mut dyn Out) -> Result<(), Failure> {
        match self.faults.saturating_sub(FAULTS_MAX) {
            0 => Ok(()),
            more => out.gap(
                Reason::MalformedFile,
                &format!("{more} more columns of row groups are not read to their end"),
            ),
        }
    }
}

#[cfg(test)]
mod tests;
