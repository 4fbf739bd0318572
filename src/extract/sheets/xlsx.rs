//! Office Open XML workbooks, in XML and in binary form: cells as they stream out of the library.

use std::sync::Arc;

use calamine::{DataRef, Reader, Xlsb, Xlsx, XlsxFormulaMetadata};

use super::grid::Grid;
use super::shown::{self, Pattern};
use super::{borne, failure, has_cells, literals};
use crate::extract::watched::{Lost, Watched};
use crate::extract::{Failure, Out};
use crate::model::{ReadAt, Reason};

pub(super) fn read(source: &Arc<dyn ReadAt>, out: &mut dyn Out) -> Result<(), Failure> {
    let reader = Watched::new(source);
    let lost = reader.lost();
    let mut book =
        Xlsx::new(reader).map_err(|e| failure(&e, &lost, "the list of sheets or texts"))?;
    let sheets = sheets(&book);
    let told = !sheets.is_empty();
    for (at, name) in sheets {
        let what = format!("sheet {}", at + 1);
        let told = sheet(&mut book, &name, &what, &lost, out);
        borne(told, out)?;
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

/// Tells a sheet. The library gives out either the style of a cell or its formula: where styles put
/// digits into places, the sheet is gone through once for each.
fn sheet(
    book: &mut Xlsx<Watched>,
    name: &str,
    what: &str,
    lost: &Lost,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    let mut grid = Grid::new(name, out);
    let mut formulas = Vec::new();
    let told = match patterns(book, name, what, lost) {
        Ok(patterns) if patterns.is_empty() => {
            with_formulas(book, name, what, lost, &mut formulas, Some(&mut grid))
        }
        Ok(patterns) => with_styles(book, name, what, lost, &patterns, &mut grid)
            .and_then(|()| with_formulas(book, name, what, lost, &mut formulas, None)),
        Err(failure) => Err(failure),
    };
    // what came before the fault counts
    grid.end()?;
    for (row, column, formula) in formulas {
        out.cell(row, column, &formula)?;
    }
    told
}

/// The patterns of the styles, by their number; none where no style has one.
fn patterns(
    book: &mut Xlsx<Watched>,
    name: &str,
    what: &str,
    lost: &Lost,
) -> Result<Vec<Option<Pattern>>, Failure> {
    let reader = book
        .worksheet_cells_reader(name)
        .map_err(|e| failure(&e, lost, what))?;
    let patterns: Vec<Option<Pattern>> = reader
        .styles()
        .iter()
        .map(|style| Pattern::of(&style.number_format.as_ref()?.format_code))
        .collect();
    match patterns.iter().any(Option::is_some) {
        true => Ok(patterns),
        false => Ok(Vec::new()),
    }
}

fn with_styles(
    book: &mut Xlsx<Watched>,
    name: &str,
    what: &str,
    lost: &Lost,
    patterns: &[Option<Pattern>],
    grid: &mut Grid<'_>,
) -> Result<(), Failure> {
    let mut buffer = String::new();
    let mut reader = book
        .worksheet_cells_reader(name)
        .map_err(|e| failure(&e, lost, what))?;
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
}

/// Text of formulas that is kept of a sheet.
const FORMULA_BYTES_MAX: usize = 16 << 20;

/// Finds formulas whose literals their values do not show, and tells the values to `grid`.
fn with_formulas(
    book: &mut Xlsx<Watched>,
    name: &str,
    what: &str,
    lost: &Lost,
    formulas: &mut Vec<(u64, u32, String)>,
    mut grid: Option<&mut Grid<'_>>,
) -> Result<(), Failure> {
    let (mut buffer, mut kept) = (String::new(), 0);
    let mut reader = book
        .worksheet_cells_reader(name)
        .map_err(|e| failure(&e, lost, what))?;
    loop {
        let cell = reader
            .next_cell_with_formula_metadata()
            .map_err(|e| failure(&e, lost, what))?;
        let Some(cell) = cell else { break };
        let (row, column) = cell.pos;
        let shown = shown::show(&cell.value, &mut buffer);
        if let (Some(grid), Some((text, is_text))) = (&mut grid, shown) {
            grid.cell(row, column, text, is_text)?;
        }
        let (Some(XlsxFormulaMetadata::Normal { formula })
        | Some(XlsxFormulaMetadata::Shared { formula, .. })) = &cell.formula
        else {
            continue;
        };
        if literals(formula, shown.map_or("", |(text, _)| text)) {
            let at = u64::from(row) + 1;
            kept += formula.len();
            if kept <= FORMULA_BYTES_MAX {
                formulas.push((at, column, formula.clone()));
            }
        }
    }
    match kept > FORMULA_BYTES_MAX {
        true => Err(Failure::broken(
            Reason::MalformedOrFileSizeExceedsLimit,
            format!(
                "{what} has more than {} MiB of formulas with texts or numbers in them",
                FORMULA_BYTES_MAX >> 20
            ),
        )),
        false => Ok(()),
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
