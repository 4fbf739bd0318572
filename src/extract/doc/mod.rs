//! Word documents before Office Open XML: body, notes, headers, comments and text boxes, in the order in
//! which the file has them. Rows and cells are told by the properties of paragraphs.
//!
//! After the published description of the format, [MS-DOC]. The streams are read by `compound`.

mod fib;
mod paragraphs;
mod pieces;

use fib::Fib;
use paragraphs::Paragraphs;
use pieces::Pieces;

use super::Failure;
use super::body::{Body, LINE_BYTES_MAX, quoted};
use super::compound::Compound;
use crate::model::Reason;

/// Why a part of a document is not read.
fn broken(detail: impl std::fmt::Display) -> Failure {
    Failure::broken(
        Reason::MalformedOrFileSizeExceedsLimit,
        format!("the Word document is broken: {detail}"),
    )
}

/// Tells the document in a storage.
pub fn tell(compound: &mut Compound, storage: &str, body: &mut Body<'_>) -> Result<(), Failure> {
    let main = compound.stream(&format!("{storage}WordDocument"))?;
    let fib = Fib::read(&main)?;
    if fib.is_encrypted {
        return Err(Failure::broken(
            Reason::InvalidEncryption,
            "the document is locked with a password",
        ));
    }
    let table = match fib.table {
        Some(name) => compound.stream(&format!("{storage}{name}"))?,
        None => main.clone(),
    };
    let pieces = Pieces::read(&fib, &table, main.len())?;
    let paragraphs = Paragraphs::read(&fib, &main, &table);
    let mut teller = Teller {
        body,
        text: String::new(),
        code: String::new(),
        fields: Vec::new(),
        targets: Vec::new(),
        table: None,
    };
    let mut told = pieces.fault.map_or(Ok(()), |fault| Err(broken(fault)));
    let (mut at, mut parts) = (0u64, fib.parts.iter().copied());
    let mut end = parts.next().unwrap_or(u64::MAX);
    for piece in &pieces.all {
        let Some(mut characters) = piece.characters(&main) else {
            told = Err(broken("its text is cut off"));
            continue;
        };
        while let Some((offset, c)) = characters.next() {
            teller.character(c, offset, &paragraphs)?;
            at += 1;
            // The body, notes, headers ... follow each other.
            while at >= end {
                teller.part_end()?;
                end = parts
                    .next()
                    .map_or(u64::MAX, |more| end.saturating_add(more));
            }
        }
        if characters.is_cut {
            told = Err(broken("its text is cut off"));
        }
    }
    teller.part_end()?;
    told
}

/// The table that is open.
#[derive(Default)]
struct Row {
    is_open: bool,
    column: u32,
}

struct Teller<'a, 'b> {
    body: &'a mut Body<'b>,
    text: String,
    code: String,
    /// Fields that are open; `true`: their code is being read.
    fields: Vec<bool>,
    targets: Vec<String>,
    table: Option<Row>,
}

impl Teller<'_, '_> {
    fn character(&mut self, c: char, offset: u64, paragraphs: &Paragraphs) -> Result<(), Failure> {
        match c {
            '\u{7}' if paragraphs.ends_row(offset) => self.row_end(),
            '\u{7}' => self.cell(),
            '\r' | '\u{c}' | '\u{e}' => {
                if self.table.is_some() && !paragraphs.is_in_table(offset) {
                    self.table_end()?;
                }
                self.paragraph(paragraphs.is_in_table(offset))
            }
            '\u{b}' => self.push('\n'),
            '\u{13}' => {
                self.fields.push(true);
                Ok(())
            }
            '\u{14}' => {
                if let Some(is_code) = self.fields.last_mut() {
                    *is_code = false;
                }
                self.code_end();
                Ok(())
            }
            '\u{15}' => {
                if self.fields.pop() == Some(true) {
                    self.code_end();
                }
                Ok(())
            }
            '\u{1e}' => self.push('-'),
            '\t' => self.push('\t'),
            // Places of pictures, notes and comments, and hyphens that are not shown.
            '\0'..='\u{1f}' => Ok(()),
            _ => self.push(c),
        }
    }

    fn push(&mut self, c: char) -> Result<(), Failure> {
        let text = match self.fields.last() {
            Some(true) => &mut self.code,
            _ => &mut self.text,
        };
        text.push(c);
        if text.len() > LINE_BYTES_MAX {
            let text = std::mem::take(text);
            self.body.line(&text)?;
        }
        Ok(())
    }

    /// Addresses stand in the code of fields.
    fn code_end(&mut self) {
        let code = std::mem::take(&mut self.code);
        self.targets.extend(quoted(&code));
    }

    fn paragraph(&mut self, is_in_table: bool) -> Result<(), Failure> {
        if is_in_table {
            return self.push('\n');
        }
        let text = std::mem::take(&mut self.text);
        self.body.line(&text)?;
        self.body.links(&text, &mut self.targets)
    }

    fn cell(&mut self) -> Result<(), Failure> {
        let text = std::mem::take(&mut self.text);
        if self.table.is_none() {
            self.body.table();
        }
        let row = self.table.get_or_insert_default();
        if !row.is_open {
            (row.is_open, row.column) = (true, 0);
            self.body.row()?;
        }
        let column = row.column;
        row.column = column.saturating_add(1);
        self.body.cell(column, text.trim_end_matches('\n'))?;
        for target in super::body::untold(&text, &mut self.targets) {
            self.body.cell(column, &target)?;
        }
        Ok(())
    }

    fn row_end(&mut self) -> Result<(), Failure> {
        if let Some(row) = &mut self.table {
            row.is_open = false;
        }
        Ok(())
    }

    fn table_end(&mut self) -> Result<(), Failure> {
        match self.table.take() {
            Some(_) => self.body.table_end(),
            None => Ok(()),
        }
    }

    /// The body, or the notes, ... are over.
    fn part_end(&mut self) -> Result<(), Failure> {
        self.table_end()?;
        self.fields.clear();
        self.code_end();
        if !self.text.trim().is_empty() || !self.targets.is_empty() {
            self.paragraph(false)?;
        }
        self.text.clear();
        Ok(())
    }
}
