//! Columns back to values: jobs, objects, times and the words that stand for them.

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Connection, Row};

use crate::model::{JobId, JobInfo, JobStatus, ObjectRow, Reason, RunOf, Severity, Status};

use super::coverage::{bad_text, unsigned};

/// All columns of a job that [`job`] reads.
pub(super) const JOB: &str =
    "SELECT job_id, name, job_type, status, spec, catalogue, created_at, run_date,
                          updated_at, finished_at, attempt, run,
                          (SELECT j.job_id FROM jobs AS j WHERE j.job_no = jobs.of_job)
                   FROM jobs";

/// All columns of the objects of a job that [`object`] reads; more conditions may follow.
pub(super) const OBJECT: &str =
    "SELECT target, key, uri, size, etag, version_id, mime_type, status, reason,
                             detail, bytes_read, bytes_scanned, members, occurrences, severity,
                             object_no
                      FROM objects WHERE job_no = ?1";

pub(super) fn job(row: &Row<'_>) -> rusqlite::Result<JobInfo> {
    let id: String = row.get(0)?;
    let status: String = row.get(3)?;
    let run = match (
        row.get::<_, Option<i64>>(11)?,
        row.get::<_, Option<String>>(12)?,
    ) {
        (Some(number), Some(job)) => Some(RunOf {
            job: JobId::parse(&job).ok_or_else(|| bad_text(12, "job id", &job))?,
            number: unsigned(number),
        }),
        _ => None,
    };
    Ok(JobInfo {
        id: JobId::parse(&id).ok_or_else(|| bad_text(0, "job id", &id))?,
        name: row.get(1)?,
        job_type: row.get(2)?,
        status: JobStatus::parse(&status).ok_or_else(|| bad_text(3, "status", &status))?,
        spec: row.get(4)?,
        catalogue: row.get(5)?,
        created_at: time(row, 6)?,
        run_date: time(row, 7)?,
        updated_at: time(row, 8)?,
        finished_at: optional_time(row, 9)?,
        attempt: unsigned(row.get(10)?),
        run,
    })
}

pub(super) fn job_row(connection: &Connection, job_no: i64) -> rusqlite::Result<JobInfo> {
    connection
        .prepare_cached(&format!("{JOB} WHERE job_no = ?1"))?
        .query_row([job_no], job)
}

/// The job of a command that can be taken up: its latest, if that is still open.
pub(super) fn open_job(
    connection: &Connection,
    command_key: &str,
) -> rusqlite::Result<Option<(i64, JobInfo)>> {
    let latest: Option<i64> = connection.query_row(
        "SELECT MAX(job_no) FROM jobs WHERE command_key = ?1",
        [command_key],
        |row| row.get(0),
    )?;
    let Some(job_no) = latest else {
        return Ok(None);
    };
    let job = job_row(connection, job_no)?;
    Ok(job.status.is_open().then_some((job_no, job)))
}

pub(super) fn object(row: &Row<'_>) -> rusqlite::Result<ObjectRow> {
    Ok(ObjectRow {
        target: row.get(0)?,
        key: row.get(1)?,
        uri: row.get(2)?,
        size: row.get::<_, Option<i64>>(3)?.map(unsigned),
        etag: row.get(4)?,
        version_id: row.get(5)?,
        mime_type: row.get(6)?,
        status: status(row, 7)?,
        reason: reason(row, 8)?,
        detail: row.get(9)?,
        bytes_read: unsigned(row.get(10)?),
        bytes_scanned: unsigned(row.get(11)?),
        members: unsigned(row.get(12)?),
        occurrences: unsigned(row.get(13)?),
        severity: match row.get::<_, Option<i64>>(14)? {
            Some(score) => severity(14, score)?,
            None => None,
        },
    })
}

pub(super) fn status(row: &Row<'_>, column: usize) -> rusqlite::Result<Status> {
    let name: String = row.get(column)?;
    Status::parse(&name).ok_or_else(|| bad_text(column, "status", &name))
}

pub(super) fn reason(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Reason>> {
    match row.get::<_, Option<String>>(column)? {
        None => Ok(None),
        Some(name) => match Reason::parse(&name) {
            Some(reason) => Ok(Some(reason)),
            None => Err(bad_text(column, "reason", &name)),
        },
    }
}

/// Score of occurrences that are fewer than the lowest level of their identifier.
pub(super) const NO_LEVEL: u8 = 0;

/// A severity by its score; `None` for [`NO_LEVEL`].
pub(super) fn severity(column: usize, score: i64) -> rusqlite::Result<Option<Severity>> {
    if score == i64::from(NO_LEVEL) {
        return Ok(None);
    }
    Severity::ALL
        .into_iter()
        .find(|s| i64::from(s.score()) == score)
        .map(Some)
        .ok_or(rusqlite::Error::IntegralValueOutOfRange(column, score))
}

/// A time as the store writes it: UTC, microseconds.
pub(super) fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<DateTime<Utc>> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| bad_text(column, "time", &text))
}

pub(super) fn optional_time(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<DateTime<Utc>>> {
    match row.get::<_, Option<String>>(column)? {
        Some(_) => time(row, column).map(Some),
        None => Ok(None),
    }
}
