//! Questions about runs of created jobs: which there are, what they know of objects, what they left
//! out.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use crate::model::{JobId, JobStatus, LeftOut, RunInfo, Tally};

use super::columns::{optional_time, time};
use super::coverage::{bad_text, unsigned};
use super::error::Result;
use super::read::Reader;
use super::runs::{self, RunTarget};

/// What runs of a job know of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub size: Option<u64>,
    pub etag: Option<String>,
    pub version_id: Option<String>,
    pub last_modified: Option<DateTime<Utc>>,
    /// It could not be had: try again.
    pub again: bool,
}

impl Reader {
    /// The runs of a created job, the latest first.
    pub fn runs(&self, id: &JobId) -> Result<Vec<RunInfo>> {
        let job_no = self.job_no(id)?;
        self.ask("list runs", |c| {
            c.prepare_cached(
                "SELECT job_id, run, status, run_date, finished_at, catalogue, trouble, progress,
                        owner_pid, heartbeat_at
                 FROM jobs WHERE of_job = ?1 ORDER BY job_no DESC",
            )?
            .query_map([job_no], |row| {
                let id: String = row.get(0)?;
                let status: String = row.get(2)?;
                let heartbeat = optional_time(row, 9)?;
                Ok(RunInfo {
                    id: JobId::parse(&id).ok_or_else(|| bad_text(0, "job id", &id))?,
                    number: unsigned(row.get(1)?),
                    status: JobStatus::parse(&status)
                        .ok_or_else(|| bad_text(2, "status", &status))?,
                    started_at: time(row, 3)?,
                    finished_at: optional_time(row, 4)?,
                    catalogue: row.get(5)?,
                    trouble: row.get(6)?,
                    progress: row.get(7)?,
                    owner: row.get::<_, Option<u32>>(8)?.zip(heartbeat),
                })
            })?
            .collect()
        })
    }

    /// The number of a bucket that runs of a job have read; `None` if none has.
    pub fn bucket_no(&self, job: &JobId, uri: &str) -> Result<Option<i64>> {
        self.ask("look up bucket", |c| {
            c.prepare_cached(
                "SELECT bucket_no FROM known_buckets
                 WHERE job_no = (SELECT job_no FROM jobs WHERE job_id = ?1) AND uri = ?2",
            )?
            .query_row(params![job.as_str(), uri], |row| row.get(0))
            .optional()
        })
    }

    /// What the runs of a job know of an object of a bucket.
    pub fn known(&self, bucket_no: i64, key: &str) -> Result<Option<Known>> {
        self.ask("look up known object", |c| {
            c.prepare_cached(
                "SELECT size, etag, version_id, last_modified, again FROM known_objects
                 WHERE bucket_no = ?1 AND key = ?2",
            )?
            .query_row(params![bucket_no, key], |row| {
                Ok(Known {
                    size: row.get::<_, Option<i64>>(0)?.map(unsigned),
                    etag: row.get(1)?,
                    version_id: row.get(2)?,
                    last_modified: optional_time(row, 3)?,
                    again: row.get(4)?,
                })
            })
            .optional()
        })
    }

    /// The run that read an object of a run before that run did.
    pub fn run_before(&self, run: &JobId, target: u32, key: &str) -> Result<Option<(JobId, u32)>> {
        let run_no = self.job_no(run)?;
        self.ask("find earlier run", |c| {
            c.prepare_cached(
                "SELECT b.job_id, o.target FROM targets AS t
                 JOIN known_objects AS k ON k.bucket_no = t.bucket_no AND k.key = ?3
                 JOIN jobs AS b
                   ON b.job_no = CASE WHEN k.run_no = ?1 THEN k.before_no ELSE k.run_no END
                  AND b.job_no < ?1
                 JOIN targets AS o ON o.job_no = b.job_no AND o.bucket_no = t.bucket_no
                 WHERE t.job_no = ?1 AND t.target = ?2",
            )?
            .query_row(params![run_no, target, key], |row| {
                let id: String = row.get(0)?;
                let id = JobId::parse(&id).ok_or_else(|| bad_text(0, "job id", &id))?;
                Ok((id, row.get(1)?))
            })
            .optional()
        })
    }

    /// What a run left out, by cause.
    pub fn left_out(&self, run: &JobId) -> Result<Vec<(LeftOut, Tally)>> {
        let run_no = self.job_no(run)?;
        self.ask("add up what was left out", |c| {
            c.prepare_cached(
                "SELECT cause, SUM(objects), SUM(bytes) FROM left_out WHERE job_no = ?1
                 GROUP BY cause HAVING SUM(objects) > 0 ORDER BY cause",
            )?
            .query_map([run_no], |row| {
                let name: String = row.get(0)?;
                let cause = LeftOut::parse(&name).ok_or_else(|| bad_text(0, "cause", &name))?;
                Ok((
                    cause,
                    Tally {
                        objects: unsigned(row.get(1)?),
                        bytes: unsigned(row.get(2)?),
                    },
                ))
            })?
            .collect()
        })
    }

    /// The targets of a run.
    pub fn run_targets(&self, run: &JobId) -> Result<Vec<RunTarget>> {
        let run_no = self.job_no(run)?;
        self.ask("read targets of run", |c| runs::targets(c, run_no))
    }
}
