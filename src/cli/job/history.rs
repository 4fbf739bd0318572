//! `magpie job history`: the runs of a job, the latest first.

use std::fmt::Write;

use super::find;
use super::show::minute;
use crate::cli::args::StateArgs;
use crate::cli::exit::{Exit, Failure};
use crate::cli::job_args::WhichJob;
use crate::cli::logs::store_failure;
use crate::cli::output;
use crate::cli::words::count;
use crate::model::{Coverage, LeftOut, RunInfo, Tally};
use crate::store::Reader;

pub fn run(which: &WhichJob, json: bool, state: &StateArgs) -> Result<Exit, Failure> {
    let store = find::store(state, "show")?;
    let reader = store.reader().map_err(store_failure)?;
    let job = find::job(&reader, "show", &which.job)?;
    let runs = reader.runs(&job.id).map_err(store_failure)?;
    let mut text = String::new();
    for (i, run) in runs.iter().enumerate() {
        let row = Row {
            run,
            coverage: reader.coverage(&run.id).map_err(store_failure)?,
            left_out: reader.left_out(&run.id).map_err(store_failure)?,
            occurrences: occurrences(&reader, run)?,
            changed: runs
                .get(i + 1)
                .is_some_and(|before| before.catalogue != run.catalogue),
        };
        match json {
            true => row.json(&mut text),
            false => row.people(&mut text),
        }
    }
    output::print(&text)?;
    Ok(Exit::Clean)
}

fn occurrences(reader: &Reader, run: &RunInfo) -> Result<u64, Failure> {
    let totals = reader.detector_totals(&run.id).map_err(store_failure)?;
    Ok(totals.iter().map(|t| t.occurrences).sum())
}

struct Row<'a> {
    run: &'a RunInfo,
    coverage: Coverage,
    left_out: Vec<(LeftOut, Tally)>,
    occurrences: u64,
    /// The identifiers are not those of the run before.
    changed: bool,
}

impl Row<'_> {
    fn people(&self, out: &mut String) {
        let run = self.run;
        let ended = run.finished_at.map_or("-".to_owned(), minute);
        let mut notes = String::new();
        if run.trouble {
            notes.push_str(", with errors");
        }
        if self.changed {
            notes.push_str(", identifiers changed");
        }
        let _ = writeln!(
            out,
            "{:>4}  {:<9}  {}  {ended:<20}  {} in {}{notes}",
            run.number,
            run.status.as_str(),
            minute(run.started_at),
            count(self.occurrences, "occurrence"),
            count(self.coverage.listed.objects, "object"),
        );
    }

    fn json(&self, out: &mut String) {
        let tally = |t: Tally| serde_json::json!({"objects": t.objects, "bytes": t.bytes});
        let left_out: serde_json::Map<String, serde_json::Value> = self
            .left_out
            .iter()
            .map(|(cause, t)| (cause.as_str().to_owned(), tally(*t)))
            .collect();
        let _ = writeln!(
            out,
            "{}",
            serde_json::json!({
                "run": self.run.number,
                "status": self.run.status.as_str(),
                "startedAt": minute(self.run.started_at),
                "finishedAt": self.run.finished_at.map(minute),
                "errors": self.run.trouble,
                "occurrences": self.occurrences,
                "listed": tally(self.coverage.listed),
                "complete": tally(self.coverage.complete),
                "partial": tally(self.coverage.partial),
                "skipped": tally(self.coverage.skipped),
                "leftOut": left_out,
                "catalogue": self.run.catalogue,
                "catalogueChanged": self.changed,
            })
        );
    }
}
