//! What can go wrong with the store, by what the caller can do about it.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why the store could not do something. Nothing that was recorded before is lost by any of these.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another run works on the same job: wait for it or end it.
    #[error(
        "lock job {job}: process {pid} on {host} holds it (last sign of life {seconds_ago} s ago); \
         wait until it ends, or use another --state-dir"
    )]
    Locked {
        job: String,
        pid: u32,
        host: String,
        seconds_ago: u64,
    },
    /// The disk is full: make room and run the same command again.
    #[error("write {path}: no space left; make room and run the same command again to go on")]
    Full { path: PathBuf },
    /// The folder cannot be written to: choose another one, or mend its permissions.
    #[error("open state folder {path}: {cause}; choose another one with --state-dir")]
    Folder { path: PathBuf, cause: String },
    /// The file was written by a later magpie: use that one.
    #[error(
        "open store {path}: schema version {found} is newer than {known}; use a newer magpie or \
         another --state-dir"
    )]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    /// The file is not a store, or is damaged.
    #[error("open store {path}: {cause}; move it away to start afresh")]
    Damaged { path: PathBuf, cause: String },
    /// Stored occurrences of an object cannot be read back.
    #[error("read occurrences of object {object_no} of job {job}: chunk {seq} is damaged")]
    DamagedChunk {
        job: String,
        object_no: i64,
        seq: i64,
    },
    /// What is saved goes by its name.
    #[error("save {what} {name}: there is one of this name; choose another, or delete that one")]
    NameTaken { what: &'static str, name: String },
    #[error("create custom identifier {name}: {max} are kept already; delete one")]
    TooManyIdentifiers { name: String, max: u64 },
    /// Another request to create a job had this token.
    #[error(
        "create job: client token {token} was used for another request, which made job {job}; use \
         another token"
    )]
    TokenTaken { token: String, job: String },
    /// The job is not in a state for what was asked.
    #[error("{cause}")]
    NotNow { job: String, cause: String },
    #[error("find job {job}: there is no such job in {path}")]
    NoSuchJob { job: String, path: PathBuf },
    /// The recorded objects do not add up to those listed: a fault of ours.
    #[error(
        "check coverage of job {job}: {listed} objects ({listed_bytes} bytes) listed, but \
         {recorded} ({recorded_bytes} bytes) recorded"
    )]
    Unbalanced {
        job: String,
        listed: u64,
        listed_bytes: u64,
        recorded: u64,
        recorded_bytes: u64,
    },
    #[error("{verb} {path}: {cause}")]
    Io {
        verb: &'static str,
        path: PathBuf,
        cause: io::Error,
    },
    #[error("{verb} in store {path}: {cause}")]
    Sql {
        verb: &'static str,
        path: PathBuf,
        cause: rusqlite::Error,
    },
}

impl StoreError {
    /// Sorts an I/O error.
    pub(super) fn io(verb: &'static str, path: &Path, cause: io::Error) -> Self {
        let path = path.to_owned();
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { path },
            _ => StoreError::Io { verb, path, cause },
        }
    }

    /// Sorts an error of the database.
    pub(super) fn sql(verb: &'static str, path: &Path, cause: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let path = path.to_owned();
        let code = match &cause {
            rusqlite::Error::SqliteFailure(failure, _) => Some(failure.code),
            _ => None,
        };
        match code {
            Some(ErrorCode::DiskFull) => StoreError::Full { path },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                StoreError::Folder {
                    path,
                    cause: cause.to_string(),
                }
            }
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => StoreError::Damaged {
                path,
                cause: cause.to_string(),
            },
            _ => StoreError::Sql { verb, path, cause },
        }
    }
}
