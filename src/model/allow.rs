//! Allow lists: what is kept of a saved one, what an object used of those of its job, and what is
//! told of them in the end. The entries themselves are the engine's: none of them is here.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

/// The three forms of a list. A list has one of them for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AllowKind {
    /// Texts, one a line: Macie's `s3WordsList`.
    Words,
    /// One expression: Macie's `regex`.
    Regex,
    /// Entries with limits, reasons and dates in a TOML file; ours.
    Entries,
}

impl AllowKind {
    const ALL: [AllowKind; 3] = [AllowKind::Words, AllowKind::Regex, AllowKind::Entries];

    pub fn as_str(self) -> &'static str {
        match self {
            AllowKind::Words => "words",
            AllowKind::Regex => "regex",
            AllowKind::Entries => "entries",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        AllowKind::ALL.into_iter().find(|k| k.as_str() == name)
    }
}

/// What a list consists of. Of words and entries only where they are: they are read when a run
/// starts, and not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowCriteria {
    /// A file, or `s3://bucket/key`.
    Words {
        location: String,
    },
    Regex {
        regex: String,
    },
    /// A TOML file, or `s3://bucket/key.toml`.
    Entries {
        location: String,
    },
}

impl AllowCriteria {
    pub fn kind(&self) -> AllowKind {
        match self {
            AllowCriteria::Words { .. } => AllowKind::Words,
            AllowCriteria::Regex { .. } => AllowKind::Regex,
            AllowCriteria::Entries { .. } => AllowKind::Entries,
        }
    }

    /// Where it is read from; `None` for an expression.
    pub fn location(&self) -> Option<&str> {
        match self {
            AllowCriteria::Words { location } | AllowCriteria::Entries { location } => {
                Some(location)
            }
            AllowCriteria::Regex { .. } => None,
        }
    }
}

/// A saved list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowListInfo {
    /// 22 characters of `a` to `z` and `0` to `9`.
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub criteria: AllowCriteria,
    pub tags: BTreeMap<String, String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What an object used of the lists of its job. Lists and entries go by their numbers, from 0: a
/// list by its place on the command line, an entry by its place in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Ascending by list and detector; an occurrence counts for the first list that allows it.
    pub counts: Vec<AllowedCount>,
    /// The entries that allowed something, ascending, by list, ascending.
    pub entries: Vec<(u16, Vec<u32>)>,
}

/// Occurrences of one detector that one list allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllowedCount {
    pub list: u16,
    /// Index into [`CatalogueIndex::detectors`](super::CatalogueIndex).
    pub detector: u16,
    pub count: u64,
}

/// The same over a whole job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedTotal {
    pub list: u16,
    pub detector: String,
    pub occurrences: u64,
    /// Objects with at least one.
    pub objects: u64,
}

/// A list of a job, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowListUse {
    /// As saved, else the location.
    pub name: String,
    /// Of a saved list.
    pub id: Option<String>,
    pub kind: AllowKind,
    /// Where it was read from; `None` for an expression.
    pub location: Option<String>,
    /// Why it could not be read: it allowed nothing then, and has no entries.
    pub error: Option<String>,
    pub entries: u64,
    /// Occurrences that it allowed, by detector, the most frequent first.
    pub allowed: Vec<(String, u64)>,
    /// Entries that allowed nothing, without the expired ones.
    pub unused: Notes,
    /// Entries whose time was over when the run began: they allow nothing.
    pub expired: Notes,
}

impl AllowListUse {
    /// Occurrences that it allowed.
    pub fn occurrences(&self) -> u64 {
        self.allowed.iter().map(|(_, n)| n).sum()
    }

    /// There is something that its owner should look at.
    pub fn needs_care(&self) -> bool {
        self.error.is_some() || self.unused.count > 0 || self.expired.count > 0
    }
}

/// Some entries: all counted, the first ones named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    pub count: u64,
    /// The first ones, in order.
    pub first: Vec<EntryNote>,
}

/// Which entry it is, without what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryNote {
    /// In the file, from 1; `None` for an expression that is no file.
    pub line: Option<u32>,
    pub owner: Option<String>,
    pub reason: Option<String>,
    /// The last day on which it counts.
    pub expires: Option<NaiveDate>,
}
