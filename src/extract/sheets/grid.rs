//! A sheet that comes cell by cell: finds the row that names the columns, then tells cells as they
//! come. Nothing is held but the first rows.

use crate::extract::{Column, Failure, Out, Table};

/// Rows that are looked at for names of columns.
const ROWS_HELD_MAX: usize = 6;
/// What is held while the names of columns are looked for: text, and so much for each cell.
const BYTES_HELD_MAX: usize = 4 << 20;
const CELL_BYTES: usize = 64;
/// Longest name of a column, in characters.
const NAME_CHARS_MAX: usize = 60;
const NAME_WORDS_MAX: usize = 6;

/// A cell as it is told. Row and column are 0-based.
#[derive(Clone, Debug)]
struct Cell {
    column: u32,
    text: String,
    is_text: bool,
}

struct Row {
    number: u32,
    cells: Vec<Cell>,
}

pub(super) struct Grid<'a> {
    name: &'a str,
    /// The first rows, until the table is told.
    held: Option<Vec<Row>>,
    bytes: usize,
    out: &'a mut dyn Out,
}

impl<'a> Grid<'a> {
    pub fn new(name: &'a str, out: &'a mut dyn Out) -> Self {
        Grid {
            name,
            held: Some(Vec::new()),
            bytes: 0,
            out,
        }
    }

    /// Takes a cell; `is_text`: it was written as text, not as a number or date. 0-based.
    pub fn cell(
        &mut self,
        row: u32,
        column: u32,
        text: &str,
        is_text: bool,
    ) -> Result<(), Failure> {
        if text.is_empty() {
            return Ok(());
        }
        let Some(rows) = &mut self.held else {
            return self.out.cell(u64::from(row) + 1, column, text);
        };
        let cell = Cell {
            column,
            text: text.to_owned(),
            is_text,
        };
        self.bytes += text.len() + CELL_BYTES;
        match rows.last_mut() {
            Some(last) if last.number == row => last.cells.push(cell),
            _ => rows.push(Row {
                number: row,
                cells: vec![cell],
            }),
        }
        match rows.len() > ROWS_HELD_MAX || self.bytes > BYTES_HELD_MAX {
            true => self.open(),
            false => Ok(()),
        }
    }

    /// The sheet ends. A sheet without cells is told as one.
    pub fn end(mut self) -> Result<(), Failure> {
        self.open()
    }

    fn open(&mut self) -> Result<(), Failure> {
        let Some(rows) = self.held.take() else {
            return Ok(());
        };
        let header = header(&rows);
        let mut columns = Vec::new();
        if let Some(header) = header {
            for cell in &rows[header].cells {
                let at = cell.column as usize;
                if columns.len() <= at {
                    columns.resize(at + 1, Column::default());
                }
                columns[at].name = cell.text.trim().to_owned();
            }
        }
        let header_row = header.map(|at| u64::from(rows[at].number) + 1);
        self.out
            .table(Table::Sheet(self.name), header_row, &columns)?;
        for row in &rows {
            for cell in &row.cells {
                self.out
                    .cell(u64::from(row.number) + 1, cell.column, &cell.text)?;
            }
        }
        Ok(())
    }
}

/// The first row that names columns: texts that read like names, each its own, over data that is about
/// as wide. A title above a table is narrower than the table.
fn header(rows: &[Row]) -> Option<usize> {
    (0..rows.len().saturating_sub(1)).find(|at| {
        let (row, below) = (&rows[*at], &rows[at + 1]);
        let wide = row.cells.len() * 2 > below.cells.len();
        let narrow = below.cells.len() * 4 >= row.cells.len();
        let mut names: Vec<_> = row.cells.iter().map(|c| c.text.to_lowercase()).collect();
        names.sort_unstable();
        names.dedup();
        below.number == row.number + 1
            && wide
            && narrow
            && names.len() == row.cells.len()
            && row.cells.iter().all(|c| c.is_text && is_name(&c.text))
    })
}

fn is_name(text: &str) -> bool {
    let text = text.trim();
    let mut digits = 0;
    let mut longest = 0;
    for c in text.chars() {
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        longest = longest.max(digits);
    }
    !text.is_empty()
        && text.chars().count() <= NAME_CHARS_MAX
        && text.split_whitespace().count() <= NAME_WORDS_MAX
        && longest < 4
        && !text.contains('@')
        && text.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::super::super::recorded::{Recorded, Told};
    use super::*;

    fn told(cells: &[(u32, u32, &str, bool)]) -> (Option<u64>, Vec<String>, usize) {
        let mut out = Recorded::default();
        let mut grid = Grid::new("s", &mut out);
        for (row, column, text, is_text) in cells {
            grid.cell(*row, *column, text, *is_text).unwrap();
        }
        grid.end().unwrap();
        let Told::Table {
            header_row,
            columns,
            ..
        } = &out.told[0]
        else {
            panic!("no table");
        };
        let names = columns.iter().map(|c| c.name.clone()).collect();
        (*header_row, names, out.told.len() - 1)
    }

    #[test]
    fn names_of_columns_are_found_below_a_title() {
        let (row, names, cells) = told(&[
            (1, 0, "Staff of the year", true),
            (3, 1, "name", true),
            (3, 3, "ssn", true),
            (4, 1, "Martha Hoffman", true),
            (4, 3, "123", false),
        ]);
        assert_eq!(row, Some(4));
        assert_eq!(names, ["", "name", "", "ssn"]);
        assert_eq!(cells, 5);
    }

    #[test]
    fn tables_without_names_have_none() {
        for first in [
            ("a", "a", true),
            ("a", "b", false),
            ("a", "me@example.com", true),
            ("a", "219-09-9123", true),
        ] {
            let (row, names, cells) = told(&[
                (0, 0, first.0, true),
                (0, 1, first.1, first.2),
                (1, 0, "c", true),
                (1, 1, "d", true),
            ]);
            assert_eq!((row, names.len(), cells), (None, 0, 4), "{first:?}");
        }
        assert_eq!(told(&[(0, 0, "name", true)]).0, None);
        assert_eq!(told(&[]).0, None);
    }

    #[test]
    fn many_cells_go_through() {
        let mut cells = Vec::new();
        for row in 0..100 {
            for column in 0..500 {
                cells.push((row, column, if row == 0 { "n" } else { "1" }, row == 0));
            }
        }
        assert_eq!(told(&cells).2, 50_000);
    }
}
