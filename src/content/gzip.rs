//! Gzip as a stream: members back to back, and what is wrong with them.
//!
//! Expands straight into the reader's buffer. A wrong checksum is reported after all that can be
//! expanded was given out.

use std::io::{self, Read};
use std::rc::Rc;

use flate2::{Decompress, FlushDecompress, Status};

use super::fault::Fault;
use super::limits::{Limits, Meter};

const INPUT_BYTES: usize = 64 << 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before a member; the number of members before it decides what else may stand here.
    Between,
    Body,
    Trailer,
    Done,
}

pub(crate) struct Gzip<'a> {
    inner: &'a mut dyn Read,
    input: Vec<u8>,
    pos: usize,
    end: usize,
    ended: bool,
    state: State,
    inflate: Decompress,
    crc: crc32fast::Hasher,
    /// Expanded size of the current member.
    size: u64,
    members: u64,
    /// Told at the end.
    late: Option<Fault>,
    /// Told from now on.
    fault: Option<Fault>,
    meter: Rc<Meter>,
    limits: &'a Limits,
}

impl<'a> Gzip<'a> {
    pub fn new(inner: &'a mut dyn Read, meter: Rc<Meter>, limits: &'a Limits) -> Self {
        Gzip {
            inner,
            input: vec![0; INPUT_BYTES],
            pos: 0,
            end: 0,
            ended: false,
            state: State::Between,
            inflate: Decompress::new(false),
            crc: crc32fast::Hasher::new(),
            size: 0,
            members: 0,
            late: None,
            fault: None,
            meter,
            limits,
        }
    }

    /// Makes input available; `false` at the end of the stream.
    fn fill(&mut self) -> io::Result<bool> {
        while self.pos == self.end && !self.ended {
            let read = match self.inner.read(&mut self.input) {
                Ok(read) => read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => {
                    // The stream below does not go on either; keep its cause.
                    self.fault = Some(Fault::of(&e));
                    return Err(e);
                }
            };
            (self.pos, self.end) = (0, read);
            self.ended = read == 0;
        }
        Ok(self.pos < self.end)
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        if !self.fill()? {
            return Ok(None);
        }
        let byte = self.input[self.pos];
        self.pos += 1;
        Ok(Some(byte))
    }

    fn need(&mut self) -> io::Result<u8> {
        match self.byte()? {
            Some(byte) => Ok(byte),
            None => Err(self.cut_off()),
        }
    }

    fn fail(&mut self, fault: Fault) -> io::Error {
        self.fault = Some(fault.clone());
        fault.into()
    }

    fn cut_off(&mut self) -> io::Error {
        let number = self.members + 1;
        self.fail(Fault::malformed(format!(
            "the gzip stream ends within member {number}"
        )))
    }

    /// Reads the header of the next member; `false` at the end of all.
    fn header(&mut self) -> io::Result<bool> {
        let Some(mut first) = self.byte()? else {
            return Ok(false);
        };
        if self.members > 0 && first == 0 {
            // Padding, as on tapes: nothing but zeros may follow.
            while first == 0 {
                match self.byte()? {
                    None => return Ok(false),
                    Some(next) => first = next,
                }
            }
            return Err(self.trailing());
        }
        if first != 0x1f {
            return Err(self.trailing());
        }
        let second = if self.members > 0 {
            match self.byte()? {
                Some(byte) => byte,
                None => return Err(self.trailing()),
            }
        } else {
            self.need()?
        };
        if second != 0x8b {
            return Err(self.trailing());
        }
        let (method, flags) = (self.need()?, self.need()?);
        if method != 8 || flags & 0xe0 != 0 {
            return Err(self.trailing());
        }
        for _ in 0..6 {
            self.need()?;
        }
        if flags & 0x04 != 0 {
            let len = u16::from_le_bytes([self.need()?, self.need()?]);
            for _ in 0..len {
                self.need()?;
            }
        }
        // Name and comment, each up to a NUL.
        for flag in [0x08, 0x10] {
            if flags & flag != 0 {
                while self.need()? != 0 {}
            }
        }
        if flags & 0x02 != 0 {
            self.need()?;
            self.need()?;
        }
        Ok(true)
    }

    fn trailing(&mut self) -> io::Error {
        let members = self.members;
        self.fail(Fault::malformed(if members == 0 {
            "the gzip header is broken".to_owned()
        } else {
            format!("bytes that are not gzip follow member {members}")
        }))
    }

    fn trailer(&mut self) -> io::Result<()> {
        let mut bytes = [0u8; 8];
        for byte in &mut bytes {
            *byte = self.need()?;
        }
        let [a, b, c, d, e, f, g, h] = bytes;
        let crc = std::mem::take(&mut self.crc).finalize();
        let same_crc = u32::from_le_bytes([a, b, c, d]) == crc;
        // The format keeps the size modulo 2^32.
        let same_size = u64::from(u32::from_le_bytes([e, f, g, h])) == self.size & 0xffff_ffff;
        self.members += 1;
        if !(same_crc && same_size) && self.late.is_none() {
            self.late = Some(Fault::malformed(format!(
                "checksum or size of gzip member {} differs",
                self.members
            )));
        }
        Ok(())
    }

    fn body(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let more = self.fill()?;
            let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
            let result = self.inflate.decompress(
                &self.input[self.pos..self.end],
                out,
                FlushDecompress::None,
            );
            let used = (self.inflate.total_in() - before_in) as usize;
            let written = (self.inflate.total_out() - before_out) as usize;
            self.pos += used;
            self.crc.update(&out[..written]);
            self.size += written as u64;
            let status = match result {
                Ok(status) => status,
                Err(_) => {
                    let number = self.members + 1;
                    let fault =
                        Fault::malformed(format!("gzip member {number} is broken or damaged"));
                    let error = self.fail(fault);
                    return if written > 0 { Ok(written) } else { Err(error) };
                }
            };
            if let Err(fault) = self.meter.inflated(written, self.limits) {
                let error = self.fail(fault);
                return if written > 0 { Ok(written) } else { Err(error) };
            }
            if status == Status::StreamEnd {
                self.state = State::Trailer;
                return Ok(written);
            }
            if written > 0 {
                return Ok(written);
            }
            if !more {
                return Err(self.cut_off());
            }
        }
    }
}

impl Read for Gzip<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(fault) = &self.fault {
                return Err(fault.clone().into());
            }
            match self.state {
                State::Between => {
                    if self.header()? {
                        self.inflate.reset(false);
                        self.size = 0;
                        self.state = State::Body;
                    } else {
                        self.state = State::Done;
                    }
                }
                State::Body => {
                    let written = self.body(out)?;
                    if written > 0 {
                        return Ok(written);
                    }
                }
                State::Trailer => {
                    self.trailer()?;
                    self.state = State::Between;
                }
                State::Done => {
                    return match self.late.clone() {
                        None => Ok(0),
                        Some(fault) => Err(self.fail(fault)),
                    };
                }
            }
        }
    }
}

/// The name of what a gzip file called `name` holds.
pub(crate) fn member_name(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    for (suffix, instead) in [(".tgz", ".tar"), (".gzip", ""), (".gz", "")] {
        if lower.ends_with(suffix) && lower.len() > suffix.len() {
            return format!("{}{instead}", &name[..name.len() - suffix.len()]);
        }
    }
    name.to_owned()
}
