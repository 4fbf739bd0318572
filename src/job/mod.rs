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

pub mod allow;
mod bucket_event;
pub mod delivery;
mod error;
pub mod estimate;
mod fetch;
mod filter;
mod fingerprint;
mod names;
mod plan;
mod progress;
mod recorder;
mod report;
mod run;
mod scan;
mod stop;
mod stoppable;
mod worker;

pub use error::JobError;
pub use filter::{GlobError, KeyFilter};
pub use fingerprint::FingerprintKey;
pub use plan::{Documents, OwnFile, Plan, Render};
pub use progress::Progress;
pub use report::{FirstPlace, ObjectTotal, Report, report};
pub use run::{Ended, Outcome, run};
pub use stop::{Ask, Stop};
