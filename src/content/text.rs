//! One text member: tells its encoding and layout, and feeds its blocks to the visitor.

use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

use super::blocks::{Fed, Track, feed};
use super::encoding::{Coding, Decoding, decode_head};
use super::layout::{self, Layout};
use super::sniff::SNIFF_BYTES;
use super::source::{Headed, Leaf};
use super::track::columns::ColumnsTracker;
use super::track::lines::Lines;
use super::track::plain::PlainTracker;
use super::track::records::RecordsTracker;
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
        if whole && layout::is_permission_probe(self.key, head) {
            let mut verdict = Verdict::complete("text/plain");
            verdict.detail = Some("permission probe of an export task, not a log".to_owned());
            return self.leaf_verdict(node, verdict);
        }
        if let Err(fault) = self.admit(node) {
            return Verdict::cut_short("text/plain", false, &fault);
        }
        let coding = Coding::of(head);
        let sample = decode_head(coding, head);
        let layout = layout::tell(
            &sample,
            whole,
            self.key,
            &node.name,
            self.limits.json_depth_max,
        );
        let mime = layout::mime(&layout, &node.name);
        self.visitor.member(&Member {
            container: Arc::clone(&node.path),
            mime_type: mime,
        });
        let bom = coding.bom_bytes.min(head.len());
        let lines = Lines::new(coding.unit, bom as u64, node.stored_base);
        let mut headed = Headed::new(&head[bom..], error, stream);
        let mut leaf = Leaf::new(
            &mut headed,
            Rc::clone(&self.meter),
            self.limits,
            node.depth > 0,
        );
        let mut tracker: Box<dyn Track> = match layout {
            Layout::Plain => Box::new(PlainTracker::new(lines, None, self.limits)),
            Layout::Export(log) => Box::new(PlainTracker::new(lines, Some(log), self.limits)),
            Layout::Columns(dialect) => Box::new(ColumnsTracker::new(lines, dialect)),
            Layout::Records { by_line } => Box::new(RecordsTracker::new(
                lines,
                by_line,
                self.limits.json_depth_max,
            )),
        };
        let fed = self.feed_decoded(&mut leaf, coding, tracker.as_mut());
        let scanned = leaf.bytes + bom as u64;
        let verdict = self.text_verdict(mime, &fed, tracker.as_ref());
        self.tell(node, &verdict, scanned);
        verdict
    }

    fn feed_decoded(
        &mut self,
        leaf: &mut Leaf<'_>,
        coding: Coding,
        tracker: &mut dyn Track,
    ) -> Fed {
        let own_bytes = self.limits.block_bytes;
        match coding.decode {
            None => feed(leaf, &mut self.buffer, own_bytes, tracker, self.visitor),
            Some(encoding) => {
                let mut decoding = Decoding::new(leaf, encoding);
                feed(
                    &mut decoding,
                    &mut self.buffer,
                    own_bytes,
                    tracker,
                    self.visitor,
                )
            }
        }
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
