//! The few misses and wrong hits that are shown: chosen the same way whatever the order they come in.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::explain::Reason;

/// Where the value of a missed label stands; found by a second look at its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MissPlace {
    pub line: u64,
    pub column: u64,
    pub masked: String,
    /// What came nearest to finding it, the nearest first.
    pub reasons: Vec<Reason>,
}

/// A label that was not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    pub detector: u16,
    /// Number of the file, in the order of their paths.
    pub file: usize,
    pub container: Arc<[String]>,
    pub range: Range<u64>,
    /// What was found there instead.
    pub confused: Option<u16>,
    /// `None` where the text of the label could not be reached.
    pub place: Option<MissPlace>,
}

/// A hit that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct WrongHit {
    pub detector: u16,
    pub file: usize,
    pub container: Arc<[String]>,
    pub range: Range<u64>,
    pub line: u64,
    pub column: u64,
    pub masked: String,
    pub confidence: f32,
    /// Text of the keyword that made it count.
    pub keyword: Option<Arc<str>>,
    /// The identifier of the label that it overlaps.
    pub over: Option<u16>,
}

/// What can be told apart and put in order, the worst first.
pub(super) trait Ranked {
    fn detector(&self) -> u16;
    /// Total over the items of one detector.
    fn key(&self) -> (u32, usize, &[String], u64, u64);
}

impl Ranked for Miss {
    fn detector(&self) -> u16 {
        self.detector
    }
    fn key(&self) -> (u32, usize, &[String], u64, u64) {
        let range = &self.range;
        (0, self.file, &self.container, range.start, range.end)
    }
}

impl Ranked for WrongHit {
    fn detector(&self) -> u16 {
        self.detector
    }
    /// The surest mistakes first.
    fn key(&self) -> (u32, usize, &[String], u64, u64) {
        let doubt = ((1.0 - self.confidence).clamp(0.0, 1.0) * 1e6) as u32;
        let range = &self.range;
        (doubt, self.file, &self.container, range.start, range.end)
    }
}

/// Keeps the worst of each detector, at most so many, in bounded memory.
#[derive(Clone, Debug)]
pub(super) struct Worst<T> {
    each_max: usize,
    kept: BTreeMap<u16, Vec<T>>,
}

impl<T: Ranked> Worst<T> {
    pub fn new(each_max: usize) -> Self {
        Worst {
            each_max,
            kept: BTreeMap::new(),
        }
    }

    pub fn push(&mut self, item: T) {
        let each_max = self.each_max;
        let of = self.kept.entry(item.detector()).or_default();
        of.push(item);
        if of.len() > 2 * each_max + 16 {
            of.sort_by(|a, b| a.key().cmp(&b.key()));
            of.truncate(each_max);
        }
    }

    pub fn add(&mut self, other: Worst<T>) {
        for item in other.kept.into_values().flatten() {
            self.push(item);
        }
    }

    /// At most `max` of all, by turns: the worst of each detector, those with the most `errors`
    /// first, then the second of each, and so on; in the end ordered by detector.
    pub fn choose(self, max: usize, errors: &dyn Fn(u16) -> u64) -> Vec<T> {
        let mut lists: Vec<(u16, std::vec::IntoIter<T>)> = self
            .kept
            .into_iter()
            .map(|(detector, mut items)| {
                items.sort_by(|a, b| a.key().cmp(&b.key()));
                (detector, items.into_iter())
            })
            .collect();
        lists.sort_by_key(|(detector, _)| (std::cmp::Reverse(errors(*detector)), *detector));
        let order: BTreeMap<u16, usize> = (0..)
            .zip(&lists)
            .map(|(place, (detector, _))| (*detector, place))
            .collect();
        let mut chosen = Vec::new();
        while chosen.len() < max {
            let before = chosen.len();
            for (_, items) in &mut lists {
                if chosen.len() < max {
                    chosen.extend(items.next());
                }
            }
            if chosen.len() == before {
                break;
            }
        }
        chosen.sort_by(|a, b| {
            let place = |item: &T| order.get(&item.detector()).copied();
            (place(a), a.key()).cmp(&(place(b), b.key()))
        });
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn miss(detector: u16, start: u64) -> Miss {
        Miss {
            detector,
            file: 0,
            container: Arc::from([]),
            range: start..start + 1,
            confused: None,
            place: None,
        }
    }

    #[test]
    fn every_detector_has_its_turn_whatever_the_order() {
        let all: Vec<Miss> = (0..300)
            .map(|i| miss(u16::from(i % 10 == 0), i))
            .chain([miss(2, 7)])
            .collect();
        let choose = |items: &mut dyn Iterator<Item = &Miss>| {
            let mut worst = Worst::new(5);
            items.for_each(|m| worst.push(m.clone()));
            worst.choose(5, &|d| [270, 30, 1][usize::from(d)])
        };
        let chosen = choose(&mut all.iter());
        let short: Vec<(u16, u64)> = chosen.iter().map(|m| (m.detector, m.range.start)).collect();
        assert_eq!(short, [(0, 1), (0, 2), (1, 0), (1, 10), (2, 7)]);
        assert_eq!(choose(&mut all.iter().rev()), chosen);
    }
}
