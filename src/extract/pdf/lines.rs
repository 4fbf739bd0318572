//! Runs of glyphs to lines: what stands on one line one after the other is joined, with blanks where there
//! is room between; otherwise the order is that of the page's content, which is how it is to be read.

use std::collections::HashMap;

/// Room that counts as a blank, and as a tab, in sizes of the font.
const BLANK_ROOM: f64 = 0.15;
const TAB_ROOM: f64 = 1.5;
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

struct Line {
    text: String,
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
        } else if room > BLANK_ROOM && !has_blank {
            line.text.push(' ');
        }
        line.last = (line.text.len(), along);
        line.text.push_str(&run.text);
        line.end = line.end.max(end);
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

    pub fn finish(self) -> Vec<String> {
        let mut lines: Vec<String> = self.lines.into_iter().map(|line| line.text).collect();
        lines.retain(|line| !line.trim().is_empty());
        lines
    }
}

/// Lines of about the same place share a key, or have neighbouring ones.
fn key(direction: (i32, i32), across: f64) -> (i32, i32, i64) {
    /// Units of the page; half a line of small print.
    const BAND: f64 = 4.0;
    (direction.0, direction.1, (across / BAND).round() as i64)
}

#[cfg(test)]
mod tests {
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
        lines.finish()
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
}
