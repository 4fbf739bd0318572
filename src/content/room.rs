//! Memory that the walks of a run share: who wants to hold much asks for it, and does without where
//! none is left.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many bytes that may be held at a time, by all that have a clone.
#[derive(Clone, Debug)]
pub struct Room {
    left: Arc<AtomicUsize>,
}

/// One room is as good as another: results do not depend on it.
impl PartialEq for Room {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Room {}

impl Room {
    pub fn new(bytes: usize) -> Self {
        Room {
            left: Arc::new(AtomicUsize::new(bytes)),
        }
    }

    /// Takes nothing yet.
    pub(crate) fn begin(&self) -> Held {
        Held {
            left: Arc::clone(&self.left),
            bytes: 0,
        }
    }
}

/// What one walk holds, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    left: Arc<AtomicUsize>,
    bytes: usize,
}

impl Held {
    /// Takes so much more, if there is that much left.
    pub fn more(&mut self, bytes: usize) -> bool {
        let took = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(bytes)
            });
        self.bytes += if took.is_ok() { bytes } else { 0 };
        took.is_ok()
    }

    /// Gives some of it back.
    pub fn less(&mut self, bytes: usize) {
        let bytes = bytes.min(self.bytes);
        self.bytes -= bytes;
        self.left.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.less(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_given_back() {
        let room = Room::new(100);
        let (mut a, mut b) = (room.begin(), room.clone().begin());
        assert!(a.more(60) && !b.more(41) && b.more(40) && !a.more(1));
        a.less(20);
        assert!(b.more(20));
        drop(b);
        assert!(a.more(60) && !a.more(1));
        drop(a);
        assert!(room.begin().more(100));
    }
}
