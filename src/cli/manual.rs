//! Completion scripts and manual pages, made from the arguments themselves.

use std::path::Path;

use anyhow::Context;
use clap::CommandFactory;

use super::args::Cli;
use super::exit::{Exit, Failure, OrExit};
use super::output;

/// Prints the completion script of a shell.
pub fn completions(shell: clap_complete::Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "magpie", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}

/// Prints the manual page, or writes one for each subcommand into a folder.
pub fn man(dir: Option<&Path>) -> Result<Exit, Failure> {
    match dir {
        Some(dir) => {
            clap_mangen::generate_to(Cli::command(), dir)
                .with_context(|| format!("write manual pages to {}", dir.display()))
                .or_exit(Exit::Output)?;
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command())
                .render(&mut page)
                .context("render manual page")
                .or_exit(Exit::Internal)?;
            output::print(&String::from_utf8_lossy(&page))?;
        }
    }
    Ok(Exit::Clean)
}
