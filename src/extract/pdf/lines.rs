//! Runs of glyphs to lines: what stands on one line one after the other is joined, with blanks where there
//! is room between; otherwise the order is that of the page's content, which is how it is to be read.
//! Rows below one of names are a table.

use std::collections::HashMap;

use super::super::Failure;
use super::super::body::{Body, are_names};

/// Room that counts as a blank, and as a tab, in sizes of the font.
const BLANK_ROOM: f64 = 0.15;
const TAB_ROOM: f64 = 0.8;
/// Room within which text that comes later still goes on with a line.
const LATE_ROOM: f64 = 1.2;
/// How far off the line text may stand (raised and lowered figures), in sizes.
const OFF_LINE: f64 = 0.45;
/// Text that is drawn twice to look bold stands this close, in sizes.
const TWICE_ROOM: f64 = 0.2;
/// Bytes of a page's text.
const PAGE_BYTES_MAX: usize = 256 << 20;

/// A run of glyphs, in the space of the page.
pub struct Run {
    pub text: String,
    pub x: f64,
    pub y: f64,
    /// Direction of writing, of length 1.
    pub direction: (f64, f64),
    pub width: f64,
    /// Size of the font.
    pub size: f64,
}

/// A line of a page.
pub struct Line {
    pub text: String,
    /// Stretches between tabs: where they begin in the text, and where they stand.
    pieces: Vec<(usize, f64, f64)>,
    /// Where it ends, along and across the direction of writing.
    end: f64,
    across: f64,
    size: f64,
    direction: (i32, i32),
    /// The run added last, and where it began.
    last: (usize, f64),
}

#[derive(Default)]
pub struct Lines {
    lines: Vec<Line>,
    /// Lines by direction and rounded distance across.
    near: HashMap<(i32, i32, i64), Vec<usize>>,
    bytes: usize,
    /// There was more text than a page may have.
    pub is_full: bool,
}

impl Lines {
    pub fn add(&mut self, run: Run) {
        if run.text.is_empty() {
            return;
        }
        if self.bytes + run.text.len() > PAGE_BYTES_MAX {
            self.is_full = true;
            return;
        }
        self.bytes += run.text.len() + 1;
        let size = match run.size.is_finite() && run.size > 1e-6 {
            true => run.size,
            false => 1.0,
        };
        let finite = |value: f64| {
            if value.is_finite() {
                value.clamp(-1e9, 1e9)
            } else {
                0.0
            }
        };
        let (dx, dy) = run.direction;
        let along = finite(run.x * dx + run.y * dy);
        let across = finite(run.y * dx - run.x * dy);
        let direction = ((dx * 50.0).round() as i32, (dy * 50.0).round() as i32);
        let end = along + finite(run.width);
        let at = self.line_for(direction, along, across, size, &run.text);
        let Some(at) = at else {
            let line = Line {
                last: (0, along),
                text: run.text,
                pieces: vec![(0, along, end)],
                end,
                across,
                size,
                direction,
            };
            self.lines.push(line);
            self.know(self.lines.len() - 1);
            return;
        };
        let line = &mut self.lines[at];
        let room = (along - line.end) / size.max(line.size);
        let is_twice = line.text[line.last.0..] == run.text
            && (along - line.last.1).abs() < TWICE_ROOM * size
            && run.text.trim().chars().count() > 1;
        if is_twice {
            return;
        }
        let has_blank = line.text.ends_with([' ', '\t']) || run.text.starts_with(' ');
        if room > TAB_ROOM {
            line.text.push('\t');
            line.pieces.push((line.text.len(), along, end));
        } else if room > BLANK_ROOM && !has_blank {
            line.text.push(' ');
        }
        line.last = (line.text.len(), along);
        line.text.push_str(&run.text);
        line.end = line.end.max(end);
        if let Some(piece) = line.pieces.last_mut() {
            piece.2 = piece.2.max(end);
        }
        line.size = line.size.max(size);
    }

    /// The line that a run goes on with.
    fn line_for(
        &self,
        direction: (i32, i32),
        along: f64,
        across: f64,
        size: f64,
        text: &str,
    ) -> Option<usize> {
        let last = self.lines.len().checked_sub(1)?;
        let fits = |at: usize, room_max: f64| {
            let line = &self.lines[at];
            let unit = size.max(line.size);
            let room = (along - line.end) / unit;
            let is_twice = (along - line.last.1).abs() < TWICE_ROOM * size
                && line.text[line.last.0..] == *text;
            line.direction == direction
                && (across - line.across).abs() < OFF_LINE * unit
                && (is_twice || (room > -0.6 && room < room_max))
        };
        if fits(last, f64::INFINITY) {
            return Some(last);
        }
        // Labels may all be drawn before what is filled in behind them.
        let row = key(direction, across);
        [row.2 - 1, row.2, row.2 + 1]
            .into_iter()
            .filter_map(|band| self.near.get(&(row.0, row.1, band)))
            .flat_map(|lines| lines.iter().rev().take(16))
            .copied()
            .filter(|at| fits(*at, LATE_ROOM))
            .min_by(|a, b| self.lines[*b].end.total_cmp(&self.lines[*a].end))
    }

    fn know(&mut self, at: usize) {
        let line = &self.lines[at];
        let key = key(line.direction, line.across);
        self.near.entry(key).or_default().push(at);
    }

    pub fn finish(mut self) -> Vec<Line> {
        self.lines.retain(|line| !line.text.trim().is_empty());
        self.lines
    }
}

impl Line {
    /// Stretches between tabs, none of them empty, with their place along the line.
    fn cells(&self) -> Vec<(&str, f64, f64)> {
        let ends = self.pieces.iter().skip(1).map(|piece| piece.0);
        let ends = ends.chain([self.text.len()]);
        self.pieces
            .iter()
            .zip(ends)
            .map(|((start, from, to), end)| (self.text[*start..end].trim(), *from, *to))
            .filter(|(text, ..)| !text.is_empty())
            .collect()
    }

    /// The columns that the cells of a row stand in, of the table below this line; `None`: it is no
    /// row of it.
    fn columns(&self, row: &Line) -> Option<Vec<u32>> {
        let (names, cells) = (self.cells(), row.cells());
        if row.direction != self.direction || cells.len() < 2 || cells.len() > names.len() {
            return None;
        }
        // From half a line before its name up to the next name, or in the order of the names.
        let unit = self.size.max(row.size);
        let mut columns = Vec::new();
        for (at, (_, from, to)) in cells.iter().enumerate() {
            let begins = names.iter().rposition(|name| name.1 - unit / 2.0 <= *from);
            let below = names.iter().position(|name| *from < name.2 && name.1 < *to);
            let column = match cells.len() == names.len() {
                true => Some(at).filter(|at| begins == Some(*at) || below == Some(*at)),
                false => below.or(begins),
            }?;
            if columns.last().is_some_and(|last| *last >= column as u32) {
                return None;
            }
            columns.push(column as u32);
        }
        Some(columns)
    }
}

/// Tells the lines of a page, and tables among them.
pub fn tell(lines: &[Line], body: &mut Body<'_>) -> Result<(), Failure> {
    let mut rest = lines;
    while let [line, after @ ..] = rest {
        rest = after;
        let rows = rows(line, after);
        if rows == 0 {
            body.line(&line.text)?;
            continue;
        }
        body.table();
        body.row()?;
        for (column, (text, ..)) in (0..).zip(line.cells()) {
            body.cell(column, text)?;
        }
        for row in &after[..rows] {
            body.row()?;
            let columns = line.columns(row).unwrap_or_default();
            for (column, (text, ..)) in columns.into_iter().zip(row.cells()) {
                body.cell(column, text)?;
            }
        }
        body.table_end()?;
        rest = &after[rows..];
    }
    Ok(())
}

/// Rows of a table below a line of names; 0: it is none.
fn rows(line: &Line, after: &[Line]) -> usize {
    if line.pieces.len() < 2 {
        return 0;
    }
    let names: Vec<&str> = line.cells().iter().map(|cell| cell.0).collect();
    let below = after.first().map(Line::cells).unwrap_or_default();
    let first = below.first().map_or("", |cell| cell.0);
    if !are_names(&names, first) {
        return 0;
    }
    let is_row = |row: &&Line| line.columns(row).is_some();
    after.iter().take_while(is_row).count()
}

/// Lines of about the same place share a key, or have neighbouring ones.
fn key(direction: (i32, i32), across: f64) -> (i32, i32, i64) {
    /// Units of the page; half a line of small print.
    const BAND: f64 = 4.0;
    (direction.0, direction.1, (across / BAND).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::super::super::recorded::{Recorded, Told};
    use super::*;

    fn lines(runs: &[(f64, f64, f64, &str)]) -> Vec<String> {
        let mut lines = Lines::default();
        for (x, y, width, text) in runs {
            lines.add(Run {
                text: (*text).to_owned(),
                x: *x,
                y: *y,
                direction: (1.0, 0.0),
                width: *width,
                size: 10.0,
            });
        }
        lines.finish().into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn runs_on_a_line_are_joined_by_the_room_between_them() {
        assert_eq!(
            lines(&[
                (0.0, 100.0, 20.0, "116-"),
                (20.1, 100.0, 20.0, "88-"),
                (40.0, 100.0, 20.0, "2993"),
                (65.0, 100.0, 20.0, "next"),
                (120.0, 100.0, 20.0, "cell"),
                (0.0, 88.0, 20.0, "below"),
                (20.0, 91.0, 5.0, "2"),
            ]),
            ["116-88-2993 next\tcell", "below2"]
        );
    }

    #[test]
    fn what_is_drawn_twice_is_told_once_and_columns_stay_apart() {
        assert_eq!(
            lines(&[
                (0.0, 100.0, 40.0, "bold text"),
                (0.3, 100.0, 40.0, "bold text"),
            ]),
            ["bold text"]
        );
        assert_eq!(
            lines(&[
                (0.0, 100.0, 90.0, "left one"),
                (0.0, 88.0, 90.0, "left two"),
                (120.0, 100.0, 90.0, "right one"),
                (120.0, 88.0, 90.0, "right two"),
            ]),
            ["left one", "left two", "right one", "right two"]
        );
    }

    #[test]
    fn what_is_filled_in_later_goes_behind_its_label() {
        assert_eq!(
            lines(&[
                (0.0, 100.0, 40.0, "SSN:"),
                (0.0, 50.0, 40.0, "Name:"),
                (43.0, 100.0, 60.0, "116-88-2993"),
                (43.0, 50.0, 60.0, "Martha"),
            ]),
            ["SSN: 116-88-2993", "Name: Martha"]
        );
    }

    #[test]
    fn rows_below_names_are_a_table() {
        let mut lines = Lines::default();
        for (x, y, text) in [
            (0.0, 100.0, "Name"),
            (70.0, 100.0, "SSN"),
            (150.0, 100.0, "City"),
            (0.0, 88.0, "Martha Rivera"),
            (70.0, 88.0, "116-88-2993"),
            (150.0, 88.0, "Reno"),
            (0.0, 76.0, "Daniel Hoffman"),
            (152.0, 76.0, "Waco"),
            (0.0, 64.0, "A line of text that is none"),
        ] {
            lines.add(Run {
                text: text.to_owned(),
                x,
                y,
                direction: (1.0, 0.0),
                width: text.len() as f64 * 4.0,
                size: 10.0,
            });
        }
        let mut out = Recorded::default();
        tell(&lines.finish(), &mut Body::new(&mut out)).unwrap();
        let cells: Vec<(u64, u32, &str)> = out
            .told
            .iter()
            .filter_map(|told| match told {
                Told::Cell(row, column, text) => Some((*row, *column, text.as_str())),
                _ => None,
            })
            .collect();
        let expected = [
            (1, 0, "Name"),
            (1, 1, "SSN"),
            (1, 2, "City"),
            (2, 0, "Martha Rivera"),
            (2, 1, "116-88-2993"),
            (2, 2, "Reno"),
            (3, 0, "Daniel Hoffman"),
            (3, 2, "Waco"),
        ];
        assert_eq!(cells, expected);
        assert_eq!(out.lines(), ["A line of text that is none"]);
    }
}
