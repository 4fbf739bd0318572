//! Which changes of a job's status a user may ask for, and how long a paused run is kept.
//!
//! # Source
//! Macie API reference, `UpdateClassificationJob`; user guide, "Changing the status of a job".

use chrono::{DateTime, Duration, Utc};

use crate::model::JobStatus;

/// Days after which a run that was paused while it ran cannot be continued.
pub const PAUSED_DAYS_MAX: i64 = 30;

/// A change that is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Input validation failed, cannot update {from} job for job: {arn}")]
pub struct IllegalMove {
    from: &'static str,
    arn: String,
}

/// Checks a change of status that a user asks for.
///
/// # Errors
/// Macie does not allow it.
pub fn check(from: JobStatus, to: JobStatus, arn: &str) -> Result<(), IllegalMove> {
    use JobStatus::{Cancelled, Idle, Paused, Running, UserPaused};
    let allowed = match to {
        Cancelled => matches!(from, Idle | Paused | Running | UserPaused),
        UserPaused => matches!(from, Idle | Paused | Running),
        Running => from == UserPaused,
        _ => false,
    };
    match allowed {
        true => Ok(()),
        false => Err(IllegalMove {
            from: word(from),
            arn: arn.to_owned(),
        }),
    }
}

/// The status as messages have it.
fn word(status: JobStatus) -> &'static str {
    match status {
        JobStatus::Running => "running",
        JobStatus::Idle => "idle",
        JobStatus::Paused => "paused",
        JobStatus::UserPaused => "user paused",
        JobStatus::Complete => "completed",
        JobStatus::Cancelled => "cancelled",
    }
}

/// When a run that was paused at that moment is given up.
pub fn expires_at(paused_at: DateTime<Utc>) -> DateTime<Utc> {
    paused_at + Duration::days(PAUSED_DAYS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use JobStatus::{Cancelled, Complete, Idle, Paused, Running, UserPaused};

    #[test]
    fn every_move_is_as_macie_has_it() {
        let all = [Running, Idle, Paused, UserPaused, Complete, Cancelled];
        let allowed = [
            (Idle, Cancelled),
            (Paused, Cancelled),
            (Running, Cancelled),
            (UserPaused, Cancelled),
            (UserPaused, Running),
            (Idle, UserPaused),
            (Paused, UserPaused),
            (Running, UserPaused),
        ];
        for from in all {
            for to in all {
                assert_eq!(
                    check(from, to, "a").is_ok(),
                    allowed.contains(&(from, to)),
                    "{from:?} to {to:?}"
                );
            }
        }
    }

    #[test]
    fn refusals_have_macies_words() {
        let refuse = |from| check(from, Cancelled, "arn:x").unwrap_err().to_string();
        assert_eq!(
            refuse(Complete),
            "Input validation failed, cannot update completed job for job: arn:x"
        );
        assert!(refuse(Cancelled).contains("cannot update cancelled job for job"));
    }
}
