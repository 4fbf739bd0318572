//! The zip container of an office file: its parts by name, within the bounds for what they expand to.
//!
//! What the parts mean is left to others.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt::Display;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;
use std::sync::Arc;

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::watched::{Lost, Watched};
use super::{Bounds, Failure, OFFICE_FREE_BYTES, Out};
use crate::model::{ReadAt, Reason};

/// Bytes of a part that are copied at a time.
const COPY_BYTES: usize = 64 << 10;

/// An office file.
pub struct Package {
    archive: ZipArchive<Watched>,
    /// Parts by name: lower case, slashes, none in front.
    parts: HashMap<String, usize>,
    /// The same names as they stand, in the order of the directory.
    names: Vec<String>,
    meter: Rc<Meter>,
}

impl std::fmt::Debug for Package {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Package").finish_non_exhaustive()
    }
}

impl Package {
    /// Reads the directory. [`Failure::NotThis`] where there is none.
    pub fn open(source: &Arc<dyn ReadAt>, bounds: &Bounds) -> Result<Self, Failure> {
        let watched = Watched::new(source);
        let meter = Rc::new(Meter {
            stored: source.size(),
            bytes_max: bounds.office_bytes_max,
            ratio_max: bounds.office_ratio_max,
            expanded: Cell::new(0),
            over: Cell::new(None),
            lost: watched.lost(),
        });
        let archive = ZipArchive::new(watched).map_err(|error| match meter.lost.take() {
            Some(lost) => Failure::Source(lost),
            None => Failure::not_this(format!("the zip directory is not readable: {error}")),
        })?;
        let (mut parts, mut names) = (HashMap::new(), Vec::new());
        for index in 0..archive.len() {
            let raw = archive
                .by_index_data(index)
                .ok()
                .and_then(|entry| entry.name().ok().map(|name| name.replace('\\', "/")))
                .unwrap_or_default();
            let name = raw.trim_start_matches('/').to_owned();
            parts.entry(name.to_ascii_lowercase()).or_insert(index);
            names.push(name);
        }
        Ok(Package {
            archive,
            parts,
            names,
            meter,
        })
    }

    /// Names of the parts, in the order of the directory, folders left out.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names
            .iter()
            .map(String::as_str)
            .filter(|name| !name.is_empty() && !name.ends_with('/'))
    }

    pub fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&key(name))
    }

    /// Opens a part; `None` where there is none of that name.
    ///
    /// [`Failure::Broken`]: this part cannot be read, which says nothing of others.
    pub fn part(&mut self, name: &str) -> Result<Option<Part<'_>>, Failure> {
        let Some(&index) = self.parts.get(&key(name)) else {
            return Ok(None);
        };
        let meter = Rc::clone(&self.meter);
        match self.archive.by_index(index) {
            Ok(file) => Ok(Some(Part {
                reader: BufReader::with_capacity(
                    COPY_BYTES,
                    Metered {
                        file,
                        meter: Rc::clone(&meter),
                    },
                ),
                name: name.to_owned(),
                meter,
            })),
            Err(ZipError::UnsupportedArchive(what)) if what == ZipError::PASSWORD_REQUIRED => {
                Err(Failure::broken(
                    Reason::InvalidEncryption,
                    format!("part {}: encrypted", shown(name)),
                ))
            }
            Err(error) => Err(meter.failure(name, &error)),
        }
    }

    /// A part as a whole; `None` where there is none or it has more than `bytes_max`.
    pub fn small(&mut self, name: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, Failure> {
        let Some(mut part) = self.part(name)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let read = (&mut part).take(bytes_max + 1).read_to_end(&mut bytes);
        read.map_err(|error| part.failure(&error))?;
        Ok((bytes.len() as u64 <= bytes_max).then_some(bytes))
    }

    /// Tells a part as a member of its own name.
    pub fn member(&mut self, name: &str, out: &mut dyn Out) -> Result<(), Failure> {
        let mut part = match self.part(name) {
            Ok(Some(part)) => part,
            Ok(None) => return Ok(()),
            Err(Failure::Broken { reason, detail }) => return out.gap(reason, &detail),
            Err(failure) => return Err(failure),
        };
        out.member(name, None)?;
        let mut buffer = vec![0; COPY_BYTES];
        loop {
            match part.read(&mut buffer) {
                Ok(0) => return out.member_end(None),
                Ok(len) => out.data(&buffer[..len])?,
                Err(error) => match part.failure(&error) {
                    Failure::Broken { reason, detail } => {
                        out.member_end(Some((reason, &detail)))?;
                        return match part.meter.over.get() {
                            None => Ok(()),
                            Some(_) => Err(part.failure(&error)),
                        };
                    }
                    failure => return Err(failure),
                },
            }
        }
    }
}

/// A part being read.
pub struct Part<'a> {
    reader: BufReader<Metered<'a>>,
    name: String,
    meter: Rc<Meter>,
}

impl std::fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part").finish_non_exhaustive()
    }
}

impl Part<'_> {
    /// Why reading it ended: the source, a bound, else the part itself.
    pub fn failure(&self, error: &dyn Display) -> Failure {
        self.meter.failure(&self.name, error)
    }
}

impl Read for Part<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.reader.read(out)
    }
}

impl BufRead for Part<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }
    fn consume(&mut self, amount: usize) {
        self.reader.consume(amount);
    }
}

/// What was expanded so far, and why no more is.
struct Meter {
    stored: u64,
    bytes_max: u64,
    ratio_max: u64,
    expanded: Cell<u64>,
    over: Cell<Option<Reason>>,
    /// The source failed.
    lost: Lost,
}

impl Meter {
    fn charge(&self, bytes: usize) -> io::Result<()> {
        let expanded = self.expanded.get() + bytes as u64;
        self.expanded.set(expanded);
        if expanded > self.bytes_max {
            self.over
                .set(Some(Reason::OoxmlUncompressedSizeExceedsLimit));
        } else if expanded > OFFICE_FREE_BYTES
            && expanded / self.ratio_max.max(1) > self.stored.max(1)
        {
            self.over
                .set(Some(Reason::OoxmlUncompressedRatioExceedsLimit));
        } else {
            return Ok(());
        }
        Err(io::Error::other("beyond a limit"))
    }

    fn failure(&self, part: &str, error: &dyn Display) -> Failure {
        if let Some(lost) = self.lost.take() {
            return Failure::Source(lost);
        }
        let stored = self.stored;
        match self.over.get() {
            Some(reason @ Reason::OoxmlUncompressedRatioExceedsLimit) => Failure::broken(
                reason,
                format!(
                    "the office file of {stored} bytes expands to more than {} times that",
                    self.ratio_max
                ),
            ),
            Some(reason) => Failure::broken(
                reason,
                format!(
                    "the office file of {stored} bytes expands to more than {} bytes",
                    self.bytes_max
                ),
            ),
            None => Failure::broken(
                Reason::MalformedOrFileSizeExceedsLimit,
                format!("part {}: {error}", shown(part)).replace('\n', " "),
            ),
        }
    }
}

/// Counts what a part expands to.
struct Metered<'a> {
    file: ZipFile<'a, Watched>,
    meter: Rc<Meter>,
}

impl Read for Metered<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let len = self.file.read(out)?;
        self.meter.charge(len)?;
        Ok(len)
    }
}

fn key(name: &str) -> String {
    name.trim_start_matches('/').to_ascii_lowercase()
}

/// A name of a part for a message: no control characters, not too long.
fn shown(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .take(100)
        .collect()
}
