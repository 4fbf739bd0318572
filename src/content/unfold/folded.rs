//! The stored text as it is read and given out, in part or as something else.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

use super::super::encoding::Unit;
use super::super::source::read_at_least;
use super::super::track::lines::Cursor;
use super::map::{Form, Map, Segment};

const WINDOW_BYTES: usize = 64 << 10;
/// What may be looked at ahead, at least, where the text does not end before.
pub(crate) const PEEK_BYTES: usize = 2048;
/// What was given or left out and may still be looked at, at most.
pub(crate) const BEHIND_BYTES: usize = 2048;
/// Most bytes that stand for one escape.
pub(crate) const STEP_BYTES: usize = 16;
/// Longest stretch of one segment, so that its start is in view of every offset in it that is
/// asked for.
const SEGMENT_BYTES_MAX: u64 = 1024;

/// The open segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    /// What comes is not behind it: something was left out.
    No,
    Text,
    /// One escape, of so many bytes here and there.
    Escape(usize, usize),
    /// Several of one kind.
    Escapes(usize, usize),
}

pub(crate) struct Folded<'a> {
    inner: &'a mut dyn Read,
    window: Vec<u8>,
    pos: usize,
    end: usize,
    ended: bool,
    /// Comes once the window is used up.
    error: Option<io::Error>,
    unit: Unit,
    /// The stored text up to `counted`, which trails `pos` until a segment needs it.
    stored: Cursor,
    counted: usize,
    /// Bytes given out.
    at: u64,
    /// Start of the open segment.
    segment_at: u64,
    open: Open,
    map: Rc<RefCell<Map>>,
    /// Offset in the text that is not looked beyond, and at which it is not over.
    fence: Option<u64>,
}

impl<'a> Folded<'a> {
    /// `skipped`: stored bytes before the text (a byte order mark). The map has the same `unit`.
    pub fn new(inner: &'a mut dyn Read, skipped: u64, unit: Unit, map: Rc<RefCell<Map>>) -> Self {
        Folded {
            inner,
            window: vec![0; WINDOW_BYTES],
            pos: 0,
            end: 0,
            ended: false,
            error: None,
            unit,
            stored: Cursor::behind(skipped),
            counted: 0,
            at: 0,
            segment_at: 0,
            open: Open::No,
            map,
            fence: None,
        }
    }

    /// Reads until [`PEEK_BYTES`] are ahead, or all there is.
    pub fn fill(&mut self) {
        if self.end - self.pos >= PEEK_BYTES || self.ended {
            return;
        }
        // what is kept is moved once for many reads
        if self.window.len() - self.end < WINDOW_BYTES / 2 {
            self.count();
            let from = self.pos - self.pos.min(BEHIND_BYTES);
            self.window.copy_within(from..self.end, 0);
            (self.pos, self.end) = (self.pos - from, self.end - from);
            self.counted = self.pos;
        }
        let least = PEEK_BYTES.saturating_sub(self.end - self.pos);
        let more = read_at_least(self.inner, &mut self.window[self.end..], least);
        self.end += more.bytes;
        self.ended = more.ended;
        self.error = more.error;
    }

    /// Brings the cursor up to `pos`.
    fn count(&mut self) {
        let bytes = &self.window[self.counted..self.pos];
        self.stored.advance(bytes, self.unit);
        self.counted = self.pos;
    }

    /// Offset in the text of what is ahead.
    pub fn offset(&self) -> u64 {
        self.stored.at + (self.pos - self.counted) as u64
    }

    /// What stands before the offset `to` is not to be looked at with what follows.
    pub fn set_fence(&mut self, to: Option<u64>) {
        self.fence = to;
    }

    fn reach(&self) -> usize {
        let fence = self.fence.map_or(u64::MAX, |to| to - self.offset().min(to));
        let len = self.end - self.pos;
        usize::try_from(fence).map_or(len, |fence| fence.min(len))
    }

    /// What is ahead in the window, up to the fence.
    pub fn ahead(&self) -> &[u8] {
        &self.window[self.pos..self.pos + self.reach()]
    }

    /// What came last, at most [`BEHIND_BYTES`] of it.
    pub fn behind(&self) -> &[u8] {
        &self.window[self.pos - self.pos.min(BEHIND_BYTES)..self.pos]
    }

    /// What is [ahead](Self::ahead) is all that comes, or comes before the fence.
    pub fn is_all(&self) -> bool {
        self.reach() < self.end - self.pos || self.ended || self.fence == Some(self.read_to())
    }

    /// Offset in the text up to which it was read.
    fn read_to(&self) -> u64 {
        self.offset() + (self.end - self.pos) as u64
    }

    /// Everything was given out or left out.
    pub fn is_over(&self) -> bool {
        self.pos == self.end && self.ended
    }

    /// The error that ended the text, once.
    pub fn take_error(&mut self) -> Option<io::Error> {
        self.error.take()
    }

    /// Bytes given out.
    pub fn at(&self) -> u64 {
        self.at
    }

    fn begin_segment(&mut self, head: usize, head_stored: usize) {
        self.count();
        self.map.borrow_mut().push(Segment {
            at: self.at,
            stored: self.stored,
            head: head as u8,
            head_stored: head_stored as u8,
            form: Form::Text,
        });
        self.segment_at = self.at;
    }

    /// Gives out `len` bytes as they are, or as many as fit.
    pub fn copy(&mut self, len: usize, out: &mut [u8], written: &mut usize) -> usize {
        let is_text = matches!(self.open, Open::Text | Open::Escape(..));
        if !is_text || self.at - self.segment_at >= SEGMENT_BYTES_MAX {
            self.begin_segment(0, 0);
        }
        let room = (SEGMENT_BYTES_MAX - (self.at - self.segment_at)) as usize;
        let len = len.min(room).min(out.len() - *written);
        let bytes = &self.window[self.pos..self.pos + len];
        out[*written..*written + len].copy_from_slice(bytes);
        self.pos += len;
        self.at += len as u64;
        *written += len;
        self.open = Open::Text;
        len
    }

    /// Gives out `text`, at most [`STEP_BYTES`], for an escape of `stored_len` bytes, at most 100 and all
    /// of them ASCII.
    pub fn replace(&mut self, text: &[u8], stored_len: usize, out: &mut [u8], written: &mut usize) {
        let kind = (text.len(), stored_len);
        self.open = match self.open {
            // many of one kind are one segment
            Open::Escape(len, stored) if (len, stored) == kind && stored > 0 => {
                self.map.borrow_mut().repeat_last();
                Open::Escapes(len, stored)
            }
            Open::Escapes(len, stored) if (len, stored) == kind => self.open,
            _ => {
                self.begin_segment(text.len(), stored_len);
                Open::Escape(text.len(), stored_len)
            }
        };
        out[*written..*written + text.len()].copy_from_slice(text);
        self.pos += stored_len;
        self.at += text.len() as u64;
        *written += text.len();
    }

    /// Leaves `len` bytes out.
    pub fn pass(&mut self, len: usize) {
        self.pos += len;
        self.open = Open::No;
    }
}
