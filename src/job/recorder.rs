//! The recorder: one thread that writes the store, fed by a bounded queue.
//!
//! It gathers what arrives and commits it together, writes discovery results after the commit that
//! holds them, and stops the run when the store fails.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use futures_util::StreamExt;

use super::bucket_event::bucket_event;
use super::engine::Inputs;
use super::error::JobError;
use super::progress::Progress;
use super::stop::Stop;
use crate::event::Event;
use crate::model::{AccountId, BucketInfo, JobId, JobStatus, LeftOut, Tally};
use crate::source::SourceError;
use crate::store::{Chunk, Commit, JobRun, ObjectWrite, Reader, Ticket};

/// Messages that may wait.
const QUEUE_MAX: usize = 256;
/// Objects, and bytes of occurrences, that make a commit due.
const COMMIT_OBJECTS: usize = 512;
const COMMIT_BYTES: usize = 1 << 20;
/// Longest that something recorded waits for its commit.
const COMMIT_AFTER: Duration = Duration::from_millis(250);
/// Longest that a look at what became of the job waits for a message.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Finished objects between two rounds of writing results.
const RESULTS_EVERY: usize = 512;
/// Results written at once.
const RESULTS_AT_ONCE: usize = 32;

/// What the other parts tell the recorder.
pub enum Message {
    /// Occurrences of an unfinished object.
    Chunk(Ticket, Chunk),
    /// The scan of an object was broken off: it is not recorded in this attempt.
    Abandoned(Ticket),
    Object(Box<ObjectWrite>),
    /// An object that an earlier attempt recorded was listed again.
    Seen(u32, String),
    /// How far the listing of a target is, and what of it is left out.
    Listed(u32, Tally, BTreeMap<LeftOut, Tally>),
    /// The object that comes next would exceed the monthly quota of its account.
    QuotaMet {
        account: AccountId,
        bytes: u64,
    },
    /// Part of a target could not be listed.
    Unlisted {
        target: u32,
        cause: String,
        event: Option<Event>,
        kind: Failure,
    },
    /// The run cannot go on.
    Failed(JobError),
}

/// Kinds of failed listings, for the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    Permission,
    Network,
    Other,
}

/// The way to the recorder; clones share it.
#[derive(Clone)]
pub struct Messages {
    sender: Sender<Message>,
    account: AccountId,
}

impl Messages {
    pub fn channel(account: AccountId) -> (Self, Receiver<Message>) {
        let (sender, receiver) = crossbeam_channel::bounded(QUEUE_MAX);
        (Messages { sender, account }, receiver)
    }

    /// From a thread that may block. `false`: the recorder is gone.
    pub fn send_blocking(&self, message: Message) -> bool {
        self.sender.send(message).is_ok()
    }

    /// From the runtime. `false`: the recorder is gone.
    pub async fn send(&self, message: Message) -> bool {
        let mut message = message;
        loop {
            match self.sender.try_send(message) {
                Ok(()) => return true,
                Err(crossbeam_channel::TrySendError::Disconnected(_)) => return false,
                Err(crossbeam_channel::TrySendError::Full(back)) => {
                    message = back;
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
        }
    }

    /// Tells that part of a target could not be listed.
    pub async fn unlisted(
        &self,
        target: u32,
        bucket: &Arc<BucketInfo>,
        error: SourceError,
    ) -> bool {
        if matches!(error, SourceError::Credentials { .. }) {
            self.send(Message::Failed(JobError::Credentials(Box::new(error))))
                .await;
            return false;
        }
        self.failing(target, bucket, &error).await
    }

    /// Tells that a target, or the rest of it, cannot be had.
    pub async fn failing(&self, target: u32, bucket: &BucketInfo, error: &SourceError) -> bool {
        let owner = bucket.account.as_ref().unwrap_or(&self.account);
        // a folder is no bucket, unless it plays one of an account
        let event = if bucket.local && bucket.account.is_none() {
            None
        } else {
            bucket_event(error, &bucket.name, owner)
        };
        self.send(Message::Unlisted {
            target,
            cause: error.to_string(),
            event,
            kind: failure(error),
        })
        .await
    }
}

/// The kind of a failure.
pub fn failure(error: &SourceError) -> Failure {
    match error {
        SourceError::AccessDenied { .. }
        | SourceError::OwnerMismatch { .. }
        | SourceError::Credentials { .. } => Failure::Permission,
        SourceError::Unavailable { .. } => Failure::Network,
        _ => Failure::Other,
    }
}

/// What the recorder works with.
pub struct Recorder<'a> {
    pub run: JobRun,
    pub reader: Reader,
    pub inputs: &'a Inputs,
    pub progress: &'a Progress,
    pub runtime: tokio::runtime::Handle,
    pub stop: Stop,
    pub failures: Vec<Failure>,
    /// An account or bucket could not be read.
    pub trouble: bool,
    /// The account whose quota is met, and the size of the object that did not fit.
    pub quota_met: Option<(AccountId, u64)>,
    /// What someone else made of the job meanwhile.
    pub became: Option<JobStatus>,
    /// By target.
    pub listings: BTreeMap<u32, Listing>,
}

/// How far the listing of a target is, and why it is not whole.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    tally: Tally,
    cause: Option<String>,
}

impl Recorder<'_> {
    /// Works until all senders are gone. Gives itself back, to end the job with.
    ///
    /// # Errors
    /// The store or the results failed, or another part gave up; the run is asked to pause.
    pub fn work(mut self, messages: &Receiver<Message>) -> Result<Self, JobError> {
        let stop = self.stop.clone();
        let done = self.gather(messages);
        if done.is_err() {
            // the scanning threads must not wait for a recorder that is gone
            stop.pause();
        }
        done.map(|()| self)
    }

    fn gather(&mut self, messages: &Receiver<Message>) -> Result<(), JobError> {
        let mut commit = Commit::default();
        let mut bytes = 0;
        let mut since: Option<Instant> = None;
        let mut unwritten = 0;
        loop {
            let message = match since {
                None => messages.recv_timeout(LOOK_EVERY),
                Some(start) => messages.recv_deadline(start + COMMIT_AFTER),
            };
            let ended = match message {
                Ok(message) => {
                    bytes += self.enter(message, &mut commit)?;
                    since.get_or_insert_with(Instant::now);
                    false
                }
                Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => true,
            };
            let due = ended
                || commit.objects.len() + commit.seen.len() >= COMMIT_OBJECTS
                || bytes >= COMMIT_BYTES
                || since.is_some_and(|s| s.elapsed() >= COMMIT_AFTER);
            if due && !commit.is_empty() {
                unwritten += commit.objects.len();
                self.commit(std::mem::take(&mut commit))?;
                bytes = 0;
                since = None;
            } else if since.is_none() {
                self.run.heartbeat()?;
            }
            self.look()?;
            if unwritten >= RESULTS_EVERY || ended {
                self.write_results()?;
                unwritten = 0;
            }
            if ended {
                self.run.note(&self.progress.to_json())?;
                return Ok(());
            }
        }
    }

    /// Commits; what it records is settled with the quota.
    fn commit(&mut self, commit: Commit) -> Result<(), JobError> {
        let Some(quota) = &self.inputs.quota else {
            return Ok(self.run.commit(commit)?);
        };
        let mut settling = quota.settle();
        let recorded: Vec<(u32, u64)> = commit
            .objects
            .iter()
            .map(|o| (o.record.target, o.record.meta.size.unwrap_or(0)))
            .collect();
        self.run.commit(commit)?;
        for (target, bytes) in recorded {
            if let Some(place) = self.inputs.places.get(target as usize) {
                settling.recorded(&place.account, bytes);
            }
        }
        Ok(())
    }

    /// Stops the run where someone else paused or cancelled its job.
    fn look(&mut self) -> Result<(), JobError> {
        let progress = self.progress;
        if let Some(status) = self.run.look(|| progress.to_json())? {
            self.became = Some(status);
            match status {
                JobStatus::Cancelled => self.stop.cancel(),
                _ => self.stop.pause(),
            }
        }
        Ok(())
    }

    fn listing(&mut self, target: u32) -> &mut Listing {
        self.listings.entry(target).or_default()
    }

    /// Enters what is known of a target's listing; a cause once told stays.
    fn note(&mut self, target: u32, commit: &mut Commit) {
        let Listing { tally, cause } = self.listing(target).clone();
        commit.listed.retain(|(t, ..)| *t != target);
        commit.listed.push((target, tally, cause));
    }

    /// Enters a message; gives the bytes it adds.
    fn enter(&mut self, message: Message, commit: &mut Commit) -> Result<usize, JobError> {
        let mut bytes = 0;
        match message {
            Message::Chunk(ticket, chunk) => {
                bytes = chunk.bytes();
                match commit.staged.iter_mut().rev().find(|(t, _)| *t == ticket) {
                    Some((_, chunks)) => chunks.push(chunk),
                    None => commit.staged.push((ticket, vec![chunk])),
                }
            }
            Message::Abandoned(ticket) => {
                commit.staged.retain(|(t, _)| *t != ticket);
                commit.abandoned.push(ticket);
            }
            Message::Object(object) => {
                bytes = object.chunks.iter().map(Chunk::bytes).sum();
                commit.objects.push(*object);
            }
            Message::Seen(target, key) => commit.seen.push((target, key)),
            Message::Listed(target, tally, left_out) => {
                self.listing(target).tally = tally;
                self.note(target, commit);
                commit.left_out.retain(|(t, ..)| *t != target);
                let left_out = left_out.into_iter();
                commit
                    .left_out
                    .extend(left_out.map(|(cause, tally)| (target, cause, tally)));
            }
            Message::QuotaMet { account, bytes } => self.quota_met = Some((account, bytes)),
            Message::Unlisted {
                target,
                cause,
                event,
                kind,
            } => {
                tracing::warn!(target_number = target, cause, "listing failed");
                self.failures.push(kind);
                self.trouble |= event.is_some();
                // the first cause is told; later ones mostly follow from it
                self.listing(target).cause.get_or_insert(cause);
                self.note(target, commit);
                commit
                    .events
                    .extend(event.map(|e| self.inputs.lines.line(&e)));
            }
            Message::Failed(error) => return Err(error),
        }
        Ok(bytes)
    }

    /// Writes the discovery results that wait in the store. One that is written twice, because the
    /// process died before noting it, is the same file again.
    fn write_results(&mut self) -> Result<(), JobError> {
        let job: JobId = self.run.job().id.clone();
        let mut after = 0;
        loop {
            let pending = self
                .reader
                .pending_results(&job, after, RESULTS_AT_ONCE as u32)?;
            let Some(last) = pending.last() else {
                return Ok(());
            };
            after = last.object_no;
            let sink = &self.inputs.results;
            let puts = pending.into_iter().map(|result| async move {
                match sink.put(&result.name, result.body).await {
                    Ok(()) => Ok(result.object_no),
                    Err(cause) => Err(JobError::Results {
                        name: sink.uri(&result.name),
                        cause: Box::new(cause),
                    }),
                }
            });
            let written: Vec<Result<i64, JobError>> = self.runtime.block_on(
                futures_util::stream::iter(puts)
                    .buffer_unordered(RESULTS_AT_ONCE)
                    .collect(),
            );
            let mut failed = None;
            let mut commit = Commit::default();
            for result in written {
                match result {
                    Ok(object_no) => commit.results_written.push(object_no),
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
            commit.results_written.sort_unstable();
            tracing::debug!(files = commit.results_written.len(), "results written");
            self.run.commit(commit)?;
            if let Some(error) = failed {
                return Err(error);
            }
        }
    }
}
