//! Running text with tables in it, as documents have them: told in order, with the columns of a table
//! named by its first row where that plainly holds names.
//!
//! Tables may be nested: the text of an inner table is told before the row that it stands in.

use super::{Column, Failure, Out, Table};

/// Characters of the name of a column at most.
const NAME_CHARS_MAX: usize = 40;
/// Columns that are named.
const COLUMNS_MAX: u32 = 4_096;
/// Bytes of a line beyond which it is told in pieces.
pub const LINE_BYTES_MAX: usize = 4 << 20;
/// Bytes of the first rows of a table that are kept until its columns are known.
const KEPT_BYTES_MAX: usize = 1 << 20;

/// Words of which the names of columns are made.
const NAME_WORDS: &[&str] = &[
    "account",
    "address",
    "amount",
    "balance",
    "bank",
    "birth",
    "birthdate",
    "born",
    "card",
    "city",
    "code",
    "comment",
    "company",
    "contact",
    "country",
    "county",
    "currency",
    "customer",
    "date",
    "department",
    "description",
    "dob",
    "email",
    "employee",
    "expiry",
    "first",
    "forename",
    "gender",
    "given",
    "iban",
    "id",
    "identifier",
    "item",
    "key",
    "last",
    "licence",
    "license",
    "mail",
    "mobile",
    "name",
    "nationality",
    "no",
    "no.",
    "note",
    "notes",
    "number",
    "passport",
    "password",
    "patient",
    "phone",
    "position",
    "postcode",
    "price",
    "quantity",
    "reference",
    "role",
    "salary",
    "secret",
    "sex",
    "social",
    "ssn",
    "state",
    "status",
    "street",
    "surname",
    "tax",
    "tel",
    "telephone",
    "title",
    "token",
    "total",
    "type",
    "user",
    "username",
    "value",
    "vat",
    "zip",
];

/// Tells lines and tables to an [`Out`].
pub struct Body<'a> {
    out: &'a mut dyn Out,
    /// Tables that have begun, outermost first.
    nest: Vec<Grid>,
    /// Number of the table that is open in `out`.
    open: Option<u64>,
    /// Tables that have begun so far.
    begun: u64,
}

impl std::fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Body").finish_non_exhaustive()
    }
}

/// A table that has begun.
#[derive(Debug)]
struct Grid {
    number: u64,
    /// 1-based number of the row that is open.
    row: u64,
    /// Cells told before the columns are known.
    kept: Vec<(u64, u32, String)>,
    kept_bytes: usize,
    /// What the document says of its first row.
    has_header: bool,
    columns: Option<Vec<Column>>,
}

impl<'a> Body<'a> {
    pub fn new(out: &'a mut dyn Out) -> Self {
        Body {
            out,
            nest: Vec::new(),
            open: None,
            begun: 0,
        }
    }

    /// What is told besides lines and tables. No table is open then.
    pub fn out(&mut self) -> Result<&mut dyn Out, Failure> {
        self.close()?;
        Ok(&mut *self.out)
    }

    /// A paragraph outside tables; within one, it closes the table until its next cell.
    pub fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.close()?;
        self.out.line(text)
    }

    /// Addresses that a paragraph links to, as lines, but for those that it shows.
    pub fn links(&mut self, shown: &str, targets: &mut Vec<String>) -> Result<(), Failure> {
        for target in untold(shown, targets) {
            self.line(&target)?;
        }
        Ok(())
    }

    /// A table begins, within a cell where one is open.
    pub fn table(&mut self) {
        self.begun += 1;
        self.nest.push(Grid {
            number: self.begun,
            row: 0,
            kept: Vec::new(),
            kept_bytes: 0,
            has_header: false,
            columns: None,
        });
    }

    pub fn row(&mut self) -> Result<(), Failure> {
        let Some(grid) = self.nest.last_mut() else {
            return Ok(());
        };
        grid.row += 1;
        // Two rows are enough to tell names from values.
        let is_known = grid.columns.is_some();
        if grid.row > 2 && !is_known {
            self.settle()?;
        }
        Ok(())
    }

    /// The document says that the first row holds names.
    pub fn header(&mut self) {
        if let Some(grid) = self.nest.last_mut()
            && grid.row <= 1
        {
            grid.has_header = true;
        }
    }

    /// A cell of the open row. Outside a table it is a line.
    pub fn cell(&mut self, column: u32, text: &str) -> Result<(), Failure> {
        let Some(grid) = self.nest.last_mut() else {
            return self.line(text);
        };
        if text.trim().is_empty() {
            return Ok(());
        }
        grid.row = grid.row.max(1);
        let row = grid.row;
        if grid.columns.is_none() {
            grid.kept_bytes += text.len();
            grid.kept.push((row, column, text.to_owned()));
            if grid.kept_bytes > KEPT_BYTES_MAX {
                self.settle()?;
            }
            return Ok(());
        }
        self.reopen()?;
        self.out.cell(row, column, text)
    }

    /// The innermost table ends.
    pub fn table_end(&mut self) -> Result<(), Failure> {
        self.settle()?;
        self.nest.pop();
        match self.nest.is_empty() {
            true => self.close(),
            false => Ok(()),
        }
    }

    /// Ends all tables, as at the end of a part.
    pub fn end(&mut self) -> Result<(), Failure> {
        while !self.nest.is_empty() {
            self.table_end()?;
        }
        self.close()
    }

    fn close(&mut self) -> Result<(), Failure> {
        match self.open.take() {
            Some(_) => self.out.table_end(),
            None => Ok(()),
        }
    }

    /// Opens the innermost table again after another.
    fn reopen(&mut self) -> Result<(), Failure> {
        let Some(grid) = self.nest.last() else {
            return Ok(());
        };
        if self.open == Some(grid.number) {
            return Ok(());
        }
        let columns = grid.columns.as_deref().unwrap_or_default();
        let header_row = (!columns.is_empty()).then_some(1);
        let name = format!("table {}", grid.number);
        self.open = Some(grid.number);
        self.out.table(Table::Named(&name), header_row, columns)
    }

    /// Decides on the names of the columns and tells the cells kept.
    fn settle(&mut self) -> Result<(), Failure> {
        let Some(grid) = self.nest.last_mut() else {
            return Ok(());
        };
        if grid.columns.is_some() {
            return Ok(());
        }
        let kept = std::mem::take(&mut grid.kept);
        grid.columns = Some(match has_names(&kept, grid.has_header) {
            true => names(&kept),
            false => Vec::new(),
        });
        if kept.is_empty() {
            return Ok(());
        }
        self.reopen()?;
        for (row, column, text) in &kept {
            self.out.cell(*row, *column, text)?;
        }
        Ok(())
    }
}

/// The addresses that do not stand in the text that links to them; none is left.
pub fn untold(shown: &str, targets: &mut Vec<String>) -> Vec<String> {
    /// Addresses that are compared, as each is looked for in all of the text.
    const COMPARED_MAX: usize = 200;
    let mut left = std::mem::take(targets);
    let mut compared = 0;
    left.retain(|target| {
        compared += 1;
        let shown_as = target.strip_prefix("mailto:").unwrap_or(target);
        compared > COMPARED_MAX || !shown.contains(shown_as)
    });
    left
}

/// Addresses that stand in quotation marks in the code of a field.
pub fn quoted(code: &str) -> impl Iterator<Item = String> {
    code.split('"')
        .skip(1)
        .step_by(2)
        .filter(|text| text.contains(['@', ':', '/']))
        .map(str::to_owned)
}

/// The first row plainly holds names. `told`: the document says so, which leaves less to ask.
fn has_names(kept: &[(u64, u32, String)], told: bool) -> bool {
    let first: Vec<&str> = kept
        .iter()
        .take_while(|(row, ..)| *row == 1)
        .map(|(.., text)| text.trim())
        .collect();
    match kept.get(first.len()) {
        Some((row, _, below)) if *row > 1 => match told {
            true => !first.is_empty() && first.iter().all(|text| reads_like_name(text)),
            false => are_names(&first, below),
        },
        _ => false,
    }
}

/// The cells of a row plainly are names: short words, most of them such as columns are called, and the
/// first cell below is none.
pub fn are_names(cells: &[&str], below: &str) -> bool {
    let known = cells.iter().filter(|text| is_known(text)).count();
    cells.len() > 1
        && cells.iter().all(|text| reads_like_name(text))
        && known * 3 >= cells.len() * 2
        && !is_known(below.trim())
}

fn reads_like_name(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.starts_with(char::is_alphabetic)
        && text.chars().count() <= NAME_CHARS_MAX
        && digits <= 2
        && !text.contains(['@', '\n'])
}

fn is_known(text: &str) -> bool {
    reads_like_name(text)
        && text
            .to_lowercase()
            .split([' ', '_', '/', '-', ':', '(', ')'])
            .any(|word| NAME_WORDS.binary_search(&word).is_ok())
}

fn names(kept: &[(u64, u32, String)]) -> Vec<Column> {
    let first = kept.iter().take_while(|(row, ..)| *row == 1);
    let mut columns = Vec::new();
    for (_, column, text) in first.filter(|(_, column, _)| *column < COLUMNS_MAX) {
        let column = *column as usize;
        if columns.len() <= column {
            columns.resize(column + 1, Column::default());
        }
        text.trim().clone_into(&mut columns[column].name);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::super::recorded::{Recorded, Told};
    use super::*;

    fn told(rows: &[&[&str]]) -> (Option<u64>, Vec<String>) {
        let mut out = Recorded::default();
        let mut body = Body::new(&mut out);
        body.table();
        for row in rows {
            body.row().unwrap();
            for (column, text) in row.iter().enumerate() {
                body.cell(column as u32, text).unwrap();
            }
        }
        body.table_end().unwrap();
        let cells = rows.iter().flat_map(|row| row.iter()).count();
        assert_eq!(out.told.len(), cells + 2, "{:?}", out.told);
        match &out.told[0] {
            Told::Table {
                header_row,
                columns,
                ..
            } => (
                *header_row,
                columns.iter().map(|c| c.name.clone()).collect(),
            ),
            told => panic!("{told:?}"),
        }
    }

    #[test]
    fn words_are_in_order() {
        let mut sorted = NAME_WORDS.to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, NAME_WORDS);
    }

    #[test]
    fn columns_are_named_where_the_first_row_plainly_holds_names() {
        let named = |names: &[&str]| {
            let names = names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
            (Some(1), names)
        };
        let none = (None, Vec::new());
        let rows: &[&[&str]] = &[&["Name", "SSN"], &["Martha Rivera", "116-88-2993"]];
        assert_eq!(told(rows), named(&["Name", "SSN"]));
        let rows: &[&[&str]] = &[
            &["Full name", "Phone no.", "Shoe"],
            &["A B", "1", "x"],
            &["C", "2", "y"],
        ];
        assert_eq!(told(rows), named(&["Full name", "Phone no.", "Shoe"]));
        // Labels on the left are no names of columns.
        let rows: &[&[&str]] = &[&["Name", "Martha Rivera"], &["SSN", "116-88-2993"]];
        assert_eq!(told(rows), none);
        let rows: &[&[&str]] = &[&["Martha Rivera", "116-88-2993"], &["A B", "116-88-2994"]];
        assert_eq!(told(rows), none);
        let rows: &[&[&str]] = &[&["Name", "SSN"]];
        assert_eq!(told(rows), none);
    }

    #[test]
    fn inner_tables_come_before_the_row_they_stand_in() {
        let mut out = Recorded::default();
        let mut body = Body::new(&mut out);
        body.line("before").unwrap();
        body.table();
        for (row, text) in ["one", "two", "three"].iter().enumerate() {
            body.row().unwrap();
            if row == 2 {
                body.table();
                body.row().unwrap();
                body.cell(0, "inner").unwrap();
                body.table_end().unwrap();
            }
            body.cell(1, text).unwrap();
        }
        body.table_end().unwrap();
        body.line("after").unwrap();
        let shown: Vec<String> = out
            .told
            .iter()
            .map(|told| match told {
                Told::Line(text) => text.clone(),
                Told::Table { name, .. } => name.clone().unwrap(),
                Told::Cell(row, column, text) => format!("{row},{column} {text}"),
                told => format!("{told:?}"),
            })
            .collect();
        let expected = [
            "before",
            "table 1",
            "1,1 one",
            "2,1 two",
            "table 2",
            "1,0 inner",
            "table 1",
            "3,1 three",
            "TableEnd",
            "after",
        ];
        assert_eq!(shown, expected);
    }
}
