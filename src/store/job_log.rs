//! The job log file, written from the events in the store.
//!
//! The store is the truth. Whatever a killed process left in the file (a line cut in the middle,
//! lines missing) is mended by comparing both from the start; lines are never doubled.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::model::JobId;

use super::coverage::{signed, unsigned};
use super::error::{Result, StoreError};
use super::points::WritePoints;

/// Where the job log of a job lies below the state folder: Macie's log group as folders.
pub(super) fn path(folder: &Path, job: &JobId) -> PathBuf {
    folder
        .join("logs/aws/macie/classificationjobs")
        .join(format!("{job}.jsonl"))
}

/// The open job log of the job that is being written.
#[derive(Debug)]
pub(super) struct JobLog {
    path: PathBuf,
    file: File,
    /// `seq` of the next event that the file lacks.
    next: u64,
    /// Bytes of the events that it has.
    length: u64,
}

impl JobLog {
    /// Opens the file and brings it to equal the store.
    pub(super) fn open(
        folder: &Path,
        job: &JobId,
        connection: &Connection,
        job_no: i64,
    ) -> Result<Self> {
        let path = path(folder, job);
        if let Some(parent) = path.parent() {
            super::open::make_folder(parent)?;
        }
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        super::open::owner_only(&mut options);
        let mut file = options
            .open(&path)
            .map_err(|cause| StoreError::io("open job log", &path, cause))?;
        let (next, length) = matching(&path, &mut file, connection, job_no)?;
        let mut log = JobLog {
            path,
            file,
            next,
            length,
        };
        log.cut()
            .map_err(|cause| StoreError::io("mend job log", &log.path, cause))?;
        log.append(connection, job_no, &WritePoints::default())?;
        Ok(log)
    }

    /// Ends the file after the events that it has.
    fn cut(&mut self) -> std::io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length)).map(|_| ())
    }

    /// Appends the events that the file lacks.
    pub(super) fn append(
        &mut self,
        connection: &Connection,
        job_no: i64,
        points: &WritePoints,
    ) -> Result<()> {
        let sql = |cause| StoreError::sql("read events for", &self.path, cause);
        let mut statement = connection
            .prepare_cached("SELECT line FROM events WHERE job_no = ?1 AND seq >= ?2 ORDER BY seq")
            .map_err(sql)?;
        let mut rows = statement.query((job_no, signed(self.next))).map_err(sql)?;
        let mut text = Vec::new();
        let mut lines = 0;
        while let Some(row) = rows.next().map_err(sql)? {
            let line: String = row.get(0).map_err(sql)?;
            text.extend_from_slice(line.as_bytes());
            text.push(b'\n');
            lines += 1;
        }
        if lines == 0 {
            return Ok(());
        }
        points.pass("job log: before lines");
        if let Err(cause) = self.file.write_all(&text) {
            // a line that was cut in the middle must not stay before the next one; if even that
            // fails, the next run mends the file
            let _ = self.cut();
            return Err(StoreError::io("append to job log", &self.path, cause));
        }
        self.next += lines;
        self.length += text.len() as u64;
        points.pass("job log: after lines");
        Ok(())
    }
}

/// How many events, and how many bytes, of the file equal the store from the start.
fn matching(
    path: &Path,
    file: &mut File,
    connection: &Connection,
    job_no: i64,
) -> Result<(u64, u64)> {
    let sql = |cause| StoreError::sql("read events for", path, cause);
    let mut statement = connection
        .prepare_cached("SELECT line FROM events WHERE job_no = ?1 ORDER BY seq")
        .map_err(sql)?;
    let mut rows = statement.query([job_no]).map_err(sql)?;
    let mut reader = BufReader::new(file);
    let (mut events, mut bytes) = (0, 0);
    let mut have = Vec::new();
    while let Some(row) = rows.next().map_err(sql)? {
        let mut want: String = row.get(0).map_err(sql)?;
        want.push('\n');
        have.clear();
        // a foreign file may hold one endless line: read no more than is wanted
        Read::by_ref(&mut reader)
            .take(want.len() as u64)
            .read_until(b'\n', &mut have)
            .map_err(|cause| StoreError::io("read job log", path, cause))?;
        if have != want.as_bytes() {
            break;
        }
        events += 1;
        bytes += want.len() as u64;
    }
    Ok((events, bytes))
}

/// Brings the log files of jobs to equal the store, where a process was killed before it could.
///
/// `hold` answers a lock for the command of a job, or `None` while another process works on it.
pub(super) fn mend_all<L>(
    folder: &Path,
    file: &Path,
    connection: &Connection,
    mut hold: impl FnMut(&str) -> Result<Option<L>>,
) -> Result<()> {
    let sql = |cause| StoreError::sql("find unfinished job logs", file, cause);
    let open: Vec<(i64, String, String)> = connection
        .prepare(
            "SELECT job_no, job_id, command_key FROM jobs WHERE log_synced = 0 ORDER BY job_no",
        )
        .and_then(|mut statement| {
            statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect()
        })
        .map_err(sql)?;
    for (job_no, job_id, command_key) in open {
        let Some(job) = JobId::parse(&job_id) else {
            continue;
        };
        let Some(_held) = hold(&command_key)? else {
            continue;
        };
        JobLog::open(folder, &job, connection, job_no)?;
        mark_synced(connection, job_no).map_err(sql)?;
    }
    Ok(())
}

/// Notes that the file holds all events.
pub(super) fn mark_synced(connection: &Connection, job_no: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE jobs SET log_synced = 1 WHERE job_no = ?1 AND log_synced = 0")?
        .execute([job_no])
        .map(|_| ())
}

/// Adds events that the job does not have yet; answers how many were new.
pub(super) fn insert(
    connection: &Connection,
    job_no: i64,
    events: &[crate::model::EventLine],
) -> rusqlite::Result<u64> {
    let mut new = 0;
    for event in events {
        let mut statement = connection.prepare_cached(
            "INSERT INTO events (job_no, seq, once, line)
             VALUES (?1, (SELECT COALESCE(MAX(seq) + 1, 0) FROM events WHERE job_no = ?1), ?2, ?3)
             ON CONFLICT (job_no, once) DO NOTHING",
        )?;
        new += statement.execute((job_no, &event.once, &event.line))?;
    }
    if new > 0 {
        connection
            .prepare_cached("UPDATE jobs SET log_synced = 0 WHERE job_no = ?1")?
            .execute([job_no])?;
    }
    Ok(unsigned(new as i64))
}
