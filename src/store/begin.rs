//! Beginning a job, or taking up where an earlier process left it: lock, owner, first rows.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::model::{CatalogueIndex, EventLine, JobId, JobInfo};

use super::columns::{job_row, open_job, time, time_text};
use super::error::{Result, StoreError};
use super::job_log::{self, JobLog};
use super::lock::{self, CommandLock, HEARTBEAT_STALE_SECONDS};
use super::open::{self, Store};
use super::outbox;
use super::rows;
use super::write::{JobRun, Parts};

/// A job to begin, or to take up where an earlier process left it.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub name: String,
    /// `ONE_TIME` or `SCHEDULED`.
    pub job_type: &'static str,
    /// Equal for the same command: a hash of targets, options and catalogue.
    pub command_key: String,
    /// What was asked for, as JSON; no secrets.
    pub spec: String,
    pub catalogue: Arc<CatalogueIndex>,
    /// The targets as given, in order.
    pub targets: Vec<String>,
    /// Takes up an open job of the same command, if there is one.
    pub resume: bool,
    /// The id of a new job; drawn at random if `None`.
    pub id: Option<JobId>,
    pub now: DateTime<Utc>,
}

impl Store {
    /// Begins a job, or takes up the open one of the same command.
    ///
    /// `first_events` makes the first lines of a new job's log; they commit with the job. A job
    /// that is taken up keeps its id and run date; occurrences of objects it had not finished are
    /// dropped, and its log file is mended.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while another process works on the same command.
    pub fn begin(
        &self,
        new: NewJob,
        first_events: impl FnOnce(&JobInfo) -> Vec<EventLine>,
    ) -> Result<JobRun> {
        let mut connection = open::connect(&self.file)?;
        let Some(lock) = CommandLock::try_take(&self.folder, &new.command_key)? else {
            return Err(self.locked(&connection, &new));
        };
        job_log::mend_all(&self.folder, &self.file, &connection, |command_key| {
            Ok(if command_key == new.command_key {
                Some(None)
            } else {
                CommandLock::try_take(&self.folder, command_key)?.map(Some)
            })
        })?;
        self.points.pass("begin: before transaction");
        let (job_no, job) = self.begin_rows(&mut connection, &new, first_events)?;
        self.points.pass("begin: after transaction");
        let log = JobLog::open(&self.folder, &job.id, &connection, job_no)?;
        self.points.pass("begin: after job log");
        let fail = |cause| StoreError::sql("begin job", &self.file, cause);
        job_log::mark_synced(&connection, job_no).map_err(fail)?;
        let next: i64 = connection
            .query_row(
                "SELECT COALESCE(MAX(object_no), 0) + 1 FROM objects WHERE job_no = ?1",
                [job_no],
                |row| row.get(0),
            )
            .map_err(fail)?;
        Ok(JobRun::new(Parts {
            connection,
            file: self.file.clone(),
            points: self.points.clone(),
            job,
            job_no,
            of: None,
            catalogue: new.catalogue,
            log,
            next_object: next,
            lock,
        }))
    }

    fn begin_rows(
        &self,
        connection: &mut Connection,
        new: &NewJob,
        first_events: impl FnOnce(&JobInfo) -> Vec<EventLine>,
    ) -> Result<(i64, JobInfo)> {
        let fail = |cause| StoreError::sql("begin job", &self.file, cause);
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(fail)?;
        let open = match new.resume {
            true => open_job(&transaction, &new.command_key).map_err(fail)?,
            false => None,
        };
        let (job_no, job) = match open {
            Some((job_no, job)) => {
                still_owned(&transaction, job_no, job.id.as_str(), new.now)
                    .map_err(fail)?
                    .map_or(Ok(()), Err)?;
                rows::take_up(&transaction, job_no, new.now).map_err(fail)?;
                let job = job_row(&transaction, job_no).map_err(fail)?;
                (job_no, job)
            }
            None => {
                let id = match &new.id {
                    Some(id) => id.clone(),
                    None => JobId::from_bytes(open::random_bytes(&self.file)?),
                };
                let job_no = rows::insert_job(&transaction, new, &id).map_err(fail)?;
                let job = job_row(&transaction, job_no).map_err(fail)?;
                job_log::insert(&transaction, job_no, &first_events(&job)).map_err(fail)?;
                (job_no, job)
            }
        };
        if let Some(destination) = &self.destination {
            outbox::attach(&transaction, job_no, destination).map_err(fail)?;
        }
        own(&transaction, job_no, new.now).map_err(fail)?;
        self.points.pass("begin: in transaction");
        transaction.commit().map_err(fail)?;
        Ok((job_no, job))
    }

    /// Tells who holds the lock of a command.
    fn locked(&self, connection: &Connection, new: &NewJob) -> StoreError {
        match open_job(connection, &new.command_key) {
            Ok(open) => {
                let open = open.map(|(job_no, job)| (job_no, job.id.to_string()));
                self.locked_by(connection, open, "of the same command", new.now)
            }
            Err(cause) => StoreError::sql("find owner of job", &self.file, cause),
        }
    }

    /// Tells which process works on a job, by the number and id of the job.
    pub(super) fn locked_by(
        &self,
        connection: &Connection,
        open: Option<(i64, String)>,
        otherwise: &str,
        now: DateTime<Utc>,
    ) -> StoreError {
        let holder = open.map_or(Ok(None), |(job_no, job)| {
            Ok(owner(connection, job_no)?.map(|owner| (job, owner)))
        });
        match holder {
            Ok(Some((job, owner))) => owner.error(&job, now),
            // it has the lock, and is about to write who it is
            Ok(None) => StoreError::Locked {
                job: otherwise.to_owned(),
                pid: 0,
                host: lock::host(),
                seconds_ago: 0,
            },
            Err(cause) => StoreError::sql("find owner of job", &self.file, cause),
        }
    }
}

/// Writes down that this process works on a job.
pub(super) fn own(
    connection: &Connection,
    job_no: i64,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    connection
        .execute(
            "UPDATE jobs SET owner_pid = ?2, owner_host = ?3, owner_boot = ?4, heartbeat_at = ?5
             WHERE job_no = ?1",
            params![
                job_no,
                std::process::id(),
                lock::host(),
                lock::boot(),
                time_text(now)
            ],
        )
        .map(|_| ())
}

/// The error that a process on another machine still works on a job, if one does.
pub(super) fn still_owned(
    connection: &Connection,
    job_no: i64,
    id: &str,
    now: DateTime<Utc>,
) -> rusqlite::Result<Option<StoreError>> {
    let owner = owner(connection, job_no)?;
    Ok(owner
        .filter(|owner| owner.counts(now))
        .map(|owner| owner.error(id, now)))
}

/// The process that works on a job, as it wrote itself down.
struct Owner {
    pid: u32,
    host: String,
    boot: String,
    heartbeat: DateTime<Utc>,
}

impl Owner {
    fn age_seconds(&self, now: DateTime<Utc>) -> i64 {
        (now - self.heartbeat).num_seconds().max(0)
    }

    /// On this machine the file lock has decided already: the owner is gone.
    fn counts(&self, now: DateTime<Utc>) -> bool {
        self.boot != lock::boot() && self.age_seconds(now) < HEARTBEAT_STALE_SECONDS
    }

    fn error(&self, job: &str, now: DateTime<Utc>) -> StoreError {
        StoreError::Locked {
            job: job.to_owned(),
            pid: self.pid,
            host: self.host.clone(),
            seconds_ago: self.age_seconds(now).unsigned_abs(),
        }
    }
}

fn owner(connection: &Connection, job_no: i64) -> rusqlite::Result<Option<Owner>> {
    connection
        .query_row(
            "SELECT owner_pid, owner_host, owner_boot, heartbeat_at FROM jobs
             WHERE job_no = ?1 AND owner_pid IS NOT NULL",
            [job_no],
            |row| {
                Ok(Owner {
                    pid: row.get(0)?,
                    host: row.get(1)?,
                    boot: row.get(2)?,
                    heartbeat: time(row, 3)?,
                })
            },
        )
        .optional()
}
