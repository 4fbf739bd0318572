//! From an answer's body to a blocking reader: a task fetches ahead within the budget, and goes on
//! with a new request where a body is cut or stalls.

use std::io::{self, Read};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aws_sdk_s3::primitives::ByteStream;
use bytes::{Buf, Bytes};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;

use super::connect::Connection;
use super::get::Pin;
use crate::aws::chain;
use crate::source::{ReadAhead, SourceError};

/// Bytes fetched ahead of one reader.
const BODY_AHEAD_BYTES_MAX: u32 = 8 * 1024 * 1024;
/// What a resumed body must give for its next cut to count as the first one again.
const PROGRESS_BYTES_MIN: u64 = 64 * 1024;

/// Starts fetching. The reader must be used outside of the runtime's threads.
pub(super) fn start(pin: Pin, body: ByteStream, size: Option<u64>) -> BodyReader {
    let (sender, receiver) = unbounded_channel();
    let gate = Gate {
        shared: pin.core.connection.options.read_ahead.clone(),
        own: Arc::new(Semaphore::new(BODY_AHEAD_BYTES_MAX as usize)),
        queue: Arc::default(),
    };
    let queue = gate.queue.clone();
    let uri = pin.uri.clone();
    let feeder = Feeder {
        pin,
        size,
        gate,
        sender,
        offset: 0,
        failures: 0,
        resumed_at: 0,
        failing_since: None,
    };
    let task = tokio::spawn(feeder.run(body)).abort_handle();
    BodyReader {
        receiver,
        queue,
        current: Bytes::new(),
        permits: None,
        state: State::Open,
        uri,
        task,
    }
}

enum Item {
    Bytes(Bytes, Permits),
    End,
    Failed(Box<SourceError>),
}

/// Shares of both budgets, given back when the bytes are read.
type Permits = (Option<OwnedSemaphorePermit>, Option<OwnedSemaphorePermit>);

/// Chunks that wait for the reader.
#[derive(Default)]
struct Queue {
    chunks: AtomicUsize,
    emptied: Notify,
}

/// Lets chunks through as the budgets allow.
struct Gate {
    shared: ReadAhead,
    own: Arc<Semaphore>,
    queue: Arc<Queue>,
}

impl Gate {
    /// Waits until `bytes` more may be queued. A reader that waits gets one chunk also without
    /// budget: otherwise bodies that nobody reads yet could hold up the one that is read.
    async fn admit(&self, bytes: usize) -> Permits {
        let own = clamp(bytes, BODY_AHEAD_BYTES_MAX as usize);
        // Comes free whenever the reader has taken what is queued.
        let own = self.own.clone().acquire_many_owned(own).await.ok();
        let share = clamp(bytes, self.shared.bytes_max);
        let mut granted = pin!(self.shared.bytes.clone().acquire_many_owned(share));
        loop {
            if self.queue.chunks.load(Ordering::Acquire) == 0 {
                let now = self.shared.bytes.clone().try_acquire_many_owned(share);
                return (own, now.ok());
            }
            tokio::select! {
                permit = &mut granted => return (own, permit.ok()),
                () = self.queue.emptied.notified() => {}
            }
        }
    }
}

/// A number of permits that can be had.
fn clamp(bytes: usize, max: usize) -> u32 {
    u32::try_from(bytes.min(max)).unwrap_or(u32::MAX)
}

struct Feeder {
    pin: Pin,
    size: Option<u64>,
    gate: Gate,
    sender: UnboundedSender<Item>,
    /// Bytes handed over.
    offset: u64,
    failures: u32,
    resumed_at: u64,
    failing_since: Option<Instant>,
}

impl Feeder {
    async fn run(mut self, body: ByteStream) {
        let item = match self.feed(body).await {
            Ok(()) => Item::End,
            Err(error) => Item::Failed(Box::new(error)),
        };
        // Nobody listens where the reader was dropped.
        let _ = self.sender.send(item);
    }

    async fn feed(&mut self, mut body: ByteStream) -> Result<(), SourceError> {
        let read_timeout = self.pin.core.connection.options.read_timeout;
        // Bytes of the current body that were handed over already.
        let mut skip = 0;
        loop {
            let cut = match next(&mut body, read_timeout).await {
                Ok(Some(mut bytes)) => {
                    let n = bytes.len().min(usize::try_from(skip).unwrap_or(usize::MAX));
                    bytes.advance(n);
                    skip -= n as u64;
                    self.hand_over(bytes).await?;
                    continue;
                }
                Ok(None) if self.size.is_none_or(|size| size == self.offset) => return Ok(()),
                Ok(None) => "the body ended early".to_owned(),
                Err(cause) if self.size == Some(self.offset) => {
                    // All bytes came, and then the check of the whole failed.
                    return Err(SourceError::protocol(&self.pin.uri, "GetObject", &cause));
                }
                Err(cause) => cause,
            };
            (body, skip) = self.resume(cut).await?;
        }
    }

    async fn hand_over(&mut self, bytes: Bytes) -> Result<(), SourceError> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.offset += bytes.len() as u64;
        if self.size.is_some_and(|size| self.offset > size) {
            let cause = "the body is longer than announced";
            return Err(SourceError::protocol(&self.pin.uri, "GetObject", cause));
        }
        if self.offset - self.resumed_at >= PROGRESS_BYTES_MIN {
            self.failures = 0;
            self.failing_since = None;
        }
        let permits = self.gate.admit(bytes.len()).await;
        self.gate.queue.chunks.fetch_add(1, Ordering::AcqRel);
        // The task is ended when the reader is dropped; that nobody listens is no error.
        let _ = self.sender.send(Item::Bytes(bytes, permits));
        Ok(())
    }

    /// Asks for the rest of the same object.
    ///
    /// Returns the body and how many of its first bytes are known already.
    async fn resume(&mut self, cause: String) -> Result<(ByteStream, u64), SourceError> {
        let since = *self.failing_since.get_or_insert_with(Instant::now);
        self.failures += 1;
        let connection = &self.pin.core.connection;
        let cause = if self.pin.holds() {
            cause
        } else {
            format!("{cause}, and the service gives no ETag to go on by")
        };
        if self.failures >= connection.attempts() || !self.pin.holds() {
            return Err(SourceError::Unavailable {
                uri: self.pin.uri.clone(),
                operation: "GetObject".to_owned(),
                attempts: self.failures,
                elapsed: since.elapsed(),
                cause,
            });
        }
        let (uri, offset, failures) = (self.pin.uri.as_str(), self.offset, self.failures);
        tracing::info!(uri, offset, failures, cause, "body goes on after a cut");
        tokio::time::sleep(backoff(connection, self.failures)).await;
        let range = (self.offset > 0).then(|| format!("bytes={}-", self.offset));
        let (answer, _) = self.pin.get(range).await?;
        self.resumed_at = self.offset;
        let skip = match answer.content_range() {
            None => self.offset, // a store without ranges begins anew
            Some(range) if begins_at(range, self.offset) => 0,
            Some(range) => {
                let cause = format!("asked for bytes from {}, got {range:?}", self.offset);
                return Err(SourceError::protocol(&self.pin.uri, "GetObject", &cause));
            }
        };
        Ok((answer.body, skip))
    }
}

/// The next bytes of a body, or why there are none.
pub(super) async fn next(
    body: &mut ByteStream,
    timeout: Duration,
) -> Result<Option<Bytes>, String> {
    match tokio::time::timeout(timeout, body.next()).await {
        Ok(Some(Ok(bytes))) => Ok(Some(bytes)),
        Ok(Some(Err(e))) => Err(format!("the body was cut: {}", chain(&e))),
        Ok(None) => Ok(None),
        Err(_) => Err(format!("no data for {:.1} s", timeout.as_secs_f64())),
    }
}

/// Whether `bytes 5-9/10` begins at 5.
pub(super) fn begins_at(content_range: &str, offset: u64) -> bool {
    content_range
        .strip_prefix("bytes ")
        .and_then(|r| r.split_once('-'))
        .is_some_and(|(first, _)| first.trim().parse() == Ok(offset))
}

/// A random wait, up to twice as long after every failure.
pub(super) fn backoff(connection: &Connection, failures: u32) -> Duration {
    let options = &connection.options;
    let doublings = failures.saturating_sub(1).min(16);
    let longest = options
        .backoff
        .saturating_mul(1 << doublings)
        .min(options.backoff_max);
    let mut random = [0; 4];
    // Without randomness the wait is the longest one.
    let part = match getrandom::fill(&mut random) {
        Ok(()) => f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX),
        Err(_) => 1.0,
    };
    longest.mul_f64(part)
}

enum State {
    Open,
    Ended,
    Failed,
}

/// The blocking end of the queue.
pub(super) struct BodyReader {
    receiver: UnboundedReceiver<Item>,
    queue: Arc<Queue>,
    current: Bytes,
    /// Held until `current` is read.
    permits: Option<Permits>,
    state: State,
    uri: String,
    task: AbortHandle,
}

impl Read for BodyReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while self.current.is_empty() {
            self.permits = None;
            match self.state {
                State::Open => {}
                State::Ended => return Ok(0),
                // An error must not look like an end to those who ask again.
                State::Failed => return Err(self.fault("an earlier read failed")),
            }
            match self.receiver.blocking_recv() {
                Some(Item::Bytes(bytes, permits)) => {
                    self.current = bytes;
                    self.permits = Some(permits);
                    if self.queue.chunks.fetch_sub(1, Ordering::AcqRel) == 1 {
                        self.queue.emptied.notify_one();
                    }
                }
                Some(Item::End) => self.state = State::Ended,
                Some(Item::Failed(error)) => {
                    self.state = State::Failed;
                    return Err(error.into_io());
                }
                None => {
                    self.state = State::Failed;
                    return Err(self.fault("the fetching was stopped"));
                }
            }
        }
        let n = buffer.len().min(self.current.len());
        self.current.copy_to_slice(&mut buffer[..n]);
        Ok(n)
    }
}

impl BodyReader {
    fn fault(&self, cause: &str) -> io::Error {
        SourceError::protocol(&self.uri, "GetObject", cause).into_io()
    }
}

impl Drop for BodyReader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_content_ranges() {
        assert!(begins_at("bytes 5-9/10", 5));
        assert!(!begins_at("bytes 0-9/10", 5));
        assert!(!begins_at("bytes */10", 0));
    }

    #[tokio::test]
    async fn a_waiting_reader_is_served_when_the_budget_is_held_by_others() {
        let gate = |shared: &ReadAhead| Gate {
            shared: shared.clone(),
            own: Arc::new(Semaphore::new(BODY_AHEAD_BYTES_MAX as usize)),
            queue: Arc::default(),
        };
        let shared = ReadAhead::new(100);
        let (idle, read) = (gate(&shared), gate(&shared));
        let held = idle.admit(100).await;
        idle.queue.chunks.fetch_add(1, Ordering::AcqRel);
        assert_eq!(shared.bytes_held(), 100);

        let first = read.admit(50).await;
        assert!(first.1.is_none(), "let through without budget");
        read.queue.chunks.fetch_add(1, Ordering::AcqRel);

        // The second has to wait: for the reader, or for the budget.
        let wait = Duration::from_millis(20);
        assert!(tokio::time::timeout(wait, read.admit(50)).await.is_err());
        drop(held);
        let second = tokio::time::timeout(wait, read.admit(50)).await.unwrap();
        assert!(second.1.is_some());
        assert_eq!(shared.bytes_held(), 50);
        drop((first, second));
        assert_eq!(shared.bytes_held(), 0, "everything is given back");
    }
}
