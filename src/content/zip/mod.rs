//! Zip archives: by their directory where the source can be read at any offset (or the archive is
//! small enough to be held), else in the order of their local headers.

mod directory;
mod entry;
mod squeezed;
mod streamed;

use std::io::{self, Cursor, Read};
use std::rc::Rc;

use directory::Directory;
use entry::{Content, Entry};

use super::bytes::{Bytes, hold};
use super::fault::Fault;
use super::verdict::{Sum, Verdict};
use super::walk::{Node, Walker};
use crate::model::Reason;

const MIME: &str = "application/zip";
/// Most bytes of a member that are asked of the source at a time.
const MEMBER_READ_BYTES: u64 = 1 << 20;

impl Walker<'_> {
    pub fn zip(&mut self, stream: &mut dyn Read, node: &Node) -> Verdict {
        let mut sum = Sum::default();
        let result = match &node.ranged {
            Some(stored) => {
                let bytes = Bytes::Stored(Rc::clone(stored));
                self.zip_ranged(bytes, stream, node, &mut sum)
            }
            None => self.zip_held(stream, node, &mut sum),
        };
        self.zip_end(node, sum, result)
    }

    /// An archive that can be read at any offset.
    pub fn zip_of(&mut self, bytes: Bytes, node: &Node) -> Verdict {
        let mut sum = Sum::default();
        let mut stream = bytes.reader(0, bytes.size());
        let result = self.zip_ranged(bytes, &mut stream, node, &mut sum);
        self.zip_end(node, sum, result)
    }

    fn zip_end(&mut self, node: &Node, sum: Sum, result: io::Result<()>) -> Verdict {
        let fault = result.err().map(|error| self.note(&error));
        let verdict = sum.verdict(MIME, fault.as_ref());
        self.tell_container(node, &verdict, fault.as_ref());
        verdict
    }

    fn zip_ranged(
        &mut self,
        bytes: Bytes,
        stream: &mut dyn Read,
        node: &Node,
        sum: &mut Sum,
    ) -> io::Result<()> {
        match Directory::find(&bytes)? {
            Some(directory) => self.zip_by_directory(&bytes, directory, node, sum),
            None => {
                self.zip_streamed(stream, node, sum)?;
                Err(Fault::malformed("the zip archive has no directory at its end").into())
            }
        }
    }

    /// Holds the archive in memory if it is small enough.
    fn zip_held(&mut self, stream: &mut dyn Read, node: &Node, sum: &mut Sum) -> io::Result<()> {
        let holding = hold(stream, &self.meter, self.limits);
        let held = holding.bytes.len();
        let result = if holding.whole {
            let bytes = Bytes::Held(holding.bytes.into());
            let mut again = bytes.reader(0, held as u64);
            self.zip_ranged(bytes.clone(), &mut again, node, sum)
        } else {
            // Too large, or cut off: what there is, in the order of the local headers.
            let mut rest = Cursor::new(holding.bytes).chain(match holding.error {
                Some(error) => Box::new(Failed(Some(error))) as Box<dyn Read>,
                None => Box::new(stream),
            });
            self.zip_streamed(&mut rest, node, sum)
        };
        self.meter.give_back(held);
        result
    }

    fn zip_by_directory(
        &mut self,
        bytes: &Bytes,
        mut directory: Directory,
        node: &Node,
        sum: &mut Sum,
    ) -> io::Result<()> {
        while let Some((entry, local)) = directory.next(bytes)? {
            if entry.is_folder() {
                continue;
            }
            let verdict = match entry.obstacle() {
                Some(_) => self.zip_obstacle(&entry, node),
                None => self.zip_member(bytes, &entry, local, node),
            };
            sum.add(verdict.status);
            if let Some(fault) = self.halted() {
                return Err(fault.into());
            }
        }
        match directory.shortfall() {
            0 => Ok(()),
            missing => Err(Fault::malformed(format!(
                "the zip directory lacks {missing} of the entries that it states"
            ))
            .into()),
        }
    }

    fn zip_member(&mut self, bytes: &Bytes, entry: &Entry, local: u64, node: &Node) -> Verdict {
        let len = entry.packed.saturating_add(directory::LOCAL_BYTES_MAX);
        // A small member is fetched at once, with its header.
        let window = entry.packed.saturating_add(1 << 10).min(MEMBER_READ_BYTES);
        let source = bytes.reader(local, len);
        let mut buffered = io::BufReader::with_capacity(window as usize, source);
        match directory::skip_local(&mut buffered) {
            Ok(header_len) => {
                let start = local.saturating_add(header_len);
                let mut content = Content::new(&mut buffered, entry, self);
                self.zip_open(&mut content, entry, &entry.node(node, Some(start)))
            }
            Err(error) => {
                let fault = self.note(&error);
                let verdict = Verdict::cut_short("application/octet-stream", false, &fault);
                self.leaf_verdict(&entry.node(node, None), verdict)
            }
        }
    }

    /// Tells of a member that cannot be read whatever its content.
    fn zip_obstacle(&mut self, entry: &Entry, node: &Node) -> Verdict {
        let (reason, detail) = entry.obstacle().unwrap_or((
            Reason::MalformedFile,
            "the member cannot be read".to_owned(),
        ));
        let verdict = Verdict::skipped("application/octet-stream", reason, detail);
        let member = entry.node(node, None);
        self.leaf_verdict(&member, verdict)
    }
}

/// An error that comes where the stream failed.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        match self.0.take() {
            Some(error) => Err(error),
            None => Ok(0),
        }
    }
}
