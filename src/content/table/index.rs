//! The separators of one stretch of a table, found by bit masks.
//!
//! A quote opens a quoted cell only at the start of a cell, and closes it only before a separator;
//! anywhere else it is a character. So a stray quote cannot swallow the rest of the table, and a
//! quote that is never closed gives up at the first line end after [`QUOTED_BYTES_MAX`].

use std::ops::Range;

use super::super::json::mask::{CHUNK, any3, chunk_at};

/// Longest quoted cell.
pub(crate) const QUOTED_BYTES_MAX: u64 = 1 << 20;

/// What is open where a stretch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Start {
    /// Offset of the stretch in the text.
    pub at: u64,
    /// 0-based row and column of the first cell.
    pub row: u64,
    pub column: u32,
    /// The stretch begins with a cell, not within one.
    pub fresh: bool,
    /// Offset of the opening quote of the cell that is open.
    pub quoted: Option<u64>,
    /// The first byte is the second of a doubled quote.
    pub skip: bool,
}

impl Start {
    pub const TEXT: Start = Start {
        at: 0,
        row: 0,
        column: 0,
        fresh: true,
        quoted: None,
        skip: false,
    };
}

/// Separators of a stretch of text.
#[derive(Debug)]
pub(crate) struct Index {
    delimiter: u8,
    start: Start,
    /// Offsets of delimiters and line ends between cells.
    separators: Vec<u32>,
    /// Number of the first cell of each row; the first row may have begun before.
    rows: Vec<u32>,
    /// Numbers of the cell and the row last told of: the next is near.
    near: (usize, usize),
}

/// One cell of a stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CellAt {
    pub row: u64,
    pub column: u32,
    /// Value without quotes.
    pub value: Range<usize>,
}

impl Index {
    pub fn new(delimiter: u8) -> Self {
        Index {
            delimiter,
            start: Start::TEXT,
            separators: Vec::new(),
            rows: Vec::new(),
            near: (0, 0),
        }
    }

    /// Indexes `text`; `last`: the whole text ends with it.
    pub fn build(&mut self, text: &[u8], start: Start, last: bool) {
        self.start = start;
        self.separators.clear();
        self.rows.clear();
        self.rows.push(0);
        self.near = (0, 0);
        let mut quoted = start.quoted;
        let mut cell = if start.fresh { 0 } else { usize::MAX };
        let mut skip = if start.skip { 0 } else { usize::MAX };
        let mut at = 0;
        while at < text.len() {
            let (chunk, len) = chunk_at(text, at, text.len());
            let valid = if len == CHUNK { !0 } else { (1u64 << len) - 1 };
            let mut marks = any3(&chunk, [self.delimiter, b'\n', b'"']) & valid;
            while marks != 0 {
                let here = at + marks.trailing_zeros() as usize;
                marks &= marks - 1;
                let byte = text[here];
                if byte == b'"' {
                    if here == skip {
                        continue;
                    }
                    match quoted {
                        None if here == cell => quoted = Some(start.at + here as u64),
                        None => {}
                        Some(_) if text.get(here + 1) == Some(&b'"') => skip = here + 1,
                        Some(_) if self.closes(text, here + 1, last) => quoted = None,
                        Some(_) => {}
                    }
                    continue;
                }
                if let Some(opened) = quoted {
                    let len = start.at + here as u64 - opened;
                    if byte != b'\n' || len <= QUOTED_BYTES_MAX {
                        continue;
                    }
                    quoted = None;
                }
                self.separators.push(here as u32);
                cell = here + 1;
                if byte == b'\n' {
                    self.rows.push(self.separators.len() as u32);
                }
            }
            at += len;
        }
    }

    fn closes(&self, text: &[u8], after: usize, last: bool) -> bool {
        match text.get(after) {
            Some(&b) => b == self.delimiter || b == b'\n' || b == b'\r',
            // Only beyond what is asked for, unless it is the end.
            None => last || after == text.len(),
        }
    }

    fn bounds(&self, cell: usize, len: usize) -> Range<usize> {
        let start = match cell.checked_sub(1) {
            Some(before) => self.separators[before] as usize + 1,
            None => 0,
        };
        start..self.separators.get(cell).map_or(len, |&s| s as usize)
    }

    fn value(&self, text: &[u8], cell: usize) -> Range<usize> {
        let Range { mut start, mut end } = self.bounds(cell, text.len());
        let ends_row = text.get(end).is_none_or(|&b| b == b'\n');
        if ends_row && end > start && text[end - 1] == b'\r' {
            end -= 1;
        }
        let carried = cell == 0 && !self.start.fresh;
        let quoted = match carried {
            true => self.start.quoted.is_some(),
            false => text.get(start) == Some(&b'"') && start < end,
        };
        if quoted {
            start += usize::from(!carried);
            if end > start && text[end - 1] == b'"' {
                end -= 1;
            }
        }
        start..end.max(start)
    }

    /// Cells in rows, the last of which may be incomplete.
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// Numbers of the cells of row `row` of this stretch.
    pub fn row_cells(&self, row: usize) -> Range<usize> {
        let end = match self.rows.get(row + 1) {
            Some(&next) => next as usize,
            None => self.separators.len() + 1,
        };
        self.rows[row] as usize..end
    }

    /// Value of the cell numbered `cell`.
    pub fn cell_value(&self, text: &[u8], cell: usize) -> Range<usize> {
        self.value(text, cell)
    }

    fn position(&self, cell: usize) -> (u64, u32) {
        let row = self.rows.partition_point(|&first| first as usize <= cell) - 1;
        self.position_in(row, cell)
    }

    fn position_in(&self, row: usize, cell: usize) -> (u64, u32) {
        let column = cell as u32 - self.rows[row];
        let carried = if row == 0 { self.start.column } else { 0 };
        (self.start.row + row as u64, column.saturating_add(carried))
    }

    /// The cell that holds the byte at `at`; `None` for a separator. Cheap near the one last asked
    /// for.
    pub fn cell_at(&mut self, text: &[u8], at: usize) -> Option<CellAt> {
        let (cell, row) = self.near;
        let cell = partition_near(&self.separators, cell, |s| (s as usize) < at);
        if self.separators.get(cell) == Some(&(at as u32)) {
            return None;
        }
        // the first row begins with cell 0, so that at least one is counted
        let row = partition_near(&self.rows, row, |first| first as usize <= cell).max(1) - 1;
        self.near = (cell, row);
        let (row, column) = self.position_in(row, cell);
        Some(CellAt {
            row,
            column,
            value: self.value(text, cell),
        })
    }

    /// Visits cells of wanted columns whose value starts in `own`; rows before `from_row` are left out.
    pub fn visit(
        &self,
        text: &[u8],
        own: Range<usize>,
        from_row: u64,
        wanted: &[bool],
        visit: &mut dyn FnMut(u32, Range<usize>),
    ) {
        let first_cell = self
            .separators
            .partition_point(|&s| (s as usize) < own.start);
        let first_row = self.rows.partition_point(|&f| f as usize <= first_cell) - 1;
        let numbers = wanted.iter().enumerate().filter(|(_, wanted)| **wanted);
        let columns: Vec<usize> = numbers.map(|(column, _)| column).collect();
        for row in first_row..self.rows.len() {
            let cells = self.row_cells(row);
            if self.bounds(cells.start, text.len()).start >= own.end {
                return;
            }
            if self.start.row + (row as u64) < from_row {
                continue;
            }
            let carried = if row == 0 {
                self.start.column as usize
            } else {
                0
            };
            for &column in columns.iter().filter(|&&column| column >= carried) {
                let cell = cells.start + column - carried;
                if cell >= cells.end {
                    break;
                }
                // The start of a cell that began before is not here.
                if cell == 0 && !self.start.fresh {
                    continue;
                }
                let value = self.value(text, cell);
                if own.contains(&value.start) {
                    visit(column as u32, value);
                }
            }
        }
    }

    /// What is open at `upto`, for the stretch that begins there.
    pub fn start_at(&self, text: &[u8], upto: usize) -> Start {
        let cell = self.separators.partition_point(|&s| (s as usize) < upto);
        let (row, column) = self.position(cell);
        let from = self.bounds(cell, text.len()).start;
        let at = self.start.at + upto as u64;
        let carried = cell == 0 && !self.start.fresh;
        let mut next = Start {
            at,
            row,
            column,
            fresh: from == upto && !carried,
            quoted: None,
            skip: false,
        };
        let mut pos = from;
        if carried || (cell == 0 && upto == 0) {
            next.quoted = self.start.quoted;
            pos += usize::from(self.start.skip);
            if upto == 0 {
                next.skip = self.start.skip;
            }
        } else if from < upto && text[from] == b'"' {
            next.quoted = Some(self.start.at + from as u64);
            pos += 1;
        }
        while next.quoted.is_some() && pos < upto {
            match memchr::memchr(b'"', &text[pos..upto]) {
                None => break,
                Some(hit) => {
                    let quote = pos + hit;
                    if text.get(quote + 1) == Some(&b'"') {
                        pos = quote + 2;
                        next.skip = pos > upto;
                    } else {
                        if self.closes(text, quote + 1, false) {
                            next.quoted = None;
                        }
                        pos = quote + 1;
                    }
                }
            }
        }
        next
    }
}

/// Elements behind the last answer that are looked at one by one.
const STEPS: usize = 8;

/// What `partition_point` answers, looked for in ever longer steps from `near` on.
pub(crate) fn partition_near(list: &[u32], near: usize, before: impl Fn(u32) -> bool) -> usize {
    let near = near.min(list.len());
    let (mut low, mut high);
    let mut step = 1;
    // the next few are gone over one by one, which is foreseen
    let next = list.get(near..).unwrap_or_default();
    if let Some(few) = next.first_chunk::<STEPS>()
        && !before(few[STEPS - 1])
        && (near == 0 || before(list[near - 1]))
    {
        return near + few.iter().take_while(|&&v| before(v)).count();
    }
    if list.get(near).is_some_and(|&v| before(v)) {
        // all before `low` are before
        (low, high) = (near + 1, list.len());
        while let Some(&v) = list.get(near + step) {
            if !before(v) {
                high = near + step;
                break;
            }
            low = near + step + 1;
            step *= 2;
        }
    } else {
        // none from `high` on is before
        (low, high) = (0, near);
        while let Some(at) = near.checked_sub(step) {
            if before(list[at]) {
                low = at + 1;
                break;
            }
            high = at;
            step *= 2;
        }
    }
    low + list[low..high].partition_point(|&v| before(v))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_answers_are_those_of_a_search() {
        let mut list: Vec<u32> = (0..200u32).map(|n| n * n % 7 + 3 * n).collect();
        list.sort_unstable();
        for near in 0..=list.len() + 1 {
            for value in 0..620 {
                let expected = list.partition_point(|&v| v < value);
                assert_eq!(partition_near(&list, near, |v| v < value), expected);
            }
        }
        assert_eq!(partition_near(&[], 3, |_| true), 0);
    }

    fn cells(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        let mut index = Index::new(delimiter);
        index.build(text.as_bytes(), Start::TEXT, true);
        (0..index.row_count())
            .map(|row| {
                index
                    .row_cells(row)
                    .map(|c| text[index.cell_value(text.as_bytes(), c)].to_owned())
                    .collect()
            })
            .collect()
    }

    #[test]
    fn splits_like_the_csv_crate() {
        let text = "a,b,c\r\n1,\"x, \"\"y\"\"\nz\",3\n\"\",,\"q\"\nlast,\"open";
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let expected: Vec<Vec<String>> = reader
            .records()
            .map(|r| r.unwrap().iter().map(str::to_owned).collect())
            .collect();
        let got: Vec<Vec<String>> = cells(text, b',')
            .into_iter()
            .map(|row| row.iter().map(|c| c.replace("\"\"", "\"")).collect())
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn stray_quotes_are_characters() {
        assert_eq!(
            cells("a 5\" pipe,b\n\"x\"y,z\",1\n", b','),
            [vec!["a 5\" pipe", "b"], vec!["x\"y,z", "1"], vec![""]]
        );
    }

    /// Going on from any offset gives the same cells as going straight through.
    #[test]
    fn goes_on_from_anywhere() {
        let text = b"h,i\n\"a\"\"b\",\"c,\n\"\"\"\n,\"\"\nx\"y,\"z\"\r\nend";
        let mut whole = Index::new(b',');
        whole.build(text, Start::TEXT, true);
        for first in 0..text.len() {
            let start = whole.start_at(text, first);
            let mut rest = Index::new(b',');
            rest.build(&text[first..], start, true);
            for second in first..text.len() {
                let a = whole.cell_at(text, second);
                let b = rest.cell_at(&text[first..], second - first);
                let place = |c: &Option<CellAt>| c.as_ref().map(|c| (c.row, c.column));
                assert_eq!(place(&a), place(&b), "{first} {second}");
                if a.as_ref().is_some_and(|a| a.value.contains(&second)) {
                    let end = |c: Option<CellAt>, by| c.map(|c| c.value.end + by);
                    assert_eq!(end(a, 0), end(b, first), "{first} {second}");
                }
                let again = rest.start_at(&text[first..], second - first);
                assert_eq!(again, whole.start_at(text, second), "{first} {second}");
            }
        }
    }
}
