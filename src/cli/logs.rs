//! `magpie logs`: the job log, as it is in the file.

use std::time::Duration;

use super::args::LogsArgs;
use super::exit::{Exit, Failure};
use super::{output, send_logs, state};
use crate::model::{JobId, JobInfo};
use crate::store::{Reader, Store, StoreError};

/// Time between two looks with `--follow`.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

pub fn run(args: &LogsArgs) -> Result<Exit, Failure> {
    let folder = state::folder(&args.state)?;
    if !folder.join("magpie.db").exists() {
        return Err(Failure::usage(format!(
            "show job log: there is no job in {} yet; choose another state folder with --state-dir",
            folder.display()
        )));
    }
    let store = Store::open(&folder).map_err(store_failure)?;
    let reader = store.reader().map_err(store_failure)?;
    if args.send.send {
        let job = args.job.as_deref();
        let job = job.map(|job| choose(&reader, Some(job))).transpose()?;
        return send_logs::run(&args.send, &store, job.as_ref());
    }
    let job = choose(&reader, args.job.as_deref())?;
    let mut from = 0;
    loop {
        // asked before the lines are read: what is written in between is read in the next round
        let open = reader.job(&job).map_err(store_failure)?.status.is_open();
        let lines = reader.events(&job, from).map_err(store_failure)?;
        from += lines.len() as u64;
        let text: String = lines.into_iter().map(|line| line + "\n").collect();
        output::print(&text)?;
        if !args.follow || !open {
            return Ok(Exit::Clean);
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

fn choose(reader: &Reader, beginning: Option<&str>) -> Result<JobId, Failure> {
    let jobs = reader.jobs().map_err(store_failure)?;
    let wanted = beginning.unwrap_or("");
    let found: Vec<&JobInfo> = jobs
        .iter()
        .filter(|j| j.id.as_str().starts_with(wanted))
        .collect();
    match (found.as_slice(), beginning) {
        ([], _) => Err(Failure::usage(format!(
            "show job log {wanted}: there is no such job"
        ))),
        // without a name the latest is meant
        ([job, ..], None) | ([job], _) => Ok(job.id.clone()),
        (several, Some(_)) => Err(Failure::usage(format!(
            "show job log {wanted}: {} jobs begin so; give more of the id",
            several.len()
        ))),
    }
}

/// The exit status of a failed store.
pub fn store_failure(error: StoreError) -> Failure {
    let exit = match &error {
        StoreError::Locked { .. } => Exit::Locked,
        StoreError::Unbalanced { .. } => Exit::Internal,
        StoreError::NoSuchJob { .. }
        | StoreError::NameTaken { .. }
        | StoreError::TokenTaken { .. }
        | StoreError::NotNow { .. } => Exit::Usage,
        _ => Exit::Output,
    };
    Failure::new(exit, error)
}
