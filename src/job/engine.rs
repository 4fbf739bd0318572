//! The threads of a run: lister and fetcher on the runtime, scanning threads, one recorder.
//!
//! What is read and what becomes of the job in the end is left to the callers: [`super::run`] for a
//! job that is its only run, [`super::run_job`] for runs of created jobs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use super::error::JobError;
use super::fetch::{self, Earlier, Listing, Place};
use super::fingerprint::FingerprintKey;
use super::lines::Lines;
use super::plan::{OwnFile, Plan};
use super::progress::Progress;
use super::quota::Quota;
use super::recorder::{Messages, Recorder};
use super::select::Selection;
use super::stop::Stop;
use super::worker::{self, Shared};
use crate::source::ResultSink;
use crate::store::{JobRun, Store};

/// What a run works with beside its plan.
pub struct Inputs {
    pub places: Vec<Place>,
    /// Files that the run itself writes; left out.
    pub own: Vec<OwnFile>,
    pub selection: Selection,
    pub quota: Option<Quota>,
    pub results: Arc<dyn ResultSink>,
    pub lines: Lines,
}

/// Reads everything, and gives back the recorder with what it holds.
///
/// # Errors
/// See [`JobError`]. What was recorded until then is kept.
pub fn work<'a>(
    plan: &Plan,
    store: &Store,
    runtime: &Runtime,
    progress: &'a Progress,
    stop: &Stop,
    run: JobRun,
    inputs: &'a Inputs,
) -> Result<Recorder<'a>, JobError> {
    let job = run.job().clone();
    let earlier = match run.is_resumed() {
        true => Some(Earlier::new(store.reader()?, job.id.clone())),
        false => None,
    };
    let tickets = run.tickets();
    let (messages, inbox) = Messages::channel(plan.account.clone());
    let (opened, work) = mpsc::channel(plan.threads.max(1) * 2);
    let recorder = Recorder {
        run,
        reader: store.reader()?,
        inputs,
        progress,
        runtime: runtime.handle().clone(),
        stop: stop.clone(),
        failures: Vec::new(),
        trouble: false,
        quota_met: None,
        became: None,
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
    std::thread::scope(|threads| {
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
                let listing = Listing {
                    plan,
                    inputs,
                    earlier,
                    messages: messages.clone(),
                    progress,
                    stop,
                };
                move || runtime.block_on(fetch::fetch(&listing, opened))
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
    })
}
