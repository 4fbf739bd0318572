//! Near misses: a second, thorough look at a piece of text, only when asked for.
//!
//! The scan proper skips what cannot become a hit: numbers far from any keyword are not even
//! compared with an expression. Here every expression is tried wherever a value of its may begin,
//! and what refuses it is noted. The scan itself is not touched, so it costs no more for this, and
//! its hits stay what they are.

use std::ops::Range;

use super::keyword::Found;
use super::miss::{MissReason, NearMiss};
use super::near;
use super::pass::{LOCAL_BYTES_MAX, Pass, begins, is_local};
use super::pattern::Pattern;
use super::spec::Anchor;
use crate::model::KeywordHit;

/// Farthest keyword that is told of, in characters.
const FAR_CHARS_MAX: u16 = 300;
/// Bytes of a match before the value in it that are looked at.
const LEAD_BYTES_MAX: usize = 512;

impl Pass<'_, '_> {
    /// What is almost a value and begins in `own`, in any order. Ranges are into the window.
    pub(super) fn explain(
        &mut self,
        own: &Range<usize>,
        literals: &[Found],
        misses: &mut Vec<NearMiss>,
    ) {
        let catalogue = self.catalogue;
        let text = self.text;
        let starts = first_bytes(&catalogue.patterns);
        for at in own.start.saturating_sub(LEAD_BYTES_MAX)..own.end {
            if !begins(text, at) {
                continue;
            }
            for &number in &starts[text[at] as usize] {
                let pattern = &catalogue.patterns[number as usize];
                if pattern.may_begin(text, at) && may_anchor(&pattern.anchor, text, at) {
                    self.miss(number, at, misses);
                }
            }
        }
        for literal in literals {
            for &number in &catalogue.terms[literal.term as usize].patterns {
                self.miss(number, literal.start as usize, misses);
            }
        }
        if let Some((search, patterns)) = &catalogue.loose {
            for found in search.find_overlapping_iter(text) {
                for &number in &patterns[found.pattern().as_usize()] {
                    self.miss(number, found.start(), misses);
                }
            }
        }
        for &at in &self.anchors.ats {
            let at = at as usize;
            let from = at.saturating_sub(LOCAL_BYTES_MAX);
            let local = text[from..at].iter().rev().take_while(|b| is_local(**b));
            for start in at - local.count()..at {
                for &number in &catalogue.at_patterns {
                    let pattern = &catalogue.patterns[number as usize];
                    if pattern.may_begin(text, start) && begins(text, start) {
                        self.miss(number, start, misses);
                    }
                }
            }
        }
        misses.retain(|m| own.contains(&m.range.start));
    }

    fn miss(&mut self, number: u16, at: usize, misses: &mut Vec<NearMiss>) {
        let detector = self.catalogue.patterns[number as usize].detector;
        let mut refused = None;
        let value = self.weigh(number, at, None, &mut |range, reason| {
            refused = Some((range, reason));
        });
        let Some((range, mut reason)) = refused.filter(|_| value.is_none()) else {
            return;
        };
        if reason == MissReason::KeywordMissing
            && let Some(hit) = self.far_keyword(detector, &range)
        {
            let near = self.catalogue.detectors[detector as usize].distance;
            reason = match hit.distance {
                Some(distance) if distance > near => MissReason::KeywordFar(hit),
                _ => MissReason::KeywordParted(hit),
            };
        }
        misses.push(NearMiss {
            detector,
            range,
            reason,
        });
    }

    /// The nearest keyword where none is near enough.
    fn far_keyword(&mut self, detector: u16, range: &Range<usize>) -> Option<KeywordHit> {
        let scope = self.scope(range.start)?;
        near::nearest_within(
            FAR_CHARS_MAX,
            self.catalogue,
            self.text,
            &scope.range,
            self.found,
            detector,
            range,
            false,
        )
    }
}

/// The patterns that may begin with each byte, but for those with anchors of their own.
fn first_bytes(patterns: &[Pattern]) -> Vec<Vec<u16>> {
    let own = |a: &Anchor| matches!(a, Anchor::Literal { .. } | Anchor::At | Anchor::Url);
    let everywhere = |p: &Pattern| !own(&p.anchor);
    (0..=u8::MAX)
        .map(|byte| {
            let fits = |p: &Pattern| everywhere(p) && p.may_begin(&[byte], 0);
            let numbers = (0u16..).zip(patterns).filter(|(_, p)| fits(p));
            numbers.map(|(number, _)| number).collect()
        })
        .collect()
}

/// A value of the anchor may begin at `at`, where a word begins.
fn may_anchor(anchor: &Anchor, text: &[u8], at: usize) -> bool {
    let digit = |i: usize| text.get(i).is_some_and(u8::is_ascii_digit);
    match anchor {
        Anchor::Number => {
            let signs = text[at..].iter().take(2);
            let signs = signs.take_while(|b| matches!(b, b'+' | b'(')).count();
            digit(at + signs)
        }
        Anchor::Token => text[at].is_ascii_alphanumeric(),
        Anchor::Keyword => true,
        Anchor::Literal { .. } | Anchor::At | Anchor::Url => false,
    }
}

/// Leaves one reason for each value, none for what was found, in order.
///
/// `accepted`: the values of the piece before overlaps are settled; those that lost are among the
/// misses already.
pub(super) fn tidy(misses: &mut Vec<NearMiss>, mut accepted: Vec<(u16, Range<usize>)>) {
    accepted.sort_unstable_by_key(|(detector, range)| (*detector, range.start));
    misses.retain(|miss| {
        let of_this = |value: &&(u16, Range<usize>)| {
            value.0 == miss.detector && value.1.start < miss.range.end
        };
        let from = accepted.partition_point(|value| value.0 < miss.detector);
        let mut found = accepted[from..].iter().take_while(of_this);
        matches!(miss.reason, MissReason::Lost { .. })
            || !found.any(|(_, range)| miss.range.start < range.end)
    });
    misses.sort_by_key(|m| {
        (
            m.range.start,
            m.detector,
            m.range.end,
            std::cmp::Reverse(m.reason.stage()),
        )
    });
    misses
        .dedup_by(|later, first| (later.detector, &later.range) == (first.detector, &first.range));
}

/// Tells what was missed, ranges moved by `base`.
pub(super) fn tell(missed: &mut Vec<NearMiss>, base: usize, misses: &mut dyn FnMut(NearMiss)) {
    for mut miss in missed.drain(..) {
        miss.range = base + miss.range.start..base + miss.range.end;
        misses(miss);
    }
}
