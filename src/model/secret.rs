//! A matched value, which does not print itself.

use std::fmt;

/// Borrowed matched bytes. `Debug` shows the length alone, so that no message, log or panic
/// carries the value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret<'a>(&'a [u8]);

impl<'a> Secret<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Secret(bytes)
    }

    /// The value itself: for masking, fingerprints, allow lists and an explicit `reveal` only.
    pub fn expose(self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}
