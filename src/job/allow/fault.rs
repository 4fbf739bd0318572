//! What can be wrong with an allow list, by what the caller can do about it. No message holds an
//! entry: lines and fields only.

use std::fmt;

use super::words::ENTRY_CHARS_MAX;
use crate::source::SourceError;

/// Largest file of a list, in bytes: Macie's 35 MB.
pub const FILE_BYTES_MAX: u64 = 35 << 20;

/// What is wrong in the text of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// From 1; `None` for the list as a whole.
    pub line: Option<u32>,
    pub cause: String,
    /// There is nothing in it.
    pub is_empty: bool,
}

impl Fault {
    pub fn at(line: u32, cause: String) -> Self {
        Fault {
            line: Some(line),
            cause,
            is_empty: false,
        }
    }

    pub fn whole(cause: String) -> Self {
        Fault {
            line: None,
            cause,
            is_empty: false,
        }
    }

    pub fn empty() -> Self {
        Fault {
            line: None,
            cause: "there is no entry in it".to_owned(),
            is_empty: true,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.cause),
            None => f.write_str(&self.cause),
        }
    }
}

/// What is wrong with the text of an entry, if anything.
pub fn entry_fault(text: &str) -> Option<String> {
    let chars = text.chars().count();
    if chars > ENTRY_CHARS_MAX {
        return Some(format!(
            "an entry has at most {ENTRY_CHARS_MAX} characters, this one {chars}"
        ));
    }
    text.contains(|c: char| c.is_control() && c != '\t')
        .then(|| "a control character, which no entry may hold".to_owned())
}

/// An allow list that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("read allow list {list}: {cause}")]
pub struct AllowListError {
    /// Its name if it is saved, else its location.
    pub list: String,
    /// It is an object in S3.
    pub is_remote: bool,
    pub cause: AllowListCause,
}

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AllowListCause {
    /// It cannot be fetched.
    #[error(transparent)]
    Fetch(Box<SourceError>),
    /// The file is larger than a list may be.
    #[error("more than {} MiB; divide the list", FILE_BYTES_MAX >> 20)]
    TooLarge,
    /// What is in it is no list.
    #[error("{0}")]
    Content(Fault),
}

impl AllowListError {
    /// The status that Macie gives such a list (`status.code` of `GetAllowList`); for a local file
    /// the same, with `FILE_`.
    pub fn code(&self) -> &'static str {
        let of = |s3: &'static str, file: &'static str| if self.is_remote { s3 } else { file };
        match &self.cause {
            AllowListCause::Fetch(error) => match &**error {
                SourceError::NoSuchKey { .. }
                | SourceError::NoSuchBucket { .. }
                | SourceError::Target { .. } => of("S3_OBJECT_NOT_FOUND", "FILE_NOT_FOUND"),
                SourceError::AccessDenied { .. } | SourceError::Credentials { .. } => {
                    of("S3_USER_ACCESS_DENIED", "FILE_ACCESS_DENIED")
                }
                SourceError::OwnerMismatch { .. }
                | SourceError::InvalidObjectState { .. }
                | SourceError::KmsKey { .. }
                | SourceError::Encryption { .. } => "S3_OBJECT_ACCESS_DENIED",
                SourceError::Unavailable { cause, .. } if is_throttled(cause) => "S3_THROTTLED",
                _ => "UNKNOWN_ERROR",
            },
            AllowListCause::TooLarge => of("S3_OBJECT_OVERSIZE", "FILE_OVERSIZE"),
            AllowListCause::Content(fault) if fault.is_empty => of("S3_OBJECT_EMPTY", "FILE_EMPTY"),
            AllowListCause::Content(_) => "UNKNOWN_ERROR",
        }
    }
}

/// The service asked to slow down, to the end.
fn is_throttled(cause: &str) -> bool {
    ["SlowDown", "Throttl", "RequestLimitExceeded"]
        .iter()
        .any(|name| cause.contains(name))
}
