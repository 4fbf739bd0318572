//! The detectors: what they look for (files under `detectors/`) and the tests a value must pass.

pub mod check;
pub mod spec;
