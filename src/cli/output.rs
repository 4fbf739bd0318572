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
    /// A pipe or device: written as it comes.
    Stream {
        writer: BufWriter<File>,
        path: PathBuf,
    },
    /// Written beside its final name and renamed when it is whole.
    File {
        writer: BufWriter<File>,
        part: Part,
        path: PathBuf,
    },
}

/// A file that is not whole yet; goes away unless it becomes so.
pub struct Part(Option<PathBuf>);

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // the run has its own error to tell; a part that stays behind is only in the way
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Name of the file that is written until the output is whole.
pub fn part(path: &Path) -> Option<PathBuf> {
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(path.file_name()?);
    hidden.push(format!(".{}.part", std::process::id()));
    Some(path.with_file_name(hidden))
}

impl Output {
    /// Opens the destination; nothing is replaced before [`Output::finish`]. `-` is standard output.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn open(path: Option<&Path>) -> Result<Self, Failure> {
        const BUFFER: usize = 1 << 16;
        let Some(path) = path.filter(|p| *p != Path::new("-")) else {
            let out = io::stdout().lock();
            return Ok(Output::Stdout(BufWriter::with_capacity(BUFFER, out)));
        };
        let refuse = |cause: &str| {
            let message = format!("write output {}: {cause}", path.display());
            Err(Failure::new(Exit::Output, anyhow::anyhow!(message)))
        };
        let old = std::fs::metadata(path);
        if old.as_ref().is_ok_and(std::fs::Metadata::is_dir) {
            return refuse("it is a folder; name a file in it");
        }
        if old.as_ref().is_ok_and(|m| !m.is_file()) {
            let file = File::options()
                .write(true)
                .open(path)
                .with_context(|| format!("write output {}", path.display()))
                .or_exit(Exit::Output)?;
            return Ok(Output::Stream {
                writer: BufWriter::with_capacity(BUFFER, file),
                path: path.to_owned(),
            });
        }
        // a link stays one: what it leads to is replaced
        let path = match old {
            Ok(_) => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
            Err(_) => path.to_owned(),
        };
        let Some(temporary) = part(&path) else {
            return refuse("it is not a file name");
        };
        let file = File::create(&temporary)
            .with_context(|| format!("write output {}", path.display()))
            .or_exit(Exit::Output)?;
        Ok(Output::File {
            writer: BufWriter::with_capacity(BUFFER, file),
            part: Part(Some(temporary)),
            path,
        })
    }

    /// Makes the output durable and visible.
    ///
    /// # Errors
    /// It could not be written whole; the file of that name is as it was.
    pub fn finish(self) -> Result<(), Failure> {
        let failed = |path: PathBuf| move || format!("write output {}", path.display());
        match self {
            Output::Stdout(mut out) => match out.flush() {
                Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(e)
                    .context("write standard output")
                    .or_exit(Exit::Output),
                _ => Ok(()),
            },
            Output::Stream { mut writer, path } => match writer.flush() {
                Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
                    Err(e).with_context(failed(path)).or_exit(Exit::Output)
                }
                _ => Ok(()),
            },
            Output::File {
                writer,
                mut part,
                path,
            } => {
                let rename = || match &part.0 {
                    Some(temporary) => std::fs::rename(temporary, &path),
                    None => Ok(()),
                };
                let done = writer
                    .into_inner()
                    .map_err(io::IntoInnerError::into_error)
                    .and_then(|file| file.sync_all())
                    .and_then(|()| rename());
                if done.is_ok() {
                    part.0 = None;
                }
                done.with_context(failed(path)).or_exit(Exit::Output)
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::Stdout(out) => out.write(bytes),
            Output::Stream { writer, .. } | Output::File { writer, .. } => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Stdout(out) => out.flush(),
            Output::Stream { writer, .. } | Output::File { writer, .. } => writer.flush(),
        }
    }
}
