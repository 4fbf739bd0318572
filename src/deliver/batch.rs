//! Log lines to batches that the service takes.
//!
//! # Source
//! Amazon CloudWatch Logs API reference, PutLogEvents: 10,000 events and 1,048,576 bytes a batch,
//! where each event counts 26 bytes more than its text; 1 MB an event; in order of time; 24 hours
//! from first to last; not older than 14 days, not more than 2 hours in the future.

use chrono::{DateTime, TimeDelta, Utc};

/// Events of one batch.
const EVENTS_MAX: usize = 10_000;
/// Bytes of one batch.
const BYTES_MAX: usize = 1_048_576;
/// What an event counts besides its text.
const EVENT_OVERHEAD_BYTES: usize = 26;
/// Longest text of one event, in bytes.
pub const EVENT_BYTES_MAX: usize = BYTES_MAX - EVENT_OVERHEAD_BYTES;
/// Time from the first event of a batch to the last.
const SPAN_MAX: TimeDelta = TimeDelta::hours(24);
/// Events are refused beyond these. An hour is left for clocks that differ.
const AGE_MAX: TimeDelta = TimeDelta::hours(14 * 24 - 1);
const FUTURE_MAX: TimeDelta = TimeDelta::hours(1);

/// One line of a job log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub occurred_at: DateTime<Utc>,
    pub text: String,
}

/// Lines that go out together, each with the time it is sent under.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    lines: Vec<(i64, String)>,
    bytes: usize,
}

impl Batch {
    /// Takes as many of the first lines as one batch may hold. Answers the batch, and how many
    /// lines it covers; a line that no batch can hold is covered and not in it.
    ///
    /// The time of a line is moved only where the service would refuse it: behind the line before,
    /// or to the edge of what is too old or in the future. The text tells the true one.
    pub fn of_first(lines: impl IntoIterator<Item = Line>, now: DateTime<Utc>) -> (Self, usize) {
        let mut batch = Batch::default();
        let mut covered = 0;
        let mut last = now - AGE_MAX;
        let mut first = None;
        for line in lines {
            if line.text.len() > EVENT_BYTES_MAX {
                covered += 1;
                continue;
            }
            let time = line.occurred_at.clamp(last, (now + FUTURE_MAX).max(last));
            let bytes = line.text.len() + EVENT_OVERHEAD_BYTES;
            let start = *first.get_or_insert(time);
            if batch.lines.len() == EVENTS_MAX
                || batch.bytes + bytes > BYTES_MAX
                || time - start > SPAN_MAX
            {
                break;
            }
            batch.bytes += bytes;
            batch.lines.push((time.timestamp_millis(), line.text));
            last = time;
            covered += 1;
        }
        (batch, covered)
    }

    /// Time, in milliseconds since 1970, and text of each line.
    pub fn lines(&self) -> &[(i64, String)] {
        &self.lines
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2024-05-15T12:00:00Z".parse().unwrap()
    }

    fn line(before: TimeDelta, bytes: usize) -> Line {
        Line {
            occurred_at: now() - before,
            text: "x".repeat(bytes),
        }
    }

    /// Cuts all lines into batches; checks every limit on the way.
    fn batches(mut lines: Vec<Line>) -> Vec<Batch> {
        let mut all = Vec::new();
        while !lines.is_empty() {
            let (batch, covered) = Batch::of_first(lines.iter().cloned(), now());
            assert!(covered > 0, "no line may hold up the others");
            let times: Vec<i64> = batch.lines().iter().map(|(time, _)| *time).collect();
            assert!(times.is_sorted());
            let bytes: usize = batch.lines().iter().map(|(_, t)| t.len() + 26).sum();
            assert!(bytes <= 1_048_576 && times.len() <= 10_000);
            if let (Some(first), Some(last)) = (times.first(), times.last()) {
                assert!(last - first <= 86_400_000);
                assert!(now().timestamp_millis() - first <= 14 * 86_400_000);
                assert!(last - now().timestamp_millis() <= 2 * 3_600_000);
            }
            all.push(batch);
            lines.drain(..covered);
        }
        all
    }

    fn counts(lines: Vec<Line>) -> Vec<usize> {
        batches(lines).iter().map(|b| b.lines().len()).collect()
    }

    #[test]
    fn events_and_bytes_are_bounded_exactly() {
        let minute = TimeDelta::minutes(1);
        assert_eq!(counts(vec![line(minute, 10); 10_001]), [10_000, 1]);
        // 1,024 × (998 + 26) is the limit to the byte
        assert_eq!(counts(vec![line(minute, 998); 1025]), [1024, 1]);
        assert_eq!(counts(vec![line(minute, 999); 1025]), [1023, 2]);
        assert_eq!(counts(vec![line(minute, EVENT_BYTES_MAX); 2]), [1, 1]);
    }

    #[test]
    fn what_no_batch_can_hold_does_not_hold_up_the_rest() {
        let minute = TimeDelta::minutes(1);
        let lines = vec![
            line(minute, EVENT_BYTES_MAX + 1),
            line(minute, 5),
            line(minute, EVENT_BYTES_MAX + 1),
        ];
        assert_eq!(counts(lines), [1]);
        assert_eq!(counts(vec![line(minute, EVENT_BYTES_MAX + 1)]), [0]);
    }

    #[test]
    fn no_batch_spans_more_than_a_day() {
        let lines = (0..5).map(|i| line(TimeDelta::hours(100 - 12 * i), 1));
        assert_eq!(counts(lines.collect()), [3, 2]);
    }

    #[test]
    fn times_that_would_be_refused_are_moved_to_the_edge() {
        let of = |hours| line(TimeDelta::hours(hours), 1);
        // written by a clock that was set back, long ago, and in the future
        assert_eq!(counts(vec![of(3), of(5), of(2)]), [3]);
        let old = batches(vec![of(24 * 30), of(24 * 20), of(24 * 13)]);
        let times: Vec<i64> = old.iter().flat_map(|b| b.lines()).map(|l| l.0).collect();
        assert_eq!(times[0], times[1], "both at the edge");
        assert!(times[2] > times[1]);
        assert_eq!(counts(vec![of(-48)]), [1]);
    }
}
