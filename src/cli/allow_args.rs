//! The command line of allow lists as the user types it.

use std::ffi::OsString;

use clap::{Args, Subcommand, ValueEnum};

use super::args::{AwsArgs, StateArgs};

const EXAMPLES: &str = "\
Examples:
  magpie allow-list create test-people --words people.txt
  magpie allow-list create shared --words s3://config/allow/people.txt --tag team=qa
  magpie allow-list create own-mail --regex '[a-zA-Z0-9_.+\\-]+@example\\.com'
  magpie allow-list create fixtures --file allow.toml
  magpie scan ./exports --allow-list test-people --allow-list own-mail
  magpie scan ./exports --allow-list people.txt      a file need not be saved first
  printf %s '536-90-4399' | magpie allow-list fingerprint USA_SOCIAL_SECURITY_NUMBER";

/// Manage allow lists: values that are known and need not be reported
///
/// A words list has one entry a line (1 to 90 characters, at most 100,000 entries and 35 MiB); a value
/// that equals an entry as a whole, in any case of letters, is allowed. A regex must match the value
/// as a whole. A TOML file has entries with limits, reasons and dates; see the README. Lists do not
/// apply to mailing addresses, as with Macie. What they allow is counted in every report.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct AllowListArgs {
    #[command(subcommand)]
    pub command: AllowListCommand,
}

#[derive(Debug, Subcommand)]
pub enum AllowListCommand {
    /// Save a list under a name; its words stay where they are, and are read when a scan starts
    Create(Box<CreateArgs>),
    /// List the saved lists
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,

        #[command(flatten)]
        state: StateArgs,
    },
    /// Show a saved list, without its words
    Show {
        /// Id or name
        #[arg(value_name = "ID|NAME")]
        list: String,

        /// As a JSON object
        #[arg(long)]
        json: bool,

        #[command(flatten)]
        state: StateArgs,
    },
    /// Forget a saved list; its file stays
    Delete {
        /// Id or name
        #[arg(value_name = "ID|NAME")]
        list: String,

        /// Also where a job that is not at its end uses the list
        #[arg(long)]
        ignore_job_checks: bool,

        #[command(flatten)]
        state: StateArgs,
    },
    /// Read a list now and tell whether it can be used, with Macie's status codes
    Status(Box<StatusArgs>),
    /// Print the fingerprint of a value, for a TOML list that allows it without writing it down
    ///
    /// The value is read from standard input, as it stands in the object; one line end after it does
    /// not count. Fingerprints are made with a secret of the state folder, and count there alone.
    Fingerprint {
        /// The identifier that reports the value, such as USA_SOCIAL_SECURITY_NUMBER
        #[arg(value_name = "IDENTIFIER")]
        identifier: String,

        #[command(flatten)]
        state: StateArgs,
    },
}

#[derive(Debug, Args)]
pub struct CreateArgs {
    /// Name, 1 to 128 characters
    pub name: String,

    #[command(flatten)]
    pub criteria: CriteriaArgs,

    /// At most 512 characters
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,

    /// Tag, at most 50
    #[arg(long = "tag", value_name = "KEY=VALUE")]
    pub tags: Vec<String>,

    #[command(flatten)]
    pub state: StateArgs,

    #[command(flatten)]
    pub aws: AwsArgs,
}

/// One of them: the kind of a list is for good.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct CriteriaArgs {
    /// Text file, one entry a line
    #[arg(long, value_name = "FILE|s3://…")]
    pub words: Option<OsString>,

    /// Expression that values must match as a whole, at most 512 characters
    #[arg(long, value_name = "REGEX")]
    pub regex: Option<String>,

    /// TOML file of entries with limits, reasons and dates
    #[arg(long, value_name = "FILE.toml|s3://…")]
    pub file: Option<OsString>,
}

#[derive(Debug, Args)]
pub struct StatusArgs {
    /// A saved list, a file or s3://bucket/key
    #[arg(value_name = "ID|NAME|FILE")]
    pub list: OsString,

    /// As a JSON object
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub state: StateArgs,

    #[command(flatten)]
    pub aws: AwsArgs,
}

/// Of these options alone: a heading for the struct would go on over what follows it.
const HEADING: &str = "Allow lists";

/// The allow lists of a scan.
#[derive(Clone, Debug, Args)]
pub struct ScanAllowArgs {
    /// Do not report values of this list, but count them: a saved list, a text file of one entry a
    /// line, a .toml file, or either in S3; at most 10
    #[arg(
        long = "allow-list",
        value_name = "ID|NAME|FILE",
        help_heading = HEADING
    )]
    pub allow_lists: Vec<OsString>,

    /// Where a list cannot be read: `stop`, or `ignore` it and say so in the report
    #[arg(
        long,
        value_enum,
        value_name = "stop|ignore",
        default_value = "stop",
        help_heading = HEADING
    )]
    pub allow_list_errors: AllowListErrors,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AllowListErrors {
    Stop,
    Ignore,
}
