//! The detectors: what they look for (files under `detectors/`) and the engine that looks.

pub mod address;
mod anchor;
mod builtin;
mod candidate;
pub mod catalogue;
mod cells;
pub mod check;
pub mod class;
mod confidence;
pub mod custom;
pub mod date;
pub mod dialect;
mod explain;
mod feasible;
mod fields;
mod fingerprint;
mod keyword;
mod miss;
pub mod name;
mod near;
mod number;
mod pass;
mod pattern;
mod recognise;
mod scanner;
mod secret;
mod shape;
pub mod spec;
mod veto;
mod word;

pub use builtin::builtin_specs;
pub use catalogue::{Catalogue, CatalogueError, Include, Selection};
pub use class::Level;
pub use miss::{MissReason, NearMiss};
pub use scanner::Scanner;
pub use veto::Veto;
