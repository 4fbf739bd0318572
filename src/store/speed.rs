//! What finished runs read, and in what time.

use rusqlite::Row;

use super::columns::time;
use super::coverage::unsigned;
use super::error::Result;
use super::read::Reader;

/// A run that was completed in one go.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFigures {
    /// None of its targets is in S3.
    pub local: bool,
    pub objects: u64,
    /// Stored bytes.
    pub bytes: u64,
    pub seconds: f64,
}

impl Reader {
    /// The latest one-time jobs that were completed without interruption and read from folders
    /// only, or from S3 only; the latest first.
    pub fn run_figures(&self, limit: u32) -> Result<Vec<RunFigures>> {
        self.ask("read figures of runs", |c| {
            c.prepare_cached(
                "SELECT j.run_date, j.finished_at, SUM(t.objects), SUM(t.bytes),
                        MAX(t.uri LIKE 's3://%')
                 FROM jobs AS j JOIN targets AS t ON t.job_no = j.job_no
                 WHERE j.status = 'COMPLETE' AND j.job_type = 'ONE_TIME' AND j.attempt = 1
                   AND j.finished_at IS NOT NULL
                 GROUP BY j.job_no
                 HAVING MIN(t.uri LIKE 's3://%') = MAX(t.uri LIKE 's3://%') AND MIN(t.cause IS NULL)
                 ORDER BY j.job_no DESC LIMIT ?1",
            )?
            .query_map([limit], figures)?
            .collect()
        })
    }
}

fn figures(row: &Row<'_>) -> rusqlite::Result<RunFigures> {
    let took = time(row, 1)? - time(row, 0)?;
    Ok(RunFigures {
        objects: unsigned(row.get(2)?),
        bytes: unsigned(row.get(3)?),
        local: !row.get::<_, bool>(4)?,
        seconds: took.num_milliseconds() as f64 / 1000.0,
    })
}
