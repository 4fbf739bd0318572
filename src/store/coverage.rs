//! The coverage ledger, computed from the recorded rows alone.
//!
//! What listings named and how objects ended are recorded apart from each other, so that the sum
//! is a check and not a repetition.

use rusqlite::{Connection, params};

use crate::model::{Coverage, Status, Tally, coverage::UnlistedTarget};

/// Adds the ledger of a job up.
///
/// Objects that an earlier attempt saw and the last listings did not name any more (they were
/// deleted since) count as listed: they were in scope, and they were read.
pub(super) fn of_job(connection: &Connection, job_no: i64) -> rusqlite::Result<Coverage> {
    let mut coverage = Coverage::default();
    let mut statement = connection.prepare_cached(
        "SELECT uri, objects, bytes, cause FROM targets WHERE job_no = ?1 ORDER BY target",
    )?;
    let mut rows = statement.query([job_no])?;
    while let Some(row) = rows.next()? {
        coverage.listed = coverage.listed + tally(row, 1)?;
        if let Some(cause) = row.get(3)? {
            coverage.unlisted.push(UnlistedTarget {
                uri: row.get(0)?,
                cause,
            });
        }
    }
    let mut statement = connection.prepare_cached(
        "SELECT status, COUNT(*), COALESCE(SUM(size), 0),
                SUM(attempt < (SELECT attempt FROM jobs WHERE job_no = ?1)),
                COALESCE(SUM(size) FILTER (
                  WHERE attempt < (SELECT attempt FROM jobs WHERE job_no = ?1)), 0)
         FROM objects WHERE job_no = ?1 GROUP BY status",
    )?;
    let mut rows = statement.query(params![job_no])?;
    while let Some(row) = rows.next()? {
        let all = tally(row, 1)?;
        let name: String = row.get(0)?;
        match Status::parse(&name) {
            Some(Status::Complete) => coverage.complete = all,
            Some(Status::Partial) => coverage.partial = all,
            Some(Status::Skipped) => coverage.skipped = all,
            None => return Err(bad_text(0, "status", &name)),
        }
        coverage.listed = coverage.listed + tally(row, 3)?;
    }
    Ok(coverage)
}

/// Objects in one column and bytes in the next.
fn tally(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Tally> {
    Ok(Tally {
        objects: unsigned(row.get(at)?),
        bytes: unsigned(row.get(at + 1)?),
    })
}

/// Reads back what [`signed`] wrote.
pub(super) fn unsigned(number: i64) -> u64 {
    number as u64
}

/// SQLite's integers are signed; sizes and counts stay far below the sign.
pub(super) fn signed(number: u64) -> i64 {
    number as i64
}

/// A text column holds a word that is not one of ours.
pub(super) fn bad_text(column: usize, what: &str, found: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(
        column,
        rusqlite::types::Type::Text,
        format!("unknown {what} {found:?}").into(),
    )
}
