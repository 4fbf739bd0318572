//! Exit codes, as frozen.

use std::process::ExitCode;

/// What the exit status tells a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Complete, nothing at or above `--fail-on`.
    Clean = 0,
    /// Findings at or above `--fail-on`, with or without gaps.
    Findings = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// Something was not read.
    Incomplete = 3,
    /// Credentials or permissions.
    Permission = 4,
    /// Network or service failure after retries.
    Network = 5,
    /// Output could not be written or verified.
    Output = 6,
    /// Another run holds the lock.
    Locked = 7,
    /// A fault in magpie.
    Internal = 70,
    /// Ctrl-C; progress is kept.
    Interrupted = 130,
    /// SIGTERM; progress is kept.
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// An error with the exit status it leads to.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub error: anyhow::Error,
}

impl Failure {
    pub fn new(exit: Exit, error: impl Into<anyhow::Error>) -> Self {
        Failure {
            exit,
            error: error.into(),
        }
    }

    pub fn usage(message: impl std::fmt::Display) -> Self {
        Failure::new(Exit::Usage, anyhow::anyhow!("{message}"))
    }
}

/// Attaches an exit status to an error.
pub trait OrExit<T> {
    fn or_exit(self, exit: Exit) -> Result<T, Failure>;
}

impl<T, E: Into<anyhow::Error>> OrExit<T> for Result<T, E> {
    fn or_exit(self, exit: Exit) -> Result<T, Failure> {
        self.map_err(|e| Failure::new(exit, e))
    }
}
