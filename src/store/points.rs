//! Counting the moments at which the store changes something on disk.
//!
//! Tests enumerate these moments and end the process at each of them in turn. Without a hook, a
//! point costs one check of an `Option`.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Called at each write point with its number (from 1) and its name.
type Hook = Arc<dyn Fn(u64, &'static str) + Send + Sync>;

#[derive(Clone, Default)]
pub(super) struct WritePoints {
    hook: Option<(Hook, Arc<AtomicU64>)>,
}

impl fmt::Debug for WritePoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WritePoints(hook: {})", self.hook.is_some())
    }
}

impl WritePoints {
    pub(super) fn with_hook(hook: Hook) -> Self {
        WritePoints {
            hook: Some((hook, Arc::default())),
        }
    }

    /// Passes a write point.
    pub(super) fn pass(&self, name: &'static str) {
        if let Some((hook, count)) = &self.hook {
            hook(count.fetch_add(1, Ordering::Relaxed) + 1, name);
        }
    }
}
