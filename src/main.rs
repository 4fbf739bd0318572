//! Parses, runs, prints one error, chooses the exit status.

use std::process::ExitCode;

use clap::Parser;
use magpie::cli::args::Cli;
use magpie::cli::exit::Exit;

fn main() -> ExitCode {
    // The text of a panic may quote what was being read; only its place may be told.
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or(String::new(), |l| {
            format!(" at {}:{}:{}", l.file(), l.line(), l.column())
        });
        eprintln!("magpie: internal error{place}; please report it");
    }));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let exit = match error.use_stderr() {
                true => Exit::Usage,
                false => Exit::Clean,
            };
            // nothing is left to tell where even the usage cannot be written
            let _ = error.print();
            return exit.into();
        }
    };
    let ran = std::panic::catch_unwind(|| magpie::cli::run(&cli));
    match ran {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(failure)) => {
            magpie::cli::complain(&failure);
            failure.exit.into()
        }
        Err(_) => Exit::Internal.into(),
    }
}
