//! The statements that write rows. All run inside a transaction of [`super::write`].

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Result, params};

use crate::model::{CatalogueIndex, Detection, JobId, ObjectRecord, Severity};

use super::allow;
use super::begin::NewJob;
use super::columns::{NO_LEVEL, time_text};
use super::coverage::signed;
use super::pack::Chunk;
use super::write::{Commit, ObjectWrite};

/// Tables whose rows belong to one object.
const OF_OBJECT: [&str; 7] = [
    "object_counts",
    "members",
    "chunks",
    "findings",
    "results",
    "allowed",
    "allowed_entries",
];

pub(super) fn insert_job(connection: &Connection, new: &NewJob, id: &JobId) -> Result<i64> {
    let now = time_text(new.now);
    connection.execute(
        "INSERT INTO jobs (job_id, name, job_type, status, command_key, spec, catalogue,
                           created_at, run_date, updated_at, attempt, log_synced)
         VALUES (?1, ?2, ?3, 'RUNNING', ?4, ?5, ?6, ?7, ?7, ?7, 1, 0)",
        params![
            id.as_str(),
            new.name,
            new.job_type,
            new.command_key,
            new.spec,
            new.catalogue.fingerprint,
            now
        ],
    )?;
    let job_no = connection.last_insert_rowid();
    for (target, uri) in new.targets.iter().enumerate() {
        connection.execute(
            "INSERT INTO targets (job_no, target, uri, objects, bytes) VALUES (?1, ?2, ?3, 0, 0)",
            params![job_no, signed(target as u64), uri],
        )?;
    }
    Ok(job_no)
}

/// Makes an open job ready to go on.
pub(super) fn take_up(connection: &Connection, job_no: i64, now: DateTime<Utc>) -> Result<()> {
    drop_staged(connection, job_no, None)?;
    // targets without a bucket of their own cannot be listed: why stays
    connection.execute(
        "UPDATE targets SET objects = 0, bytes = 0,
                            cause = CASE WHEN account IS NOT NULL AND bucket_no IS NULL
                                         THEN cause END
         WHERE job_no = ?1",
        [job_no],
    )?;
    connection.execute("DELETE FROM left_out WHERE job_no = ?1", [job_no])?;
    connection.execute(
        "UPDATE jobs SET attempt = attempt + 1, status = 'RUNNING', updated_at = ?2
         WHERE job_no = ?1",
        params![job_no, time_text(now)],
    )?;
    Ok(())
}

/// Drops the chunks of one unfinished object, or of all.
pub(super) fn drop_staged(
    connection: &Connection,
    job_no: i64,
    object_no: Option<i64>,
) -> Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM chunks WHERE job_no = ?1 AND object_no IN (
               SELECT object_no FROM staged
               WHERE job_no = ?1 AND (?2 IS NULL OR object_no = ?2))",
        )?
        .execute(params![job_no, object_no])?;
    connection
        .prepare_cached("DELETE FROM staged WHERE job_no = ?1 AND (?2 IS NULL OR object_no = ?2)")?
        .execute(params![job_no, object_no])?;
    Ok(())
}

pub(super) fn stage(connection: &Connection, job_no: i64, object_no: i64) -> Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO staged (job_no, object_no) VALUES (?1, ?2)")?
        .execute((job_no, object_no))
        .map(|_| ())
}

pub(super) fn unstage(connection: &Connection, job_no: i64, object_no: i64) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM staged WHERE job_no = ?1 AND object_no = ?2")?
        .execute((job_no, object_no))
        .map(|_| ())
}

/// Stores chunks from `seq` on; answers the next free one.
pub(super) fn insert_chunks(
    connection: &Connection,
    job_no: i64,
    object_no: i64,
    mut seq: i64,
    chunks: &[Chunk],
) -> Result<i64> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO chunks (job_no, object_no, seq, rows, body) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for chunk in chunks {
        statement.execute(params![job_no, object_no, seq, chunk.rows, chunk.body])?;
        seq += 1;
    }
    Ok(seq)
}

/// Writes the outcome of an object, in place of an earlier one.
pub(super) fn insert_object(
    connection: &Connection,
    job_no: i64,
    attempt: u64,
    object_no: i64,
    write: &ObjectWrite,
    catalogue: &CatalogueIndex,
) -> Result<()> {
    let record = &write.record;
    let outcome = &record.outcome;
    let meta = &record.meta;
    let values = params![
        job_no,
        record.target,
        meta.key,
        object_no,
        meta.uri,
        meta.size.map(signed),
        meta.etag,
        meta.version_id,
        meta.last_modified.map(time_text),
        meta.storage_class,
        outcome.mime_type,
        outcome.status.as_str(),
        outcome.reason.map(|r| r.as_str()),
        outcome.detail,
        signed(outcome.bytes_read),
        signed(outcome.bytes_scanned),
        signed(outcome.members),
        signed(record.occurrences()),
        object_score(record, catalogue),
        time_text(write.recorded_at),
        signed(attempt),
    ];
    let mut insert = connection.prepare_cached(
        "INSERT INTO objects
           (job_no, target, key, object_no, uri, size, etag, version_id, last_modified,
            storage_class, mime_type, status, reason, detail, bytes_read, bytes_scanned,
            members, occurrences, severity, recorded_at, attempt)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                 ?18, ?19, ?20, ?21)
         ON CONFLICT (job_no, target, key) DO NOTHING",
    )?;
    // nearly all are new: looked up before, each would cost a search more
    if insert.execute(values)? == 0 {
        forget_object(connection, job_no, record.target, &meta.key)?;
        insert.execute(values)?;
    }
    insert_counts(connection, job_no, object_no, &record.detections, catalogue)?;
    insert_members(connection, job_no, object_no, write)?;
    allow::insert(connection, job_no, object_no, &record.allowed, catalogue)?;
    if let Some((id, document)) = &write.finding {
        connection
            .prepare_cached(
                "INSERT INTO findings (job_no, object_no, finding_id, document)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![job_no, object_no, id, document])?;
    }
    if let Some(result) = &write.result {
        connection
            .prepare_cached(
                "INSERT INTO results (job_no, object_no, name, body) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![job_no, object_no, result.name, result.body])?;
    }
    Ok(())
}

/// Drops an outcome, and all that belongs to it.
fn forget_object(connection: &Connection, job_no: i64, target: u32, key: &str) -> Result<()> {
    let earlier: Option<i64> = connection
        .prepare_cached(
            "DELETE FROM objects WHERE job_no = ?1 AND target = ?2 AND key = ?3
             RETURNING object_no",
        )?
        .query_row(params![job_no, target, key], |row| row.get(0))
        .optional()?;
    if let Some(earlier) = earlier {
        for table in OF_OBJECT {
            let sql = format!("DELETE FROM {table} WHERE job_no = ?1 AND object_no = ?2");
            connection
                .prepare_cached(&sql)?
                .execute((job_no, earlier))?;
        }
    }
    Ok(())
}

/// The score of an object: `None` without occurrences.
fn object_score(record: &ObjectRecord, catalogue: &CatalogueIndex) -> Option<u8> {
    match record.severity(catalogue) {
        Some(severity) => Some(severity.score()),
        None => (record.occurrences() > 0).then_some(NO_LEVEL),
    }
}

fn insert_counts(
    connection: &Connection,
    job_no: i64,
    object_no: i64,
    detections: &[Detection],
    catalogue: &CatalogueIndex,
) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO object_counts (job_no, object_no, detector, category, count, severity)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for detection in detections {
        let known = catalogue
            .detectors
            .get(usize::from(detection.detector))
            .filter(|_| detection.count > 0);
        let Some(info) = known else {
            // neither the detectors nor the record builder can make one
            return Err(rusqlite::Error::ToSqlConversionFailure(
                format!(
                    "detector {} with {} occurrences is not in the catalogue",
                    detection.detector, detection.count
                )
                .into(),
            ));
        };
        statement.execute(params![
            job_no,
            object_no,
            info.id,
            info.category.as_str(),
            signed(detection.count),
            info.severity
                .of(detection.count)
                .map_or(NO_LEVEL, Severity::score)
        ])?;
    }
    Ok(())
}

fn insert_members(
    connection: &Connection,
    job_no: i64,
    object_no: i64,
    write: &ObjectWrite,
) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO members (job_no, object_no, member_no, container, mime_type, status, reason,
                              detail, bytes_scanned, last_modified, occurrences)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    for (member_no, member) in write.record.members.iter().enumerate() {
        let outcome = &member.outcome;
        let container = serde_json::to_string(&*outcome.container)
            .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
        let occurrences: u64 = member.detections.iter().map(|d| d.count).sum();
        statement.execute(params![
            job_no,
            object_no,
            signed(member_no as u64),
            container,
            outcome.mime_type,
            outcome.status.as_str(),
            outcome.reason.map(|r| r.as_str()),
            outcome.detail,
            signed(outcome.bytes_scanned),
            outcome.last_modified.map(time_text),
            signed(occurrences)
        ])?;
    }
    Ok(())
}

/// Writes what a commit says of objects and targets beside outcomes.
pub(super) fn insert_marks(
    connection: &Connection,
    job_no: i64,
    attempt: u64,
    commit: &Commit,
) -> Result<()> {
    for (target, key) in &commit.seen {
        connection
            .prepare_cached(
                "UPDATE objects SET attempt = ?4 WHERE job_no = ?1 AND target = ?2 AND key = ?3",
            )?
            .execute(params![job_no, target, key, signed(attempt)])?;
    }
    for (target, tally, cause) in &commit.listed {
        connection
            .prepare_cached(
                "UPDATE targets SET objects = ?3, bytes = ?4, cause = ?5
                 WHERE job_no = ?1 AND target = ?2",
            )?
            .execute(params![
                job_no,
                target,
                signed(tally.objects),
                signed(tally.bytes),
                cause
            ])?;
    }
    for (target, cause, tally) in &commit.left_out {
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO left_out (job_no, target, cause, objects, bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                job_no,
                target,
                cause.as_str(),
                signed(tally.objects),
                signed(tally.bytes)
            ])?;
    }
    for object_no in &commit.results_written {
        connection
            .prepare_cached("DELETE FROM results WHERE job_no = ?1 AND object_no = ?2")?
            .execute((job_no, object_no))?;
    }
    Ok(())
}
