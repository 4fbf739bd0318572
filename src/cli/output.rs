//! Where output goes: standard output with or without styles, or a file that appears whole.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::exit::{Exit, Failure, OrExit};

/// Writes a text to standard output; styles go only where they are wanted. A reader that went
/// away (`| head`) is no error.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(e)
            .context("write standard output")
            .or_exit(Exit::Output),
        _ => Ok(()),
    }
}

/// A destination for machine output.
pub enum Output {
    Stdout(BufWriter<io::StdoutLock<'static>>),
    /// Written beside its final name and renamed when it is whole.
    File {
        writer: BufWriter<File>,
        temporary: PathBuf,
        path: PathBuf,
    },
}

impl Output {
    /// Opens the destination; nothing is replaced before [`Output::finish`].
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(Output::Stdout(BufWriter::with_capacity(
                1 << 16,
                io::stdout().lock(),
            )));
        };
        let name = path.file_name().ok_or_else(|| {
            Failure::usage(format!(
                "write output {}: it is not a file name",
                path.display()
            ))
        })?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", std::process::id()));
        let temporary = path.with_file_name(hidden);
        let file = File::create(&temporary)
            .with_context(|| format!("write output {}", path.display()))
            .or_exit(Exit::Output)?;
        Ok(Output::File {
            writer: BufWriter::with_capacity(1 << 16, file),
            temporary,
            path: path.to_owned(),
        })
    }

    /// Makes the output durable and visible.
    ///
    /// # Errors
    /// It could not be written whole; the file of that name is as it was.
    pub fn finish(self) -> Result<(), Failure> {
        match self {
            Output::Stdout(mut out) => match out.flush() {
                Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(e)
                    .context("write standard output")
                    .or_exit(Exit::Output),
                _ => Ok(()),
            },
            Output::File {
                writer,
                temporary,
                path,
            } => {
                let done = writer
                    .into_inner()
                    .map_err(io::IntoInnerError::into_error)
                    .and_then(|file| file.sync_all())
                    .and_then(|()| std::fs::rename(&temporary, &path));
                done.inspect_err(|_| {
                    // the error is told; a part that stays behind is only in the way
                    let _ = std::fs::remove_file(&temporary);
                })
                .with_context(|| format!("write output {}", path.display()))
                .or_exit(Exit::Output)
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::Stdout(out) => out.write(bytes),
            Output::File { writer, .. } => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Stdout(out) => out.flush(),
            Output::File { writer, .. } => writer.flush(),
        }
    }
}
