//! Jobs that are created once and run again and again, and what is told of their runs.

use chrono::{DateTime, Utc};

use super::{AccountId, JobId, JobStatus};

/// A created job as lists show it; its definition is kept apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedJob {
    pub id: JobId,
    pub name: String,
    /// `ONE_TIME` or `SCHEDULED`.
    pub job_type: String,
    pub status: JobStatus,
    /// The account that created it.
    pub account: AccountId,
    pub region: String,
    pub created_at: DateTime<Utc>,
    /// Start of the latest run; when it was created, where there is none.
    pub last_run_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    /// Runs begun so far.
    pub runs: u64,
    /// When the next run is due, where one is to come.
    pub next_due_at: Option<DateTime<Utc>>,
    /// Since when the user has it paused.
    pub paused_at: Option<DateTime<Utc>>,
    /// Its status before it was paused by the user.
    pub paused_from: Option<JobStatus>,
    /// The account whose monthly quota stopped it.
    pub waits_for: Option<AccountId>,
    /// Size of the object that did not fit in the quota, in bytes.
    pub waits_bytes: Option<u64>,
    /// A run was begun and is not at its end.
    pub has_open_run: bool,
    /// An account or bucket of the latest run could not be read.
    pub trouble: bool,
}

impl CreatedJob {
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:macie2:{}:{}:classification-job/{}",
            self.region, self.account, self.id
        )
    }
}

/// One run of a created job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunInfo {
    /// Under this id the store answers questions about its objects.
    pub id: JobId,
    /// From 1.
    pub number: u64,
    /// `RUNNING`, `COMPLETE` or `CANCELLED`.
    pub status: JobStatus,
    pub started_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub catalogue: String,
    pub trouble: bool,
    /// Counters of the process that works on it, as it last wrote them.
    pub progress: Option<String>,
    /// A process works on it: its number and when it last gave a sign of life.
    pub owner: Option<(u32, DateTime<Utc>)>,
}

/// Why an object that a listing names is not read by a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// The conditions of the job do not take it.
    Scope,
    /// It is not in the sample.
    Sampling,
    /// It is as it was when an earlier run read it, or older than the job.
    Unchanged,
}

impl LeftOut {
    pub const ALL: [LeftOut; 3] = [LeftOut::Scope, LeftOut::Sampling, LeftOut::Unchanged];

    pub fn as_str(self) -> &'static str {
        match self {
            LeftOut::Scope => "SCOPE",
            LeftOut::Sampling => "SAMPLING",
            LeftOut::Unchanged => "UNCHANGED",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        LeftOut::ALL.into_iter().find(|l| l.as_str() == name)
    }
}
