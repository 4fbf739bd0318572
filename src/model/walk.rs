//! How content hands an object over, member by member and block by block.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::coverage::{Reason, Status};
use super::text::{Block, Tracker};

/// Random access to a stored object, where its source allows it.
///
/// Reads are pinned: a changed object answers with an error, never with other bytes.
pub trait ReadAt: Send + Sync {
    /// Stored size in bytes.
    fn size(&self) -> u64;
    /// Fills `buffer` from `offset`; short only at the end of the object.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

/// One text member about to be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Names from the object inwards; empty for a plain object.
    pub container: Arc<[String]>,
    /// MIME type of the innermost member.
    pub mime_type: &'static str,
}

/// How one member ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberOutcome {
    pub container: Arc<[String]>,
    pub mime_type: &'static str,
    pub status: Status,
    /// Set unless complete.
    pub reason: Option<Reason>,
    /// The cause in one line, for people; no content of the member.
    pub detail: Option<String>,
    /// Decoded bytes that were scanned.
    pub bytes_scanned: u64,
    /// Last change as the container states it.
    pub last_modified: Option<chrono::DateTime<chrono::Utc>>,
}

/// Receives an object's text. The engine implements it and passes the blocks to the detectors.
pub trait Visitor {
    /// A text member begins.
    fn member(&mut self, member: &Member);
    /// A block of the current member, in order. `Break` stops the walk (cancellation, time limit).
    fn block(&mut self, block: &Block<'_>, tracker: &mut dyn Tracker) -> ControlFlow<()>;
    /// A member ended: text or not, read or not. Every leaf member is told once, also those that
    /// are skipped and never began.
    fn member_end(&mut self, outcome: &MemberOutcome);
}

/// How a whole object ended.
#[derive(Debug)]
pub struct WalkOutcome {
    pub status: Status,
    pub reason: Option<Reason>,
    pub detail: Option<String>,
    /// MIME type of the object as stored (`application/gzip`, `text/csv`, ...).
    pub mime_type: &'static str,
    /// Stored bytes consumed.
    pub bytes_read: u64,
    /// Decoded bytes scanned, over all members.
    pub bytes_scanned: u64,
    /// Leaf members seen.
    pub members: u64,
    /// The source failed under the walk: what was read was scanned, the rest is unknown. The engine
    /// finds the reason code from the error.
    pub source_error: Option<io::Error>,
    /// The visitor broke off.
    pub stopped: bool,
}
