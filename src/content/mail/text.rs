//! The text of a mail: its headers and the parts that are shown, decoded, up to the next part that is
//! a member.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use super::super::markup::{Frame, Mode, Turning};
use super::super::track::lines::Cursor;
use super::super::unfold::Map;
use super::body::Shown;
use super::emit::Emit;
use super::lines::{Along, line_end};
use super::structure::{Mail, State};
use super::tell::field_name;
use super::words::word;

/// A field of a header that is being read.
#[derive(Default)]
struct FieldState {
    /// Lower case.
    name: String,
    /// An encoded word came last, and perhaps white space.
    after_word: bool,
}

pub(super) struct MailText<'m, 'a> {
    mail: &'m mut Mail<'a>,
    emit: Emit,
    taken: usize,
    field: Option<FieldState>,
    /// Where the line end stands that was not given out yet, for the field may go on.
    line_end: Option<(Cursor, Cursor)>,
    shown: Option<Shown>,
    ended: bool,
}

impl<'m, 'a> MailText<'m, 'a> {
    pub fn new(
        mail: &'m mut Mail<'a>,
        map: Rc<RefCell<Map>>,
        marks: Rc<RefCell<VecDeque<Turning>>>,
    ) -> Self {
        MailText {
            mail,
            emit: Emit::new(map, marks),
            taken: 0,
            field: None,
            line_end: None,
            shown: None,
            ended: false,
        }
    }

    /// Reads until there is text; `false`: there is none before the next member, or the end.
    pub fn prime(&mut self) -> bool {
        while !self.ended && !self.emit.has_started() {
            self.more();
        }
        self.emit.has_started()
    }

    /// The mail could not be read on.
    pub fn has_failed(&self) -> bool {
        self.mail.lines.has_failed()
    }

    fn more(&mut self) {
        if self.mail.lines.is_over() {
            self.ended = true;
            return;
        }
        if let Some(turn) = self.mail.turn() {
            self.end_field();
            self.shown = None;
            self.mail.take(turn);
            return;
        }
        match &self.mail.state {
            State::Member { .. } => self.ended = true,
            State::Header => self.header_line(),
            State::Text { transfer, charset } => {
                if self.shown.is_none() {
                    self.shown = Some(Shown::new(*transfer, charset));
                    let mode = match self.mail.html {
                        true => Mode::Html,
                        false => Mode::Verbatim,
                    };
                    let frame = self.mail.frame();
                    self.emit.stand_in(mode, frame);
                }
                self.body_piece();
            }
        }
    }

    fn body_piece(&mut self) {
        let len = self.mail.lines.piece();
        let last = self.mail.lines.ahead().len() == len;
        let cursor = self.mail.lines.cursor;
        let piece = self.mail.lines.view(len);
        let len = match &mut self.shown {
            Some(shown) => shown.read(piece, cursor, last, &mut self.emit),
            None => len,
        };
        self.mail.pass(len);
    }

    /// Gives out the line end that was kept back.
    fn end_line(&mut self) {
        if let Some((start, end)) = self.line_end.take() {
            self.emit.unit(b"\n", &start, &end);
        }
    }

    fn end_field(&mut self) {
        self.end_line();
        self.field = None;
    }

    /// A piece of a header.
    fn header_line(&mut self) {
        let fresh = self.mail.lines.at_start;
        let len = self.mail.lines.piece();
        let piece = self.mail.lines.view(len);
        let eol = line_end(piece);
        if fresh && len == eol {
            self.end_field();
            self.mail.pass(len);
            self.mail.begin_body();
            return;
        }
        let goes_on = !fresh || matches!(piece[0], b' ' | b'\t');
        let begun = self.field.is_some();
        if !goes_on || !begun {
            let Some(name) = field_name(piece) else {
                if piece.starts_with(b">From ") || piece.starts_with(b"From ") {
                    return self.odd_line(len);
                }
                // no header, or no longer
                self.end_field();
                self.mail.begin_body();
                return;
            };
            let (name, shown) = (name.to_ascii_lowercase(), name.to_owned());
            self.end_field();
            let base = self.mail.frame();
            let frame = Frame::new(base.as_ref(), shown, 0, true, None);
            self.emit.stand_in(Mode::Verbatim, Some(frame));
            self.field = Some(FieldState {
                name,
                after_word: false,
            });
        }
        self.field_piece(len, fresh && begun && goes_on);
    }

    /// A line among the fields that is none.
    fn odd_line(&mut self, len: usize) {
        self.end_field();
        let cursor = self.mail.lines.cursor;
        let piece = self.mail.lines.view(len);
        self.emit.verbatim(piece, cursor);
        self.mail.pass(len);
    }

    /// Gives out a piece of the current field, which begins a line of it or not. `folded`: it goes on
    /// from the line before.
    fn field_piece(&mut self, len: usize, folded: bool) {
        let Some(mut field) = self.field.take() else {
            return;
        };
        // the line end before goes with the fold
        if folded {
            self.line_end = None;
        }
        let cursor = self.mail.lines.cursor;
        let piece = self.mail.lines.view(len).to_vec();
        let from = match memchr::memchr(b':', &piece) {
            Some(colon) if !folded && self.mail.lines.at_start => colon + 1,
            _ => 0,
        };
        self.mail.note(&field.name, &piece[from..]);
        let text = &piece[..len - line_end(&piece)];
        let mut along = Along::new(text, cursor);
        let mut at = 0;
        while at < text.len() {
            if let Some(word) = word(&text[at..]) {
                along.to(at);
                word.emit(&mut along, at, &mut self.emit);
                at += word.len;
                field.after_word = true;
                continue;
            }
            let spaces = text[at..]
                .iter()
                .take_while(|b| matches!(b, b' ' | b'\t'))
                .count();
            if spaces > 0 {
                // between words it is left out, and where a line was folded it is one
                let behind = at + spaces;
                let between = field.after_word && word_or_end(&text[behind..]);
                let start = along.to(at);
                let end = along.to(behind);
                if !between {
                    match folded && at == 0 {
                        true => self.emit.unit(b" ", &start, &end),
                        false => self.emit.verbatim(&text[at..behind], start),
                    }
                }
                at = behind;
                continue;
            }
            field.after_word = false;
            let rest = &text[at..];
            let ends = |at: &usize| match rest[*at] {
                b' ' | b'\t' => true,
                b'=' => rest[*at..].starts_with(b"=?"),
                _ => false,
            };
            let run = (1..rest.len()).find(ends).unwrap_or(rest.len());
            let start = along.to(at);
            self.emit.verbatim(&rest[..run], start);
            at += run;
        }
        if text.len() < len {
            let start = along.to(text.len());
            let mut whole = Along::new(&piece, cursor);
            self.line_end = Some((start, whole.to(len)));
        }
        self.field = Some(field);
        self.mail.pass(len);
    }
}

/// An encoded word begins the text, or the line ends, so that one may follow.
fn word_or_end(text: &[u8]) -> bool {
    text.is_empty() || word(text).is_some()
}

impl Read for MailText<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.emit.ready.len() {
            self.emit.ready.clear();
            self.taken = 0;
            if self.ended {
                self.end_field();
                if self.emit.ready.is_empty() {
                    return match self.mail.lines.take_error() {
                        Some(error) => Err(error),
                        None => Ok(0),
                    };
                }
                continue;
            }
            self.more();
        }
        let len = out.len().min(self.emit.ready.len() - self.taken);
        out[..len].copy_from_slice(&self.emit.ready[self.taken..self.taken + len]);
        self.taken += len;
        Ok(len)
    }
}
