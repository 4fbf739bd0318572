//! How much memory the walks of a run may hold, all together.
//!
//! Every walk may hold [`FREE_BYTES`] beside its block and buffers. One that needs more first waits
//! for a share of [`SHARE_BYTES`], and one that needs more than that for the one large share there is.
//! Shares are asked for in that order and given back together, so that nobody waits for one who
//! waits; what one walk may hold at most does not depend on the others, nor do results.

use super::room::{Held, Room};

/// Bytes that every walk may hold without asking.
pub(crate) const FREE_BYTES: usize = 6 << 20;
/// Bytes that a walk with a share may hold.
pub(crate) const SHARE_BYTES: usize = 16 << 20;
/// Bytes that the walk with the large share may hold beyond that.
const LARGE_BYTES: usize = 48 << 20;
/// What a process needs beside its walks: program, detectors, store, listings, what was read ahead.
const BASE_BYTES: u64 = 96 << 20;
/// What a walk needs beside what it holds: blocks, positions, places.
const WALK_BYTES: u64 = 8 << 20;
/// Least that is good for gzip objects in one piece.
const WHOLE_BYTES: u64 = 16 << 20;

/// What walks may hold, shared by all that have a clone.
#[derive(Clone, Debug)]
pub struct Memory {
    /// Bytes that one walk may hold at a time: zip archives and documents where the source has no
    /// random access, and what decoders look back to. Larger archives are read in the order of
    /// their local headers; larger documents, and streams that need more, are not read.
    pub(super) walk_bytes_max: usize,
    /// Gzip objects that are expanded in one piece, where there is room; nothing but speed depends on
    /// it.
    whole: Room,
    shares: Room,
    large: Room,
}

impl Default for Memory {
    fn default() -> Self {
        Memory::new(48 << 20, 4)
    }
}

impl Memory {
    fn new(whole: usize, shares: usize) -> Self {
        Memory {
            walk_bytes_max: SHARE_BYTES + LARGE_BYTES,
            whole: Room::new(whole),
            shares: Room::new(SHARE_BYTES * shares),
            large: Room::new(LARGE_BYTES),
        }
    }

    /// The same, but for what one walk may hold.
    pub fn with_walk_bytes_max(self, bytes: usize) -> Self {
        Memory {
            walk_bytes_max: bytes,
            ..self
        }
    }

    /// The least that a process with so many scanning threads needs, in bytes.
    pub fn least(threads: usize) -> u64 {
        let walks = (FREE_BYTES as u64 + WALK_BYTES) * threads as u64;
        BASE_BYTES + walks + (SHARE_BYTES + LARGE_BYTES) as u64 + WHOLE_BYTES
    }

    /// What walks may hold so that a process stays below `bytes`; the least if that is less.
    pub fn within(bytes: u64, threads: usize) -> Self {
        let left = bytes.saturating_sub(Self::least(threads));
        // every thread may have a share before gzip has more
        let more = (left / SHARE_BYTES as u64).min(threads.saturating_sub(1) as u64);
        let whole = WHOLE_BYTES + left - more * SHARE_BYTES as u64;
        // more than one object's worth for each thread is of no use
        let whole = whole.min(threads as u64 * (64 << 20)) as usize;
        Memory::new(whole, 1 + more as usize)
    }

    pub(crate) fn whole(&self) -> Held {
        self.whole.begin()
    }
}

/// The shares of one walk.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    share: Option<Held>,
    large: Option<Held>,
}

impl Shares {
    /// Gets what holding so many bytes takes; may wait.
    pub fn suffice(&mut self, bytes: usize, memory: &Memory) {
        if bytes > FREE_BYTES && self.share.is_none() {
            self.share = Some(memory.shares.wait_for(SHARE_BYTES));
        }
        if bytes > SHARE_BYTES && self.large.is_none() {
            self.large = Some(memory.large.wait_for(LARGE_BYTES));
        }
    }

    /// Gives back what holding so many bytes does not take.
    pub fn trim(&mut self, bytes: usize) {
        if bytes <= SHARE_BYTES {
            self.large = None;
        }
        if bytes <= FREE_BYTES {
            self.share = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_memory_is_more_shares_and_then_more_room_for_gzip() {
        for threads in [1, 2, 8, 64] {
            let least = Memory::least(threads);
            let mut before = 0;
            for more in [0, 1 << 20, 16 << 20, 100 << 20, 4 << 30] {
                let memory = Memory::within(least + more, threads);
                let all = memory.whole.bytes() + memory.shares.bytes();
                assert!(all >= before);
                assert!(all as u64 <= WHOLE_BYTES + SHARE_BYTES as u64 + more);
                assert!(memory.shares.bytes() <= threads * SHARE_BYTES);
                before = all;
            }
        }
    }

    #[test]
    fn two_that_need_much_take_turns() {
        let memory = Memory::default();
        let walk = |memory: Memory| {
            move || {
                for _ in 0..50 {
                    let mut shares = Shares::default();
                    shares.suffice(FREE_BYTES + 1, &memory);
                    shares.suffice(SHARE_BYTES + 1, &memory);
                    std::thread::yield_now();
                    shares.trim(SHARE_BYTES);
                    shares.suffice(SHARE_BYTES + LARGE_BYTES, &memory);
                }
            }
        };
        let threads: Vec<_> = (0..8)
            .map(|_| std::thread::spawn(walk(memory.clone())))
            .collect();
        for thread in threads {
            thread.join().expect("no panic");
        }
    }
}
