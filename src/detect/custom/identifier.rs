//! From a custom identifier, or a detector file of the user's, to a detector of the catalogue.

use super::rule::{self, CustomRule, Refusal};
use crate::detect::catalogue::{Catalogue, CatalogueError};
use crate::detect::spec::{self, Engine, Spec, SpecError};
use crate::model::custom::LimitError;
use crate::model::{Category, CustomIdentifier, Definition, MaskStyle, Origin, RegexDefinition};

/// A custom identifier that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CustomError {
    #[error(transparent)]
    Limit(#[from] LimitError),
    #[error("regex: {0}")]
    Regex(#[from] Refusal),
    #[error(transparent)]
    File(#[from] SpecError),
}

/// The detector of a custom identifier. Its id is the name.
///
/// # Errors
/// A limit that is not kept, an expression that is refused, a detector file that cannot be used.
pub fn spec_of(identifier: &CustomIdentifier) -> Result<Spec, CustomError> {
    identifier.check()?;
    let mut spec = match &identifier.definition {
        Definition::Regex(regex) => from_regex(regex)?,
        Definition::File(text) => load(&identifier.name, text)?,
    };
    spec.id.clone_from(&identifier.name);
    spec.kind.clone_from(&identifier.name);
    spec.uuid = Some(identifier.id.clone());
    if !identifier.description.is_empty() {
        spec.description.clone_from(&identifier.description);
    }
    Ok(spec)
}

/// A detector of Macie's form, without a name.
///
/// # Errors
/// As [`spec_of`].
pub fn from_regex(regex: &RegexDefinition) -> Result<Spec, CustomError> {
    regex.check()?;
    rule::check(&regex.regex)?;
    Ok(Spec {
        id: String::new(),
        uuid: None,
        category: Category::CustomIdentifier,
        kind: String::new(),
        countries: Vec::new(),
        description: String::new(),
        references: Vec::new(),
        severity: regex.severity().ok_or(LimitError::Levels)?,
        origin: Origin::Custom,
        recommended: false,
        default_on: true,
        mask: MaskStyle::All,
        keywords: regex.keywords.clone(),
        keywords_extra: Vec::new(),
        keywords_shared: Vec::new(),
        keyword_distance: regex.maximum_match_distance,
        never_reported: Vec::new(),
        macie_count_max: None,
        engine: Engine::Pattern,
        yields: false,
        field_keywords: Vec::new(),
        patterns: Vec::new(),
        positives: Vec::new(),
        negatives: Vec::new(),
        custom: Some(CustomRule {
            regex: regex.regex.clone(),
            ignore_words: regex.ignore_words.clone(),
        }),
        embedded: false,
    })
}

/// Reads a detector file of the user's and compiles it once, so that whatever is wrong with it is
/// told with file and line.
///
/// # Errors
/// As [`spec::parse_own`]; expressions that cannot be compiled.
pub fn load(file: &str, text: &str) -> Result<Spec, SpecError> {
    let (spec, lines) = spec::parse_own(file, text)?;
    let told = |at: String, error: &CatalogueError| {
        let message = error.to_string();
        // the file says more than the id
        let cause = message
            .split_once(": ")
            .map_or(message.as_str(), |(_, c)| c);
        SpecError::Value {
            file: at,
            cause: cause.to_owned(),
        }
    };
    for (number, pattern) in spec.patterns.iter().enumerate() {
        let alone = Spec {
            patterns: vec![pattern.clone()],
            ..spec.clone()
        };
        if let Err(error) = Catalogue::from_specs(vec![alone]) {
            return Err(told(lines.pattern(number), &error));
        }
    }
    match Catalogue::from_specs(vec![spec.clone()]) {
        Ok(_) => Ok(spec),
        Err(error) => Err(told(lines.field("id"), &error)),
    }
}
