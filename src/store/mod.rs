//! The embedded job store: one state folder, one SQLite file, one writer per job.
//!
//! [`Store`] opens the folder and answers questions about recorded jobs; [`JobRun`] is the one
//! writer of a job; [`Reader`] answers questions beside it, on a connection of its own.
//! [`ChunkPacker`] packs occurrences on the scanning threads, so that writing them is storing
//! bytes. Columns are explained in `schema.sql`.
//!
//! What is recorded is consistent at every moment: an object's outcome, counts, occurrences,
//! finding, discovery result and events become visible in one transaction, and a process that is
//! killed anywhere leaves at worst occurrences of unfinished objects, which are dropped when the
//! job is taken up again. The job log file is brought to equal the store then.
//!
//! Which objects to read, and what the JSON in the columns looks like, is left to the caller.

mod allow;
mod begin;
mod columns;
mod coverage;
mod created;
mod dictionary;
mod error;
mod identifiers;
mod job_log;
mod kinds;
mod lock;
mod open;
mod outbox;
mod pack;
#[cfg(test)]
mod pack_tests;
mod points;
mod read;
mod rows;
mod runs;
mod runs_read;
mod speed;
mod totals;
mod unpack;
mod unpack_v2;
mod varint;
mod write;

pub use allow::NewAllowList;
pub use begin::NewJob;
pub use created::{JobChange, JobDefinition, NewCreatedJob};
pub use error::{Result, StoreError};
pub use open::{OpenOptions, Store};
pub use outbox::{Outbox, Sending};
pub use pack::{CHUNK_BYTES_MAX, Chunk, ChunkPacker};
pub use read::{PendingResult, Reader, Recorded};
pub use runs::{NewRun, NewTarget, RunEnd, RunTarget};
pub use runs_read::Known;
pub use speed::RunFigures;
pub use write::{Commit, JobRun, ObjectWrite, ResultFile, Ticket, Tickets};
