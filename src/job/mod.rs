//! The engine: list, fetch, scan, record. Here sources, content, detectors, store and events meet.
//!
//! ```text
//! lister ─► fetcher ─► scanning threads ─► recorder
//! (tokio)   (tokio)    (rayon)             (one thread, one writer)
//! ```
//!
//! Queues between them are bounded, so that memory is too. The recorder commits an object's
//! outcome, occurrences, finding and events in one transaction. An interrupted run is taken up
//! by the same command: what is recorded and unchanged is not read again.

pub mod accounts;
pub mod allow;
mod bucket_event;
pub mod criteria;
pub mod definition;
pub mod delivery;
pub mod due;
mod engine;
mod error;
pub mod estimate;
mod fetch;
mod filter;
mod fingerprint;
mod lines;
mod names;
mod only_new;
mod plan;
mod progress;
mod quota;
mod recorder;
mod report;
mod resolve;
mod run;
mod run_job;
mod scan;
pub mod schedule;
pub mod scope;
mod select;
pub mod status;
mod stop;
mod stoppable;
mod worker;

pub use error::JobError;
pub use filter::{GlobError, KeyFilter};
pub use fingerprint::FingerprintKey;
pub use only_new::{NewTotals, for_each_new, new_totals};
pub use plan::{Documents, OwnFile, Plan, Render};
pub use progress::Progress;
pub use report::{FirstPlace, ObjectTotal, Report, report};
pub use run::{Ended, Outcome, run};
pub use run_job::{EndedRun, JobPlan, RunOutcome, run_job};
pub use stop::{Ask, Stop};
