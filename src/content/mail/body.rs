//! Bodies: what their lines stand for, as text with its places or as the bytes of a member.

use std::io::{self, Read};

use super::super::track::lines::Cursor;
use super::charset::Charset;
use super::emit::Emit;
use super::lines::{Along, line_end};
use super::structure::{Mail, Transfer};
use super::words::{hex, sextet};

/// base64 that is being read: bits that make no byte yet.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bits {
    held: u32,
    bits: u32,
    /// Characters of the group of four that came.
    phase: u8,
}

impl Bits {
    /// Takes a character; answers with the byte that it ends.
    fn push(&mut self, value: u32) -> Option<u8> {
        self.held = (self.held << 6) | value;
        self.bits += 6;
        self.phase = (self.phase + 1) % 4;
        if self.bits < 8 {
            return None;
        }
        self.bits -= 8;
        let byte = (self.held >> self.bits) as u8;
        self.held &= (1 << self.bits) - 1;
        Some(byte)
    }
}

/// An escape of quoted-printable at the start of a text that begins with `=`.
enum Escape {
    Byte(u8),
    /// So much is left out: the line goes on.
    Break(usize),
    Literal,
}

fn escape(text: &[u8]) -> Escape {
    if let Some(byte) = hex(text.get(1..3)) {
        return Escape::Byte(byte);
    }
    let spaces = text[1..]
        .iter()
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    match &text[1 + spaces..] {
        [b'\r', b'\n', ..] => Escape::Break(spaces + 3),
        [b'\n', ..] => Escape::Break(spaces + 2),
        _ => Escape::Literal,
    }
}

/// The part of a piece of a line that can be read without what follows it.
fn whole(piece: &[u8], transfer: Transfer) -> usize {
    let cut = piece.len().saturating_sub(2);
    if transfer != Transfer::QuotedPrintable || piece.ends_with(b"\n") || cut == 0 {
        return piece.len();
    }
    memchr::memchr(b'=', &piece[cut..]).map_or(piece.len(), |at| cut + at)
}

/// Reads text of a body.
pub(super) struct Shown {
    transfer: Transfer,
    charset: Charset,
    bits: Bits,
    /// Where the character before stands.
    before: Option<Cursor>,
}

impl Shown {
    pub fn new(transfer: Transfer, charset: &str) -> Self {
        Shown {
            transfer,
            charset: Charset::new(charset),
            bits: Bits::default(),
            before: None,
        }
    }

    /// Reads a piece of a line; answers with how much of it.
    pub fn read(&mut self, piece: &[u8], cursor: Cursor, last: bool, emit: &mut Emit) -> usize {
        let len = if last {
            piece.len()
        } else {
            whole(piece, self.transfer)
        };
        let piece = &piece[..len];
        let mut along = Along::new(piece, cursor);
        match self.transfer {
            Transfer::Identity => self.charset.raw(piece, cursor, emit),
            Transfer::QuotedPrintable => self.quoted(piece, &mut along, emit),
            Transfer::Base64 if self.charset.is_identity() => self.base64(piece, &mut along, emit),
            Transfer::Base64 => self.base64_chars(piece, &mut along, emit),
        }
        len
    }

    fn quoted(&mut self, piece: &[u8], along: &mut Along<'_>, emit: &mut Emit) {
        let mut at = 0;
        while at < piece.len() {
            let run = memchr::memchr(b'=', &piece[at..]).unwrap_or(piece.len() - at);
            if run > 0 {
                let start = along.to(at);
                self.charset.raw(&piece[at..at + run], start, emit);
                at += run;
                continue;
            }
            match escape(&piece[at..]) {
                Escape::Byte(byte) => {
                    let start = along.to(at);
                    let end = along.to(at + 3);
                    self.charset.push(byte, &start, &end, emit);
                    at += 3;
                }
                Escape::Break(len) => at += len,
                Escape::Literal => {
                    let start = along.to(at);
                    self.charset.raw(b"=", start, emit);
                    at += 1;
                }
            }
        }
    }

    fn base64(&mut self, piece: &[u8], along: &mut Along<'_>, emit: &mut Emit) {
        let mut at = 0;
        let mut text = Vec::new();
        while at < piece.len() {
            let (start, phase) = (along.to(at), self.bits.phase);
            text.clear();
            while let Some(value) = piece.get(at).and_then(|&b| sextet(b)) {
                text.extend(self.bits.push(value));
                at += 1;
            }
            emit.base64(&text, &start, phase);
            if piece.get(at) == Some(&b'=') {
                self.bits = Bits::default();
            }
            at += 1;
        }
    }

    fn base64_chars(&mut self, piece: &[u8], along: &mut Along<'_>, emit: &mut Emit) {
        for (at, &byte) in piece.iter().enumerate() {
            if byte == b'=' {
                self.bits = Bits::default();
            }
            let Some(value) = sextet(byte) else { continue };
            let here = along.to(at);
            if let Some(byte) = self.bits.push(value) {
                let start = self.before.unwrap_or(here);
                let end = along.to(at + 1);
                self.charset.push(byte, &start, &end, emit);
            }
            self.before = Some(here);
        }
    }
}

/// The bytes of a part that is a member, up to the next turn.
pub(super) struct Part<'m, 'a> {
    mail: &'m mut Mail<'a>,
    transfer: Transfer,
    bits: Bits,
    /// Decoded, and not taken yet.
    ready: Vec<u8>,
    taken: usize,
    /// A line end that belongs to what follows, if more of the part does.
    held: &'static [u8],
    ended: bool,
}

impl<'m, 'a> Part<'m, 'a> {
    pub fn new(mail: &'m mut Mail<'a>, transfer: Transfer) -> Self {
        Part {
            mail,
            transfer,
            bits: Bits::default(),
            ready: Vec::new(),
            taken: 0,
            held: b"",
            ended: false,
        }
    }

    /// Reads what is left of the part.
    pub fn finish(&mut self) {
        while !self.ended {
            self.more();
        }
    }

    fn more(&mut self) {
        self.ready.clear();
        self.taken = 0;
        if self.mail.turn().is_some() || self.mail.lines.is_over() {
            // at the end of the mail the last line end is content
            if self.mail.lines.is_over() && self.transfer == Transfer::Identity {
                self.ready.extend_from_slice(self.held);
            }
            self.ended = true;
            return;
        }
        let len = self.mail.lines.piece();
        let last = self.mail.lines.ahead().len() == len;
        let piece = self.mail.lines.view(len);
        let len = if last {
            len
        } else {
            whole(piece, self.transfer)
        };
        let piece = &piece[..len];
        match self.transfer {
            Transfer::Identity => {
                let end = line_end(piece);
                self.ready.extend_from_slice(self.held);
                self.ready.extend_from_slice(&piece[..len - end]);
                self.held = match end {
                    2 => b"\r\n",
                    1 => b"\n",
                    _ => b"",
                };
            }
            Transfer::QuotedPrintable => {
                let end = line_end(piece);
                self.ready.extend_from_slice(self.held);
                self.held = b"";
                let mut at = 0;
                while at < len {
                    if piece[at] != b'=' {
                        if at == len - end && end > 0 {
                            self.held = if end == 2 { b"\r\n" } else { b"\n" };
                            break;
                        }
                        self.ready.push(piece[at]);
                        at += 1;
                        continue;
                    }
                    match escape(&piece[at..]) {
                        Escape::Byte(byte) => {
                            self.ready.push(byte);
                            at += 3;
                        }
                        Escape::Break(len) => at += len,
                        Escape::Literal => {
                            self.ready.push(b'=');
                            at += 1;
                        }
                    }
                }
            }
            Transfer::Base64 => {
                for &byte in piece {
                    match sextet(byte) {
                        Some(value) => self.ready.extend(self.bits.push(value)),
                        None if byte == b'=' => self.bits = Bits::default(),
                        None => {}
                    }
                }
            }
        }
        self.mail.pass(len);
    }
}

impl Read for Part<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.ready.len() {
            if self.ended {
                return match self.mail.lines.take_error() {
                    Some(error) => Err(error),
                    None => Ok(0),
                };
            }
            self.more();
        }
        let len = out.len().min(self.ready.len() - self.taken);
        out[..len].copy_from_slice(&self.ready[self.taken..self.taken + len]);
        self.taken += len;
        Ok(len)
    }
}
