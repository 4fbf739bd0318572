//! The detectors that come with the program: the files under `detectors/`, embedded when built.

use super::catalogue::{Catalogue, CatalogueError, Selection};
use super::spec::{self, Spec};

/// Path below the root of the package, text, and where in it the examples begin.
static FILES: &[(&str, &str, usize)] = include!(concat!(env!("OUT_DIR"), "/detectors.rs"));

impl Catalogue {
    /// All detectors that come with the program, those that are off by default too; narrow it with
    /// [`Catalogue::select`].
    ///
    /// # Errors
    /// A detector file that cannot be used. Tests of the package rule that out for its own files.
    pub fn builtin() -> Result<Self, CatalogueError> {
        Catalogue::from_specs(builtin_specs()?)
    }

    /// The chosen ones of the detectors that come with the program, without their examples, compiled
    /// once.
    ///
    /// # Errors
    /// As [`Catalogue::builtin`]; [`CatalogueError::Unknown`] for an id that is not among them.
    pub fn builtin_with(selection: &Selection) -> Result<Self, CatalogueError> {
        Catalogue::from_specs(selection.of(builtin_definitions()?)?)
    }
}

/// The detector files, read.
///
/// # Errors
/// A file that cannot be used.
pub fn builtin_specs() -> Result<Vec<Spec>, CatalogueError> {
    read(|text, _| text)
}

/// The detector files, read without their examples, which are nearly half of them.
///
/// # Errors
/// A file that cannot be used.
pub fn builtin_definitions() -> Result<Vec<Spec>, CatalogueError> {
    read(|text, examples| text.get(..examples).unwrap_or(text))
}

fn read(part: impl Fn(&'static str, usize) -> &'static str) -> Result<Vec<Spec>, CatalogueError> {
    let mut specs = Vec::new();
    for &(name, text, examples) in FILES {
        specs.extend(spec::parse(name, part(text, examples))?);
    }
    for spec in &mut specs {
        spec.embedded = true;
    }
    Ok(specs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_lack_the_examples_alone() {
        let mut specs = builtin_specs().expect("load");
        let definitions = builtin_definitions().expect("load");
        let mut without = 0;
        for (spec, definition) in specs.iter_mut().zip(&definitions) {
            if definition.positives.is_empty() && definition.negatives.is_empty() {
                without += 1;
                spec.positives.clear();
                spec.negatives.clear();
            }
        }
        assert_eq!(specs, definitions);
        assert!(without * 2 > specs.len(), "{without} of {}", specs.len());
    }
}
