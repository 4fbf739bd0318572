//! The summary document `magpie.summary/1`: what one job found, read and did not read.
//!
//! It is written as a stream: the totals first, then each object with occurrences, then each gap,
//! then how long it took, so that any number of objects needs constant memory.

use std::io::{self, Write};

use crate::model::allow::Notes;
use crate::model::{
    AllowListUse, Coverage, DetectorTotal, Gap, JobInfo, ObjectRow, Reason, ReasonTotal, Severity,
    SeverityTotals, Tally,
};

use super::finding::millis;
use super::json::Json;

/// Bytes that are gathered before they are written on.
const BUFFER_BYTES: usize = 64 * 1024;

/// The totals of a job.
#[derive(Clone, Copy, Debug)]
pub struct SummaryHead<'a> {
    pub job: &'a JobInfo,
    /// The targets as given.
    pub targets: &'a [String],
    pub coverage: &'a Coverage,
    /// Objects by status and reason.
    pub reasons: &'a [ReasonTotal],
    pub severities: &'a SeverityTotals,
    pub detectors: &'a [DetectorTotal],
    pub allow_lists: &'a [AllowListUse],
}

/// How the run went: the only part that differs between equal runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunFigures {
    /// Of this process; not of earlier attempts.
    pub milliseconds: u64,
    /// Decoded bytes scanned in that time.
    pub bytes_scanned: u64,
}

/// Writes a summary: [`Self::begin`], [`Self::object`] and [`Self::gap`] any number of times in
/// this order, [`Self::finish`].
#[derive(Debug)]
pub struct SummaryWriter<W: Write> {
    to: W,
    buffer: Vec<u8>,
    in_gaps: bool,
    comma: bool,
}

impl<W: Write> SummaryWriter<W> {
    /// Writes the totals.
    pub fn begin(to: W, head: &SummaryHead<'_>) -> io::Result<Self> {
        let mut buffer = Vec::with_capacity(BUFFER_BYTES);
        buffer.push(b'{');
        let mut json = Json::inside(&mut buffer, false);
        let j = &mut json;
        j.name("schema").string("magpie.summary/1");
        job(j, head.job);
        j.name("targets").list(|j| {
            for target in head.targets {
                j.string(target);
            }
        });
        coverage(j, head.coverage, head.reasons);
        severities(j, head.severities);
        j.name("detectors").list(|j| {
            for total in head.detectors {
                j.object(|j| {
                    j.name("detector").string(&total.detector);
                    j.name("category").string(total.category.as_str());
                    j.name("severity")
                        .optional(total.severity.map(Severity::as_str));
                    j.name("occurrences").number(total.occurrences);
                    j.name("objects").number(total.objects);
                });
            }
        });
        j.name("allowLists").list(|j| {
            for list in head.allow_lists {
                allow_list(j, list);
            }
        });
        buffer.extend_from_slice(b",\"objects\":[");
        let mut writer = SummaryWriter {
            to,
            buffer,
            in_gaps: false,
            comma: false,
        };
        writer.pass_on(0)?;
        Ok(writer)
    }

    /// Writes an object with its occurrences by detector. Not after the first gap.
    ///
    /// # Errors
    /// Those of the writer; `InvalidInput` after a gap.
    pub fn object(
        &mut self,
        row: &ObjectRow,
        counts: &[(String, Option<Severity>, u64)],
    ) -> io::Result<()> {
        if self.in_gaps {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "write summary: an object after a gap",
            ));
        }
        let mut json = Json::inside(&mut self.buffer, self.comma);
        json.object(|j| {
            j.name("uri").string(&row.uri);
            j.name("eTag").optional(row.etag.as_deref());
            j.name("versionId").optional(row.version_id.as_deref());
            j.name("size").optional_number(row.size);
            j.name("mimeType").optional(row.mime_type.as_deref());
            j.name("status").string(row.status.as_str());
            j.name("severity")
                .optional(row.severity.map(Severity::as_str));
            j.name("occurrences").number(row.occurrences);
            j.name("detectors").list(|j| {
                for (detector, severity, count) in counts {
                    j.object(|j| {
                        j.name("detector").string(detector);
                        j.name("severity").optional(severity.map(Severity::as_str));
                        j.name("occurrences").number(*count);
                    });
                }
            });
        });
        self.comma = true;
        self.pass_on(BUFFER_BYTES)
    }

    /// Writes something that was not, or not wholly, read.
    pub fn gap(&mut self, gap: &Gap) -> io::Result<()> {
        self.begin_gaps();
        let mut json = Json::inside(&mut self.buffer, self.comma);
        json.object(|j| {
            j.name("uri").string(&gap.uri);
            j.name("container").list(|j| {
                for name in &gap.container {
                    j.string(name);
                }
            });
            j.name("status").string(gap.status.as_str());
            j.name("reason").optional(gap.reason.map(Reason::as_str));
            j.name("detail").optional(gap.detail.as_deref());
            j.name("bytes").optional_number(gap.bytes);
        });
        self.comma = true;
        self.pass_on(BUFFER_BYTES)
    }

    /// Ends the document with a line end and hands the writer back, flushed.
    pub fn finish(mut self, run: &RunFigures) -> io::Result<W> {
        self.begin_gaps();
        self.buffer.push(b']');
        let mut json = Json::inside(&mut self.buffer, true);
        json.name("run").object(|j| {
            j.name("milliseconds").number(run.milliseconds);
            j.name("bytesScanned").number(run.bytes_scanned);
            let rate = u128::from(run.bytes_scanned) * 1000 / u128::from(run.milliseconds.max(1));
            j.name("bytesPerSecond")
                .number(u64::try_from(rate).unwrap_or(u64::MAX));
        });
        self.buffer.extend_from_slice(b"}\n");
        self.pass_on(0)?;
        self.to.flush()?;
        Ok(self.to)
    }

    fn begin_gaps(&mut self) {
        if !self.in_gaps {
            self.buffer.extend_from_slice(b"],\"gaps\":[");
            self.in_gaps = true;
            self.comma = false;
        }
    }

    /// Writes the buffer on once it holds `least` bytes.
    fn pass_on(&mut self, least: usize) -> io::Result<()> {
        if self.buffer.len() >= least {
            self.to.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }
}

fn job(j: &mut Json<'_>, job: &JobInfo) {
    j.name("job").object(|j| {
        j.name("jobId").string(job.job_id().as_str());
        j.name("name").string(&job.name);
        j.name("jobType").string(&job.job_type);
        j.name("jobStatus").string(job.status.as_str());
        j.name("createdAt").string(&millis(job.created_at));
        j.name("runDate").string(&millis(job.run_date));
        let finished = job.finished_at.map(millis);
        j.name("finishedAt").optional(finished.as_deref());
        j.name("catalogue").string(&job.catalogue);
    });
}

fn allow_list(j: &mut Json<'_>, list: &AllowListUse) {
    j.object(|j| {
        j.name("name").string(&list.name);
        j.name("id").optional(list.id.as_deref());
        j.name("kind").string(list.kind.as_str());
        j.name("location").optional(list.location.as_deref());
        j.name("error").optional(list.error.as_deref());
        j.name("entries").number(list.entries);
        j.name("allowed").number(list.occurrences());
        j.name("detectors").list(|j| {
            for (detector, allowed) in &list.allowed {
                j.object(|j| {
                    j.name("detector").string(detector);
                    j.name("allowed").number(*allowed);
                });
            }
        });
        notes(j.name("unused"), &list.unused);
        notes(j.name("expired"), &list.expired);
    });
}

fn notes(j: &mut Json<'_>, notes: &Notes) {
    j.object(|j| {
        j.name("entries").number(notes.count);
        j.name("first").list(|j| {
            for note in &notes.first {
                j.object(|j| {
                    j.name("line").optional_number(note.line.map(u64::from));
                    j.name("owner").optional(note.owner.as_deref());
                    j.name("reason").optional(note.reason.as_deref());
                    let expires = note.expires.map(|d| d.to_string());
                    j.name("expires").optional(expires.as_deref());
                });
            }
        });
    });
}

fn tally(j: &mut Json<'_>, tally: &Tally) {
    j.object(|j| {
        j.name("objects").number(tally.objects);
        j.name("bytes").number(tally.bytes);
    });
}

fn coverage(j: &mut Json<'_>, coverage: &Coverage, reasons: &[ReasonTotal]) {
    j.name("coverage").object(|j| {
        j.name("whole").bool(coverage.is_whole());
        j.name("balances").bool(coverage.balances());
        tally(j.name("listed"), &coverage.listed);
        tally(j.name("complete"), &coverage.complete);
        tally(j.name("partial"), &coverage.partial);
        tally(j.name("skipped"), &coverage.skipped);
        j.name("reasons").list(|j| {
            for total in reasons {
                let Some(reason) = total.reason else {
                    continue;
                };
                j.object(|j| {
                    j.name("status").string(total.status.as_str());
                    j.name("reason").string(reason.as_str());
                    j.name("objects").number(total.total.objects);
                    j.name("bytes").number(total.total.bytes);
                });
            }
        });
        j.name("unlisted").list(|j| {
            for target in &coverage.unlisted {
                j.object(|j| {
                    j.name("uri").string(&target.uri);
                    j.name("cause").string(&target.cause);
                });
            }
        });
    });
}

fn severities(j: &mut Json<'_>, totals: &SeverityTotals) {
    let mut each = |name: &str, high: u64, medium: u64, low: u64, below: u64| {
        j.name(name).object(|j| {
            j.name("high").number(high);
            j.name("medium").number(medium);
            j.name("low").number(low);
            j.name("belowLevels").number(below);
        });
    };
    each(
        "objectsBySeverity",
        totals.objects_high,
        totals.objects_medium,
        totals.objects_low,
        totals.objects_no_level,
    );
    each(
        "occurrencesBySeverity",
        totals.occurrences_high,
        totals.occurrences_medium,
        totals.occurrences_low,
        totals.occurrences_no_level,
    );
}
