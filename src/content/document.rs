//! Documents: Parquet, spreadsheets, PDF and the like, which others parse for the walk.
//!
//! A document is a member whose text is made by its parser; the files in it are members of it.

use std::cell::RefCell;
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;

use super::blocks::feed;
use super::bytes::{Bytes, hold};
use super::encoding::Unit;
use super::fault::{Fault, Scope};
use super::rendered::{self, Map, MemberData, Rendered, Talk};
use super::source::Leaf;
use super::track::lines::Lines;
use super::track::rendered::RenderedTracker;
use super::verdict::{Sum, Verdict};
use super::walk::{Node, Walker, stop_fault};
use crate::extract::wire::{Begin, Frame};
use crate::extract::{Failure, Format};
use crate::model::{Member, Reason};

/// What a document was read as.
enum ReadAs {
    Done(Verdict),
    /// It is something else; what it was read from.
    NotThis(Bytes, String),
}

impl Walker<'_> {
    pub fn document(&mut self, format: Format, stream: &mut dyn Read, node: &Node) -> Verdict {
        let mut held = 0;
        let bytes = match &node.ranged {
            Some(stored) => Bytes::Stored(Rc::clone(stored)),
            None => {
                let holding = hold(stream, &self.meter, self.limits);
                held = holding.bytes.len();
                if !holding.whole {
                    self.meter.give_back(held);
                    let fault = match &holding.error {
                        Some(error) => self.note(error),
                        None => Fault::new(
                            Scope::Stream,
                            Reason::FileExceedsSizeLimit,
                            format!(
                                "the document is inside a stream and larger than the {held} bytes that may be held of it; raise walk_bytes_max"
                            ),
                        ),
                    };
                    let verdict = Verdict::cut_short(format.mime(), false, &fault);
                    return self.leaf_verdict(node, verdict);
                }
                Bytes::Held(holding.bytes.into())
            }
        };
        let read = self.document_bytes(format, bytes, node);
        let verdict = match read {
            ReadAs::Done(verdict) => verdict,
            ReadAs::NotThis(bytes, _) if format == Format::Office => self.zip_of(bytes, node),
            ReadAs::NotThis(_, detail) => {
                let reason = Reason::UnsupportedFileTypeException;
                let verdict = Verdict::skipped(format.mime(), reason, detail);
                self.leaf_verdict(node, verdict)
            }
        };
        self.meter.give_back(held);
        verdict
    }

    fn document_bytes(&mut self, format: Format, bytes: Bytes, node: &Node) -> ReadAs {
        let begin = Begin {
            format,
            size: bytes.size(),
            bounds: self.limits.document.clone(),
        };
        let mut talk = match self.limits.workshop.session(&begin) {
            Ok(session) => Talk::begin(session, &begin, bytes),
            Err(error) => {
                let fault = rendered::nobody(&error);
                let verdict = Verdict::cut_short(format.mime(), false, &fault);
                return ReadAs::Done(self.leaf_verdict(node, verdict));
            }
        };
        // what comes before the first text
        let first = loop {
            match talk.next() {
                Ok(Frame::Mime(mime)) => talk.mime = mime,
                Ok(Frame::Gap { reason, detail }) => talk.gaps.add(reason, detail),
                Ok(Frame::End(Err(Failure::NotThis(detail)))) => {
                    let (bytes, _) = talk.end();
                    return ReadAs::NotThis(bytes, detail);
                }
                Ok(frame) => break frame,
                Err(fault) => {
                    self.note(&fault.clone().into());
                    let verdict = Verdict::cut_short(talk.mime, false, &fault);
                    return ReadAs::Done(self.leaf_verdict(node, verdict));
                }
            }
        };
        let mut sum = Sum::default();
        // an archive has members and no text of its own
        let is_archive = matches!(first, Frame::Member { .. });
        let mut own = None;
        let next = match is_archive {
            true => Ok(first),
            false => match self.document_text(&mut talk, first, node) {
                Ok((verdict, next)) => {
                    sum.add(verdict.status);
                    own = Some(verdict);
                    next
                }
                Err(verdict) => return ReadAs::Done(verdict),
            },
        };
        let is_alone = matches!(next, Ok(Frame::End(_)));
        let ended = next.and_then(|next| self.document_members(&mut talk, next, node, &mut sum));
        let mime = talk.mime;
        let fault = match ended {
            Ok(outcome) => {
                let (_, gaps) = talk.end();
                outcome
                    .err()
                    .map(rendered::fault_of)
                    .or_else(|| gaps.fault())
            }
            Err(fault) => {
                self.note(&fault.clone().into());
                Some(fault)
            }
        };
        match (own, is_alone || is_archive) {
            // its failure is that of the text, which is told with it
            (Some(mut verdict), true) => {
                if let (None, Some(fault)) = (verdict.reason, &fault) {
                    verdict = Verdict::cut_short(mime, true, fault);
                }
                ReadAs::Done(verdict)
            }
            _ => {
                let verdict = sum.verdict(mime, fault.as_ref());
                self.tell_container(node, &verdict, fault.as_ref());
                ReadAs::Done(verdict)
            }
        }
    }

    /// The text of a document, up to what follows it. `Err`: nothing more of the document is read.
    fn document_text(
        &mut self,
        talk: &mut Talk,
        first: Frame,
        node: &Node,
    ) -> Result<(Verdict, Result<Frame, Fault>), Verdict> {
        if let Err(fault) = self.admit(node) {
            return Err(Verdict::cut_short(talk.mime, false, &fault));
        }
        let mime = talk.mime;
        self.visitor.member(&Member {
            container: Arc::clone(&node.path),
            mime_type: mime,
        });
        let map: Rc<RefCell<Map>> = Rc::default();
        let is_table = Format::is_table(mime);
        let lines = Lines::new(Unit::Utf8, 0, None);
        let mut tracker = RenderedTracker::new(Rc::clone(&map), lines, is_table);
        let mut text = match Rendered::new(talk, map, first) {
            Ok(text) => text,
            Err(error) => {
                let verdict = Verdict::cut_short(mime, false, &Fault::of(&error));
                self.tell(node, &verdict, 0);
                return Err(verdict);
            }
        };
        let mut leaf = Leaf::new(&mut text, Rc::clone(&self.meter), self.limits, true);
        let (buffer, own_bytes) = (&mut self.buffer, self.limits.block_bytes);
        let fed = feed(&mut leaf, buffer, own_bytes, &mut tracker, self.visitor);
        let scanned = leaf.bytes;
        if fed.stopped {
            self.stopped = true;
            let verdict = Verdict::cut_short(mime, true, &stop_fault());
            self.tell(node, &verdict, scanned);
            return Err(verdict);
        }
        let next = text.next.take();
        let fault = match (&fed.error, &next) {
            (Some(error), _) => Some(self.note(error)),
            (None, Some(Frame::End(Err(_)))) => None,
            (None, _) => std::mem::take(&mut talk.gaps).fault(),
        };
        if let (Some(fault), true) = (&fault, fed.error.is_some()) {
            let verdict = Verdict::cut_short(mime, scanned > 0, fault);
            self.tell(node, &verdict, scanned);
            return Err(verdict);
        }
        let next = match next {
            Some(next) => Ok(next),
            None => talk.next(),
        };
        let (next, failed) = match next {
            Ok(Frame::End(Err(failure))) => {
                let fault = rendered::fault_of(failure);
                (Ok(Frame::End(Ok(()))), Some(fault))
            }
            Ok(next) => (Ok(next), None),
            Err(fault) => (Err(fault.clone()), Some(fault)),
        };
        let verdict = match failed.or(fault) {
            Some(fault) => Verdict::cut_short(mime, scanned > 0, &fault),
            None => Verdict::complete(mime),
        };
        self.tell(node, &verdict, scanned);
        Ok((verdict, next))
    }

    /// The members of a document, from the first on; answers with the end of the document.
    fn document_members(
        &mut self,
        talk: &mut Talk,
        first: Frame,
        node: &Node,
        sum: &mut Sum,
    ) -> Result<Result<(), Failure>, Fault> {
        let mut next = first;
        loop {
            match next {
                Frame::End(outcome) => return Ok(outcome),
                Frame::Gap { reason, detail } => talk.gaps.add(reason, detail),
                Frame::Member { name, modified } => {
                    if node.depth >= self.limits.depth_max {
                        let detail = format!(
                            "containers are nested deeper than {}; raise depth_max",
                            self.limits.depth_max
                        );
                        let reason = Reason::ArchiveNestingLevelOverLimit;
                        return Err(Fault::new(Scope::Stream, reason, detail));
                    }
                    let member = node.member(name, None, modified, None);
                    let mut data = MemberData::new(talk);
                    let verdict = self.open(&mut data, &member);
                    sum.add(verdict.status);
                    if let Some(fault) = self.halted() {
                        return Err(fault);
                    }
                    data.skip()?;
                }
                _ => {
                    let detail = "the parser of the document told things out of order";
                    return Err(Fault::malformed(detail));
                }
            }
            next = talk.next()?;
        }
    }
}
