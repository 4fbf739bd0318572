//! What time it is: the system's, or one that is so much ahead or behind.

use chrono::{DateTime, Duration, Utc};

/// A clock that goes on from any moment.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    ahead: Duration,
}

impl Default for Clock {
    fn default() -> Self {
        Clock {
            ahead: Duration::zero(),
        }
    }
}

impl Clock {
    /// A clock that shows `moment` now, and goes on from there.
    pub fn starting_at(moment: DateTime<Utc>) -> Self {
        Clock {
            ahead: moment - Utc::now(),
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + self.ahead
    }
}
