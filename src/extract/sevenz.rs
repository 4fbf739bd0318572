//! 7z archives: their members, block by block. A block is decoded once, whatever number of members it
//! holds. What is in the members is left to others, as is the memory that decoders take: the library
//! does not show how much a block asks for.

use std::io::Read;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, EncoderMethod, Error, Password};

use super::watched::Watched;
use super::{Bounds, Failure, Out};
use crate::model::{ReadAt, Reason};

/// Largest list of members, as stored.
const HEADER_BYTES_MAX: u64 = 64 << 20;
/// Blocks whose fault is told one by one; of further ones, their number is.
const FAULTS_MAX: usize = 20;
const COPY_BYTES: usize = 64 << 10;

const SIGNATURE: &[u8] = b"7z\xbc\xaf\x27\x1c";
/// Signature, version, and where the list of members is.
const START_BYTES: usize = 32;

pub(super) fn read(
    source: &Arc<dyn ReadAt>,
    bounds: &Bounds,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    check_start(source)?;
    let mut reader = Watched::new(source);
    let lost = reader.lost();
    let password = Password::empty();
    let archive = Archive::read(&mut reader, &password).map_err(|error| {
        if let Some(lost) = lost.take() {
            return Failure::Source(lost);
        }
        match error {
            Error::PasswordRequired | Error::MaybeBadPassword(_) => locked_names(),
            Error::UnsupportedCompressionMethod(method) if method.contains("AES") => locked_names(),
            Error::UnsupportedCompressionMethod(_) | Error::Unsupported(_) => Failure::broken(
                Reason::UnsupportedFileTypeException,
                "the list of members is compressed in a way that is not known",
            ),
            _ => Failure::malformed("the list of members cannot be read"),
        }
    })?;
    let mut told = Told {
        left: bounds.bytes_max,
        buffer: vec![0; COPY_BYTES],
        bounds,
    };
    let mut faults = Faults::default();
    for block in 0..archive.blocks.len() {
        if is_locked(&archive, block) {
            let detail = "is locked with a password";
            let members = members(&archive, block);
            faults.tell(block, members, Reason::InvalidEncryption, detail, out)?;
            continue;
        }
        let mut failure = None;
        let mut done = 0;
        let decoder = BlockDecoder::new(1, block, &archive, &password, &mut reader);
        let read = decoder.for_each_entries(&mut |entry, content| {
            let member = told.member(entry, content, &mut *out);
            done += 1;
            match member {
                Ok(whole) => Ok(whole),
                Err(error) => {
                    failure = Some(error);
                    Ok(false)
                }
            }
        });
        if let Some(lost) = lost.take() {
            return Err(Failure::Source(lost));
        }
        if let Some(failure) = failure {
            return Err(failure);
        }
        let left = members(&archive, block).saturating_sub(done);
        match read {
            Ok(true) => {}
            // the fault is that of the last member; those behind it are lost with it
            Ok(false) if left == 0 => {}
            Err(Error::UnsupportedCompressionMethod(_) | Error::Unsupported(_)) => {
                let detail = "is compressed in a way that is not known";
                let reason = Reason::UnsupportedFileTypeException;
                faults.tell(block, left, reason, detail, out)?;
            }
            Ok(false) | Err(_) => {
                let detail = "cannot be decoded to its end";
                faults.tell(block, left, Reason::MalformedFile, detail, out)?;
            }
        }
    }
    let blocks = &archive.stream_map.file_block_index;
    for (entry, block) in archive.files.iter().zip(blocks) {
        if block.is_none() {
            told.member(entry, &mut std::io::empty(), out)?;
        }
    }
    faults.rest(out)
}

/// The library takes memory for what the start of the file claims.
fn check_start(source: &Arc<dyn ReadAt>) -> Result<(), Failure> {
    let mut start = [0; START_BYTES];
    let read = source.read_at(0, &mut start).map_err(Failure::Source)?;
    if !start[..read].starts_with(SIGNATURE) {
        return Err(Failure::not_this("no mark of 7z"));
    }
    if read < START_BYTES {
        return Err(Failure::malformed("the archive ends in its first bytes"));
    }
    let number = |at: usize| {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&start[at..at + 8]);
        u64::from_le_bytes(bytes)
    };
    let (offset, length) = (number(12), number(20));
    let end = (START_BYTES as u64)
        .checked_add(offset)
        .and_then(|at| at.checked_add(length));
    if end.is_none_or(|end| end > source.size()) {
        return Err(Failure::malformed(
            "the list of members lies beyond the end: the archive is cut, or one of several volumes",
        ));
    }
    if length > HEADER_BYTES_MAX {
        return Err(Failure::malformed(format!(
            "the list of members has {length} bytes, more than {HEADER_BYTES_MAX}"
        )));
    }
    Ok(())
}

fn locked_names() -> Failure {
    Failure::broken(
        Reason::InvalidEncryption,
        "the archive and the names in it are locked with a password; magpie reads only archives \
         without one",
    )
}

/// Members in a block.
fn members(archive: &Archive, block: usize) -> usize {
    archive
        .stream_map
        .file_block_index
        .iter()
        .filter(|of| **of == Some(block))
        .count()
}

/// A block that no decoder without a key can read.
fn is_locked(archive: &Archive, block: usize) -> bool {
    archive.blocks[block]
        .coders
        .iter()
        .any(|coder| coder.encoder_method_id() == EncoderMethod::ID_AES256_SHA256)
}

#[derive(Default)]
struct Faults {
    blocks: usize,
}

impl Faults {
    fn tell(
        &mut self,
        block: usize,
        members: usize,
        reason: Reason,
        what: &str,
        out: &mut dyn Out,
    ) -> Result<(), Failure> {
        self.blocks += 1;
        if self.blocks > FAULTS_MAX {
            return Ok(());
        }
        let block = block + 1;
        out.gap(
            reason,
            &format!("block {block} {what}; {members} files of it are not read"),
        )
    }

    fn rest(&self, out: &mut dyn Out) -> Result<(), Failure> {
        match self.blocks.saturating_sub(FAULTS_MAX) {
            0 => Ok(()),
            more => out.gap(
                Reason::MalformedFile,
                &format!("{more} more blocks are not read to their end"),
            ),
        }
    }
}

struct Told<'a> {
    /// Bytes that may still be told.
    left: u64,
    buffer: Vec<u8>,
    bounds: &'a Bounds,
}

impl Told<'_> {
    /// Tells one member. `false`: it broke off, and the block with it.
    fn member(
        &mut self,
        entry: &ArchiveEntry,
        content: &mut dyn Read,
        out: &mut dyn Out,
    ) -> Result<bool, Failure> {
        if entry.is_directory() || entry.is_anti_item {
            return Ok(true);
        }
        out.member(entry.name(), modified(entry))?;
        let mut length = 0u64;
        loop {
            let read = match content.read(&mut self.buffer) {
                Ok(read) => read,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(_) => {
                    let detail = "the member cannot be decoded to its end";
                    out.member_end(Some((Reason::MalformedFile, detail)))?;
                    return Ok(false);
                }
            };
            if read == 0 {
                break;
            }
            if read as u64 > self.left {
                let detail = format!(
                    "the archive expands to more than {} bytes",
                    self.bounds.bytes_max
                );
                let reason = Reason::ArchiveTotalBytesExtractedOverLimit;
                out.member_end(Some((reason, &detail)))?;
                return Err(Failure::broken(reason, detail));
            }
            self.left -= read as u64;
            length += read as u64;
            out.data(&self.buffer[..read])?;
        }
        if entry.has_stream() && length < entry.size() {
            let detail = "the member is shorter than the archive says";
            out.member_end(Some((Reason::MalformedFile, detail)))?;
            return Ok(false);
        }
        out.member_end(None)?;
        Ok(true)
    }
}

/// Seconds from 1601-01-01 to 1970-01-01.
const EPOCH_SECONDS: i64 = 11_644_473_600;

fn modified(entry: &ArchiveEntry) -> Option<DateTime<Utc>> {
    if !entry.has_last_modified_date {
        return None;
    }
    let ticks = u64::from(entry.last_modified_date());
    let seconds = i64::try_from(ticks / 10_000_000).ok()? - EPOCH_SECONDS;
    DateTime::from_timestamp(seconds, (ticks % 10_000_000) as u32 * 100)
}

#[cfg(test)]
#[path = "sevenz_tests.rs"]
mod tests;
