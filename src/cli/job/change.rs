//! `magpie job pause`, `resume` and `cancel`: the status changes at once, in the store; a process that
//! runs the job sees it before its next object.

use chrono::{DateTime, Utc};

use super::find;
use crate::cli::args::StateArgs;
use crate::cli::clock;
use crate::cli::exit::{Exit, Failure, OrExit};
use crate::cli::job_args::WhichJob;
use crate::cli::logs::store_failure;
use crate::cli::output;
use crate::job::definition::Definition;
use crate::job::due;
use crate::model::CreatedJob;
use crate::store::{Reader, Store};

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    Pause,
    Resume,
    Cancel,
}

pub fn run(change: Change, which: &WhichJob, state: &StateArgs) -> Result<Exit, Failure> {
    let verb = match change {
        Change::Pause => "pause",
        Change::Resume => "resume",
        Change::Cancel => "cancel",
    };
    let store = find::store(state, verb)?;
    let reader = store.reader().map_err(store_failure)?;
    let job = find::job(&reader, verb, &which.job)?;
    let now = clock::clock()?.now();
    expire(&store, &reader, &job, now)?;
    let job = store
        .change_job(&job.id, now, |job| {
            match change {
                Change::Pause => due::pause(job, now),
                Change::Resume => due::resume(job, now),
                Change::Cancel => due::cancel(job, now),
            }
            .map(Some)
            .map_err(|refusal| format!("{verb} job: {refusal}"))
        })
        .map_err(store_failure)?;
    output::print(&format!("{} {}\n", job.id, job.status.as_str()))?;
    Ok(Exit::Clean)
}

/// Gives up what was paused for too long.
///
/// # Errors
/// The store cannot be read or written.
pub fn expire(
    store: &Store,
    reader: &Reader,
    job: &CreatedJob,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    if due::expire(job, None, now).is_none() {
        return Ok(());
    }
    let kept = reader.definition(&job.id).map_err(store_failure)?;
    let definition = Definition::from_json(&kept.request).or_exit(Exit::Output)?;
    store
        .change_job(&job.id, now, |job| {
            Ok(due::expire(job, definition.schedule.as_ref(), now))
        })
        .map(|_| ())
        .map_err(store_failure)
}
