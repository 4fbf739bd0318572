//! Workbooks: the cells of every sheet, hidden ones too, as people see them, with comments, literals
//! of formulas and properties. Not read: truth values and errors in cells.
//!
//! Excel's formats are read by the library for them, cell by cell where it can; OpenDocument sheets,
//! which the library would lay out as a whole, are read here as they come.

mod around;
mod grid;
mod notes;
mod ods;
mod shown;
mod xls;
mod xlsx;

use std::sync::Arc;

use calamine::{SheetType, XlsError, XlsbError, XlsxError};
use zip::ZipArchive;

use super::package::Package;
use super::watched::{Lost, Watched};
use super::{Bounds, Failure, OFFICE_FREE_BYTES, Out};
use crate::model::{ReadAt, Reason};

pub(super) use self::xls::read as read_xls;

const XLSB: &str = "application/vnd.ms-excel.sheet.binary.macroenabled.12";
const ODF: &str = "application/vnd.oasis.opendocument.";

/// Reads a workbook that is a zip archive, of the kind that `mime` says, with `main` as its main part.
pub(super) fn read(
    source: &Arc<dyn ReadAt>,
    bounds: &Bounds,
    mime: &'static str,
    main: &str,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    out.mime(mime)?;
    if mime.starts_with(ODF) {
        return ods::read(Package::open(source, bounds)?, out);
    }
    check_sizes(source, bounds)?;
    match mime {
        XLSB => xlsx::read_binary(source, out)?,
        _ => xlsx::read(source, out)?,
    }
    around::read(Package::open(source, bounds)?, main, out)
}

/// The library reads parts by itself, never more of one than the directory says.
fn check_sizes(source: &Arc<dyn ReadAt>, bounds: &Bounds) -> Result<(), Failure> {
    let reader = Watched::new(source);
    let lost = reader.lost();
    let mut archive = ZipArchive::new(reader).map_err(|_| broken(&lost, "the directory"))?;
    let mut expanded = 0u64;
    for at in 0..archive.len() {
        let part = archive.by_index_raw(at);
        let part = part.map_err(|_| broken(&lost, "an entry of the directory"))?;
        expanded = expanded.saturating_add(part.size());
    }
    let stored = source.size().max(1);
    if expanded > bounds.office_bytes_max {
        return Err(Failure::broken(
            Reason::OoxmlUncompressedSizeExceedsLimit,
            format!(
                "the workbook of {stored} bytes expands to {expanded} bytes, more than {}",
                bounds.office_bytes_max
            ),
        ));
    }
    if expanded > OFFICE_FREE_BYTES && expanded / bounds.office_ratio_max.max(1) > stored {
        return Err(Failure::broken(
            Reason::OoxmlUncompressedRatioExceedsLimit,
            format!(
                "the workbook of {stored} bytes expands to {expanded} bytes, more than {} times that",
                bounds.office_ratio_max
            ),
        ));
    }
    Ok(())
}

/// A part that cannot be read, or a source that failed.
fn broken(lost: &Lost, what: &str) -> Failure {
    match lost.take() {
        Some(error) => Failure::Source(error),
        None => Failure::broken(
            Reason::MalformedOrFileSizeExceedsLimit,
            format!("{what} of the workbook cannot be read"),
        ),
    }
}

fn locked() -> Failure {
    Failure::broken(
        Reason::InvalidEncryption,
        "the workbook is locked with a password",
    )
}

/// Errors of the library, by what they mean here.
trait Meant {
    fn is_locked(&self) -> bool;
}

impl Meant for XlsxError {
    fn is_locked(&self) -> bool {
        matches!(self, XlsxError::Password)
    }
}

impl Meant for XlsbError {
    fn is_locked(&self) -> bool {
        matches!(self, XlsbError::Password)
    }
}

impl Meant for XlsError {
    fn is_locked(&self) -> bool {
        matches!(self, XlsError::Password)
    }
}

fn failure(error: &impl Meant, lost: &Lost, what: &str) -> Failure {
    match error.is_locked() {
        true => locked(),
        false => broken(lost, what),
    }
}

/// Sheets that are no drawings, dialogs or programs have cells.
fn has_cells(kind: SheetType) -> bool {
    matches!(kind, SheetType::WorkSheet | SheetType::MacroSheet)
}

/// A sheet that cannot be read to its end is a gap, and the next is read.
fn borne(result: Result<(), Failure>, out: &mut dyn Out) -> Result<(), Failure> {
    match result {
        Err(Failure::Broken { reason, detail }) => out.gap(reason, &detail),
        result => result,
    }
}

/// The literals of a formula that its value does not show: texts between quotes and long numbers.
fn literals(formula: &str, value: &str) -> bool {
    let mut rest = formula;
    let mut outside = String::new();
    while let Some((before, after)) = rest.split_once('"') {
        outside.push_str(before);
        outside.push(' ');
        let (text, behind) = after.split_once('"').unwrap_or((after, ""));
        if text.trim().len() > 2 && !value.contains(text) {
            return true;
        }
        rest = behind;
    }
    outside.push_str(rest);
    outside
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '$')
        .any(|word| {
            word.len() > 5 && word.bytes().all(|b| b.is_ascii_digit()) && !value.contains(word)
        })
}

#[cfg(test)]
mod tests;
