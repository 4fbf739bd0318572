//! `magpie job list`.

use std::fmt::Write;

use crate::cli::args::StateArgs;
use crate::cli::exit::{Exit, Failure};
use crate::cli::logs::store_failure;
use crate::cli::plain::plain;
use crate::cli::{output, state};
use crate::model::{CreatedJob, JobStatus};
use crate::store::Store;
use crate::wire::job_summary;

/// Longest name that a row shows, in characters.
const NAME_CHARS_MAX: usize = 40;

pub fn run(json: bool, status: Option<&str>, args: &StateArgs) -> Result<Exit, Failure> {
    let status = match status {
        None => None,
        Some(name) => Some(JobStatus::parse(&name.to_uppercase()).ok_or_else(|| {
            Failure::usage(format!(
                "list jobs: status {name:?} is not one of RUNNING, IDLE, PAUSED, USER_PAUSED, \
                 COMPLETE, CANCELLED"
            ))
        })?),
    };
    let folder = state::folder(args)?;
    // no store yet: no jobs
    let jobs = match folder.join("magpie.db").exists() {
        false => Vec::new(),
        true => Store::open(&folder)
            .and_then(|store| store.reader()?.created_jobs())
            .map_err(store_failure)?,
    };
    let shown = jobs.iter().filter(|j| status.is_none_or(|s| s == j.status));
    let mut text = String::new();
    if json {
        for job in shown {
            let _ = writeln!(text, "{}", job_summary(job, None));
        }
    } else {
        for job in shown {
            row(&mut text, job);
        }
    }
    output::print(&text)?;
    Ok(Exit::Clean)
}

fn row(out: &mut String, job: &CreatedJob) {
    let mut name: String = plain(&job.name).chars().take(NAME_CHARS_MAX).collect();
    if job.name.chars().count() > NAME_CHARS_MAX {
        name.pop();
        name.push('…');
    }
    let when = match (job.status, job.next_due_at) {
        (JobStatus::Idle, Some(due)) => format!("next run from {}", super::show::minute(due)),
        (JobStatus::Complete | JobStatus::Cancelled, _) => job
            .finished_at
            .map(|at| format!("since {}", super::show::minute(at)))
            .unwrap_or_default(),
        _ => String::new(),
    };
    let trouble = if job.trouble {
        "  last run had errors"
    } else {
        ""
    };
    let line = format!(
        "{}  {:<11}  {:<9}  {name:<NAME_CHARS_MAX$}  {when}{trouble}",
        job.id,
        job.status.as_str(),
        job.job_type,
    );
    let _ = writeln!(out, "{}", line.trim_end());
}
