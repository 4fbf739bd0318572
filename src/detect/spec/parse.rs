//! Reads a detector file.

use serde::Deserialize;

use super::{
    Anchor, Edge, Engine, KEYWORD_DISTANCE, KeywordRule, Negative, PatternSpec, Positive, Spec,
    iban,
};
use crate::detect::check::Check;
use crate::model::{Category, MaskStyle, Origin, Severity, SeverityTable};

/// A detector file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    /// Not TOML, or not the fields of a detector.
    #[error("load detector {file}: {cause}")]
    Syntax { file: String, cause: String },
    /// A field with a value that is not allowed.
    #[error("load detector {file}: {cause}")]
    Value { file: String, cause: String },
}

/// Reads one detector file: one detector, or a table of bank accounts (`[[country]]`), which
/// gives one detector a country.
///
/// `file_name`: path below the root, for messages; a single detector has the id for a file name.
///
/// # Errors
/// Text that is not TOML, unknown or missing fields, names that are not in the closed lists
/// (category, severity, mask, anchor, edge, keyword rule, check), and patterns that could never
/// match as they stand: a keyword asked for where there are none, a literal anchor without text.
pub fn parse(file_name: &str, text: &str) -> Result<Vec<Spec>, SpecError> {
    let table: toml::Table = toml::from_str(text).map_err(|e| syntax(file_name, &e))?;
    if table.contains_key("country") {
        return iban::parse(file_name, table);
    }
    let raw: RawSpec = table.try_into().map_err(|e| syntax(file_name, &e))?;
    let file = |_: &str| file_name.to_owned();
    let spec = raw.build(&file, &|_| file_name.to_owned(), false)?;
    let stem = file_name.rsplit('/').next().unwrap_or(file_name);
    let stem = stem.strip_suffix(".toml").unwrap_or(stem);
    if stem != spec.id {
        let cause = format!("id \"{}\" is not the file name", spec.id);
        return Err(value(file_name, cause));
    }
    Ok(vec![spec])
}

pub(super) fn syntax(file: &str, error: &toml::de::Error) -> SpecError {
    // one line; the reader's own text ends in the picture of the line at fault
    let cause = error.message().replace('\n', " ");
    SpecError::Syntax {
        file: file.to_owned(),
        cause,
    }
}

pub(super) fn value(file: &str, cause: String) -> SpecError {
    SpecError::Value {
        file: file.to_owned(),
        cause,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSpec {
    id: String,
    category: Option<String>,
    kind: Option<String>,
    #[serde(default)]
    countries: Vec<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    references: Vec<String>,
    #[serde(default = "medium")]
    severity: Vec<String>,
    #[serde(default)]
    recommended: bool,
    origin: Option<String>,
    #[serde(default = "yes")]
    default_on: bool,
    #[serde(default = "all")]
    mask: String,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    keywords_extra: Vec<String>,
    #[serde(default)]
    keywords_shared: Vec<String>,
    #[serde(default = "keyword_distance")]
    keyword_distance: u16,
    #[serde(default)]
    never_reported: Vec<String>,
    macie_count_max: Option<u64>,
    #[serde(default = "pattern")]
    engine: String,
    #[serde(default)]
    yields: bool,
    #[serde(default)]
    field_keywords: Vec<String>,
    #[serde(default, rename = "pattern")]
    patterns: Vec<RawPattern>,
    #[serde(default, rename = "positive")]
    positives: Vec<RawPositive>,
    #[serde(default, rename = "negative")]
    negatives: Vec<RawNegative>,
}

fn yes() -> bool {
    true
}

fn keyword_distance() -> u16 {
    KEYWORD_DISTANCE
}

fn pattern() -> String {
    "pattern".to_owned()
}

/// Macie's severity of custom identifiers.
fn medium() -> Vec<String> {
    vec!["Medium".to_owned(); 3]
}

fn all() -> String {
    "all".to_owned()
}

fn near_keyword() -> String {
    "keyword".to_owned()
}

fn required() -> String {
    "required".to_owned()
}

fn word() -> String {
    "word".to_owned()
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPattern {
    pub(super) regex: String,
    #[serde(default = "near_keyword")]
    pub(super) anchor: String,
    #[serde(default)]
    pub(super) literals: Vec<String>,
    #[serde(default)]
    pub(super) literal_ignore_case: bool,
    #[serde(default = "required")]
    pub(super) keyword: String,
    #[serde(default = "word")]
    pub(super) edge: String,
    #[serde(default)]
    pub(super) checks: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPositive {
    text: String,
    #[serde(rename = "match")]
    matched: String,
    why: String,
    #[serde(default)]
    also: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNegative {
    text: String,
    why: String,
}

impl From<RawPositive> for Positive {
    fn from(raw: RawPositive) -> Self {
        Positive {
            text: raw.text,
            matched: raw.matched,
            why: raw.why,
            also: raw.also,
        }
    }
}

impl From<RawNegative> for Negative {
    fn from(raw: RawNegative) -> Self {
        Negative {
            text: raw.text,
            why: raw.why,
        }
    }
}

impl RawSpec {
    /// `at`: what messages say of the place of a field; `at_pattern`: of a pattern. `own`: a file of
    /// the user's.
    pub(super) fn build(
        self,
        at: &dyn Fn(&str) -> String,
        at_pattern: &dyn Fn(usize) -> String,
        own: bool,
    ) -> Result<Spec, SpecError> {
        let engine = choose(&at("engine"), "engine", &self.engine, &ENGINES)?;
        let has_keywords = !(self.keywords.is_empty() && self.keywords_extra.is_empty());
        let patterns = self
            .patterns
            .into_iter()
            .enumerate()
            .map(|(number, raw)| raw.build(&at_pattern(number), has_keywords))
            .collect::<Result<Vec<_>, _>>()?;
        if patterns.is_empty() == (engine == Engine::Pattern) {
            let cause = match engine {
                Engine::Pattern => "no [[pattern]]; add one".to_owned(),
                _ => format!("engine \"{}\" takes no [[pattern]]", self.engine),
            };
            return Err(value(&at("engine"), cause));
        }
        let known = |keyword: &String| {
            self.keywords
                .iter()
                .chain(&self.keywords_extra)
                .any(|k| k == keyword)
        };
        if let Some(keyword) = self.keywords_shared.iter().find(|k| !known(k)) {
            let cause = format!(
                "keyword \"{keyword}\" is shared but not one of the keywords; add it there"
            );
            return Err(value(&at("keywords_shared"), cause));
        }
        let category = match (self.category, own) {
            (Some(name), false) => category(&at("category"), &name)?,
            (Some(name), true) => own_category(&at("category"), &name)?,
            (None, true) => Category::CustomIdentifier,
            (None, false) => {
                let cause = "missing field `category`";
                return Err(value(&at("id"), cause.to_owned()));
            }
        };
        let origins: &[(&str, Origin)] = if own { &OWN_ORIGIN } else { &ORIGINS };
        let origin = match self.origin {
            Some(name) => choose(&at("origin"), "origin", &name, origins)?,
            None if own => Origin::Custom,
            None => Origin::Magpie,
        };
        Ok(Spec {
            category,
            severity: severity(&at("severity"), &self.severity)?,
            origin,
            mask: mask(&at("mask"), &self.mask)?,
            kind: self.kind.unwrap_or_else(|| self.id.clone()),
            id: self.id,
            uuid: None,
            countries: self.countries,
            description: self.description,
            references: self.references,
            recommended: self.recommended,
            default_on: self.default_on,
            keywords: self.keywords,
            keywords_extra: self.keywords_extra,
            keywords_shared: self.keywords_shared,
            keyword_distance: self.keyword_distance,
            never_reported: self.never_reported,
            macie_count_max: self.macie_count_max,
            engine,
            yields: self.yields,
            field_keywords: self.field_keywords,
            patterns,
            positives: self.positives.into_iter().map(Positive::from).collect(),
            negatives: self.negatives.into_iter().map(Negative::from).collect(),
            custom: None,
            embedded: false,
        })
    }
}

impl RawPattern {
    pub(super) fn build(self, file: &str, has_keywords: bool) -> Result<PatternSpec, SpecError> {
        let keyword = choose(file, "keyword", &self.keyword, &KEYWORD_RULES)?;
        let anchor = match self.anchor.as_str() {
            "number" => Anchor::Number,
            "token" => Anchor::Token,
            "at" => Anchor::At,
            "url" => Anchor::Url,
            "keyword" => Anchor::Keyword,
            "literal" => Anchor::Literal {
                literals: self.literals.clone(),
                ignore_case: self.literal_ignore_case,
            },
            other => return Err(unknown(file, "anchor", other, ANCHORS)),
        };
        let literal = matches!(anchor, Anchor::Literal { .. });
        if literal == self.literals.is_empty() || self.literals.iter().any(String::is_empty) {
            let cause = "anchor \"literal\" and literals that are not empty go together";
            return Err(value(file, cause.to_owned()));
        }
        if !has_keywords && (keyword != KeywordRule::None || anchor == Anchor::Keyword) {
            let cause = "a pattern depends on keywords, and there are none; add keywords";
            return Err(value(file, cause.to_owned()));
        }
        let edge = Edge::parse(&self.edge)
            .ok_or_else(|| unknown(file, "edge", &self.edge, Edge::names()))?;
        let checks = self
            .checks
            .iter()
            .map(|name| {
                Check::parse(name).ok_or_else(|| unknown(file, "check", name, Check::names()))
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(PatternSpec {
            regex: self.regex,
            anchor,
            keyword,
            edge,
            checks,
        })
    }
}

const ENGINES: [(&str, Engine); 6] = [
    ("pattern", Engine::Pattern),
    ("name", Engine::Name),
    ("address", Engine::Address),
    ("date_of_birth", Engine::DateOfBirth),
    ("password", Engine::Password),
    ("token", Engine::Token),
];
const ORIGINS: [(&str, Origin); 2] = [("macie", Origin::Macie), ("magpie", Origin::Magpie)];
const OWN_ORIGIN: [(&str, Origin); 1] = [("custom", Origin::Custom)];
const KEYWORD_RULES: [(&str, KeywordRule); 3] = [
    ("required", KeywordRule::Required),
    ("none", KeywordRule::None),
    ("absent", KeywordRule::Absent),
];
const ANCHORS: [&str; 6] = ["number", "token", "literal", "at", "url", "keyword"];
const MASKS: [(&str, MaskStyle); 6] = [
    ("all", MaskStyle::All),
    ("last4", MaskStyle::Last4),
    ("initials", MaskStyle::Initials),
    ("email", MaskStyle::Email),
    ("header", MaskStyle::Header),
    ("hidden", MaskStyle::Hidden),
];
const CATEGORIES: [Category; 3] = [
    Category::Credentials,
    Category::FinancialInformation,
    Category::PersonalInformation,
];

pub(super) fn category(file: &str, name: &str) -> Result<Category, SpecError> {
    CATEGORIES
        .into_iter()
        .find(|c| c.as_str() == name)
        .ok_or_else(|| unknown(file, "category", name, CATEGORIES.map(Category::as_str)))
}

pub(super) fn origin(file: &str, name: &str) -> Result<Origin, SpecError> {
    choose(file, "origin", name, &ORIGINS)
}

/// Of a file of the user's, which may also leave it to be a custom identifier.
fn own_category(file: &str, name: &str) -> Result<Category, SpecError> {
    let known = [Category::CustomIdentifier].into_iter().chain(CATEGORIES);
    Category::parse(name)
        .ok_or_else(|| unknown(file, "category", name, known.map(Category::as_str)))
}

pub(super) fn mask(file: &str, name: &str) -> Result<MaskStyle, SpecError> {
    choose(file, "mask", name, &MASKS)
}

pub(super) fn severity(file: &str, names: &[String]) -> Result<SeverityTable, SpecError> {
    let [one, some, many] = names else {
        let cause = format!(
            "severity has {} values; give 3 (1, 2 to 99, 100 and more)",
            names.len()
        );
        return Err(value(file, cause));
    };
    let read = |name: &str| {
        Severity::parse(name)
            .ok_or_else(|| unknown(file, "severity", name, ["Low", "Medium", "High"]))
    };
    SeverityTable::by_count(read(one)?, read(some)?, read(many)?).ok_or_else(|| {
        let cause = "severity falls as the occurrences grow; give it ascending";
        value(file, cause.to_owned())
    })
}

fn choose<T: Copy>(
    file: &str,
    field: &str,
    name: &str,
    known: &[(&'static str, T)],
) -> Result<T, SpecError> {
    known
        .iter()
        .find(|(n, _)| *n == name)
        .map(|(_, t)| *t)
        .ok_or_else(|| unknown(file, field, name, known.iter().map(|(n, _)| *n)))
}

fn unknown(
    file: &str,
    field: &str,
    name: &str,
    known: impl IntoIterator<Item = &'static str>,
) -> SpecError {
    let known: Vec<&str> = known.into_iter().collect();
    let cause = format!("unknown {field} \"{name}\"; known: {}", known.join(", "));
    value(file, cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_lines_are_a_detector() {
        let text = "id = \"BADGE_NUMBER\"\ncategory = \"PERSONAL_INFORMATION\"\nkeywords = [\"badge no\"]\n\
                    [[pattern]]\nregex = '[A-Z]{2}-\\d{6}'\n";
        let specs = parse("detectors/personal/any/BADGE_NUMBER.toml", text).unwrap();
        assert_eq!(specs.len(), 1);
        let spec = &specs[0];
        assert_eq!(spec.kind, "BADGE_NUMBER");
        assert_eq!((spec.origin, spec.mask), (Origin::Magpie, MaskStyle::All));
        assert!(spec.default_on && !spec.recommended);
        assert_eq!(spec.patterns[0].anchor, Anchor::Keyword);
        assert_eq!(spec.patterns[0].keyword, KeywordRule::Required);
        assert_eq!(spec.patterns[0].edge, Edge::Word);
    }
}
