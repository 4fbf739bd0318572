//! OpenDocument workbooks, cell by cell as their XML comes: values, comments and links at their cells.
//!
//! Rows and cells that stand for many of the same are told [`COPIES_MAX`] times at most; empty ones
//! cost nothing.

use super::grid::Grid;
use super::{literals, locked, shown};
use crate::extract::body::Body;
use crate::extract::package::{Package, Part};
use crate::extract::xml::{Element, Node, Xml};
use crate::extract::{Failure, Out, parts, words};

/// Copies of a cell or a row that are told.
const COPIES_MAX: u32 = 100;
/// Text outside of cells that is kept until the sheets are told.
const LOOSE_BYTES_MAX: usize = 16 << 20;
/// Text of one cell.
const CELL_BYTES_MAX: usize = 16 << 20;
const CONTENT: &str = "content.xml";
const MANIFEST: &str = "META-INF/manifest.xml";

pub(super) fn read(mut package: Package, out: &mut dyn Out) -> Result<(), Failure> {
    if is_locked(&mut package)? {
        return Err(locked());
    }
    let loose = {
        let Some(part) = package.part(CONTENT)? else {
            return Err(Failure::malformed("the workbook has no content"));
        };
        let mut sheets = Sheets {
            xml: Xml::new(part),
            loose: Vec::new(),
            loose_bytes: 0,
            out: &mut *out,
        };
        let told = sheets.tell();
        let loose = std::mem::take(&mut sheets.loose);
        parts::borne(told, out)?;
        loose
    };
    for line in loose {
        out.line(&line)?;
    }
    for name in ["meta.xml", "styles.xml"] {
        let mut body = Body::new(out);
        let told = match name {
            "meta.xml" => parts::properties(&mut package, name, &mut body),
            // headers and footers
            _ => parts::data(&mut package, name, &mut body),
        };
        let ended = body.end();
        parts::borne(told.and(ended), out)?;
    }
    let members: Vec<String> = package
        .names()
        .filter(|name| name.starts_with("Object ") || name.starts_with("ObjectReplacements/"))
        .map(str::to_owned)
        .collect();
    for name in members {
        package.member(&name, out)?;
    }
    Ok(())
}

/// The manifest says which parts are encrypted.
fn is_locked(package: &mut Package) -> Result<bool, Failure> {
    let Some(part) = package.part(MANIFEST)? else {
        return Ok(false);
    };
    let mut xml = Xml::new(part);
    loop {
        match xml.next() {
            Ok(Node::Start(element)) if element.name() == "encryption-data" => return Ok(true),
            Ok(Node::Eof) | Err(_) => return Ok(false),
            Ok(_) => {}
        }
    }
}

struct Sheets<'a, 'p> {
    xml: Xml<Part<'p>>,
    /// Text that stands in no cell: shapes, headers.
    loose: Vec<String>,
    loose_bytes: usize,
    out: &'a mut dyn Out,
}

/// A cell that is read.
#[derive(Default)]
struct Cell {
    value: String,
    is_text: bool,
    /// Comments, links, literals of its formula.
    more: Vec<String>,
}

/// A cell and its copies to the right.
struct Run {
    column: u32,
    copies: u32,
    cell: Cell,
}

impl Run {
    fn tell(&self, row: u32, grid: &mut Grid<'_>) -> Result<(), Failure> {
        for copy in 0..self.copies.min(COPIES_MAX) {
            let column = self.column.saturating_add(copy);
            grid.cell(row, column, &self.cell.value, self.cell.is_text)?;
        }
        Ok(())
    }
}

/// What the start of a cell says.
struct Said {
    copies: u32,
    kind: String,
    value: Option<String>,
    formula: Option<String>,
}

fn copies(element: &Element<'_>, name: &str) -> u32 {
    let copies = element.attribute(name).and_then(|n| n.parse().ok());
    copies.unwrap_or(1)
}

impl Said {
    fn of(element: &Element<'_>) -> Self {
        let mut said = Said {
            copies: 1,
            kind: String::new(),
            value: None,
            formula: None,
        };
        for (name, value) in element.attributes() {
            match name {
                "number-columns-repeated" => said.copies = value.parse().unwrap_or(1),
                // of two attributes of this name, the one of the format comes first
                "value-type" if said.kind.is_empty() => said.kind = value,
                "value" | "date-value" | "time-value" | "string-value" => {
                    said.value = Some(value);
                }
                "formula" => said.formula = Some(value),
                _ => {}
            }
        }
        said
    }
}

impl Sheets<'_, '_> {
    fn fault(&self, error: &str) -> Failure {
        self.xml.inner().failure(&error)
    }

    fn tell(&mut self) -> Result<(), Failure> {
        let mut told = false;
        let result = loop {
            match self.xml.next() {
                Ok(Node::Start(element)) if element.name() == "table" => {
                    let name = element.attribute("name").unwrap_or_default();
                    told = true;
                    if let Err(failure) = self.sheet(&name) {
                        break Err(failure);
                    }
                }
                Ok(Node::Start(element)) if matches!(element.name(), "p" | "h") => {
                    if let Err(failure) = self.loose() {
                        break Err(failure);
                    }
                }
                Ok(Node::Eof) => break Ok(()),
                Ok(_) => {}
                Err(error) => break Err(self.fault(&error)),
            }
        };
        if told && !matches!(result, Err(Failure::Gone)) {
            self.out.table_end()?;
        }
        result
    }

    /// A paragraph that stands in no cell.
    fn loose(&mut self) -> Result<(), Failure> {
        let text = self.xml.text_to_end(CELL_BYTES_MAX);
        let text = text.map_err(|error| self.fault(&error))?;
        if !text.trim().is_empty() && self.loose_bytes < LOOSE_BYTES_MAX {
            self.loose_bytes += text.len();
            self.loose.push(text);
        }
        Ok(())
    }

    fn sheet(&mut self, name: &str) -> Result<(), Failure> {
        // the grid holds the listener while the sheet is read
        let mut cells: Vec<Run> = Vec::new();
        let mut later: Vec<(u32, u32, String)> = Vec::new();
        let mut row = 0u32;
        let mut grid = Grid::new(name, &mut *self.out);
        let (xml, loose, loose_bytes) = (&mut self.xml, &mut self.loose, &mut self.loose_bytes);
        let mut depth = 0u32;
        let result = loop {
            match xml.next() {
                Ok(Node::Start(element)) => match element.name() {
                    "table-row" => {
                        let rows = copies(&element, "number-rows-repeated");
                        cells.clear();
                        if let Err(failure) = read_row(xml, &mut cells) {
                            break Err(failure);
                        }
                        for copy in 0..rows.min(COPIES_MAX) {
                            for run in &cells {
                                run.tell(row.saturating_add(copy), &mut grid)?;
                            }
                            if cells.is_empty() {
                                break;
                            }
                        }
                        for run in &mut cells {
                            let more = run.cell.more.drain(..);
                            later.extend(more.map(|text| (row, run.column, text)));
                        }
                        row = row.saturating_add(rows);
                    }
                    "p" | "h" => match xml.text_to_end(CELL_BYTES_MAX) {
                        Ok(text) if !text.trim().is_empty() && *loose_bytes < LOOSE_BYTES_MAX => {
                            *loose_bytes += text.len();
                            loose.push(text);
                        }
                        Ok(_) => {}
                        Err(error) => break Err(xml.inner().failure(&error)),
                    },
                    "table" => depth += 1,
                    _ => {}
                },
                Ok(Node::End("table")) if depth == 0 => break Ok(()),
                Ok(Node::End("table")) => depth -= 1,
                Ok(Node::Eof) => break Ok(()),
                Ok(_) => {}
                Err(error) => break Err(xml.inner().failure(&error)),
            }
        };
        grid.end()?;
        for (row, column, text) in later {
            self.out.cell(u64::from(row) + 1, column, &text)?;
        }
        result
    }
}

/// The cells of a row that hold something.
fn read_row(xml: &mut Xml<Part<'_>>, cells: &mut Vec<Run>) -> Result<(), Failure> {
    let mut column = 0u32;
    loop {
        match xml.next() {
            Ok(Node::Start(element))
                if matches!(element.name(), "table-cell" | "covered-table-cell") =>
            {
                let said = Said::of(&element);
                let cell = read_cell(xml, &said)?;
                if !cell.value.is_empty() || !cell.more.is_empty() {
                    cells.push(Run {
                        column,
                        copies: said.copies,
                        cell,
                    });
                }
                column = column.saturating_add(said.copies);
            }
            Ok(Node::End("table-row")) | Ok(Node::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(xml.inner().failure(&error)),
        }
    }
}

/// Reads up to the end of the cell.
fn read_cell(xml: &mut Xml<Part<'_>>, said: &Said) -> Result<Cell, Failure> {
    let mut cell = Cell::default();
    let (mut text, mut note) = (String::new(), None::<String>);
    let mut depth = 0u32;
    loop {
        match xml.next() {
            Ok(Node::Start(element)) => {
                depth += 1;
                let open = match &mut note {
                    Some(note) => note,
                    None => &mut text,
                };
                match element.name() {
                    "annotation" => note = Some(String::new()),
                    "p" | "h" if !open.is_empty() => open.push('\n'),
                    "s" => {
                        let spaces = copies(&element, "c").min(COPIES_MAX);
                        open.extend(std::iter::repeat_n(' ', spaces as usize));
                    }
                    "tab" => open.push('\t'),
                    "line-break" => open.push('\n'),
                    "a" => cell.more.extend(element.attribute("href")),
                    _ => {}
                }
            }
            Ok(Node::Text(more)) => {
                let open = match &mut note {
                    Some(note) => note,
                    None => &mut text,
                };
                if open.len() + more.len() <= CELL_BYTES_MAX {
                    open.push_str(&more);
                }
            }
            Ok(Node::End(_)) if depth == 0 => break,
            Ok(Node::End(name)) => {
                depth -= 1;
                if name == "annotation" {
                    cell.more
                        .extend(note.take().filter(|n| !n.trim().is_empty()));
                } else if let Some(note) = &mut note
                    && matches!(name, "creator" | "date")
                {
                    note.push('\n');
                }
            }
            Ok(Node::Eof) => break,
            Ok(Node::Other) => {}
            Err(error) => return Err(xml.inner().failure(&error)),
        }
    }
    match (said.kind.as_str(), &said.value) {
        ("boolean", _) => {}
        ("float" | "currency" | "percentage", Some(value)) => {
            match value.parse::<f64>() {
                Ok(number) => words::push_float(&mut cell.value, number),
                Err(_) => cell.value.clone_from(value),
            }
            // digits in places, as the cell shows them
            if is_pattern(&text) {
                cell.value.clone_from(&text);
            }
        }
        ("date" | "time", Some(value)) => shown::push_iso(&mut cell.value, value),
        _ => {
            cell.is_text = true;
            cell.value = match text.is_empty() {
                true => said.value.clone().unwrap_or_default(),
                false => text,
            };
        }
    }
    if let Some(formula) = said.formula.as_ref().filter(|f| literals(f, &cell.value)) {
        cell.more.push(formula.clone());
    }
    Ok(cell)
}

/// A shown number that begins with a zero or has marks between its digits.
fn is_pattern(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let marks = text.bytes().any(|b| matches!(b, b'-' | b'(' | b'/'));
    let only = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'(' | b')' | b' ' | b'/'));
    only && digits > 4 && (marks && !text.starts_with('-') || text.starts_with('0'))
}
