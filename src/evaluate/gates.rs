//! Thresholds: what a run must reach so that a pipeline goes on.

use super::score::{Counts, Rates};

/// What a threshold is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Precision,
    Recall,
    F1,
    /// Wrong hits in 10^6 scanned bytes; must not be exceeded.
    WrongPerMb,
}

impl Measure {
    pub fn as_str(self) -> &'static str {
        match self {
            Measure::Precision => "precision",
            Measure::Recall => "recall",
            Measure::F1 => "F1",
            Measure::WrongPerMb => "wrong/MB",
        }
    }
}

/// One threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gate {
    pub measure: Measure,
    /// `None`: all identifiers together.
    pub detector: Option<u16>,
    pub bound: f64,
}

/// How a threshold was met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    pub gate: Gate,
    /// `None`: there is nothing to measure, which is no success.
    pub value: Option<f64>,
    pub passed: bool,
}

/// All thresholds of a run.
#[derive(Clone, Debug, Default)]
pub struct Gates {
    pub gates: Vec<Gate>,
    /// The whole stretch must be right.
    pub exact: bool,
}

impl Gates {
    /// Holds the counts (of one identifier, or all for `None`) against each threshold.
    pub fn verdicts(&self, counts: &dyn Fn(Option<u16>) -> Counts, megabytes: f64) -> Vec<Verdict> {
        self.gates
            .iter()
            .map(|&gate| {
                let counts = counts(gate.detector);
                let rates: Rates = match self.exact {
                    true => counts.exact_rates(),
                    false => counts.rates(),
                };
                let value = match gate.measure {
                    Measure::Precision => rates.precision,
                    Measure::Recall => rates.recall,
                    Measure::F1 => rates.f1,
                    Measure::WrongPerMb => {
                        (megabytes > 0.0).then(|| counts.wrong as f64 / megabytes)
                    }
                };
                let passed = value.is_some_and(|v| match gate.measure {
                    Measure::WrongPerMb => v <= gate.bound,
                    _ => v >= gate.bound,
                });
                Verdict {
                    gate,
                    value,
                    passed,
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_at_the_bound_and_nothing_is_no_success() {
        let gate = |measure, detector, bound| Gate {
            measure,
            detector,
            bound,
        };
        let gates = Gates {
            gates: vec![
                gate(Measure::Precision, None, 0.8),
                gate(Measure::Recall, None, 0.81),
                gate(Measure::F1, Some(3), 0.0),
                gate(Measure::WrongPerMb, None, 1.0),
                gate(Measure::WrongPerMb, None, 0.9),
            ],
            exact: false,
        };
        let counts = |detector: Option<u16>| match detector {
            None => Counts {
                labels: 10,
                right: 8,
                exact: 4,
                wrong: 2,
            },
            Some(_) => Counts::default(),
        };
        let passed = |gates: &Gates| -> Vec<bool> {
            let verdicts = gates.verdicts(&counts, 2.0);
            verdicts.iter().map(|v| v.passed).collect()
        };
        assert_eq!(passed(&gates), [true, false, false, true, false]);
        let exact = Gates {
            exact: true,
            ..gates
        };
        assert_eq!(passed(&exact), [false, false, false, true, false]);
    }
}
