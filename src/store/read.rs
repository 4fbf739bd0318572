//! Questions about recorded jobs, answered in constant memory.

use std::ops::ControlFlow;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use crate::model::{Gap, JobId, JobInfo, ObjectRow, OccurrenceView, Reason, Severity, Status};

use super::columns::{JOB, OBJECT, job, job_row, object, optional_time, reason, severity, status};
use super::coverage::{bad_text, signed, unsigned};
use super::error::{Result, StoreError};
use super::unpack::Unpacker;

/// Answers questions about the recorded jobs of a state folder, on a connection of its own.
///
/// Every answer is of one moment, also while a job is being written; answers that call back do
/// not hold more than one row.
pub struct Reader {
    connection: Connection,
    file: PathBuf,
    unpacker: Unpacker,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reader({})", self.file.display())
    }
}

/// An object that is recorded already: what it was when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub etag: Option<String>,
    pub size: Option<u64>,
    pub version_id: Option<String>,
    pub last_modified: Option<DateTime<Utc>>,
    pub status: Status,
    /// Why it was not, or not wholly, read; the caller may want to try again.
    pub reason: Option<Reason>,
}

/// A discovery result file that is still to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingResult {
    /// To be told back in [`Commit::results_written`](super::Commit).
    pub object_no: i64,
    /// Key below the destination.
    pub name: String,
    pub body: Vec<u8>,
}

impl Reader {
    pub(super) fn new(connection: Connection, file: PathBuf) -> Self {
        Reader {
            connection,
            file,
            unpacker: Unpacker::new(),
        }
    }

    /// All jobs, the latest first; runs of created jobs are not jobs.
    pub fn jobs(&self) -> Result<Vec<JobInfo>> {
        self.ask("list jobs", |c| {
            c.prepare_cached(&format!("{JOB} WHERE of_job IS NULL ORDER BY job_no DESC"))?
                .query_map([], job)?
                .collect()
        })
    }

    /// One job.
    pub fn job(&self, id: &JobId) -> Result<JobInfo> {
        let job_no = self.job_no(id)?;
        self.ask("read job", |c| job_row(c, job_no))
    }

    /// The log lines of a job from number `from` on, in order: all of it, or what is new since.
    pub fn events(&self, id: &JobId, from: u64) -> Result<Vec<String>> {
        let job_no = self.job_no(id)?;
        self.ask("read events", |c| {
            c.prepare_cached(
                "SELECT line FROM events WHERE job_no = ?1 AND seq >= ?2 ORDER BY seq",
            )?
            .query_map((job_no, signed(from)), |row| row.get(0))?
            .collect()
        })
    }

    /// What is recorded of an object of the job; `None` if it is still to be read.
    pub fn is_recorded(&self, id: &JobId, target: u32, key: &str) -> Result<Option<Recorded>> {
        self.ask("look up object", |c| {
            c.prepare_cached(
                "SELECT etag, size, version_id, last_modified, status, reason FROM objects
                 WHERE job_no = (SELECT job_no FROM jobs WHERE job_id = ?1)
                   AND target = ?2 AND key = ?3",
            )?
            .query_row(params![id.as_str(), target, key], |row| {
                Ok(Recorded {
                    etag: row.get(0)?,
                    size: row.get::<_, Option<i64>>(1)?.map(unsigned),
                    version_id: row.get(2)?,
                    last_modified: optional_time(row, 3)?,
                    status: status(row, 4)?,
                    reason: reason(row, 5)?,
                })
            })
            .optional()
        })
    }

    /// The objects with occurrences, the gravest and most affected first.
    pub fn worst_objects(&self, id: &JobId, limit: u32) -> Result<Vec<ObjectRow>> {
        let job_no = self.job_no(id)?;
        self.ask("find worst objects", |c| {
            c.prepare_cached(&format!(
                "{OBJECT} AND severity IS NOT NULL
                 ORDER BY severity DESC, occurrences DESC, target, key LIMIT ?2"
            ))?
            .query_map((job_no, limit), object)?
            .collect()
        })
    }

    /// Occurrences of one object by detector, the gravest and most frequent first.
    pub fn object_counts(
        &self,
        id: &JobId,
        row: &ObjectRow,
    ) -> Result<Vec<(String, Option<Severity>, u64)>> {
        let job_no = self.job_no(id)?;
        self.ask("read counts of object", |c| {
            c.prepare_cached(
                "SELECT detector, severity, count FROM object_counts
                 WHERE job_no = ?1 AND object_no = (
                   SELECT object_no FROM objects WHERE job_no = ?1 AND target = ?2 AND key = ?3)
                 ORDER BY severity DESC, count DESC, detector",
            )?
            .query_map(params![job_no, row.target, row.key], |row| {
                Ok((
                    row.get(0)?,
                    severity(1, row.get(1)?)?,
                    unsigned(row.get(2)?),
                ))
            })?
            .collect()
        })
    }

    /// Visits all objects in order of target and key.
    pub fn for_each_object(
        &self,
        id: &JobId,
        visit: impl FnMut(&ObjectRow) -> ControlFlow<()>,
    ) -> Result<()> {
        self.objects(id, "", visit)
    }

    /// Visits the objects with occurrences in order of target and key.
    pub fn for_each_object_found(
        &self,
        id: &JobId,
        visit: impl FnMut(&ObjectRow) -> ControlFlow<()>,
    ) -> Result<()> {
        self.objects(id, "AND occurrences > 0", visit)
    }

    fn objects(
        &self,
        id: &JobId,
        which: &str,
        mut visit: impl FnMut(&ObjectRow) -> ControlFlow<()>,
    ) -> Result<()> {
        let job_no = self.job_no(id)?;
        self.ask("read objects", |c| {
            let mut statement =
                c.prepare_cached(&format!("{OBJECT} {which} ORDER BY target, key"))?;
            let mut rows = statement.query([job_no])?;
            while let Some(row) = rows.next()? {
                if visit(&object(row)?).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    /// Visits everything that was not, or not wholly, read: each such object, then its members of
    /// that kind, in order of target and key.
    pub fn for_each_gap(
        &self,
        id: &JobId,
        mut visit: impl FnMut(&Gap) -> ControlFlow<()>,
    ) -> Result<()> {
        let job_no = self.job_no(id)?;
        self.ask("read gaps", |c| {
            let moment = c.unchecked_transaction()?;
            let mut objects = moment.prepare_cached(
                "SELECT uri, status, reason, detail, size, object_no FROM objects
                 WHERE job_no = ?1 AND status <> 'COMPLETE' ORDER BY target, key",
            )?;
            let mut members = moment.prepare_cached(
                "SELECT container, status, reason, detail, bytes_scanned FROM members
                 WHERE job_no = ?1 AND object_no = ?2 AND status <> 'COMPLETE' ORDER BY member_no",
            )?;
            let mut rows = objects.query([job_no])?;
            while let Some(row) = rows.next()? {
                let uri: String = row.get(0)?;
                let gap = Gap {
                    uri: uri.clone(),
                    container: Vec::new(),
                    status: status(row, 1)?,
                    reason: reason(row, 2)?,
                    detail: row.get(3)?,
                    bytes: row.get::<_, Option<i64>>(4)?.map(unsigned),
                };
                if visit(&gap).is_break() {
                    return Ok(());
                }
                let mut rows = members.query((job_no, row.get::<_, i64>(5)?))?;
                while let Some(row) = rows.next()? {
                    let container: String = row.get(0)?;
                    let gap = Gap {
                        uri: uri.clone(),
                        container: serde_json::from_str(&container)
                            .map_err(|_| bad_text(0, "container", &container))?,
                        status: status(row, 1)?,
                        reason: reason(row, 2)?,
                        detail: row.get(3)?,
                        bytes: Some(unsigned(row.get(4)?)),
                    };
                    if visit(&gap).is_break() {
                        return Ok(());
                    }
                }
            }
            Ok(())
        })
    }

    /// Visits the finding documents of a job in order of target and key.
    pub fn for_each_finding(
        &self,
        id: &JobId,
        mut visit: impl FnMut(&str) -> ControlFlow<()>,
    ) -> Result<()> {
        let job_no = self.job_no(id)?;
        self.ask("read findings", |c| {
            let mut statement = c.prepare_cached(
                "SELECT f.document FROM objects AS o
                 CROSS JOIN findings AS f ON f.job_no = o.job_no AND f.object_no = o.object_no
                 WHERE o.job_no = ?1 AND o.severity IS NOT NULL ORDER BY o.target, o.key",
            )?;
            let mut rows = statement.query([job_no])?;
            while let Some(row) = rows.next()? {
                if visit(row.get_ref(0)?.as_str()?).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    /// Visits every occurrence of a job: by target, key, container as met, byte start, detector.
    ///
    /// # Errors
    /// [`StoreError::DamagedChunk`] where stored occurrences cannot be read back.
    pub fn for_each_occurrence(
        &mut self,
        id: &JobId,
        visit: impl FnMut(&ObjectRow, &OccurrenceView<'_>) -> ControlFlow<()>,
    ) -> Result<()> {
        self.occurrences(id, "AND occurrences > 0 ORDER BY target, key", [], visit)
    }

    /// Visits the occurrences of one object, in the same order.
    pub fn for_each_occurrence_of(
        &mut self,
        id: &JobId,
        target: u32,
        key: &str,
        visit: impl FnMut(&ObjectRow, &OccurrenceView<'_>) -> ControlFlow<()>,
    ) -> Result<()> {
        let target = i64::from(target);
        self.occurrences(id, "AND target = ?2 AND key = ?3", [&target, &key], visit)
    }

    fn occurrences<const N: usize>(
        &mut self,
        id: &JobId,
        which: &str,
        values: [&dyn rusqlite::ToSql; N],
        mut visit: impl FnMut(&ObjectRow, &OccurrenceView<'_>) -> ControlFlow<()>,
    ) -> Result<()> {
        let job_no = self.job_no(id)?;
        let fail = |cause| StoreError::sql("read occurrences", &self.file, cause);
        let moment = self.connection.unchecked_transaction().map_err(fail)?;
        let mut objects = moment
            .prepare_cached(&format!("{OBJECT} {which}"))
            .map_err(fail)?;
        let mut chunks = moment
            .prepare_cached(
                "SELECT seq, body FROM chunks WHERE job_no = ?1 AND object_no = ?2 ORDER BY seq",
            )
            .map_err(fail)?;
        let mut parameters: Vec<&dyn rusqlite::ToSql> = vec![&job_no];
        parameters.extend(values);
        let mut rows = objects.query(&*parameters).map_err(fail)?;
        while let Some(row) = rows.next().map_err(fail)? {
            let object_no: i64 = row.get("object_no").map_err(fail)?;
            let object = object(row).map_err(fail)?;
            let mut rows = chunks.query((job_no, object_no)).map_err(fail)?;
            while let Some(row) = rows.next().map_err(fail)? {
                let body = row.get_ref(1).map_err(fail)?;
                let flow = body
                    .as_blob()
                    .ok()
                    .and_then(|body| self.unpacker.rows(body, |view| visit(&object, view)));
                match flow {
                    Some(ControlFlow::Continue(())) => {}
                    Some(ControlFlow::Break(())) => return Ok(()),
                    None => {
                        return Err(StoreError::DamagedChunk {
                            job: id.to_string(),
                            object_no,
                            seq: row.get(0).map_err(fail)?,
                        });
                    }
                }
            }
        }
        Ok(())
    }

    /// Discovery result files that are still to be written, with `object_no` above `after`.
    pub fn pending_results(
        &self,
        id: &JobId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<PendingResult>> {
        let job_no = self.job_no(id)?;
        self.ask("read results to write", |c| {
            c.prepare_cached(
                "SELECT object_no, name, body FROM results WHERE job_no = ?1 AND object_no > ?2
                 ORDER BY object_no LIMIT ?3",
            )?
            .query_map((job_no, after, limit), |row| {
                Ok(PendingResult {
                    object_no: row.get(0)?,
                    name: row.get(1)?,
                    body: row.get(2)?,
                })
            })?
            .collect()
        })
    }

    pub(super) fn job_no(&self, id: &JobId) -> Result<i64> {
        self.ask("find job", |c| {
            c.prepare_cached("SELECT job_no FROM jobs WHERE job_id = ?1")?
                .query_row([id.as_str()], |row| row.get(0))
                .optional()
        })?
        .ok_or_else(|| StoreError::NoSuchJob {
            job: id.to_string(),
            path: self.file.clone(),
        })
    }

    pub(super) fn ask<T>(
        &self,
        verb: &'static str,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        question(&self.connection).map_err(|cause| StoreError::sql(verb, &self.file, cause))
    }
}
