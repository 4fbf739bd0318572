//! `magpie scan`: run the job, show what came of it, choose the exit status.

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::Arc;

use anyhow::Context;
use tokio::runtime::Runtime;

use super::args::{FailOn, Format, ScanArgs};
use super::bar::Bar;
use super::exit::{Exit, Failure, OrExit};
use super::logs::store_failure;
use super::output::{self, Output};
use super::plain::plain;
use super::{allow, allow_shown, job_log, log_file, plan, signals, table, words};
use crate::job::{self, Ask, JobError, Outcome, Plan, Progress, Report, Stop};
use crate::model::{JobId, Severity};
use crate::source::{SourceError, Target};
use crate::store::{Reader, Store, StoreError};
use crate::wire::{ObjectRef, OccurrenceWriter, RunFigures, SummaryHead, SummaryWriter};

/// Width of the table where the terminal does not tell.
const WIDTH: usize = 100;

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
    // opened before the run: a destination that cannot be written is told before hours of work
    let output = match args.format {
        Format::Table if args.output.is_none() => None,
        _ => Some(Output::open(args.output.as_deref())?),
    };
    if !args.quiet {
        for error in plan.allow.errors() {
            anstream::eprintln!("magpie: {}; going on without it", plain(&error.to_string()));
        }
    }
    let delivery = job_log::start(&args.job_log, &args.aws, &mut store, &runtime)?;
    let ran = run_job(args, &plan, &store, runtime, output);
    // also after a failure: the log tells of it
    let finished = job_log::finish(delivery);
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
    output: Option<Output>,
) -> Result<Exit, Failure> {
    let stop = Stop::new();
    let kept = !plan.targets.iter().any(|(_, t)| *t == Target::Stdin);
    let caught = signals::listen(runtime.handle(), stop.clone(), args.quiet, kept);
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
    show(args, &targets, &mut reader, &report, output)?;
    // the table, where it is shown, tells it all
    if !args.quiet && (args.format == Format::Table) == args.output.is_some() {
        anstream::eprint!("{}", allow_shown::notes(&report.allowed));
    }
    if !args.quiet && args.format != Format::Table && report.coverage.listed.objects == 0 {
        eprintln!("magpie: nothing to scan: no object is in scope");
    }
    ended.complete().map_err(job_failure)?;
    Ok(exit(args, &outcome, &report))
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

fn show(
    args: &ScanArgs,
    targets: &[String],
    reader: &mut Reader,
    report: &Report,
    output: Option<Output>,
) -> Result<(), Failure> {
    let logs = match &args.state.state_dir {
        // from the environment it is there the next time too
        Some(folder) if std::env::var_os("MAGPIE_STATE_DIR").is_none_or(|v| v != *folder) => {
            format!("magpie logs --state-dir {}", folder.display())
        }
        _ => "magpie logs".to_owned(),
    };
    let width = terminal_size::terminal_size().map_or(WIDTH, |(w, _)| usize::from(w.0).max(40));
    let Some(mut output) = output else {
        return match args.quiet {
            true => Ok(()),
            false => output::print(&table::render(report, width, &logs)),
        };
    };
    let written = match args.format {
        Format::Table => {
            let styled = table::render(report, WIDTH, &logs);
            Ok(output.write_all(anstream::adapter::strip_str(&styled).to_string().as_bytes()))
        }
        Format::Jsonl => occurrences(reader, &report.job.id, &mut output),
        Format::Macie => findings(reader, &report.job.id, &mut output),
        Format::Json => summary(targets, reader, report, &mut output),
    };
    match written.map_err(store_failure)? {
        // whoever read our output went away: nothing is owed any more
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
        result => result.context("write output").or_exit(Exit::Output)?,
    }
    let to_file = args.output.is_some();
    output.finish()?;
    if to_file && !args.quiet && args.format != Format::Table {
        anstream::eprint!("{}", table::render(report, width, &logs));
    }
    Ok(())
}

/// Writes the flat records in order, a few at a time.
fn occurrences(
    reader: &mut Reader,
    job: &JobId,
    output: &mut Output,
) -> Result<io::Result<()>, StoreError> {
    let mut writer: Option<(OccurrenceWriter, u32, String)> = None;
    let mut lines = Vec::with_capacity(1 << 16);
    let mut result = Ok(());
    reader.for_each_occurrence(job, |row, view| {
        let writer = match &mut writer {
            Some((writer, target, key)) => {
                if *target != row.target || *key != row.key {
                    writer.object(ObjectRef::from(row));
                    (*target, *key) = (row.target, row.key.clone());
                }
                writer
            }
            none => {
                let first = OccurrenceWriter::new(ObjectRef::from(row));
                &mut none.insert((first, row.target, row.key.clone())).0
            }
        };
        writer.write(&mut lines, view);
        if lines.len() >= 1 << 16 {
            result = output.write_all(&lines);
            lines.clear();
            if result.is_err() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok(result.and_then(|()| output.write_all(&lines)))
}

fn findings(
    reader: &mut Reader,
    job: &JobId,
    output: &mut Output,
) -> Result<io::Result<()>, StoreError> {
    let mut result = Ok(());
    reader.for_each_finding(job, |document| {
        result = output
            .write_all(document.as_bytes())
            .and_then(|()| output.write_all(b"\n"));
        match result {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    Ok(result)
}

/// Writes the summary document, all objects and gaps included.
fn summary(
    targets: &[String],
    reader: &Reader,
    report: &Report,
    output: &mut Output,
) -> Result<io::Result<()>, StoreError> {
    let job = &report.job.id;
    let reasons = reader.reason_totals(job)?;
    let head = SummaryHead {
        job: &report.job,
        targets,
        coverage: &report.coverage,
        reasons: &reasons,
        severities: &report.severities,
        detectors: &report.types,
        allow_lists: &report.allowed,
    };
    let mut writer = match SummaryWriter::begin(output, &head) {
        Ok(writer) => writer,
        Err(e) => return Ok(Err(e)),
    };
    let mut result = Ok(());
    let mut failed = None;
    reader.for_each_object(job, |row| {
        match reader.object_counts(job, row) {
            Ok(counts) => result = writer.object(row, &counts),
            Err(error) => failed = Some(error),
        }
        if result.is_err() || failed.is_some() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    reader.for_each_gap(job, |gap| {
        if result.is_ok() {
            result = writer.gap(gap);
        }
        if result.is_err() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    let figures = RunFigures {
        milliseconds: (report.elapsed_seconds * 1000.0) as u64,
        bytes_scanned: report.bytes_scanned,
    };
    Ok(result.and_then(|()| writer.finish(&figures).map(|_| ())))
}

fn exit(args: &ScanArgs, outcome: &Outcome, report: &Report) -> Exit {
    let threshold = match args.fail_on {
        FailOn::Low => Some(Severity::Low),
        FailOn::Medium => Some(Severity::Medium),
        FailOn::High => Some(Severity::High),
        FailOn::Never => None,
    };
    let worst = report.types.iter().filter_map(|t| t.severity).max();
    if threshold.is_some_and(|t| worst.is_some_and(|w| w >= t)) {
        return Exit::Findings;
    }
    if outcome.permission_failed {
        return Exit::Permission;
    }
    if outcome.network_failed {
        return Exit::Network;
    }
    if !report.coverage.is_whole() && !args.allow_incomplete {
        return Exit::Incomplete;
    }
    Exit::Clean
}

/// The exit status of a failed run.
pub fn job_failure(error: JobError) -> Failure {
    let source_exit = |e: &SourceError| match e {
        SourceError::AccessDenied { .. }
        | SourceError::OwnerMismatch { .. }
        | SourceError::Credentials { .. } => Exit::Permission,
        SourceError::Unavailable { .. } => Exit::Network,
        SourceError::Target { .. } => Exit::Usage,
        _ => Exit::Incomplete,
    };
    let exit = match error {
        JobError::Store(e) => return store_failure(e),
        JobError::Target(ref e) => source_exit(e),
        JobError::Credentials(_) => Exit::Permission,
        JobError::Results { .. } => Exit::Output,
        JobError::Start { .. } | JobError::Lost(_) => Exit::Internal,
    };
    Failure::new(exit, error)
}
