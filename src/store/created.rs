//! Jobs that are created once: made, listed, and changed in their status.
//!
//! A change of status and its events are one transaction, whoever works on the job meanwhile; the
//! process that does sees the new status when it next looks, and stops. Which changes are allowed is
//! left to the caller. Runs are in [`super::runs`].

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use crate::model::{AccountId, CreatedJob, EventLine, JobId, JobStatus};

use super::columns::{optional_time, time, time_text};
use super::coverage::{bad_text, signed, unsigned};
use super::error::{Result, StoreError};
use super::job_log::{self, JobLog};
use super::lock::CommandLock;
use super::open::{self, Store};
use super::read::Reader;

/// All columns of a created job that [`created`] reads; conditions may follow.
const CREATED: &str =
    "SELECT j.job_id, j.name, j.job_type, j.status, c.account, c.region, j.created_at,
        j.run_date, j.finished_at, c.runs, c.next_due_at, c.paused_at, c.paused_from, c.waits_for,
        r.status, r.trouble, c.waits_bytes
 FROM created_jobs AS c
 JOIN jobs AS j ON j.job_no = c.job_no
 LEFT JOIN jobs AS r ON r.job_no = (SELECT MAX(job_no) FROM jobs WHERE of_job = c.job_no)";

/// A job to create.
#[derive(Clone, Debug)]
pub struct NewCreatedJob {
    pub name: String,
    /// `ONE_TIME` or `SCHEDULED`.
    pub job_type: &'static str,
    pub status: JobStatus,
    pub account: AccountId,
    pub region: String,
    /// The same token makes the same job.
    pub client_token: String,
    /// The request, as JSON.
    pub request: String,
    /// Accounts that are configured now.
    pub accounts: Vec<AccountId>,
    pub next_due_at: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
}

/// The definition of a created job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobDefinition {
    pub client_token: String,
    /// The request, as JSON.
    pub request: String,
    /// Accounts that were configured when it was created.
    pub accounts: Vec<AccountId>,
}

/// What becomes of a created job.
#[derive(Clone, Debug)]
pub struct JobChange {
    pub status: JobStatus,
    pub next_due_at: Option<DateTime<Utc>>,
    pub paused_at: Option<DateTime<Utc>>,
    pub paused_from: Option<JobStatus>,
    pub waits_for: Option<AccountId>,
    pub waits_bytes: Option<u64>,
    /// Gives up the run that is open, if one is.
    pub end_run: bool,
    pub events: Vec<EventLine>,
}

impl JobChange {
    /// Nothing changes yet.
    pub fn of(job: &CreatedJob) -> Self {
        JobChange {
            status: job.status,
            next_due_at: job.next_due_at,
            paused_at: job.paused_at,
            paused_from: job.paused_from,
            waits_for: job.waits_for.clone(),
            waits_bytes: job.waits_bytes,
            end_run: false,
            events: Vec::new(),
        }
    }
}

impl Store {
    /// Creates a job, or answers the one that the same request with the same token has made:
    /// `true` if it is new.
    ///
    /// # Errors
    /// [`StoreError::TokenTaken`]: another request had the token.
    pub fn create_job(
        &self,
        new: &NewCreatedJob,
        first_events: impl FnOnce(&CreatedJob) -> Vec<EventLine>,
    ) -> Result<(CreatedJob, bool)> {
        let mut connection = open::connect(&self.file)?;
        let fail = |cause| StoreError::sql("create job", &self.file, cause);
        let id = JobId::from_bytes(open::random_bytes(&self.file)?);
        self.points.pass("create job: before transaction");
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(fail)?;
        let earlier: Option<(String, String)> = transaction
            .query_row(
                "SELECT j.job_id, d.request FROM job_definitions AS d
                 JOIN jobs AS j ON j.job_no = d.job_no WHERE d.client_token = ?1",
                [&new.client_token],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(fail)?;
        if let Some((job, request)) = earlier {
            if request != new.request {
                return Err(StoreError::TokenTaken {
                    token: new.client_token.clone(),
                    job,
                });
            }
            let job = find(&transaction, &job).map_err(fail)?;
            return Ok((job.1, false));
        }
        let (job_no, job) = insert(&transaction, new, &id).map_err(fail)?;
        job_log::insert(&transaction, job_no, &first_events(&job)).map_err(fail)?;
        self.points.pass("create job: in transaction");
        transaction.commit().map_err(fail)?;
        self.points.pass("create job: after transaction");
        self.write_job_log(&connection, job_no, &id)?;
        Ok((job, true))
    }

    /// Changes a created job. `decide` sees it as it is; where it gives `None`, nothing changes.
    ///
    /// # Errors
    /// [`StoreError::NoSuchJob`]; [`StoreError::NotNow`] with what `decide` has against it.
    pub fn change_job(
        &self,
        id: &JobId,
        now: DateTime<Utc>,
        decide: impl FnOnce(&CreatedJob) -> Result<Option<JobChange>, String>,
    ) -> Result<CreatedJob> {
        let mut connection = open::connect(&self.file)?;
        let fail = |cause| StoreError::sql("change job", &self.file, cause);
        self.points.pass("change job: before transaction");
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(fail)?;
        let (job_no, job) = find(&transaction, id.as_str())
            .optional()
            .map_err(fail)?
            .ok_or_else(|| self.no_such_job(id))?;
        let change = decide(&job).map_err(|cause| StoreError::NotNow {
            job: id.to_string(),
            cause,
        })?;
        let Some(change) = change else {
            return Ok(job);
        };
        apply(&transaction, job_no, &change, now).map_err(fail)?;
        let job = find(&transaction, id.as_str()).map_err(fail)?.1;
        self.points.pass("change job: in transaction");
        transaction.commit().map_err(fail)?;
        self.points.pass("change job: after transaction");
        self.write_job_log(&connection, job_no, id)?;
        Ok(job)
    }

    /// Brings the log files of jobs up to date, where a process was killed before it could.
    ///
    /// # Errors
    /// A file or the store cannot be written.
    pub fn mend_job_logs(&self) -> Result<()> {
        let connection = open::connect(&self.file)?;
        job_log::mend_all(&self.folder, &self.file, &connection, |command_key| {
            CommandLock::try_take(&self.folder, command_key)
        })
    }

    /// Brings the log file of a job up to date, unless a process works on it: that one does it.
    fn write_job_log(&self, connection: &Connection, job_no: i64, id: &JobId) -> Result<()> {
        let Some(_held) = CommandLock::try_take(&self.folder, &run_key(id))? else {
            return Ok(());
        };
        JobLog::open(&self.folder, id, connection, job_no)?;
        job_log::mark_synced(connection, job_no)
            .map_err(|cause| StoreError::sql("mark job log", &self.file, cause))
    }

    pub(super) fn no_such_job(&self, id: &JobId) -> StoreError {
        StoreError::NoSuchJob {
            job: id.to_string(),
            path: PathBuf::from(&self.file),
        }
    }
}

impl Reader {
    /// All created jobs, the latest first. Definitions are not read.
    pub fn created_jobs(&self) -> Result<Vec<CreatedJob>> {
        self.ask("list jobs", |c| {
            c.prepare_cached(&format!("{CREATED} ORDER BY c.job_no DESC"))?
                .query_map([], created)?
                .collect()
        })
    }

    /// A created job; `None` if there is none of this id.
    pub fn created_job(&self, id: &JobId) -> Result<Option<CreatedJob>> {
        self.ask("read job", |c| {
            find(c, id.as_str()).optional().map(|f| f.map(|(_, j)| j))
        })
    }

    /// The definition of a created job.
    pub fn definition(&self, id: &JobId) -> Result<JobDefinition> {
        let job_no = self.job_no(id)?;
        self.ask("read definition of job", |c| {
            c.prepare_cached(
                "SELECT client_token, request, accounts FROM job_definitions WHERE job_no = ?1",
            )?
            .query_row([job_no], |row| {
                let accounts: String = row.get(2)?;
                let names: Vec<String> = serde_json::from_str(&accounts)
                    .map_err(|_| bad_text(2, "list of accounts", &accounts))?;
                Ok(JobDefinition {
                    client_token: row.get(0)?,
                    request: row.get(1)?,
                    accounts: names.iter().filter_map(|n| AccountId::parse(n)).collect(),
                })
            })
        })
    }

    /// Bytes that runs of jobs have read of an account's objects in the month of `now`.
    pub fn usage(&self, account: &AccountId, now: DateTime<Utc>) -> Result<u64> {
        self.ask("read usage", |c| {
            c.prepare_cached("SELECT bytes FROM usage WHERE account = ?1 AND month = ?2")?
                .query_row(params![account.as_str(), month(now)], |row| {
                    row.get(0).map(unsigned)
                })
                .optional()
                .map(Option::unwrap_or_default)
        })
    }
}

/// The month of a moment, as `usage` has it.
pub(super) fn month(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m").to_string()
}

/// What the lock of a created job's runs is for.
pub(super) fn run_key(id: &JobId) -> String {
    format!("job:{id}")
}

/// A created job and its number.
pub(super) fn find(connection: &Connection, id: &str) -> rusqlite::Result<(i64, CreatedJob)> {
    connection
        .prepare_cached(&format!("{CREATED} WHERE j.job_id = ?1"))?
        .query_row([id], created)
        .and_then(|job| {
            let job_no = connection
                .prepare_cached("SELECT job_no FROM jobs WHERE job_id = ?1")?
                .query_row([id], |row| row.get(0))?;
            Ok((job_no, job))
        })
}

/// Writes what becomes of a created job.
pub(super) fn apply(
    connection: &Connection,
    job_no: i64,
    change: &JobChange,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let finished = (!change.status.is_open()).then(|| time_text(now));
    connection
        .prepare_cached(
            "UPDATE jobs SET status = ?2, updated_at = ?3, finished_at = ?4 WHERE job_no = ?1",
        )?
        .execute(params![
            job_no,
            change.status.as_str(),
            time_text(now),
            finished
        ])?;
    connection
        .prepare_cached(
            "UPDATE created_jobs SET next_due_at = ?2, paused_at = ?3, paused_from = ?4,
                                     waits_for = ?5, waits_bytes = ?6
             WHERE job_no = ?1",
        )?
        .execute(params![
            job_no,
            change.next_due_at.map(time_text),
            change.paused_at.map(time_text),
            change.paused_from.map(JobStatus::as_str),
            change.waits_for.as_ref().map(AccountId::as_str),
            change.waits_bytes.map(signed),
        ])?;
    if change.end_run {
        connection.execute(
            "UPDATE jobs SET status = 'CANCELLED', updated_at = ?2, finished_at = ?2
             WHERE of_job = ?1 AND status = 'RUNNING'",
            params![job_no, time_text(now)],
        )?;
    }
    job_log::insert(connection, job_no, &change.events).map(|_| ())
}

fn insert(
    connection: &Connection,
    new: &NewCreatedJob,
    id: &JobId,
) -> rusqlite::Result<(i64, CreatedJob)> {
    let now = time_text(new.now);
    connection.execute(
        "INSERT INTO jobs (job_id, name, job_type, status, command_key, spec, catalogue,
                           created_at, run_date, updated_at, attempt, log_synced)
         VALUES (?1, ?2, ?3, ?4, ?5, '', '', ?6, ?6, ?6, 1, 0)",
        params![
            id.as_str(),
            new.name,
            new.job_type,
            new.status.as_str(),
            run_key(id),
            now
        ],
    )?;
    let job_no = connection.last_insert_rowid();
    connection.execute(
        "INSERT INTO created_jobs (job_no, account, region, runs, next_due_at)
         VALUES (?1, ?2, ?3, 0, ?4)",
        params![
            job_no,
            new.account.as_str(),
            new.region,
            new.next_due_at.map(time_text)
        ],
    )?;
    let accounts: Vec<&str> = new.accounts.iter().map(AccountId::as_str).collect();
    connection.execute(
        "INSERT INTO job_definitions (job_no, client_token, request, accounts)
         VALUES (?1, ?2, ?3, ?4)",
        params![
            job_no,
            new.client_token,
            new.request,
            serde_json::json!(accounts).to_string()
        ],
    )?;
    find(connection, id.as_str())
}

fn created(row: &Row<'_>) -> rusqlite::Result<CreatedJob> {
    let id: String = row.get(0)?;
    let account = |column: usize, text: String| {
        AccountId::parse(&text).ok_or_else(|| bad_text(column, "account", &text))
    };
    let status = |column: usize, text: String| {
        JobStatus::parse(&text).ok_or_else(|| bad_text(column, "status", &text))
    };
    let run_status: Option<String> = row.get(14)?;
    Ok(CreatedJob {
        id: JobId::parse(&id).ok_or_else(|| bad_text(0, "job id", &id))?,
        name: row.get(1)?,
        job_type: row.get(2)?,
        status: status(3, row.get(3)?)?,
        account: account(4, row.get(4)?)?,
        region: row.get(5)?,
        created_at: time(row, 6)?,
        last_run_at: time(row, 7)?,
        finished_at: optional_time(row, 8)?,
        runs: unsigned(row.get(9)?),
        next_due_at: optional_time(row, 10)?,
        paused_at: optional_time(row, 11)?,
        paused_from: row
            .get::<_, Option<String>>(12)?
            .map(|text| status(12, text))
            .transpose()?,
        waits_for: row
            .get::<_, Option<String>>(13)?
            .map(|text| account(13, text))
            .transpose()?,
        has_open_run: run_status.as_deref() == Some("RUNNING"),
        trouble: row.get::<_, Option<bool>>(15)?.unwrap_or(false),
        waits_bytes: row.get::<_, Option<i64>>(16)?.map(unsigned),
    })
}
