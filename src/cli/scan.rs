//! `magpie scan`: run the job, show what came of it, choose the exit status.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use anyhow::Context;
use tokio::runtime::Runtime;

use super::args::ScanArgs;
use super::bar::Bar;
use super::exit::{Exit, Failure, OrExit};
use super::logs::store_failure;
use super::output::Output;
use super::plain::plain;
use super::show::{self, View, job_failure};
use super::{allow, job_log, log_file, plan, signals, words};
use crate::job::{self, Ask, Outcome, Plan, Progress, Stop};
use crate::source::Target;
use crate::store::Store;

pub fn run(args: &ScanArgs) -> Result<Exit, Failure> {
    let mut plan = plan::resolve(args)?;
    let log_file = log_file::start(&args.log_file)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(plan.threads.clamp(1, 4))
        .thread_name("io")
        .enable_all()
        .build()
        .context("start runtime")
        .or_exit(Exit::Internal)?;
    allow::read(&args.allow, &mut plan, &runtime)?;
    let mut store = Store::open(&plan.state_dir).map_err(store_failure)?;
    plan.command = allow::with_lists(&plan.command, &plan, store.fingerprint_key())?;
    let view = View {
        format: args.format,
        output: args.output.as_deref(),
        quiet: args.quiet,
        state_dir: args.state.state_dir.as_deref(),
        fail_on: args.fail_on,
        allow_incomplete: args.allow_incomplete,
    };
    let output = view.open()?;
    if !args.quiet {
        for error in plan.allow.errors() {
            anstream::eprintln!("magpie: {}; going on without it", plain(&error.to_string()));
        }
    }
    let delivery = job_log::start(&args.job_log, &args.aws, &mut store, &runtime)?;
    let ran = run_job(args, &plan, &store, runtime, &view, output);
    // also after a failure: the log tells of it
    let finished = job_log::finish(delivery, &ran);
    if let Some(log_file) = log_file {
        log_file.finish();
    }
    let exit = ran?;
    finished.map(|()| exit)
}

/// Runs the job, and shows what came of it.
fn run_job(
    args: &ScanArgs,
    plan: &Plan,
    store: &Store,
    runtime: Runtime,
    view: &View<'_>,
    output: Option<Output>,
) -> Result<Exit, Failure> {
    let stop = Stop::new();
    let kept = !plan.targets.iter().any(|(_, t)| *t == Target::Stdin);
    let caught = signals::listen(runtime.handle(), stop.clone(), args.quiet, kept, true);
    let progress = Arc::new(Progress::default());
    let bar = (!args.quiet && !args.no_progress && io::stderr().is_terminal())
        .then(|| Bar::start(Arc::clone(&progress)))
        .flatten();
    let ended = job::run(plan, store, &runtime, &progress, &stop);
    drop(bar);
    // requests that are still under way belong to a run that is over
    runtime.shutdown_background();
    let ended = ended.map_err(job_failure)?;
    let outcome = ended.outcome.clone();
    if outcome.asked != Ask::Run {
        return Ok(interrupted(args, &outcome, kept, caught.exit()));
    }
    let mut reader = store.reader().map_err(store_failure)?;
    let report = job::report(&mut reader, &outcome, &plan.allow).map_err(store_failure)?;
    let targets: Vec<String> = plan.targets.iter().map(|(text, _)| text.clone()).collect();
    view.show(&targets, &mut reader, &report, output)?;
    ended.complete().map_err(job_failure)?;
    Ok(show::exit(view, &outcome, &report))
}

fn interrupted(args: &ScanArgs, outcome: &Outcome, kept: bool, exit: Option<Exit>) -> Exit {
    if !args.quiet {
        let c = &outcome.coverage;
        let done = (c.complete + c.partial + c.skipped).objects;
        let what = match outcome.asked {
            Ask::Cancel => "the job is cancelled",
            _ if !kept => "standard input cannot be continued, run the command anew",
            _ => "run the same command again to continue",
        };
        eprintln!(
            "magpie: interrupted after {} objects; {what} (job {})",
            words::thousands(done),
            outcome.job.id
        );
    }
    exit.unwrap_or(Exit::Interrupted)
}
