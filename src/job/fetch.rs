//! The lister and the fetcher: targets to opened objects, on tokio.
//!
//! Memory does not grow with the number of objects: the listing waits for the fetcher, the fetcher
//! for the scanning threads.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use tokio::sync::mpsc;

use super::engine::Inputs;
use super::error::JobError;
use super::plan::Plan;
use super::progress::Progress;
use super::recorder::{Message, Messages};
use super::scope::{Judgement, Tags};
use super::stop::Stop;
use crate::model::{AccountId, BucketInfo, JobId, LeftOut, ObjectMeta, Tally};
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

/// A target as it is listed.
pub struct Place {
    /// `None` where it cannot be listed.
    pub source: Option<Arc<dyn Source>>,
    /// Why not, where that is not told yet.
    pub fault: Option<(BucketInfo, SourceError)>,
    /// Whose objects these are.
    pub account: AccountId,
    /// Under which earlier runs know its objects.
    pub bucket_no: Option<i64>,
}

/// What lister and fetcher work with.
pub struct Listing<'a> {
    pub plan: &'a Plan,
    pub inputs: &'a Inputs,
    pub earlier: Option<Earlier>,
    pub messages: Messages,
    pub progress: &'a Progress,
    pub stop: &'a Stop,
}

/// An object on its way to the opener.
struct Entry {
    target: u32,
    source: Arc<dyn Source>,
    meta: ObjectMeta,
    /// Why it cannot be read, where that is known already.
    fault: Option<SourceError>,
}

/// A listed entry, with its tags where they were asked for.
type Tagged = (
    Result<ObjectMeta, SourceError>,
    Option<Result<Tags, SourceError>>,
);

/// The listing is at its end for good: the run stops, or the recorder is gone.
struct Over;

/// Lists all targets one after the other, leaves out what is not in scope or recorded already, and
/// opens the rest. Returns when everything is opened or the run is stopping.
pub async fn fetch(listing: &Listing<'_>, opened: mpsc::Sender<Work>) {
    let (listed, mut waiting) = mpsc::channel::<Entry>(LISTED_MAX);
    let failing: Vec<AtomicU32> = listing
        .inputs
        .places
        .iter()
        .map(|_| AtomicU32::new(0))
        .collect();
    let stop = listing.stop;
    let lister = list(listing, listed);
    // owns both queues: when it ends, the lister and the scanning threads are let go
    let opener = async move {
        let failing = &failing;
        let messages = &listing.messages;
        let mut bodies = std::pin::pin!(
            async_stream(&mut waiting)
                .map(|entry| async move {
                    let Entry {
                        target,
                        source,
                        meta,
                        fault,
                    } = entry;
                    let body = match fault {
                        Some(error) => Err(error),
                        None => open(target, &*source, &meta, failing, messages).await,
                    };
                    let meta = body.as_ref().map_or(meta, |b| b.meta.clone());
                    Work { target, meta, body }
                })
                .buffer_unordered(listing.plan.reads_max)
        );
        while let Some(work) = bodies.next().await {
            if stop.stopping() || opened.send(work).await.is_err() {
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

async fn list(listing: &Listing<'_>, listed: mpsc::Sender<Entry>) {
    for (target, place) in (0u32..).zip(&listing.inputs.places) {
        if let Some((bucket, error)) = &place.fault
            && !listing.messages.failing(target, bucket, error).await
        {
            return;
        }
        let Some(source) = &place.source else {
            continue;
        };
        if list_one(listing, target, place, source, &listed)
            .await
            .is_err()
        {
            return;
        }
    }
    listing.progress.listing_done.store(true, Ordering::Relaxed);
}

/// Lists, and asks for the tags of objects where they decide whether one is in scope.
fn tagged<'a>(listing: &'a Listing<'_>, source: &'a Arc<dyn Source>) -> BoxStream<'a, Tagged> {
    let scope = &listing.inputs.selection.scope;
    if !scope.has_tags() {
        return source.list().map(|entry| (entry, None)).boxed();
    }
    source
        .list()
        .map(move |entry| async move {
            let tags = match &entry {
                Ok(meta) if scope.judge(meta) == Judgement::AskTags => {
                    Some(source.tags(meta).await)
                }
                _ => None,
            };
            (entry, tags)
        })
        .buffered(listing.plan.reads_max)
        .boxed()
}

async fn list_one(
    listing: &Listing<'_>,
    target: u32,
    place: &Place,
    source: &Arc<dyn Source>,
    listed: &mpsc::Sender<Entry>,
) -> Result<(), Over> {
    let (plan, inputs, progress) = (listing.plan, listing.inputs, listing.progress);
    let selection = &inputs.selection;
    let tell = |message| async {
        match listing.messages.send(message).await {
            true => Ok(()),
            false => Err(Over),
        }
    };
    let mut tally = Tally::default();
    let mut left_out = BTreeMap::<LeftOut, Tally>::new();
    let mut objects = tagged(listing, source);
    let mut noted = 0;
    loop {
        if listing.stop.stopping() {
            return Err(Over);
        }
        let Some((entry, tags)) = objects.next().await else {
            break;
        };
        let (meta, mut fault) = match entry {
            Ok(meta) => (meta, None),
            Err(error) => match error.entry().cloned() {
                Some(meta) => (meta, Some(error)),
                None => {
                    let bucket = source.bucket();
                    if !listing.messages.unlisted(target, bucket, error).await {
                        return Err(Over);
                    }
                    continue;
                }
            },
        };
        if inputs.own.iter().any(|own| own.is(target, &meta.key)) {
            continue;
        }
        if !plan.filter.takes(&meta.key) {
            Progress::add(&progress.filtered, 1);
            continue;
        }
        let bytes = meta.size.unwrap_or(0);
        let in_scope = match tags {
            None => selection.scope.judge(&meta) != Judgement::Out,
            Some(Ok(tags)) => selection.scope.takes(&meta, &tags),
            Some(Err(error @ SourceError::Credentials { .. })) => {
                let failed = JobError::Credentials(Box::new(error));
                let _ = tell(Message::Failed(failed)).await;
                return Err(Over);
            }
            // it may be in scope: that it is not read has to be told
            Some(Err(error)) => {
                fault = Some(error);
                true
            }
        };
        let seen = match &listing.earlier {
            Some(earlier) if in_scope => earlier.knows(target, &meta),
            _ => Ok(false),
        };
        let cause = match &seen {
            _ if !in_scope => Ok(Some(LeftOut::Scope)),
            Ok(false) => selection.leaves_out(place.bucket_no, &meta),
            _ => Ok(None),
        };
        let admitted = match (&seen, &cause, &inputs.quota) {
            (Ok(false), Ok(None), Some(quota)) => quota.admit(&place.account, bytes),
            _ => Ok(true),
        };
        let (seen, cause, admitted) = match (seen, cause, admitted) {
            (Ok(seen), Ok(cause), Ok(admitted)) => (seen, cause, admitted),
            (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => {
                let _ = tell(Message::Failed(error.into())).await;
                return Err(Over);
            }
        };
        if let Some(cause) = cause {
            left_out.entry(cause).or_default().add(bytes);
            Progress::add(&progress.filtered, 1);
            continue;
        }
        if !admitted {
            tell(Message::Listed(target, tally, left_out)).await?;
            let account = place.account.clone();
            tell(Message::QuotaMet { account, bytes }).await?;
            return Err(Over);
        }
        tally.add(bytes);
        Progress::add(&progress.objects_listed, 1);
        Progress::add(&progress.bytes_listed, bytes);
        if tally.objects - noted >= NOTE_EVERY {
            noted = tally.objects;
            tell(Message::Listed(target, tally, left_out.clone())).await?;
        }
        if seen {
            Progress::add(&progress.objects_done, 1);
            Progress::add(&progress.bytes_done, bytes);
            tell(Message::Seen(target, meta.key)).await?;
            continue;
        }
        let entry = Entry {
            target,
            source: Arc::clone(source),
            meta,
            fault,
        };
        if listed.send(entry).await.is_err() {
            return Err(Over);
        }
    }
    drop(objects);
    tracing::info!(
        bucket = source.bucket().name,
        objects = tally.objects,
        bytes = tally.bytes,
        "listed"
    );
    tell(Message::Listed(target, tally, left_out)).await
}
