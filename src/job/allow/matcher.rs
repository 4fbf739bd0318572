//! The lookup: one matcher a scanning thread. A value costs a hash, and a search where there are
//! expressions.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use regex_automata::{Anchored, Input, PatternSet, meta::Regex};

use super::fold::{Spaces, fold_into};
use super::lists::{AllowLists, Target};
use crate::model::Secret;
use crate::model::allow::{Allowed, AllowedCount};

/// Looks values up, and counts what the current object used of the lists.
pub struct Matcher<'a> {
    lists: &'a AllowLists,
    /// The day of the run: what decides whether an entry is over must not change under way.
    today: NaiveDate,
    /// Its own, so that threads do not wait for each other's working space.
    expressions: Option<(Regex, PatternSet)>,
    object: String,
    folded: String,
    found: Vec<Target>,
    counts: Vec<AllowedCount>,
    used: Vec<BTreeSet<u32>>,
}

impl<'a> Matcher<'a> {
    /// `None`: there is no list to look into.
    pub fn new(lists: &'a AllowLists, today: NaiveDate) -> Option<Self> {
        let expressions = lists.expressions.as_ref().map(|e| {
            let regex = e.regex.clone();
            let set = PatternSet::new(regex.pattern_len());
            (regex, set)
        });
        (!lists.is_empty()).then(|| Matcher {
            lists,
            today,
            expressions,
            object: String::new(),
            folded: String::new(),
            found: Vec::new(),
            counts: Vec::new(),
            used: vec![BTreeSet::new(); lists.lists.len()],
        })
    }

    /// Goes on to an object. What was counted before is dropped.
    pub fn begin(&mut self, key: &str) {
        self.object.clear();
        self.object.push_str(key);
        self.take();
    }

    /// What the current object used of the lists.
    pub fn take(&mut self) -> Allowed {
        let entries = (0..)
            .zip(&mut self.used)
            .filter(|(_, used)| !used.is_empty())
            .map(|(list, used)| (list, std::mem::take(used).into_iter().collect()))
            .collect();
        Allowed {
            counts: std::mem::take(&mut self.counts),
            entries,
        }
    }

    /// Whether a value is allowed; then it is counted, for the first list that allows it.
    ///
    /// `fingerprint`: of the value, made where a list asks for it.
    pub fn allows(
        &mut self,
        detector: u16,
        value: Secret<'_>,
        fingerprint: impl FnOnce() -> u64,
    ) -> bool {
        let lists = self.lists;
        if lists.exempt == Some(detector) {
            return false;
        }
        self.found.clear();
        self.look_up(value, fingerprint);
        if self.found.is_empty() {
            return false;
        }
        let mut found = std::mem::take(&mut self.found);
        found.retain(|target| self.counts_for(*target, detector));
        let first = found.iter().map(|t| t.list).min();
        for target in &found {
            if let Some(used) = self.used.get_mut(usize::from(target.list)) {
                used.insert(target.entry);
            }
        }
        self.found = found;
        if let Some(list) = first {
            self.count(list, detector);
        }
        first.is_some()
    }

    /// Finds the entries that the value equals or matches.
    fn look_up(&mut self, value: Secret<'_>, fingerprint: impl FnOnce() -> u64) {
        let lists = self.lists;
        // entries are UTF-8, so that nothing else equals one
        if let Ok(text) = std::str::from_utf8(value.expose()) {
            for (texts, spaces) in [(&lists.texts, Spaces::Exact), (&lists.loose, Spaces::Any)] {
                if !texts.is_empty() {
                    fold_into(text, spaces, &mut self.folded);
                    texts.find(&self.folded, &mut self.found);
                }
            }
        }
        if !lists.fingerprints.is_empty()
            && let Some(same) = lists.fingerprints.get(&fingerprint())
        {
            self.found.extend(same);
        }
        if let (Some((regex, set)), Some(expressions)) = (&mut self.expressions, &lists.expressions)
        {
            set.clear();
            let input = Input::new(value.expose()).anchored(Anchored::Yes);
            regex.which_overlapping_matches(&input, set);
            let matched = set
                .iter()
                .filter_map(|p| expressions.targets.get(p.as_usize()));
            self.found.extend(matched);
        }
    }

    /// The entry counts for this identifier, in this object, on this day.
    fn counts_for(&self, target: Target, detector: u16) -> bool {
        let list = self.lists.lists.get(usize::from(target.list));
        let Some(rule) = list.and_then(|list| list.entries.rule(target.entry)) else {
            return true; // a plain text counts always
        };
        let here = |detectors: &Vec<u16>| detectors.binary_search(&detector).is_ok();
        !rule.is_expired(self.today)
            && rule.detectors.as_ref().is_none_or(here)
            && rule.paths.as_ref().is_none_or(|p| p.takes(&self.object))
    }

    fn count(&mut self, list: u16, detector: u16) {
        let of = |c: &AllowedCount| (c.list, c.detector);
        match self.counts.binary_search_by_key(&(list, detector), of) {
            Ok(at) => self.counts[at].count += 1,
            Err(at) => self.counts.insert(
                at,
                AllowedCount {
                    list,
                    detector,
                    count: 1,
                },
            ),
        }
    }
}

#[cfg(test)]
#[path = "matcher_tests.rs"]
mod tests;
