//! The structure of a mail: messages, headers, parts, told as the lines come.

use std::io::Read;
use std::rc::Rc;

use super::super::fault::{Fault, Scope};
use super::super::markup::Frame;
use super::Mailbox;
use super::fields::{FIELD_BYTES_MAX, Field};
use super::lines::Lines;
use super::tell::begins_message;
use crate::model::Reason;

/// Parts inside one another that are followed.
const DEPTH_MAX: usize = 50;
/// Longest boundary that is followed; the standard allows 70.
const BOUNDARY_BYTES_MAX: usize = 250;

/// How the bytes of a body are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transfer {
    Identity,
    QuotedPrintable,
    Base64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// In a header.
    Header,
    /// In text of the mail, which is in this charset.
    Text { transfer: Transfer, charset: String },
    /// At, or in, a part that is a member.
    Member { transfer: Transfer, name: String },
}

/// What begins at the start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Message,
    /// The next part of the open multipart of that number.
    Part(usize),
    /// The end of it.
    Close(usize),
}

/// A multipart whose end did not come yet.
#[derive(Debug)]
struct Multi {
    /// `--boundary`
    delimiter: Vec<u8>,
    /// Parts are messages unless they say otherwise.
    digest: bool,
    parts: u32,
}

/// Fields of the current header that matter for its body.
#[derive(Debug, Default)]
struct Header {
    kind: Option<Vec<u8>>,
    transfer: Option<Vec<u8>>,
    disposition: Option<Vec<u8>>,
}

pub(super) struct Mail<'a> {
    pub lines: Lines<'a>,
    pub state: State,
    mailbox: Mailbox,
    /// Messages that began.
    message: u64,
    multis: Vec<Multi>,
    header: Header,
    /// The text last began is HTML.
    pub html: bool,
    /// The line before is empty, or there is none.
    blank: bool,
    /// What was not followed.
    pub lacking: Option<Fault>,
}

impl<'a> Mail<'a> {
    pub fn new(inner: &'a mut dyn Read, mailbox: Mailbox, skipped: u64) -> Self {
        Mail {
            lines: Lines::new(inner, skipped),
            state: State::Header,
            mailbox,
            message: 0,
            multis: Vec::new(),
            header: Header::default(),
            html: false,
            blank: true,
            lacking: None,
        }
    }

    /// What the line ahead begins, if the mail is at the start of one.
    pub fn turn(&mut self) -> Option<Turn> {
        if !self.lines.at_start {
            return None;
        }
        let blank = self.blank;
        let line = self.lines.ahead();
        if self.mailbox == Mailbox::Mbox && blank && begins_message(line) {
            return Some(Turn::Message);
        }
        if !line.starts_with(b"--") {
            return None;
        }
        for (number, multi) in self.multis.iter().enumerate().rev() {
            let Some(rest) = line.strip_prefix(multi.delimiter.as_slice()) else {
                continue;
            };
            let (close, rest) = match rest.strip_prefix(b"--") {
                Some(rest) => (true, rest),
                None => (false, rest),
            };
            let end = rest.iter().find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
            if matches!(end, None | Some(b'\n')) {
                return Some(match close {
                    true => Turn::Close(number),
                    false => Turn::Part(number),
                });
            }
        }
        None
    }

    /// Takes a turn: its line is passed over.
    pub fn take(&mut self, turn: Turn) {
        self.header = Header::default();
        match turn {
            Turn::Message => {
                self.message += 1;
                self.multis.clear();
                self.state = State::Header;
            }
            Turn::Part(number) => {
                self.multis.truncate(number + 1);
                if let Some(multi) = self.multis.last_mut() {
                    multi.parts = multi.parts.saturating_add(1);
                }
                self.state = State::Header;
            }
            Turn::Close(number) => {
                self.multis.truncate(number);
                self.state = between();
                self.html = false;
            }
        }
        loop {
            let len = self.lines.piece();
            self.pass(len);
            if len == 0 || self.lines.at_start {
                return;
            }
        }
    }

    /// Goes over `len` bytes, at most a piece.
    pub fn pass(&mut self, len: usize) {
        let fresh = self.lines.at_start;
        let view = self.lines.view(len);
        if view.ends_with(b"\n") {
            self.blank = fresh && view.trim_ascii().is_empty();
        }
        self.lines.pass(len);
    }

    /// Notes part of a field of the header, from its name on.
    pub fn note(&mut self, name: &str, text: &[u8]) {
        let kept = match name {
            "content-type" => &mut self.header.kind,
            "content-transfer-encoding" => &mut self.header.transfer,
            "content-disposition" => &mut self.header.disposition,
            _ => return,
        };
        let kept = kept.get_or_insert_default();
        let room = FIELD_BYTES_MAX - kept.len().min(FIELD_BYTES_MAX);
        kept.extend_from_slice(&text[..text.len().min(room)]);
    }

    /// `1.2`: which part of the message this is.
    fn number(&self) -> String {
        let numbers: Vec<String> = self
            .multis
            .iter()
            .filter(|m| m.parts > 0)
            .map(|m| m.parts.to_string())
            .collect();
        numbers.join(".")
    }

    /// What the current part stands in.
    pub fn frame(&self) -> Option<Rc<Frame>> {
        let message = (self.mailbox == Mailbox::Mbox)
            .then(|| Frame::new(None, format!("message {}", self.message), 0, false, None));
        match self.number() {
            number if number.is_empty() => message,
            number => {
                let step = format!("part {number}");
                Some(Frame::new(message.as_ref(), step, 0, false, None))
            }
        }
    }

    /// The header ended: what the body is follows from it.
    pub fn begin_body(&mut self) {
        let header = std::mem::take(&mut self.header);
        let read = |text: &Option<Vec<u8>>| Field::read(text.as_deref().unwrap_or_default());
        let kind = read(&header.kind);
        let disposition = read(&header.disposition);
        let digest = self.multis.last().is_some_and(|m| m.digest && m.parts > 0);
        let transfer = match read(&header.transfer).value.as_str() {
            "base64" => Transfer::Base64,
            "quoted-printable" => Transfer::QuotedPrintable,
            "" | "binary" | "none" | "plain" | "text" => Transfer::Identity,
            // in whichever spelling
            bits if bits.trim_end_matches('s').ends_with("bit") => Transfer::Identity,
            _ => {
                self.lack("a part is written in a way that is not read; it was read as it stands");
                Transfer::Identity
            }
        };
        let value = match (kind.value.as_str(), digest) {
            ("", true) => "message/rfc822",
            ("", false) => "text/plain",
            (value, _) => value,
        };
        if value.starts_with("multipart/") && self.begin_multi(&kind, value) {
            return;
        }
        let name = disposition
            .text("filename")
            .or_else(|| kind.text("name"))
            .filter(|name| !name.is_empty());
        let shown = matches!(
            value,
            "text/plain"
                | "text/html"
                | "text/enriched"
                | "text/richtext"
                | "text/markdown"
                | "text/x-amp-html"
                | "text/rfc822-headers"
                | "message/delivery-status"
                | "message/disposition-notification"
        ) || value.starts_with("multipart/");
        if shown && name.is_none() && disposition.value != "attachment" {
            self.html = matches!(value, "text/html" | "text/x-amp-html");
            self.state = State::Text {
                transfer,
                charset: kind.word("charset").unwrap_or_default(),
            };
            return;
        }
        let name = name.unwrap_or_else(|| match self.number() {
            number if number.is_empty() => "body".to_owned(),
            number => format!("part {number}"),
        });
        let name = match self.mailbox {
            Mailbox::Mbox => format!("message {}/{name}", self.message),
            Mailbox::Single => name,
        };
        self.state = State::Member { transfer, name };
    }

    fn lack(&mut self, detail: &str) {
        let fault = Fault::new(Scope::Stream, Reason::UnableToParseFile, detail);
        self.lacking.get_or_insert(fault);
    }

    /// Begins a multipart; `false`: its parts cannot be told apart.
    fn begin_multi(&mut self, kind: &Field, value: &str) -> bool {
        let boundary = kind.raw("boundary").map(|b| b.trim_ascii_end().to_vec());
        let Some(boundary) = boundary.filter(|b| !b.is_empty() && b.len() <= BOUNDARY_BYTES_MAX)
        else {
            self.lack("a multipart has no boundary that can be followed; it was read as text");
            return false;
        };
        if self.multis.len() >= DEPTH_MAX {
            self.lack("parts are nested so deep that not all of them were followed; they were read as text");
            return false;
        }
        let mut delimiter = b"--".to_vec();
        delimiter.extend(boundary);
        self.multis.push(Multi {
            delimiter,
            digest: value == "multipart/digest",
            parts: 0,
        });
        self.html = false;
        self.state = between();
        true
    }

    /// The member was read to its end.
    pub fn end_member(&mut self) {
        self.state = between();
        self.html = false;
    }
}

/// Text before the first part and behind the last, as it stands.
fn between() -> State {
    State::Text {
        transfer: Transfer::Identity,
        charset: String::new(),
    }
}
