//! One text member: tells its encoding and layout, and feeds its blocks to the visitor.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

use super::access;
use super::blocks::{Fed, Track, feed};
use super::encoding::{Coding, Decoding, Unit, decode_head};
use super::layout::{self, Layout};
use super::markup;
use super::messages::Unfold;
use super::sniff::SNIFF_BYTES;
use super::source::{Headed, Leaf};
use super::track::columns::ColumnsTracker;
use super::track::keys::KeysTracker;
use super::track::lines::Lines;
use super::track::markup::MarkupTracker;
use super::track::messages::MessagesTracker;
use super::track::plain::PlainTracker;
use super::track::records::RecordsTracker;
use super::track::sql::SqlTracker;
use super::unfold::Map;
use super::verdict::Verdict;
use super::walk::{Node, Walker, stop_fault};
use crate::model::Member;

/// Largest block of text that is unfolded, every character of which may have a place of its own.
pub(super) const UNFOLDED_BYTES_MAX: usize = 64 << 10;

impl Walker<'_> {
    pub fn text(
        &mut self,
        head: &[u8],
        error: Option<io::Error>,
        stream: &mut dyn Read,
        node: &Node,
    ) -> Verdict {
        let whole = error.is_none() && head.len() < SNIFF_BYTES;
        if whole && layout::is_permission_probe(&node.name, head) {
            let mut verdict = Verdict::complete("text/plain");
            verdict.detail = Some("permission probe of an export task, not a log".to_owned());
            return self.leaf_verdict(node, verdict);
        }
        if let Err(fault) = self.admit(node) {
            return Verdict::cut_short("text/plain", false, &fault);
        }
        let coding = Coding::of(head);
        let sample = decode_head(coding, head);
        let inner = node.path.iter().rev().map(String::as_str);
        let names: Vec<&str> = inner.chain([self.key]).collect();
        let layout = layout::tell(&sample, whole, &names, self.limits.json_depth_max);
        let mime = layout::mime(&layout, &node.name);
        let mailbox = match layout {
            Layout::Mail(mailbox) if coding.unit != Unit::Utf16 => Some(mailbox),
            _ => None,
        };
        if let Some(mailbox) = mailbox {
            if node.depth >= self.limits.depth_max {
                let verdict = self.too_deep(mime);
                self.tell(node, &verdict, 0);
                return verdict;
            }
            let bom = coding.bom_bytes.min(head.len());
            let mut headed = Headed::new(&head[bom..], error, stream);
            return self.mail(mailbox, &mut headed, bom as u64, node);
        }
        self.visitor.member(&Member {
            container: Arc::clone(&node.path),
            mime_type: mime,
        });
        let bom = coding.bom_bytes.min(head.len());
        let mut headed = Headed::new(&head[bom..], error, stream);
        let mut leaf = Leaf::new(
            &mut headed,
            Rc::clone(&self.meter),
            self.limits,
            node.depth > 0,
        );
        let lines = Lines::new(coding.unit, bom as u64, node.stored_base);
        let (limits, own_bytes) = (self.limits, self.limits.block_bytes);
        let mut tracker: Box<dyn Track> = match layout {
            Layout::Plain | Layout::Mail(_) => Box::new(PlainTracker::new(lines, None, limits)),
            Layout::Export(log) => Box::new(PlainTracker::new(lines, Some(log), limits)),
            Layout::Columns(dialect) => Box::new(ColumnsTracker::new(lines, dialect)),
            Layout::Keys(kind) => Box::new(KeysTracker::new(lines, kind, limits)),
            Layout::Sql(dialect) => Box::new(SqlTracker::new(lines, dialect)),
            // The way back from unfolded text leads to UTF-8 only.
            Layout::Messages if coding.decode.is_none() => {
                let map = Rc::new(RefCell::new(Map::new(coding.unit)));
                let events = Rc::default();
                let mut unfold =
                    Unfold::new(&mut leaf, bom as u64, Rc::clone(&map), Rc::clone(&events));
                let mut tracker = MessagesTracker::new(map, events, node.stored_base, limits);
                let buffer = &mut self.buffer;
                let fed = feed(&mut unfold, buffer, own_bytes, &mut tracker, self.visitor);
                let scanned = leaf.bytes + bom as u64;
                return self.text_end(mime, node, &fed, &tracker, scanned);
            }
            Layout::Markup(_) | Layout::Access => {
                let mut decoding;
                let inner: &mut dyn Read = match coding.decode {
                    None => &mut leaf,
                    Some(encoding) => {
                        decoding = Decoding::new(&mut leaf, encoding);
                        &mut decoding
                    }
                };
                let (unit, skipped, base) = (coding.unit, bom as u64, node.stored_base);
                let map = Rc::new(RefCell::new(Map::new(unit)));
                let known = Rc::clone(&map);
                let mut own_bytes = own_bytes;
                let (mut tracker, mut unfold): (_, Box<dyn Read>) = match layout {
                    Layout::Markup(mode) => {
                        own_bytes = own_bytes.min(UNFOLDED_BYTES_MAX);
                        let outline = Rc::default();
                        let tracker = MarkupTracker::new(known, Rc::clone(&outline), base, limits);
                        let unfold = markup::Unfold::new(inner, mode, skipped, unit, map, outline);
                        (tracker, Box::new(unfold))
                    }
                    _ => {
                        let tracker = MarkupTracker::plain(known, base, limits);
                        (
                            tracker,
                            Box::new(access::Unfold::new(inner, skipped, unit, map)),
                        )
                    }
                };
                let buffer = &mut self.buffer;
                let fed = feed(&mut *unfold, buffer, own_bytes, &mut tracker, self.visitor);
                drop(unfold);
                let scanned = leaf.bytes + bom as u64;
                return self.text_end(mime, node, &fed, &tracker, scanned);
            }
            Layout::Messages => Box::new(RecordsTracker::new(lines, false, limits.json_depth_max)),
            Layout::Records { by_line } => {
                Box::new(RecordsTracker::new(lines, by_line, limits.json_depth_max))
            }
        };
        let tracker = tracker.as_mut();
        let buffer = &mut self.buffer;
        let fed = match coding.decode {
            None => feed(&mut leaf, buffer, own_bytes, tracker, self.visitor),
            Some(encoding) => {
                let mut decoding = Decoding::new(&mut leaf, encoding);
                feed(&mut decoding, buffer, own_bytes, tracker, self.visitor)
            }
        };
        let scanned = leaf.bytes + bom as u64;
        self.text_end(mime, node, &fed, tracker, scanned)
    }

    pub fn text_end(
        &mut self,
        mime: &'static str,
        node: &Node,
        fed: &Fed,
        tracker: &dyn Track,
        scanned: u64,
    ) -> Verdict {
        let verdict = self.text_verdict(mime, fed, tracker);
        self.tell(node, &verdict, scanned);
        verdict
    }

    fn text_verdict(&mut self, mime: &'static str, fed: &Fed, tracker: &dyn Track) -> Verdict {
        let scanned = fed.text_bytes > 0;
        if fed.stopped {
            self.stopped = true;
            return Verdict::cut_short(mime, true, &stop_fault());
        }
        if let Some(error) = &fed.error {
            let fault = self.note(error);
            return Verdict::cut_short(mime, scanned, &fault);
        }
        match tracker.lacking() {
            Some(fault) => Verdict::cut_short(mime, true, &fault),
            None => Verdict::complete(mime),
        }
    }
}
