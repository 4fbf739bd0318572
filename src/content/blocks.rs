//! Cuts a stream of text into blocks with their surroundings, in one reused buffer.
//!
//! The stream is read straight into the buffer that the blocks are lent from. Only the surroundings
//! of a cut are moved, once for each block or less.

use std::io::{self, Read};
use std::ops::ControlFlow;

use super::encoding::DECODE_STEP_BYTES;
use crate::model::text::{LOOKAHEAD_BYTES, LOOKBEHIND_BYTES};
use crate::model::{Block, Tracker, Visitor};

/// A tracker as the feeder drives it.
pub(crate) trait Track: Tracker {
    /// Text before offset `upto` of the block leaves; the next block's text starts there.
    fn retire(&mut self, block: &Block<'_>, upto: usize);

    /// What the structure turned out to be lacking, once the text has ended.
    fn lacking(&self) -> Option<super::fault::Fault> {
        None
    }
}

/// How a text ended.
#[derive(Debug, Default)]
pub(crate) struct Fed {
    /// Bytes of decoded text handed over.
    pub text_bytes: u64,
    /// The stream failed; what came before was handed over.
    pub error: Option<io::Error>,
    /// The visitor broke off.
    pub stopped: bool,
}

/// A character has at most so many bytes after its first.
const TAIL_BYTES: usize = 3;
/// How far before the aimed cut a line end is looked for.
const CUT_SEARCH_BYTES: usize = 16 << 10;
/// Largest block; offsets within a block fit into 32 bits.
const OWN_BYTES_MAX: usize = 256 << 20;
/// First size of the buffer.
const FIRST_BYTES: usize = 32 << 10;
/// Room beyond one block, so that small blocks do not move the buffer each time.
const SLACK_BYTES: usize = 64 << 10;

fn is_tail(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// The start of the character at `at`, looking no further than a character is long.
pub(crate) fn floor_char(text: &[u8], at: usize) -> usize {
    let low = at.saturating_sub(TAIL_BYTES);
    (low..=at)
        .rev()
        .find(|&i| text.get(i).is_none_or(|&b| !is_tail(b)))
        .unwrap_or(at)
}

/// The end of the character that `at` is in, looking no further than a character is long.
pub(crate) fn ceil_char(text: &[u8], at: usize) -> usize {
    (at..=at + TAIL_BYTES)
        .find(|&i| text.get(i).is_none_or(|&b| !is_tail(b)))
        .unwrap_or(at)
        .min(text.len().max(at))
}

/// Where the block that owns `text[own..]` ends, aiming at `own_bytes`.
fn cut(text: &[u8], own: usize, own_bytes: usize) -> usize {
    let aim = own + own_bytes;
    let low = aim - CUT_SEARCH_BYTES.min(own_bytes / 2);
    if let Some(newline) = memchr::memrchr(b'\n', &text[low..aim]) {
        return low + newline + 1;
    }
    let floor = floor_char(text, aim);
    if floor > own {
        floor
    } else {
        ceil_char(text, aim)
    }
}

/// Hands the text of `src` to the visitor, block by block.
///
/// `buffer` is scratch, kept by the caller for the next text.
pub(crate) fn feed(
    src: &mut dyn Read,
    buffer: &mut Vec<u8>,
    own_bytes: usize,
    tracker: &mut dyn Track,
    visitor: &mut dyn Visitor,
) -> Fed {
    let own_bytes = own_bytes.clamp(1, OWN_BYTES_MAX);
    let ahead = own_bytes + LOOKAHEAD_BYTES + 2 * TAIL_BYTES;
    let capacity = LOOKBEHIND_BYTES + TAIL_BYTES + ahead + DECODE_STEP_BYTES + SLACK_BYTES;
    let mut fed = Fed::default();
    // Offsets into the buffer: first byte of the text lent, first byte not yet owned, end of what
    // was read; and the offset of `text` in the whole text.
    let (mut text, mut own, mut len, mut start) = (0, 0, 0, 0u64);
    let mut ended = false;
    loop {
        if !ended && own + ahead + DECODE_STEP_BYTES > capacity {
            buffer.copy_within(text..len, 0);
            (own, len, text) = (own - text, len - text, 0);
        }
        while !ended && len < own + ahead {
            if buffer.len() - len < DECODE_STEP_BYTES {
                // Small texts need little; many of them are walked.
                let grown = (buffer.len() * 2).clamp(FIRST_BYTES, capacity);
                buffer.resize(grown, 0);
            }
            match src.read(&mut buffer[len..]) {
                Ok(0) => ended = true,
                Ok(read) => len += read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    fed.error = Some(e);
                    ended = true;
                }
            }
        }
        if own == len {
            return fed;
        }
        let filled = &buffer[..len];
        let own_end = if len - own <= own_bytes {
            len
        } else {
            cut(filled, own, own_bytes)
        };
        let end = if len - own_end <= LOOKAHEAD_BYTES {
            len
        } else {
            ceil_char(filled, own_end + LOOKAHEAD_BYTES)
        };
        let block = Block {
            text: &filled[text..end],
            own: own - text..own_end - text,
            start,
            first: start == 0,
            last: ended && end == len,
        };
        fed.text_bytes += (own_end - own) as u64;
        if let ControlFlow::Break(()) = visitor.block(&block, tracker) {
            fed.stopped = true;
            return fed;
        }
        if block.last && own_end == len {
            tracker.retire(&block, end - text);
            return fed;
        }
        let next = floor_char(filled, own_end.saturating_sub(LOOKBEHIND_BYTES)).max(text);
        tracker.retire(&block, next - text);
        start += (next - text) as u64;
        (text, own) = (next, own_end);
    }
}
