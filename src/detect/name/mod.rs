//! Full names of persons in Latin script.
//!
//! A name is found by weights: public lists say how many people bear a word as given or family name
//! and how often it is a common word or a place; the surroundings (titles, particles, words of
//! companies and streets, neighbours, marks) speak for or against. See `score.rs` for the sum. What a
//! place answers depends on no more than [`REACH_BYTES`] of text on either side of it.
//!
//! Not reported: single words (`Mr. Smith`), plain text in lower case, initials alone, and the holder named
//! right after a copyright mark.
//!
//! Left to others: where words with a capital start (the engine finds them in one pass for several
//! detectors; [`capital_starts`] is the plain twin), and which cells or values are named as names.

mod around;
mod chain;
mod ending;
mod field;
mod field_words;
mod pick;
mod score;
mod table;
mod word;

use std::ops::Range;

use chain::{Chain, WORDS_MAX};
use word::Shape;

pub use field::{FieldHint, field_hint, in_field, in_hinted_field, is_other_field};
pub use field_words::{FIELD_KEYWORDS, FIELD_OTHERS, FIELD_PERSONS, FIELD_VETOES};

/// How far before and after a match text can change what is answered there, in bytes.
pub const REACH_BYTES: usize = 256;

/// A full name.
#[derive(Clone, Debug, PartialEq)]
pub struct NameMatch {
    /// Bytes of the text; titles and academic degrees are not part of it.
    pub range: Range<usize>,
    /// 0.5 to 1.
    pub confidence: f32,
}

/// Pairs of capitals that are near before the first of them is looked at closely.
const BATCH: usize = 256;

/// Words before the emitted part of a window that its spans can depend on.
const WORDS_BEFORE: usize = 6;
/// Words after it.
const WORDS_AFTER: usize = 8;

/// Finds the full names that start in `own`.
///
/// `caps`: ascending offsets of word starts as [`capital_starts`] defines them, in `own` and up to
/// [`REACH_BYTES`] before and after it. `found` gets matches in ascending order; they do not overlap.
pub fn scan(text: &[u8], own: Range<usize>, caps: &[u32], found: &mut dyn FnMut(NameMatch)) {
    let from = own.start.saturating_sub(160);
    let mut i = caps.partition_point(|&c| (c as usize) < from);
    let end = caps.partition_point(|&c| (c as usize) < own.end);
    let mut seen = Seen::default();
    let mut kept = [0u32; BATCH];
    while i < end {
        // every pair is written, and counted only if it stays: no branch depends on it
        let to = (i + BATCH).min(end);
        let mut count = 0;
        for (k, pair) in caps[i..].windows(2).take(to - i).enumerate() {
            kept[count & (BATCH - 1)] = (i + k) as u32;
            count += usize::from(chain::near(text, pair[0] as usize, pair[1] as usize));
        }
        for &k in &kept[..count] {
            let k = k as usize;
            let (a, b) = (caps[k] as usize, caps[k + 1] as usize);
            // a chain may have gone past it
            if k >= i && !hopeless(text, caps, k, a, b, &mut seen) {
                i = run(text, &own, caps, k, found);
            }
        }
        i = i.max(to);
    }
}

/// Short words that were looked up before in this scan: logs have the same few in every line.
#[derive(Default)]
struct Seen {
    /// Words that begin no name.
    no_lead: Recent,
    /// Words that go on no name.
    no_follow: Recent,
}

/// A few words as read, each in the one slot that its letters name.
struct Recent([u64; 64]);

impl Default for Recent {
    fn default() -> Self {
        Recent([0; 64])
    }
}

impl Recent {
    fn slot(word: u64) -> usize {
        (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as usize
    }
    fn has(&self, word: u64) -> bool {
        self.0[Self::slot(word)] == word
    }
    fn put(&mut self, word: u64) {
        self.0[Self::slot(word)] = word;
    }
}

/// Whether no name can begin at `caps[i]`: nearly all pairs of logs end here.
#[inline(never)]
fn hopeless(text: &[u8], caps: &[u32], i: usize, a: usize, b: usize, seen: &mut Seen) -> bool {
    let short = word::short(text, a);
    if short.is_some_and(|word| seen.no_lead.has(word)) {
        return true;
    }
    if !chain::may_join(text, a, b) {
        return true;
    }
    let Some(word) = word::read_plain(text, a) else {
        return false;
    };
    if !score::may_lead(&word) {
        if let Some(word) = short {
            seen.no_lead.put(word);
        }
        return true;
    }
    if word.end + 1 != b {
        return false;
    }
    let short = word::short(text, b);
    if short.is_some_and(|word| seen.no_follow.has(word)) {
        return true;
    }
    let Some(next) = word::read_plain(text, b) else {
        return false;
    };
    if !score::may_follow(&next) {
        if let Some(word) = short {
            seen.no_follow.put(word);
        }
        return true;
    }
    let third = caps
        .get(i + 2)
        .is_some_and(|&c| chain::may_join(text, b, c as usize));
    !third && !score::may_be_name(&[word, next])
}

/// Reads the chain that starts at `caps[i]` and reports its names; the index to go on from.
#[inline(never)]
fn run(
    text: &[u8],
    own: &Range<usize>,
    caps: &[u32],
    i: usize,
    found: &mut dyn FnMut(NameMatch),
) -> usize {
    let mut window = i;
    let mut first = true;
    loop {
        let Some(start) = starts(text, caps, window) else {
            return window + 1;
        };
        if first {
            // the usual end in logs: no name begins here
            let mut next = window + 1;
            while caps.get(next).is_some_and(|&c| (c as usize) < start.end) {
                next += 1;
            }
            if !score::may_lead(&start) || !follows(text, caps, &start, next) {
                return next;
            }
        }
        let mut chain = Chain::new(start);
        // caps index of each word
        let mut places = [window; WORDS_MAX];
        let mut next = window + 1;
        let mut full = false;
        while let Some(&at) = caps.get(next) {
            let at = at as usize;
            if at < chain.last().end {
                // inside a double name
                next += 1;
                continue;
            }
            let Some(join) = chain::join(text, chain.last(), at) else {
                break;
            };
            let Some(word) = starts(text, caps, next) else {
                break;
            };
            let len = chain.words().len();
            if !chain.push(word, join) {
                full = true;
                break;
            }
            places[len] = next;
            next += 1;
        }
        let emit = if first { 0 } else { WORDS_BEFORE }..if full {
            WORDS_MAX - WORDS_AFTER
        } else {
            chain.words().len()
        };
        if chain.words().len() > 1 {
            pick::names(text, &chain, emit.clone(), &mut |name| {
                if own.contains(&name.range.start) {
                    found(name);
                }
            });
        }
        if !full {
            return next;
        }
        window = places[emit.end - WORDS_BEFORE];
        if caps.get(window).is_none_or(|&c| c as usize >= own.end) {
            return next;
        }
        first = false;
    }
}

/// Whether the word at `caps[i]` can go on a name that `start` begins.
fn follows(text: &[u8], caps: &[u32], start: &word::Word, i: usize) -> bool {
    caps.get(i)
        .is_some_and(|&c| chain::join(text, start, c as usize).is_some())
        && starts(text, caps, i).is_some_and(|w| score::may_follow(&w))
}

/// The word at `caps[i]`, if it starts one that could stand in a chain.
fn starts(text: &[u8], caps: &[u32], i: usize) -> Option<word::Word> {
    let at = *caps.get(i)? as usize;
    if at > 0 && word::letter_before(text, at) {
        return None;
    }
    let word = word::read(text, at)?;
    (word.shape != Shape::Odd && word.shape != Shape::Lower).then_some(word)
}

/// Offsets in `range` of the bytes that may start a capitalised word: `A`-`Z` not after an ASCII letter
/// or digit, and non-ASCII lead bytes not after a letter, digit or non-ASCII byte.
///
/// The engine finds them with vector code; this is the plain twin for tests and small texts.
pub fn capital_starts(text: &[u8], range: Range<usize>) -> Vec<u32> {
    let mut starts = Vec::new();
    for at in range {
        let Some(&byte) = text.get(at) else { break };
        let before = if at == 0 { b' ' } else { text[at - 1] };
        let alnum = before.is_ascii_alphanumeric();
        let start = byte.is_ascii_uppercase() && !alnum || byte >= 0xc0 && !alnum && before < 0x80;
        if start && let Ok(at) = u32::try_from(at) {
            starts.push(at);
        }
    }
    starts
}

/// All names of a whole text: for tests and small texts.
pub fn find_all(text: &[u8]) -> Vec<NameMatch> {
    let caps = capital_starts(text, 0..text.len());
    let mut names = Vec::new();
    scan(text, 0..text.len(), &caps, &mut |name| names.push(name));
    names
}
