//! The walk over a mail: its text, and its other parts as members.

use std::cell::RefCell;
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;

use super::super::blocks::feed;
use super::super::encoding::Unit;
use super::super::markup::{Mode, Unfold};
use super::super::text::UNFOLDED_BYTES_MAX;
use super::super::track::markup::MarkupTracker;
use super::super::unfold::Map;
use super::super::verdict::{Sum, Verdict};
use super::super::walk::{Node, Walker};
use super::Mailbox;
use super::body::Part;
use super::structure::{Mail, State, Transfer};
use super::text::MailText;
use crate::model::Member;

impl Mailbox {
    pub fn mime(self) -> &'static str {
        match self {
            Mailbox::Single => "message/rfc822",
            Mailbox::Mbox => "application/mbox",
        }
    }
}

impl Walker<'_> {
    /// Reads a mail that was admitted as a member. `skipped`: stored bytes before its text.
    pub fn mail(
        &mut self,
        mailbox: Mailbox,
        stream: &mut dyn Read,
        skipped: u64,
        node: &Node,
    ) -> Verdict {
        let mime = mailbox.mime();
        let mut mail = Mail::new(stream, mailbox, skipped);
        let mut sum = Sum::default();
        let mut told = false;
        loop {
            let from = mail.lines.cursor.stored();
            let text = self.mail_text(&mut mail, node, mime, from, &mut told);
            if let Some(verdict) = text {
                sum.add(verdict.status);
            }
            if let Some(fault) = self.halted() {
                return Verdict::cut_short(mime, true, &fault);
            }
            let State::Member { transfer, name } = mail.state.clone() else {
                break;
            };
            let base = match transfer {
                Transfer::Identity => node.stored_base,
                _ => None,
            };
            let at = mail.lines.cursor.stored();
            let member = node.member(name, base.map(|base| base + at), None, None);
            let mut part = Part::new(&mut mail, transfer);
            sum.add(self.open(&mut part, &member).status);
            if let Some(fault) = self.halted() {
                return Verdict::cut_short(mime, true, &fault);
            }
            part.finish();
            mail.end_member();
        }
        if !told {
            // nothing but members, or nothing at all
            self.tell(node, &Verdict::complete(mime), 0);
        }
        let fault = mail.lacking.take();
        sum.verdict(mime, fault.as_ref())
    }

    /// Reads the text up to the next member, or the end; tells of it if there is any.
    fn mail_text(
        &mut self,
        mail: &mut Mail<'_>,
        node: &Node,
        mime: &'static str,
        from: u64,
        told: &mut bool,
    ) -> Option<Verdict> {
        let below = Rc::new(RefCell::new(Map::new(Unit::Utf8)));
        let map = Rc::new(RefCell::new(Map::new(Unit::Utf8)));
        let (outline, marks) = (Rc::default(), Rc::default());
        let mut text = MailText::new(mail, Rc::clone(&below), Rc::clone(&marks));
        let has_text = text.prime();
        if !has_text && !text.has_failed() {
            return None;
        }
        self.visitor.member(&Member {
            container: Arc::clone(&node.path),
            mime_type: mime,
        });
        let limits = self.limits;
        let own_bytes = limits.block_bytes.min(UNFOLDED_BYTES_MAX);
        let mut tracker = MarkupTracker::new(
            Rc::clone(&map),
            Rc::clone(&outline),
            node.stored_base,
            limits,
        )
        .over(below);
        let mut unfold =
            Unfold::new(&mut text, Mode::Verbatim, 0, Unit::Utf8, map, outline).turning_at(marks);
        let buffer = &mut self.buffer;
        let fed = feed(&mut unfold, buffer, own_bytes, &mut tracker, self.visitor);
        let scanned = mail.lines.cursor.stored() - from;
        *told = true;
        Some(self.text_end(mime, node, &fed, &tracker, scanned))
    }
}
