//! The streams of a compound file, by their paths.

use std::io::{self, Read};
use std::sync::Arc;

use cfb::CompoundFile;

use super::super::Failure;
use super::super::watched::{Lost, Watched};
use crate::model::{ReadAt, Reason};

/// A compound file that is open.
pub struct Compound {
    file: CompoundFile<Watched>,
    lost: Lost,
    /// Bytes of the file, which no stream exceeds.
    size: u64,
}

impl Compound {
    pub fn open(source: &Arc<dyn ReadAt>) -> Result<Self, Failure> {
        let watched = Watched::new(source);
        let lost = watched.lost();
        match CompoundFile::open(watched) {
            Ok(file) => Ok(Compound {
                file,
                lost,
                size: source.size(),
            }),
            Err(error) => Err(failure(&lost, "the compound file", &error)),
        }
    }

    pub fn has(&self, path: &str) -> bool {
        self.file.is_stream(path)
    }

    /// Paths of all streams, in the order of the directory.
    pub fn paths(&self) -> Vec<String> {
        self.file
            .walk()
            .filter(|entry| entry.is_stream())
            .filter_map(|entry| entry.path().to_str().map(str::to_owned))
            .collect()
    }

    /// A stream as a whole.
    pub fn stream(&mut self, path: &str) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let read = self
            .file
            .open_stream(path)
            .and_then(|stream| stream.take(self.size).read_to_end(&mut bytes));
        match read {
            Ok(_) => Ok(bytes),
            Err(error) => Err(failure(&self.lost, "a stream of the file", &error)),
        }
    }
}

fn failure(lost: &Lost, what: &str, error: &io::Error) -> Failure {
    match lost.take() {
        Some(lost) => Failure::Source(lost),
        None => Failure::broken(
            Reason::MalformedOrFileSizeExceedsLimit,
            format!("{what} is broken: {error}").replace('\n', " "),
        ),
    }
}
