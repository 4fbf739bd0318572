//! Processes of their own for the parsers of documents, with bounds on what they can do.
//!
//! [`Pool`] starts this program again as a worker ([`worker`]) that parses what it is given over its
//! standard streams, and uses it again for the next document. A worker cannot use the network, open
//! or write files or start programs where the kernel lets it give that up ([`enter`]), and has a
//! bound on memory. One that crashes, hangs or takes too much costs the document it was at, and is
//! replaced. How documents are told is left to [`extract`](crate::extract).

mod confine;
mod pool;
mod watch;

use std::io::{self, Read, Write};

pub use confine::{Confinement, enter};
pub use pool::{Pool, Settings};

/// The hidden subcommand that makes this program a worker.
pub const WORKER_COMMAND: &str = "parse-documents";

/// Makes this process a worker, which reads documents as `input` asks until it ends.
///
/// # Errors
/// The conversation broke off.
pub fn worker(
    memory_bytes_max: u64,
    input: Box<dyn Read + Send>,
    output: Box<dyn Write + Send>,
) -> io::Result<()> {
    enter(memory_bytes_max);
    crate::extract::serve(input, output)
}
