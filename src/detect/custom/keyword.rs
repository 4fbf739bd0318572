//! Keywords of a custom identifier: complete, in any case of letters, before the value.
//!
//! They are looked for only where the expression found something, so that they cost nothing
//! elsewhere.

use std::ops::Range;

use regex_automata::meta;
use regex_automata::{Anchored, Input, PatternID};

use super::rule::compiled;
use crate::detect::near;
use crate::detect::word;

/// The keywords, compiled. Shared by threads.
#[derive(Debug)]
pub(super) struct Keywords {
    /// One expression each, the longest keywords first.
    regex: meta::Regex,
    /// Numbers of the keywords in the index of the catalogue, in the order of the expressions.
    numbers: Vec<u32>,
    /// Whether each begins with a letter or digit, so that a word must begin there.
    words: Vec<bool>,
    /// Longest keyword as it may stand in a text, in bytes.
    bytes_max: usize,
}

/// A keyword in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Near {
    pub start: usize,
    pub end: usize,
    /// In the index of the catalogue.
    pub keyword: u32,
}

/// What is known of the keywords of one window. Offsets are those of the window.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Ascending by start and end.
    list: Vec<Near>,
    /// Where to go on.
    next: usize,
    cache: Option<meta::Cache>,
}

impl Found {
    pub(super) fn window(&mut self) {
        self.list.clear();
        self.next = 0;
    }
}

impl Keywords {
    /// `keywords`: with their numbers. `None` if they cannot be compiled.
    pub(super) fn new(keywords: &[(String, u32)]) -> Option<Self> {
        let mut sorted: Vec<&(String, u32)> = keywords.iter().collect();
        sorted.sort_by_key(|(text, number)| (usize::MAX - text.chars().count(), *number));
        let expressions: Vec<String> = sorted
            .iter()
            .map(|(text, _)| {
                // a space also stands for what parts words in names, and for nothing
                let parts: Vec<String> = text.split(' ').map(regex_syntax::escape).collect();
                format!("(?i){}", parts.join("[ _-]?"))
            })
            .collect();
        Some(Keywords {
            regex: compiled(&expressions)?,
            numbers: sorted.iter().map(|(_, number)| *number).collect(),
            words: sorted
                .iter()
                .map(|(text, _)| text.starts_with(char::is_alphanumeric))
                .collect(),
            bytes_max: sorted.iter().map(|(t, _)| t.chars().count() * 4).max()?,
        })
    }

    /// The keyword whose end is nearest to the end of the value: it ends at or after `from`, lies in
    /// `scope` and before the value.
    pub(super) fn nearest(
        &self,
        found: &mut Found,
        text: &[u8],
        scope: &Range<usize>,
        value: &Range<usize>,
        distance_max: u16,
    ) -> Option<Near> {
        let from = near::back(text, value.end, distance_max);
        if from > value.start {
            return None;
        }
        let first = found.next.max(from.saturating_sub(self.bytes_max));
        self.search(found, text, first..value.start);
        // one that reaches into this value may stand before the next
        found.next = found.next.max(value.start.saturating_sub(self.bytes_max));
        let list = found.list.iter().rev();
        list.take_while(|k| k.start + self.bytes_max >= from)
            .filter(|k| k.start >= scope.start && k.end >= from && k.end <= value.start)
            .max_by_key(|k| (k.end, std::cmp::Reverse(k.start)))
            .copied()
    }

    /// The nearest keyword before the value, however far; for those who want to know why not.
    pub(super) fn farther(&self, text: &[u8], scope: &Range<usize>, at: usize) -> Option<Near> {
        let mut found = Found::default();
        self.search(&mut found, text, scope.start..at);
        found.list.into_iter().max_by_key(|k| k.end)
    }

    /// A keyword in the name of a field.
    pub(super) fn in_name(&self, name: &str) -> Option<u32> {
        let mut found = Found::default();
        self.search(&mut found, name.as_bytes(), 0..name.len());
        found.list.first().map(|k| k.keyword)
    }

    /// Adds the keywords that lie in a stretch.
    fn search(&self, found: &mut Found, text: &[u8], range: Range<usize>) {
        let cache = found.cache.get_or_insert_with(|| self.regex.create_cache());
        let mut at = range.start;
        while at < range.end {
            let input = Input::new(text).range(at..range.end);
            let Some(m) = self.regex.search_with(cache, &input) else {
                break;
            };
            let mut keyword = Some((m.pattern(), m.end()));
            if !self.is_complete(text, m.pattern(), m.range()) {
                // a shorter one may be complete here
                keyword = (0..self.numbers.len()).find_map(|i| {
                    let pattern = PatternID::new(i).ok()?;
                    let input = Input::new(text)
                        .range(m.start()..range.end)
                        .anchored(Anchored::Pattern(pattern));
                    let m = self.regex.search_with(cache, &input)?;
                    self.is_complete(text, pattern, m.range())
                        .then(|| (pattern, m.end()))
                });
            }
            if let Some((pattern, end)) = keyword
                && let Some(&keyword) = self.numbers.get(pattern.as_usize())
            {
                let near = Near {
                    start: m.start(),
                    end,
                    keyword,
                };
                let place = |k: &Near| (k.start, k.end);
                let at = found.list.partition_point(|k| place(k) < place(&near));
                if found.list.get(at) != Some(&near) {
                    found.list.insert(at, near);
                }
            }
            at = m.start() + 1;
        }
        found.next = found.next.max(range.end);
    }

    /// Nothing goes on with the word before or after.
    fn is_complete(&self, text: &[u8], pattern: PatternID, range: Range<usize>) -> bool {
        let is_word = self.words.get(pattern.as_usize()).copied().unwrap_or(true);
        (!is_word || word::starts_word(text, range.start)) && word::ends_word(text, range.end)
    }
}
