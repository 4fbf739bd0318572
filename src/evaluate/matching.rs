//! Labels and hits of one member, matched one to one.
//!
//! Pure and in any order: hits that touch no label are judged at once, so that only those at labels
//! are held.

use std::cmp::Reverse;
use std::ops::Range;

use super::label::Label;
use super::same::Same;

/// One hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    pub detector: u16,
    pub range: Range<u64>,
    /// What the caller wants to know of it later.
    pub note: T,
}

/// How a label ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// By this detector; `exact`: with an equal stretch.
    Right { exact: bool },
    /// `confused`: the identifier of the wrong hit with the greatest overlap.
    Missed { confused: Option<u16> },
    /// Optional: does not count.
    Aside,
}

/// A hit that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong<T> {
    pub found: Found<T>,
    /// The identifier of the label that it overlaps most, if any.
    pub over: Option<u16>,
}

/// All that is known of one member in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged<T> {
    /// One for each label, in their order.
    pub outcomes: Vec<Outcome>,
    /// Wrong hits at labels, by place; those elsewhere were told at once.
    pub wrong: Vec<Wrong<T>>,
}

/// Matches the hits of one member to its labels.
pub struct Matcher<'a, T> {
    /// Ascending.
    labels: &'a [Label],
    /// The greatest end of this label and all before it.
    reach: Vec<u64>,
    same: &'a Same,
    held: Vec<Found<T>>,
}

impl<'a, T> Matcher<'a, T> {
    /// `labels`: ascending by start.
    pub fn new(labels: &'a [Label], same: &'a Same) -> Self {
        let mut greatest = 0;
        let reach = labels.iter().map(|l| {
            greatest = greatest.max(l.end);
            greatest
        });
        Matcher {
            labels,
            reach: reach.collect(),
            same,
            held: Vec::new(),
        }
    }

    /// Labels that overlap a range, last to first.
    fn at(&self, range: &Range<u64>) -> impl Iterator<Item = usize> + use<'_, 'a, T> {
        let (from, to) = (range.start, range.end);
        let end = self.labels.partition_point(|l| l.start < to);
        (0..end)
            .rev()
            .take_while(move |&i| self.reach[i] > from)
            .filter(move |&i| self.labels[i].end > from)
    }

    /// Whether any label is there.
    pub fn touches(&self, range: &Range<u64>) -> bool {
        self.at(range).next().is_some()
    }

    /// Takes a hit at a label; gives back one that overlaps none and so is wrong.
    pub fn take(&mut self, found: Found<T>) -> Option<Found<T>> {
        if !self.touches(&found.range) {
            return Some(found);
        }
        self.held.push(found);
        None
    }

    /// Decides all that was held.
    pub fn finish(mut self) -> Judged<T> {
        self.held
            .sort_by_key(|f| (f.range.start, f.range.end, f.detector));
        let overlap = |label: &Label, range: &Range<u64>| {
            label
                .end
                .min(range.end)
                .saturating_sub(label.start.max(range.start))
        };
        let mut pairs = Vec::new();
        for (hit, found) in self.held.iter().enumerate() {
            for at in self.at(&found.range) {
                let label = &self.labels[at];
                if !label
                    .detector
                    .is_some_and(|d| self.same.are(d, found.detector))
                {
                    continue;
                }
                pairs.push((
                    label.range() != found.range,
                    Reverse(overlap(label, &found.range)),
                    label.detector != Some(found.detector),
                    label.optional,
                    at,
                    hit,
                ));
            }
        }
        pairs.sort_unstable();
        let mut of_label: Vec<Option<usize>> = vec![None; self.labels.len()];
        let mut of_hit = vec![false; self.held.len()];
        for (.., at, hit) in pairs {
            if of_label[at].is_none() && !of_hit[hit] {
                of_label[at] = Some(hit);
                of_hit[hit] = true;
            }
        }
        let mut confused: Vec<Option<(u64, u16)>> = vec![None; self.labels.len()];
        let mut wrong = Vec::new();
        let mut is_wrong = vec![false; self.held.len()];
        let mut over: Vec<Option<u16>> = vec![None; self.held.len()];
        for (hit, found) in self.held.iter().enumerate() {
            if of_hit[hit] || self.is_aside(found, &of_label) {
                continue;
            }
            is_wrong[hit] = true;
            let mut most = (0, None);
            for at in self.at(&found.range) {
                let label = &self.labels[at];
                let Some(detector) = label.detector else {
                    continue;
                };
                let shared = overlap(label, &found.range);
                // labels come last to first: the earlier wins a tie
                if shared >= most.0 {
                    most = (shared, Some(detector));
                }
                let other = !self.same.are(detector, found.detector);
                if other && confused[at].is_none_or(|(best, _)| shared > best) {
                    confused[at] = Some((shared, found.detector));
                }
            }
            over[hit] = most.1;
        }
        let outcomes = (0..self.labels.len())
            .map(|at| match (self.labels[at].optional, of_label[at]) {
                (true, _) => Outcome::Aside,
                (false, Some(hit)) => Outcome::Right {
                    exact: self.held[hit].range == self.labels[at].range(),
                },
                (false, None) => Outcome::Missed {
                    confused: confused[at].map(|(_, d)| d),
                },
            })
            .collect();
        for (hit, found) in self.held.into_iter().enumerate() {
            if is_wrong[hit] {
                wrong.push(Wrong {
                    found,
                    over: over[hit],
                });
            }
        }
        Judged { outcomes, wrong }
    }

    /// A hit without a match that is not wrong: an optional label takes it in, or its twin was right.
    fn is_aside(&self, found: &Found<T>, of_label: &[Option<usize>]) -> bool {
        self.at(&found.range).any(|at| {
            let label = &self.labels[at];
            let same = label
                .detector
                .is_none_or(|d| self.same.are(d, found.detector));
            let twin = || of_label[at].is_some_and(|hit| self.held[hit].detector != found.detector);
            same && (label.optional || twin())
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn label(start: u64, end: u64, detector: u16) -> Label {
        Label {
            start,
            end,
            detector: Some(detector),
            optional: false,
        }
    }

    fn optional(start: u64, end: u64, detector: Option<u16>) -> Label {
        Label {
            detector,
            optional: true,
            ..label(start, end, 0)
        }
    }

    fn judge(labels: &[Label], hits: &[(u64, u64, u16)], same: &Same) -> (Vec<Outcome>, usize) {
        let mut labels = labels.to_vec();
        labels.sort_unstable();
        let mut matcher = Matcher::new(&labels, same);
        let mut wrong = 0;
        for &(start, end, detector) in hits {
            let found = Found {
                detector,
                range: start..end,
                note: (),
            };
            wrong += usize::from(matcher.take(found).is_some());
        }
        let judged = matcher.finish();
        (judged.outcomes, wrong + judged.wrong.len())
    }

    const EXACT: Outcome = Outcome::Right { exact: true };
    const PART: Outcome = Outcome::Right { exact: false };
    const MISSED: Outcome = Outcome::Missed { confused: None };

    #[test]
    fn equal_stretches_go_first_then_the_greatest_overlap() {
        let same = Same::default();
        let labels = [label(0, 10, 1), label(10, 20, 1)];
        assert_eq!(
            judge(&labels, &[(5, 20, 1), (0, 10, 1)], &same),
            (vec![EXACT, PART], 0)
        );
        assert_eq!(
            judge(&labels, &[(8, 14, 1)], &same),
            (vec![MISSED, PART], 0),
            "one hit is right once"
        );
        assert_eq!(
            judge(&labels, &[(0, 4, 1), (4, 10, 1)], &same),
            (vec![PART, MISSED], 1),
            "and a label takes one"
        );
    }

    #[test]
    fn touching_is_not_overlapping() {
        let same = Same::default();
        assert_eq!(
            judge(&[label(5, 9, 1)], &[(0, 5, 1), (9, 12, 1)], &same),
            (vec![MISSED], 2)
        );
    }

    #[test]
    fn another_identifier_is_wrong_and_confused_unless_it_is_the_same() {
        let mut same = Same::default();
        let confused = Outcome::Missed { confused: Some(2) };
        assert_eq!(
            judge(&[label(0, 9, 1)], &[(0, 9, 2)], &same),
            (vec![confused], 1)
        );
        same = Same::of(4);
        same.join(1, 2);
        assert_eq!(
            judge(&[label(0, 9, 1)], &[(0, 9, 2)], &same),
            (vec![EXACT], 0)
        );
        assert_eq!(
            judge(&[label(0, 9, 1)], &[(0, 9, 2), (0, 9, 1)], &same),
            (vec![EXACT], 0),
            "both twins are right once and wrong never"
        );
        assert_eq!(
            judge(&[label(0, 9, 1)], &[(0, 4, 1), (5, 9, 1)], &same),
            (vec![PART], 1),
            "but the same identifier twice is"
        );
    }

    #[test]
    fn optional_labels_take_hits_in_and_ask_for_none() {
        let same = Same::default();
        let aside = Outcome::Aside;
        let one = [optional(0, 9, Some(1))];
        assert_eq!(judge(&one, &[], &same), (vec![aside], 0));
        assert_eq!(
            judge(&one, &[(0, 4, 1), (5, 9, 1)], &same),
            (vec![aside], 0)
        );
        assert_eq!(judge(&one, &[(0, 9, 2)], &same), (vec![aside], 1));
        let any = [optional(0, 9, None)];
        assert_eq!(
            judge(&any, &[(0, 9, 2), (3, 12, 1)], &same),
            (vec![aside], 0)
        );
    }

    #[test]
    fn long_labels_before_short_ones_are_seen() {
        let same = Same::default();
        let labels = [label(0, 100, 1), label(3, 5, 2), label(7, 9, 2)];
        assert_eq!(
            judge(&labels, &[(90, 95, 1)], &same),
            (vec![PART, MISSED, MISSED], 0)
        );
    }

    /// Labels that do not overlap one another, of a few identifiers.
    fn apart() -> impl Strategy<Value = Vec<Label>> {
        prop::collection::vec((0u64..4, 1u64..9, 0u16..4), 0..40).prop_map(|parts| {
            let mut at = 0;
            parts
                .into_iter()
                .map(|(gap, len, detector)| {
                    let start = at + gap;
                    at = start + len;
                    label(start, at, detector)
                })
                .collect()
        })
    }

    fn any_hits() -> impl Strategy<Value = Vec<(u64, u64, u16)>> {
        prop::collection::vec((0u64..200, 1u64..12, 0u16..4), 0..40)
            .prop_map(|h| h.into_iter().map(|(s, l, d)| (s, s + l, d)).collect())
    }

    fn hits_of(labels: &[Label]) -> Vec<(u64, u64, u16)> {
        labels
            .iter()
            .map(|l| (l.start, l.end, l.detector.unwrap_or(0)))
            .collect()
    }

    proptest! {
        #[test]
        fn what_is_labelled_as_found_is_exact(labels in apart()) {
            let (outcomes, wrong) = judge(&labels, &hits_of(&labels), &Same::default());
            prop_assert_eq!(wrong, 0);
            prop_assert!(outcomes.iter().all(|o| *o == EXACT));
        }

        #[test]
        fn a_label_less_is_one_wrong_more(labels in apart(), which in any::<prop::sample::Index>()) {
            prop_assume!(!labels.is_empty());
            let hits = hits_of(&labels);
            let mut fewer = labels.clone();
            fewer.remove(which.index(labels.len()));
            let (outcomes, wrong) = judge(&fewer, &hits, &Same::default());
            prop_assert_eq!(wrong, 1);
            prop_assert!(outcomes.iter().all(|o| *o == EXACT));
        }

        #[test]
        fn order_does_not_matter(
            labels in prop::collection::vec((0u64..200, 1u64..12, 0u16..4), 0..40),
            hits in any_hits(),
            seed in any::<u64>(),
        ) {
            let mut labels: Vec<Label> =
                labels.into_iter().map(|(s, l, d)| label(s, s + l, d)).collect();
            labels.sort_unstable();
            labels.dedup();
            let straight = judge(&labels, &hits, &Same::default());
            let (mut labels, mut hits) = (labels, hits);
            if !labels.is_empty() {
                let by = seed as usize % labels.len();
                labels.rotate_left(by);
            }
            hits.reverse();
            prop_assert_eq!(judge(&labels, &hits, &Same::default()), straight);
        }

        #[test]
        fn every_hit_is_right_or_wrong_once(labels in apart(), hits in any_hits()) {
            let (outcomes, wrong) = judge(&labels, &hits, &Same::default());
            let right = outcomes.iter().filter(|o| matches!(o, Outcome::Right { .. })).count();
            prop_assert_eq!(right + wrong, hits.len());
        }
    }
}
