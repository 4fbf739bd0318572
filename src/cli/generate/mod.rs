//! `magpie generate cron|systemd`: what runs the jobs that are due, ready to be installed.
//!
//! Both end in the same command, `magpie job run-due`; what differs is quoting, and what the one
//! can be told beyond a time.

mod cron;
mod quote;
mod systemd;

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};

use super::exit::{Exit, Failure, OrExit};
use super::output;

const EXAMPLES: &str = "\
Examples:
  magpie generate systemd --dir /etc/systemd/system && systemctl enable --now magpie-run-due.timer
  magpie generate systemd --schedule '*-*-* 02:30' --user audit --profile audit
  magpie generate cron --schedule '30 2 * * *' --mail-to ops@example.com | crontab -
  magpie generate cron --state-dir /var/lib/magpie -- --only-new

A job has a schedule of its own: this one says how often magpie looks whether one is due.";

/// Print units for systemd or a line for cron that run the jobs that are due
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct GenerateArgs {
    #[command(subcommand)]
    command: GenerateCommand,
}

#[derive(Debug, Subcommand)]
enum GenerateCommand {
    /// Print a line for crontab
    Cron(CronArgs),
    /// Print a service and its timer, which give magpie no more than it needs
    Systemd(SystemdArgs),
}

#[derive(Clone, Debug, Args)]
struct RunArgs {
    /// State folder of the jobs
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,

    /// Configuration with accounts and quotas
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Profile of the AWS configuration
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Region to start from
    #[arg(long, value_name = "REGION")]
    region: Option<String>,

    /// User that runs it
    #[arg(long, value_name = "NAME")]
    user: Option<String>,

    /// The magpie to run [default: this one]
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,

    /// Further arguments of `magpie job run-due`
    #[arg(last = true, value_name = "ARGUMENT")]
    more: Vec<String>,
}

#[derive(Clone, Debug, Args)]
struct CronArgs {
    /// When to look for jobs that are due: the five fields of crontab
    #[arg(long, value_name = "FIELDS", default_value = "7 * * * *")]
    schedule: String,

    /// Where cron sends what magpie prints: nothing where nothing is new
    #[arg(long, value_name = "ADDRESS")]
    mail_to: Option<String>,

    #[command(flatten)]
    run: RunArgs,
}

#[derive(Clone, Debug, Args)]
struct SystemdArgs {
    /// When to look for jobs that are due: a calendar event of systemd
    #[arg(long, value_name = "CALENDAR", default_value = "hourly")]
    schedule: String,

    /// Write both units into this folder instead
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,

    #[command(flatten)]
    run: RunArgs,
}

/// What is to be run, with absolute paths.
struct Run<'a> {
    program: String,
    state_dir: Option<String>,
    config: Option<String>,
    profile: Option<&'a str>,
    region: Option<&'a str>,
    user: Option<&'a str>,
    /// After the program.
    arguments: Vec<&'a str>,
}

pub fn run(args: &GenerateArgs) -> Result<Exit, Failure> {
    match &args.command {
        GenerateCommand::Cron(args) => {
            let run = resolve(&args.run)?;
            output::print(&cron::line(args, &run)?)?;
        }
        GenerateCommand::Systemd(args) => {
            let run = resolve(&args.run)?;
            let units = systemd::units(args, &run)?;
            match &args.dir {
                Some(dir) => write(dir, &units)?,
                None => {
                    let texts: Vec<String> = units
                        .iter()
                        .map(|(name, text)| format!("# /etc/systemd/system/{name}\n{text}"))
                        .collect();
                    output::print(&texts.join("\n"))?;
                }
            }
        }
    }
    Ok(Exit::Clean)
}

fn write(dir: &Path, units: &[(&str, String)]) -> Result<(), Failure> {
    for (name, text) in units {
        let path = dir.join(name);
        std::fs::write(&path, text)
            .with_context(|| format!("write unit {}", path.display()))
            .or_exit(Exit::Output)?;
    }
    Ok(())
}

fn resolve(args: &RunArgs) -> Result<Run<'_>, Failure> {
    let program = match &args.program {
        Some(program) => program.clone(),
        None => std::env::current_exe()
            .context("find the program that runs; give --program")
            .or_exit(Exit::Internal)?,
    };
    let state_dir = args.state_dir.as_deref();
    let mut arguments = vec!["job", "run-due"];
    arguments.extend(args.more.iter().map(String::as_str));
    let run = Run {
        program: absolute(&program)?,
        state_dir: state_dir.map(absolute).transpose()?,
        config: args.config.as_deref().map(absolute).transpose()?,
        profile: args.profile.as_deref(),
        region: args.region.as_deref(),
        user: args.user.as_deref(),
        arguments,
    };
    // one line is one setting: a second line would be another
    let paths = [&run.state_dir, &run.config].map(Option::as_deref);
    let texts = [run.profile, run.region, run.user].into_iter().chain(paths);
    let texts = texts.flatten().chain([run.program.as_str()]);
    for text in texts.chain(run.arguments.iter().copied()) {
        plain_line("argument", text)?;
    }
    if let Some(user) = run.user
        && !is_user(user)
    {
        return Err(Failure::usage(format!(
            "read --user {user:?}: a user has letters, digits, - and _ only"
        )));
    }
    Ok(run)
}

fn absolute(path: &Path) -> Result<String, Failure> {
    let path = std::path::absolute(path)
        .with_context(|| format!("find {}", path.display()))
        .or_exit(Exit::Usage)?;
    match path.to_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(Failure::usage(format!(
            "read path {}: it is not UTF-8",
            path.display()
        ))),
    }
}

/// # Errors
/// A text that would end the line it is put into.
fn plain_line(what: &str, text: &str) -> Result<(), Failure> {
    if text.chars().any(char::is_control) {
        return Err(Failure::usage(format!(
            "read {what} {text:?}: it holds a line break or another control character"
        )));
    }
    Ok(())
}

fn is_user(name: &str) -> bool {
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    !name.is_empty() && !name.starts_with('-') && name.bytes().all(known)
}
