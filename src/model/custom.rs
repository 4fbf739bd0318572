//! Custom identifiers as they are kept: what was asked for, within Macie's limits.
//!
//! # Source
//! Macie API reference, `CreateCustomDataIdentifier`; user guide, "Quotas".

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Severity, SeverityTable, is_unsafe_shown};

/// Characters between keyword and value where nothing else is said; Macie's default.
pub const DISTANCE_DEFAULT: u16 = 50;
/// Most custom identifiers in one job.
pub const PER_JOB_MAX: usize = 30;
/// Most custom identifiers that are kept and not deleted.
pub const KEPT_MAX: u64 = 10_000;

const NAME_CHARS: (usize, usize) = (1, 128);
const DESCRIPTION_CHARS_MAX: usize = 512;
const KEYWORDS_MAX: usize = 50;
const KEYWORD_CHARS: (usize, usize) = (3, 90);
const IGNORE_WORDS_MAX: usize = 10;
const IGNORE_WORD_CHARS: (usize, usize) = (4, 90);
const DISTANCE: (u16, u16) = (1, 300);
const TAGS_MAX: usize = 50;
const TAG_KEY_CHARS: (usize, usize) = (1, 128);
const TAG_VALUE_CHARS_MAX: usize = 256;

/// A custom identifier. It never changes; deleting marks it alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomIdentifier {
    /// A UUID in lower case.
    pub id: String,
    pub name: String,
    pub description: String,
    pub definition: Definition,
    pub tags: BTreeMap<String, String>,
    pub created_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a custom identifier looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Definition {
    /// Macie's form.
    Regex(RegexDefinition),
    /// The text of a detector file.
    File(String),
}

/// Macie's form of a custom identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegexDefinition {
    pub regex: String,
    pub keywords: Vec<String>,
    pub ignore_words: Vec<String>,
    /// Characters from the end of the keyword to the end of the value, at most.
    pub maximum_match_distance: u16,
    /// As given; empty means Medium from one occurrence.
    pub severity_levels: Vec<(Severity, u64)>,
}

impl RegexDefinition {
    /// One without keywords, ignore words and levels.
    pub fn new(regex: impl Into<String>) -> Self {
        RegexDefinition {
            regex: regex.into(),
            keywords: Vec::new(),
            ignore_words: Vec::new(),
            maximum_match_distance: DISTANCE_DEFAULT,
            severity_levels: Vec::new(),
        }
    }

    /// The severity by number of occurrences; `None` for levels that do not ascend.
    pub fn severity(&self) -> Option<SeverityTable> {
        match self.severity_levels.as_slice() {
            [] => Some(SeverityTable::MEDIUM),
            levels => SeverityTable::by_levels(levels),
        }
    }

    /// Checks everything but the expression itself.
    ///
    /// # Errors
    /// The first limit that is not kept.
    pub fn check(&self) -> Result<(), LimitError> {
        count("keywords", self.keywords.len(), KEYWORDS_MAX)?;
        for keyword in &self.keywords {
            length("keyword", keyword, KEYWORD_CHARS)?;
        }
        count("ignore words", self.ignore_words.len(), IGNORE_WORDS_MAX)?;
        for word in &self.ignore_words {
            length("ignore word", word, IGNORE_WORD_CHARS)?;
        }
        let distance = self.maximum_match_distance;
        if !(DISTANCE.0..=DISTANCE.1).contains(&distance) {
            return Err(LimitError::Distance {
                distance,
                min: DISTANCE.0,
                max: DISTANCE.1,
            });
        }
        self.severity().map(|_| ()).ok_or(LimitError::Levels)
    }
}

impl CustomIdentifier {
    /// Checks everything but the expression, or the detector file, itself.
    ///
    /// # Errors
    /// The first limit that is not kept.
    pub fn check(&self) -> Result<(), LimitError> {
        length("name", &self.name, NAME_CHARS)?;
        if self.name.chars().any(is_unsafe_shown) {
            return Err(LimitError::Name);
        }
        length("description", &self.description, (0, DESCRIPTION_CHARS_MAX))?;
        count("tags", self.tags.len(), TAGS_MAX)?;
        for (key, value) in &self.tags {
            length("tag key", key, TAG_KEY_CHARS)?;
            length("tag value", value, (0, TAG_VALUE_CHARS_MAX))?;
        }
        match &self.definition {
            Definition::Regex(regex) => regex.check(),
            Definition::File(_) => Ok(()),
        }
    }
}

/// A limit of Macie's that a custom identifier does not keep.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    #[error("{what} {text:?} has {chars} characters; give {min} to {max}")]
    Length {
        what: &'static str,
        text: String,
        chars: usize,
        min: usize,
        max: usize,
    },
    #[error("{count} {what} are more than {max}; make two identifiers of it")]
    Count {
        what: &'static str,
        count: usize,
        max: usize,
    },
    #[error("maximum match distance {distance} is not between {min} and {max} characters")]
    Distance { distance: u16, min: u16, max: u16 },
    #[error(
        "severity levels do not ascend; give each of low, medium and high at most once, each with \
         more occurrences than the one below it, 1 at least"
    )]
    Levels,
    #[error("the name holds characters that cannot be shown; leave them out")]
    Name,
}

fn length(what: &'static str, text: &str, (min, max): (usize, usize)) -> Result<(), LimitError> {
    let chars = text.chars().count();
    if (min..=max).contains(&chars) {
        return Ok(());
    }
    Err(LimitError::Length {
        what,
        // the beginning tells which one it is
        text: text.chars().take(40).collect(),
        chars,
        min,
        max,
    })
}

fn count(what: &'static str, count: usize, max: usize) -> Result<(), LimitError> {
    if count <= max {
        return Ok(());
    }
    Err(LimitError::Count { what, count, max })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(change: impl FnOnce(&mut CustomIdentifier)) -> String {
        let mut identifier = CustomIdentifier {
            id: "0e8eb8a1-1a3a-49ad-992f-0ab825a5aa71".to_owned(),
            name: "Employee id".to_owned(),
            description: String::new(),
            definition: Definition::Regex(RegexDefinition::new("EMP-\\d{6}")),
            tags: BTreeMap::new(),
            created_at: DateTime::default(),
            deleted_at: None,
        };
        change(&mut identifier);
        identifier
            .check()
            .map_or_else(|e| e.to_string(), |()| String::new())
    }

    fn regex(change: impl FnOnce(&mut RegexDefinition)) -> String {
        error(|identifier| {
            if let Definition::Regex(regex) = &mut identifier.definition {
                change(regex);
            }
        })
    }

    #[test]
    fn every_limit_is_kept() {
        assert_eq!(error(|_| ()), "");
        assert_eq!(error(|i| i.name = "é".repeat(128)), "");
        assert_eq!(
            error(|i| i.name.clear()),
            "name \"\" has 0 characters; give 1 to 128"
        );
        assert!(error(|i| i.name = "n".repeat(129)).contains("has 129 characters; give 1 to 128"));
        assert!(error(|i| i.name = "a\u{1b}[1m".to_owned()).contains("cannot be shown"));
        assert_eq!(error(|i| i.description = "d".repeat(512)), "");
        assert!(error(|i| i.description = "d".repeat(513)).contains("give 0 to 512"));
        let tags = |n: usize| (0..n).map(|i| (i.to_string(), String::new())).collect();
        assert_eq!(error(|i| i.tags = tags(50)), "");
        assert!(error(|i| i.tags = tags(51)).starts_with("51 tags are more than 50"));
        let words = |n: usize, length: usize| vec!["w".repeat(length); n];
        for (n, length, said) in [
            (50, 3, ""),
            (50, 90, ""),
            (
                51,
                3,
                "51 keywords are more than 50; make two identifiers of it",
            ),
            (1, 2, "keyword \"ww\" has 2 characters; give 3 to 90"),
        ] {
            assert_eq!(regex(|r| r.keywords = words(n, length)), said);
        }
        assert!(regex(|r| r.keywords = words(1, 91)).contains("has 91 characters"));
        assert_eq!(regex(|r| r.ignore_words = words(10, 90)), "");
        assert!(regex(|r| r.ignore_words = words(11, 4)).starts_with("11 ignore words"));
        assert!(regex(|r| r.ignore_words = words(1, 3)).contains("give 4 to 90"));
        for (distance, good) in [(0, false), (1, true), (300, true), (301, false)] {
            let said = regex(|r| r.maximum_match_distance = distance);
            assert_eq!(said.is_empty(), good, "{said}");
        }
        let levels = [(Severity::Low, 10), (Severity::High, 5)];
        assert!(regex(|r| r.severity_levels = levels.to_vec()).contains("do not ascend"));
    }
}
