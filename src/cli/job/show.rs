//! `magpie job show`: a job as people read it, or as DescribeClassificationJob answers.

use std::fmt::Write;

use anyhow::Context;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

use super::find;
use crate::cli::args::StateArgs;
use crate::cli::exit::{Exit, Failure, OrExit};
use crate::cli::job_args::WhichJob;
use crate::cli::logs::store_failure;
use crate::cli::output;
use crate::cli::plain::plain;
use crate::job::definition::{Buckets, Definition, Selector};
use crate::model::{CreatedJob, JobStatus, RunInfo};
use crate::wire::describe_job;

pub fn run(which: &WhichJob, json: bool, state: &StateArgs) -> Result<Exit, Failure> {
    let store = find::store(state, "show")?;
    let reader = store.reader().map_err(store_failure)?;
    let job = find::job(&reader, "show", &which.job)?;
    let kept = reader.definition(&job.id).map_err(store_failure)?;
    let request: Value = serde_json::from_str(&kept.request)
        .context("read request of job")
        .or_exit(Exit::Output)?;
    let latest = reader
        .runs(&job.id)
        .map_err(store_failure)?
        .into_iter()
        .next();
    let to_process = latest.as_ref().map_or(0, |run| {
        let progress = Figures::of(run);
        match run.status {
            JobStatus::Running => progress.listed.saturating_sub(progress.done),
            _ => 0,
        }
    });
    let text = if json {
        let described = describe_job(&job, &request, &kept.client_token, to_process);
        format!("{described:#}\n")
    } else {
        let definition = Definition::from_json(&kept.request).or_exit(Exit::Output)?;
        people(&job, &definition)
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}

/// Counters of a run as the process that works on it last wrote them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    pub listed: u64,
    pub done: u64,
    pub bytes_listed: u64,
    pub bytes_done: u64,
    pub bytes_scanned: u64,
    pub occurrences: u64,
    pub gaps: u64,
    pub listing_done: bool,
}

impl Figures {
    pub fn of(run: &RunInfo) -> Self {
        let value: Value = run
            .progress
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        let number = |name: &str| value[name].as_u64().unwrap_or(0);
        Figures {
            listed: number("objectsListed"),
            done: number("objectsDone"),
            bytes_listed: number("bytesListed"),
            bytes_done: number("bytesDone"),
            bytes_scanned: number("bytesScanned"),
            occurrences: number("occurrences"),
            gaps: number("gaps"),
            listing_done: value["listingDone"].as_bool().unwrap_or(false),
        }
    }
}

/// A moment for people.
pub fn minute(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn people(job: &CreatedJob, definition: &Definition) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: String| {
        let _ = writeln!(out, "{name:<12} {}", plain(&value));
    };
    line("Job", job.name.clone());
    line("Id", job.id.to_string());
    line("Status", status(job));
    if let Some(text) = &definition.request.description {
        line("Description", text.clone());
    }
    let runs = match &definition.schedule {
        None => "once".to_owned(),
        Some(schedule) if definition.initial_run => format!("{schedule}, with an initial run"),
        Some(schedule) => schedule.to_string(),
    };
    line("Runs", runs);
    line(
        "Created",
        format!("{} by {}", minute(job.created_at), job.account),
    );
    if job.runs > 0 {
        let trouble = if job.trouble { ", with errors" } else { "" };
        line(
            "Last run",
            format!("{} (run {}{trouble})", minute(job.last_run_at), job.runs),
        );
    }
    if let Some(due) = job.next_due_at.filter(|_| job.status == JobStatus::Idle) {
        line("Next run", format!("from {}", minute(due)));
    }
    line("Buckets", buckets(definition));
    if definition.sampling_percentage < 100 {
        line("Sample", format!("{} %", definition.sampling_percentage));
    }
    line(
        "Identifiers",
        match &definition.selector {
            Selector::Recommended => "RECOMMENDED".to_owned(),
            Selector::All => "ALL".to_owned(),
            Selector::None => "NONE".to_owned(),
            Selector::Exclude(ids) => format!("EXCLUDE {}", ids.join(", ")),
            Selector::Include(ids) => format!("INCLUDE {}", ids.join(", ")),
        },
    );
    out
}

fn status(job: &CreatedJob) -> String {
    let status = job.status.as_str();
    match (job.status, &job.waits_for, job.paused_at) {
        (JobStatus::Paused, Some(account), _) => {
            format!("{status}: the monthly quota of account {account} is met")
        }
        (JobStatus::UserPaused, _, Some(at)) => format!("{status} since {}", minute(at)),
        (JobStatus::Running, ..) if job.runs == 0 => format!("{status} (its first run is due)"),
        _ => status.to_owned(),
    }
}

fn buckets(definition: &Definition) -> String {
    match &definition.buckets {
        Buckets::Matching(_) => "those that match the criteria when a run starts".to_owned(),
        Buckets::Named(accounts) => accounts
            .iter()
            .map(|a| format!("{} ({})", a.buckets.join(", "), a.account_id))
            .collect::<Vec<_>>()
            .join("; "),
    }
}
