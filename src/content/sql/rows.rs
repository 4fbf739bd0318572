//! One walk over a dump: the values of its rows, from any place on where one before broke off.
//!
//! Statements begin at lines or behind `;`. What is not a statement with rows is stepped over line by
//! line, so that no quote in it can swallow the rows that follow; a string that is never closed gives up
//! at the first line end after [`STRING_BYTES_MAX`].

use super::Dialect;
use super::head::{Columns, HEAD_BYTES_MAX, Tables, Verb, copies_from_text, verb};

/// Longest string.
const STRING_BYTES_MAX: u64 = 1 << 20;
/// Bytes of a statement by which its verb is told.
const VERB_BYTES: usize = 64;

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    /// Offsets in the whole text, without quotes.
    pub start: u64,
    pub end: u64,
    /// 0-based, among all rows of the dump.
    pub row: u64,
    /// 0-based, in its row.
    pub column: u32,
    /// Number of the column among all of the dump, if it is known.
    pub number: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// A statement may begin here.
    Open,
    /// What is no statement with rows, up to the end of the line or a `;`.
    Other,
    /// The head of a statement, which is collected.
    Head(Verb),
    /// Between the rows of an `INSERT`.
    Between,
    /// In a row.
    Row,
    /// The rest of the line that begins the rows of a `COPY`.
    CopyHead,
    /// The lines of a `COPY`.
    Copy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comment {
    None,
    Line,
    Block,
}

/// A place in a dump with all that is open there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rows {
    /// Offset in the whole text.
    pub at: u64,
    dialect: Dialect,
    mode: Mode,
    comment: Comment,
    /// The quote that is open, 0 for none, and where it or the comment opened.
    quote: u8,
    quoted_at: u64,
    /// The next byte is escaped.
    escaped: bool,
    previous: u8,
    /// Parentheses within the head or the value.
    depth: u32,
    head: Vec<u8>,
    head_at: u64,
    columns: Option<Columns>,
    row: u64,
    column: u32,
    cell: Cell,
}

/// What is known of the value that is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cell {
    /// Its first byte that is no blank, and behind its last.
    start: Option<u64>,
    end: u64,
    /// The first string in it and the last, quotes left out.
    string: Option<u64>,
    string_end: u64,
    /// It is more than strings and what may stand right before one (`N'`, `E'`, `_utf8'`).
    mixed: bool,
}

impl Rows {
    pub fn new(dialect: Dialect) -> Self {
        Rows {
            at: 0,
            dialect,
            mode: Mode::Open,
            comment: Comment::None,
            quote: 0,
            quoted_at: 0,
            escaped: false,
            previous: b'\n',
            depth: 0,
            head: Vec::new(),
            head_at: 0,
            columns: None,
            row: 0,
            column: 0,
            cell: Cell::default(),
        }
    }

    /// The value that is open here began before.
    pub fn is_in_value(&self) -> bool {
        matches!(self.mode, Mode::Row | Mode::Copy) && self.cell.start.is_some()
    }

    /// Goes over `text`, which begins at `self.at`, and tells of each value that ends in it.
    pub fn run(&mut self, text: &[u8], tables: &mut Tables, tell: &mut dyn FnMut(Value)) {
        let begin = self.at;
        let mut i = 0;
        while i < text.len() {
            self.at = begin + i as u64;
            i += self.skip(&text[i..]);
            let Some(&b) = text.get(i) else { break };
            self.at = begin + i as u64;
            self.step(b, tables, tell);
            self.previous = b;
            i += 1;
        }
        self.at = begin + text.len() as u64;
    }

    /// The value that is open at the end of what was gone over, as far as it goes.
    pub fn open_value(&self) -> Option<Value> {
        self.is_in_value().then(|| self.value(self.at))
    }

    /// Bytes that change nothing.
    fn skip(&mut self, rest: &[u8]) -> usize {
        let to = |found: Option<usize>| found.unwrap_or(rest.len());
        let skipped = match self.mode {
            _ if self.escaped => 0,
            Mode::Row if self.quote != 0 => {
                let left = (self.quoted_at + STRING_BYTES_MAX).saturating_sub(self.at);
                let rest = &rest[..rest.len().min(usize::try_from(left).unwrap_or(0))];
                memchr::memchr2(self.quote, b'\\', rest).unwrap_or(rest.len())
            }
            Mode::Copy if self.cell.start.is_some() => to(memchr::memchr2(b'\t', b'\n', rest)),
            Mode::Other | Mode::CopyHead if self.comment == Comment::None => {
                to(memchr::memchr2(b'\n', b';', rest))
            }
            _ => 0,
        };
        if skipped > 0 {
            self.previous = rest[skipped - 1];
        }
        skipped
    }

    fn step(&mut self, b: u8, tables: &mut Tables, tell: &mut dyn FnMut(Value)) {
        let mode = self.mode;
        match mode {
            // quotes and comments are nothing there
            Mode::Copy => self.copy(b, tell),
            _ if self.quote != 0 => self.quoted(b),
            _ if self.commented(b) => {}
            Mode::Open => self.open(b),
            Mode::Other => {
                if matches!(b, b'\n' | b';') {
                    self.mode = Mode::Open;
                }
            }
            Mode::CopyHead => {
                if b == b'\n' {
                    self.mode = Mode::Copy;
                    (self.column, self.cell) = (0, Cell::default());
                }
            }
            Mode::Head(verb) => self.head(verb, b, tables),
            Mode::Between => self.between(b),
            Mode::Row => self.in_row(b, tell),
        }
    }

    /// Whether the byte is one of a comment.
    fn commented(&mut self, b: u8) -> bool {
        match self.comment {
            Comment::Line => {
                if b == b'\n' {
                    self.comment = Comment::None;
                }
                // the line end counts
                b != b'\n'
            }
            Comment::Block => {
                // the star of `/*` is not that of `*/`
                if b == b'/' && self.previous == b'*' && self.at > self.quoted_at + 1 {
                    self.comment = Comment::None;
                }
                true
            }
            Comment::None => {
                let opens = match (self.previous, b) {
                    (b'-', b'-') => Comment::Line,
                    (b'/', b'*') => Comment::Block,
                    _ => return false,
                };
                self.comment = opens;
                self.quoted_at = self.at;
                true
            }
        }
    }

    fn open(&mut self, b: u8) {
        if b.is_ascii_alphabetic() {
            self.mode = Mode::Head(Verb::Insert);
            self.head.clear();
            self.head.push(b);
            self.head_at = self.at;
            self.depth = 0;
        } else if !b.is_ascii_whitespace() && !matches!(b, b';' | b'-' | b'/') {
            self.mode = Mode::Other;
        }
    }

    fn quoted(&mut self, b: u8) {
        if let Mode::Head(_) = self.mode {
            self.collect(b);
        }
        if self.escaped {
            self.escaped = false;
        } else if b == b'\\' && self.quote == b'\'' && self.dialect.backslash {
            self.escaped = true;
        } else if b == self.quote {
            self.quote = 0;
            self.cell.string_end = self.at;
            self.cell.end = self.at + 1;
        } else if b == b'\n' && self.at - self.quoted_at > STRING_BYTES_MAX {
            // it was no quote
            self.quote = 0;
            self.mode = Mode::Open;
        }
    }

    fn collect(&mut self, b: u8) {
        if self.head.len() < HEAD_BYTES_MAX {
            self.head.push(b);
        }
    }

    /// Reads on in the head of a statement. Until its verb is known it may be anything.
    fn head(&mut self, verb_is: Verb, b: u8, tables: &mut Tables) {
        let part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let word_ends = !part(&b);
        let stops = matches!(b, b'\n' | b';');
        if word_ends && self.head.iter().all(part) && !self.is_short() {
            // no quote in it counts
            self.mode = if stops { Mode::Open } else { Mode::Other };
            return;
        }
        if word_ends && self.depth == 0 && verb_is == Verb::Insert && self.ends_in_values() {
            if verb(&self.head) == Some(Verb::Insert) {
                let names = self.head.len() - b"VALUES".len();
                self.columns = tables.rows(&self.head[..names], self.head_at);
                self.mode = Mode::Between;
                return self.between(b);
            }
            self.mode = if stops { Mode::Open } else { Mode::Other };
            return;
        }
        let known = self.head.len() >= VERB_BYTES || stops || b == b'(';
        if known && verb_is == Verb::Insert {
            match verb(&self.head) {
                Some(verb) => self.mode = Mode::Head(verb),
                // the first words alone: the rest may come with the next line
                None if b == b'\n' && self.is_short() => {}
                None => {
                    self.mode = if stops { Mode::Open } else { Mode::Other };
                    return;
                }
            }
        }
        match b {
            b';' if self.depth == 0 => return self.head_ends(tables),
            // the list is closed: what follows need not end with `;`
            b'\n' if self.depth == 0 && verb_is == Verb::Create && self.head.contains(&b')') => {
                return self.head_ends(tables);
            }
            b'(' => self.depth += 1,
            b')' => self.depth = self.depth.saturating_sub(1),
            b'\'' | b'"' | b'`' => {
                self.quote = b;
                self.quoted_at = self.at;
            }
            _ => {}
        }
        self.collect(b);
        if self.head.len() >= HEAD_BYTES_MAX {
            self.mode = Mode::Other;
        }
    }

    /// So far there are only words that open a statement.
    fn is_short(&self) -> bool {
        const WORDS: &[&str] = &["INSERT", "REPLACE", "COPY", "CREATE"];
        let word = self.head.trim_ascii();
        WORDS
            .iter()
            .any(|w| word.eq_ignore_ascii_case(w.as_bytes()))
    }

    fn ends_in_values(&self) -> bool {
        let Some((before, word)) = self.head.split_last_chunk::<6>() else {
            return false;
        };
        let part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'`' | b'"');
        word.eq_ignore_ascii_case(b"VALUES") && !before.last().is_some_and(part)
    }

    /// A `;` ends what was collected.
    fn head_ends(&mut self, tables: &mut Tables) {
        self.mode = Mode::Open;
        match verb(&self.head) {
            Some(Verb::Create) => tables.create(&self.head, self.head_at),
            Some(Verb::Copy) if copies_from_text(&self.head) => {
                self.columns = tables.rows(&self.head, self.head_at);
                self.mode = Mode::CopyHead;
            }
            _ => {}
        }
    }

    fn between(&mut self, b: u8) {
        match b {
            b'(' => {
                self.mode = Mode::Row;
                self.depth = 0;
                (self.column, self.cell) = (0, Cell::default());
            }
            b';' => self.mode = Mode::Open,
            // ON DUPLICATE KEY ..., or the next statement where none ends with `;`
            b if b.is_ascii_alphabetic() => self.open(b),
            _ => {}
        }
    }

    fn in_row(&mut self, b: u8, tell: &mut dyn FnMut(Value)) {
        match b {
            b'\'' | b'"' | b'`' => {
                let here = self.at;
                self.quote = b;
                self.quoted_at = here;
                // a doubled quote opens again where it closed
                let again = self.cell.string.is_some() && self.cell.string_end + 1 == here;
                if self.depth > 0 || self.cell.string.is_some() && !again {
                    self.cell.mixed = true;
                }
                self.cell.string.get_or_insert(here + 1);
                self.cell.start.get_or_insert(here);
                return;
            }
            b'(' => self.depth += 1,
            b')' if self.depth == 0 => {
                self.cell_ends(tell);
                self.row += 1;
                self.mode = Mode::Between;
                return;
            }
            b')' => self.depth -= 1,
            b',' if self.depth == 0 => {
                self.cell_ends(tell);
                self.column = self.column.saturating_add(1);
                return;
            }
            b if b.is_ascii_whitespace() => return,
            _ => {}
        }
        let prefix = self.cell.string.is_none() && (b.is_ascii_alphanumeric() || b == b'_');
        self.cell.mixed |= !prefix;
        self.cell.start.get_or_insert(self.at);
        self.cell.end = self.at + 1;
    }

    fn copy(&mut self, b: u8, tell: &mut dyn FnMut(Value)) {
        match b {
            b'\t' | b'\n' => {
                if self.cell.start.is_none() {
                    (self.cell.start, self.cell.end) = (Some(self.at), self.at);
                } else {
                    self.cell.end = self.at;
                }
                let first = self.column == 0;
                let length = self.cell.start.map_or(0, |start| self.at - start);
                if first && b == b'\n' && length == 2 && self.cell.mixed && self.previous == b'.' {
                    // `\.` ends the rows
                    self.mode = Mode::Open;
                    self.cell = Cell::default();
                    return;
                }
                self.cell.mixed = true;
                self.cell_ends(tell);
                self.column = self.column.saturating_add(1);
                if b == b'\n' {
                    self.row += 1;
                    self.column = 0;
                }
            }
            _ => {
                if self.cell.start.is_none() {
                    self.cell.start = Some(self.at);
                    // it begins like the end of the rows
                    self.cell.mixed = b == b'\\';
                }
            }
        }
    }

    fn cell_ends(&mut self, tell: &mut dyn FnMut(Value)) {
        if self.cell.start.is_some() {
            tell(self.value(self.cell.end));
        }
        self.cell = Cell::default();
    }

    /// The value, which ends at `end` unless it is a string that is closed.
    fn value(&self, end: u64) -> Value {
        let cell = &self.cell;
        let (start, end) = match (cell.string, cell.start) {
            (Some(string), _) if !cell.mixed && self.quote == 0 => (string, cell.string_end),
            (Some(string), _) if !cell.mixed => (string, end),
            (_, start) => (start.unwrap_or(end), end),
        };
        Value {
            start,
            end: end.max(start),
            row: self.row,
            column: self.column,
            number: self.columns.and_then(|columns| columns.number(self.column)),
        }
    }
}

#[cfg(test)]
mod tests;
