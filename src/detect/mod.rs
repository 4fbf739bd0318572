//! The pure detector core: text in, hits out. No files, network, clock or threads; cannot fail.

pub mod address;
pub mod date;
