//! The detectors that come with the program: the files under `detectors/`, embedded when built.

use super::catalogue::{Catalogue, CatalogueError, Selection};
use super::spec::{self, Spec};

/// Path below the root of the package, and text.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/detectors.rs"));

impl Catalogue {
    /// All detectors that come with the program, those that are off by default too; narrow it with
    /// [`Catalogue::select`].
    ///
    /// # Errors
    /// A detector file that cannot be used. Tests of the package rule that out for its own files.
    pub fn builtin() -> Result<Self, CatalogueError> {
        Catalogue::from_specs(builtin_specs()?)
    }

    /// The chosen ones of the detectors that come with the program, compiled once.
    ///
    /// # Errors
    /// As [`Catalogue::builtin`]; [`CatalogueError::Unknown`] for an id that is not among them.
    pub fn builtin_with(selection: &Selection) -> Result<Self, CatalogueError> {
        Catalogue::from_specs(selection.of(builtin_specs()?)?)
    }
}

/// The detector files, read.
///
/// # Errors
/// A file that cannot be used.
pub fn builtin_specs() -> Result<Vec<Spec>, CatalogueError> {
    let mut specs = Vec::new();
    for (name, text) in FILES {
        specs.extend(spec::parse(name, text)?);
    }
    Ok(specs)
}
