//! Memory that the walks of a run share.
//!
//! Who could do with more asks for it, and does without where none is left; who needs much, to read
//! something at all, waits for its turn. So results do not depend on who else is reading.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// So many bytes that may be held at a time, by all that have a clone.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    bytes: usize,
    left: Mutex<usize>,
    given_back: Condvar,
}

impl Room {
    pub fn new(bytes: usize) -> Self {
        Room {
            shared: Arc::new(Shared {
                bytes,
                left: Mutex::new(bytes),
                given_back: Condvar::new(),
            }),
        }
    }

    /// Takes so much, or all there is at all, as soon as it is there.
    pub(crate) fn wait_for(&self, bytes: usize) -> Held {
        let shared = Arc::clone(&self.shared);
        let bytes = bytes.min(shared.bytes);
        let mut left = shared.left.lock().unwrap_or_else(PoisonError::into_inner);
        while *left < bytes {
            let waited = shared.given_back.wait(left);
            left = waited.unwrap_or_else(PoisonError::into_inner);
        }
        *left -= bytes;
        drop(left);
        Held { shared, bytes }
    }

    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        self.shared.bytes
    }

    /// Takes nothing yet.
    pub(crate) fn begin(&self) -> Held {
        Held {
            shared: Arc::clone(&self.shared),
            bytes: 0,
        }
    }
}

/// What one walk holds, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    shared: Arc<Shared>,
    bytes: usize,
}

impl Held {
    fn left(&self) -> std::sync::MutexGuard<'_, usize> {
        self.shared
            .left
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes so much more, if there is that much left.
    pub fn more(&mut self, bytes: usize) -> bool {
        let mut left = self.left();
        let took = *left >= bytes;
        *left -= if took { bytes } else { 0 };
        drop(left);
        self.bytes += if took { bytes } else { 0 };
        took
    }

    /// Gives some of it back.
    pub fn less(&mut self, bytes: usize) {
        let bytes = bytes.min(self.bytes);
        if bytes > 0 {
            self.bytes -= bytes;
            *self.left() += bytes;
            self.shared.given_back.notify_all();
        }
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

    #[test]
    fn who_needs_much_waits_until_it_is_there() {
        let room = Room::new(100);
        let first = room.wait_for(1_000);
        let other = room.clone();
        let waiting = std::thread::spawn(move || {
            let mut second = other.wait_for(70);
            second.more(30)
        });
        assert!(!room.begin().more(1));
        drop(first);
        assert!(waiting.join().expect("no panic"));
        assert!(room.begin().more(100));
    }
}
