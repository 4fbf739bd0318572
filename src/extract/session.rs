//! Where a walk gets someone to parse for it.

use std::fmt;
use std::io::{self, BufReader, Read, Write};
use std::sync::Arc;
use std::thread;

use super::serve::serve;
use super::wire::Begin;
use crate::model::Reason;

/// Gives out [`Session`]s. One for all walks of a run.
pub trait Workshop: Send + Sync + fmt::Debug {
    /// Someone who parses the document that is going to be asked for; may wait until someone is free.
    ///
    /// # Errors
    /// Nobody can be had, now or for good.
    fn session(&self, begin: &Begin) -> io::Result<Session>;
}

/// Looks after whoever is at the other end of a session.
pub trait Minder: Send {
    /// The document was read to its end and the line is free for the next.
    fn done(&mut self, line: Ends);

    /// The line broke: why, in one line for people.
    fn cause(&mut self) -> (Reason, String);
}

/// Both ends of a line.
pub struct Ends {
    pub input: BufReader<Box<dyn Read + Send>>,
    pub output: Box<dyn Write + Send>,
}

/// A line to someone who parses one document.
pub struct Session {
    pub ends: Option<Ends>,
    pub minder: Box<dyn Minder>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

/// Bytes of frames read at a time.
const INPUT_BYTES: usize = 64 << 10;

impl Ends {
    pub fn new(input: Box<dyn Read + Send>, output: Box<dyn Write + Send>) -> Self {
        Ends {
            input: BufReader::with_capacity(INPUT_BYTES, input),
            output,
        }
    }
}

/// Parses in threads of this process, without any bound on time and memory but those of the
/// parsers: for tests, and for files that are trusted.
#[derive(Clone, Copy, Debug, Default)]
pub struct InThread;

struct NoMinder;

impl Minder for NoMinder {
    fn done(&mut self, _: Ends) {}

    fn cause(&mut self) -> (Reason, String) {
        (Reason::MalformedFile, "the parser broke off".to_owned())
    }
}

impl Workshop for InThread {
    fn session(&self, _: &Begin) -> io::Result<Session> {
        let (to_parser, for_parser) = {
            let (reader, writer) = io::pipe()?;
            (writer, reader)
        };
        let (from_parser, by_parser) = io::pipe()?;
        thread::Builder::new()
            .name("parser".to_owned())
            .spawn(move || {
                // a walk that is gone is no concern of the parser
                let _ = serve(Box::new(for_parser), Box::new(by_parser));
            })?;
        Ok(Session {
            ends: Some(Ends::new(Box::new(from_parser), Box::new(to_parser))),
            minder: Box::new(NoMinder),
        })
    }
}

impl Session {
    /// Gives the line back.
    pub fn done(mut self) {
        if let Some(ends) = self.ends.take() {
            self.minder.done(ends);
        }
    }
}

/// A workshop where nobody works: documents are not read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Closed;

impl Workshop for Closed {
    fn session(&self, _: &Begin) -> io::Result<Session> {
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "documents are not read here",
        ))
    }
}

/// The default of a library: see [`InThread`].
pub fn default_workshop() -> Arc<dyn Workshop> {
    Arc::new(InThread)
}
