//! The search for the values of custom identifiers in one window of a block.

use std::ops::Range;

use regex_automata::{Input, meta};

use super::keyword::{self, Near};
use super::rule::Rule;
use super::{CHUNK_BYTES, VALUE_BYTES_MAX};
use crate::detect::pass::{Pass, Scope};
use crate::detect::word::chars;
use crate::model::{Block, Hit, KeywordHit, Rivals, Side, TextShape};

/// How sure an expression of the user alone makes, and with one of its keywords.
const CONFIDENCE: f32 = 0.7;
const CONFIDENCE_KEYWORD: f32 = 0.9;

/// A text that an expression matched, and whether it counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Index into the detectors of the catalogue.
    pub detector: u16,
    /// Half-open byte range into the block's text.
    pub range: Range<usize>,
    pub verdict: Verdict,
}

/// Whether a matched text counts, and why.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It counts. With the keyword, if the identifier has any, and the characters from the end of
    /// the keyword to the end of the value; `None` for a keyword in the name of the field.
    Counts(Option<(KeywordHit, Option<usize>)>),
    /// No keyword is near enough: the nearest before it, and the characters from its end to the
    /// end of the value.
    NoKeyword(Option<(u32, usize)>),
    /// It holds this ignore word, by its number.
    IgnoreWord(usize),
}

/// What lives from window to window and from block to block.
#[derive(Debug, Default)]
pub(in crate::detect) struct Scratch {
    states: Vec<State>,
    /// Offset in the member at which the next block of it would go on.
    next: u64,
    /// Values of the window, in offsets of the window.
    pub hits: Vec<Hit>,
    /// Set by those who want to know of all matches; offsets of the block.
    pub judged: Option<Vec<Judged>>,
}

/// What is known of one rule.
#[derive(Debug, Default)]
struct State {
    cache: Option<meta::Cache>,
    /// Where matches of the window may start, both ends included; ascending, apart.
    starts: Vec<(usize, usize)>,
    /// Offset in the member at which the last match ended.
    resume: u64,
    keywords: keyword::Found,
}

impl Scratch {
    /// Forgets where matches ended unless the block goes on where the last one ended.
    pub(in crate::detect) fn begin(&mut self, block: &Block<'_>) {
        let here = block.start + block.own.start as u64;
        if here == 0 || here != self.next {
            self.forget();
        }
        self.next = block.start + block.own.end as u64;
    }

    /// Forgets the member.
    pub(in crate::detect) fn forget(&mut self) {
        for state in &mut self.states {
            state.resume = 0;
        }
        self.next = 0;
    }

    fn window(&mut self, rules: usize) {
        self.hits.clear();
        self.states.resize_with(rules, State::default);
        for state in &mut self.states {
            state.starts.clear();
            state.keywords.window();
        }
    }
}

impl Pass<'_, '_> {
    /// Finds the values of custom identifiers that start in `own`, ascending by start and detector.
    pub(in crate::detect) fn customs(&mut self, own: &Range<usize>, scratch: &mut Scratch) {
        let customs = &self.catalogue.customs;
        scratch.window(customs.rules.len());
        if let Some(prefilter) = &customs.prefilter {
            let states = &mut scratch.states;
            prefilter.find(self.text, own, &mut |at, uses| {
                for used in uses {
                    let first = at.saturating_sub(used.before).max(own.start);
                    let last = at.min(own.end.saturating_sub(1));
                    let gap = customs.rules[used.rule].bytes_max.unwrap_or(0);
                    if first <= last {
                        add(&mut states[used.rule].starts, first, last, gap);
                    }
                }
            });
        }
        for (number, rule) in customs.rules.iter().enumerate() {
            let mut state = std::mem::take(&mut scratch.states[number]);
            if rule.required.is_none() && !own.is_empty() {
                state.starts.push((own.start, own.end - 1));
            }
            if !state.starts.is_empty() {
                self.rule(rule, own, &mut state, scratch);
            }
            scratch.states[number] = state;
        }
        scratch
            .hits
            .sort_by_key(|hit| (hit.range.start, hit.detector));
    }

    /// Runs one rule where its matches may start.
    fn rule(&mut self, rule: &Rule, own: &Range<usize>, state: &mut State, scratch: &mut Scratch) {
        let base = self.block.start + self.window.start as u64;
        order(&mut state.starts, rule.bytes_max.unwrap_or(0));
        let starts = std::mem::take(&mut state.starts);
        let cache = state.cache.take();
        let mut cache = cache.unwrap_or_else(|| rule.regex.create_cache());
        let resume = state.resume.saturating_sub(base);
        let mut from = usize::try_from(resume).unwrap_or(usize::MAX);
        for &(first, last) in &starts {
            from = from.max(first);
            while from <= last {
                let (stop, end) = self.span(rule, base, from, last);
                let Some(found) = find(&rule.regex, &mut cache, self.text, from..end) else {
                    from = stop;
                    continue;
                };
                if found.start >= stop {
                    from = stop;
                    continue;
                }
                if found.start >= own.end {
                    break;
                }
                let (scope, value) = match self.within(&rule.regex, &mut cache, found) {
                    Ok(within) => within,
                    Err(go_on) => {
                        from = go_on;
                        continue;
                    }
                };
                from = value.end;
                state.resume = base + value.end as u64;
                self.judge(rule, &scope, value, &mut state.keywords, scratch);
            }
        }
        state.cache = Some(cache);
        state.starts = starts;
    }

    /// Where a search that goes on at `from` ends: the first offset at which a match may no longer
    /// start, and the one up to which it may reach. Neither depends on the window.
    fn span(&self, rule: &Rule, base: u64, from: usize, last: usize) -> (usize, usize) {
        let (stop, reach) = match rule.bytes_max {
            Some(bytes_max) => (last + 1, last + bytes_max),
            None => {
                let into = (base + from as u64) % CHUNK_BYTES as u64;
                let stop = from + CHUNK_BYTES - into as usize;
                (stop, stop + VALUE_BYTES_MAX)
            }
        };
        (stop, reach.min(self.text.len()))
    }

    /// The match cut down to the field in which it starts, or where to go on if there is none.
    fn within(
        &mut self,
        regex: &meta::Regex,
        cache: &mut meta::Cache,
        found: Range<usize>,
    ) -> Result<(Scope, Range<usize>), usize> {
        let whole = Scope {
            range: 0..self.text.len(),
            names: None,
            bare: false,
        };
        if self.shape == TextShape::Plain {
            return Ok((whole, found));
        }
        if self.field(found.start).is_none() {
            // what stands between fields holds no value, unless nothing there is a field
            return match self.field(found.end - 1) {
                None => Ok((whole, found)),
                Some(_) => Err(found.start + 1),
            };
        }
        let Some(scope) = self.scope(found.start) else {
            return Err(found.start + 1);
        };
        let end = scope.range.end;
        if found.end <= end {
            return Ok((scope, found));
        }
        match find(regex, cache, self.text, found.start..end) {
            Some(value) => Ok((scope, value)),
            None => Err(end.max(found.start + 1)),
        }
    }

    fn judge(
        &mut self,
        rule: &Rule,
        scope: &Scope,
        range: Range<usize>,
        found: &mut keyword::Found,
        scratch: &mut Scratch,
    ) {
        let near = match &rule.keywords {
            None => Ok(None),
            Some(_) => match self.custom_keyword(rule, scope, &range, found) {
                Some(near) => Ok(Some(near)),
                None => Err(()),
            },
        };
        let ignored = rule.ignore_word(&self.text[range.clone()]);
        if let (Ok(near), None) = (&near, ignored) {
            scratch.hits.push(Hit {
                detector: rule.detector,
                range: range.clone(),
                checks: 0,
                rivals: Rivals::default(),
                keyword: near.map(|(keyword, _)| keyword),
                confidence: match near {
                    Some(_) => CONFIDENCE_KEYWORD,
                    None => CONFIDENCE,
                },
            });
        }
        if scratch.judged.is_none() {
            return;
        }
        let verdict = match (near, ignored) {
            (_, Some(word)) => Verdict::IgnoreWord(word),
            (Ok(near), None) => Verdict::Counts(near),
            (Err(()), None) => {
                let keywords = rule.keywords.as_ref();
                let far = keywords.and_then(|k| k.farther(self.text, &scope.range, range.start));
                let far = far.map(|k| (k.keyword, chars(&self.text[k.end..range.end])));
                Verdict::NoKeyword(far)
            }
        };
        let base = self.window.start;
        if let Some(judged) = &mut scratch.judged {
            judged.push(Judged {
                detector: rule.detector,
                range: base + range.start..base + range.end,
                verdict,
            });
        }
    }

    /// The keyword that makes a value count, and Macie's distance to it.
    fn custom_keyword(
        &mut self,
        rule: &Rule,
        scope: &Scope,
        range: &Range<usize>,
        found: &mut keyword::Found,
    ) -> Option<(KeywordHit, Option<usize>)> {
        let keywords = rule.keywords.as_ref()?;
        let near = keywords.nearest(found, self.text, &scope.range, range, rule.distance_max);
        if let Some(Near { end, keyword, .. }) = near {
            let hit = KeywordHit {
                keyword,
                distance: Some(chars(&self.text[end..range.start]) as u16),
                side: Side::Before,
            };
            return Some((hit, Some(chars(&self.text[end..range.end]))));
        }
        let names = match scope.names {
            Some(names) => names,
            None if self.may_have_names(range.start) => {
                let here = self.field(range.start).filter(|h| !h.is_name)?;
                (range.end <= here.value.end).then_some(here.names)?
            }
            None => return None,
        };
        let names = self.fields.sets.get_mut(names)?;
        let (keyword, side) = names.custom(rule.detector, |name| keywords.in_name(name))?;
        let hit = KeywordHit {
            keyword,
            distance: None,
            side,
        };
        Some((hit, None))
    }
}

/// The leftmost match that lies in a stretch; what is around it is seen, as by `\b`.
fn find(
    regex: &meta::Regex,
    cache: &mut meta::Cache,
    text: &[u8],
    range: Range<usize>,
) -> Option<Range<usize>> {
    if range.start >= range.end {
        return None;
    }
    regex
        .search_with(cache, &Input::new(text).range(range))
        .map(|m| m.range())
}

/// Brings stretches into order that were found by several searches.
fn order(starts: &mut Vec<(usize, usize)>, gap: usize) {
    if starts.is_sorted() {
        return;
    }
    starts.sort_unstable();
    for (first, last) in std::mem::take(starts) {
        add(starts, first, last, gap);
    }
}

/// Adds a stretch of starts; one less than `gap` after the last goes on with it.
fn add(starts: &mut Vec<(usize, usize)>, first: usize, last: usize, gap: usize) {
    match starts.last_mut() {
        Some(before) if before.0 <= first && first <= before.1 + gap => {
            before.1 = before.1.max(last);
        }
        _ => starts.push((first, last)),
    }
}
