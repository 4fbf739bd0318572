//! One text member: tells its encoding and layout, and feeds its blocks to the visitor.

use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

use super::blocks::{Fed, Track, feed};
use super::encoding::{Coding, Decoding, decode_head};
use super::layout::{self, Layout};
use super::messages::Unfold;
use super::sniff::SNIFF_BYTES;
use super::source::{Headed, Leaf};
use super::track::columns::ColumnsTracker;
use super::track::lines::Lines;
use super::track::messages::MessagesTracker;
use super::track::plain::PlainTracker;
use super::track::records::RecordsTracker;
use super::track::sql::SqlTracker;
use super::verdict::Verdict;
use super::walk::{Node, Walker, stop_fault};
use crate::model::Member;

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
            Layout::Plain => Box::new(PlainTracker::new(lines, None, limits)),
            Layout::Export(log) => Box::new(PlainTracker::new(lines, Some(log), limits)),
            Layout::Columns(dialect) => Box::new(ColumnsTracker::new(lines, dialect)),
            Layout::Sql(dialect) => Box::new(SqlTracker::new(lines, dialect)),
            // The way back from unfolded text leads to UTF-8 only.
            Layout::Messages if coding.decode.is_none() => {
                let map = Rc::default();
                let mut unfold = Unfold::new(&mut leaf, bom as u64, Rc::clone(&map));
                let mut tracker = MessagesTracker::new(map, node.stored_base, limits);
                let buffer = &mut self.buffer;
                let fed = feed(&mut unfold, buffer, own_bytes, &mut tracker, self.visitor);
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

    fn text_end(
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
