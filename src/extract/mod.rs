//! Documents to text: tables, pages and members out of files whose text does not stand in them as
//! such (Parquet, spreadsheets, PDF, ...).
//!
//! [`read`] reads one document with random access and tells an [`Out`] what is in it, in order: cells
//! of tables, values of records, lines of running text, at last the files it holds. Most parsers are
//! libraries that were not made for hostile input: they may panic, run for ever or ask for any
//! amount of memory. Therefore this part is called through a process of its own, which is left to
//! others, as is what is looked for in the text.

mod avro;
mod body;
mod code_page;
mod compound;
mod decoded;
mod doc;
#[cfg(test)]
mod documents;
mod docx;
mod failure;
mod flow;
mod format;
#[cfg(test)]
mod growth;
mod little;
mod odf;
mod office;
mod ooxml;
mod out;
mod package;
mod parquet;
mod parts;
mod pdf;
#[cfg(test)]
mod planted;
#[cfg(test)]
mod recorded;
mod rtf;
mod seek;
mod serve;
pub mod session;
mod sevenz;
mod sheets;
mod slides;
mod sqlite;
mod story;
mod watched;
pub mod wire;
mod words;
mod xml;

pub use failure::Failure;
pub use format::Format;
pub use out::{Column, Out, Table};
pub use seek::SeekAt;
pub use serve::serve;
pub use session::{InThread, Session, Workshop};

use std::sync::Arc;

use crate::model::ReadAt;

/// What one document may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Text and member bytes told of one document.
    pub bytes_max: u64,
    /// Bytes of the parts of an office file, expanded.
    pub office_bytes_max: u64,
    /// Expanded bytes of an office file for each stored byte, beyond [`OFFICE_FREE_BYTES`].
    pub office_ratio_max: u64,
}

/// Expanded bytes of an office file below which the ratio is not looked at.
pub const OFFICE_FREE_BYTES: u64 = 64 << 20;

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            bytes_max: 10 << 30,
            office_bytes_max: 3 << 30,
            office_ratio_max: 2_000,
        }
    }
}

/// Reads one document and tells `out` what is in it.
///
/// [`Failure::Broken`]: what was told before counts, the rest is unknown. May panic or run for long
/// on hostile input.
pub fn read(
    format: Format,
    source: &Arc<dyn ReadAt>,
    bounds: &Bounds,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    match format {
        Format::Avro => avro::read(source, bounds, out),
        Format::Parquet => parquet::read(source, bounds, out),
        Format::Sqlite => sqlite::read(source, bounds, out),
        Format::SevenZip => sevenz::read(source, bounds, out),
        Format::Office => office::read(source, bounds, out),
        Format::Pdf => pdf::read(source, out),
        Format::Rtf => rtf::read(source, out),
        Format::Compound => compound::read(source, bounds, out),
    }
}
