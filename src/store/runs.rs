//! Runs of created jobs: begun or taken up, their targets, what they know of earlier runs, their end.
//!
//! Questions about them are answered in [`super::runs_read`]. A run is written by the same [`JobRun`] as any job; its objects are under its own number, its
//! events under that of its job.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::model::{
    AccountId, CatalogueIndex, CreatedJob, EventLine, JobId, JobInfo, JobStatus, Reason, Status,
};

use super::begin::{own, still_owned};
use super::columns::{job_row, time_text};
use super::coverage::{bad_text, signed};
use super::created::{self, JobChange, month, run_key};
use super::error::{Result, StoreError};
use super::job_log::{self, JobLog};
use super::lock::CommandLock;
use super::open::{self, Store};
use super::outbox;
use super::rows;
use super::write::{JobRun, ObjectWrite, Parts};

/// Time between two looks at what became of the job meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(150);
/// Time between two notes of how far a run is.
const NOTE_EVERY: Duration = Duration::from_secs(1);

/// A run to begin, or to take up.
#[derive(Clone, Debug)]
pub struct NewRun {
    pub job: JobId,
    /// With what it runs, as JSON; no secrets.
    pub spec: String,
    pub catalogue: Arc<CatalogueIndex>,
    pub now: DateTime<Utc>,
}

/// A target of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTarget {
    /// `s3://bucket`, `file://folder`, or `account:` and the id of an account that failed.
    pub uri: String,
    pub account: AccountId,
    /// Name of the bucket; `None` for an account.
    pub bucket: Option<String>,
    /// Why it cannot be listed at all.
    pub cause: Option<String>,
}

/// A target of a run that was resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunTarget {
    pub uri: String,
    pub account: AccountId,
    pub bucket: Option<String>,
    pub cause: Option<String>,
    /// For [`Reader::known`](super::Reader::known); `None` where it cannot be listed.
    pub bucket_no: Option<i64>,
}

/// How a run ends.
#[derive(Clone, Debug)]
pub struct RunEnd {
    /// What becomes of the job; the run is complete, or cancelled where the job is.
    pub change: JobChange,
    /// An account or bucket could not be read.
    pub trouble: bool,
    pub now: DateTime<Utc>,
}

/// What a [`JobRun`] knows of its job.
#[derive(Debug)]
pub(super) struct OfJob {
    pub job_no: i64,
    /// By target: number of the bucket, and its account.
    targets: Vec<(Option<i64>, AccountId)>,
    looked: Instant,
    /// When it was last written down how far the run is.
    noted: Option<Instant>,
}

impl Store {
    /// Begins a run of a job, or takes up the one that is open.
    ///
    /// `admit` sees the job and says what becomes of it; `first_events` makes the first events of a
    /// new run. All of it commits together.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while another process runs the job; [`StoreError::NotNow`] with what
    /// `admit` has against it.
    pub fn begin_run(
        &self,
        new: NewRun,
        admit: impl FnOnce(&CreatedJob) -> Result<JobChange, String>,
        first_events: impl FnOnce(&CreatedJob, &JobInfo) -> Vec<EventLine>,
    ) -> Result<JobRun> {
        let mut connection = open::connect(&self.file)?;
        let fail = |cause| StoreError::sql("begin run", &self.file, cause);
        let (job_no, _) = created::find(&connection, new.job.as_str())
            .optional()
            .map_err(fail)?
            .ok_or_else(|| self.no_such_job(&new.job))?;
        let Some(lock) = CommandLock::try_take(&self.folder, &run_key(&new.job))? else {
            let open = open_run(&connection, job_no).map_err(fail)?;
            let open = open.map(|run_no| (run_no, new.job.to_string()));
            return Err(self.locked_by(&connection, open, new.job.as_str(), Utc::now()));
        };
        self.points.pass("begin run: before transaction");
        let run_no = self.run_rows(&mut connection, job_no, &new, admit, first_events)?;
        self.points.pass("begin run: after transaction");
        let job = job_row(&connection, run_no).map_err(fail)?;
        let log = JobLog::open(&self.folder, &new.job, &connection, job_no)?;
        self.points.pass("begin run: after job log");
        job_log::mark_synced(&connection, job_no).map_err(fail)?;
        let next: i64 = connection
            .query_row(
                "SELECT COALESCE(MAX(object_no), 0) + 1 FROM objects WHERE job_no = ?1",
                [run_no],
                |row| row.get(0),
            )
            .map_err(fail)?;
        let targets = targets(&connection, run_no).map_err(fail)?;
        Ok(JobRun::new(Parts {
            connection,
            file: self.file.clone(),
            points: self.points.clone(),
            job,
            job_no: run_no,
            of: Some(OfJob {
                job_no,
                targets: accounts(&targets),
                looked: Instant::now(),
                noted: None,
            }),
            catalogue: new.catalogue,
            log,
            next_object: next,
            lock,
        }))
    }

    fn run_rows(
        &self,
        connection: &mut Connection,
        job_no: i64,
        new: &NewRun,
        admit: impl FnOnce(&CreatedJob) -> Result<JobChange, String>,
        first_events: impl FnOnce(&CreatedJob, &JobInfo) -> Vec<EventLine>,
    ) -> Result<i64> {
        let fail = |cause| StoreError::sql("begin run", &self.file, cause);
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(fail)?;
        let job = created::find(&transaction, new.job.as_str())
            .map_err(fail)?
            .1;
        let change = admit(&job).map_err(|cause| StoreError::NotNow {
            job: new.job.to_string(),
            cause,
        })?;
        created::apply(&transaction, job_no, &change, new.now).map_err(fail)?;
        let run_no = match open_run(&transaction, job_no).map_err(fail)? {
            Some(run_no) => {
                still_owned(&transaction, run_no, new.job.as_str(), Utc::now())
                    .map_err(fail)?
                    .map_or(Ok(()), Err)?;
                rows::take_up(&transaction, run_no, new.now).map_err(fail)?;
                run_no
            }
            None => {
                let id = JobId::from_bytes(open::random_bytes(&self.file)?);
                let run_no = insert_run(&transaction, job_no, &job, new, &id).map_err(fail)?;
                let run = job_row(&transaction, run_no).map_err(fail)?;
                let events = first_events(&job, &run);
                job_log::insert(&transaction, job_no, &events).map_err(fail)?;
                run_no
            }
        };
        if let Some(destination) = &self.destination {
            outbox::attach(&transaction, job_no, destination).map_err(fail)?;
        }
        own(&transaction, run_no, Utc::now()).map_err(fail)?;
        self.points.pass("begin run: in transaction");
        transaction.commit().map_err(fail)?;
        Ok(run_no)
    }
}

impl JobRun {
    /// The targets, once they are resolved: those of a run that is taken up stay the same.
    pub fn targets(&self) -> Result<Option<Vec<RunTarget>>> {
        let resolved: Result<bool, _> = self.connection.query_row(
            "SELECT resolved FROM jobs WHERE job_no = ?1",
            [self.job_no],
            |row| row.get(0),
        );
        resolved
            .and_then(|resolved| match resolved {
                true => targets(&self.connection, self.job_no).map(Some),
                false => Ok(None),
            })
            .map_err(|cause| StoreError::sql("read targets of run", &self.file, cause))
    }

    /// Notes what the run is to read, with the events that tell of it.
    pub fn resolve(&mut self, new: &[NewTarget], events: &[EventLine]) -> Result<Vec<RunTarget>> {
        let path = self.file.clone();
        let fail = |cause| StoreError::sql("note targets of run", &path, cause);
        let (run_no, log_no) = (self.job_no, self.log_no());
        self.points.pass("resolve: before transaction");
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(fail)?;
        let resolved = insert_targets(&transaction, run_no, log_no, new).map_err(fail)?;
        let events = job_log::insert(&transaction, log_no, events).map_err(fail)?;
        self.points.pass("resolve: in transaction");
        transaction.commit().map_err(fail)?;
        self.points.pass("resolve: after transaction");
        if let Some(of) = &mut self.of {
            of.targets = accounts(&resolved);
        }
        if events > 0 {
            self.write_log()?;
        }
        Ok(resolved)
    }

    /// Looks what became of the job meanwhile, now and then: `Some` if it does not run any more.
    /// Writes down how far the run is, and brings the log file up to date with what others added.
    pub fn look(&mut self, progress: impl FnOnce() -> String) -> Result<Option<JobStatus>> {
        let Some(of) = &mut self.of else {
            return Ok(None);
        };
        if of.looked.elapsed() < LOOK_EVERY {
            return Ok(None);
        }
        of.looked = Instant::now();
        let due = of.noted.is_none_or(|noted| noted.elapsed() >= NOTE_EVERY);
        if due {
            of.noted = Some(Instant::now());
        }
        let path = self.file.clone();
        let fail = |cause| StoreError::sql("look at job", &path, cause);
        let log_no = self.log_no();
        let (status, synced): (String, bool) = self
            .connection
            .prepare_cached("SELECT status, log_synced FROM jobs WHERE job_no = ?1")
            .and_then(|mut s| s.query_row([log_no], |row| Ok((row.get(0)?, row.get(1)?))))
            .map_err(fail)?;
        if due {
            self.note(&progress())?;
        }
        if !synced {
            self.write_log()?;
        }
        let status =
            JobStatus::parse(&status).ok_or_else(|| fail(bad_text(0, "status", &status)))?;
        Ok((status != JobStatus::Running).then_some(status))
    }

    /// Writes down how far a run of a created job is, for others to see; also a sign of life.
    pub fn note(&mut self, progress: &str) -> Result<()> {
        if self.of.is_none() {
            return Ok(());
        }
        self.connection
            .prepare_cached("UPDATE jobs SET progress = ?2, heartbeat_at = ?3 WHERE job_no = ?1")
            .and_then(|mut statement| {
                statement.execute(params![self.job_no, progress, time_text(Utc::now())])
            })
            .map(|_| ())
            .map_err(|cause| StoreError::sql("note progress of run", &self.file, cause))
    }

    /// Ends the run and changes its job. `false`, and nothing, where the job does not run any more:
    /// someone paused or cancelled it.
    ///
    /// # Errors
    /// [`StoreError::Unbalanced`] if the run is to be complete and its ledger does not add up.
    pub fn end(&mut self, end: &RunEnd) -> Result<bool> {
        let complete = matches!(end.change.status, JobStatus::Complete | JobStatus::Idle);
        if complete {
            self.check_balance()?;
        }
        let path = self.file.clone();
        let fail = |cause| StoreError::sql("end run", &path, cause);
        let (run_no, log_no) = (self.job_no, self.log_no());
        let id = self.job.job_id().clone();
        self.points.pass("end run: before transaction");
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(fail)?;
        let job = created::find(&transaction, id.as_str()).map_err(fail)?.1;
        if job.status != JobStatus::Running {
            return Ok(false);
        }
        created::apply(&transaction, log_no, &end.change, end.now).map_err(fail)?;
        let status = match end.change.status {
            JobStatus::Complete | JobStatus::Idle => Some(JobStatus::Complete),
            JobStatus::Cancelled => Some(JobStatus::Cancelled),
            // it waits
            _ => None,
        };
        transaction
            .execute(
                "UPDATE jobs SET status = COALESCE(?2, status), updated_at = ?3, trouble = ?4,
                                 finished_at = CASE WHEN ?2 IS NULL THEN NULL ELSE ?3 END
                 WHERE job_no = ?1",
                params![
                    run_no,
                    status.map(JobStatus::as_str),
                    time_text(end.now),
                    end.trouble
                ],
            )
            .map_err(fail)?;
        if status.is_some() {
            rows::drop_staged(&transaction, run_no, None).map_err(fail)?;
        }
        self.points.pass("end run: in transaction");
        transaction.commit().map_err(fail)?;
        self.points.pass("end run: after transaction");
        self.job = job_row(&self.connection, run_no).map_err(fail)?;
        self.write_log()?;
        Ok(true)
    }
}

impl OfJob {
    /// Notes that a run has read an object, and what it cost.
    pub(super) fn note(
        &self,
        connection: &Connection,
        run_no: i64,
        write: &ObjectWrite,
    ) -> rusqlite::Result<()> {
        let record = &write.record;
        let Some((Some(bucket_no), account)) = self.targets.get(record.target as usize) else {
            return Ok(());
        };
        let again = matches!(
            record.outcome.reason,
            Some(
                Reason::PermissionDenied
                    | Reason::SourceObjectNoLongerAvailable
                    | Reason::NoSuchBucketAvailable
                    | Reason::ObjectVersionMismatch
                    | Reason::InvalidKmsKey
                    | Reason::InvalidObjectState
                    | Reason::TimeCutOffReached
            )
        );
        let meta = &record.meta;
        connection
            .prepare_cached(
                "INSERT INTO known_objects (bucket_no, key, size, etag, version_id, last_modified,
                                            again, run_no)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (bucket_no, key) DO UPDATE SET
                   size = excluded.size, etag = excluded.etag, version_id = excluded.version_id,
                   last_modified = excluded.last_modified, again = excluded.again,
                   before_no = CASE WHEN run_no = excluded.run_no THEN before_no ELSE run_no END,
                   run_no = excluded.run_no",
            )?
            .execute(params![
                bucket_no,
                meta.key,
                meta.size.map(signed),
                meta.etag,
                meta.version_id,
                meta.last_modified.map(time_text),
                again,
                run_no
            ])?;
        if record.outcome.status == Status::Skipped {
            return Ok(());
        }
        connection
            .prepare_cached(
                "INSERT INTO usage (account, month, bytes) VALUES (?1, ?2, ?3)
                 ON CONFLICT (account, month) DO UPDATE SET bytes = bytes + excluded.bytes",
            )?
            .execute(params![
                account.as_str(),
                month(write.recorded_at),
                signed(meta.size.unwrap_or(0))
            ])
            .map(|_| ())
    }
}

fn open_run(connection: &Connection, job_no: i64) -> rusqlite::Result<Option<i64>> {
    connection
        .query_row(
            "SELECT job_no FROM jobs WHERE of_job = ?1 AND status = 'RUNNING'
             ORDER BY job_no DESC LIMIT 1",
            [job_no],
            |row| row.get(0),
        )
        .optional()
}

fn insert_run(
    connection: &Connection,
    job_no: i64,
    job: &CreatedJob,
    new: &NewRun,
    id: &JobId,
) -> rusqlite::Result<i64> {
    let now = time_text(new.now);
    connection.execute(
        "INSERT INTO jobs (job_id, name, job_type, status, command_key, spec, catalogue,
                           created_at, run_date, updated_at, attempt, log_synced, of_job, run)
         VALUES (?1, ?2, ?3, 'RUNNING', ?4, ?5, ?6, ?7, ?7, ?7, 1, 1, ?8, ?9)",
        params![
            id.as_str(),
            job.name,
            job.job_type,
            format!("run:{id}"),
            new.spec,
            new.catalogue.fingerprint,
            now,
            job_no,
            signed(job.runs + 1)
        ],
    )?;
    let run_no = connection.last_insert_rowid();
    connection.execute(
        "UPDATE created_jobs SET runs = runs + 1 WHERE job_no = ?1",
        [job_no],
    )?;
    connection.execute(
        "UPDATE jobs SET run_date = ?2 WHERE job_no = ?1",
        params![job_no, now],
    )?;
    Ok(run_no)
}

fn insert_targets(
    connection: &Connection,
    run_no: i64,
    job_no: i64,
    new: &[NewTarget],
) -> rusqlite::Result<Vec<RunTarget>> {
    connection.execute("DELETE FROM targets WHERE job_no = ?1", [run_no])?;
    for (target, new) in new.iter().enumerate() {
        let bucket_no: Option<i64> = match (&new.cause, &new.bucket) {
            (None, Some(_)) => Some(bucket_no(connection, job_no, &new.uri)?),
            _ => None,
        };
        connection
            .prepare_cached(
                "INSERT INTO targets (job_no, target, uri, objects, bytes, cause, bucket, account,
                                      bucket_no)
                 VALUES (?1, ?2, ?3, 0, 0, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                run_no,
                signed(target as u64),
                new.uri,
                new.cause,
                new.bucket,
                new.account.as_str(),
                bucket_no
            ])?;
    }
    connection.execute("UPDATE jobs SET resolved = 1 WHERE job_no = ?1", [run_no])?;
    targets(connection, run_no)
}

fn bucket_no(connection: &Connection, job_no: i64, uri: &str) -> rusqlite::Result<i64> {
    connection
        .prepare_cached(
            "INSERT INTO known_buckets (job_no, uri) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?
        .execute(params![job_no, uri])?;
    connection
        .prepare_cached("SELECT bucket_no FROM known_buckets WHERE job_no = ?1 AND uri = ?2")?
        .query_row(params![job_no, uri], |row| row.get(0))
}

pub(super) fn targets(connection: &Connection, run_no: i64) -> rusqlite::Result<Vec<RunTarget>> {
    connection
        .prepare_cached(
            "SELECT uri, account, bucket, cause, bucket_no FROM targets
             WHERE job_no = ?1 AND account IS NOT NULL ORDER BY target",
        )?
        .query_map([run_no], |row| {
            let account: String = row.get(1)?;
            Ok(RunTarget {
                uri: row.get(0)?,
                account: AccountId::parse(&account)
                    .ok_or_else(|| bad_text(1, "account", &account))?,
                bucket: row.get(2)?,
                cause: row.get(3)?,
                bucket_no: row.get(4)?,
            })
        })?
        .collect()
}

fn accounts(targets: &[RunTarget]) -> Vec<(Option<i64>, AccountId)> {
    targets
        .iter()
        .map(|t| (t.bucket_no, t.account.clone()))
        .collect()
}
