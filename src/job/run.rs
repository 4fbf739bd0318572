//! One run of a job from beginning to end.

use std::sync::Arc;
use std::time::Instant;

use chrono::Utc;
use tokio::runtime::Runtime;

use super::engine::{self, Inputs};
use super::error::JobError;
use super::fetch::Place;
use super::lines::Lines;
use super::plan::Plan;
use super::progress::Progress;
use super::recorder::{Failure, Recorder};
use super::select::Selection;
use super::stop::{Ask, Stop};
use crate::event::{Event, EventContext};
use crate::model::{Clock, Coverage, EventLine, JobInfo, JobStatus};
use crate::source::{ResultSink, Source, Target};
use crate::store::{JobRun, NewJob, Store};

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// As it is once the run is completed.
    pub job: JobInfo,
    /// Balanced, if the run was not asked to stop.
    pub coverage: Coverage,
    /// Some listing failed for want of permission.
    pub permission_failed: bool,
    /// Some listing failed because the service did not answer.
    pub network_failed: bool,
    /// An earlier, interrupted run was taken up.
    pub resumed: bool,
    /// What the run was asked to do while it ran.
    pub asked: Ask,
    /// Wall time, in seconds.
    pub elapsed_seconds: f64,
}

/// A run that has recorded everything and still holds its job.
///
/// The caller writes its output and then completes the job; a process that dies in between is
/// taken up by the same command, which writes the same output.
pub struct Ended {
    pub outcome: Outcome,
    run: JobRun,
    completed: EventLine,
}

impl Ended {
    /// Ends the job: `JOB_COMPLETED`. A run that was asked to pause or cancel is left as it is.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn complete(mut self) -> Result<(), JobError> {
        if self.outcome.asked == Ask::Run {
            let now = self.outcome.job.finished_at.unwrap_or_else(Utc::now);
            self.run
                .finish(JobStatus::Complete, now, &[self.completed])?;
        }
        Ok(())
    }
}

/// Runs a one-time job: begins it, or takes up the interrupted run of the same command.
///
/// Blocks until everything is recorded, or the job is cancelled or asked to pause; must not be called on the
/// runtime's own threads.
///
/// # Errors
/// See [`JobError`]. What was recorded until then is kept.
pub fn run(
    plan: &Plan,
    store: &Store,
    runtime: &Runtime,
    progress: &Progress,
    stop: &Stop,
) -> Result<Ended, JobError> {
    let start = Instant::now();
    let (sources, results) = runtime.block_on(open(plan))?;
    let job_run = begin(plan, store)?;
    let job = job_run.job().clone();
    let context = context(plan, &job);
    let resumed = job_run.is_resumed();
    tracing::info!(
        job = job.id.as_str(),
        name = job.name,
        resumed,
        "run begins"
    );
    let places = sources.into_iter().map(|source| Place {
        account: plan.account.clone(),
        bucket_no: None,
        source: Some(source),
        fault: None,
    });
    let inputs = Inputs {
        places: places.collect(),
        own: plan.own.clone(),
        selection: Selection::default(),
        quota: None,
        results,
        lines: Lines::of_scan(context.clone(), plan.clock),
    };
    let recorder = engine::work(plan, store, runtime, progress, stop, job_run, &inputs)?;
    end(recorder, &context, plan.clock, resumed, stop.asked(), start)
}

/// Opens the targets and the destination of results.
async fn open(plan: &Plan) -> Result<(Vec<Arc<dyn Source>>, Arc<dyn ResultSink>), JobError> {
    let opener = &plan.sources;
    let mut sources = Vec::with_capacity(plan.targets.len());
    for (_, target) in &plan.targets {
        sources.push(
            opener
                .open(target)
                .await
                .map_err(|e| JobError::Target(Box::new(e)))?,
        );
    }
    let results = opener
        .sink(&plan.results, plan.results_kms_key.clone())
        .await
        .map_err(|e| JobError::Target(Box::new(e)))?;
    Ok((sources, results))
}

fn begin(plan: &Plan, store: &Store) -> Result<JobRun, JobError> {
    let new = NewJob {
        name: plan.job_name.clone(),
        job_type: "ONE_TIME",
        command_key: plan.command.clone(),
        spec: plan.command.clone(),
        catalogue: Arc::new(plan.catalogue.index().clone()),
        targets: plan.targets.iter().map(|(text, _)| text.clone()).collect(),
        // standard input cannot be read again: a broken run of it is not taken up
        resume: plan
            .targets
            .iter()
            .all(|(_, target)| *target != Target::Stdin),
        id: None,
        now: plan.clock.now(),
    };
    let run = store.begin(new, |job| {
        let context = context(plan, job);
        let now = plan.clock.now();
        [Event::JobCreated, Event::OneTimeJobStarted]
            .into_iter()
            .map(|event| event.to_line(&context, now))
            .collect()
    })?;
    Ok(run)
}

fn context(plan: &Plan, job: &JobInfo) -> EventContext {
    EventContext {
        admin_account: plan.account.clone(),
        job_id: job.id.clone(),
        job_name: job.name.clone(),
        run_date: job.run_date,
    }
}

fn end(
    mut recorder: Recorder<'_>,
    context: &EventContext,
    clock: Clock,
    resumed: bool,
    asked: Ask,
    start: Instant,
) -> Result<Ended, JobError> {
    let now = clock.now();
    let coverage = recorder.run.coverage()?;
    if asked == Ask::Cancel {
        recorder.run.finish(
            JobStatus::Cancelled,
            now,
            &[Event::JobCancelled.to_line(context, now)],
        )?;
    }
    let mut job = recorder.run.job().clone();
    tracing::info!(
        job = job.id.as_str(),
        ?asked,
        listed = coverage.listed.objects,
        complete = coverage.complete.objects,
        partial = coverage.partial.objects,
        skipped = coverage.skipped.objects,
        unlisted = coverage.unlisted.len(),
        seconds = start.elapsed().as_secs_f64(),
        "run ends"
    );
    if asked == Ask::Run {
        recorder.run.check_balance()?;
        job.status = JobStatus::Complete;
        job.finished_at = Some(now);
    }
    Ok(Ended {
        outcome: Outcome {
            job,
            coverage,
            permission_failed: recorder.failures.contains(&Failure::Permission),
            network_failed: recorder.failures.contains(&Failure::Network),
            resumed,
            asked,
            elapsed_seconds: start.elapsed().as_secs_f64(),
        },
        run: recorder.run,
        completed: Event::JobCompleted.to_line(context, now),
    })
}
