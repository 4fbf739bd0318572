//! How a run is asked to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// What was asked of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Nothing: go on.
    Run,
    /// Finish current blocks, keep progress, end; the same command continues.
    Pause,
    /// End for good: the job is cancelled.
    Cancel,
}

/// A shared switch: set by a signal handler, read by all parts of the engine.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicU8>);

impl Stop {
    pub fn new() -> Self {
        Stop::default()
    }

    /// Asks for a pause; a cancellation already asked for stays.
    pub fn pause(&self) {
        self.0.fetch_max(1, Ordering::Relaxed);
    }

    /// Asks for cancellation.
    pub fn cancel(&self) {
        self.0.fetch_max(2, Ordering::Relaxed);
    }

    pub fn asked(&self) -> Ask {
        match self.0.load(Ordering::Relaxed) {
            0 => Ask::Run,
            1 => Ask::Pause,
            _ => Ask::Cancel,
        }
    }

    /// Anything but [`Ask::Run`].
    pub fn stopping(&self) -> bool {
        self.asked() != Ask::Run
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancellation_is_not_softened() {
        let stop = Stop::new();
        assert!(!stop.stopping());
        stop.cancel();
        stop.pause();
        assert_eq!(stop.asked(), Ask::Cancel);
    }
}
