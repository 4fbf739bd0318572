//! Which objects of the buckets a job takes: `scoping`, with Macie's comparators; and which share of
//! them a job with a sampling percentage reads.
//!
//! Conditions of a block all have to hold, the values of one are alternatives, and what is excluded
//! stays out whatever includes it. Tags cost a request an object, so that they are asked last and
//! only where they decide.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::definition::Refusal;
use super::definition::request::{ScopeTerm, Scoping, ScopingBlock, SimpleTerm, TagTerm};
use super::fingerprint::FingerprintKey;
use crate::model::{JobId, ObjectMeta, Secret};

/// Tags of an object or a bucket.
pub type Tags = BTreeMap<String, String>;

/// Conditions on objects.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    includes: Vec<Term>,
    excludes: Vec<Term>,
}

#[derive(Clone, Debug)]
enum Term {
    Extension { equal: bool, values: Vec<String> },
    Prefix(Vec<String>),
    Modified(Comparator, DateTime<Utc>),
    Size(Comparator, u64),
    Tag(TagCondition),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparator {
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
}

/// A condition on tags: some pair is there (`EQ`), or none is (`NE`).
#[derive(Clone, Debug)]
pub struct TagCondition {
    equal: bool,
    pairs: Vec<(Option<String>, Option<String>)>,
}

/// What the scope says without knowing the tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    In,
    Out,
    /// The tags decide.
    AskTags,
}

impl Scope {
    /// Reads `scoping`.
    ///
    /// # Errors
    /// An unknown property, a comparator that does not go with it, a value that is none.
    pub fn compile(scoping: Option<&Scoping>) -> Result<Self, Refusal> {
        let block = |block: Option<&ScopingBlock>| -> Result<Vec<Term>, Refusal> {
            block.map_or(&[][..], |b| &b.and).iter().map(term).collect()
        };
        Ok(Scope {
            includes: block(scoping.and_then(|s| s.includes.as_ref()))?,
            excludes: block(scoping.and_then(|s| s.excludes.as_ref()))?,
        })
    }

    /// Judges an object by what a listing tells of it.
    pub fn judge(&self, meta: &ObjectMeta) -> Judgement {
        let holds = |term: &Term| term.holds(meta, None);
        if self.includes.iter().any(|t| holds(t) == Some(false)) {
            return Judgement::Out;
        }
        if !self.excludes.is_empty() && self.excludes.iter().all(|t| holds(t) == Some(true)) {
            return Judgement::Out;
        }
        let open = self.includes.iter().any(|t| holds(t).is_none())
            // one condition that does not hold already keeps the exclusion from applying
            || (self.excludes.iter().any(|t| holds(t).is_none())
                && self.excludes.iter().all(|t| holds(t) != Some(false)));
        match open {
            true => Judgement::AskTags,
            false => Judgement::In,
        }
    }

    /// Judges an object whose tags are known.
    pub fn takes(&self, meta: &ObjectMeta, tags: &Tags) -> bool {
        let holds = |term: &Term| term.holds(meta, Some(tags)) == Some(true);
        self.includes.iter().all(holds)
            && (self.excludes.is_empty() || !self.excludes.iter().all(holds))
    }

    /// Some condition is on tags.
    pub fn has_tags(&self) -> bool {
        let tags = |term: &Term| matches!(term, Term::Tag(_));
        self.includes.iter().any(tags) || self.excludes.iter().any(tags)
    }
}

impl Term {
    /// `None`: the tags are not known.
    fn holds(&self, meta: &ObjectMeta, tags: Option<&Tags>) -> Option<bool> {
        Some(match self {
            Term::Extension { equal, values } => {
                values.iter().any(|v| v == meta.extension()) == *equal
            }
            Term::Prefix(values) => values.iter().any(|v| meta.key.starts_with(v)),
            // what has no date or size is not left out for it
            Term::Modified(comparator, time) => meta
                .last_modified
                .is_none_or(|modified| comparator.holds(&modified, time)),
            Term::Size(comparator, size) => meta
                .size
                .is_none_or(|actual| comparator.holds(&actual, size)),
            Term::Tag(condition) => condition.holds(tags?),
        })
    }
}

impl Comparator {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "EQ" => Comparator::Eq,
            "NE" => Comparator::Ne,
            "GT" => Comparator::Gt,
            "GTE" => Comparator::Gte,
            "LT" => Comparator::Lt,
            "LTE" => Comparator::Lte,
            _ => return None,
        })
    }

    fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Comparator::Eq => left == right,
            Comparator::Ne => left != right,
            Comparator::Gt => left > right,
            Comparator::Gte => left >= right,
            Comparator::Lt => left < right,
            Comparator::Lte => left <= right,
        }
    }
}

impl TagCondition {
    /// Reads comparator and pairs.
    ///
    /// # Errors
    /// A comparator other than `EQ` and `NE`, or no pair.
    pub(super) fn compile(term: &TagTerm) -> Result<Self, Refusal> {
        let equal = equality("a tag condition", term.comparator.as_deref())?;
        if term.tag_values.is_empty() {
            return Err(Refusal::invalid("tagValues of a tag condition is empty"));
        }
        let some = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
        let pairs: Vec<_> = term
            .tag_values
            .iter()
            .map(|pair| (some(&pair.key), some(&pair.value)))
            .collect();
        if pairs.iter().any(|(k, v)| k.is_none() && v.is_none()) {
            return Err(Refusal::invalid(
                "a pair in tagValues has neither key nor value",
            ));
        }
        Ok(TagCondition { equal, pairs })
    }

    pub(super) fn holds(&self, tags: &Tags) -> bool {
        let matches = |(key, value): &(Option<String>, Option<String>)| match (key, value) {
            (Some(key), Some(value)) => tags.get(key) == Some(value),
            (Some(key), None) => tags.contains_key(key),
            (None, Some(value)) => tags.values().any(|v| v == value),
            (None, None) => false,
        };
        self.pairs.iter().any(matches) == self.equal
    }
}

/// `EQ` or `NE`.
pub(super) fn equality(what: &str, comparator: Option<&str>) -> Result<bool, Refusal> {
    match comparator {
        Some("EQ") => Ok(true),
        Some("NE") => Ok(false),
        other => Err(Refusal::invalid(format!(
            "comparator {} of {what} is not one of EQ, NE",
            other.unwrap_or("(none)")
        ))),
    }
}

fn term(term: &ScopeTerm) -> Result<Term, Refusal> {
    match (&term.simple_scope_term, &term.tag_scope_term) {
        (Some(simple), None) => simple_term(simple),
        (None, Some(tag)) => {
            if tag.key.as_deref().is_some_and(|k| k != "TAG") {
                return Err(Refusal::invalid("key of tagScopeTerm is not TAG"));
            }
            if tag.target.as_deref().is_some_and(|t| t != "S3_OBJECT") {
                return Err(Refusal::invalid("target of tagScopeTerm is not S3_OBJECT"));
            }
            TagCondition::compile(tag).map(Term::Tag)
        }
        _ => Err(Refusal::invalid(
            "a condition of scoping needs exactly one of simpleScopeTerm and tagScopeTerm",
        )),
    }
}

fn simple_term(term: &SimpleTerm) -> Result<Term, Refusal> {
    let key = term.key.as_deref().unwrap_or_default();
    let comparator = term.comparator.as_deref();
    if term.values.is_empty() {
        return Err(Refusal::invalid(format!("values of {key} is empty")));
    }
    let ordered = || {
        comparator.and_then(Comparator::parse).ok_or_else(|| {
            Refusal::invalid(format!(
                "comparator {} of {key} is not one of EQ, NE, GT, GTE, LT, LTE",
                comparator.unwrap_or("(none)")
            ))
        })
    };
    let single = || match term.values.as_slice() {
        [one] => Ok(one.as_str()),
        several => Err(Refusal::invalid(format!(
            "{key} takes one value, not {}",
            several.len()
        ))),
    };
    Ok(match key {
        "OBJECT_EXTENSION" => Term::Extension {
            equal: equality(key, comparator)?,
            values: term.values.clone(),
        },
        "OBJECT_KEY" if comparator == Some("STARTS_WITH") => Term::Prefix(term.values.clone()),
        "OBJECT_KEY" => {
            return Err(Refusal::invalid(format!(
                "comparator {} of OBJECT_KEY is not STARTS_WITH",
                comparator.unwrap_or("(none)")
            )));
        }
        "OBJECT_LAST_MODIFIED_DATE" => {
            let text = single()?;
            let time = DateTime::parse_from_rfc3339(text).map_err(|_| {
                Refusal::invalid(format!(
                    "{text:?} of OBJECT_LAST_MODIFIED_DATE is not a time such as \
                     2023-09-24T14:31:13Z"
                ))
            })?;
            Term::Modified(ordered()?, time.with_timezone(&Utc))
        }
        "OBJECT_SIZE" => {
            let text = single()?;
            let size = text.parse().map_err(|_| {
                Refusal::invalid(format!("{text:?} of OBJECT_SIZE is not a number of bytes"))
            })?;
            Term::Size(ordered()?, size)
        }
        other => {
            return Err(Refusal::invalid(format!(
                "key {other:?} of simpleScopeTerm is not one of OBJECT_EXTENSION, OBJECT_KEY, \
                 OBJECT_LAST_MODIFIED_DATE, OBJECT_SIZE"
            )));
        }
    })
}

/// Draws a share of the objects. Each is drawn by itself, from the id of its job and its name: the
/// same job draws the same objects, whenever and by however many threads it is run.
#[derive(Clone, Debug)]
pub struct Sampling {
    key: [u8; 16],
    percentage: u8,
}

impl Sampling {
    /// `None` where all are read.
    pub fn new(job: &JobId, percentage: u8) -> Option<Self> {
        let mut key = [0; 16];
        for (byte, pair) in key.iter_mut().zip(job.as_str().as_bytes().chunks(2)) {
            // an id is hexadecimal by its type
            *byte = std::str::from_utf8(pair)
                .ok()
                .and_then(|hex| u8::from_str_radix(hex, 16).ok())
                .unwrap_or(0);
        }
        (percentage < 100).then_some(Sampling { key, percentage })
    }

    pub fn takes(&self, meta: &ObjectMeta) -> bool {
        let drawn = FingerprintKey(self.key).of("sample", Secret::new(meta.uri.as_bytes()));
        drawn % 100 < u64::from(self.percentage)
    }
}

#[cfg(test)]
mod tests;
