//! Which candidates of a chain are reported, of those that overlap.
//!
//! A candidate is reported where no overlapping one is better. Best first would find more in a row of
//! names without marks between, but what it picks at one end of the row depends on the other end, which a
//! scan of one block need not see.

use std::ops::Range;

use super::NameMatch;
use super::chain::{Chain, Join, WORDS_MAX};
use super::score::{self, BLOCK, NAME_WORDS_MAX, Sum, THRESHOLD};

/// One candidate: its words in the chain, and its bits.
#[derive(Clone, Copy)]
struct Candidate {
    start: u8,
    end: u8,
    bits: i16,
    /// No name, and no part of it is one.
    blocked: bool,
}

impl Candidate {
    fn overlaps(&self, other: &Candidate) -> bool {
        other.start < self.end && self.start < other.end
    }
    fn holds(&self, other: &Candidate) -> bool {
        self.start <= other.start && other.end <= self.end
    }
    /// More bits, or the first, or the longest.
    fn beats(&self, other: &Candidate) -> bool {
        (self.bits, other.start, self.end) > (other.bits, self.start, other.end)
    }
}

/// Most candidates of one chain window.
const CANDIDATES_MAX: usize = WORDS_MAX * (NAME_WORDS_MAX - 1);

/// Reports the names whose first word is one of `emit`.
pub fn names(text: &[u8], chain: &Chain, emit: Range<usize>, found: &mut dyn FnMut(NameMatch)) {
    let words = chain.words();
    let mut list = [Candidate {
        start: 0,
        end: 0,
        bits: 0,
        blocked: false,
    }; CANDIDATES_MAX];
    let mut count = 0;
    for start in 0..words.len() {
        if !score::may_lead(&words[start]) {
            continue;
        }
        for len in 2..=NAME_WORDS_MAX.min(words.len() - start) {
            let end = start + len;
            let Sum { words, around } = score::sum(text, chain, &(start..end));
            let bits = words + around;
            // a company or street of this name: no part of it is a person either
            let blocked = words >= THRESHOLD && around <= BLOCK;
            if (bits >= THRESHOLD || blocked) && count < CANDIDATES_MAX {
                list[count] = Candidate {
                    start: start as u8,
                    end: end as u8,
                    bits: bits as i16,
                    blocked,
                };
                count += 1;
            }
        }
    }
    let list = &list[..count];
    for c in list {
        let out = c.blocked
            || !emit.contains(&usize::from(c.start))
            || list
                .iter()
                .any(|o| o.blocked && o.holds(c) || !o.blocked && o.overlaps(c) && o.beats(c));
        if out {
            continue;
        }
        let (start, end) = (usize::from(c.start), usize::from(c.end));
        found(NameMatch {
            range: words[start].start..generation(text, chain, end).unwrap_or(words[end - 1].end),
            confidence: score::confidence(i32::from(c.bits)),
        });
    }
}

/// The end of a `Jr.`, `III` that belongs to the name before word `i`.
fn generation(text: &[u8], chain: &Chain, i: usize) -> Option<usize> {
    let suffix = chain.words().get(i)?;
    if !matches!(chain.join(i), Join::Space | Join::Comma) {
        return None;
    }
    match text.get(suffix.start..suffix.end)? {
        b"Jr" | b"Sr" | b"JR" | b"SR" => {
            Some(suffix.end + usize::from(text.get(suffix.end) == Some(&b'.')))
        }
        b"II" | b"III" | b"IV" => Some(suffix.end),
        _ => None,
    }
}
