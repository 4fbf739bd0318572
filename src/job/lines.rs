//! The lines of one run's events.

use chrono::{DateTime, Utc};

use crate::event::{Event, EventContext};
use crate::model::{Clock, CreatedJob, EventLine, JobInfo};

/// Makes the lines of the events of a job or a run.
#[derive(Clone, Debug)]
pub struct Lines {
    context: EventContext,
    /// In a job that runs again and again, each run may tell the same.
    run: Option<u64>,
    clock: Clock,
}

impl Lines {
    /// Of a job that is its only run.
    pub fn of_scan(context: EventContext, clock: Clock) -> Self {
        Lines {
            context,
            run: None,
            clock,
        }
    }

    /// Of a run of a created job.
    pub fn of_run(job: &CreatedJob, run: &JobInfo, clock: Clock) -> Self {
        Lines {
            context: EventContext {
                admin_account: job.account.clone(),
                job_id: job.id.clone(),
                job_name: job.name.clone(),
                run_date: run.run_date,
            },
            run: run.run.as_ref().map(|r| r.number),
            clock,
        }
    }

    /// A line that tells of the present moment.
    pub fn line(&self, event: &Event) -> EventLine {
        let line = event.to_line(&self.context, self.clock.now());
        match self.run {
            None => line,
            Some(run) => EventLine {
                once: format!("{run}/{}", line.once),
                ..line
            },
        }
    }
}

/// The line of an event between runs, or of one that may come several times in a run: a change of
/// status happens once in its transaction.
pub fn status_line(job: &CreatedJob, event: &Event, now: DateTime<Utc>) -> EventLine {
    let context = EventContext {
        admin_account: job.account.clone(),
        job_id: job.id.clone(),
        job_name: job.name.clone(),
        run_date: job.last_run_at,
    };
    let line = event.to_line(&context, now);
    EventLine {
        once: format!("{}/{}", line.once, now.timestamp_micros()),
        ..line
    }
}
