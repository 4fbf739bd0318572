//! What the clients of AWS services have in common: where their settings come from, and the words of
//! their errors. The calls, and what an error means, are left to [`source`](crate::source) and
//! [`deliver`](crate::deliver).

mod settings;
mod words;

pub(crate) use settings::{configured, named_region};
pub(crate) use words::{chain, printable};
