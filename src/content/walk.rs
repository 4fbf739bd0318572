//! The walk over one object: opens containers, one in another, and hands over their text.

use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::by_name;
use super::fault::{Fault, Scope};
use super::gzip::{self, Gzip};
use super::inflate;
use super::limits::{Limits, Meter};
use super::room::Held;
use super::sniff::{Kind, SNIFF_BYTES, sniff};
use super::source::{Headed, Stored, StoredAt, read_full};
use super::squeezed::{Codec, Squeezed};
use super::verdict::Verdict;
use crate::model::{MemberOutcome, ReadAt, Reason, Visitor, WalkOutcome};

/// One object to walk.
pub struct Input<'a> {
    /// Object key, or path below the target.
    pub name: &'a str,
    /// The stored bytes from the start.
    pub reader: Box<dyn Read + Send>,
    /// Random access to the same bytes, where the source allows it.
    pub ranged: Option<Arc<dyn ReadAt>>,
    /// Stored size in bytes, where known.
    pub size: Option<u64>,
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input")
            .field("name", &self.name)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// Reads one object and hands its text to `visitor`, member by member and block by block.
///
/// Never fails: what could not be read is in the outcome, with one of Macie's reason codes, and in
/// the outcome of each member. Does not panic on any input.
pub fn walk(input: Input<'_>, limits: &Limits, visitor: &mut dyn Visitor) -> WalkOutcome {
    let meter = Rc::new(Meter::begin(limits));
    let mut walker = Walker {
        limits,
        visitor,
        meter: Rc::clone(&meter),
        key: input.name,
        heads: Vec::new(),
        buffer: Vec::new(),
        members: 0,
        bytes_scanned: 0,
        stopped: false,
        halt: None,
    };
    let node = Node {
        path: Arc::from([]),
        name: last_part(input.name).to_owned(),
        depth: 0,
        stored_base: Some(0),
        modified: None,
        size: input.size,
        ranged: input.ranged.map(|inner| {
            Rc::new(StoredAt {
                inner,
                meter: Rc::clone(&meter),
            })
        }),
    };
    let ranged_size = node.ranged.as_ref().map(|stored| stored.inner.size());
    let mut stored = Stored::new(input.reader, Rc::clone(&meter));
    let verdict = walker.open(&mut stored, &node);
    let source_error = meter.source_error.take();
    WalkOutcome {
        status: verdict.status,
        reason: verdict.reason,
        detail: verdict.detail,
        mime_type: verdict.mime,
        // What was read twice, in order and by offset, counts once.
        bytes_read: meter.stored.get().min(ranged_size.unwrap_or(u64::MAX)),
        bytes_scanned: walker.bytes_scanned,
        members: walker.members,
        source_error,
        stopped: walker.stopped,
    }
}

pub(crate) fn last_part(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or(key)
}

/// A stream within the object: the object itself, or a member.
pub(crate) struct Node {
    /// Names from the object inwards.
    pub path: Arc<[String]>,
    /// Last part of the innermost name.
    pub name: String,
    /// Containers around it.
    pub depth: usize,
    /// Offset in the stored object, where no compression lies between.
    pub stored_base: Option<u64>,
    pub modified: Option<DateTime<Utc>>,
    pub size: Option<u64>,
    /// The object itself only.
    pub ranged: Option<Rc<StoredAt>>,
}

impl Node {
    /// A member of this container. `name` is as the container states it.
    pub fn member(
        &self,
        name: String,
        stored_base: Option<u64>,
        modified: Option<DateTime<Utc>>,
        size: Option<u64>,
    ) -> Node {
        let last = last_part(&name).to_owned();
        let path: Vec<String> = self.path.iter().cloned().chain([name]).collect();
        Node {
            path: path.into(),
            name: last,
            depth: self.depth + 1,
            stored_base,
            modified,
            size,
            ranged: None,
        }
    }
}

pub(crate) struct Walker<'a> {
    pub limits: &'a Limits,
    pub visitor: &'a mut dyn Visitor,
    pub meter: Rc<Meter>,
    /// Key of the object.
    pub key: &'a str,
    /// Spare buffers for the first bytes of streams.
    heads: Vec<Vec<u8>>,
    /// The block buffer; one text is open at a time.
    pub buffer: Vec<u8>,
    members: u64,
    pub bytes_scanned: u64,
    /// The visitor broke off.
    pub stopped: bool,
    /// Why nothing more is read.
    halt: Option<Fault>,
}

impl Walker<'_> {
    /// Reads one stream, whatever it is.
    pub fn open(&mut self, stream: &mut dyn Read, node: &Node) -> Verdict {
        let mut head = self.heads.pop().unwrap_or_else(|| vec![0; SNIFF_BYTES]);
        let (len, error) = read_full(stream, &mut head);
        let verdict = self.open_known(&head[..len], error, stream, node);
        self.heads.push(head);
        verdict
    }

    fn open_known(
        &mut self,
        head: &[u8],
        error: Option<io::Error>,
        stream: &mut dyn Read,
        node: &Node,
    ) -> Verdict {
        let kind = sniff(head);
        // quotas are for objects; members have their own limits
        let quotas = &self.limits.quotas;
        let is_mail = by_name::is_mail(&node.name);
        let refused = quotas.refuse(kind, is_mail, node.size.filter(|_| node.depth == 0));
        if let Some((reason, detail)) = refused {
            let verdict = Verdict::skipped(kind.mime(), reason, detail);
            return self.leaf_verdict(node, verdict);
        }
        let mime = kind.mime();
        match kind {
            Kind::Unsupported(_) => {
                let reason = Reason::UnsupportedFileTypeException;
                let verdict = Verdict::skipped(mime, reason, format!("{mime} is not read"));
                return self.leaf_verdict(node, verdict);
            }
            Kind::Empty => {
                let verdict = match error {
                    None => Verdict::complete("text/plain"),
                    Some(e) => {
                        let fault = self.note(&e);
                        Verdict::cut_short("application/octet-stream", false, &fault)
                    }
                };
                return self.leaf_verdict(node, verdict);
            }
            Kind::Text => return self.text(head, error, stream, node),
            _ => {}
        }
        if node.depth >= self.limits.depth_max {
            let verdict = self.too_deep(mime);
            return self.leaf_verdict(node, verdict);
        }
        let mut headed = Headed::new(head, error, stream);
        match kind {
            Kind::Tar => self.tar(&mut headed, node),
            Kind::Zip => self.zip(&mut headed, node),
            Kind::Squeezed(codec) => self.squeezed(codec, head, &mut headed, node),
            Kind::Document(format) => self.document(format, &mut headed, node),
            _ => self.gzip(&mut headed, node),
        }
    }

    fn gzip(&mut self, stream: &mut dyn Read, node: &Node) -> Verdict {
        let name = gzip::member_name(&node.name);
        let member = node.member(name, None, node.modified, None);
        let max = self.limits.gzip_whole_bytes_max;
        let size = node.size.and_then(|size| usize::try_from(size).ok());
        let size = size.filter(|&size| size <= max && node.depth == 0);
        let mut held = self.limits.memory.whole();
        let mut verdict = match size.filter(|&size| held.more(size)) {
            Some(size) => self.gzip_whole(stream, &member, size, held),
            None => self.gzip_streamed(stream, &member),
        };
        verdict.mime = "application/gzip";
        verdict
    }

    fn squeezed(
        &mut self,
        codec: Codec,
        head: &[u8],
        stream: &mut dyn Read,
        node: &Node,
    ) -> Verdict {
        let name = codec.member_name(&node.name);
        let member = node.member(name, None, node.modified, None);
        let window = codec.window(head);
        if !self.meter.take(window, self.limits) {
            let detail = format!(
                "the {} stream needs {window} bytes of memory, more than may be held; raise walk_bytes_max",
                codec.name()
            );
            let reason = Reason::FileExceedsSizeLimit;
            return self.leaf_verdict(node, Verdict::skipped(codec.mime(), reason, detail));
        }
        let mut expanded =
            Squeezed::new(codec, window, stream, Rc::clone(&self.meter), self.limits);
        let mut verdict = self.open(&mut expanded, &member);
        self.meter.give_back(window);
        verdict.mime = codec.mime();
        verdict
    }

    fn gzip_streamed(&mut self, stream: &mut dyn Read, member: &Node) -> Verdict {
        let mut expanded = Gzip::new(stream, Rc::clone(&self.meter), self.limits);
        self.open(&mut expanded, member)
    }

    /// An object that is not large, which is expanded in one piece if it is as it should be. `held`:
    /// room for it as it is stored.
    fn gzip_whole(
        &mut self,
        stream: &mut dyn Read,
        member: &Node,
        size: usize,
        mut held: Held,
    ) -> Verdict {
        // One byte more shows that there is no more.
        let mut archive = vec![0; size + 1];
        let (len, error) = read_full(stream, &mut archive);
        // so that the ratio is not asked for
        let free = usize::try_from(self.limits.expansion_free_bytes).unwrap_or(usize::MAX);
        let max = self.limits.gzip_whole_bytes_max.min(free);
        let whole = match (len == size, &error) {
            (true, None) => inflate::expand(&archive[..len], max, &mut |more| held.more(more)),
            _ => None,
        };
        let expanded = whole.filter(|all| self.meter.inflated(all.len(), self.limits).is_ok());
        match expanded {
            Some(all) => {
                drop(archive);
                held.less(size);
                self.open(&mut all.as_slice(), member)
            }
            None => {
                let mut again = Headed::new(&archive[..len], error, stream);
                self.gzip_streamed(&mut again, member)
            }
        }
    }

    /// What a container ends in that lies in too many others.
    pub fn too_deep(&self, mime: &'static str) -> Verdict {
        let detail = format!(
            "containers are nested deeper than {}; raise depth_max",
            self.limits.depth_max
        );
        Verdict::skipped(mime, Reason::ArchiveNestingLevelOverLimit, detail)
    }

    /// Notes the fault behind an error; one that concerns the walk ends it.
    pub fn note(&mut self, error: &io::Error) -> Fault {
        let fault = Fault::of(error);
        if fault.scope == Scope::Walk && self.halt.is_none() {
            self.halt = Some(fault.clone());
        }
        fault
    }

    /// Nothing more is to be read.
    pub fn halted(&self) -> Option<Fault> {
        if self.stopped {
            return Some(stop_fault());
        }
        self.halt.clone()
    }

    /// Takes one leaf member from the allowance; the fault says that there is none left.
    pub fn admit(&mut self, node: &Node) -> Result<(), Fault> {
        if node.depth > 0 && self.members >= self.limits.members_max {
            let fault = Fault::new(
                Scope::Walk,
                Reason::ArchiveTotalDocumentsProcessedOverLimit,
                format!(
                    "the object holds more than {} members; raise members_max",
                    self.limits.members_max
                ),
            );
            self.halt = Some(fault.clone());
            return Err(fault);
        }
        self.members += 1;
        Ok(())
    }

    /// Ends a leaf that was never begun.
    pub fn leaf_verdict(&mut self, node: &Node, verdict: Verdict) -> Verdict {
        match self.admit(node) {
            Ok(()) => {
                self.tell(node, &verdict, 0);
                verdict
            }
            Err(fault) => Verdict::cut_short(verdict.mime, false, &fault),
        }
    }

    /// Tells the visitor how a member ended.
    pub fn tell(&mut self, node: &Node, verdict: &Verdict, bytes_scanned: u64) {
        self.bytes_scanned += bytes_scanned;
        self.visitor.member_end(&MemberOutcome {
            container: Arc::clone(&node.path),
            mime_type: verdict.mime,
            status: verdict.status,
            reason: verdict.reason,
            detail: verdict.detail.clone(),
            bytes_scanned,
            last_modified: node.modified,
        });
    }

    /// Tells of a nested container that is broken itself, which none of its members shows. What
    /// ends the whole walk is in the outcome of the walk.
    pub fn tell_container(&mut self, node: &Node, verdict: &Verdict, fault: Option<&Fault>) {
        if node.depth > 0 && fault.is_some_and(|fault| fault.scope == Scope::Stream) {
            self.tell(node, verdict, 0);
        }
    }
}

pub(crate) fn stop_fault() -> Fault {
    Fault::new(
        Scope::Walk,
        Reason::TimeCutOffReached,
        "reading was broken off",
    )
}
