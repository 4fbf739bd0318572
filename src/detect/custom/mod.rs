//! Custom identifiers: the user's own expressions, with Macie's rules.
//!
//! An expression of Macie's subset of PCRE finds a text anywhere, not at an anchor as built-in
//! patterns do. The text counts if a keyword stands before it near enough to its end, or in the name
//! of its column or on its path, and if it holds no ignore word. What counts and what does not, an
//! expression's matches follow each other without overlap, as if it were run alone over the whole
//! file; in tables and records, over each value. Values of custom identifiers and of others neither
//! keep each other out nor are kept out: Macie reports them side by side.
//!
//! A value may have [`VALUE_BYTES_MAX`] bytes. A longer one, which only an expression with an open
//! end can have, is cut short or missed, the same wherever blocks are cut: it is looked for up to
//! that many bytes beyond the end of the [`CHUNK_BYTES`] of the file in which it starts.
//!
//! Cost: the texts that the expressions cannot do without ([`literal`]) go into one search; an
//! expression is run only around them. One that has none is a pass of its own.
//!
//! # Source
//! Macie user guide, "Building custom data identifiers" and "Configuration options".

mod identifier;
mod keyword;
mod literal;
mod prefilter;
mod rule;
mod search;

pub use identifier::{CustomError, from_regex, load, spec_of};
pub use rule::{CustomRule, Refusal, check, literals};
pub use search::{Judged, Verdict};

use prefilter::Prefilter;
use rule::Rule;
pub(super) use search::Scratch;

use std::sync::Arc;

use super::catalogue::CatalogueError;
use super::spec::Spec;
use crate::model::Origin;

/// Longest value that is found wherever it stands, in bytes.
pub const VALUE_BYTES_MAX: usize = 4096;
/// Stretches of a file, counted from its start, that bound how far an expression with an open end
/// is followed, in bytes.
pub const CHUNK_BYTES: usize = 8192;
/// Most bytes that may have to be looked at after the start of a value.
const REACH_BYTES: usize = CHUNK_BYTES + VALUE_BYTES_MAX;
const _: () = assert!(REACH_BYTES < crate::model::text::LOOKAHEAD_BYTES);

/// The custom identifiers of a catalogue, compiled.
#[derive(Debug, Default)]
pub(super) struct Customs {
    pub rules: Vec<Rule>,
    pub prefilter: Option<Prefilter>,
    /// Some detector is the user's own, of either form.
    pub any: bool,
}

impl Customs {
    /// Compiles the custom identifiers among the detectors; their keywords are added to `names`.
    ///
    /// # Errors
    /// An expression that is refused.
    pub(super) fn new(specs: &[Spec], names: &mut Vec<Arc<str>>) -> Result<Self, CatalogueError> {
        let mut rules = Vec::new();
        for (number, spec) in specs.iter().enumerate() {
            let Some(custom) = &spec.custom else {
                continue;
            };
            let mut keywords = Vec::with_capacity(spec.keywords.len());
            for keyword in &spec.keywords {
                keywords.push((keyword.clone(), names.len() as u32));
                names.push(Arc::from(keyword.as_str()));
            }
            let rule = Rule::new(number as u16, custom, &keywords, spec.keyword_distance);
            rules.push(rule.map_err(|cause| CatalogueError::Custom {
                id: spec.id.clone(),
                cause,
            })?);
        }
        Ok(Customs {
            prefilter: Prefilter::new(&rules),
            rules,
            any: specs.iter().any(|s| s.origin == Origin::Custom),
        })
    }
}
