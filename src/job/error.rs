//! What ends a run early, by what the caller can do about it.

use crate::source::SourceError;
use crate::store::StoreError;

/// Why a run could not go on. What was recorded is kept; the same command takes it up.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// A target cannot be opened at all.
    #[error(transparent)]
    Target(Box<SourceError>),
    /// Credentials are missing, or ran out under way.
    #[error(transparent)]
    Credentials(Box<SourceError>),
    /// The state folder failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Discovery results could not be written.
    #[error("write discovery result {name}: {cause}")]
    Results {
        name: String,
        cause: Box<SourceError>,
    },
    /// The system refused threads or a runtime.
    #[error("start {what}: {cause}")]
    Start {
        what: &'static str,
        cause: std::io::Error,
    },
    /// A part of the engine ended by a fault of ours.
    #[error("run job: {0} ended unexpectedly; progress is kept, run the same command again")]
    Lost(&'static str),
}
