//! What a run of a job has to tell in a few lines, for mails of cron; nothing where nothing is new.

use std::fmt::Write;

use crate::cli::plain::plain;
use crate::cli::size;
use crate::cli::words::{count, thousands};
use crate::job::{NewTotals, RunOutcome};
use crate::model::{JobStatus, LeftOut, Severity, Tally};

/// Most identifiers that are named.
const TYPES_MAX: usize = 12;

/// What a block tells of.
pub struct Block<'a> {
    pub name: &'a str,
    pub run: u64,
    pub outcome: &'a RunOutcome,
    pub new: &'a NewTotals,
    pub only_new: bool,
}

impl Block<'_> {
    /// There is something to tell.
    pub fn is_news(&self) -> bool {
        self.new.occurrences() > 0
            || !self.outcome.outcome.coverage.is_whole()
            || !matches!(self.outcome.status, JobStatus::Complete | JobStatus::Idle)
    }

    pub fn text(&self) -> String {
        let mut out = String::new();
        let coverage = &self.outcome.outcome.coverage;
        let what = if self.only_new {
            "new occurrence"
        } else {
            "occurrence"
        };
        let _ = writeln!(
            out,
            "{} (run {}): {} in {} of {}",
            plain(self.name),
            self.run,
            count(self.new.occurrences(), what),
            thousands(self.new.objects),
            count(coverage.listed.objects, "object"),
        );
        let mut types: Vec<_> = self.new.types.iter().collect();
        types.sort_by(|a, b| {
            (b.1.severity, b.1.occurrences)
                .cmp(&(a.1.severity, a.1.occurrences))
                .then_with(|| a.0.cmp(b.0))
        });
        for (name, total) in types.iter().take(TYPES_MAX) {
            let first = total.first.as_ref().map_or(String::new(), |(uri, line)| {
                format!(": {}, line {line}", plain(uri))
            });
            let _ = writeln!(
                out,
                "  {:<6} {name}: {} in {}{first}",
                total.severity.map_or("below", Severity::as_str),
                thousands(total.occurrences),
                count(total.objects, "object"),
            );
        }
        if types.len() > TYPES_MAX {
            let _ = writeln!(out, "  and {} more identifiers", types.len() - TYPES_MAX);
        }
        let not_whole = coverage.partial + coverage.skipped;
        if not_whole.objects > 0 {
            let _ = writeln!(
                out,
                "  not, or not wholly, read: {}, {}",
                count(not_whole.objects, "object"),
                size::show(not_whole.bytes)
            );
        }
        for target in &coverage.unlisted {
            let _ = writeln!(
                out,
                "  not listed: {}: {}",
                plain(&target.uri),
                plain(&target.cause)
            );
        }
        let _ = match (self.outcome.status, &self.outcome.quota_met) {
            (JobStatus::Paused, Some(account)) => writeln!(
                out,
                "  paused: the monthly quota of account {account} is met"
            ),
            (JobStatus::UserPaused, _) => writeln!(out, "  paused by a user"),
            (JobStatus::Cancelled, _) => writeln!(out, "  cancelled"),
            _ => Ok(()),
        };
        out
    }
}

/// What a run left out, in a line; `None` where that is nothing.
pub fn left_out(left_out: &[(LeftOut, Tally)]) -> Option<String> {
    let parts: Vec<String> = left_out
        .iter()
        .map(|(cause, tally)| {
            let why = match cause {
                LeftOut::Scope => "out of scope",
                LeftOut::Sampling => "not in the sample",
                LeftOut::Unchanged => "not changed since",
            };
            format!(
                "{} {why} ({})",
                thousands(tally.objects),
                size::show(tally.bytes)
            )
        })
        .collect();
    (!parts.is_empty()).then(|| format!("Left out: {}", parts.join(", ")))
}
