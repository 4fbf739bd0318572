//! The detectors: what they look for (files under `detectors/`) and the engine that looks.

mod anchor;
pub mod check;
pub mod class;
mod keyword;
pub mod spec;
mod word;
