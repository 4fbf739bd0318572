//! `magpie job run`: one run of a job, with the outputs of a scan.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use anyhow::Context;
use tokio::runtime::Runtime;

use super::block::{self, Block};
use super::{change, find, plan};
use crate::cli::args::Format;
use crate::cli::bar::Bar;
use crate::cli::clock;
use crate::cli::exit::{Exit, Failure, OrExit};
use crate::cli::job_args::{EngineArgs, RunArgs};
use crate::cli::logs::store_failure;
use crate::cli::plain::plain;
use crate::cli::show::{self, View, fails, job_failure};
use crate::cli::signals::Caught;
use crate::cli::{job_log, log_file, output, signals};
use crate::job::{self, EndedRun, JobPlan, Progress, RunOutcome, Stop};
use crate::model::{JobInfo, JobStatus};
use crate::store::{Reader, Store};

pub fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let engine = &args.engine;
    if engine.only_new && !matches!(args.format, Format::Table | Format::Jsonl) {
        return Err(Failure::usage(
            "run job: --only-new goes with --format table and jsonl",
        ));
    }
    let mut store = find::store(&engine.state, "run")?;
    with_logs(engine, &mut store, |store| run_in(args, store))
}

/// Does something that runs jobs, with their logs written and sent as is asked for.
pub fn with_logs(
    engine: &EngineArgs,
    store: &mut Store,
    run: impl FnOnce(&Store) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let log_file = log_file::start(&engine.log_file)?;
    let delivery = job_log::start(&engine.job_log, &engine.aws, store, &runtime(Some(1))?)?;
    let ran = run(store);
    // also after a failure: the log tells of it
    let finished = job_log::finish(delivery, &ran);
    if let Some(log_file) = log_file {
        log_file.finish();
    }
    let exit = ran?;
    finished.map(|()| exit)
}

fn run_in(args: &RunArgs, store: &Store) -> Result<Exit, Failure> {
    let engine = &args.engine;
    store.mend_job_logs().map_err(store_failure)?;
    let reader = store.reader().map_err(store_failure)?;
    let job = find::job(&reader, "run", &args.job.job)?;
    change::expire(store, &reader, &job, clock::clock()?.now())?;
    let ground = Ground::new(engine.threads, engine.quiet)?;
    let plan = plan::resolve(
        engine,
        &job,
        &reader,
        args.output.as_deref(),
        &ground.runtime,
    )?;
    let view = View {
        format: args.format,
        output: args.output.as_deref(),
        quiet: engine.quiet,
        state_dir: engine.state.state_dir.as_deref(),
        fail_on: engine.fail_on,
        allow_incomplete: engine.allow_incomplete,
    };
    let out = view.open()?;
    let ended = ground.run(&plan, store, !args.no_progress)?;
    let signal = ground.signal();
    ground.leave();
    let outcome = ended.outcome.clone();
    if !matches!(outcome.status, JobStatus::Complete | JobStatus::Idle) {
        return Ok(stopped(
            &outcome,
            signal,
            engine.quiet,
            engine.allow_incomplete,
        ));
    }
    let mut reader = reader;
    let exit = if engine.only_new {
        show_new(args, &plan, store, &mut reader, &ended, out)?
    } else {
        let report =
            job::report(&mut reader, &outcome.outcome, &plan.plan.allow).map_err(store_failure)?;
        let targets = reader
            .run_targets(&outcome.outcome.job.id)
            .map_err(store_failure)?;
        let uris: Vec<String> = targets.into_iter().map(|t| t.uri).collect();
        view.show(&uris, &mut reader, &report, out)?;
        show::exit(&view, &outcome.outcome, &report)
    };
    if !engine.quiet {
        notes(&reader, &outcome.outcome.job)?;
    }
    if !ended.complete().map_err(job_failure)? {
        return Ok(stopped(
            &outcome,
            signal,
            engine.quiet,
            engine.allow_incomplete,
        ));
    }
    Ok(exit)
}

/// The runtime of a run.
pub fn runtime(threads: Option<u16>) -> Result<Runtime, Failure> {
    let threads = threads.map_or(4, usize::from);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.clamp(1, 4))
        .thread_name("io")
        .enable_all()
        .build()
        .context("start runtime")
        .or_exit(Exit::Internal)
}

/// Where runs are done: one runtime, and one ear for signals, however many they are.
pub struct Ground {
    pub runtime: Runtime,
    pub stop: Stop,
    caught: Caught,
    quiet: bool,
}

impl Ground {
    pub fn new(threads: Option<u16>, quiet: bool) -> Result<Self, Failure> {
        let runtime = runtime(threads)?;
        let stop = Stop::new();
        let caught = signals::listen(runtime.handle(), stop.clone(), quiet, true, false);
        Ok(Ground {
            runtime,
            stop,
            caught,
            quiet,
        })
    }

    /// The exit status of a signal that came.
    pub fn signal(&self) -> Option<Exit> {
        self.caught.exit()
    }

    /// Runs a job to where it can be shown.
    pub fn run(&self, plan: &JobPlan, store: &Store, bar: bool) -> Result<EndedRun, Failure> {
        let progress = Arc::new(Progress::default());
        let bar = (bar && !self.quiet && io::stderr().is_terminal())
            .then(|| Bar::start(Arc::clone(&progress)))
            .flatten();
        let ended = job::run_job(plan, store, &self.runtime, &progress, &self.stop);
        drop(bar);
        ended.map_err(job_failure)
    }

    /// Lets go of requests that are still under way: they belong to runs that are over.
    pub fn leave(self) {
        self.runtime.shutdown_background();
    }
}

/// The exit status of a run that did not come to its end, and a word to it.
pub fn stopped(outcome: &RunOutcome, signal: Option<Exit>, quiet: bool, allow: bool) -> Exit {
    let what = match (outcome.status, &outcome.quota_met) {
        (JobStatus::UserPaused, _) => "the job was paused; go on with magpie job resume".to_owned(),
        (JobStatus::Cancelled, _) => "the job was cancelled".to_owned(),
        (_, Some(account)) => format!(
            "the monthly quota of account {account} is met; the job goes on next month, or with a \
             greater monthly_quota in the configuration"
        ),
        _ => "interrupted; run the same command again to continue".to_owned(),
    };
    if !quiet {
        eprintln!("magpie: job {}: {what}", outcome.outcome.job.job_id());
    }
    match (signal, allow) {
        (Some(signal), _) => signal,
        (None, true) => Exit::Clean,
        (None, false) => Exit::Incomplete,
    }
}

fn show_new(
    args: &RunArgs,
    plan: &JobPlan,
    store: &Store,
    reader: &mut Reader,
    ended: &EndedRun,
    out: Option<output::Output>,
) -> Result<Exit, Failure> {
    let outcome = &ended.outcome;
    let run = &outcome.outcome.job;
    let mut occurrences = store.reader().map_err(store_failure)?;
    let new = job::new_totals(reader, &mut occurrences, &run.id, false).map_err(store_failure)?;
    let block = Block {
        name: &plan.plan.job_name,
        run: run.run.as_ref().map_or(1, |r| r.number),
        outcome,
        new: &new,
        only_new: true,
    };
    match (args.format, out) {
        (Format::Jsonl, Some(mut out)) => {
            show::new_occurrences(reader, &mut occurrences, &run.id, &mut out)?;
            out.finish()?;
        }
        (_, Some(mut out)) => {
            use io::Write;
            out.write_all(block.text().as_bytes())
                .context("write output")
                .or_exit(Exit::Output)?;
            out.finish()?;
        }
        (_, None) if !args.engine.quiet => output::print(&block.text())?,
        _ => {}
    }
    Ok(exit(
        outcome,
        &new,
        args.engine.fail_on,
        args.engine.allow_incomplete,
    ))
}

/// The exit status of a run of which only totals are told.
pub fn exit(
    outcome: &RunOutcome,
    new: &job::NewTotals,
    fail_on: crate::cli::args::FailOn,
    allow_incomplete: bool,
) -> Exit {
    if fails(fail_on, new.severity()) {
        Exit::Findings
    } else if outcome.outcome.permission_failed {
        Exit::Permission
    } else if outcome.outcome.network_failed {
        Exit::Network
    } else if !outcome.outcome.coverage.is_whole() && !allow_incomplete {
        Exit::Incomplete
    } else {
        Exit::Clean
    }
}

/// What is worth knowing beside the report: what was left out, and that identifiers changed.
fn notes(reader: &Reader, run: &JobInfo) -> Result<(), Failure> {
    let left_out = reader.left_out(&run.id).map_err(store_failure)?;
    if let Some(text) = block::left_out(&left_out) {
        eprintln!("magpie: {}", plain(&text));
    }
    let runs = reader.runs(run.job_id()).map_err(store_failure)?;
    let changed = runs
        .get(1)
        .is_some_and(|before| before.catalogue != run.catalogue);
    if changed {
        eprintln!(
            "magpie: identifiers changed since the run before; objects that did not change are not \
             read again"
        );
    }
    Ok(())
}
