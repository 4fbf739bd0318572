//! The stored bytes of a mail, line by line, with the place of each.

use std::io::{self, Read};

use super::super::encoding::Unit;
use super::super::source::read_at_least;
use super::super::track::lines::Cursor;

const WINDOW_BYTES: usize = 64 << 10;
/// Longest piece of a line that is looked at in one.
pub(super) const PIECE_BYTES: usize = 1024;
/// What is in view from any place, unless the mail ends before.
const PEEK_BYTES: usize = 2 * PIECE_BYTES;

pub(super) struct Lines<'a> {
    inner: &'a mut dyn Read,
    window: Vec<u8>,
    pos: usize,
    end: usize,
    ended: bool,
    error: Option<io::Error>,
    /// Up to `pos`.
    pub cursor: Cursor,
    /// The byte before is a line end, or there is none.
    pub at_start: bool,
}

impl<'a> Lines<'a> {
    pub fn new(inner: &'a mut dyn Read, skipped: u64) -> Self {
        Lines {
            inner,
            window: vec![0; WINDOW_BYTES],
            pos: 0,
            end: 0,
            ended: false,
            error: None,
            cursor: Cursor::behind(skipped),
            at_start: true,
        }
    }

    fn fill(&mut self) {
        if self.end - self.pos >= PEEK_BYTES || self.ended {
            return;
        }
        self.window.copy_within(self.pos..self.end, 0);
        (self.pos, self.end) = (0, self.end - self.pos);
        let least = PEEK_BYTES.saturating_sub(self.end);
        let more = read_at_least(self.inner, &mut self.window[self.end..], least);
        self.end += more.bytes;
        self.ended = more.ended;
        self.error = more.error;
    }

    /// What comes, at least [`PEEK_BYTES`] of it; less only before the end.
    pub fn ahead(&mut self) -> &[u8] {
        self.fill();
        &self.window[self.pos..self.end]
    }

    /// Length of the piece that comes: up to the end of the line, that included, or
    /// [`PIECE_BYTES`].
    pub fn piece(&mut self) -> usize {
        let ahead = self.ahead();
        let ahead = &ahead[..ahead.len().min(PIECE_BYTES)];
        memchr::memchr(b'\n', ahead).map_or(ahead.len(), |end| end + 1)
    }

    /// Bytes of the next `len`, which were ahead.
    pub fn view(&self, len: usize) -> &[u8] {
        &self.window[self.pos..self.pos + len]
    }

    pub fn is_over(&mut self) -> bool {
        self.fill();
        self.pos == self.end
    }

    pub fn has_failed(&self) -> bool {
        self.error.is_some()
    }

    pub fn take_error(&mut self) -> Option<io::Error> {
        self.error.take()
    }

    /// Goes over `len` bytes that were ahead.
    pub fn pass(&mut self, len: usize) {
        let bytes = &self.window[self.pos..self.pos + len];
        self.cursor.advance(bytes, Unit::Utf8);
        if let Some(last) = bytes.last() {
            self.at_start = *last == b'\n';
        }
        self.pos += len;
    }
}

/// Length of the line end at the end of a piece.
pub(super) fn line_end(piece: &[u8]) -> usize {
    match piece {
        [.., b'\r', b'\n'] => 2,
        [.., b'\n'] => 1,
        _ => 0,
    }
}

/// A cursor that goes over a piece of a line.
#[derive(Clone, Copy)]
pub(super) struct Along<'a> {
    piece: &'a [u8],
    at: usize,
    cursor: Cursor,
}

impl<'a> Along<'a> {
    /// `cursor`: at the start of the piece.
    pub fn new(piece: &'a [u8], cursor: Cursor) -> Self {
        Along {
            piece,
            at: 0,
            cursor,
        }
    }

    /// The cursor at an offset, which is not before the one last asked for.
    pub fn to(&mut self, at: usize) -> Cursor {
        self.cursor.advance(&self.piece[self.at..at], Unit::Utf8);
        self.at = at;
        self.cursor
    }
}
