//! Random access to an object by ranged requests, all pinned to one state of it.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use tokio::runtime::Handle;

use super::feed;
use super::get::Pin;
use crate::model::ReadAt;
use crate::source::SourceError;

/// Bytes asked for at once, at least: directories of archives are read in small pieces.
const BLOCK_BYTES: u64 = 512 * 1024;
/// Blocks kept per object: one for a directory, one for what it points to.
const BLOCKS_MAX: usize = 2;

/// See [`ReadAt`]. Blocks, so that it must be used outside of the runtime's threads.
pub(super) struct Ranged {
    pin: Pin,
    size: u64,
    runtime: Handle,
    /// Latest last: offset, bytes.
    blocks: Mutex<VecDeque<(u64, Bytes)>>,
}

impl Ranged {
    pub fn new(pin: Pin, size: u64, runtime: Handle) -> Self {
        Ranged {
            pin,
            size,
            runtime,
            blocks: Mutex::new(VecDeque::new()),
        }
    }

    /// The block that holds `offset`, which is before the end.
    fn block(&self, offset: u64) -> io::Result<(u64, Bytes)> {
        let start = offset - offset % BLOCK_BYTES;
        let find = |blocks: &mut VecDeque<(u64, Bytes)>| {
            let at = blocks.iter().position(|(s, _)| *s == start)?;
            let block = blocks.remove(at)?;
            blocks.push_back(block.clone());
            Some(block)
        };
        let lock = || self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(block) = find(&mut lock()) {
            return Ok(block);
        }
        let length = BLOCK_BYTES.min(self.size - start);
        let bytes = self.fetch(start, length)?;
        let mut blocks = lock();
        if blocks.len() == BLOCKS_MAX {
            blocks.pop_front();
        }
        blocks.push_back((start, bytes.clone()));
        Ok((start, bytes))
    }

    fn fetch(&self, start: u64, length: u64) -> io::Result<Bytes> {
        self.runtime
            .block_on(self.fetch_all(start, length))
            .map_err(SourceError::into_io)
    }

    /// Exactly these bytes, however often the answer is cut.
    async fn fetch_all(&self, start: u64, length: u64) -> Result<Bytes, SourceError> {
        let connection = &self.pin.core.connection;
        let began = Instant::now();
        let whole = usize::try_from(length).unwrap_or(usize::MAX);
        let mut bytes = BytesMut::with_capacity(whole);
        let mut failures = 0;
        loop {
            let from = start + bytes.len() as u64;
            let range = format!("bytes={from}-{}", start + length - 1);
            let (mut answer, _) = self.pin.get(Some(range)).await?;
            let ranged = answer.content_range();
            if !ranged.is_some_and(|r| feed::begins_at(r, from)) {
                let cause = format!("asked for bytes from {from}, got {ranged:?}");
                return Err(SourceError::protocol(&self.pin.uri, "GetObject", &cause));
            }
            let cause = loop {
                match feed::next(&mut answer.body, connection.options.read_timeout).await {
                    Ok(Some(more)) => bytes.extend_from_slice(&more),
                    Ok(None) => break "the body ended early".to_owned(),
                    Err(cause) => break cause,
                }
                if bytes.len() > whole {
                    let cause = "the body is longer than asked for";
                    return Err(SourceError::protocol(&self.pin.uri, "GetObject", cause));
                }
                if bytes.len() == whole {
                    return Ok(bytes.freeze());
                }
            };
            failures += 1;
            if failures >= connection.attempts() {
                return Err(SourceError::Unavailable {
                    uri: self.pin.uri.clone(),
                    operation: "GetObject".to_owned(),
                    attempts: failures,
                    elapsed: began.elapsed(),
                    cause,
                });
            }
            tokio::time::sleep(feed::backoff(connection, failures)).await;
        }
    }
}

impl ReadAt for Ranged {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = (buffer.len() as u64).min(self.size.saturating_sub(offset));
        let buffer = &mut buffer[..usize::try_from(wanted).unwrap_or(usize::MAX)];
        if wanted > BLOCK_BYTES {
            buffer.copy_from_slice(&self.fetch(offset, wanted)?);
            return Ok(buffer.len());
        }
        let mut filled = 0;
        while filled < buffer.len() {
            let at = offset + filled as u64;
            let (start, block) = self.block(at)?;
            let skip = usize::try_from(at - start).unwrap_or(usize::MAX);
            let n = (block.len() - skip).min(buffer.len() - filled);
            buffer[filled..filled + n].copy_from_slice(&block[skip..skip + n]);
            filled += n;
        }
        Ok(filled)
    }
}
