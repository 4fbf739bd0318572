//! JSON that leaves the program, written by hand from [`crate::model`].
//!
//! * [`occurrence`]: the flat record `magpie.occurrence/1`, one occurrence a line.
//! * [`finding`]: Macie's finding documents.
//! * [`result`]: Macie's sensitive data discovery results, `.jsonl.gz`.
//! * [`summary`]: the summary document `magpie.summary/1`.
//!
//! Where the values come from (live objects or the store) and where the text goes is left to the
//! caller. Equal input gives equal bytes.

mod detections;
mod json;

pub mod finding;
pub mod job;
pub mod occurrence;
pub mod result;
pub mod summary;

pub use finding::{FindingContext, write_finding};
pub use job::{describe_job, job_summary};
pub use occurrence::{ObjectRef, OccurrenceWriter};
pub use result::{ResultWriter, write_results};
pub use summary::{RunFigures, SummaryHead, SummaryWriter};
