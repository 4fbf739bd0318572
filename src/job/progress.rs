//! Counters that a progress bar reads while the engine runs.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Shared counters, updated by the engine, read by anyone. Bytes are stored bytes unless named.
#[derive(Debug, Default)]
pub struct Progress {
    pub objects_listed: AtomicU64,
    pub bytes_listed: AtomicU64,
    /// The listing is at its end: the totals above are final.
    pub listing_done: AtomicBool,
    pub objects_done: AtomicU64,
    pub bytes_done: AtomicU64,
    /// Decoded bytes scanned so far.
    pub bytes_scanned: AtomicU64,
    pub occurrences: AtomicU64,
    /// Objects left out by the filter.
    pub filtered: AtomicU64,
    /// Objects not, or not wholly, read so far.
    pub gaps: AtomicU64,
}

impl Progress {
    pub(crate) fn add(counter: &AtomicU64, n: u64) {
        counter.fetch_add(n, Ordering::Relaxed);
    }

    pub fn get(counter: &AtomicU64) -> u64 {
        counter.load(Ordering::Relaxed)
    }
}
