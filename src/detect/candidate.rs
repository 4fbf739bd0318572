//! Accepted values of one stretch of text, and which of them stand where they overlap.

use std::cmp::Ordering;
use std::ops::Range;

use super::confidence::Proof;
use crate::model::{Hit, KeywordHit, Rivals, Side};

/// Bytes of a value that keep others out; longer values do so with their head alone, so that what
/// is reported at a place depends on the text near it.
const REACH_BYTES: usize = 512;
/// Longest chain of overlapping values that is settled as a whole, in bytes.
const CHAIN_BYTES_MAX: usize = 768;
/// Text before and after the own range in which values must be known, in bytes.
pub(super) const MARGIN_BYTES: usize = REACH_BYTES + CHAIN_BYTES_MAX;

/// An accepted value.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub start: u32,
    pub end: u32,
    pub detector: u16,
    pub checks: u32,
    pub proof: Proof,
    pub keyword: Option<KeywordHit>,
    /// Bytes of the keyword: `lithuanian personal code` says more than `personal code`.
    pub keyword_bytes: u8,
    /// The keyword says another detector first.
    pub shared: bool,
    /// The detector is one of Macie's.
    pub published: bool,
    /// How much the form of the value says by itself; breaks ties.
    pub form: u8,
    /// Gives way to every value that does not.
    pub yields: bool,
    pub confidence: f32,
    /// Detectors of the values that lost against this one.
    pub rivals: Rivals,
}

impl Candidate {
    fn reach(&self) -> u32 {
        self.end.min(self.start + REACH_BYTES as u32)
    }

    fn overlaps(&self, other: &Candidate) -> bool {
        self.start < other.reach() && other.start < self.reach()
    }

    /// Characters to the keyword, and whether it stands behind the value.
    fn keyword_distance(&self) -> (u32, bool) {
        let Some(keyword) = self.keyword else {
            return (u32::MAX, false);
        };
        let distance = keyword.distance.map_or(0, u32::from);
        (distance, keyword.side == Side::After)
    }

    /// The better value first: one that does not yield, a check that proves more, keyword nearer (of
    /// two as near the one before the value), form more telling, longer, keyword longer, keyword its
    /// own, one of Macie's, id.
    fn rank(&self, other: &Candidate) -> Ordering {
        self.yields
            .cmp(&other.yields)
            .then(other.proof.cmp(&self.proof))
            .then(self.keyword_distance().cmp(&other.keyword_distance()))
            .then(other.form.cmp(&self.form))
            .then((other.end - other.start).cmp(&(self.end - self.start)))
            .then(other.keyword_bytes.cmp(&self.keyword_bytes))
            .then(self.shared.cmp(&other.shared))
            .then(other.published.cmp(&self.published))
            .then(self.detector.cmp(&other.detector))
            .then(self.start.cmp(&other.start))
            .then_with(|| {
                let number = |k: Option<KeywordHit>| k.map(|k| k.keyword);
                number(self.keyword).cmp(&number(other.keyword))
            })
    }

    pub(super) fn hit(&self, base: usize) -> Hit {
        Hit {
            detector: self.detector,
            range: base + self.start as usize..base + self.end as usize,
            checks: self.checks,
            keyword: self.keyword,
            confidence: self.confidence,
            rivals: self.rivals,
        }
    }
}

/// Sorts the values by start and detector, and leaves those that stand, each with the detectors of
/// those that lost against it.
///
/// `lost`: told of every value that does not stand, and of the one that is better.
///
/// A chain of overlapping values is settled best first. Where a chain is longer than
/// `CHAIN_BYTES_MAX`, a value stands if it is better than every value it overlaps. Both ask only for
/// the text within [`MARGIN_BYTES`], so that cuts elsewhere change nothing.
pub(super) fn settle(
    candidates: &mut Vec<Candidate>,
    order: &mut Vec<u32>,
    lost: &mut impl FnMut(&Candidate, &Candidate),
) {
    // a few ascending runs after one another: a stable sort merges them
    candidates.sort_by(|a, b| {
        (a.start, a.detector, a.end)
            .cmp(&(b.start, b.detector, b.end))
            .then_with(|| a.rank(b))
    });
    candidates.dedup_by(|later, first| {
        (later.start, later.end, later.detector) == (first.start, first.end, first.detector)
    });
    let mut from = 0;
    while from < candidates.len() {
        let mut to = from + 1;
        let mut end = candidates[from].reach();
        while let Some(next) = candidates.get(to).filter(|next| next.start < end) {
            end = end.max(next.reach());
            to += 1;
        }
        if to - from > 1 {
            chain(&mut candidates[from..to], order, lost);
        }
        from = to;
    }
    candidates.retain(|c| c.start != c.end);
}

/// Empties (`end = start`) the values of a chain that do not stand.
fn chain(
    chain: &mut [Candidate],
    order: &mut Vec<u32>,
    lost: &mut impl FnMut(&Candidate, &Candidate),
) {
    // a value found in two ways, or an id that two countries share
    if let [a, b] = chain {
        let (winner, loser) = if a.rank(b) == Ordering::Greater {
            (1, 0)
        } else {
            (0, 1)
        };
        beat(chain, winner, loser, lost);
        return;
    }
    let span: Range<u32> = chain[0].start..chain.iter().map(Candidate::reach).max().unwrap_or(0);
    if span.len() > CHAIN_BYTES_MAX {
        by_neighbours(chain, order, lost);
        return;
    }
    order.clear();
    order.extend(0..chain.len() as u32);
    order.sort_unstable_by(|&a, &b| chain[a as usize].rank(&chain[b as usize]));
    let mut kept = 0;
    for i in 0..order.len() {
        let at = order[i] as usize;
        let better = order[..kept]
            .iter()
            .find(|&&k| chain[k as usize].overlaps(&chain[at]));
        match better {
            Some(&winner) => beat(chain, winner as usize, at, lost),
            None => {
                order[kept] = order[i];
                kept += 1;
            }
        }
    }
}

/// Settles a chain that is too long to be seen whole: each value by those that it overlaps.
fn by_neighbours(
    chain: &mut [Candidate],
    order: &mut Vec<u32>,
    lost: &mut impl FnMut(&Candidate, &Candidate),
) {
    order.clear();
    for (i, value) in chain.iter().enumerate() {
        if neighbours(chain, i).any(|k| chain[k].rank(value) == Ordering::Less) {
            order.push(i as u32);
        }
    }
    let mut pairs = std::mem::take(order);
    for &i in &pairs {
        let winner = {
            let chain = &*chain;
            let mut better = neighbours(chain, i as usize)
                .filter(|&k| chain[k].rank(&chain[i as usize]) == Ordering::Less);
            // one that stands, if there is one: the others are no rivals of anything
            let stands = |k: &usize| pairs.binary_search(&(*k as u32)).is_err();
            better.clone().find(stands).or_else(|| better.next())
        };
        if let Some(winner) = winner {
            note(chain, winner, i as usize, lost);
        }
    }
    for i in pairs.drain(..) {
        chain[i as usize].end = chain[i as usize].start;
    }
    *order = pairs;
}

/// The values of a chain that overlap the one at `i`, by start.
fn neighbours(chain: &[Candidate], i: usize) -> impl Iterator<Item = usize> + Clone + '_ {
    let value = &chain[i];
    // only the head of a value keeps others out, so only near neighbours can overlap
    let from = chain[..i]
        .iter()
        .rposition(|v| v.start + REACH_BYTES as u32 <= value.start)
        .map_or(0, |far| far + 1);
    (from..chain.len())
        .take_while(move |&k| chain[k].start < value.reach())
        .filter(move |&k| k != i && chain[k].overlaps(value))
}

/// Empties the loser, and notes it with the winner.
fn beat(
    chain: &mut [Candidate],
    winner: usize,
    loser: usize,
    lost: &mut impl FnMut(&Candidate, &Candidate),
) {
    note(chain, winner, loser, lost);
    chain[loser].end = chain[loser].start;
}

fn note(
    chain: &mut [Candidate],
    winner: usize,
    loser: usize,
    lost: &mut impl FnMut(&Candidate, &Candidate),
) {
    lost(&chain[loser], &chain[winner]);
    let rival = chain[loser].detector;
    if rival != chain[winner].detector {
        chain[winner].rivals.insert(rival);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(start: u32, end: u32, detector: u16, checks: u32) -> Candidate {
        Candidate {
            start,
            end,
            detector,
            checks,
            proof: if checks == 0 {
                Proof::None
            } else {
                Proof::Some
            },
            keyword: None,
            keyword_bytes: 0,
            shared: false,
            published: true,
            form: 0,
            yields: false,
            confidence: 0.5,
            rivals: Rivals::default(),
        }
    }

    fn settled(mut values: Vec<Candidate>) -> Vec<(u32, u32, u16)> {
        settle(&mut values, &mut Vec::new(), &mut |_, _| {});
        values
            .iter()
            .map(|c| (c.start, c.end, c.detector))
            .collect()
    }

    #[test]
    fn the_better_of_two_stands() {
        assert_eq!(
            settled(vec![value(0, 9, 1, 0), value(4, 8, 2, 1)]),
            [(4, 8, 2)]
        );
        assert_eq!(
            settled(vec![value(0, 9, 1, 0), value(4, 8, 2, 0)]),
            [(0, 9, 1)]
        );
        assert_eq!(
            settled(vec![value(0, 9, 3, 0), value(0, 9, 2, 0)]),
            [(0, 9, 2)]
        );
        let mut near = value(4, 8, 2, 0);
        near.keyword = Some(KeywordHit {
            keyword: 0,
            distance: Some(3),
            side: Side::Before,
        });
        assert_eq!(settled(vec![value(0, 9, 1, 0), near]), [(4, 8, 2)]);
    }

    #[test]
    fn a_keyword_of_its_own_decides_between_equals() {
        let mut shared = value(0, 9, 1, 0);
        shared.shared = true;
        assert_eq!(settled(vec![shared, value(0, 9, 2, 0)]), [(0, 9, 2)]);
        let mut longer = value(0, 9, 2, 0);
        longer.keyword_bytes = 24;
        assert_eq!(settled(vec![value(0, 9, 1, 0), longer]), [(0, 9, 2)]);
    }

    #[test]
    fn what_yields_gives_way_to_anything() {
        let mut general = value(0, 40, 1, 1);
        general.yields = true;
        let special = value(10, 12, 2, 0);
        assert_eq!(settled(vec![general.clone(), special]), [(10, 12, 2)]);
        assert_eq!(settled(vec![general]), [(0, 40, 1)]);
    }

    #[test]
    fn of_equals_the_published_one_stands() {
        let mut ours = value(0, 9, 1, 0);
        ours.published = false;
        assert_eq!(settled(vec![ours.clone(), value(0, 9, 2, 0)]), [(0, 9, 2)]);
        // a longer value of ours says more
        assert_eq!(settled(vec![ours, value(0, 8, 2, 0)]), [(0, 9, 1)]);
    }

    #[test]
    fn what_only_the_loser_kept_out_stands() {
        let values = vec![value(0, 6, 1, 1), value(4, 12, 2, 0), value(10, 14, 3, 0)];
        assert_eq!(settled(values), [(0, 6, 1), (10, 14, 3)]);
    }

    #[test]
    fn long_chains_are_settled_by_neighbours_and_in_linear_time() {
        let values: Vec<Candidate> = (0..200_000)
            .map(|i| value(i * 4, i * 4 + 6, 1, 0))
            .collect();
        let stand = settled(values);
        assert_eq!(stand, [(0, 6, 1)]);
    }

    #[test]
    fn equal_values_are_reported_once() {
        assert_eq!(
            settled(vec![value(3, 5, 1, 0), value(3, 5, 1, 0)]),
            [(3, 5, 1)]
        );
    }
    #[test]
    fn the_losers_are_told_and_stay_with_the_winner() {
        let mut values = vec![
            value(0, 6, 1, 1),
            value(4, 12, 2, 0),
            value(5, 6, 5, 0),
            value(10, 14, 3, 0),
            value(0, 4, 1, 0),
        ];
        let mut told = Vec::new();
        settle(&mut values, &mut Vec::new(), &mut |loser, winner| {
            told.push((loser.detector, winner.detector));
        });
        told.sort_unstable();
        assert_eq!(told, [(1, 1), (2, 1), (5, 1)]);
        let rivals: Vec<Vec<u16>> = values.iter().map(|v| v.rivals.iter().collect()).collect();
        assert_eq!(rivals, [vec![2, 5], vec![]]);
    }

    #[test]
    fn long_chains_tell_their_losers() {
        let mut values: Vec<Candidate> = (0..300)
            .map(|i| value(i * 4, i * 4 + 6, 1 + (i % 2) as u16, i % 2))
            .collect();
        let mut told = 0;
        settle(&mut values, &mut Vec::new(), &mut |loser, winner| {
            assert_eq!((loser.detector, winner.detector), (1, 2));
            told += 1;
        });
        assert_eq!((told, values.len()), (150, 150));
        // a loser between two is told with the first
        assert!(values[..149].iter().all(|v| v.rivals.iter().eq([1])));
        assert!(values[149].rivals.is_empty());
    }
}
