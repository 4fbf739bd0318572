//! The named limits of a walk, and the running counts that are held against them.

use std::cell::{Cell, RefCell};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::fault::{Fault, Scope};
use super::memory::{Memory, Shares};
use super::quotas::Quotas;
use crate::extract::session::default_workshop;
use crate::extract::{Bounds, Workshop};
use crate::model::Reason;

/// What one walk may use. Every limit ends in a PARTIAL or SKIPPED outcome with a reason code,
/// never in an error or in unbounded memory.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Containers inside one another, the outermost included.
    pub depth_max: usize,
    /// Leaf members of one object.
    pub members_max: u64,
    /// Bytes of all leaf members of one object, taken out of containers.
    pub extracted_bytes_max: u64,
    /// Bytes of one leaf member taken out of a container.
    pub member_bytes_max: u64,
    /// Decompressed bytes for each stored byte, once [`expansion_free_bytes`](Self::expansion_free_bytes)
    /// were decompressed.
    pub expansion_ratio_max: u64,
    /// Decompressed bytes below which the ratio is not looked at.
    pub expansion_free_bytes: u64,
    /// Nesting of JSON that is followed.
    pub json_depth_max: usize,
    /// Text that one block owns, in bytes; at least 1.
    pub block_bytes: usize,
    /// Largest gzip object, both stored and expanded, that is held to be expanded in one piece, where
    /// [`memory`](Self::memory) has so much left; nothing but speed depends on either.
    pub gzip_whole_bytes_max: usize,
    /// Longest time for one object; without it, any.
    pub time_max: Option<Duration>,
    /// Largest objects that are read.
    pub quotas: Quotas,
    /// What all walks with these limits may hold.
    pub memory: Memory,
    /// Who reads documents (Parquet, spreadsheets, PDF, ...), in this process or another.
    pub workshop: Arc<dyn Workshop>,
    /// What one document may use of whoever reads it.
    pub document: Bounds,
    /// Stretch of a log line (or event) from its start that is looked at as JSON.
    pub payload_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            depth_max: 10,
            members_max: 1_000_000,
            extracted_bytes_max: 10 << 30,
            member_bytes_max: 3 << 30,
            expansion_ratio_max: 2_000,
            expansion_free_bytes: 64 << 20,
            json_depth_max: 256,
            block_bytes: 256 << 10,
            gzip_whole_bytes_max: 32 << 20,
            time_max: None,
            quotas: Quotas::default(),
            memory: Memory::default(),
            workshop: default_workshop(),
            document: Bounds::default(),
            payload_bytes_max: 64 << 10,
        }
    }
}

/// Running counts of one walk, shared by its nested readers.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    /// When the time of the walk is over.
    pub deadline: Option<Instant>,
    /// Stored bytes read from the source.
    pub stored: Cell<u64>,
    /// Bytes that came out of decompression, at any depth.
    pub inflated: Cell<u64>,
    /// Bytes of leaf members that came out of containers.
    pub extracted: Cell<u64>,
    /// Bytes of archives, documents and decoders held in memory now.
    pub held: Cell<usize>,
    /// What of the memory that all share the walk has for that.
    pub shares: RefCell<Shares>,
    /// The source's own error, which readers pass on as a [`Fault`] only.
    pub source_error: RefCell<Option<io::Error>>,
}

pub(crate) fn bump(cell: &Cell<u64>, by: u64) {
    cell.set(cell.get().saturating_add(by));
}

impl Meter {
    pub fn begin(limits: &Limits) -> Self {
        let now = Instant::now();
        Meter {
            deadline: limits.time_max.and_then(|time| now.checked_add(time)),
            ..Meter::default()
        }
    }

    /// Ends the walk when its time is over.
    pub fn in_time(&self, limits: &Limits) -> Result<(), Fault> {
        match (self.deadline, limits.time_max) {
            (Some(deadline), Some(time)) if Instant::now() >= deadline => Err(Fault::new(
                Scope::Walk,
                Reason::TimeCutOffReached,
                format!(
                    "the object took longer than {} s; raise time_max",
                    time.as_secs()
                ),
            )),
            _ => Ok(()),
        }
    }

    /// Takes so much more memory; `false`: one walk may not hold that much. May wait for others.
    pub fn take(&self, bytes: usize, limits: &Limits) -> bool {
        let held = self.held.get().saturating_add(bytes);
        if held > limits.memory.walk_bytes_max {
            return false;
        }
        self.held.set(held);
        self.shares.borrow_mut().suffice(held, &limits.memory);
        true
    }

    /// Gives back what was taken.
    pub fn give_back(&self, bytes: usize) {
        let held = self.held.get().saturating_sub(bytes);
        self.held.set(held);
        self.shares.borrow_mut().trim(held);
    }

    /// Counts decompressed bytes and holds them against the ratio.
    pub fn inflated(&self, bytes: usize, limits: &Limits) -> Result<(), Fault> {
        bump(&self.inflated, bytes as u64);
        let inflated = self.inflated.get();
        let allowed = self
            .stored
            .get()
            .max(1)
            .saturating_mul(limits.expansion_ratio_max);
        if inflated > limits.expansion_free_bytes && inflated > allowed {
            return Err(Fault::new(
                Scope::Walk,
                Reason::ArchiveTotalBytesExtractedOverLimit,
                format!(
                    "{inflated} bytes from {} stored bytes exceed the ratio of {}; raise expansion_ratio_max",
                    self.stored.get(),
                    limits.expansion_ratio_max
                ),
            ));
        }
        Ok(())
    }
}
