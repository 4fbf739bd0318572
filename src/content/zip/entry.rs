//! One member of a zip archive: what its header says, and its content as a stream.

use std::io::{self, BufRead, Read};
use std::rc::Rc;

use chrono::{DateTime, NaiveDate, Utc};
use flate2::{Decompress, FlushDecompress, Status};

use super::super::fault::Fault;
use super::super::limits::{Limits, Meter};
use super::super::squeezed::Codec;
use super::super::walk::{Node, Walker};
use crate::model::Reason;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const BZIP2: u16 = 12;
const LZMA: u16 = 14;
const ZSTD: u16 = 93;
const XZ: u16 = 95;
/// Encrypted, strongly encrypted, or with masked headers.
const FLAG_ENCRYPTED: u16 = 0x2041;
const FLAG_DESCRIPTOR: u16 = 0x0008;
const FLAG_UTF8: u16 = 0x0800;

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes
        .get(at..)
        .and_then(|b| b.first_chunk())
        .map_or(0, |b| u16::from_le_bytes(*b))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..)
        .and_then(|b| b.first_chunk())
        .map_or(0, |b| u32::from_le_bytes(*b))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes
        .get(at..)
        .and_then(|b| b.first_chunk())
        .map_or(0, |b| u64::from_le_bytes(*b))
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub name: String,
    pub flags: u16,
    pub method: u16,
    pub crc: u32,
    /// Stored size.
    pub packed: u64,
    pub size: u64,
    pub modified: Option<DateTime<Utc>>,
    pub zip64: bool,
}

impl Entry {
    /// Reads the fields that local headers and directory entries share, which start at the flags.
    pub fn read(fields: &[u8], name: &[u8], extra: &[u8]) -> Entry {
        let flags = u16_at(fields, 0);
        let mut entry = Entry {
            name: decode_name(name, flags),
            flags,
            method: u16_at(fields, 2),
            modified: dos_time(u16_at(fields, 6), u16_at(fields, 4)),
            crc: u32_at(fields, 8),
            packed: u32_at(fields, 12).into(),
            size: u32_at(fields, 16).into(),
            zip64: false,
        };
        if let Some(field) = extra_field(extra, 0x0001) {
            entry.zip64 = true;
            let mut at = 0;
            for value in [&mut entry.size, &mut entry.packed] {
                if *value == u64::from(u32::MAX) && field.len() >= at + 8 {
                    *value = u64_at(field, at);
                    at += 8;
                }
            }
        }
        entry
    }

    pub fn is_folder(&self) -> bool {
        self.name.ends_with('/') && self.size == 0
    }

    /// Sizes and checksum follow the content.
    pub fn has_descriptor(&self) -> bool {
        self.flags & FLAG_DESCRIPTOR != 0
    }

    pub fn is_deflated(&self) -> bool {
        self.method == DEFLATED
    }

    /// How the member is compressed, where it is in neither of the two usual ways.
    pub fn codec(&self) -> Option<Codec> {
        match self.method {
            BZIP2 => Some(Codec::Bzip2),
            LZMA => Some(Codec::Lzma),
            ZSTD => Some(Codec::Zstd),
            XZ => Some(Codec::Xz),
            _ => None,
        }
    }

    /// Why the member cannot be read.
    pub fn obstacle(&self) -> Option<(Reason, String)> {
        if self.flags & FLAG_ENCRYPTED != 0 {
            return Some((
                Reason::InvalidEncryption,
                "the member is encrypted".to_owned(),
            ));
        }
        if !matches!(self.method, STORED | DEFLATED) && self.codec().is_none() {
            return Some((
                Reason::UnsupportedFileTypeException,
                format!("compression method {} is not read", self.method),
            ));
        }
        None
    }

    /// The member as a stream of the walk; `start`: offset of its content in the archive.
    pub fn node(&self, archive: &Node, start: Option<u64>) -> Node {
        let plain = self.method == STORED;
        let base = archive.stored_base.filter(|_| plain);
        let stored_base = base
            .zip(start)
            .and_then(|(base, start)| base.checked_add(start));
        archive.member(
            self.name.clone(),
            stored_base,
            self.modified,
            Some(self.size),
        )
    }
}

fn decode_name(raw: &[u8], flags: u16) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) if flags & FLAG_UTF8 != 0 => String::from_utf8_lossy(raw).into_owned(),
        Err(_) => encoding_rs::WINDOWS_1252
            .decode_without_bom_handling(raw)
            .0
            .into_owned(),
    }
}

/// The content of one extra field.
pub(super) fn extra_field(mut extra: &[u8], id: u16) -> Option<&[u8]> {
    while extra.len() >= 4 {
        let len = usize::from(u16_at(extra, 2));
        let field = extra.get(4..4 + len)?;
        if u16_at(extra, 0) == id {
            return Some(field);
        }
        extra = &extra[4 + len..];
    }
    None
}

/// The archive does not say in which time zone; taken as UTC.
fn dos_time(date: u16, time: u16) -> Option<DateTime<Utc>> {
    let (date, time) = (u32::from(date), u32::from(time));
    let year = i32::try_from(date >> 9).ok()? + 1980;
    let day = NaiveDate::from_ymd_opt(year, date >> 5 & 15, date & 31)?;
    let clock = day.and_hms_opt(time >> 11, time >> 5 & 63, (time & 31) * 2)?;
    Some(clock.and_utc())
}

/// The content of a member, expanded and checked.
pub(super) struct Content<'a> {
    src: &'a mut dyn BufRead,
    inflate: Option<Decompress>,
    /// Stored bytes that are left, where their number is known.
    left: Option<u64>,
    crc: crc32fast::Hasher,
    size: u64,
    /// Checksum and size that the header states.
    stated: Option<(u32, u64)>,
    ended: bool,
    fault: Option<Fault>,
    meter: Rc<Meter>,
    limits: Limits,
}

impl<'a> Content<'a> {
    pub fn new(src: &'a mut dyn BufRead, entry: &Entry, walker: &Walker<'_>) -> Self {
        Content {
            src,
            inflate: entry.is_deflated().then(|| Decompress::new(false)),
            left: Some(entry.packed),
            crc: crc32fast::Hasher::new(),
            size: 0,
            stated: Some((entry.crc, entry.size)),
            ended: false,
            fault: None,
            meter: Rc::clone(&walker.meter),
            limits: walker.limits.clone(),
        }
    }

    /// What is stored, as it is.
    pub fn packed(&mut self) {
        self.stated = None;
    }

    /// Sizes and checksum are not known yet: the content tells its end itself.
    pub fn open_ended(mut self) -> Self {
        self.left = None;
        self.stated = None;
        self
    }

    /// Checksum and size of what was read, once it has ended.
    pub fn measured(&self) -> Option<(u32, u64)> {
        self.ended.then(|| (self.crc.clone().finalize(), self.size))
    }

    /// Passes over what is left, so that the next member can be found.
    pub fn finish(&mut self) -> io::Result<()> {
        if let Some(mut left) = self.left {
            while left > 0 {
                let len = self
                    .src
                    .fill_buf()?
                    .len()
                    .min(usize::try_from(left).unwrap_or(usize::MAX));
                if len == 0 {
                    return Err(cut_off().into());
                }
                self.src.consume(len);
                left -= len as u64;
            }
            self.left = Some(0);
            return Ok(());
        }
        let mut scratch = vec![0; 32 << 10];
        while !self.ended {
            self.step(&mut scratch)?;
        }
        Ok(())
    }

    fn step(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let input = self.src.fill_buf()?;
            let room = self
                .left
                .map_or(usize::MAX, |l| usize::try_from(l).unwrap_or(usize::MAX));
            let input = &input[..input.len().min(room)];
            let (used, written, ended) = match &mut self.inflate {
                None => {
                    let len = input.len().min(out.len());
                    out[..len].copy_from_slice(&input[..len]);
                    (len, len, room == len)
                }
                Some(inflate) => {
                    let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
                    let status = inflate
                        .decompress(input, out, FlushDecompress::None)
                        .map_err(|_| Fault::malformed("the member's compressed data is damaged"))?;
                    let used = (inflate.total_in() - before_in) as usize;
                    let written = (inflate.total_out() - before_out) as usize;
                    self.meter.inflated(written, &self.limits)?;
                    (used, written, status == Status::StreamEnd)
                }
            };
            let starved = input.is_empty();
            self.src.consume(used);
            self.left = self.left.map(|left| left - used as u64);
            self.crc.update(&out[..written]);
            self.size += written as u64;
            self.ended = ended;
            if ended || written > 0 {
                return Ok(written);
            }
            if starved {
                return Err(cut_off().into());
            }
        }
    }
}

fn cut_off() -> Fault {
    Fault::malformed("the zip archive ends within a member")
}

impl Read for Content<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone().into());
        }
        if out.is_empty() {
            return Ok(0);
        }
        if !self.ended {
            match self.step(out) {
                Ok(0) => {}
                Ok(written) => return Ok(written),
                Err(error) => {
                    self.fault = Some(Fault::of(&error));
                    return Err(error);
                }
            }
        }
        match self.stated {
            Some(stated) if self.measured() != Some(stated) => {
                let fault = Fault::malformed("checksum or size of the zip member differs");
                self.fault = Some(fault.clone());
                Err(fault.into())
            }
            _ => Ok(0),
        }
    }
}
