//! Ends workers that are waited for too long.
//!
//! Only the time that a walk waits for its worker counts: time that the walk takes itself, or waits
//! for its source, is not the worker's.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

/// How often is looked.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The time that one worker is waited for, shared by who waits and who looks.
#[derive(Debug)]
pub(super) struct Wait {
    /// Zero of the times below.
    began: Instant,
    /// Milliseconds waited for the current document, without the current wait.
    spent: AtomicU64,
    /// When the current wait began, in milliseconds and one more; 0: nobody waits.
    since: AtomicU64,
    /// Milliseconds that may be waited.
    allowed: AtomicU64,
    /// It was ended for that.
    pub ended: AtomicBool,
}

impl Wait {
    pub fn new() -> Self {
        Wait {
            began: Instant::now(),
            spent: AtomicU64::new(0),
            since: AtomicU64::new(0),
            allowed: AtomicU64::new(u64::MAX),
            ended: AtomicBool::new(false),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX - 1)
    }

    /// A document begins.
    pub fn begin(&self, allowed: Duration) {
        let allowed = u64::try_from(allowed.as_millis()).unwrap_or(u64::MAX);
        self.spent.store(0, Ordering::Relaxed);
        self.allowed.store(allowed, Ordering::Relaxed);
    }

    pub fn allowed(&self) -> Duration {
        Duration::from_millis(self.allowed.load(Ordering::Relaxed))
    }

    fn enter(&self) {
        self.since.store(self.now() + 1, Ordering::Relaxed);
    }

    fn leave(&self) {
        let since = self.since.swap(0, Ordering::Relaxed);
        if since > 0 {
            let waited = (self.now() + 1).saturating_sub(since);
            self.spent.fetch_add(waited, Ordering::Relaxed);
        }
    }

    fn is_over(&self) -> bool {
        let since = self.since.load(Ordering::Relaxed);
        let current = match since {
            0 => 0,
            since => (self.now() + 1).saturating_sub(since),
        };
        let spent = self.spent.load(Ordering::Relaxed).saturating_add(current);
        spent > self.allowed.load(Ordering::Relaxed)
    }
}

/// A stream whose every read is a wait.
pub(super) struct Waited<R> {
    pub inner: R,
    pub wait: Arc<Wait>,
}

impl<R: Read> Read for Waited<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.wait.enter();
        let read = self.inner.read(out);
        self.wait.leave();
        read
    }
}

/// One worker that is looked after, and how it is ended.
struct Watched {
    wait: Weak<Wait>,
    kill: Box<dyn Fn() + Send>,
}

/// Looks after all workers of a pool in a thread of its own, which ends with the pool.
#[derive(Clone, Default)]
pub(super) struct Watch {
    watched: Arc<Mutex<Vec<Watched>>>,
    started: Arc<AtomicBool>,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

impl Watch {
    /// Looks after a worker until its [`Wait`] is dropped. `kill` ends it.
    pub fn add(&self, wait: &Arc<Wait>, kill: Box<dyn Fn() + Send>) -> io::Result<()> {
        let watched = Watched {
            wait: Arc::downgrade(wait),
            kill,
        };
        self.watched
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(watched);
        if self.started.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let list = Arc::downgrade(&self.watched);
        thread::Builder::new()
            .name("parser watch".to_owned())
            .spawn(move || {
                while let Some(list) = list.upgrade() {
                    look(&mut list.lock().unwrap_or_else(PoisonError::into_inner));
                    drop(list);
                    thread::sleep(LOOK_EVERY);
                }
            })?;
        Ok(())
    }
}

fn look(list: &mut Vec<Watched>) {
    list.retain(|watched| {
        let Some(wait) = watched.wait.upgrade() else {
            return false;
        };
        if wait.is_over() && !wait.ended.swap(true, Ordering::Relaxed) {
            (watched.kill)();
        }
        true
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_counts_only_while_somebody_waits() {
        let wait = Wait::new();
        wait.begin(Duration::from_millis(30));
        thread::sleep(Duration::from_millis(60));
        assert!(!wait.is_over());
        wait.enter();
        thread::sleep(Duration::from_millis(60));
        assert!(wait.is_over());
        wait.leave();
        assert!(wait.is_over());
        wait.begin(Duration::from_millis(30));
        assert!(!wait.is_over());
    }
}
