//! The command line of created jobs as the user types it.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::args::{AwsArgs, FailOn, Format, StateArgs};
use super::job_log::JobLogArgs;
use super::limits::LimitArgs;
use super::log_file::LogFileArgs;

const EXAMPLES: &str = "\
Examples:
  magpie job create --name nightly --bucket logs --account 111122223333 --schedule daily
  magpie job create --name exports --bucket ./exports --cron '0 2 * * 1-5' --time-zone Europe/Berlin
  magpie job create --cli-input-json job.json        a request of CreateClassificationJob
  magpie job run nightly                             now
  magpie job run-due                                 whatever is due; for cron
  magpie job pause nightly
  magpie job list
  magpie job show nightly --json                     as DescribeClassificationJob answers";

/// Create jobs once, and run them again and again
///
/// A job is Macie's classification job: which buckets, which objects in them, what to look for, and
/// when. Names of buckets that hold a slash are folders of this machine.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct JobArgs {
    #[command(subcommand)]
    pub command: JobCommand,
}

#[derive(Debug, Subcommand)]
pub enum JobCommand {
    /// Create a job; prints its id. It runs with `job run` or `job run-due`
    Create(Box<CreateArgs>),
    /// List the jobs
    List {
        /// One JSON object a line, as ListClassificationJobs has them
        #[arg(long)]
        json: bool,

        /// Only jobs in this status
        #[arg(long, value_name = "STATUS")]
        status: Option<String>,

        #[command(flatten)]
        state: StateArgs,
    },
    /// Show a job
    Show {
        #[command(flatten)]
        job: WhichJob,

        /// As DescribeClassificationJob answers
        #[arg(long)]
        json: bool,

        #[command(flatten)]
        state: StateArgs,
    },
    /// Tell what the next run of a job would take, from listings alone
    Estimate(Box<EstimateJobArgs>),
    /// Run a job now, or take up its interrupted run
    Run(Box<RunArgs>),
    /// Run all jobs that are due
    RunDue(Box<RunDueArgs>),
    /// Pause a job; a run stops before its next object and can be resumed within 30 days
    Pause {
        #[command(flatten)]
        job: WhichJob,

        #[command(flatten)]
        state: StateArgs,
    },
    /// Resume a job that was paused; it goes on with `job run` or `job run-due`
    Resume {
        #[command(flatten)]
        job: WhichJob,

        #[command(flatten)]
        state: StateArgs,
    },
    /// Cancel a job for good
    Cancel {
        #[command(flatten)]
        job: WhichJob,

        #[command(flatten)]
        state: StateArgs,
    },
    /// List the runs of a job
    History {
        #[command(flatten)]
        job: WhichJob,

        /// One JSON object a line
        #[arg(long)]
        json: bool,

        #[command(flatten)]
        state: StateArgs,
    },
    /// Show a running job live: objects, bytes, speed, occurrences and events
    Watch {
        #[command(flatten)]
        job: WhichJob,

        #[command(flatten)]
        state: StateArgs,
    },
}

/// The job that is meant.
#[derive(Clone, Debug, Args)]
pub struct WhichJob {
    /// Id, the beginning of one, or a name that one job has
    #[arg(value_name = "JOB")]
    pub job: String,
}

/// Where the configuration is.
#[derive(Clone, Debug, Args)]
pub struct ConfigArgs {
    /// Configuration with accounts and quotas [default: $XDG_CONFIG_HOME/magpie/config.toml or
    /// ~/.config/magpie/config.toml, where there is one]
    #[arg(long, value_name = "FILE", env = "MAGPIE_CONFIG")]
    pub config: Option<PathBuf>,
}

const CREATE_EXAMPLES: &str = "\
Examples:
  magpie job create --name once --bucket logs --account 111122223333
  magpie job create --name weekly --bucket ./exports --schedule weekly:MONDAY --initial-run
  magpie job create --name late --bucket logs --schedule monthly:1 --extension csv,json
  magpie job create --name all --s3-job-definition file://criteria.json --sampling 10
  magpie job create --generate-cli-skeleton > job.json

What is given beside --cli-input-json takes the place of what the file says. The same --client-token
with the same request makes one job, however often.";

#[derive(Debug, Args)]
#[command(after_help = CREATE_EXAMPLES)]
pub struct CreateArgs {
    /// A request of CreateClassificationJob: a file, file://FILE, or the JSON itself
    #[arg(long, value_name = "JSON|FILE")]
    pub cli_input_json: Option<OsString>,

    /// Print a request to fill in, and create nothing
    #[arg(long)]
    pub generate_cli_skeleton: bool,

    /// Name, up to 500 characters
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// What it is for, up to 200 characters
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,

    /// A bucket by name, or a folder (with a slash in its name); up to 1,000
    #[arg(long = "bucket", value_name = "BUCKET|DIR")]
    pub buckets: Vec<String>,

    /// Account of the buckets [default: --account-id]
    #[arg(long, value_name = "12 DIGITS")]
    pub account: Option<String>,

    /// Buckets, criteria and scoping as `s3JobDefinition`: a file, file://FILE, or the JSON itself
    #[arg(long, value_name = "JSON|FILE", conflicts_with = "buckets")]
    pub s3_job_definition: Option<OsString>,

    #[command(flatten)]
    pub scope: ScopeArgs,

    #[command(flatten)]
    pub when: WhenArgs,

    #[command(flatten)]
    pub what: WhatArgs,

    /// A tag, up to 50
    #[arg(long = "tag", value_name = "KEY=VALUE")]
    pub tags: Vec<String>,

    /// Makes creating the job idempotent
    #[arg(long, value_name = "TOKEN")]
    pub client_token: Option<String>,

    /// Account that creates the job [default: account_id of the configuration]
    #[arg(long, value_name = "12 DIGITS", env = "MAGPIE_ACCOUNT_ID")]
    pub account_id: Option<String>,

    /// Region of the job [default: that of the configuration, or of the environment]
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,

    #[command(flatten)]
    pub config: ConfigArgs,

    #[command(flatten)]
    pub state: StateArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Objects")]
pub struct ScopeArgs {
    /// Only objects with one of these extensions
    #[arg(long, value_name = "EXT,…", value_delimiter = ',')]
    pub extension: Vec<String>,

    /// No objects with one of these extensions
    #[arg(long, value_name = "EXT,…", value_delimiter = ',')]
    pub not_extension: Vec<String>,

    /// Only objects whose key begins so
    #[arg(long = "key-prefix", value_name = "PREFIX")]
    pub key_prefixes: Vec<String>,

    /// No objects whose key begins so
    #[arg(long = "not-key-prefix", value_name = "PREFIX")]
    pub not_key_prefixes: Vec<String>,

    /// Only objects of at least this size
    #[arg(long, value_name = "SIZE", value_parser = super::size::parse)]
    pub min_size: Option<u64>,

    /// Only objects of at most this size
    #[arg(long, value_name = "SIZE", value_parser = super::size::parse)]
    pub max_size: Option<u64>,

    /// Only objects that were last changed at or after this time, such as 2024-05-01T00:00:00Z
    #[arg(long, value_name = "TIME")]
    pub modified_since: Option<String>,

    /// Only objects that were last changed before this time
    #[arg(long, value_name = "TIME")]
    pub modified_before: Option<String>,

    /// Share of the objects that is read, 1 to 100 percent
    #[arg(long, value_name = "PERCENT")]
    pub sampling: Option<i64>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Schedule")]
pub struct WhenArgs {
    /// Run again and again; without this and --cron the job runs once
    #[arg(long, value_name = "daily|weekly:DAY|monthly:N")]
    pub schedule: Option<String>,

    /// Run at these times: minute, hour, day of month, month, day of week
    #[arg(long, value_name = "EXPRESSION", conflicts_with = "schedule")]
    pub cron: Option<String>,

    /// Time zone of --cron, such as Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE", requires = "cron")]
    pub time_zone: Option<String>,

    /// Read all objects that are there in a first run; else runs read what is new
    #[arg(long)]
    pub initial_run: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Identifiers")]
pub struct WhatArgs {
    /// ALL, EXCLUDE, INCLUDE, NONE or RECOMMENDED [default: RECOMMENDED, or INCLUDE with
    /// --identifiers]
    #[arg(long, value_name = "SELECTOR")]
    pub selector: Option<String>,

    /// Managed identifiers that the selector includes or excludes
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub identifiers: Vec<String>,

    /// A custom identifier that is kept; up to 30
    #[arg(long, value_name = "ID|NAME")]
    pub custom: Vec<String>,

    /// A saved allow list; up to 10
    #[arg(long = "allow-list", value_name = "ID|NAME")]
    pub allow_lists: Vec<String>,
}

const RUN_EXAMPLES: &str = "\
Examples:
  magpie job run nightly
  magpie job run nightly --format jsonl --only-new -o new.jsonl
  magpie job run once --fail-on high

A run that was interrupted is taken up where it was. Ctrl-C keeps its progress; to stop a job for
good there is magpie job cancel.

Exit status: as magpie scan; 3 also where the job was paused before its end";

#[derive(Debug, Args)]
#[command(after_help = RUN_EXAMPLES)]
pub struct RunArgs {
    #[command(flatten)]
    pub job: WhichJob,

    /// Output format: `table` for people, `jsonl` one occurrence a line, `macie` one Macie finding a
    /// line, `json` one summary document
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "table")]
    pub format: Format,

    /// Write the output to this file, which appears whole at the end [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Show no progress bar
    #[arg(long)]
    pub no_progress: bool,

    #[command(flatten)]
    pub engine: EngineArgs,
}

/// What reading would take, with the options of a run.
#[derive(Debug, Args)]
pub struct EstimateJobArgs {
    #[command(flatten)]
    pub job: WhichJob,

    /// Output format: `table` for people, `json` one document
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "table")]
    pub format: Format,

    /// Write the output to this file, which appears whole at the end [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Stored bytes a second to reckon the time with, such as 80MB [default: the best of the latest
    /// runs in the state folder]
    #[arg(long, value_name = "SIZE", value_parser = super::size::parse)]
    pub estimate_speed: Option<u64>,

    #[command(flatten)]
    pub engine: EngineArgs,
}

const RUN_DUE_EXAMPLES: &str = "\
Meant for cron and systemd timers: it prints nothing where nothing is found and everything was read,
else a short block for each job. Times that were missed meanwhile are one run. Jobs that another
process runs are left to it.

Examples:
  */15 * * * *  magpie job run-due --only-new
  magpie job run-due --fail-on high";

#[derive(Debug, Args)]
#[command(after_help = RUN_DUE_EXAMPLES)]
pub struct RunDueArgs {
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// How runs are done.
#[derive(Debug, Args)]
pub struct EngineArgs {
    /// Tell only what the run before had not found
    #[arg(long)]
    pub only_new: bool,

    /// Exit with status 1 when a finding is at least this severe
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "never")]
    pub fail_on: FailOn,

    /// Do not exit with status 3 when something was not read
    #[arg(long)]
    pub allow_incomplete: bool,

    /// Print no table, no block and no notes
    #[arg(short, long)]
    pub quiet: bool,

    /// Scanning threads [default: number of processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    #[command(flatten)]
    pub config: ConfigArgs,

    #[command(flatten)]
    pub state: StateArgs,

    /// Write Macie discovery results (.jsonl.gz) below this folder or s3://bucket/prefix
    /// [default: results/ in the state folder]
    #[arg(long, value_name = "DIR|s3://…")]
    pub results: Option<String>,

    /// KMS key to encrypt discovery results in S3 with
    #[arg(long, value_name = "KEY")]
    pub results_kms_key: Option<String>,

    #[command(flatten)]
    pub log_file: LogFileArgs,

    #[command(flatten)]
    pub job_log: JobLogArgs,

    #[command(flatten)]
    pub aws: AwsArgs,

    #[command(flatten)]
    pub limits: LimitArgs,
}
