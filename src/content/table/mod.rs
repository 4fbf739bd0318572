//! Tables: where cells begin and end, and whether a text is a table at all.

pub(crate) mod dialect;
pub(crate) mod index;
