//! Workbooks before Office Open XML. The library holds such a workbook as a whole, and each sheet as
//! a rectangle of cells; what that may take is bounded by the process.

use std::sync::Arc;

use calamine::{Reader, Xls};

use super::grid::Grid;
use super::{borne, broken, failure, has_cells, literals, notes, shown};
use crate::extract::watched::Watched;
use crate::extract::{Bounds, Failure, Out};
use crate::model::{ReadAt, Reason};

/// Largest file that is read: Excel itself ends at 65,536 rows a sheet.
const FILE_BYTES_MAX: u64 = 256 << 20;

pub(in crate::extract) fn read(
    source: &Arc<dyn ReadAt>,
    _bounds: &Bounds,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    out.mime("application/vnd.ms-excel")?;
    if source.size() > FILE_BYTES_MAX {
        return Err(Failure::broken(
            Reason::FileExceedsSizeLimit,
            format!(
                "a workbook of {} MiB is more than {} MiB; save it as xlsx to have it read",
                source.size() >> 20,
                FILE_BYTES_MAX >> 20
            ),
        ));
    }
    let reader = Watched::new(source);
    let lost = reader.lost();
    let mut book = Xls::new(reader).map_err(|e| failure(&e, &lost, "a sheet or the texts"))?;
    let sheets: Vec<_> = book
        .sheets_metadata()
        .iter()
        .enumerate()
        .filter(|(_, sheet)| has_cells(sheet.typ))
        .map(|(at, sheet)| (at, sheet.name.clone()))
        .collect();
    let mut notes = notes::read(source, FILE_BYTES_MAX);
    let told = !sheets.is_empty();
    for (number, name) in &sheets {
        let what = format!("sheet {}", number + 1);
        let mut buffer = String::new();
        let mut grid = Grid::new(name, out);
        let range = book
            .worksheet_range(name)
            .map_err(|e| failure(&e, &lost, &what));
        let range = match range {
            Ok(range) => range,
            Err(failure) => {
                grid.end()?;
                borne(Err(failure), out)?;
                continue;
            }
        };
        let start = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let (row, column) = (start.0 + row as u32, start.1 + column as u32);
            if let Some((text, is_text)) = shown::show_owned(value, &mut buffer) {
                grid.cell(row, column, text, is_text)?;
            }
        }
        grid.end()?;
        let formulas = book
            .worksheet_formula(name)
            .map_err(|_| broken(&lost, &what))?;
        let start = formulas.start().unwrap_or_default();
        for (row, column, formula) in formulas.used_cells() {
            let at = (start.0 + row as u32, start.1 + column as u32);
            let value = range.get_value(at);
            let value = value
                .and_then(|value| shown::show_owned(value, &mut buffer))
                .map_or("", |(text, _)| text);
            if literals(formula, value) {
                out.cell(u64::from(at.0) + 1, at.1, formula)?;
            }
        }
        for note in notes.remove(number).into_iter().flatten() {
            for text in [&note.author, &note.text] {
                if !text.trim().is_empty() {
                    out.cell(u64::from(note.row) + 1, note.column, text.trim())?;
                }
            }
        }
    }
    if told {
        out.table_end()?;
    }
    let properties = book
        .workbook_properties()
        .map_err(|e| failure(&e, &lost, "the properties"));
    let properties = match properties {
        Ok(properties) => properties,
        Err(failure) => return borne(Err(failure), out),
    };
    let named = [
        ("creator", properties.creator),
        ("lastModifiedBy", properties.last_modified_by),
        ("title", properties.title),
        ("subject", properties.subject),
        ("description", properties.description),
        ("keywords", properties.keywords),
        ("category", properties.category),
        ("company", properties.company),
        ("manager", properties.manager),
    ];
    for (name, value) in named {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            out.line(&format!("{name}: {value}"))?;
        }
    }
    let mut custom: Vec<_> = properties.custom_properties.into_iter().collect();
    custom.sort();
    for (name, value) in custom {
        out.line(&format!("{name}: {value}"))?;
    }
    Ok(())
}
