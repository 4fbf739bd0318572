//! The one writer of a job: commit and finish. How it comes to be is in [`super::begin`].

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior, params};

use crate::model::{
    CatalogueIndex, Coverage, EventLine, JobInfo, JobStatus, LeftOut, ObjectRecord, Tally,
};

use super::columns::{job_row, time_text};
use super::coverage;
use super::error::{Result, StoreError};
use super::job_log::{self, JobLog};
use super::lock::CommandLock;
use super::pack::Chunk;
use super::points::WritePoints;
use super::rows;
use super::runs::OfJob;

/// Time between two signs of life.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(10);

/// The number of one object in its job. Occurrences go to the store under it before the object
/// is finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(i64);

/// Hands out tickets; cheap to clone and to use from any thread.
#[derive(Clone, Debug)]
pub struct Tickets(Arc<AtomicI64>);

impl Tickets {
    pub fn next(&self) -> Ticket {
        Ticket(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// A discovery result file to be written later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultFile {
    /// Key below the destination.
    pub name: String,
    /// The file, `.jsonl.gz`.
    pub body: Vec<u8>,
}

/// One finished object.
#[derive(Clone, Debug)]
pub struct ObjectWrite {
    pub ticket: Ticket,
    pub record: ObjectRecord,
    /// The chunks that were not staged before, in order.
    pub chunks: Vec<Chunk>,
    /// Id and document of the finding, if there are occurrences.
    pub finding: Option<(String, String)>,
    pub result: Option<ResultFile>,
    pub recorded_at: DateTime<Utc>,
}

/// What becomes durable and visible together.
#[derive(Clone, Debug, Default)]
pub struct Commit {
    /// Chunks of unfinished objects, in order per object: taken in now, visible with the object.
    pub staged: Vec<(Ticket, Vec<Chunk>)>,
    /// Objects whose staged chunks are to be forgotten, because they are read again from the start
    /// under another ticket.
    pub abandoned: Vec<Ticket>,
    pub objects: Vec<ObjectWrite>,
    /// Target and key of objects that were listed again and need not be read again.
    pub seen: Vec<(u32, String)>,
    /// What the listing of a target named so far; and why it could not be finished.
    pub listed: Vec<(u32, Tally, Option<String>)>,
    /// What of a target was left out so far, by cause.
    pub left_out: Vec<(u32, LeftOut, Tally)>,
    pub events: Vec<EventLine>,
    /// Discovery result files that reached their destination, by `object_no` of
    /// [`PendingResult`](super::PendingResult).
    pub results_written: Vec<i64>,
}

impl Commit {
    /// There is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.staged.is_empty()
            && self.abandoned.is_empty()
            && self.objects.is_empty()
            && self.seen.is_empty()
            && self.listed.is_empty()
            && self.left_out.is_empty()
            && self.events.is_empty()
            && self.results_written.is_empty()
    }
}

/// The writer of one job. Holds the lock of its command until dropped.
#[derive(Debug)]
pub struct JobRun {
    pub(super) connection: Connection,
    pub(super) file: PathBuf,
    pub(super) points: WritePoints,
    pub(super) job: JobInfo,
    pub(super) job_no: i64,
    /// Of a run of a created job.
    pub(super) of: Option<OfJob>,
    catalogue: Arc<CatalogueIndex>,
    log: JobLog,
    tickets: Tickets,
    /// Chunks that each unfinished object has in the store.
    staged: HashMap<Ticket, i64>,
    heartbeat: Instant,
    _lock: CommandLock,
}

/// What a job that was begun or taken up consists of.
pub(super) struct Parts {
    pub(super) connection: Connection,
    pub(super) file: PathBuf,
    pub(super) points: WritePoints,
    pub(super) job: JobInfo,
    pub(super) job_no: i64,
    pub(super) of: Option<OfJob>,
    pub(super) catalogue: Arc<CatalogueIndex>,
    pub(super) log: JobLog,
    /// The first number that no object of the job has.
    pub(super) next_object: i64,
    pub(super) lock: CommandLock,
}

impl JobRun {
    pub(super) fn new(parts: Parts) -> Self {
        JobRun {
            connection: parts.connection,
            file: parts.file,
            points: parts.points,
            job: parts.job,
            job_no: parts.job_no,
            of: parts.of,
            catalogue: parts.catalogue,
            log: parts.log,
            tickets: Tickets(Arc::new(AtomicI64::new(parts.next_object))),
            staged: HashMap::new(),
            heartbeat: Instant::now(),
            _lock: parts.lock,
        }
    }

    pub fn job(&self) -> &JobInfo {
        &self.job
    }

    /// The job was begun by an earlier process: objects may be recorded already.
    pub fn is_resumed(&self) -> bool {
        self.job.attempt > 1
    }

    /// Where the numbers of objects come from.
    pub fn tickets(&self) -> Tickets {
        self.tickets.clone()
    }

    /// Makes everything in `commit` durable and visible at once, then appends new events to the
    /// job log file. Also a sign of life.
    ///
    /// # Errors
    /// When the database fails, nothing of `commit` is kept. When the job log file fails, all of
    /// it is kept, and the file is mended when the job is taken up again.
    pub fn commit(&mut self, commit: Commit) -> Result<()> {
        self.points.pass("commit: before transaction");
        let path = self.file.clone();
        let log_no = self.log_no();
        let fail = |cause| StoreError::sql("record objects", &path, cause);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(fail)?;
        // what is staged is known for good only once the transaction is through
        let mut staged: HashMap<Ticket, i64> = HashMap::new();
        let seq_of = |ticket: &Ticket, new: &HashMap<Ticket, i64>| {
            let before = new.get(ticket).or_else(|| self.staged.get(ticket));
            before.copied().unwrap_or(0)
        };
        for (ticket, chunks) in &commit.staged {
            let seq = seq_of(ticket, &staged);
            let next = rows::insert_chunks(&transaction, self.job_no, ticket.0, seq, chunks)
                .map_err(fail)?;
            if seq == 0 && next > 0 {
                rows::stage(&transaction, self.job_no, ticket.0).map_err(fail)?;
            }
            staged.insert(*ticket, next);
        }
        for ticket in &commit.abandoned {
            rows::drop_staged(&transaction, self.job_no, Some(ticket.0)).map_err(fail)?;
        }
        for object in &commit.objects {
            let seq = seq_of(&object.ticket, &staged);
            rows::insert_object(
                &transaction,
                self.job_no,
                self.job.attempt,
                object.ticket.0,
                object,
                &self.catalogue,
            )
            .map_err(fail)?;
            rows::insert_chunks(
                &transaction,
                self.job_no,
                object.ticket.0,
                seq,
                &object.chunks,
            )
            .map_err(fail)?;
            if seq > 0 {
                rows::unstage(&transaction, self.job_no, object.ticket.0).map_err(fail)?;
            }
            if let Some(of) = &self.of {
                of.note(&transaction, self.job_no, object).map_err(fail)?;
            }
        }
        rows::insert_marks(&transaction, self.job_no, self.job.attempt, &commit).map_err(fail)?;
        let events = job_log::insert(&transaction, log_no, &commit.events).map_err(fail)?;
        self.points.pass("commit: in transaction");
        transaction.commit().map_err(fail)?;
        self.points.pass("commit: after transaction");
        self.staged.extend(staged);
        for ticket in &commit.abandoned {
            self.staged.remove(ticket);
        }
        for object in &commit.objects {
            self.staged.remove(&object.ticket);
        }
        if events > 0 {
            self.write_log()?;
        }
        self.heartbeat()
    }

    /// The job whose log this run writes to.
    pub(super) fn log_no(&self) -> i64 {
        self.of.as_ref().map_or(self.job_no, |of| of.job_no)
    }

    pub(super) fn write_log(&mut self) -> Result<()> {
        let log_no = self.log_no();
        self.log.append(&self.connection, log_no, &self.points)?;
        job_log::mark_synced(&self.connection, log_no)
            .map_err(|cause| StoreError::sql("mark job log", &self.file, cause))
    }

    /// Gives a sign of life, at most every ten seconds. Call it now and then while nothing is
    /// committed.
    pub fn heartbeat(&mut self) -> Result<()> {
        if self.heartbeat.elapsed() < HEARTBEAT_EVERY {
            return Ok(());
        }
        self.heartbeat = Instant::now();
        self.connection
            .prepare_cached("UPDATE jobs SET heartbeat_at = ?2 WHERE job_no = ?1")
            .and_then(|mut s| s.execute(params![self.job_no, time_text(Utc::now())]))
            .map(|_| ())
            .map_err(|cause| StoreError::sql("give a sign of life", &self.file, cause))
    }

    /// The coverage ledger of the job so far.
    pub fn coverage(&self) -> Result<Coverage> {
        coverage::of_job(&self.connection, self.job_no)
            .map_err(|cause| StoreError::sql("add up coverage", &self.file, cause))
    }

    /// Checks that what was recorded adds up to what was listed.
    ///
    /// # Errors
    /// [`StoreError::Unbalanced`].
    pub fn check_balance(&self) -> Result<()> {
        let coverage = self.coverage()?;
        if coverage.balances() {
            return Ok(());
        }
        let recorded = coverage.complete + coverage.partial + coverage.skipped;
        Err(StoreError::Unbalanced {
            job: self.job.id.to_string(),
            listed: coverage.listed.objects,
            listed_bytes: coverage.listed.bytes,
            recorded: recorded.objects,
            recorded_bytes: recorded.bytes,
        })
    }

    /// Ends the job for good, with its last events.
    ///
    /// # Errors
    /// [`StoreError::Unbalanced`] if a job is to be complete whose ledger does not add up; it then
    /// stays open.
    pub fn finish(
        &mut self,
        status: JobStatus,
        now: DateTime<Utc>,
        events: &[EventLine],
    ) -> Result<()> {
        if status == JobStatus::Complete {
            self.check_balance()?;
        }
        self.points.pass("finish: before transaction");
        let path = self.file.clone();
        let log_no = self.log_no();
        let fail = |cause| StoreError::sql("finish job", &path, cause);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(fail)?;
        let finished = (!status.is_open()).then(|| time_text(now));
        transaction
            .execute(
                "UPDATE jobs SET status = ?2, updated_at = ?3, finished_at = ?4 WHERE job_no = ?1",
                params![self.job_no, status.as_str(), time_text(now), finished],
            )
            .map_err(fail)?;
        if !status.is_open() {
            rows::drop_staged(&transaction, self.job_no, None).map_err(fail)?;
        }
        let new = job_log::insert(&transaction, log_no, events).map_err(fail)?;
        self.points.pass("finish: in transaction");
        transaction.commit().map_err(fail)?;
        self.points.pass("finish: after transaction");
        self.job = job_row(&self.connection, self.job_no).map_err(fail)?;
        if new > 0 {
            self.write_log()?;
        }
        Ok(())
    }
}

impl Drop for JobRun {
    fn drop(&mut self) {
        // for people only: the lock itself goes with the process, whatever is written here
        let _ = self.connection.execute(
            "UPDATE jobs SET owner_pid = NULL, owner_host = NULL, owner_boot = NULL,
                             heartbeat_at = NULL
             WHERE job_no = ?1",
            [self.job_no],
        );
    }
}
