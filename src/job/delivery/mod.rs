//! Sending job logs to a service: nothing lost, nothing doubled.
//!
//! The events in the store are the outbox; [`crate::store::Outbox`] tells how far a job's are. One
//! process at a time sends the log of a job, batch by batch and in order. A batch whose fate is not
//! known, because no answer came or the process died, is looked for at the end of the stream before
//! anything else is sent. A failure costs the run nothing: it is noted, and the next run, or
//! `magpie logs --send`, goes on from there.

mod background;
mod stream;

pub use background::{Delivered, Delivery};
pub use stream::{Patience, SendError, Sent, send_all};
