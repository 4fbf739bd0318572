//! Sending while a run goes on, on a thread of its own.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::stream::{Patience, send_all};
use crate::deliver::Options;
use crate::job::JobError;
use crate::model::LogDelivery;
use crate::store::{Outbox, Store, StoreError};

/// Time between two passes: a log is read while its job runs.
const PASS_EVERY: Duration = Duration::from_secs(2);
/// Time to the next pass after one that failed.
const PASS_AFTER_FAILURE: Duration = Duration::from_secs(15);

/// A thread that sends what waits in the outbox, until it is told to come to an end.
#[derive(Debug)]
pub struct Delivery {
    bell: Arc<(Mutex<Phase>, Condvar)>,
    thread: JoinHandle<Result<u64, StoreError>>,
    outbox: Outbox,
}

/// What became of the logs of a state folder.
#[derive(Clone, Debug, Default)]
pub struct Delivered {
    /// Events that the service did not want.
    pub refused: u64,
    /// Logs that have not wholly arrived.
    pub waiting: Vec<LogDelivery>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Running,
    /// One more pass, and then the end.
    Last,
    /// The last pass is done.
    Done,
}

impl Delivery {
    /// Starts sending.
    ///
    /// # Errors
    /// The store cannot be opened, or the system refuses a thread.
    pub fn start(store: &Store, patience: Patience) -> Result<Self, JobError> {
        let outbox = store.outbox()?;
        let bell = Arc::new((Mutex::new(Phase::Running), Condvar::new()));
        let start = |cause| JobError::Start {
            what: "sending of the job log",
            cause,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(start)?;
        let shared = Arc::clone(&bell);
        let thread = std::thread::Builder::new()
            .name("job-log".to_owned())
            .spawn(move || {
                let ended = work(outbox, &runtime, &shared, patience);
                let (phase, changed) = &*shared;
                *phase.lock().unwrap_or_else(PoisonError::into_inner) = Phase::Done;
                changed.notify_all();
                ended
            })
            .map_err(start)?;
        Ok(Delivery {
            bell,
            thread,
            outbox: store.outbox()?,
        })
    }

    /// Sends what was logged last, for at most `limit`, and tells what still waits. A sending that
    /// is not over by then is left; the next one finds out what became of it.
    ///
    /// # Errors
    /// The store failed.
    pub fn finish(self, limit: Duration) -> Result<Delivered, StoreError> {
        let (phase, changed) = &*self.bell;
        let mut now = phase.lock().unwrap_or_else(PoisonError::into_inner);
        if *now == Phase::Running {
            *now = Phase::Last;
        }
        changed.notify_all();
        let until = Instant::now() + limit;
        while *now != Phase::Done {
            let Some(left) = until.checked_duration_since(Instant::now()) else {
                break;
            };
            now = changed
                .wait_timeout(now, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        let done = *now == Phase::Done;
        drop(now);
        // A thread that panicked has told so; what it left is found in the outbox.
        let refused = match done.then(|| self.thread.join()) {
            Some(Ok(refused)) => refused?,
            _ => 0,
        };
        Ok(Delivered {
            refused,
            waiting: self.outbox.waiting()?,
        })
    }
}

/// Answers how many events the service did not want.
fn work(
    mut outbox: Outbox,
    runtime: &tokio::runtime::Runtime,
    bell: &(Mutex<Phase>, Condvar),
    patience: Patience,
) -> Result<u64, StoreError> {
    let (phase, changed) = bell;
    let mut refused = 0;
    loop {
        // looked at before the pass: what is logged until the last one begins is in it
        let last = *phase.lock().unwrap_or_else(PoisonError::into_inner) == Phase::Last;
        let as_begun = Options::default();
        let pass = send_all(&mut outbox, None, &as_begun, patience);
        let sent = runtime.block_on(pass)?;
        refused += sent.iter().map(|s| s.refused).sum::<u64>();
        if last {
            return Ok(refused);
        }
        let failed = sent.iter().any(|s| s.failed.is_some());
        let pause = match failed {
            true => PASS_AFTER_FAILURE,
            false => PASS_EVERY,
        };
        let now = phase.lock().unwrap_or_else(PoisonError::into_inner);
        let running = |phase: &mut Phase| *phase == Phase::Running;
        drop(changed.wait_timeout_while(now, pause, running));
    }
}
