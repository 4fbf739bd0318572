//! Documents as text: what a parser tells of one becomes a stream that blocks are cut from.
//!
//! The text is made, it stands nowhere in the document: values of records and running text are lines
//! of it, cells of a row are separated by tabs. A [`Map`] beside it knows the cell, record or page of
//! each stretch. Who parses, and where, is left to [`extract`](crate::extract).

mod map;
mod talk;

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

pub(crate) use map::{Map, Span, What};
pub(crate) use talk::{Talk, nobody};

use super::fault::{Fault, Scope};
use crate::extract::Failure;
use crate::extract::wire::Frame;
use crate::model::Reason;

/// What of a document was not read, beyond its failure.
#[derive(Debug, Default)]
pub(crate) struct Gaps {
    first: Option<(Reason, String)>,
    more: u64,
}

impl Gaps {
    pub fn add(&mut self, reason: Reason, detail: String) {
        match self.first {
            None => self.first = Some((reason, detail)),
            Some(_) => self.more += 1,
        }
    }

    pub fn fault(&self) -> Option<Fault> {
        let (reason, detail) = self.first.as_ref()?;
        let detail = match self.more {
            0 => detail.clone(),
            more => format!("{detail}; and {more} more"),
        };
        Some(Fault::new(Scope::Stream, *reason, detail))
    }
}

/// The text of a document, up to its members or its end.
pub(crate) struct Rendered<'a> {
    talk: &'a mut Talk,
    map: Rc<RefCell<Map>>,
    /// End of the text that was begun last.
    at: u64,
    /// Ends the text before the next.
    owed: Option<u8>,
    /// What is left of the text of the last frame.
    left: u64,
    /// The line broke, which is still to be told.
    broken: Option<Fault>,
    /// The row that is open, of the table that is open.
    row: Option<u64>,
    /// What follows the text, once it has ended.
    pub next: Option<Frame>,
}

impl<'a> Rendered<'a> {
    /// `first`: what was already told.
    pub fn new(talk: &'a mut Talk, map: Rc<RefCell<Map>>, first: Frame) -> io::Result<Self> {
        let mut rendered = Rendered {
            talk,
            map,
            at: 0,
            owed: None,
            left: 0,
            broken: None,
            row: None,
            next: None,
        };
        rendered.enter(first)?;
        Ok(rendered)
    }

    /// Begins a text: `separator` stands before it unless it is the first.
    fn begin(&mut self, separator: u8, len: u64, what: What) {
        if self.at > 0 {
            self.owed = Some(separator);
            self.at += 1;
        }
        self.left = len;
        // a length is what a parser says, and may be anything
        let end = self.at.saturating_add(len);
        self.map.borrow_mut().push(Span {
            start: self.at,
            end,
            what,
        });
        self.at = end;
    }

    fn enter(&mut self, frame: Frame) -> Result<(), Fault> {
        match frame {
            Frame::Table {
                table,
                header_row,
                columns,
            } => {
                self.row = None;
                self.map.borrow_mut().table(table, header_row, columns)?;
            }
            Frame::Cell { len: 0, .. } | Frame::Value { len: 0, .. } => {}
            Frame::Cell { row, column, len } => {
                let separator = match self.row == Some(row) {
                    true => b'\t',
                    false => b'\n',
                };
                self.row = Some(row);
                self.begin(separator, len, What::Cell { row, column });
            }
            Frame::Value {
                record,
                column,
                path,
                len,
            } => {
                let path = path.map(String::into_boxed_str);
                let what = What::Value {
                    record,
                    column,
                    path,
                };
                self.begin(b'\n', len, what);
            }
            Frame::Line { len } => {
                self.row = None;
                self.begin(b'\n', len, What::Line);
            }
            Frame::TableEnd => {
                self.row = None;
                self.map.borrow_mut().table_end();
            }
            Frame::Page(number) => self.map.borrow_mut().page(self.at, number),
            Frame::Gap { reason, detail } => self.talk.gaps.add(reason, detail),
            Frame::Mime(mime) => self.talk.mime = mime,
            Frame::Read { .. } => {}
            Frame::Data { .. } | Frame::MemberEnd { .. } => return Err(out_of_order()),
            Frame::Member { .. } | Frame::End(_) => self.next = Some(frame),
        }
        Ok(())
    }
}

fn out_of_order() -> Fault {
    Fault::malformed("the parser of the document told things out of order")
}

impl Rendered<'_> {
    /// Some text, or none and the next frame.
    fn more(&mut self, out: &mut [u8]) -> Result<usize, Fault> {
        if let Some(fault) = self.broken.take() {
            return Err(fault);
        }
        if self.left > 0 {
            return self.talk.text(&mut self.left, out);
        }
        let frame = self.talk.next()?;
        self.enter(frame)?;
        Ok(0)
    }
}

impl Read for Rendered<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < out.len() {
            if let Some(separator) = self.owed.take() {
                out[filled] = separator;
                filled += 1;
                continue;
            }
            if self.next.is_some() {
                break;
            }
            match self.more(&mut out[filled..]) {
                Ok(read) => filled += read,
                // what there is goes first
                Err(fault) if filled > 0 => {
                    self.broken = Some(fault);
                    break;
                }
                Err(fault) => return Err(fault.into()),
            }
        }
        Ok(filled)
    }
}

/// One member of a document, up to its end.
pub(crate) struct MemberData<'a> {
    talk: &'a mut Talk,
    left: u64,
    ended: bool,
}

impl<'a> MemberData<'a> {
    pub fn new(talk: &'a mut Talk) -> Self {
        MemberData {
            talk,
            left: 0,
            ended: false,
        }
    }

    /// Leaves out what was not read of it.
    pub fn skip(&mut self) -> Result<(), Fault> {
        let mut scratch = [0; 8 << 10];
        loop {
            match self.read(&mut scratch) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                // the member's own fault, which was told with it
                Err(_) if self.ended => return Ok(()),
                Err(error) => return Err(Fault::of(&error)),
            }
        }
    }
}

impl Read for MemberData<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        while self.left == 0 {
            if self.ended {
                return Ok(0);
            }
            match self.talk.next()? {
                Frame::Data { len } => self.left = len,
                Frame::MemberEnd { fault } => {
                    self.ended = true;
                    if let Some((reason, detail)) = fault {
                        return Err(Fault::new(Scope::Stream, reason, detail).into());
                    }
                }
                Frame::Gap { reason, detail } => self.talk.gaps.add(reason, detail),
                _ => return Err(out_of_order().into()),
            }
        }
        Ok(self.talk.text(&mut self.left, out)?)
    }
}

/// The fault behind a parser's failure.
pub(crate) fn fault_of(failure: Failure) -> Fault {
    match failure {
        Failure::Broken { reason, detail } => Fault::new(Scope::Stream, reason, detail),
        Failure::NotThis(detail) => {
            Fault::new(Scope::Stream, Reason::UnsupportedFileTypeException, detail)
        }
        failure => Fault::malformed(failure.to_string()),
    }
}
