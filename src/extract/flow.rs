//! What is open while a part of a document is read: paragraphs that stand in one another, cells of
//! tables in cells. Text goes to the innermost of them, and to the [`Body`] when that ends.

use super::Failure;
use super::body::{Body, LINE_BYTES_MAX, untold};

struct Cell {
    column: u32,
    /// Columns that it takes.
    span: u32,
    text: String,
}

pub(super) struct Flow<'b, 'c> {
    pub body: &'b mut Body<'c>,
    /// Notes, comments and text boxes stand in paragraphs.
    paragraphs: Vec<String>,
    cells: Vec<Cell>,
    /// The next column of the open row, of each open table.
    columns: Vec<u32>,
    /// Addresses that the open paragraph links to.
    pub targets: Vec<String>,
    /// Empty paragraphs count too.
    keeps_empty: bool,
}

impl<'b, 'c> Flow<'b, 'c> {
    pub fn new(body: &'b mut Body<'c>, keeps_empty: bool) -> Self {
        Flow {
            body,
            paragraphs: Vec::new(),
            cells: Vec::new(),
            columns: Vec::new(),
            targets: Vec::new(),
            keeps_empty,
        }
    }

    pub fn table(&mut self) {
        self.columns.push(0);
        self.body.table();
    }

    pub fn table_end(&mut self) -> Result<(), Failure> {
        match self.columns.pop() {
            Some(_) => self.body.table_end(),
            None => Ok(()),
        }
    }

    pub fn row(&mut self) -> Result<(), Failure> {
        let Some(column) = self.columns.last_mut() else {
            return Ok(());
        };
        *column = 0;
        self.body.row()
    }

    /// Columns of the open row that have no cell.
    pub fn skip(&mut self, columns: u32) {
        if let Some(column) = self.columns.last_mut() {
            *column = column.saturating_add(columns);
        }
    }

    /// A cell of the open table begins.
    pub fn cell(&mut self, span: u32) {
        if let Some(&column) = self.columns.last() {
            self.cells.push(Cell {
                column,
                span,
                text: String::new(),
            });
        }
    }

    /// The open cell takes so many columns.
    pub fn span(&mut self, span: u32) {
        if let Some(cell) = self.cells.last_mut() {
            cell.span = span;
        }
    }

    pub fn cell_end(&mut self) -> Result<(), Failure> {
        let Some(column) = self.columns.last_mut() else {
            return Ok(());
        };
        let Some(cell) = self.cells.pop() else {
            return Ok(());
        };
        *column = cell.column.saturating_add(cell.span);
        self.body.cell(cell.column, &cell.text)
    }

    pub fn paragraph(&mut self) {
        self.paragraphs.push(String::new());
    }

    /// The open paragraph, if there is one.
    pub fn open(&self) -> Option<&str> {
        self.paragraphs.last().map(String::as_str)
    }

    /// Adds to the open paragraph, if there is one.
    pub fn push(&mut self, text: &str) -> Result<(), Failure> {
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return Ok(());
        };
        paragraph.push_str(text);
        if paragraph.len() > LINE_BYTES_MAX {
            let text = std::mem::take(paragraph);
            self.line(&text)?;
        }
        Ok(())
    }

    /// Ends the open paragraph, which is not told.
    pub fn take(&mut self) -> Option<String> {
        self.paragraphs.pop()
    }

    /// Ends and tells the open paragraph.
    pub fn paragraph_end(&mut self) -> Result<(), Failure> {
        match self.paragraphs.pop() {
            Some(text) => self.tell(&text),
            None => Ok(()),
        }
    }

    fn tell(&mut self, text: &str) -> Result<(), Failure> {
        self.line(text)?;
        if !self.paragraphs.is_empty() {
            return Ok(());
        }
        match self.cells.is_empty() {
            true => self.body.links(text, &mut self.targets),
            false => {
                for target in untold(text, &mut self.targets) {
                    self.line(&target)?;
                }
                Ok(())
            }
        }
    }

    /// A line of the open cell, else of running text.
    pub fn line(&mut self, text: &str) -> Result<(), Failure> {
        match self.cells.last_mut() {
            Some(cell) => {
                if !cell.text.is_empty() {
                    cell.text.push('\n');
                }
                cell.text.push_str(text);
                if cell.text.len() > LINE_BYTES_MAX {
                    let text = std::mem::take(&mut cell.text);
                    let column = cell.column;
                    self.body.cell(column, &text)?;
                }
                Ok(())
            }
            None if text.is_empty() && !self.keeps_empty => Ok(()),
            None => self.body.line(text),
        }
    }

    /// What was begun is told as far as it came.
    pub fn finish(&mut self) -> Result<(), Failure> {
        while let Some(text) = self.paragraphs.pop() {
            if !text.is_empty() {
                self.tell(&text)?;
            }
        }
        while let Some(cell) = self.cells.pop() {
            self.body.cell(cell.column, &cell.text)?;
        }
        self.body.end()
    }
}
