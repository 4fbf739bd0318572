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
    /// The counters, for other processes to read.
    pub fn to_json(&self) -> String {
        serde_json::json!({
            "objectsListed": Self::get(&self.objects_listed),
            "bytesListed": Self::get(&self.bytes_listed),
            "listingDone": self.listing_done.load(Ordering::Relaxed),
            "objectsDone": Self::get(&self.objects_done),
            "bytesDone": Self::get(&self.bytes_done),
            "bytesScanned": Self::get(&self.bytes_scanned),
            "occurrences": Self::get(&self.occurrences),
            "leftOut": Self::get(&self.filtered),
            "gaps": Self::get(&self.gaps),
        })
        .to_string()
    }

    pub(crate) fn add(counter: &AtomicU64, n: u64) {
        counter.fetch_add(n, Ordering::Relaxed);
    }

    pub fn get(counter: &AtomicU64) -> u64 {
        counter.load(Ordering::Relaxed)
    }
}
