//! The command line as the user types it. What it resolves to is in `plan`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::allow_args::{AllowListArgs, ScanAllowArgs};
use super::estimate::EstimateArgs;
use super::generate::GenerateArgs;
use super::job_args::JobArgs;
use super::job_log::JobLogArgs;
use super::limits::LimitArgs;
use super::log_file::LogFileArgs;
use super::send_logs::SendArgs;
use super::text::TextArgs;

/// Finds sensitive data in S3 objects, files and log archives, the way Amazon Macie does, and says
/// where it is, why it was reported, and what was not read.
#[derive(Debug, Parser)]
#[command(
    name = "magpie",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan files, folders or S3 for sensitive data
    Scan(Box<ScanArgs>),
    /// Show the data identifiers
    #[command(subcommand)]
    Identifiers(IdentifiersCommand),
    /// Score the identifiers on labelled files
    Evaluate(Box<EvaluateArgs>),
    AllowList(AllowListArgs),
    Generate(GenerateArgs),
    Job(JobArgs),
    /// Show the job log: one Macie log event a line
    Logs(LogsArgs),
    Text(TextArgs),
    /// Print a completion script for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Parse documents for another magpie
    #[command(hide = true, name = crate::sandbox::WORKER_COMMAND)]
    ParseDocuments {
        /// Most memory, in bytes
        memory: u64,
    },
    /// Print the manual page (roff)
    Man {
        /// Write one page for each subcommand into this folder instead
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

const SCAN_EXAMPLES: &str = "\
Examples:
  magpie scan ./exports                              a folder
  magpie scan s3://logs/exportedlogs/                a prefix, with your usual AWS credentials
  magpie scan s3://logs --profile audit --fail-on high
  magpie scan s3://bucket --endpoint-url http://localhost:9000
  zcat app.log.gz | magpie scan -                    standard input
  magpie scan ./exports --format jsonl -o found.jsonl
  magpie scan s3://logs --estimate                   what it would take, without reading
  magpie scan ./exports --allow-list people.txt      known values, counted and not reported
  magpie scan ./exports --identifiers CREDIT_CARD_NUMBER,USA_SOCIAL_SECURITY_NUMBER
  magpie scan ./exports --custom 'Employee id' --identifiers none

Exit status:
  0 complete, nothing at or above --fail-on    1 findings at or above it
  2 wrong usage       3 something was not read 4 credentials or permissions
  5 network failure   6 output not written     7 another run holds the lock
  70 internal error   130/143 interrupted; run the same command again to continue";

#[derive(Debug, Args)]
#[command(after_help = SCAN_EXAMPLES)]
pub struct ScanArgs {
    /// A file, a folder, - for standard input, s3://bucket, s3://bucket/prefix or s3://bucket/key
    #[arg(required = true, value_name = "TARGET")]
    pub targets: Vec<OsString>,

    /// Output format: `table` for people, `jsonl` one occurrence a line, `macie` one Macie finding a
    /// line, `json` one summary document
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "table")]
    pub format: Format,

    /// Write the output to this file, which appears whole at the end [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Identifiers to look for: `all`, `macie` (those that Macie has too), `recommended` (Macie's set
    /// for jobs), `none` (only those of --custom) or ids
    #[arg(
        long,
        value_name = "all|macie|recommended|none|ID,…",
        value_delimiter = ',',
        default_value = "all"
    )]
    pub identifiers: Vec<String>,

    /// An identifier of your own beside the others: id, name or detector file; up to 30
    #[arg(long, value_name = "ID|NAME|FILE")]
    pub custom: Vec<String>,

    /// Identifiers to leave out
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub exclude_identifiers: Vec<String>,

    /// Read only objects whose key matches one of these globs
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<String>,

    /// Leave out objects whose key matches one of these globs; wins over --include
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,

    #[command(flatten)]
    pub allow: ScanAllowArgs,

    /// Exit with status 1 when a finding is at least this severe
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "never")]
    pub fail_on: FailOn,

    /// Do not exit with status 3 when something was not read
    #[arg(long)]
    pub allow_incomplete: bool,

    /// Scanning threads [default: number of processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Where jobs, findings and logs are kept
    #[command(flatten)]
    pub state: StateArgs,

    /// Write Macie discovery results (.jsonl.gz) below this folder or s3://bucket/prefix
    /// [default: results/ in the state folder]
    #[arg(long, value_name = "DIR|s3://…")]
    pub results: Option<String>,

    /// KMS key to encrypt discovery results in S3 with
    #[arg(long, value_name = "KEY")]
    pub results_kms_key: Option<String>,

    /// Name of the job in the job log and in findings
    #[arg(long, value_name = "NAME", default_value = "magpie-scan")]
    pub job_name: String,

    /// Account id of the one who runs the job, as written in events and findings
    #[arg(long, value_name = "12 DIGITS", env = "MAGPIE_ACCOUNT_ID")]
    pub account_id: Option<String>,

    #[command(flatten)]
    pub estimate: EstimateArgs,

    #[command(flatten)]
    pub log_file: LogFileArgs,

    /// Print no table and no notes; results in other formats are still written
    #[arg(short, long)]
    pub quiet: bool,

    /// Show no progress bar
    #[arg(long)]
    pub no_progress: bool,

    // what comes after a group with a heading would stand under it
    #[command(flatten)]
    pub aws: AwsArgs,

    #[command(flatten)]
    pub job_log: JobLogArgs,

    #[command(flatten)]
    pub limits: LimitArgs,
}

#[derive(Clone, Debug, Args)]
pub struct StateArgs {
    /// State folder [default: $XDG_STATE_HOME/magpie or ~/.local/state/magpie]
    #[arg(long, value_name = "DIR", env = "MAGPIE_STATE_DIR")]
    pub state_dir: Option<PathBuf>,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "AWS")]
pub struct AwsArgs {
    /// Profile of the AWS configuration
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,

    /// Region to start from; a bucket elsewhere is followed to its own
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,

    /// Address of an S3-compatible store
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,

    /// Read anonymously
    #[arg(long)]
    pub no_sign_request: bool,

    /// Agree to pay for requests to Requester Pays buckets
    #[arg(long)]
    pub request_payer: bool,

    /// Account that must own the buckets; another owner is an error
    #[arg(long, value_name = "12 DIGITS")]
    pub expected_bucket_owner: Option<String>,

    /// Concurrent S3 reads, at most
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=512))]
    pub max_reads: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Jsonl,
    Macie,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Low,
    Medium,
    High,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum IdentifiersCommand {
    /// List the identifiers, built-in ones and your own
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,

        #[command(flatten)]
        state: StateArgs,
    },
    /// Show one identifier: format, keywords, checks, severity
    Show {
        /// Such as CREDIT_CARD_NUMBER, or the id or name of one of your own
        id: String,

        /// As a JSON object; your own as GetCustomDataIdentifier of Macie gives it
        #[arg(long)]
        json: bool,

        #[command(flatten)]
        state: StateArgs,
    },
    /// Make an identifier of your own and keep it; prints its id
    Create(Box<CreateArgs>),
    /// Delete one of your own; show still answers with it
    Delete {
        /// Id or name
        id: String,

        #[command(flatten)]
        state: StateArgs,
    },
    /// Try an identifier on a text, or run the examples of detector files
    Test(Box<TestArgs>),
}

const CREATE_EXAMPLES: &str = "\
Examples:
  magpie identifiers create \"Employee id\" --regex 'EMP-\\d{6}'
  magpie identifiers create \"Employee id\" --regex '\\d{6}' --keyword employee --max-distance 30
  magpie identifiers create Badge --regex 'B\\d{4}' --ignore-word B0000 --severity low=1,high=100
  magpie identifiers create --file BADGE_NUMBER.toml      a detector file

Expressions are a subset of PCRE: no look-around, back references, flags but (?i) and (?s). ^ and $ are
the ends of the file. An identifier never changes; make another one and delete the old one.";

#[derive(Debug, Args)]
#[command(after_help = CREATE_EXAMPLES)]
pub struct CreateArgs {
    /// Name, 1 to 128 characters [default with --file: the id in the file]
    #[arg(required_unless_present = "file")]
    pub name: Option<String>,

    #[command(flatten)]
    pub rule: RuleArgs,

    /// Severity by occurrences in an object, such as low=1,medium=10,high=100; fewer than the lowest
    /// make no finding [default: medium=1]
    #[arg(
        long,
        value_name = "SEVERITY=N,…",
        value_delimiter = ',',
        conflicts_with = "file"
    )]
    pub severity: Vec<String>,

    /// What it is for, up to 512 characters
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub description: String,

    /// A tag, up to 50
    #[arg(long = "tag", value_name = "KEY=VALUE")]
    pub tags: Vec<String>,

    /// A detector file in place of an expression, with anchors, checks and examples
    #[arg(long, value_name = "FILE", conflicts_with = "regex")]
    pub file: Option<PathBuf>,

    #[command(flatten)]
    pub state: StateArgs,
}

/// What an identifier of Macie's form looks for.
#[derive(Clone, Debug, Args)]
pub struct RuleArgs {
    /// The expression, up to 512 characters
    #[arg(long, value_name = "REGEX", allow_hyphen_values = true)]
    pub regex: Option<String>,

    /// A keyword that must stand before the text, up to 50 of 3 to 90 characters
    #[arg(long = "keyword", value_name = "WORD", requires = "regex")]
    pub keywords: Vec<String>,

    /// A text that does not count holds this, up to 10 of 4 to 90 characters; case matters
    #[arg(long = "ignore-word", value_name = "WORD", requires = "regex")]
    pub ignore_words: Vec<String>,

    /// Characters between the end of the keyword and the end of the text, at most; 1 to 300
    /// [default: 50]
    #[arg(long, value_name = "N", requires = "regex")]
    pub max_distance: Option<u16>,
}

const TEST_EXAMPLES: &str = "\
Examples:
  magpie identifiers test --regex 'EMP-\\d{6}' --keyword employee --text 'employee EMP-123456'
  magpie identifiers test --regex '\\d{6}' sample.txt     a file, or - for standard input
  magpie identifiers test \"Employee id\" sample.txt      one that is kept
  magpie identifiers test detectors/                     all examples of detector files

Tells Macie's match count, where and why each match counts, and why others do not. Texts are shown
masked. With detector files the exit status is 1 when an example fails or a pattern is too slow.";

#[derive(Debug, Args)]
#[command(after_help = TEST_EXAMPLES)]
pub struct TestArgs {
    /// Id or name of one of your own, a detector file or a folder of them; then a file with the text
    /// to try it on. With --regex only the file
    #[arg(value_name = "IDENTIFIER|FILE", num_args = 0..=2)]
    pub what: Vec<String>,

    #[command(flatten)]
    pub rule: RuleArgs,

    /// The text to try it on
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub text: Option<String>,

    /// Longest that a pattern of a detector file may take for 256 KiB of its examples
    #[arg(long, value_name = "MS", default_value_t = 1000)]
    pub budget_ms: u64,

    /// One JSON object
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub state: StateArgs,
}

const EVALUATE_EXAMPLES: &str = "\
A labelled set is JSON Lines, one object a line:
  {\"file\": \"logs/a.log\", \"start\": 120, \"end\": 131, \"type\": \"USA_SOCIAL_SECURITY_NUMBER\"}
`file` is relative to the folder of the set, `start` and `end` are half-open in bytes of the file as
stored. \"optional\": true marks what is neither right nor wrong (with \"type\": \"*\": whatever is found
there); \"member\": \"a/b.csv\" names a file inside an archive; {\"file\": ...} alone names a file that holds
nothing. Other fields are ignored.

Examples:
  magpie evaluate labelled/labels.jsonl
  magpie evaluate *.jsonl --identifiers labelled --format json -o scores.json
  magpie evaluate labels.jsonl --min-f1 0.9 --min-f1 NAME=0.87 --max-fp-per-mb 1

Exit status:
  0 every threshold is reached    1 one is missed    2 wrong usage, or a label that cannot be
  3 a file was not read wholly    6 output not written";

#[derive(Debug, Args)]
#[command(after_help = EVALUATE_EXAMPLES)]
pub struct EvaluateArgs {
    /// Labelled sets: JSON Lines
    #[arg(required = true, value_name = "LABELLED")]
    pub sets: Vec<PathBuf>,

    /// Identifiers to look for: `all`, `recommended`, `labelled` (those that the sets label) or ids
    #[arg(
        long,
        value_name = "all|recommended|labelled|ID,…",
        value_delimiter = ',',
        default_value = "all"
    )]
    pub identifiers: Vec<String>,

    /// Identifiers to leave out
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub exclude_identifiers: Vec<String>,

    /// An identifier of your own beside the others: a detector file
    #[arg(long, value_name = "FILE")]
    pub custom: Vec<PathBuf>,

    /// Identifiers that count as the same, such as SPAIN_DNI_NUMBER=SPAIN_NIF_NUMBER
    #[arg(long, value_name = "ID=ID,…", value_delimiter = ',')]
    pub same: Vec<String>,

    /// Output format: `table` for people, `json` one document
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "table")]
    pub format: EvaluateFormat,

    /// Write the output to this file, which appears whole at the end [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Most misses, and most wrong hits, that are shown one by one
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub worst: u32,

    #[command(flatten)]
    pub gates: GateArgs,

    /// Do not exit with status 3 when a file was not read wholly
    #[arg(long)]
    pub allow_incomplete: bool,

    /// Scanning threads [default: number of processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    #[command(flatten)]
    pub limits: LimitArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EvaluateFormat {
    Table,
    Json,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Thresholds (of all identifiers together, or of one)")]
pub struct GateArgs {
    /// Least precision, 0 to 1
    #[arg(long, value_name = "[ID=]N,…", value_delimiter = ',')]
    pub min_precision: Vec<String>,

    /// Least recall, 0 to 1
    #[arg(long, value_name = "[ID=]N,…", value_delimiter = ',')]
    pub min_recall: Vec<String>,

    /// Least F1, 0 to 1
    #[arg(long, value_name = "[ID=]N,…", value_delimiter = ',')]
    pub min_f1: Vec<String>,

    /// Most wrong hits in 10^6 scanned bytes
    #[arg(long, value_name = "[ID=]N,…", value_delimiter = ',')]
    pub max_fp_per_mb: Vec<String>,

    /// Hold the thresholds against exact stretches
    #[arg(long)]
    pub exact: bool,
}

#[derive(Debug, Args)]
pub struct LogsArgs {
    /// Job id, or the beginning of one [default: the latest job]
    pub job: Option<String>,

    /// Keep printing events as they are written
    #[arg(short, long)]
    pub follow: bool,

    #[command(flatten)]
    pub send: SendArgs,

    #[command(flatten)]
    pub state: StateArgs,
}
