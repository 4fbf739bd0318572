//! How fast runs were that this state folder knows, and how long one like them would take.

use super::Estimate;
use crate::store::{Reader, RunFigures, StoreError};

/// Runs looked at, the latest first.
const RUNS_MAX: u32 = 20;
/// A run that read less, or took less time, tells more of its start than of its speed.
const RUN_BYTES_MIN: u64 = 1_000_000;
const RUN_SECONDS_MIN: f64 = 0.2;

/// A speed in stored bytes and objects a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed {
    pub bytes_per_second: f64,
    /// Infinite where only bytes are known.
    pub objects_per_second: f64,
    /// Runs that it is measured on; 0: it was named by the user.
    pub runs: u32,
}

/// Speeds of local targets, and of services; `None` where no run tells.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Speeds {
    pub local: Option<Speed>,
    pub service: Option<Speed>,
}

impl Speeds {
    /// The same speed for all, as the user says.
    pub fn named(bytes_per_second: u64) -> Self {
        let speed = Some(Speed {
            bytes_per_second: bytes_per_second as f64,
            objects_per_second: f64::INFINITY,
            runs: 0,
        });
        Speeds {
            local: speed,
            service: speed,
        }
    }

    fn of(&self, local: bool) -> Option<Speed> {
        match local {
            true => self.local,
            false => self.service,
        }
    }

    /// Rough seconds that a run of the estimate would take: by bytes or by objects, whichever is
    /// longer. `None` where there is something to read at a speed that is not known.
    pub fn seconds(&self, estimate: &Estimate) -> Option<f64> {
        estimate
            .targets
            .iter()
            .filter(|target| target.to_read.objects > 0)
            .map(|target| {
                let speed = self.of(target.local)?;
                let bytes = target.to_read.bytes as f64 / speed.bytes_per_second;
                let objects = target.to_read.objects as f64 / speed.objects_per_second;
                Some(bytes.max(objects))
            })
            .sum()
    }
}

/// The best speeds of the latest uninterrupted runs.
///
/// # Errors
/// The store cannot be read.
pub fn measured(reader: &Reader) -> Result<Speeds, StoreError> {
    let mut speeds = Speeds::default();
    for run in reader.run_figures(RUNS_MAX)? {
        if run.bytes < RUN_BYTES_MIN || run.seconds < RUN_SECONDS_MIN {
            continue;
        }
        let speed = match run.local {
            true => &mut speeds.local,
            false => &mut speeds.service,
        };
        *speed = Some(better(*speed, &run));
    }
    Ok(speeds)
}

/// Bytes and objects a second are the best of different runs: one with few big objects tells the
/// one, one with many small objects the other.
fn better(known: Option<Speed>, run: &RunFigures) -> Speed {
    let bytes_per_second = run.bytes as f64 / run.seconds;
    let objects_per_second = run.objects as f64 / run.seconds;
    known.map_or(
        Speed {
            bytes_per_second,
            objects_per_second,
            runs: 1,
        },
        |known| Speed {
            bytes_per_second: known.bytes_per_second.max(bytes_per_second),
            objects_per_second: known.objects_per_second.max(objects_per_second),
            runs: known.runs + 1,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::estimate::TargetEstimate;
    use crate::model::Tally;

    fn target(local: bool, objects: u64, bytes: u64) -> TargetEstimate {
        TargetEstimate {
            local,
            to_read: Tally { objects, bytes },
            ..TargetEstimate::default()
        }
    }

    #[test]
    fn the_slower_of_bytes_and_objects_counts() {
        let run = |bytes, objects| RunFigures {
            local: true,
            objects,
            bytes,
            seconds: 10.0,
        };
        let big = better(None, &run(1_000_000_000, 10));
        let both = better(Some(big), &run(10_000_000, 20_000));
        assert_eq!(
            (both.bytes_per_second, both.objects_per_second),
            (1e8, 2000.0)
        );
        assert_eq!(both.runs, 2);
        let speeds = Speeds {
            local: Some(both),
            service: None,
        };
        let mut estimate = Estimate {
            targets: vec![target(true, 100, 500_000_000)],
            ..Estimate::default()
        };
        assert_eq!(speeds.seconds(&estimate), Some(5.0));
        estimate.targets = vec![target(true, 20_000, 500_000_000)];
        assert_eq!(speeds.seconds(&estimate), Some(10.0));
        // of a service nothing is known, unless nothing is to be read there
        estimate.targets.push(target(false, 1, 1));
        assert_eq!(speeds.seconds(&estimate), None);
        estimate.targets[1] = target(false, 0, 0);
        assert_eq!(speeds.seconds(&estimate), Some(10.0));
        assert_eq!(Speeds::named(1_000_000_000).seconds(&estimate), Some(0.5));
    }
}
