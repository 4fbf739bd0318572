//! One run of a job from beginning to end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use chrono::Utc;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use super::error::JobError;
use super::fetch::{self, Earlier};
use super::fingerprint::FingerprintKey;
use super::plan::Plan;
use super::progress::Progress;
use super::recorder::{Failure, Messages, Recorder};
use super::stop::{Ask, Stop};
use super::worker::{self, Shared};
use crate::event::{Event, EventContext};
use crate::model::{Coverage, EventLine, JobInfo, JobStatus};
use crate::source::{ResultSink, Source, Target};
use crate::store::{JobRun, NewJob, Store, StoreError};

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
    let handle = runtime.handle().clone();
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
    let earlier = match resumed {
        true => Some(Earlier::new(store.reader()?, job.id.clone())),
        false => None,
    };
    let tickets = job_run.tickets();
    let (messages, inbox) = Messages::channel(plan.account.clone());
    let (opened, work) = mpsc::channel(plan.threads.max(1) * 2);
    let recorder = Recorder {
        run: job_run,
        reader: store.reader()?,
        context: context.clone(),
        results,
        runtime: handle,
        stop: stop.clone(),
        failures: Vec::new(),
        listings: BTreeMap::new(),
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(plan.threads.max(1))
        .thread_name(|i| format!("scan-{i}"))
        .build()
        .map_err(|e| JobError::Start {
            what: "scanning threads",
            cause: std::io::Error::other(e),
        })?;

    let recorder = std::thread::scope(|threads| {
        let recorder = std::thread::Builder::new()
            .name("recorder".to_owned())
            .spawn_scoped(threads, move || recorder.work(&inbox))
            .map_err(|cause| JobError::Start {
                what: "recorder",
                cause,
            })?;
        let fetching = std::thread::Builder::new()
            .name("fetch".to_owned())
            .spawn_scoped(threads, {
                let messages = messages.clone();
                move || {
                    runtime.block_on(fetch::fetch(
                        plan, sources, earlier, opened, messages, progress, stop,
                    ));
                }
            })
            .map_err(|cause| JobError::Start {
                what: "fetcher",
                cause,
            })?;
        let shared = Shared {
            plan,
            job: &job,
            key: FingerprintKey(store.fingerprint_key()),
            tickets,
            opened: Mutex::new(work),
            messages,
            progress,
            stop,
        };
        pool.broadcast(|_| worker::work(&shared));
        // closes both queues: what still waits to be handed over or opened is let go
        drop(shared);
        let fetched = fetching.join();
        let recorded = recorder.join().map_err(|_| JobError::Lost("recorder"))?;
        let recorder = recorded?;
        fetched.map_err(|_| JobError::Lost("fetcher"))?;
        Ok::<_, JobError>(recorder)
    })?;
    end(recorder, &context, resumed, stop.asked(), start)
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
        now: Utc::now(),
    };
    let run = store.begin(new, |job| {
        let context = context(plan, job);
        let now = Utc::now();
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
    mut recorder: Recorder,
    context: &EventContext,
    resumed: bool,
    asked: Ask,
    start: Instant,
) -> Result<Ended, JobError> {
    let now = Utc::now();
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
        // told before any output: what does not add up must not look clean
        if !coverage.balances() {
            let recorded = coverage.complete + coverage.partial + coverage.skipped;
            return Err(JobError::Store(StoreError::Unbalanced {
                job: job.id.to_string(),
                listed: coverage.listed.objects,
                listed_bytes: coverage.listed.bytes,
                recorded: recorded.objects,
                recorded_bytes: recorded.bytes,
            }));
        }
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
