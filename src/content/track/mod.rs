//! Trackers: what is known of the structure of a text, kept beside its blocks.

pub(crate) mod columns;
pub(crate) mod lines;
pub(crate) mod messages;
pub(crate) mod payload;
pub(crate) mod plain;
pub(crate) mod records;
pub(crate) mod stamped;
