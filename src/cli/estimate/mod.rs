//! `magpie scan --estimate`: what a scan would take, from listings alone; and how such an answer is
//! shown, also that of `magpie job estimate`.

mod json;
mod table;

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use clap::Args;

use super::args::{Format, ScanArgs};
use super::exit::{Exit, Failure, OrExit};
use super::logs::store_failure;
use super::output::{self, Output};
use super::show::job_failure;
use super::{plan, size};
use crate::job::estimate::{Estimate, ScanScope, Speeds, estimate, measured};
use crate::source::Target;
use crate::store::{Reader, Store};

/// Width of the table where the terminal does not tell.
const WIDTH: usize = 100;

#[derive(Clone, Debug, Args)]
pub struct EstimateArgs {
    /// Only list, read and record nothing: tell objects, bytes, requests, rough time, and what would
    /// be skipped and why
    #[arg(long)]
    pub estimate: bool,

    /// Stored bytes a second to reckon the time with, such as 80MB [default: the best of the latest
    /// runs in the state folder]
    #[arg(long, value_name = "SIZE", value_parser = size::parse, requires = "estimate")]
    pub estimate_speed: Option<u64>,
}

/// What is shown.
pub struct Shown {
    pub estimate: Estimate,
    pub speeds: Speeds,
}

/// How it is shown, and reckoned.
pub struct How<'a> {
    pub format: Format,
    pub output: Option<&'a Path>,
    pub quiet: bool,
    pub allow_incomplete: bool,
    /// Bytes a second, where given.
    pub speed: Option<u64>,
}

pub fn run(args: &ScanArgs) -> Result<Exit, Failure> {
    let how = How {
        format: args.format,
        output: args.output.as_deref(),
        quiet: args.quiet,
        allow_incomplete: args.allow_incomplete,
        speed: args.estimate.estimate_speed,
    };
    how.check()?;
    let plan = plan::resolve(args)?;
    let output = how.open()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("io")
        .enable_all()
        .build()
        .context("start runtime")
        .or_exit(Exit::Internal)?;
    let scope = ScanScope {
        filter: &plan.filter,
        own: &plan.own,
    };
    let results_in_s3 = matches!(plan.results, Target::S3 { .. });
    let listed = estimate(&plan.sources, &plan.targets, &scope, results_in_s3);
    let estimate = runtime.block_on(listed).map_err(job_failure)?;
    // a folder that is not there is not made for a question
    let reader = match plan.state_dir.join("magpie.db").exists() {
        true => Some(
            Store::open(&plan.state_dir)
                .and_then(|store| store.reader())
                .map_err(store_failure)?,
        ),
        false => None,
    };
    let shown = Shown {
        speeds: how.speeds(reader.as_ref())?,
        estimate,
    };
    show(&how, &shown, output)?;
    Ok(how.exit(&shown.estimate))
}

/// Writes the estimate.
pub fn show(how: &How<'_>, shown: &Shown, output: Option<Output>) -> Result<(), Failure> {
    let width = terminal_size::terminal_size().map_or(WIDTH, |(w, _)| usize::from(w.0).max(40));
    let Some(mut output) = output else {
        return match how.quiet {
            true => Ok(()),
            false => output::print(&table::render(shown, width)),
        };
    };
    let text = match how.format {
        Format::Json => json::document(shown) + "\n",
        _ => anstream::adapter::strip_str(&table::render(shown, WIDTH)).to_string(),
    };
    match output.write_all(text.as_bytes()) {
        // whoever read our output went away: nothing is owed any more
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
        result => result.context("write output").or_exit(Exit::Output)?,
    }
    output.finish()
}

impl How<'_> {
    /// # Errors
    /// A format of what only reading finds; a speed that is none.
    pub fn check(&self) -> Result<(), Failure> {
        if matches!(self.format, Format::Jsonl | Format::Macie) {
            return Err(Failure::usage(
                "estimate: nothing is found without reading; choose --format table or json",
            ));
        }
        if self.speed == Some(0) {
            return Err(Failure::usage(
                "read --estimate-speed 0: at that speed a scan never ends; give bytes a second, such \
                 as 80MB",
            ));
        }
        Ok(())
    }

    /// Opens the output, before anything is listed.
    pub fn open(&self) -> Result<Option<Output>, Failure> {
        match (self.format, self.output) {
            (Format::Table, None) => Ok(None),
            (_, path) => Ok(Some(Output::open(path)?)),
        }
    }

    /// The speed that was given, else those of earlier runs.
    pub fn speeds(&self, reader: Option<&Reader>) -> Result<Speeds, Failure> {
        match (self.speed, reader) {
            (Some(speed), _) => Ok(Speeds::named(speed)),
            (None, Some(reader)) => measured(reader).map_err(store_failure),
            (None, None) => Ok(Speeds::default()),
        }
    }

    pub fn exit(&self, estimate: &Estimate) -> Exit {
        if estimate.permission_failed {
            Exit::Permission
        } else if estimate.network_failed {
            Exit::Network
        } else if !estimate.is_whole() && !self.allow_incomplete {
            Exit::Incomplete
        } else {
            Exit::Clean
        }
    }
}
