//! How many requests may be under way at once: fewer when the service asks to slow down.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use tokio::sync::Notify;

/// After the limit was lowered, other answers to requests of the same burst do not lower it again.
const THROTTLE_PAUSE: Duration = Duration::from_millis(500);

/// A limit on concurrent requests that halves when the service throttles and grows by one after
/// as many good answers as the limit allows at once.
#[derive(Debug)]
pub(in crate::source) struct Limiter {
    state: Mutex<State>,
    freed: Notify,
    max: usize,
}

#[derive(Debug)]
struct State {
    limit: usize,
    under_way: usize,
    good: usize,
    lowered: Option<Instant>,
}

impl Limiter {
    pub(super) fn new(max: usize) -> Self {
        let max = max.max(1);
        Limiter {
            state: Mutex::new(State {
                limit: max,
                under_way: 0,
                good: 0,
                lowered: None,
            }),
            freed: Notify::new(),
            max,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Most requests at once, as of now.
    #[cfg(test)]
    fn limit(&self) -> usize {
        self.state().limit
    }

    /// Waits for a place. The place is for one request, not for the body it opens: readers of
    /// bodies wait for each other's requests, and must not hold places meanwhile.
    pub(super) async fn acquire(self: &Arc<Self>) -> Place {
        loop {
            let freed = self.freed.notified();
            {
                let mut state = self.state();
                if state.under_way < state.limit {
                    state.under_way += 1;
                    if state.under_way < state.limit {
                        self.freed.notify_one(); // pass on: more than one place may be free
                    }
                    return Place(self.clone());
                }
            }
            freed.await;
        }
    }

    pub(super) fn throttled(&self) {
        let mut state = self.state();
        let now = Instant::now();
        state.good = 0;
        if state
            .lowered
            .is_none_or(|t| now.duration_since(t) >= THROTTLE_PAUSE)
        {
            state.limit = (state.limit / 2).max(1);
            state.lowered = Some(now);
            tracing::info!(
                requests_max = state.limit,
                "slowing down, as the service asks"
            );
        }
    }

    pub(super) fn succeeded(&self) {
        let mut state = self.state();
        if state.limit == self.max {
            return;
        }
        state.good += 1;
        if state.good >= state.limit {
            state.good = 0;
            state.limit += 1;
            self.freed.notify_one();
        }
    }
}

/// A request under way; gives its place back when dropped.
#[derive(Debug)]
pub(super) struct Place(Arc<Limiter>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.state().under_way -= 1;
        self.0.freed.notify_one();
    }
}

/// Counts the attempts of one call and tells the limiter how each was answered.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    attempts: Arc<AtomicU32>,
    sent: Arc<AtomicBool>,
    limiter: Arc<Limiter>,
}

impl Watch {
    pub(super) fn new(limiter: Arc<Limiter>) -> Self {
        Watch {
            attempts: Arc::default(),
            sent: Arc::default(),
            limiter,
        }
    }

    pub(super) fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }

    /// A request was made ready and sent, whatever came of it.
    pub(super) fn sent(&self) -> bool {
        self.sent.load(Ordering::Relaxed)
    }
}

#[dyn_dispatch_hint]
impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "Watch"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.sent.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.attempts.fetch_add(1, Ordering::Relaxed);
        match context.response().map(|r| r.status().as_u16()) {
            Some(429 | 503) => self.limiter.throttled(),
            Some(200..300) => self.limiter.succeeded(),
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn halves_once_a_burst_and_grows_slowly() {
        let limiter = Arc::new(Limiter::new(8));
        let places: Vec<_> = [limiter.acquire().await, limiter.acquire().await].into();
        limiter.throttled();
        limiter.throttled();
        assert_eq!(limiter.limit(), 4, "one burst halves once");
        for _ in 0..4 {
            limiter.succeeded();
        }
        assert_eq!(limiter.limit(), 5);
        drop(places);
        for _ in 0..100 {
            limiter.succeeded();
        }
        assert_eq!(limiter.limit(), 8, "never above the maximum");
    }

    #[tokio::test]
    async fn never_lets_more_through_than_the_limit() {
        let limiter = Arc::new(Limiter::new(3));
        let (now, most) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                let (limiter, now, most) = (limiter.clone(), now.clone(), most.clone());
                tokio::spawn(async move {
                    let _place = limiter.acquire().await;
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    now.fetch_sub(1, Ordering::SeqCst);
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), 3);
    }
}
