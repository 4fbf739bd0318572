//! `--log-file`: what a run does in detail, for whoever has to find out later.
//!
//! The parts tell it with `tracing`; here it goes to a file, and nowhere else. Only what this
//! program tells is taken: its libraries would tell requests and their bodies.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use clap::Args;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry};

use super::exit::{Exit, Failure, OrExit};
use super::plain::plain;

/// The library's name, as its own targets begin.
const OURS: &str = "magpie";

#[derive(Clone, Debug, Args)]
pub struct LogFileArgs {
    /// Append what the run does to this file: the outcome of every object, retries, failures. No
    /// matched value is in it
    #[arg(long, value_name = "FILE", env = "MAGPIE_LOG_FILE")]
    pub log_file: Option<PathBuf>,
}

/// The open file.
#[derive(Clone, Debug)]
pub struct LogFile {
    path: PathBuf,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    /// Why a line could not be written; the first time.
    failed: Option<io::Error>,
}

/// Opens the file, and has everything told into it until the process ends. Once in a process.
///
/// # Errors
/// The file cannot be opened.
pub fn start(args: &LogFileArgs) -> Result<Option<LogFile>, Failure> {
    let Some(path) = &args.log_file else {
        return Ok(None);
    };
    let file = open(path)
        .with_context(|| format!("open log file {}", path.display()))
        .or_exit(Exit::Output)?;
    let log = LogFile {
        path: path.clone(),
        inner: Arc::new(Mutex::new(Inner { file, failed: None })),
    };
    let ours = Targets::new().with_target(OURS, Level::DEBUG);
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_target(false)
        .log_internal_errors(false)
        .with_writer(log.clone())
        .with_filter(ours);
    tracing::subscriber::set_global_default(Registry::default().with(layer))
        .context("start log file")
        .or_exit(Exit::Internal)?;
    Ok(Some(log))
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

impl LogFile {
    /// Tells of lines that could not be written; the run itself is as good as without them.
    pub fn finish(&self) {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cause) = &inner.failed {
            let path = self.path.display().to_string();
            anstream::eprintln!("magpie: write log file {}: {cause}", plain(&path));
        }
    }
}

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = &'a LogFile;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

/// One call writes one line: lines of several processes do not mix.
impl Write for &LogFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(cause) = inner.file.write_all(line) {
            inner.failed.get_or_insert(cause);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
