//! Unfolded text: text that is scanned as what it stands for, escapes undone and marks left out, with a
//! way back to the text as it is stored.
//!
//! [`Folded`] is the stored text as it is read, and keeps the [`Map`] while it gives text out. What
//! the escapes and marks of a format are is left to the format.

mod folded;
mod map;

pub(crate) use folded::{BEHIND_BYTES, Folded, PEEK_BYTES, STEP_BYTES};
pub(crate) use map::{Form, Map, Segment, Spot};
