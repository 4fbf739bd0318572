//! A scanning thread: opened objects in, recorded objects out.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::mpsc;

use super::allow::Matcher;
use super::error::JobError;
use super::fetch::Work;
use super::fingerprint::{FingerprintKey, Fingerprints};
use super::names::NameMask;
use super::plan::Plan;
use super::progress::Progress;
use super::recorder::{Message, Messages};
use super::scan::{self, ObjectScan};
use super::stop::Stop;
use super::stoppable::stoppable;
use crate::content::{self, Input};
use crate::detect::Scanner;
use crate::model::record::{ObjectOutcome, ObjectRecord, RecordBuilder};
use crate::model::{JobInfo, ObjectMeta, Reason, Status, WalkOutcome};
use crate::source::{Body, SourceError};
use crate::store::{Chunk, ChunkPacker, ObjectWrite, Ticket, Tickets};

/// Packed occurrences of one object that are held before they go to the recorder, in bytes; most
/// objects stay below and are committed in one piece.
const HELD_BYTES_MAX: usize = 256 << 10;

/// What all scanning threads share.
pub struct Shared<'a> {
    pub plan: &'a Plan,
    pub job: &'a JobInfo,
    pub key: FingerprintKey,
    pub tickets: Tickets,
    pub opened: Mutex<mpsc::Receiver<Work>>,
    pub messages: Messages,
    pub progress: &'a Progress,
    pub stop: &'a Stop,
}

impl Shared<'_> {
    fn next(&self) -> Option<Work> {
        self.opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .blocking_recv()
    }
}

/// Scans objects until none are left or the run is stopping.
pub fn work(shared: &Shared<'_>) {
    let mut worker = Worker::new(shared);
    while let Some(work) = shared.next() {
        if shared.stop.stopping() {
            return;
        }
        if !worker.object(work) {
            return;
        }
    }
}

struct Worker<'a> {
    shared: &'a Shared<'a>,
    scanner: Scanner,
    packer: ChunkPacker,
    names: NameMask,
    allow: Option<Matcher<'a>>,
    fingerprints: Fingerprints,
}

/// How the scan of one object ended.
enum Scanned {
    Done(ObjectOutcome),
    /// By the user or the recorder: not an outcome of the object.
    BrokenOff,
    Failed(JobError),
}

impl<'a> Worker<'a> {
    fn new(shared: &'a Shared<'a>) -> Self {
        Worker {
            shared,
            scanner: Scanner::new(Arc::clone(&shared.plan.catalogue)),
            packer: ChunkPacker::new(),
            names: NameMask::new(&shared.plan.catalogue),
            allow: Matcher::new(&shared.plan.allow, shared.job.run_date.date_naive()),
            fingerprints: Fingerprints::new(shared.key, shared.plan.catalogue.index()),
        }
    }

    /// Scans and hands over one object. `false`: the recorder is gone.
    fn object(&mut self, work: Work) -> bool {
        let shared = self.shared;
        let start = Instant::now();
        let ticket = shared.tickets.next();
        let mut record = RecordBuilder::new();
        let mut held = Vec::new();
        if let Some(allow) = &mut self.allow {
            allow.begin(&work.meta.key);
        }
        let listed_bytes = work.meta.size.unwrap_or(0);
        let scanned = match work.body {
            Err(error) => self.unopened(error),
            Ok(body) => self.opened(ticket, &work.meta, body, &mut record, &mut held),
        };
        match scanned {
            Scanned::BrokenOff => shared.messages.send_blocking(Message::Abandoned(ticket)),
            Scanned::Failed(error) => {
                shared.stop.pause();
                shared.messages.send_blocking(Message::Failed(error));
                false
            }
            Scanned::Done(outcome) => {
                let gap = outcome.status != Status::Complete;
                let mut record = record.finish(work.target, work.meta, outcome);
                told(&record, start);
                if let Some(allow) = &mut self.allow {
                    record.allowed = allow.take();
                }
                let recorded_at = shared.plan.clock.now();
                let documents = shared.plan.render.render(shared.job, &record, recorded_at);
                let sent = shared
                    .messages
                    .send_blocking(Message::Object(Box::new(ObjectWrite {
                        ticket,
                        record,
                        chunks: held,
                        finding: documents.finding,
                        result: documents.result,
                        recorded_at,
                    })));
                Progress::add(&shared.progress.objects_done, 1);
                Progress::add(&shared.progress.bytes_done, listed_bytes);
                Progress::add(&shared.progress.gaps, u64::from(gap));
                sent
            }
        }
    }

    fn unopened(&self, error: SourceError) -> Scanned {
        if matches!(error, SourceError::Credentials { .. }) {
            return Scanned::Failed(JobError::Credentials(Box::new(error)));
        }
        Scanned::Done(ObjectOutcome::skipped(
            error.reason(),
            Some(error.to_string()),
        ))
    }

    fn opened(
        &mut self,
        ticket: Ticket,
        meta: &ObjectMeta,
        body: Body,
        record: &mut RecordBuilder,
        held: &mut Vec<Chunk>,
    ) -> Scanned {
        let shared = self.shared;
        let index = shared.plan.catalogue.index();
        let mut held_bytes = 0;
        let mut staged = false;
        let mut sink = |chunk: Chunk| {
            held_bytes += chunk.bytes();
            held.push(chunk);
            if staged || held_bytes > HELD_BYTES_MAX {
                staged = true;
                for chunk in held.drain(..) {
                    if !shared.messages.send_blocking(Message::Chunk(ticket, chunk)) {
                        return ControlFlow::Break(());
                    }
                }
            }
            ControlFlow::Continue(())
        };
        let mut scanning = ObjectScan {
            scanner: &mut self.scanner,
            packer: &mut self.packer,
            names: &mut self.names,
            allow: self.allow.as_mut(),
            index,
            fingerprints: &self.fingerprints,
            progress: shared.progress,
            stop: shared.stop,
            sink: &mut sink,
            record: std::mem::take(record),
            hits: Vec::new(),
            occurrence: scan::blank(),
            broken: false,
        };
        // standard input alone may wait for ever: other sources have their own time limits
        let waits = body.size.is_none() && body.ranged.is_none();
        let (reader, broken_off) = stoppable(body.reader, waits, shared.stop);
        let input = Input {
            name: &meta.key,
            reader,
            ranged: body.ranged,
            size: body.size,
        };
        // A fault in a decoder must cost one object, told as such, and not the run.
        let walked = catch_unwind(AssertUnwindSafe(|| {
            content::walk(input, &shared.plan.limits, &mut scanning)
        }));
        scanning.flush();
        *record = std::mem::take(&mut scanning.record);
        match walked {
            Ok(walk) if walk.stopped || broken_off.is_so() => Scanned::BrokenOff,
            // what ended early while all was ending is read again when the run goes on
            Ok(walk) if shared.stop.stopping() && walk.status != Status::Complete => {
                Scanned::BrokenOff
            }
            Ok(walk) => outcome(walk),
            Err(_) => {
                self.scanner = Scanner::new(Arc::clone(&shared.plan.catalogue));
                self.packer = ChunkPacker::new();
                self.names = NameMask::new(&shared.plan.catalogue);
                Scanned::Done(ObjectOutcome {
                    status: Status::Partial,
                    reason: Some(Reason::UnableToParseFile),
                    detail: Some(
                        "internal error while reading; the object was not read to its end"
                            .to_owned(),
                    ),
                    mime_type: None,
                    bytes_read: 0,
                    bytes_scanned: 0,
                    members: 0,
                })
            }
        }
    }
}

/// Tells the outcome of an object in the log of details.
fn told(record: &ObjectRecord, start: Instant) {
    let outcome = &record.outcome;
    tracing::info!(
        uri = record.meta.uri,
        status = outcome.status.as_str(),
        reason = outcome.reason.map(Reason::as_str),
        detail = outcome.detail,
        bytes_read = outcome.bytes_read,
        bytes_scanned = outcome.bytes_scanned,
        members = outcome.members,
        occurrences = record.occurrences(),
        milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
        "object"
    );
}

/// The outcome of a walk; where the source failed under it, the reason is the source's.
fn outcome(mut walk: WalkOutcome) -> Scanned {
    let Some(error) = walk.source_error.take() else {
        return Scanned::Done(ObjectOutcome::from(&walk));
    };
    let mut outcome = ObjectOutcome::from(&walk);
    outcome.status = if walk.bytes_scanned > 0 {
        Status::Partial
    } else {
        Status::Skipped
    };
    match error.downcast::<SourceError>() {
        Ok(error @ SourceError::Credentials { .. }) => {
            return Scanned::Failed(JobError::Credentials(Box::new(error)));
        }
        Ok(error) => {
            outcome.reason = Some(error.reason());
            outcome.detail = Some(error.to_string());
        }
        Err(error) => {
            outcome.reason = Some(Reason::SourceObjectNoLongerAvailable);
            outcome.detail = Some(error.to_string());
        }
    }
    Scanned::Done(outcome)
}
