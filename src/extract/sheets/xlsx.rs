//! Office Open XML workbooks, in XML and in binary form: cells as they stream out of the library.

use std::sync::Arc;

use calamine::{DataRef, Reader, Xlsb, Xlsx, XlsxFormulaMetadata};

use super::grid::Grid;
use super::shown::{self, Pattern};
use super::{borne, failure, has_cells, literals};
use crate::extract::watched::{Lost, Watched};
use crate::extract::{Failure, Out};
use crate::model::ReadAt;

pub(super) fn read(source: &Arc<dyn ReadAt>, out: &mut dyn Out) -> Result<(), Failure> {
    let reader = Watched::new(source);
    let lost = reader.lost();
    let mut book =
        Xlsx::new(reader).map_err(|e| failure(&e, &lost, "the list of sheets or texts"))?;
    let sheets = sheets(&book);
    let told = !sheets.is_empty();
    for (at, name) in sheets {
        let what = format!("sheet {}", at + 1);
        let formulas = cells(&mut book, &name, &what, &lost, out);
        let formulas = match formulas {
            Ok(()) => formulas_of(&mut book, &name, &what, &lost, out),
            Err(failure) => Err(failure),
        };
        borne(formulas, out)?;
    }
    if told { out.table_end() } else { Ok(()) }
}

/// Sheets with cells, by their number in the workbook.
fn sheets<B: Reader<Watched>>(book: &B) -> Vec<(usize, String)> {
    let sheets = book.sheets_metadata().iter().enumerate();
    sheets
        .filter(|(_, sheet)| has_cells(sheet.typ))
        .map(|(at, sheet)| (at, sheet.name.clone()))
        .collect()
}

fn cells(
    book: &mut Xlsx<Watched>,
    name: &str,
    what: &str,
    lost: &Lost,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    let mut grid = Grid::new(name, out);
    let mut buffer = String::new();
    let told = (|| {
        let mut reader = book
            .worksheet_cells_reader(name)
            .map_err(|e| failure(&e, lost, what))?;
        let patterns: Vec<Option<Pattern>> = reader
            .styles()
            .iter()
            .map(|style| Pattern::of(&style.number_format.as_ref()?.format_code))
            .collect();
        loop {
            let cell = reader
                .next_cell_with_style_id()
                .map_err(|e| failure(&e, lost, what))?;
            let Some((cell, style)) = cell else {
                return Ok(());
            };
            let (row, column) = cell.get_position();
            let value = cell.get_value();
            if let (DataRef::Float(number), Some(Some(pattern))) = (value, patterns.get(style)) {
                buffer.clear();
                if pattern.push(&mut buffer, *number) {
                    grid.cell(row, column, &buffer, false)?;
                    continue;
                }
            }
            if let Some((text, is_text)) = shown::show(value, &mut buffer) {
                grid.cell(row, column, text, is_text)?;
            }
        }
    })();
    // what came before the fault counts
    grid.end()?;
    told
}

/// Tells formulas whose literals their values do not show, at their cells.
fn formulas_of(
    book: &mut Xlsx<Watched>,
    name: &str,
    what: &str,
    lost: &Lost,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    let mut buffer = String::new();
    let mut reader = book
        .worksheet_cells_reader(name)
        .map_err(|e| failure(&e, lost, what))?;
    loop {
        let cell = reader
            .next_cell_with_formula_metadata()
            .map_err(|e| failure(&e, lost, what))?;
        let Some(cell) = cell else { return Ok(()) };
        let (Some(XlsxFormulaMetadata::Normal { formula })
        | Some(XlsxFormulaMetadata::Shared { formula, .. })) = &cell.formula
        else {
            continue;
        };
        let value = shown::show(&cell.value, &mut buffer).map_or("", |(text, _)| text);
        if literals(formula, value) {
            let (row, column) = cell.pos;
            out.cell(u64::from(row) + 1, column, formula)?;
        }
    }
}

/// The binary form, whose formulas have no text of their own: the library makes one.
pub(super) fn read_binary(source: &Arc<dyn ReadAt>, out: &mut dyn Out) -> Result<(), Failure> {
    let reader = Watched::new(source);
    let lost = reader.lost();
    let mut book =
        Xlsb::new(reader).map_err(|e| failure(&e, &lost, "the list of sheets or texts"))?;
    let sheets = sheets(&book);
    let told = !sheets.is_empty();
    for (at, name) in sheets {
        let what = format!("sheet {}", at + 1);
        let mut grid = Grid::new(&name, out);
        let mut buffer = String::new();
        let cells = (|| {
            let mut reader = book
                .worksheet_cells_reader(&name)
                .map_err(|e| failure(&e, &lost, &what))?;
            while let Some(cell) = reader.next_cell().map_err(|e| failure(&e, &lost, &what))? {
                let (row, column) = cell.get_position();
                if let Some((text, is_text)) = shown::show(cell.get_value(), &mut buffer) {
                    grid.cell(row, column, text, is_text)?;
                }
            }
            Ok(())
        })();
        grid.end()?;
        let formulas = cells.and_then(|()| {
            let mut reader = book
                .worksheet_cells_reader(&name)
                .map_err(|e| failure(&e, &lost, &what))?;
            while let Some(cell) = reader
                .next_formula()
                .map_err(|e| failure(&e, &lost, &what))?
            {
                let (row, column) = cell.get_position();
                // the value is told, and not known here: its literals may be told again
                if literals(cell.get_value(), "") {
                    out.cell(u64::from(row) + 1, column, cell.get_value())?;
                }
            }
            Ok(())
        });
        borne(formulas, out)?;
    }
    if told { out.table_end() } else { Ok(()) }
}
