//! The walk's side of the conversation with a parser.

use std::io::{self, Read};

use super::super::bytes::Bytes;
use super::super::fault::{Fault, Scope};
use super::Gaps;
use crate::extract::Session;
use crate::extract::wire::{Begin, Frame, answer};
use crate::model::Reason;

/// A conversation about one document.
pub(crate) struct Talk {
    session: Session,
    bytes: Bytes,
    scratch: Vec<u8>,
    pub mime: &'static str,
    pub gaps: Gaps,
    /// The bytes of the document could not be had.
    source: Option<Fault>,
}

impl Talk {
    /// Asks for a document. Where nobody listens any more, what was told before is still heard, and
    /// then why.
    pub fn begin(mut session: Session, begin: &Begin, bytes: Bytes) -> Self {
        if let Some(ends) = &mut session.ends {
            // the end of what is told shows it too
            let _ = begin.write(&mut ends.output);
        }
        Talk {
            session,
            bytes,
            scratch: Vec::new(),
            mime: begin.format.mime(),
            gaps: Gaps::default(),
            source: None,
        }
    }

    fn cause(&mut self) -> Fault {
        if let Some(fault) = self.source.take() {
            return fault;
        }
        let (reason, detail) = self.session.minder.cause();
        Fault::new(Scope::Stream, reason, detail)
    }

    /// What is told next; bytes that are asked for meanwhile are given.
    pub fn next(&mut self) -> Result<Frame, Fault> {
        loop {
            let Some(ends) = &mut self.session.ends else {
                return Err(self.cause());
            };
            let (offset, len) = match Frame::read(&mut ends.input) {
                Ok(Frame::Read { offset, len }) => (offset, len),
                Ok(Frame::End(outcome)) => {
                    return match self.source.take() {
                        Some(fault) => Err(fault),
                        None => Ok(Frame::End(outcome)),
                    };
                }
                Ok(frame) => return Ok(frame),
                Err(_) => return Err(self.cause()),
            };
            if self.scratch.len() < len {
                self.scratch.resize(len, 0);
            }
            let read = self.bytes.fill_at(offset, &mut self.scratch[..len]);
            let given = match read {
                Ok(read) => answer(&mut ends.output, Ok(&self.scratch[..read])),
                Err(error) => {
                    self.source.get_or_insert(Fault::of(&error));
                    answer(&mut ends.output, Err(error))
                }
            };
            if given.is_err() {
                return Err(self.cause());
            }
        }
    }

    /// Some of the text that a frame announced.
    pub fn text(&mut self, left: &mut u64, out: &mut [u8]) -> Result<usize, Fault> {
        let want = usize::try_from(*left).unwrap_or(usize::MAX).min(out.len());
        let read = match &mut self.session.ends {
            Some(ends) => ends.input.read(&mut out[..want]),
            None => Ok(0),
        };
        match read {
            Ok(0) if want > 0 => Err(self.cause()),
            Ok(read) => {
                *left -= read as u64;
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(0),
            Err(_) => Err(self.cause()),
        }
    }

    /// The document was told to its end.
    pub fn end(self) -> (Bytes, Gaps) {
        self.session.done();
        (self.bytes, self.gaps)
    }
}

/// Nobody reads the document.
pub(crate) fn nobody(error: &io::Error) -> Fault {
    let reason = Reason::UnsupportedFileTypeException;
    Fault::new(Scope::Stream, reason, format!("start parser: {error}"))
}
