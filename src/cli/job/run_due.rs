//! `magpie job run-due`: every job that is due, one after the other, with the manners of cron.

use chrono::{DateTime, Utc};

use super::block::Block;
use super::run::Ground;
use super::{change, plan, run as running};
use crate::cli::exit::{Exit, Failure};
use crate::cli::job_args::{EngineArgs, RunDueArgs};
use crate::cli::logs::store_failure;
use crate::cli::show::job_failure;
use crate::cli::{clock, complain, config, output, state};
use crate::job::{self, due};
use crate::model::{AccountId, CreatedJob, JobStatus};
use crate::store::{Reader, Store};

/// Exit statuses of single jobs, the one that counts for all first.
const WORST_FIRST: [Exit; 8] = [
    Exit::Internal,
    Exit::Output,
    Exit::Usage,
    Exit::Findings,
    Exit::Permission,
    Exit::Network,
    Exit::Incomplete,
    Exit::Clean,
];

pub fn run(args: &RunDueArgs) -> Result<Exit, Failure> {
    let engine = &args.engine;
    let folder = state::folder(&engine.state)?;
    // no store yet: nothing is due
    if !folder.join("magpie.db").exists() {
        return Ok(Exit::Clean);
    }
    let mut store = Store::open(&folder).map_err(store_failure)?;
    running::with_logs(engine, &mut store, |store| all_due(engine, store))
}

fn all_due(engine: &EngineArgs, store: &Store) -> Result<Exit, Failure> {
    let accounts = config::accounts(engine.config.config.as_deref())?;
    store.mend_job_logs().map_err(store_failure)?;
    let reader = store.reader().map_err(store_failure)?;
    let clock = clock::clock()?;
    let now = clock.now();
    for job in reader.created_jobs().map_err(store_failure)? {
        change::expire(store, &reader, &job, now)?;
    }
    let has_room = |account: &AccountId, bytes: u64| match accounts.quota_bytes(account) {
        None => true,
        Some(limit) => reader
            .usage(account, now)
            .is_ok_and(|used| used.saturating_add(bytes) <= limit),
    };
    let mut all = reader.created_jobs().map_err(store_failure)?;
    all.retain(|job| due::is_due(job, now, &has_room));
    // the one that waits longest first
    all.sort_by_key(|job| (order(job), job.created_at));
    let mut worst = Exit::Clean;
    let ground = Ground::new(engine.threads, engine.quiet)?;
    for job in &all {
        if let Some(signal) = ground.signal() {
            return Ok(signal);
        }
        let exit = match one(engine, &ground, store, &reader, job) {
            Ok(Some(exit)) => exit,
            Ok(None) => continue,
            Err(failure) if matches!(failure.exit, Exit::Locked) => continue,
            Err(failure) => {
                complain(&failure);
                failure.exit
            }
        };
        if matches!(exit, Exit::Interrupted | Exit::Terminated) {
            return Ok(exit);
        }
        let rank = |e: Exit| WORST_FIRST.iter().position(|w| *w == e).unwrap_or(0);
        if rank(exit) < rank(worst) {
            worst = exit;
        }
    }
    ground.leave();
    Ok(worst)
}

fn order(job: &CreatedJob) -> DateTime<Utc> {
    job.next_due_at.unwrap_or(job.created_at)
}

/// Runs a job; `None` where it may not run any more.
fn one(
    args: &EngineArgs,
    ground: &Ground,
    store: &Store,
    reader: &Reader,
    job: &CreatedJob,
) -> Result<Option<Exit>, Failure> {
    let plan = plan::resolve(args, job, reader, None, &ground.runtime)?;
    let ended = match ground.run(&plan, store, false) {
        Ok(ended) => ended,
        Err(failure) if is_not_now(&failure) => return Ok(None),
        Err(failure) => return Err(failure),
    };
    let signal = ground.signal();
    let outcome = ended.outcome.clone();
    let info = &outcome.outcome.job;
    let mut occurrences = store.reader().map_err(store_failure)?;
    let new = job::new_totals(reader, &mut occurrences, &info.id, !args.only_new)
        .map_err(store_failure)?;
    let block = Block {
        name: &job.name,
        run: info.run.as_ref().map_or(1, |r| r.number),
        outcome: &outcome,
        new: &new,
        only_new: args.only_new,
    };
    if block.is_news() && !args.quiet && signal.is_none() {
        output::print(&block.text())?;
    }
    if !matches!(outcome.status, JobStatus::Complete | JobStatus::Idle) {
        // what it is, the block has told
        return Ok(Some(running::stopped(
            &outcome,
            signal,
            true,
            args.allow_incomplete,
        )));
    }
    ended.complete().map_err(job_failure)?;
    Ok(Some(running::exit(
        &outcome,
        &new,
        args.fail_on,
        args.allow_incomplete,
    )))
}

/// Someone changed the job after it was found due.
fn is_not_now(failure: &Failure) -> bool {
    use crate::job::JobError;
    use crate::store::StoreError;
    let store = failure.error.downcast_ref::<StoreError>();
    let job = failure.error.downcast_ref::<JobError>();
    matches!(store, Some(StoreError::NotNow { .. }))
        || matches!(job, Some(JobError::Store(StoreError::NotNow { .. })))
}
