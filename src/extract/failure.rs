//! Why a document was not read to its end.

use std::io;

use crate::model::Reason;

/// Why a document was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The document is not what its first bytes say; it may be read as something else.
    #[error("{0}")]
    NotThis(String),
    /// The document is broken, locked or beyond a limit. The detail is one line without content of
    /// the document.
    #[error("{detail}")]
    Broken { reason: Reason, detail: String },
    /// Who listens is gone: nothing more is to be told.
    #[error("the listener is gone")]
    Gone,
    /// The bytes of the document could not be had.
    #[error("read failed: {0}")]
    Source(io::Error),
}

impl Failure {
    pub fn not_this(detail: impl Into<String>) -> Self {
        Failure::NotThis(detail.into())
    }

    pub fn broken(reason: Reason, detail: impl Into<String>) -> Self {
        Failure::Broken {
            reason,
            detail: detail.into(),
        }
    }

    /// The content is broken.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Failure::broken(Reason::MalformedFile, detail)
    }
}
