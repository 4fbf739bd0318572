//! The lister and the fetcher: targets to opened objects, on tokio.
//!
//! Memory does not grow with the number of objects: the listing waits for the fetcher, the fetcher
//! for the scanning threads.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::mpsc;

use super::plan::Plan;
use super::progress::Progress;
use super::recorder::{Message, Messages};
use super::stop::Stop;
use crate::model::{JobId, ObjectMeta, Tally};
use crate::source::{Body, Source, SourceError};
use crate::store::{Reader, StoreError};

/// Listed objects that wait to be opened.
const LISTED_MAX: usize = 1024;
/// Time between two looks at the switch while a listing or an opening waits.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// Objects between two notes of how far a listing is.
const NOTE_EVERY: u64 = 4096;

/// Objects in a row that the service could not serve, after which the rest of the target is not
/// tried: each try may take a minute.
const FAILED_IN_A_ROW_MAX: u32 = 8;

/// An object on its way to a scanning thread.
pub struct Work {
    pub target: u32,
    pub meta: ObjectMeta,
    /// Opened, or why not.
    pub body: Result<Body, SourceError>,
}

/// What an earlier attempt has recorded.
pub struct Earlier {
    reader: Mutex<Reader>,
    job: JobId,
}

impl Earlier {
    pub fn new(reader: Reader, job: JobId) -> Self {
        Earlier {
            reader: Mutex::new(reader),
            job,
        }
    }

    /// The object is recorded and is still the one that was read.
    fn knows(&self, target: u32, meta: &ObjectMeta) -> Result<bool, StoreError> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let recorded = reader.is_recorded(&self.job, target, &meta.key)?;
        Ok(recorded.is_some_and(|r| {
            r.size == meta.size
                && r.etag == meta.etag
                && (meta.version_id.is_none() || r.version_id == meta.version_id)
        }))
    }
}

/// An entry of a listing on its way to the opener.
type Entry = (u32, Arc<dyn Source>, Result<ObjectMeta, SourceError>);

/// Lists all targets one after the other, leaves out what is not in scope or recorded already, and
/// opens the rest. Returns when everything is opened or the run is stopping.
pub async fn fetch(
    plan: &Plan,
    sources: Vec<Arc<dyn Source>>,
    earlier: Option<Earlier>,
    opened: mpsc::Sender<Work>,
    messages: Messages,
    progress: &Progress,
    stop: &Stop,
) {
    let (listed, mut waiting) = mpsc::channel::<Entry>(LISTED_MAX);
    let failing: Vec<AtomicU32> = sources.iter().map(|_| AtomicU32::new(0)).collect();
    let lister = list(
        plan,
        sources,
        earlier,
        listed,
        messages.clone(),
        progress,
        stop,
    );
    // owns both queues: when it ends, the lister and the scanning threads are let go
    let opener = async move {
        let failing = &failing;
        let messages = &messages;
        let mut bodies = std::pin::pin!(
            async_stream(&mut waiting)
                .map(|(target, source, entry)| async move {
                    match entry {
                        Ok(meta) => {
                            let body = open(target, &*source, &meta, failing, messages).await;
                            let meta = body.as_ref().map_or(meta, |b| b.meta.clone());
                            Some(Work { target, meta, body })
                        }
                        Err(error) => {
                            let meta = error.entry()?.clone();
                            Some(Work {
                                target,
                                meta,
                                body: Err(error),
                            })
                        }
                    }
                })
                .buffer_unordered(plan.reads_max)
        );
        while let Some(work) = bodies.next().await {
            if stop.stopping() {
                break;
            }
            if let Some(work) = work
                && opened.send(work).await.is_err()
            {
                break;
            }
        }
    };
    tokio::select! {
        _ = async { tokio::join!(lister, opener) } => {}
        // requests under way are let go: nobody wants what they would bring
        () = stopped(stop) => {}
    }
}

/// Waits until the run is asked to stop.
async fn stopped(stop: &Stop) {
    while !stop.stopping() {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Opens an object, unless its target has failed too often in a row.
async fn open(
    target: u32,
    source: &dyn Source,
    meta: &ObjectMeta,
    failing: &[AtomicU32],
    messages: &Messages,
) -> Result<Body, SourceError> {
    let Some(failed) = failing.get(target as usize) else {
        return source.open(meta).await;
    };
    if failed.load(Ordering::Relaxed) >= FAILED_IN_A_ROW_MAX {
        return Err(SourceError::Unavailable {
            uri: meta.uri.clone(),
            operation: "GetObject".to_owned(),
            attempts: 0,
            elapsed: Duration::ZERO,
            cause: format!("not tried, as {FAILED_IN_A_ROW_MAX} objects before it failed in a row"),
        });
    }
    let body = source.open(meta).await;
    match &body {
        Err(error @ SourceError::Unavailable { .. }) => {
            if failed.fetch_add(1, Ordering::Relaxed) + 1 == FAILED_IN_A_ROW_MAX {
                messages.failing(target, source.bucket(), error).await;
            }
        }
        _ => failed.store(0, Ordering::Relaxed),
    }
    body
}

fn async_stream<T>(receiver: &mut mpsc::Receiver<T>) -> impl futures_util::Stream<Item = T> + '_ {
    futures_util::stream::poll_fn(|context| receiver.poll_recv(context))
}

async fn list(
    plan: &Plan,
    sources: Vec<Arc<dyn Source>>,
    earlier: Option<Earlier>,
    listed: mpsc::Sender<Entry>,
    messages: Messages,
    progress: &Progress,
    stop: &Stop,
) {
    for (target, source) in (0u32..).zip(sources) {
        let mut tally = Tally::default();
        let mut objects = source.list();
        let mut noted = 0;
        loop {
            if stop.stopping() {
                return;
            }
            let Some(entry) = objects.next().await else {
                break;
            };
            let meta = match &entry {
                Ok(meta) => meta,
                Err(error) => match error.entry() {
                    Some(meta) => meta,
                    None => {
                        if let Err(error) = entry
                            && !messages.unlisted(target, source.bucket(), error).await
                        {
                            return;
                        }
                        continue;
                    }
                },
            };
            if plan.own.iter().any(|own| own.is(target, &meta.key)) {
                continue;
            }
            if !plan.filter.takes(&meta.key) {
                Progress::add(&progress.filtered, 1);
                continue;
            }
            tally.add(meta.size.unwrap_or(0));
            Progress::add(&progress.objects_listed, 1);
            Progress::add(&progress.bytes_listed, meta.size.unwrap_or(0));
            if tally.objects - noted >= NOTE_EVERY {
                noted = tally.objects;
                if !messages.send(Message::Listed(target, tally)).await {
                    return;
                }
            }
            if let Some(earlier) = &earlier {
                match earlier.knows(target, meta) {
                    Ok(true) => {
                        Progress::add(&progress.objects_done, 1);
                        Progress::add(&progress.bytes_done, meta.size.unwrap_or(0));
                        let key = meta.key.clone();
                        if !messages.send(Message::Seen(target, key)).await {
                            return;
                        }
                        continue;
                    }
                    Ok(false) => {}
                    Err(error) => {
                        messages.send(Message::Failed(error.into())).await;
                        return;
                    }
                }
            }
            if listed
                .send((target, Arc::clone(&source), entry))
                .await
                .is_err()
            {
                return;
            }
        }
        drop(objects);
        tracing::info!(
            bucket = source.bucket().name,
            objects = tally.objects,
            bytes = tally.bytes,
            "listed"
        );
        if !messages.send(Message::Listed(target, tally)).await {
            return;
        }
    }
    progress.listing_done.store(true, Ordering::Relaxed);
}
