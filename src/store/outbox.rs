//! Job logs on their way to a service: the outbox.
//!
//! The events in the store are what is to be sent; a row of `log_streams` is the place up to which
//! a job's have arrived. Before a batch goes out its end is noted, durably: a process that dies, or
//! hears no answer, leaves that note, and the next one looks into the stream before it sends again.
//! What is sent, and how, is left to the caller.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::model::{JobId, LogDelivery, LogDestination};

use super::coverage::{bad_text, signed, unsigned};
use super::error::{Result, StoreError};
use super::lock::CommandLock;
use super::open::{self, Store};
use super::points::WritePoints;

/// All columns that [`delivery`] reads.
const STREAM: &str =
    "SELECT j.job_id, s.log_group, s.region, s.profile, s.endpoint, s.sent, s.doubtful,
            (SELECT COALESCE(MAX(seq) + 1, 0) FROM events AS e WHERE e.job_no = s.job_no),
            s.refused, s.cause
     FROM log_streams AS s JOIN jobs AS j ON j.job_no = s.job_no";

/// The number of the job whose id is the first parameter.
const JOB_NO: &str = "(SELECT job_no FROM jobs WHERE job_id = ?1)";

/// Reads and marks what is to be sent, on a connection of its own beside any writer.
#[derive(Debug)]
pub struct Outbox {
    connection: Connection,
    folder: PathBuf,
    file: PathBuf,
    points: WritePoints,
}

/// The right to send the log of one job; freed when dropped.
#[derive(Debug)]
pub struct Sending(#[expect(dead_code, reason = "held, not read")] CommandLock);

impl Store {
    /// Jobs that are begun or taken up from now on have their log sent there.
    pub fn deliver_to(&mut self, destination: Option<LogDestination>) {
        self.destination = destination;
    }

    pub fn outbox(&self) -> Result<Outbox> {
        let connection = open::connect(&self.file)?;
        // What is noted before a batch goes out must outlive a loss of power.
        connection
            .execute_batch("PRAGMA synchronous = FULL;")
            .map_err(|cause| StoreError::sql("open database", &self.file, cause))?;
        Ok(Outbox {
            connection,
            folder: self.folder.clone(),
            file: self.file.clone(),
            points: self.points.clone(),
        })
    }
}

impl Outbox {
    /// The jobs whose logs have not wholly arrived, the latest first.
    pub fn waiting(&self) -> Result<Vec<LogDelivery>> {
        let all = self.ask("find job logs to send", |c| {
            c.prepare_cached(&format!("{STREAM} ORDER BY s.job_no DESC"))?
                .query_map([], delivery)?
                .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        Ok(all
            .into_iter()
            .filter(|d| d.waiting() > 0 || d.doubtful.is_some())
            .collect())
    }

    /// How far the log of a job is; `None` if it is sent nowhere.
    pub fn delivery(&self, job: &JobId) -> Result<Option<LogDelivery>> {
        self.ask("read how far a job log is", |c| {
            c.prepare_cached(&format!("{STREAM} WHERE j.job_id = ?1"))?
                .query_row([job.as_str()], delivery)
                .optional()
        })
    }

    /// Takes the right to send the log of a job; `None` while another process has it.
    pub fn take(&self, job: &JobId) -> Result<Option<Sending>> {
        let lock = CommandLock::try_take(&self.folder, &format!("send job log {job}"))?;
        Ok(lock.map(Sending))
    }

    /// Up to `limit` lines of a job's log from number `from` on.
    pub fn lines(&self, job: &JobId, from: u64, limit: u64) -> Result<Vec<String>> {
        self.ask("read events to send", |c| {
            c.prepare_cached(&format!(
                "SELECT line FROM events WHERE job_no = {JOB_NO} AND seq >= ?2 ORDER BY seq LIMIT ?3"
            ))?
            .query_map(params![job.as_str(), signed(from), signed(limit)], |row| {
                row.get(0)
            })?
            .collect()
        })
    }

    /// Notes that the events below `end` are about to go out.
    pub fn going_out(&mut self, job: &JobId, end: u64) -> Result<()> {
        self.points.pass("outbox: before batch");
        self.mark(job, "doubtful = ?2", &signed(end))?;
        self.points.pass("outbox: batch goes out");
        Ok(())
    }

    /// Notes that the events below `end` arrived, but for `refused` of them.
    pub fn arrived(&mut self, job: &JobId, end: u64, refused: u64) -> Result<()> {
        self.points.pass("outbox: batch arrived");
        let refused = signed(refused);
        self.mark(
            job,
            &format!("sent = ?2, doubtful = NULL, cause = NULL, refused = refused + {refused}"),
            &signed(end),
        )?;
        self.points.pass("outbox: batch noted");
        Ok(())
    }

    /// Notes that what was going out did not arrive.
    pub fn not_arrived(&mut self, job: &JobId) -> Result<()> {
        self.mark(job, "doubtful = ?2", &None::<i64>)
    }

    /// Notes why nothing more could be sent.
    pub fn failed(&mut self, job: &JobId, cause: &str) -> Result<()> {
        self.mark(job, "cause = ?2", &cause)
    }

    fn mark(&self, job: &JobId, set: &str, value: &dyn rusqlite::ToSql) -> Result<()> {
        self.ask("mark job log", |c| {
            c.prepare_cached(&format!(
                "UPDATE log_streams SET {set} WHERE job_no = {JOB_NO}"
            ))?
            .execute(params![job.as_str(), value])
        })?;
        Ok(())
    }

    fn ask<T>(
        &self,
        verb: &'static str,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        question(&self.connection).map_err(|cause| StoreError::sql(verb, &self.file, cause))
    }
}

/// Has the log of a job sent to `destination`, from its first event where it goes there for the
/// first time.
pub(super) fn attach(
    connection: &Connection,
    job_no: i64,
    destination: &LogDestination,
) -> rusqlite::Result<()> {
    connection
        .execute(
            "INSERT INTO log_streams (job_no, log_group, region, profile, endpoint, sent, refused)
             VALUES (?1, ?2, ?3, ?4, ?5, 0, 0)
             ON CONFLICT (job_no) DO UPDATE SET
               sent = IIF(log_group = ?2 AND region = ?3 AND endpoint IS ?5, sent, 0),
               doubtful = IIF(log_group = ?2 AND region = ?3 AND endpoint IS ?5, doubtful, NULL),
               log_group = ?2, region = ?3, profile = ?4, endpoint = ?5",
            params![
                job_no,
                destination.group,
                destination.region,
                destination.profile,
                destination.endpoint
            ],
        )
        .map(|_| ())
}

fn delivery(row: &Row<'_>) -> rusqlite::Result<LogDelivery> {
    let id: String = row.get(0)?;
    Ok(LogDelivery {
        job: JobId::parse(&id).ok_or_else(|| bad_text(0, "job id", &id))?,
        destination: LogDestination {
            group: row.get(1)?,
            region: row.get(2)?,
            profile: row.get(3)?,
            endpoint: row.get(4)?,
        },
        sent: unsigned(row.get(5)?),
        doubtful: row.get::<_, Option<i64>>(6)?.map(unsigned),
        events: unsigned(row.get(7)?),
        refused: unsigned(row.get(8)?),
        cause: row.get(9)?,
    })
}
