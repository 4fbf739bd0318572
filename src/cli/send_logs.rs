//! `magpie logs --send`: job logs that wait are sent now.

use clap::Args;

use anyhow::Context;

use super::exit::{Exit, Failure, OrExit};
use super::job_log::{SettleArgs, delivery_failure, tell_refused, waiting};
use super::logs::store_failure;
use super::output;
use super::plain::plain;
use super::words::count;
use crate::deliver::Options;
use crate::job::delivery::{SendError, send_all};
use crate::model::JobId;
use crate::store::Store;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Sending")]
pub struct SendArgs {
    /// Send what waits to Amazon CloudWatch Logs (scan --job-log), of all jobs or of the one named
    #[arg(long, conflicts_with = "follow")]
    pub send: bool,

    /// Profile of the AWS configuration [default: that of the run]
    #[arg(long, value_name = "NAME", requires = "send")]
    pub profile: Option<String>,

    /// Region of the log group [default: that of the run]
    #[arg(long, value_name = "REGION", requires = "send")]
    pub region: Option<String>,

    /// Address of a service in the place of CloudWatch Logs [default: that of the run]
    #[arg(long, value_name = "URL", requires = "send")]
    pub endpoint_url: Option<String>,

    #[command(flatten)]
    pub settle: SettleArgs,
}

/// Sends what waits. The first failure decides the exit status.
pub fn run(args: &SendArgs, store: &Store, job: Option<&JobId>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("start runtime")
        .or_exit(Exit::Internal)?;
    let mut outbox = store.outbox().map_err(store_failure)?;
    let to = Options {
        group: String::new(),
        profile: args.profile.clone(),
        region: args.region.clone(),
        endpoint: args.endpoint_url.clone(),
    };
    let sending = send_all(&mut outbox, job, &to, args.settle.patience());
    let all = runtime.block_on(sending).map_err(store_failure)?;
    if all.is_empty() {
        output::print("nothing waits to be sent\n")?;
        return Ok(Exit::Clean);
    }
    let mut first = None;
    for sent in all {
        let job = &sent.before.job;
        let group = plain(&sent.before.destination.group);
        if sent.busy {
            output::print(&format!(
                "{job}: another process is sending it to {group}\n"
            ))?;
            continue;
        }
        output::print(&format!(
            "{job}: sent {} to {group}\n",
            count(sent.events, "event")
        ))?;
        if sent.refused > 0 {
            tell_refused(sent.refused);
        }
        let Some(error) = sent.failed else {
            continue;
        };
        let left = outbox.delivery(job).map_err(store_failure)?;
        if let Some(left) = left {
            anstream::eprintln!(
                "magpie: job log of {job}: {} not in {group} yet: {}",
                waiting(&left),
                plain(&error.to_string())
            );
        }
        let exit = match error {
            SendError::Store(error) => store_failure(error),
            SendError::Delivery(error) => delivery_failure(error),
        };
        first = first.or(Some(exit.exit));
    }
    Ok(first.unwrap_or(Exit::Clean))
}
