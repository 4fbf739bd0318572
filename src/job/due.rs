//! What becomes of a created job: when it may run, is paused, resumed, cancelled, or given up. Pure
//! functions of the job and the time; the store applies what they answer.

use chrono::{DateTime, Utc};

use super::lines::status_line;
use super::schedule::Schedule;
use super::status::{self, IllegalMove};
use crate::event::Event;
use crate::model::{AccountId, CreatedJob, JobStatus};
use crate::store::JobChange;

/// Whether the quota of an account now has room for so many bytes.
pub type HasRoom<'a> = &'a dyn Fn(&AccountId, u64) -> bool;

/// A run of the job is due: it is running and nobody works on it, its time has come, or the quota
/// that stopped it has room.
pub fn is_due(job: &CreatedJob, now: DateTime<Utc>, has_room: HasRoom<'_>) -> bool {
    match job.status {
        JobStatus::Running => true,
        JobStatus::Idle => job.next_due_at.is_some_and(|due| due <= now),
        JobStatus::Paused => is_lifted(job, now, has_room),
        _ => false,
    }
}

/// A quota that stopped the job does not any more: there is room again, or its next time has come.
fn is_lifted(job: &CreatedJob, now: DateTime<Utc>, has_room: HasRoom<'_>) -> bool {
    let room = match &job.waits_for {
        Some(account) => has_room(account, job.waits_bytes.unwrap_or(0)),
        None => true,
    };
    room || (job.job_type == "SCHEDULED" && job.next_due_at.is_some_and(|due| due <= now))
}

/// What becomes of a job whose run is begun or taken up now.
///
/// # Errors
/// It may not run, and why.
pub fn start(
    job: &CreatedJob,
    schedule: Option<&Schedule>,
    now: DateTime<Utc>,
    has_room: HasRoom<'_>,
) -> Result<JobChange, String> {
    let refuse = |cause: String| Err(format!("run job {}: {cause}", job.id));
    let mut change = JobChange::of(job);
    match job.status {
        JobStatus::Running | JobStatus::Idle => {}
        JobStatus::Paused if is_lifted(job, now, has_room) => {
            let account = job.waits_for.clone();
            change.events.push(status_line(
                job,
                &Event::JobResumedByMacieServiceQuotaLifted { account },
                now,
            ));
            change.waits_for = None;
            change.waits_bytes = None;
        }
        JobStatus::Paused => {
            let account = job.waits_for.as_ref().map_or("", AccountId::as_str);
            return refuse(format!(
                "the monthly quota of account {account} is met; it goes on next month, or raise \
                 monthly_quota in the configuration"
            ));
        }
        JobStatus::UserPaused => {
            return refuse("it is paused; resume it with magpie job resume".to_owned());
        }
        JobStatus::Complete => {
            return refuse("it is complete; create another job".to_owned());
        }
        JobStatus::Cancelled => {
            return refuse("it is cancelled; create another job".to_owned());
        }
    }
    change.status = JobStatus::Running;
    // what was missed meanwhile is one run, and not many
    if job.next_due_at.is_none_or(|due| due <= now) {
        change.next_due_at = schedule.and_then(|s| s.next_after(now));
    }
    Ok(change)
}

/// Pauses a job for its user.
///
/// # Errors
/// The status does not allow it.
pub fn pause(job: &CreatedJob, now: DateTime<Utc>) -> Result<JobChange, IllegalMove> {
    status::check(job.status, JobStatus::UserPaused, &job.arn())?;
    let mut change = JobChange::of(job);
    change.status = JobStatus::UserPaused;
    change.paused_at = Some(now);
    change.paused_from = Some(job.status);
    change
        .events
        .push(status_line(job, &Event::JobPausedByUser, now));
    Ok(change)
}

/// Resumes a job that its user paused. Call [`expire`] first.
///
/// # Errors
/// The status does not allow it.
pub fn resume(job: &CreatedJob, now: DateTime<Utc>) -> Result<JobChange, IllegalMove> {
    status::check(job.status, JobStatus::Running, &job.arn())?;
    let mut change = JobChange::of(job);
    let goes_on = job.has_open_run || job.job_type == "ONE_TIME";
    let due = job.next_due_at.is_some_and(|due| due <= now);
    change.status = match goes_on || due {
        true => JobStatus::Running,
        false => JobStatus::Idle,
    };
    change.paused_at = None;
    change.paused_from = None;
    change.waits_for = None;
    change.waits_bytes = None;
    change
        .events
        .push(status_line(job, &Event::JobResumedByUser, now));
    Ok(change)
}

/// Cancels a job for good.
///
/// # Errors
/// The status does not allow it.
pub fn cancel(job: &CreatedJob, now: DateTime<Utc>) -> Result<JobChange, IllegalMove> {
    status::check(job.status, JobStatus::Cancelled, &job.arn())?;
    Ok(cancelled(job, now))
}

/// What a job becomes that is cancelled, by whomever.
pub fn cancelled(job: &CreatedJob, now: DateTime<Utc>) -> JobChange {
    JobChange {
        status: JobStatus::Cancelled,
        next_due_at: None,
        paused_at: None,
        paused_from: None,
        waits_for: None,
        waits_bytes: None,
        end_run: true,
        events: vec![status_line(job, &Event::JobCancelled, now)],
    }
}

/// What becomes of a job that was paused for too long while it ran: a one-time job is cancelled, of
/// a scheduled one the open run is given up. `None`: nothing.
pub fn expire(
    job: &CreatedJob,
    schedule: Option<&Schedule>,
    now: DateTime<Utc>,
) -> Option<JobChange> {
    let paused_at = job.paused_at?;
    let ran = matches!(
        job.paused_from,
        Some(JobStatus::Running | JobStatus::Paused)
    );
    if job.status != JobStatus::UserPaused || !ran || now < status::expires_at(paused_at) {
        return None;
    }
    if job.job_type == "ONE_TIME" {
        return Some(cancelled(job, now));
    }
    let mut change = JobChange::of(job);
    change.paused_from = Some(JobStatus::Idle);
    // what was due then is not made up for: it follows the schedule
    change.next_due_at = schedule.and_then(|s| s.next_after(now));
    change.end_run = true;
    Some(change)
}
