//! Why reading ended early, carried through nested readers inside `io::Error`.

use std::io;

use crate::model::Reason;

/// How far a fault reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The stream that reported it.
    Stream,
    /// The whole walk: nothing more is read.
    Walk,
}

/// A stream that ended before its time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub(crate) struct Fault {
    pub scope: Scope,
    pub reason: Reason,
    /// For people, without content.
    pub detail: String,
}

impl Fault {
    pub fn new(scope: Scope, reason: Reason, detail: impl Into<String>) -> Self {
        Fault {
            scope,
            reason,
            detail: detail.into(),
        }
    }

    pub fn malformed(detail: impl Into<String>) -> Self {
        Fault::new(Scope::Stream, Reason::MalformedFile, detail)
    }

    /// The fault behind an error of one of our readers.
    pub fn of(error: &io::Error) -> Self {
        match error.get_ref().and_then(|e| e.downcast_ref::<Fault>()) {
            Some(fault) => fault.clone(),
            // Our readers report faults only; anything else is an error of decoding.
            None => Fault::malformed(format!("read failed: {}", error.kind())),
        }
    }
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        io::Error::other(fault)
    }
}
