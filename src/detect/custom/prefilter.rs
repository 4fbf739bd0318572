//! One search for the required texts of all custom identifiers.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, packed};

use super::REACH_BYTES;
use super::rule::Rule;

/// Most texts of one packed search.
const PACKED_MAX: usize = 64;
/// Most packed searches; beyond, one automaton goes through all texts.
const SEARCHES_MAX: usize = 3;

/// What is to be tried where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::detect) struct Use {
    /// Index of the rule.
    pub rule: usize,
    /// Most bytes between the start of a match and the text.
    pub before: usize,
}

/// Finds the required texts. Immutable, shared by threads.
#[derive(Debug)]
pub(in crate::detect) struct Prefilter {
    search: Search,
    /// By number of the text.
    uses: Vec<Vec<Use>>,
    /// Bytes after the start of a match in which its text may begin.
    reach: usize,
}

#[derive(Debug)]
enum Search {
    /// Each with the number of its first text.
    Packed(Vec<(packed::Searcher, usize)>),
    Automaton(AhoCorasick),
}

impl Prefilter {
    /// `None` where no rule has required texts.
    pub(super) fn new(rules: &[Rule]) -> Option<Self> {
        let mut wanted: Vec<(&[u8], Use)> = Vec::new();
        let mut reach = 0;
        for (number, rule) in rules.iter().enumerate() {
            let Some(required) = &rule.required else {
                continue;
            };
            let before = required.before_max.unwrap_or(REACH_BYTES).min(REACH_BYTES);
            let used = Use {
                rule: number,
                before,
            };
            reach = reach.max(rule.bytes_max.unwrap_or(REACH_BYTES));
            wanted.extend(required.texts.iter().map(|t| (t.as_slice(), used)));
        }
        wanted.sort_by_key(|(text, used)| (*text, used.rule));
        // a text that begins with another is found with it, so that one at most begins at a place
        let mut texts: Vec<&[u8]> = Vec::new();
        let mut uses: Vec<Vec<Use>> = Vec::new();
        for (text, used) in wanted {
            if texts.last().is_none_or(|last| !text.starts_with(last)) {
                texts.push(text);
                uses.push(Vec::new());
            }
            if let Some(list) = uses.last_mut().filter(|list| !list.contains(&used)) {
                list.push(used);
            }
        }
        if texts.is_empty() {
            return None;
        }
        let search = match packed(&texts) {
            Some(searches) => Search::Packed(searches),
            None => Search::Automaton(
                AhoCorasick::builder()
                    .kind(Some(AhoCorasickKind::DFA))
                    .build(&texts)
                    .ok()?,
            ),
        };
        Some(Prefilter {
            search,
            uses,
            reach,
        })
    }

    /// Visits every text that a match which starts in `own` may hold: its place and uses. The places
    /// ascend for each text.
    pub(super) fn find(
        &self,
        text: &[u8],
        own: &Range<usize>,
        visit: &mut dyn FnMut(usize, &[Use]),
    ) {
        let end = (own.end + self.reach).min(text.len());
        match &self.search {
            Search::Packed(searches) => {
                for (searcher, first) in searches {
                    let mut span = aho_corasick::Span::from(own.start..end);
                    while let Some(found) = searcher.find_in(text, span) {
                        let number = first + found.pattern().as_usize();
                        if let Some(uses) = self.uses.get(number) {
                            visit(found.start(), uses);
                        }
                        span.start = found.start() + 1;
                    }
                }
            }
            Search::Automaton(automaton) => {
                let input = aho_corasick::Input::new(text).range(own.start..end);
                for found in automaton.find_overlapping_iter(input) {
                    if let Some(uses) = self.uses.get(found.pattern().as_usize()) {
                        visit(found.start(), uses);
                    }
                }
            }
        }
    }
}

/// Searches for some dozens of texts at many bytes at once.
fn packed(texts: &[&[u8]]) -> Option<Vec<(packed::Searcher, usize)>> {
    if texts.len() > PACKED_MAX * SEARCHES_MAX {
        return None;
    }
    texts
        .chunks(PACKED_MAX)
        .enumerate()
        .map(|(i, part)| {
            let mut builder = packed::Config::new().builder();
            builder.extend(part);
            Some((builder.build()?, i * PACKED_MAX))
        })
        .collect()
}
