//! Counts to figures: precision, recall and F1 of each identifier and of all.

use std::collections::BTreeMap;

use super::matching::Outcome;

/// What came of one identifier. Adds up over members, files and threads in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Labels that count; optional ones do not.
    pub labels: u64,
    pub right: u64,
    /// Right ones of equal stretch.
    pub exact: u64,
    pub wrong: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.labels += other.labels;
        self.right += other.right;
        self.exact += other.exact;
        self.wrong += other.wrong;
    }
}

/// Precision, recall and F1, 0 to 1; `None` where there is nothing to divide by.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rates {
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
}

impl Counts {
    pub fn missed(&self) -> u64 {
        self.labels - self.right
    }

    /// Where an overlap is enough.
    pub fn rates(&self) -> Rates {
        rates(self.right, self.right + self.wrong, self.labels)
    }

    /// Where the whole stretch must be right.
    pub fn exact_rates(&self) -> Rates {
        rates(self.exact, self.right + self.wrong, self.labels)
    }
}

fn rates(right: u64, found: u64, labels: u64) -> Rates {
    let share = |a: u64, b: u64| (b > 0).then(|| a as f64 / b as f64);
    Rates {
        precision: share(right, found),
        recall: share(right, labels),
        f1: share(2 * right, found + labels),
    }
}

/// Labels of one identifier that were missed where another was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confusion {
    pub label: u16,
    pub found: u16,
    pub count: u64,
}

/// The scores of all identifiers over any number of members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scores {
    /// One for each detector of the catalogue.
    counts: Vec<Counts>,
    confusion: BTreeMap<(u16, u16), u64>,
    pub optional: u64,
}

impl Scores {
    /// For so many detectors.
    pub fn new(detectors: usize) -> Self {
        Scores {
            counts: vec![Counts::default(); detectors],
            ..Scores::default()
        }
    }

    /// Enters one label with what came of it.
    pub fn label(&mut self, detector: Option<u16>, outcome: Outcome) {
        let (true, Some(number)) = (outcome != Outcome::Aside, detector) else {
            self.optional += 1;
            return;
        };
        let Some(counts) = self.counts.get_mut(usize::from(number)) else {
            return;
        };
        counts.labels += 1;
        match outcome {
            Outcome::Right { exact } => {
                counts.right += 1;
                counts.exact += u64::from(exact);
            }
            Outcome::Missed {
                confused: Some(found),
            } => *self.confusion.entry((number, found)).or_default() += 1,
            Outcome::Missed { confused: None } | Outcome::Aside => {}
        }
    }

    /// Enters one wrong hit.
    pub fn wrong(&mut self, detector: u16) {
        if let Some(counts) = self.counts.get_mut(usize::from(detector)) {
            counts.wrong += 1;
        }
    }

    pub fn add(&mut self, other: &Scores) {
        for (to, from) in self.counts.iter_mut().zip(&other.counts) {
            *to += *from;
        }
        for (pair, count) in &other.confusion {
            *self.confusion.entry(*pair).or_default() += count;
        }
        self.optional += other.optional;
    }

    /// The counts of one detector.
    pub fn of(&self, detector: u16) -> Counts {
        self.counts
            .get(usize::from(detector))
            .copied()
            .unwrap_or_default()
    }

    /// Detectors with labels or hits, ascending.
    pub fn seen(&self) -> impl Iterator<Item = (u16, Counts)> + '_ {
        (0..)
            .zip(self.counts.iter().copied())
            .filter(|(_, c)| c.labels + c.wrong > 0)
    }

    /// All identifiers together.
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        for counts in &self.counts {
            total += *counts;
        }
        total
    }

    /// The mean over the identifiers that have labels, of what `rates` takes from the counts.
    pub fn average(&self, rates: fn(&Counts) -> Rates) -> Rates {
        let labelled: Vec<Rates> = self
            .counts
            .iter()
            .filter(|c| c.labels > 0)
            .map(rates)
            .collect();
        let mean = |pick: fn(&Rates) -> Option<f64>| {
            let sum: f64 = labelled.iter().map(|r| pick(r).unwrap_or(0.0)).sum();
            (!labelled.is_empty()).then(|| sum / labelled.len() as f64)
        };
        Rates {
            precision: mean(|r| r.precision),
            recall: mean(|r| r.recall),
            f1: mean(|r| r.f1),
        }
    }

    /// Identifiers taken for others, the most frequent first.
    pub fn confusions(&self) -> Vec<Confusion> {
        let mut all: Vec<Confusion> = self
            .confusion
            .iter()
            .map(|(&(label, found), &count)| Confusion {
                label,
                found,
                count,
            })
            .collect();
        all.sort_by_key(|c| (std::cmp::Reverse(c.count), c.label, c.found));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_the_counts() {
        let counts = Counts {
            labels: 10,
            right: 8,
            exact: 6,
            wrong: 2,
        };
        let close = |got: Option<f64>, want: f64| (got.unwrap() - want).abs() < 1e-12;
        assert_eq!(counts.missed(), 2);
        let rates = counts.rates();
        assert!(close(rates.precision, 0.8) && close(rates.recall, 0.8) && close(rates.f1, 0.8));
        assert!(close(counts.exact_rates().f1, 0.6));
        assert_eq!(Counts::default().rates(), Rates::default());
    }

    #[test]
    fn averages_are_over_what_is_labelled() {
        let mut scores = Scores::new(4);
        scores.label(Some(0), Outcome::Right { exact: true });
        scores.label(Some(1), Outcome::Missed { confused: Some(2) });
        scores.label(Some(1), Outcome::Aside);
        scores.wrong(2);
        assert_eq!(scores.average(Counts::rates).f1, Some(0.5));
        assert_eq!(scores.average(Counts::rates).precision, Some(0.5));
        assert_eq!(scores.total().rates().precision, Some(0.5));
        assert_eq!(scores.seen().count(), 3);
        assert_eq!(scores.optional, 1);
        let confusion = Confusion {
            label: 1,
            found: 2,
            count: 1,
        };
        assert_eq!(scores.confusions(), [confusion]);
    }
}
