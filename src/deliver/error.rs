//! What can go wrong between here and the log service, by what the caller can do about it.

use std::time::Duration;

use thiserror::Error;

/// A failed call. Messages hold no log line.
#[derive(Clone, Debug, Error)]
pub enum DeliveryError {
    /// The settings make no sense, or a Region is missing.
    #[error("open log group {group}: {cause}")]
    Settings { group: String, cause: String },

    #[error("send job log to {place}: {cause}; sign in, or choose --profile")]
    Credentials { place: String, cause: String },

    #[error("send job log to {place}: access denied (needs {permission})")]
    AccessDenied {
        place: String,
        permission: &'static str,
    },

    /// The service failed, refused for load, or did not answer, after all attempts.
    #[error(
        "send job log to {place}: {operation} unavailable after {attempts} {} in {:.1} s: {cause}",
        if *.attempts == 1 { "attempt" } else { "attempts" }, .elapsed.as_secs_f64()
    )]
    Unavailable {
        place: String,
        operation: &'static str,
        attempts: u32,
        elapsed: Duration,
        cause: String,
    },

    /// The service refused for a reason of its own.
    #[error("send job log to {place}: {operation} refused: {cause}")]
    Refused {
        place: String,
        operation: &'static str,
        cause: String,
    },
}

/// How the sending of a batch failed.
#[derive(Clone, Debug)]
pub enum PutError {
    /// It did not arrive: the service said so, or it was never sent. `again`: another attempt may
    /// end otherwise.
    NotTaken { error: DeliveryError, again: bool },
    /// There is no such group or stream.
    NoStream(DeliveryError),
    /// It may have arrived.
    Unknown(DeliveryError),
}
