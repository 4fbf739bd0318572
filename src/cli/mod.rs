//! The command line: the only part that prints.
//!
//! `args` is what the user types, `plan` what it resolves to; one file per subcommand.

mod allow;
pub mod allow_args;
mod allow_list;
mod allow_shown;
pub mod args;
mod bar;
mod clock;
mod config;
pub mod estimate;
mod evaluate;
pub mod exit;
pub mod generate;
mod identifiers;
mod job;
pub mod job_args;
pub mod job_log;
pub mod limits;
pub mod log_file;
mod logs;
mod manual;
mod output;
mod own;
mod plain;
mod plan;
mod render;
mod scan;
pub mod send_logs;
mod show;
mod signals;
mod size;
mod state;
mod table;
pub mod text;
mod words;

use args::{Cli, Command};
use exit::{Exit, Failure};

/// Runs the command that was typed.
///
/// # Errors
/// What could not be done, with the exit status it leads to. Nothing of it is printed yet.
pub fn run(cli: &Cli) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Scan(args) if args.estimate.estimate => estimate::run(args),
        Command::Scan(args) => scan::run(args),
        Command::Identifiers(command) => identifiers::run(command),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Generate(args) => generate::run(args),
        Command::AllowList(args) => allow_list::run(args),
        Command::Job(args) => job::run(args),
        Command::Logs(args) => logs::run(args),
        Command::Text(args) => text::run(args),
        Command::Completions { shell } => manual::completions(*shell),
        Command::ParseDocuments { memory } => parser(*memory),
        Command::Man { dir } => manual::man(dir.as_deref()),
    }
}

/// Parses documents for another process of this program; speaks with it alone.
fn parser(memory_bytes_max: u64) -> Result<Exit, Failure> {
    // what it would print could quote a document
    std::panic::set_hook(Box::new(|_| {}));
    // a line that broke is for the other end to tell
    let (input, output) = (Box::new(std::io::stdin()), Box::new(std::io::stdout()));
    let _ = crate::sandbox::worker(memory_bytes_max, input, output);
    Ok(Exit::Clean)
}

/// Prints an error to standard error, with its causes on one line.
pub fn complain(failure: &Failure) {
    let message = format!("{:#}", failure.error);
    anstream::eprintln!("magpie: {}", plain::plain(&message));
}
