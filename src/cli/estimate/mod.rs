//! `magpie scan --estimate`: what a scan would take, from listings alone.

mod json;
mod table;

use std::io::{self, Write};

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
use crate::store::Store;

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
struct Shown {
    estimate: Estimate,
    speeds: Speeds,
}

pub fn run(args: &ScanArgs) -> Result<Exit, Failure> {
    if matches!(args.format, Format::Jsonl | Format::Macie) {
        return Err(Failure::usage(
            "estimate: nothing is found without reading; choose --format table or json",
        ));
    }
    if args.estimate.estimate_speed == Some(0) {
        return Err(Failure::usage(
            "read --estimate-speed 0: at that speed a scan never ends; give bytes a second, such as 80MB",
        ));
    }
    let plan = plan::resolve(args)?;
    let output = match (args.format, &args.output) {
        (Format::Table, None) => None,
        (_, path) => Some(Output::open(path.as_deref())?),
    };
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
    let speeds = match args.estimate.estimate_speed {
        Some(speed) => Speeds::named(speed),
        // a folder that is not there is not made for a question
        None if plan.state_dir.join("magpie.db").exists() => {
            let reader = Store::open(&plan.state_dir).and_then(|store| store.reader());
            reader
                .and_then(|reader| measured(&reader))
                .map_err(store_failure)?
        }
        None => Speeds::default(),
    };
    let shown = Shown { estimate, speeds };
    show(args, &shown, output)?;
    Ok(exit(args, &shown.estimate))
}

fn show(args: &ScanArgs, shown: &Shown, output: Option<Output>) -> Result<(), Failure> {
    let width = terminal_size::terminal_size().map_or(WIDTH, |(w, _)| usize::from(w.0).max(40));
    let Some(mut output) = output else {
        return match args.quiet {
            true => Ok(()),
            false => output::print(&table::render(shown, width)),
        };
    };
    let text = match args.format {
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

fn exit(args: &ScanArgs, estimate: &Estimate) -> Exit {
    if estimate.permission_failed {
        Exit::Permission
    } else if estimate.network_failed {
        Exit::Network
    } else if !estimate.is_whole() && !args.allow_incomplete {
        Exit::Incomplete
    } else {
        Exit::Clean
    }
}
