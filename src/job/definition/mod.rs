//! What a classification job is: the request of CreateClassificationJob, checked, and its parts
//! ready for use.
//!
//! [`request`] has the shapes, [`check`] the limits, [`skeleton`] an example to fill in. Names and
//! limits are Macie's. When a job runs is in [`super::schedule`], what it reads in
//! [`super::scope`] and [`super::criteria`].
//!
//! # Source
//! Macie API reference, `CreateClassificationJob`; user guide, "Quotas".

mod check;
pub mod request;
mod skeleton;

pub use check::{Buckets, Definition, Selector};
pub use request::Request;
pub use skeleton::skeleton;

/// Why a request is refused; the variants are the error codes of the API.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{0}")]
    Validation(String),
    #[error("{0}")]
    Conflict(String),
    #[error("{0}")]
    Quota(String),
}

impl Refusal {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Refusal::Validation(message.into())
    }

    /// The error code in the API.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Validation(_) => "ValidationException",
            Refusal::Conflict(_) => "ConflictException",
            Refusal::Quota(_) => "ServiceQuotaExceededException",
        }
    }
}
