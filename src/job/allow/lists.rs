//! The lists of a run, ready to be looked up: texts as keyed hashes, expressions compiled into one.
//!
//! A hundred thousand texts take about 4 MiB. What the lists said in clear is gone once they are
//! built.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

use chrono::NaiveDate;
use regex_automata::meta::Regex;
use siphasher::sip128::SipHasher13;

use super::fault::{AllowListError, Fault};
use super::fold::{Spaces, fold_into};
use super::form::{Entry, What};
use super::load::Wanted;
use crate::job::filter::KeyFilter;
use crate::model::CatalogueIndex;
use crate::model::allow::{AllowKind, EntryNote};

/// Memory that the expressions of all lists may take compiled, in bytes.
const EXPRESSION_BYTES_MAX: usize = 32 << 20;

/// An entry by its list and its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    pub list: u16,
    pub entry: u32,
}

/// The allow lists of a run, in the order of the command line. Shared by all threads.
#[derive(Default)]
pub struct AllowLists {
    pub(super) lists: Vec<List>,
    pub(super) texts: Texts,
    /// Texts of which runs of white space are evened out.
    pub(super) loose: Texts,
    pub(super) fingerprints: HashMap<u64, Vec<Target>>,
    pub(super) expressions: Option<Expressions>,
    /// Index of the identifier that lists do not apply to.
    pub(super) exempt: Option<u16>,
}

/// One list.
pub(super) struct List {
    pub wanted: Wanted,
    /// Changes when the content does; not to be kept without a key.
    pub digest: u128,
    pub entries: Entries,
    /// Why it could not be read: it has no entries then.
    pub error: Option<AllowListError>,
}

/// What is known of the entries of a list beside their texts.
pub(super) enum Entries {
    /// The line of each.
    Lines(Vec<u32>),
    Rules(Vec<Rule>),
}

/// When an entry counts, and whom to ask about it.
#[derive(Default)]
pub(super) struct Rule {
    pub line: Option<u32>,
    /// Indexes into the catalogue, ascending; `None` for all.
    pub detectors: Option<Vec<u16>>,
    pub paths: Option<KeyFilter>,
    pub owner: Option<String>,
    pub reason: Option<String>,
    pub expires: Option<NaiveDate>,
}

/// One expression for all that are given, each of which matches values as a whole.
pub(super) struct Expressions {
    pub regex: Regex,
    /// The entry of each pattern.
    pub targets: Vec<Target>,
}

impl std::fmt::Debug for AllowLists {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AllowLists({})", self.lists.len())
    }
}

impl AllowLists {
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// Each list, with what tells its content from any other: a digest made with `key`, or the code
    /// of its error.
    pub fn identities(&self, key: [u8; 16]) -> impl Iterator<Item = (&Wanted, String)> {
        self.lists.iter().map(move |list| {
            let content = match &list.error {
                None => {
                    let digest = list.digest.to_le_bytes();
                    let keyed = SipHasher13::new_with_key(&key).hash(&digest);
                    format!("{:032x}", keyed.as_u128())
                }
                Some(error) => error.code().to_owned(),
            };
            (&list.wanted, content)
        })
    }

    /// Why lists could not be read, where that was to be borne.
    pub fn errors(&self) -> impl Iterator<Item = &AllowListError> {
        self.lists.iter().filter_map(|list| list.error.as_ref())
    }
}

impl Entries {
    pub fn len(&self) -> usize {
        match self {
            Entries::Lines(lines) => lines.len(),
            Entries::Rules(rules) => rules.len(),
        }
    }

    pub fn rule(&self, entry: u32) -> Option<&Rule> {
        match self {
            Entries::Lines(_) => None,
            Entries::Rules(rules) => rules.get(entry as usize),
        }
    }

    /// Which entry it is, for people.
    pub fn note(&self, entry: u32) -> EntryNote {
        match self {
            Entries::Lines(lines) => EntryNote {
                line: lines.get(entry as usize).copied(),
                ..EntryNote::default()
            },
            Entries::Rules(_) => {
                self.rule(entry)
                    .map_or_else(EntryNote::default, |rule| EntryNote {
                        line: rule.line,
                        owner: rule.owner.clone(),
                        reason: rule.reason.clone(),
                        expires: rule.expires,
                    })
            }
        }
    }
}

impl Rule {
    pub fn is_expired(&self, today: NaiveDate) -> bool {
        self.expires.is_some_and(|last| last < today)
    }
}

/// Texts by the hash of what they are folded to.
pub(super) struct Texts {
    key: [u8; 16],
    first: HashMap<[u64; 2], Target, BuildHasherDefault<Hashed>>,
    /// Of texts that several entries have: the others.
    more: HashMap<[u64; 2], Vec<Target>, BuildHasherDefault<Hashed>>,
}

impl Default for Texts {
    fn default() -> Self {
        // two numbers that the standard library draws at random
        let draw = || RandomState::new().build_hasher().finish().to_le_bytes();
        let mut key = [0; 16];
        key[..8].copy_from_slice(&draw());
        key[8..].copy_from_slice(&draw());
        Texts {
            key,
            first: HashMap::default(),
            more: HashMap::default(),
        }
    }
}

impl Texts {
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    fn hash(&self, folded: &str) -> [u64; 2] {
        let (a, b) = SipHasher13::new_with_key(&self.key)
            .hash(folded.as_bytes())
            .as_u64();
        [a, b]
    }

    fn insert(&mut self, folded: &str, target: Target) {
        let hash = self.hash(folded);
        match self.first.entry(hash) {
            Slot::Vacant(slot) => {
                slot.insert(target);
            }
            Slot::Occupied(_) => self.more.entry(hash).or_default().push(target),
        }
    }

    /// Adds the entries that have this text.
    pub fn find(&self, folded: &str, found: &mut Vec<Target>) {
        let hash = self.hash(folded);
        let Some(first) = self.first.get(&hash) else {
            return;
        };
        found.push(*first);
        if let Some(more) = self.more.get(&hash) {
            found.extend(more);
        }
    }
}

/// The hash of a key that is one already.
#[derive(Clone, Copy, Default)]
pub(super) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 ^= word;
    }

    fn write_usize(&mut self, _: usize) {}
}

/// Builds the lists of a run, one after the other.
pub(super) struct Builder<'a> {
    index: &'a CatalogueIndex,
    built: AllowLists,
    patterns: Vec<(regex_syntax::hir::Hir, Target)>,
    folded: String,
}

impl<'a> Builder<'a> {
    pub fn new(index: &'a CatalogueIndex) -> Self {
        Builder {
            built: AllowLists {
                exempt: index.find(super::EXEMPT),
                ..AllowLists::default()
            },
            index,
            patterns: Vec::new(),
            folded: String::new(),
        }
    }

    /// The number of the list that is added next.
    fn list(&self) -> u16 {
        u16::try_from(self.built.lists.len()).unwrap_or(u16::MAX)
    }

    fn add(&mut self, wanted: Wanted, digest: u128, entries: Entries) {
        self.built.lists.push(List {
            wanted,
            digest,
            entries,
            error: None,
        });
    }

    /// Adds a list of texts with their lines.
    pub fn words(&mut self, wanted: Wanted, digest: u128, entries: &[(u32, &str)]) {
        let list = self.list();
        self.built.texts.first.reserve(entries.len());
        for (entry, (_, text)) in (0..).zip(entries) {
            fold_into(text, Spaces::Exact, &mut self.folded);
            let target = Target { list, entry };
            self.built.texts.insert(&self.folded, target);
        }
        let lines = entries.iter().map(|(line, _)| *line).collect();
        self.add(wanted, digest, Entries::Lines(lines));
    }

    /// Adds a list of one expression.
    ///
    /// # Errors
    /// The expression cannot be used.
    pub fn regex(&mut self, wanted: Wanted, digest: u128, regex: &str) -> Result<(), Fault> {
        let hir = super::load::expression(regex).map_err(Fault::whole)?;
        let target = Target {
            list: self.list(),
            entry: 0,
        };
        self.patterns.push((hir, target));
        self.add(wanted, digest, Entries::Rules(vec![Rule::default()]));
        Ok(())
    }

    /// Adds a list with limits, reasons and dates.
    ///
    /// # Errors
    /// An expression cannot be used; nothing is added then.
    pub fn entries(
        &mut self,
        wanted: Wanted,
        digest: u128,
        entries: Vec<Entry>,
    ) -> Result<(), Fault> {
        let list = self.list();
        let mut patterns = Vec::new();
        for (number, entry) in (0..).zip(&entries) {
            if let What::Regex(regex) = &entry.what {
                let hir = super::load::expression(regex).map_err(|c| Fault::at(entry.line, c))?;
                let target = Target {
                    list,
                    entry: number,
                };
                patterns.push((hir, target));
            }
        }
        self.patterns.append(&mut patterns);
        let mut rules = Vec::with_capacity(entries.len());
        for (number, entry) in (0..).zip(entries) {
            let target = Target {
                list,
                entry: number,
            };
            match &entry.what {
                What::Text(text, spaces) => {
                    fold_into(text, *spaces, &mut self.folded);
                    let texts = match spaces {
                        Spaces::Exact => &mut self.built.texts,
                        Spaces::Any => &mut self.built.loose,
                    };
                    texts.insert(&self.folded, target);
                }
                What::Regex(_) => {}
                What::Fingerprint(value) => {
                    let same = self.built.fingerprints.entry(*value).or_default();
                    same.push(target);
                }
            }
            rules.push(self.rule(entry));
        }
        self.add(wanted, digest, Entries::Rules(rules));
        Ok(())
    }

    fn rule(&self, entry: Entry) -> Rule {
        // one that this run does not look for never comes up
        let indexes = |ids: Vec<String>| {
            let known = ids.iter().filter_map(|id| self.index.find(id));
            let mut known: Vec<u16> = known.collect();
            known.sort_unstable();
            known
        };
        Rule {
            line: Some(entry.line),
            detectors: entry.identifiers.map(indexes),
            paths: entry.paths,
            owner: entry.owner,
            reason: entry.reason,
            expires: entry.expires,
        }
    }

    /// Adds a list that could not be read.
    pub fn failed(&mut self, wanted: Wanted, error: AllowListError) {
        self.add(wanted, 0, Entries::Lines(Vec::new()));
        if let Some(list) = self.built.lists.last_mut() {
            list.error = Some(error);
        }
    }

    /// Compiles the expressions.
    ///
    /// # Errors
    /// They are too large together.
    pub fn finish(mut self) -> Result<AllowLists, String> {
        if !self.patterns.is_empty() {
            let (hirs, targets): (Vec<_>, Vec<_>) = self.patterns.into_iter().unzip();
            let regex = Regex::builder()
                .configure(
                    Regex::config()
                        .match_kind(regex_automata::MatchKind::All)
                        .utf8_empty(false)
                        .nfa_size_limit(Some(EXPRESSION_BYTES_MAX)),
                )
                .build_many_from_hir(&hirs)
                .map_err(|_| {
                    format!(
                        "the expressions of all allow lists take more than {} MiB; use fewer or \
                         simpler ones",
                        EXPRESSION_BYTES_MAX >> 20
                    )
                })?;
            self.built.expressions = Some(Expressions { regex, targets });
        }
        Ok(self.built)
    }
}

/// The kinds that Macie limits, and how many of each a job may have.
pub const LISTS_OF_KIND_MAX: usize = 5;
/// Most lists of a job.
pub const LISTS_MAX: usize = 10;

/// What is wrong with the number of lists, if anything.
pub fn number_fault(kinds: impl Iterator<Item = AllowKind>) -> Option<String> {
    let (mut all, mut words, mut regexes) = (0, 0, 0);
    for kind in kinds {
        all += 1;
        words += usize::from(kind == AllowKind::Words);
        regexes += usize::from(kind == AllowKind::Regex);
    }
    if words > LISTS_OF_KIND_MAX || regexes > LISTS_OF_KIND_MAX {
        let (kind, n) = match words > LISTS_OF_KIND_MAX {
            true => ("words", words),
            false => ("regex", regexes),
        };
        return Some(format!(
            "{n} {kind} lists; a job may have {LISTS_OF_KIND_MAX}, as with Macie"
        ));
    }
    (all > LISTS_MAX).then(|| format!("{all} lists; a job may have {LISTS_MAX}, as with Macie"))
}
