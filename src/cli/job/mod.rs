//! `magpie job`: jobs that are created once and run again and again.

mod block;
mod change;
mod create;
mod estimate;
mod find;
mod history;
mod list;
mod plan;
mod run;
mod run_due;
mod show;
mod watch;

use super::exit::{Exit, Failure};
use super::job_args::{JobArgs, JobCommand};

pub fn run(args: &JobArgs) -> Result<Exit, Failure> {
    match &args.command {
        JobCommand::Create(args) => create::run(args),
        JobCommand::List {
            json,
            status,
            state,
        } => list::run(*json, status.as_deref(), state),
        JobCommand::Show { job, json, state } => show::run(job, *json, state),
        JobCommand::Estimate(args) => estimate::run(args),
        JobCommand::Run(args) => run::run(args),
        JobCommand::RunDue(args) => run_due::run(args),
        JobCommand::Pause { job, state } => change::run(change::Change::Pause, job, state),
        JobCommand::Resume { job, state } => change::run(change::Change::Resume, job, state),
        JobCommand::Cancel { job, state } => change::run(change::Change::Cancel, job, state),
        JobCommand::History { job, json, state } => history::run(job, *json, state),
        JobCommand::Watch { job, state } => watch::run(job, state),
    }
}
