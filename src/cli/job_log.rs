//! Where the job log goes besides its file, as the user types it; and what is told of its sending.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::args::AwsArgs;
use super::exit::{Exit, Failure};
use super::logs::store_failure;
use super::plain::plain;
use super::words::count;
use crate::deliver::{CloudWatch, DeliveryError, Options};
use crate::job::delivery::{Delivery, Patience};
use crate::model::LogDelivery;
use crate::store::Store;

/// Macie's own log group.
const GROUP: &str = "/aws/macie/classificationjobs";
/// Longest that a command waits at its end for the log to be sent; and one that was interrupted.
const FINISH_MAX: Duration = Duration::from_secs(30);
const FINISH_INTERRUPTED_MAX: Duration = Duration::from_secs(3);
/// Jobs whose waiting logs are told one by one.
const TOLD_MAX: usize = 3;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Job log")]
pub struct JobLogArgs {
    /// Send the job log to Amazon CloudWatch Logs too; the stream is named by the job's id. What
    /// cannot be sent is kept, and sent by the next run or `magpie logs --send`
    #[arg(long, value_enum, value_name = "cloudwatch", env = "MAGPIE_JOB_LOG")]
    pub job_log: Option<JobLog>,

    /// Log group, made where there is none
    #[arg(long, value_name = "NAME", env = "MAGPIE_JOB_LOG_GROUP", default_value = GROUP)]
    pub job_log_group: String,

    #[command(flatten)]
    pub settle: SettleArgs,
}

#[derive(Clone, Debug, Args)]
pub struct SettleArgs {
    /// Seconds after which a batch that was not answered, and does not show in the log, did not arrive
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = seconds)]
    pub job_log_settle: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum JobLog {
    // A comment of documentation here would put every option of the help on lines of its own.
    #[value(name = "cloudwatch")]
    CloudWatch,
}

fn seconds(text: &str) -> Result<f64, String> {
    const MAX: f64 = 600.0;
    text.parse()
        .ok()
        .filter(|n| (0.0..=MAX).contains(n))
        .ok_or_else(|| format!("expected seconds, 0 to {MAX}"))
}

impl SettleArgs {
    pub fn patience(&self) -> Patience {
        Patience {
            settle: Duration::from_secs_f64(self.job_log_settle),
        }
    }
}

/// Has the logs of jobs sent from now on, if that is asked for. Region and endpoint are found out
/// now, so that a later run of other settings sends what is left to the same place.
///
/// # Errors
/// Settings that make no sense. Nothing is sent before a job begins.
pub fn start(
    args: &JobLogArgs,
    aws: &AwsArgs,
    store: &mut Store,
    runtime: &tokio::runtime::Runtime,
) -> Result<Option<Delivery>, Failure> {
    if args.job_log.is_none() {
        return Ok(None);
    }
    let options = Options {
        group: args.job_log_group.clone(),
        profile: aws.profile.clone(),
        region: aws.region.clone(),
        // --endpoint-url is that of S3
        endpoint: None,
    };
    let service = runtime
        .block_on(CloudWatch::open(&options))
        .map_err(delivery_failure)?;
    store.deliver_to(Some(service.destination().clone()));
    let delivery = Delivery::start(store, args.settle.patience());
    delivery.map(Some).map_err(super::show::job_failure)
}

/// Sends the rest, and tells what is left; that is no failure of the run.
///
/// # Errors
/// The store cannot be read or written.
pub fn finish(delivery: Option<Delivery>, ran: &Result<Exit, Failure>) -> Result<(), Failure> {
    let Some(delivery) = delivery else {
        return Ok(());
    };
    let limit = match ran {
        Ok(Exit::Interrupted | Exit::Terminated) => FINISH_INTERRUPTED_MAX,
        _ => FINISH_MAX,
    };
    let ended = delivery.finish(limit).map_err(store_failure)?;
    if ended.refused > 0 {
        tell_refused(ended.refused);
    }
    let (told, more) = ended.waiting.split_at(ended.waiting.len().min(TOLD_MAX));
    for left in told {
        let cause = left
            .cause
            .as_deref()
            .unwrap_or("it was not tried, or takes longer");
        anstream::eprintln!(
            "magpie: job log of {}: {} not in {} yet: {}; the next run with --job-log, or \
             magpie logs --send, sends the rest",
            left.job,
            waiting(left),
            left.destination.group,
            plain(cause)
        );
    }
    if !more.is_empty() {
        let jobs = count(more.len() as u64, "other job");
        eprintln!("magpie: the logs of {jobs} wait too");
    }
    Ok(())
}

/// Tells of events that are in the log file and will never be in the group.
pub fn tell_refused(events: u64) {
    anstream::eprintln!(
        "magpie: CloudWatch Logs refused {} of the job log: older than the group keeps, or too long; \
         the log file has all",
        count(events, "event")
    );
}

/// `1 event is`, `2 events are`.
pub fn waiting(left: &LogDelivery) -> String {
    let verb = if left.waiting() == 1 { "is" } else { "are" };
    format!("{} {verb}", count(left.waiting(), "event"))
}

/// The exit status of a failed sending.
pub fn delivery_failure(error: DeliveryError) -> Failure {
    let exit = match error {
        DeliveryError::Settings { .. } => Exit::Usage,
        DeliveryError::Credentials { .. } | DeliveryError::AccessDenied { .. } => Exit::Permission,
        DeliveryError::Unavailable { .. } => Exit::Network,
        DeliveryError::Refused { .. } => Exit::Output,
    };
    Failure::new(exit, error)
}
