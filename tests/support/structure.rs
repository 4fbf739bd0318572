//! Contexts of structured text for tests and benches of the detectors: a plain table and JSON
//! Lines, read the simple way. What the program itself uses is in `content`, which the detectors do
//! not know.

#![allow(dead_code)] // each user needs a part of it

use std::ops::Range;

use magpie::model::{Block, Context, Field, TextShape};

/// Comma-separated values, one row a line, `"` around cells that need it, names in the first line.
pub struct Table {
    names: Vec<String>,
    /// Value range of each cell in the whole text, and its column.
    cells: Vec<(Range<usize>, u32)>,
    header_cells: usize,
    column: Option<u32>,
}

impl Table {
    pub fn new(text: &str) -> Self {
        let mut cells = Vec::new();
        let mut names = Vec::new();
        let mut header_cells = 0;
        let mut at = 0;
        for (row, line) in text.split_inclusive('\n').enumerate() {
            let body = line.trim_end_matches('\n');
            let mut column = 0;
            let mut i = 0;
            loop {
                let quoted = body[i..].starts_with('"');
                let (value, next) = if quoted {
                    let end = i + 1 + body[i + 1..].find('"').expect("closing quote");
                    (i + 1..end, end + 1)
                } else {
                    let end = body[i..].find(',').map_or(body.len(), |n| i + n);
                    (i..end, end)
                };
                if row == 0 {
                    names.push(body[value.clone()].to_owned());
                    header_cells += 1;
                }
                cells.push((at + value.start..at + value.end, column));
                column += 1;
                if next >= body.len() {
                    break;
                }
                i = next + 1;
            }
            at += line.len();
        }
        Table {
            names,
            cells,
            header_cells,
            column: None,
        }
    }
}

impl Context for Table {
    fn shape(&self) -> TextShape {
        TextShape::Columns
    }

    fn field_at(&mut self, block: &Block<'_>, at: usize) -> Option<Field> {
        let start = block.start as usize;
        let at = at + start;
        let i = self.cells.partition_point(|(r, _)| r.end <= at);
        let (range, column) = self.cells.get(i).filter(|(r, _)| r.contains(&at))?;
        self.column = Some(*column);
        Some(Field {
            value: range.start.max(start) - start..range.end.min(start + block.text.len()) - start,
            key: u64::from(*column),
            column: Some(*column),
            is_name: i < self.header_cells,
        })
    }

    fn field_names(&mut self, visit: &mut dyn FnMut(&str)) {
        if let Some(name) = self.column.and_then(|c| self.names.get(c as usize)) {
            visit(name);
        }
    }

    fn columns(&mut self, _: &Block<'_>) -> &[String] {
        &self.names
    }

    fn cells(
        &mut self,
        block: &Block<'_>,
        wanted: &[bool],
        visit: &mut dyn FnMut(u32, Range<usize>),
    ) {
        let start = block.start as usize;
        let own = start + block.own.start..start + block.own.end;
        let first = self.cells.partition_point(|(r, _)| r.start < own.start);
        for (i, (range, column)) in self.cells.iter().enumerate().skip(first) {
            if range.start >= own.end {
                break;
            }
            if i >= self.header_cells && wanted.get(*column as usize) == Some(&true) {
                visit(*column, range.start - start..range.end - start);
            }
        }
    }
}

/// JSON values back to back, in a text without escapes in strings.
pub struct Json {
    shape: TextShape,
    /// Range of each scalar (strings without quotes), whether it is a name, and its path.
    values: Vec<(Range<usize>, bool, usize)>,
    paths: Vec<Vec<String>>,
    path: usize,
}

impl Json {
    /// `shape`: `Records` for JSON, `Plain` for log lines with JSON in them.
    pub fn new(text: &str, shape: TextShape) -> Self {
        let bytes = text.as_bytes();
        let mut json = Json {
            shape,
            values: Vec::new(),
            paths: vec![Vec::new()],
            path: 0,
        };
        // names of the objects around, `None` for an array
        let mut stack: Vec<Option<String>> = Vec::new();
        let mut expects_name = false;
        let mut i = 0;
        while i < bytes.len() {
            match bytes[i] {
                b'{' => {
                    stack.push(Some(String::new()));
                    expects_name = true;
                }
                b'[' if !stack.is_empty() => stack.push(None),
                b'}' | b']' => {
                    stack.pop();
                }
                b',' => expects_name = matches!(stack.last(), Some(Some(_))),
                b':' => expects_name = false,
                b'"' if !stack.is_empty() => {
                    let end = i + 1 + text[i + 1..].find('"').expect("closing quote");
                    if expects_name && let Some(Some(name)) = stack.last_mut() {
                        *name = text[i + 1..end].to_owned();
                    }
                    json.push(i + 1..end, expects_name, &stack);
                    i = end;
                }
                b'0'..=b'9' | b'-' | b't' | b'f' | b'n' if !stack.is_empty() => {
                    let end = text[i..]
                        .find([',', '}', ']', '\n'])
                        .map_or(bytes.len(), |n| i + n);
                    json.push(i..end, false, &stack);
                    i = end - 1;
                }
                _ => {}
            }
            i += 1;
        }
        json
    }

    fn push(&mut self, range: Range<usize>, is_name: bool, stack: &[Option<String>]) {
        let path: Vec<String> = stack.iter().flatten().cloned().collect();
        let number = self
            .paths
            .iter()
            .position(|p| *p == path)
            .unwrap_or_else(|| {
                self.paths.push(path);
                self.paths.len() - 1
            });
        self.values.push((range, is_name, number));
    }
}

impl Context for Json {
    fn shape(&self) -> TextShape {
        self.shape
    }

    fn field_at(&mut self, block: &Block<'_>, at: usize) -> Option<Field> {
        let start = block.start as usize;
        let at = at + start;
        let i = self.values.partition_point(|(r, ..)| r.end <= at);
        let (range, is_name, path) = self.values.get(i).filter(|(r, ..)| r.contains(&at))?;
        self.path = *path;
        Some(Field {
            value: range.start.max(start) - start..range.end.min(start + block.text.len()) - start,
            key: *path as u64,
            column: None,
            is_name: *is_name,
        })
    }

    fn field_names(&mut self, visit: &mut dyn FnMut(&str)) {
        for name in &self.paths[self.path] {
            visit(name);
        }
    }

    fn columns(&mut self, _: &Block<'_>) -> &[String] {
        &[]
    }

    fn cells(&mut self, _: &Block<'_>, _: &[bool], _: &mut dyn FnMut(u32, Range<usize>)) {}
}
