//! Job logs to Amazon CloudWatch Logs: batches within the service's limits, and the calls.
//!
//! What is to be sent, and what has arrived, is kept in the store; when to send, and what to do
//! after a failure, is the engine's to know. A [`PutError`] says the one thing that matters for
//! that: whether the batch may have arrived all the same.

mod batch;
mod cloudwatch;
mod error;

pub use batch::{Batch, EVENT_BYTES_MAX, Line};
pub use cloudwatch::{CloudWatch, Options};
pub use error::{DeliveryError, PutError};
