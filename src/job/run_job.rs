//! One run of a created job: begun or taken up, its buckets found, read, and the job changed.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use tokio::runtime::Runtime;

use super::accounts::{AccountState, Accounts};
use super::definition::Definition;
use super::due;
use super::engine::{self, Inputs};
use super::error::JobError;
use super::fetch::Place;
use super::lines::{Lines, status_line};
use super::plan::{OwnFile, Plan};
use super::progress::Progress;
use super::quota::Quota;
use super::recorder::{Failure, Recorder};
use super::resolve::{Resolved, Resolver};
use super::run::Outcome;
use super::scope::Sampling;
use super::select::{Selection, Since};
use super::stop::{Ask, Stop};
use crate::event::Event;
use crate::model::{AccountId, BucketInfo, CreatedJob, EventLine, JobId, JobInfo, JobStatus};
use crate::source::{Source, SourceError, SourceOptions, Target};
use crate::store::{JobChange, JobRun, NewRun, RunEnd, RunTarget, Store, StoreError};

/// A run of a created job, resolved as far as it can be before it begins.
pub struct JobPlan {
    /// Its targets are empty: they are found when the run begins.
    pub plan: Plan,
    pub job: JobId,
    pub definition: Definition,
    pub accounts: Accounts,
    /// Accounts that were configured when the job was created.
    pub accounts_then: Vec<AccountId>,
    /// How S3 is reached where an account says nothing else.
    pub options: SourceOptions,
    /// Paths that the run itself writes to.
    pub own_paths: Vec<PathBuf>,
}

/// How a run of a created job ended.
#[derive(Clone, Debug)]
pub struct RunOutcome {
    pub outcome: Outcome,
    /// What became of the job; of one that is complete, what it becomes with [`EndedRun::complete`].
    pub status: JobStatus,
    /// The account whose quota stopped the run.
    pub quota_met: Option<AccountId>,
}

/// A run that has recorded everything and still holds its job.
///
/// The caller writes its output and then completes the run; a process that dies in between takes
/// the run up again, and writes the same output.
pub struct EndedRun {
    pub outcome: RunOutcome,
    run: JobRun,
    end: Option<RunEnd>,
}

impl EndedRun {
    /// Ends the run. `false`: someone paused or cancelled the job at the last moment.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn complete(mut self) -> Result<bool, JobError> {
        match &self.end {
            Some(end) => Ok(self.run.end(end)?),
            None => Ok(true),
        }
    }
}

/// Begins a run of a job, or takes up the one that is open, and reads everything.
///
/// # Errors
/// See [`JobError`]; [`StoreError::NotNow`] where the job may not run. What was recorded is kept.
pub fn run_job(
    job_plan: &JobPlan,
    store: &Store,
    runtime: &Runtime,
    progress: &Progress,
    stop: &Stop,
) -> Result<EndedRun, JobError> {
    let start = Instant::now();
    let plan = &job_plan.plan;
    let results = runtime
        .block_on(
            plan.sources
                .sink(&plan.results, plan.results_kms_key.clone()),
        )
        .map_err(|e| JobError::Target(Box::new(e)))?;
    let mut run = begin(job_plan, store)?;
    let job = store
        .reader()?
        .created_job(&job_plan.job)?
        .ok_or_else(|| StoreError::NoSuchJob {
            job: job_plan.job.to_string(),
            path: store.folder().join("magpie.db"),
        })?;
    let info = run.job().clone();
    let lines = Lines::of_run(&job, &info, plan.clock);
    if let Some(event) = own_account_gone(job_plan, &job) {
        return cancel(job_plan, &job, run, lines.line(&event), start);
    }
    let mut resolver = Resolver::new(
        &job_plan.accounts,
        &job_plan.accounts_then,
        &job.account,
        &job_plan.options,
    );
    let (targets, resolved) = targets(job_plan, &mut run, &mut resolver, runtime, &lines)?;
    let mut own = Vec::new();
    let mut places = Vec::with_capacity(targets.len());
    for (number, target) in (0u32..).zip(&targets) {
        let (source, fault) = match open(target, &mut resolver, runtime) {
            None => (None, None),
            Some(Ok(source)) => (Some(source), None),
            Some(Err(error @ SourceError::Credentials { .. })) => {
                return Err(JobError::Credentials(Box::new(error)));
            }
            // it went away since it was found
            Some(Err(error)) => (None, Some((bucket_of(target), error))),
        };
        if let Ok(Target::Path(folder)) = Target::parse(&target.uri) {
            own.extend(OwnFile::below(number, &folder, &job_plan.own_paths));
        }
        places.push(Place {
            source,
            fault,
            account: target.account.clone(),
            bucket_no: target.bucket_no,
        });
    }
    let quota = Quota::new(
        &job_plan.accounts,
        targets.iter().map(|t| &t.account),
        store.reader()?,
        plan.clock,
    );
    let inputs = Inputs {
        places,
        own,
        selection: selection(job_plan, &job, store)?,
        quota,
        results,
        lines,
    };
    let resumed = run.is_resumed();
    let mut recorder = engine::work(plan, store, runtime, progress, stop, run, &inputs)?;
    recorder.failures.extend(resolved.failures);
    recorder.trouble |= resolved.trouble;
    end(job_plan, job, recorder, resumed, stop.asked(), start)
}

fn begin(job_plan: &JobPlan, store: &Store) -> Result<JobRun, JobError> {
    let plan = &job_plan.plan;
    let now = plan.clock.now();
    let reader = store.reader()?;
    let accounts = &job_plan.accounts;
    let has_room = |account: &AccountId, bytes: u64| match accounts.quota_bytes(account) {
        None => true,
        Some(limit) => reader
            .usage(account, now)
            .is_ok_and(|used| used.saturating_add(bytes) <= limit),
    };
    let schedule = job_plan.definition.schedule.as_ref();
    let new = NewRun {
        job: job_plan.job.clone(),
        spec: plan.command.clone(),
        catalogue: Arc::new(plan.catalogue.index().clone()),
        now,
    };
    Ok(store.begin_run(
        new,
        |job| due::start(job, schedule, now, &has_room),
        |job, run| {
            let started = match schedule {
                None => Event::OneTimeJobStarted,
                Some(_) => Event::ScheduledRunStarted,
            };
            vec![Lines::of_run(job, run, plan.clock).line(&started)]
        },
    )?)
}

/// Macie that is disabled or suspended for the account of the job cancels it.
fn own_account_gone(job_plan: &JobPlan, job: &CreatedJob) -> Option<Event> {
    let known = job_plan.accounts.find(&job.account)?;
    let gone = matches!(
        known.state,
        AccountState::Disabled | AccountState::Suspended
    );
    known.state.event(&job.account).filter(|_| gone)
}

fn cancel(
    job_plan: &JobPlan,
    job: &CreatedJob,
    mut run: JobRun,
    line: EventLine,
    start: Instant,
) -> Result<EndedRun, JobError> {
    let now = job_plan.plan.clock.now();
    let mut change = due::cancelled(job, now);
    change.events.insert(0, line);
    run.end(&RunEnd {
        change,
        trouble: true,
        now,
    })?;
    let mut outcome = outcome(run.job().clone(), &run, &[Failure::Permission], start)?;
    outcome.asked = Ask::Cancel;
    Ok(EndedRun {
        outcome: RunOutcome {
            outcome,
            status: JobStatus::Cancelled,
            quota_met: None,
        },
        // it has ended already
        end: None,
        run,
    })
}

/// The buckets of the run: those of a run that is taken up, else as they are now.
fn targets(
    job_plan: &JobPlan,
    run: &mut JobRun,
    resolver: &mut Resolver<'_>,
    runtime: &Runtime,
    lines: &Lines,
) -> Result<(Vec<RunTarget>, Resolved), JobError> {
    if let Some(targets) = run.targets()? {
        let trouble = targets.iter().any(|t| t.cause.is_some());
        let resolved = Resolved {
            trouble,
            ..Resolved::default()
        };
        return Ok((targets, resolved));
    }
    let resolved = runtime
        .block_on(resolver.resolve(&job_plan.definition))
        .map_err(|e| JobError::Credentials(Box::new(e)))?;
    let events: Vec<_> = resolved.events.iter().map(|e| lines.line(e)).collect();
    let targets = run.resolve(&resolved.targets, &events)?;
    Ok((targets, resolved))
}

/// Opens a bucket; `None` where it could not be found in the first place.
fn open(
    target: &RunTarget,
    resolver: &mut Resolver<'_>,
    runtime: &Runtime,
) -> Option<Result<Arc<dyn Source>, SourceError>> {
    let (Some(bucket), Some(_)) = (&target.bucket, target.bucket_no) else {
        return None;
    };
    let place = match Target::parse(&target.uri) {
        Ok(place) => place,
        Err(error) => return Some(Err(error)),
    };
    let sources = resolver.sources(&target.account);
    Some(runtime.block_on(sources.open_bucket(&place, bucket, &target.account)))
}

fn bucket_of(target: &RunTarget) -> BucketInfo {
    BucketInfo {
        name: target.bucket.clone().unwrap_or_default(),
        account: Some(target.account.clone()),
        region: None,
        local: target.uri.starts_with("file://"),
    }
}

/// Which objects the run of a job reads.
pub fn selection(
    job_plan: &JobPlan,
    job: &CreatedJob,
    store: &Store,
) -> Result<Selection, JobError> {
    let definition = &job_plan.definition;
    // without an initial run, what was there before the job is old
    let baseline = (!definition.initial_run).then_some(job.created_at);
    let since = match definition.schedule {
        None => None,
        Some(_) => Some(Since::new(store.reader()?, baseline)),
    };
    Ok(Selection {
        scope: definition.scope.clone(),
        sampling: Sampling::new(&job.id, definition.sampling_percentage),
        since,
    })
}

fn outcome(
    job: JobInfo,
    run: &JobRun,
    failures: &[Failure],
    start: Instant,
) -> Result<Outcome, JobError> {
    Ok(Outcome {
        job,
        coverage: run.coverage()?,
        permission_failed: failures.contains(&Failure::Permission),
        network_failed: failures.contains(&Failure::Network),
        resumed: run.is_resumed(),
        asked: Ask::Run,
        elapsed_seconds: start.elapsed().as_secs_f64(),
    })
}

fn end(
    job_plan: &JobPlan,
    job: CreatedJob,
    recorder: Recorder<'_>,
    resumed: bool,
    asked: Ask,
    start: Instant,
) -> Result<EndedRun, JobError> {
    let now = job_plan.plan.clock.now();
    let lines = recorder.inputs.lines.clone();
    let Recorder {
        mut run,
        failures,
        trouble,
        quota_met,
        became,
        ..
    } = recorder;
    let mut outcome = outcome(run.job().clone(), &run, &failures, start)?;
    outcome.resumed = resumed;
    let mut change = JobChange::of(&job);
    let (status, end) = match (became, asked, &quota_met) {
        // someone else has changed the job already
        (Some(status), ..) => {
            outcome.asked = match status {
                JobStatus::Cancelled => Ask::Cancel,
                _ => Ask::Pause,
            };
            (status, None)
        }
        (None, Ask::Run, Some((account, bytes))) => {
            let event = Event::JobPausedByMacieServiceQuotaMet {
                account: Some(account.clone()),
            };
            change.status = JobStatus::Paused;
            change.waits_for = Some(account.clone());
            change.waits_bytes = Some(*bytes);
            change.events.push(status_line(&job, &event, now));
            run.end(&RunEnd {
                change,
                trouble,
                now,
            })?;
            outcome.asked = Ask::Pause;
            (JobStatus::Paused, None)
        }
        (None, Ask::Run, None) => {
            // told before any output: what does not add up must not look clean
            run.check_balance()?;
            let (status, event) = match job_plan.definition.schedule {
                None => (JobStatus::Complete, Event::JobCompleted),
                Some(_) => (JobStatus::Idle, Event::ScheduledRunCompleted),
            };
            change.status = status;
            if status == JobStatus::Complete {
                change.next_due_at = None;
            }
            change.events.push(lines.line(&event));
            outcome.job.status = JobStatus::Complete;
            outcome.job.finished_at = Some(now);
            let end = RunEnd {
                change,
                trouble,
                now,
            };
            (status, Some(end))
        }
        // a signal: the run stays open, and is taken up by the next command
        (None, asked, _) => {
            outcome.asked = asked;
            (JobStatus::Running, None)
        }
    };
    Ok(EndedRun {
        outcome: RunOutcome {
            outcome,
            status,
            quota_met: quota_met.map(|(account, _)| account),
        },
        run,
        end,
    })
}
