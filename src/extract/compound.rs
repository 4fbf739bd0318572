//! Compound files: tells documents, workbooks and mails before Office Open XML apart by their streams
//! and hands each to its parser.

use std::io;
use std::sync::Arc;

use cfb::CompoundFile;

use super::{Bounds, Failure, Out, SeekAt, sheets};
use crate::model::{ReadAt, Reason};

/// Reads a compound file.
///
/// [`Failure::NotThis`]: its streams are of no kind that is read.
pub fn read(source: &Arc<dyn ReadAt>, bounds: &Bounds, out: &mut dyn Out) -> Result<(), Failure> {
    let compound = CompoundFile::open(SeekAt::new(source)).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Failure::broken(
            Reason::MalformedOrFileSizeExceedsLimit,
            format!("the compound file is broken: {error}"),
        ),
        _ => Failure::Source(error),
    })?;
    if compound.is_stream("/Workbook") || compound.is_stream("/Book") {
        drop(compound);
        return sheets::read_xls(source, bounds, out);
    }
    if compound.is_stream("/EncryptionInfo") || compound.is_stream("/EncryptedPackage") {
        return Err(Failure::broken(
            Reason::InvalidEncryption,
            "the office file is locked with a password",
        ));
    }
    Err(Failure::not_this("a compound file of another kind"))
}
