//! What is told of a job afterwards: rows that the store answers and that are shown to people.

use chrono::{DateTime, Utc};

use super::{Category, JobId, Reason, Severity, Status, Tally};

/// Status of a classification job; the names are Macie's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobStatus {
    Running,
    Idle,
    Paused,
    UserPaused,
    Complete,
    Cancelled,
}

impl JobStatus {
    const ALL: [JobStatus; 6] = [
        JobStatus::Running,
        JobStatus::Idle,
        JobStatus::Paused,
        JobStatus::UserPaused,
        JobStatus::Complete,
        JobStatus::Cancelled,
    ];

    /// `jobStatus` in Macie's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            JobStatus::Running => "RUNNING",
            JobStatus::Idle => "IDLE",
            JobStatus::Paused => "PAUSED",
            JobStatus::UserPaused => "USER_PAUSED",
            JobStatus::Complete => "COMPLETE",
            JobStatus::Cancelled => "CANCELLED",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        JobStatus::ALL.into_iter().find(|s| s.as_str() == name)
    }

    /// The job can be taken up again.
    pub fn is_open(self) -> bool {
        !matches!(self, JobStatus::Complete | JobStatus::Cancelled)
    }
}

/// A job as the store knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobInfo {
    pub id: JobId,
    pub name: String,
    /// `ONE_TIME` or `SCHEDULED`.
    pub job_type: String,
    pub status: JobStatus,
    /// What was asked for, as JSON.
    pub spec: String,
    /// [`CatalogueIndex::fingerprint`](super::CatalogueIndex) of the run.
    pub catalogue: String,
    pub created_at: DateTime<Utc>,
    pub run_date: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    /// 1 for a job that was never taken up again.
    pub attempt: u64,
    /// Of a run of a created job; `None` for a job that is its only run.
    pub run: Option<RunOf>,
}

/// Which run of which job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunOf {
    pub job: JobId,
    /// From 1.
    pub number: u64,
}

impl JobInfo {
    /// The job, in events and documents: `id` names the run where that is something else.
    pub fn job_id(&self) -> &JobId {
        self.run.as_ref().map_or(&self.id, |run| &run.job)
    }
}

/// Occurrences of one detector over a whole job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetectorTotal {
    pub detector: String,
    pub category: Category,
    /// The gravest over the objects; `None` where no object holds as many as its lowest level.
    pub severity: Option<Severity>,
    pub occurrences: u64,
    /// Objects that hold at least one.
    pub objects: u64,
}

/// One object of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectRow {
    pub target: u32,
    pub key: String,
    pub uri: String,
    pub size: Option<u64>,
    pub etag: Option<String>,
    pub version_id: Option<String>,
    pub mime_type: Option<String>,
    pub status: Status,
    pub reason: Option<Reason>,
    pub detail: Option<String>,
    pub bytes_read: u64,
    pub bytes_scanned: u64,
    pub members: u64,
    pub occurrences: u64,
    pub severity: Option<Severity>,
}

/// Something that was not, or not wholly, read: an object, or a member of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub uri: String,
    /// Empty for the object itself.
    pub container: Vec<String>,
    pub status: Status,
    pub reason: Option<Reason>,
    pub detail: Option<String>,
    /// Stored bytes of an object, decoded and scanned bytes of a member.
    pub bytes: Option<u64>,
}

/// Objects with findings by the gravest severity in them, and occurrences by the severity of
/// their type in their object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeverityTotals {
    pub objects_high: u64,
    pub objects_medium: u64,
    pub objects_low: u64,
    /// Objects in which no identifier occurs as often as its lowest level.
    pub objects_no_level: u64,
    pub occurrences_high: u64,
    pub occurrences_medium: u64,
    pub occurrences_low: u64,
    pub occurrences_no_level: u64,
}

/// Objects that ended in one way for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonTotal {
    pub status: Status,
    /// `None` for complete objects.
    pub reason: Option<Reason>,
    pub total: Tally,
}
