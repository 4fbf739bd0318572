//! How a member or a container ended, and the sum over what a container holds.

use super::fault::Fault;
use crate::model::{Reason, Status};

#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub mime: &'static str,
    pub status: Status,
    pub reason: Option<Reason>,
    pub detail: Option<String>,
}

impl Verdict {
    pub fn complete(mime: &'static str) -> Self {
        Verdict {
            mime,
            status: Status::Complete,
            reason: None,
            detail: None,
        }
    }

    pub fn skipped(mime: &'static str, reason: Reason, detail: impl Into<String>) -> Self {
        Verdict {
            mime,
            status: Status::Skipped,
            reason: Some(reason),
            detail: Some(detail.into()),
        }
    }

    /// Ended early: partial if anything was scanned.
    pub fn cut_short(mime: &'static str, scanned: bool, fault: &Fault) -> Self {
        Verdict {
            mime,
            status: if scanned {
                Status::Partial
            } else {
                Status::Skipped
            },
            reason: Some(fault.reason),
            detail: Some(fault.detail.clone()),
        }
    }
}

/// Counts over the members of one container.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    complete: u64,
    partial: u64,
    skipped: u64,
}

impl Sum {
    pub fn add(&mut self, status: Status) {
        match status {
            Status::Complete => self.complete += 1,
            Status::Partial => self.partial += 1,
            Status::Skipped => self.skipped += 1,
        }
    }

    /// How the container ended; `fault` is its own, beyond those of its members.
    pub fn verdict(self, mime: &'static str, fault: Option<&Fault>) -> Verdict {
        let scanned = self.complete + self.partial > 0;
        if let Some(fault) = fault {
            return Verdict::cut_short(mime, scanned, fault);
        }
        let gaps = self.partial + self.skipped;
        if gaps == 0 {
            return Verdict::complete(mime);
        }
        let all = self.complete + gaps;
        Verdict {
            mime,
            status: if scanned {
                Status::Partial
            } else {
                Status::Skipped
            },
            reason: Some(Reason::ArchiveContainsUnprocessedFiles),
            detail: Some(format!("{gaps} of {all} members were not wholly read")),
        }
    }
}
