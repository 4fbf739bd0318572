//! Sums over a recorded job: coverage, detectors, reasons, severities.

use crate::model::{
    Category, Coverage, DetectorTotal, JobId, ReasonTotal, Severity, SeverityTotals, Tally,
};

use super::columns::{NO_LEVEL, reason, severity, status};
use super::coverage::{self, bad_text, unsigned};
use super::error::Result;
use super::read::Reader;

impl Reader {
    /// The coverage ledger of a job.
    pub fn coverage(&self, id: &JobId) -> Result<Coverage> {
        let job_no = self.job_no(id)?;
        self.ask("add up coverage", |c| {
            let moment = c.unchecked_transaction()?;
            coverage::of_job(&moment, job_no)
        })
    }

    /// Occurrences by detector, ascending by its id.
    pub fn detector_totals(&self, id: &JobId) -> Result<Vec<DetectorTotal>> {
        let job_no = self.job_no(id)?;
        self.ask("add up detectors", |c| {
            c.prepare_cached(
                "SELECT detector, category, MAX(severity), SUM(count), COUNT(*)
                 FROM object_counts WHERE job_no = ?1 GROUP BY detector, category
                 ORDER BY detector, category",
            )?
            .query_map([job_no], |row| {
                let name: String = row.get(1)?;
                Ok(DetectorTotal {
                    detector: row.get(0)?,
                    category: Category::parse(&name)
                        .ok_or_else(|| bad_text(1, "category", &name))?,
                    severity: severity(2, row.get(2)?)?,
                    occurrences: unsigned(row.get(3)?),
                    objects: unsigned(row.get(4)?),
                })
            })?
            .collect()
        })
    }

    /// Objects by status and reason, in the order of both; complete ones included.
    pub fn reason_totals(&self, id: &JobId) -> Result<Vec<ReasonTotal>> {
        let job_no = self.job_no(id)?;
        let mut totals: Vec<ReasonTotal> = self.ask("add up reasons", |c| {
            c.prepare_cached(
                "SELECT status, reason, COUNT(*), COALESCE(SUM(size), 0) FROM objects
                 WHERE job_no = ?1 GROUP BY status, reason",
            )?
            .query_map([job_no], |row| {
                Ok(ReasonTotal {
                    status: status(row, 0)?,
                    reason: reason(row, 1)?,
                    total: Tally {
                        objects: unsigned(row.get(2)?),
                        bytes: unsigned(row.get(3)?),
                    },
                })
            })?
            .collect()
        })?;
        totals.sort_by_key(|t| (t.status, t.reason));
        Ok(totals)
    }

    /// Objects and occurrences by severity.
    pub fn severity_totals(&self, id: &JobId) -> Result<SeverityTotals> {
        let job_no = self.job_no(id)?;
        self.ask("add up severities", |c| {
            let mut totals = SeverityTotals::default();
            let each = |sql: &str, slots: [&mut u64; 4]| -> rusqlite::Result<()> {
                let mut statement = c.prepare_cached(sql)?;
                let mut rows = statement.query([job_no])?;
                while let Some(row) = rows.next()? {
                    let score = severity(0, row.get(0)?)?.map_or(NO_LEVEL, Severity::score);
                    *slots[usize::from(score)] = unsigned(row.get(1)?);
                }
                Ok(())
            };
            each(
                "SELECT severity, COUNT(*) FROM objects
                 WHERE job_no = ?1 AND severity IS NOT NULL GROUP BY severity",
                [
                    &mut totals.objects_no_level,
                    &mut totals.objects_low,
                    &mut totals.objects_medium,
                    &mut totals.objects_high,
                ],
            )?;
            each(
                "SELECT severity, SUM(count) FROM object_counts WHERE job_no = ?1 GROUP BY severity",
                [
                    &mut totals.occurrences_no_level,
                    &mut totals.occurrences_low,
                    &mut totals.occurrences_medium,
                    &mut totals.occurrences_high,
                ],
            )?;
            Ok(totals)
        })
    }
}
