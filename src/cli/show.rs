//! What came of a run: written in the format that is wanted, and the exit status that tells of it.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::Context;

use super::args::{FailOn, Format};
use super::exit::{Exit, Failure, OrExit};
use super::logs::store_failure;
use super::output::{self, Output};
use super::{allow_shown, table};
use crate::job::{self, JobError, Outcome, Report};
use crate::model::{JobId, ObjectRow, OccurrenceView, Severity};
use crate::source::SourceError;
use crate::store::{Reader, StoreError};
use crate::wire::{ObjectRef, OccurrenceWriter, RunFigures, SummaryHead, SummaryWriter};

/// Width of the table where the terminal does not tell.
const WIDTH: usize = 100;

/// How the end of a run is to be shown.
pub struct View<'a> {
    pub format: Format,
    pub output: Option<&'a Path>,
    pub quiet: bool,
    /// As given on the command line.
    pub state_dir: Option<&'a Path>,
    pub fail_on: FailOn,
    pub allow_incomplete: bool,
}

impl View<'_> {
    /// Opens the output before the run: a destination that cannot be written is told before hours
    /// of work.
    pub fn open(&self) -> Result<Option<Output>, Failure> {
        match self.format {
            Format::Table if self.output.is_none() => Ok(None),
            _ => Ok(Some(Output::open(self.output)?)),
        }
    }

    /// Writes the report, and notes beside it.
    pub fn show(
        &self,
        targets: &[String],
        reader: &mut Reader,
        report: &Report,
        output: Option<Output>,
    ) -> Result<(), Failure> {
        show(self, targets, reader, report, output)?;
        // the table, where it is shown, tells it all
        if !self.quiet && (self.format == Format::Table) == self.output.is_some() {
            anstream::eprint!("{}", allow_shown::notes(&report.allowed));
        }
        if !self.quiet && self.format != Format::Table && report.coverage.listed.objects == 0 {
            eprintln!("magpie: nothing to scan: no object is in scope");
        }
        Ok(())
    }
}

fn show(
    view: &View<'_>,
    targets: &[String],
    reader: &mut Reader,
    report: &Report,
    output: Option<Output>,
) -> Result<(), Failure> {
    let logs = match view.state_dir {
        // from the environment it is there the next time too
        Some(folder) if std::env::var_os("MAGPIE_STATE_DIR").is_none_or(|v| v != folder) => {
            format!("magpie logs --state-dir {}", folder.display())
        }
        _ => "magpie logs".to_owned(),
    };
    let width = terminal_size::terminal_size().map_or(WIDTH, |(w, _)| usize::from(w.0).max(40));
    let Some(mut output) = output else {
        return match view.quiet {
            true => Ok(()),
            false => output::print(&table::render(report, width, &logs)),
        };
    };
    let written = match view.format {
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
    let to_file = view.output.is_some();
    output.finish()?;
    if to_file && !view.quiet && view.format != Format::Table {
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
    let mut lines = Lines::default();
    let mut result = Ok(());
    reader.for_each_occurrence(job, |row, view| {
        result = lines.push(row, view, output);
        match result {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    Ok(result.and_then(|()| lines.flush(output)))
}

/// Writes the flat records of what is new.
pub fn new_occurrences(
    reader: &Reader,
    occurrences: &mut Reader,
    run: &JobId,
    output: &mut Output,
) -> Result<(), Failure> {
    let mut lines = Lines::default();
    let mut result = Ok(());
    job::for_each_new(reader, occurrences, run, |row, view| {
        result = lines.push(row, view, output);
        match result {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })
    .map_err(store_failure)?;
    match result.and_then(|()| lines.flush(output)) {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("write output").or_exit(Exit::Output),
    }
}

/// Flat records on their way to the output, a few at a time.
#[derive(Default)]
struct Lines {
    writer: Option<(OccurrenceWriter, u32, String)>,
    text: Vec<u8>,
}

impl Lines {
    fn push(
        &mut self,
        row: &ObjectRow,
        view: &OccurrenceView<'_>,
        output: &mut Output,
    ) -> io::Result<()> {
        let writer = match &mut self.writer {
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
        writer.write(&mut self.text, view);
        match self.text.len() >= 1 << 16 {
            true => self.flush(output),
            false => Ok(()),
        }
    }

    fn flush(&mut self, output: &mut Output) -> io::Result<()> {
        let written = output.write_all(&self.text);
        self.text.clear();
        written
    }
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

/// The exit status of a run that came to its end.
pub fn exit(view: &View<'_>, outcome: &Outcome, report: &Report) -> Exit {
    let worst = report.types.iter().filter_map(|t| t.severity).max();
    if fails(view.fail_on, worst) {
        return Exit::Findings;
    }
    if outcome.permission_failed {
        return Exit::Permission;
    }
    if outcome.network_failed {
        return Exit::Network;
    }
    if !report.coverage.is_whole() && !view.allow_incomplete {
        return Exit::Incomplete;
    }
    Exit::Clean
}

/// What was found is as severe as `--fail-on` says.
pub fn fails(fail_on: FailOn, worst: Option<Severity>) -> bool {
    let threshold = match fail_on {
        FailOn::Low => Severity::Low,
        FailOn::Medium => Severity::Medium,
        FailOn::High => Severity::High,
        FailOn::Never => return false,
    };
    worst.is_some_and(|w| w >= threshold)
}

/// The exit status of a run that could not go on.
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
