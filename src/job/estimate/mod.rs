//! What a run would take, told from listings alone: no object is opened, nothing is recorded.
//!
//! Memory does not grow with the number of objects. How fast earlier runs were is in [`speed`];
//! which objects are in scope is for the caller's [`Scope`] to say.

mod job;
mod speed;

use std::collections::BTreeMap;
use std::time::Instant;

use futures_util::StreamExt;

use super::error::JobError;
use super::filter::KeyFilter;
use super::plan::OwnFile;
use super::recorder::{Failure, failure};
use crate::content::unsupported_by_name;
use crate::model::{ObjectMeta, Reason, Tally};
use crate::source::{Source, SourceError, Sources, Target, needs_restore};

pub use job::estimate_job;
pub use speed::{Speed, Speeds, measured};

/// Storage classes told apart for one target; what a service makes up beyond that is summed.
const CLASSES_MAX: usize = 32;
/// Stands for further storage classes, and for local files.
const NO_CLASS: &str = "-";

/// Says which listed objects are not in scope.
pub trait Scope: Sync {
    /// Why a run would leave the object out, in a word or two for people; `None`: it is in scope.
    ///
    /// `target`: its number among the targets of the estimate.
    fn leaves_out(&self, target: u32, object: &ObjectMeta) -> Option<&'static str>;

    /// Whether a run would ask for the tags of the object, as they decide.
    fn asks_tags(&self, _object: &ObjectMeta) -> bool {
        false
    }
}

/// The scope of a scan: globs, and nothing that the scan itself writes.
#[derive(Debug)]
pub struct ScanScope<'a> {
    pub filter: &'a KeyFilter,
    pub own: &'a [OwnFile],
}

impl Scope for ScanScope<'_> {
    fn leaves_out(&self, target: u32, object: &ObjectMeta) -> Option<&'static str> {
        if self.own.iter().any(|own| own.is(target, &object.key)) {
            return Some("own file");
        }
        (!self.filter.takes(&object.key)).then_some("filter")
    }
}

/// Requests that a run makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestTotals {
    pub list: u64,
    pub head: u64,
    /// At least: archives that are read in pieces, and bodies that are cut, take more.
    pub get: u64,
    /// Discovery results, where they go to S3.
    pub put: u64,
}

impl std::ops::AddAssign for RequestTotals {
    fn add_assign(&mut self, other: Self) {
        self.list += other.list;
        self.head += other.head;
        self.get += other.get;
        self.put += other.put;
    }
}

/// What one target would take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetEstimate {
    /// As typed.
    pub target: String,
    /// Bucket, or folder as given.
    pub bucket: String,
    /// Not a service: nothing is requested.
    pub local: bool,
    /// In scope: to be read, or skipped for a reason.
    pub in_scope: Tally,
    /// To be read to the end.
    pub to_read: Tally,
    /// Of these, objects without content.
    pub empty: u64,
    /// Of these, objects whose size is not known.
    pub unknown_size: u64,
    /// Objects whose tags decide whether they are in scope; they count as in scope.
    pub tags_decide: u64,
    /// To be skipped, by Macie's reason code.
    pub skipped: BTreeMap<Reason, Tally>,
    /// Out of scope, by cause.
    pub left_out: BTreeMap<&'static str, Tally>,
    /// What is to be read by storage class; `-` for local files.
    pub storage_classes: BTreeMap<String, Tally>,
    pub requests: RequestTotals,
    /// Why the listing could not be finished: the figures then are of a part.
    pub unlisted: Option<String>,
}

/// What a run would take.
#[derive(Clone, Debug, Default)]
pub struct Estimate {
    pub targets: Vec<TargetEstimate>,
    pub permission_failed: bool,
    pub network_failed: bool,
    /// Time that the listings took.
    pub elapsed_seconds: f64,
}

impl Estimate {
    /// Every listing came to its end.
    pub fn is_whole(&self) -> bool {
        self.targets.iter().all(|t| t.unlisted.is_none())
    }

    /// A tally summed over the targets.
    pub fn sum(&self, of: impl Fn(&TargetEstimate) -> Tally) -> Tally {
        self.targets
            .iter()
            .map(of)
            .fold(Tally::default(), |a, b| a + b)
    }

    pub fn requests(&self) -> RequestTotals {
        let mut sum = RequestTotals::default();
        for target in &self.targets {
            sum += target.requests;
        }
        sum
    }
}

/// Lists the targets and adds up what reading them would take.
///
/// `results_in_s3`: each object in scope would also have its discovery result put there.
///
/// # Errors
/// A target that cannot be opened at all, and credentials that are missing or refused. A listing
/// that fails otherwise is told in its target.
pub async fn estimate(
    sources: &Sources,
    targets: &[(String, Target)],
    scope: &dyn Scope,
    results_in_s3: bool,
) -> Result<Estimate, JobError> {
    let start = Instant::now();
    let mut whole = Estimate::default();
    for (number, (text, target)) in (0u32..).zip(targets) {
        let source = sources
            .open(target)
            .await
            .map_err(|e| JobError::Target(Box::new(e)))?;
        add(&mut whole, number, text, &*source, scope, results_in_s3).await?;
    }
    whole.elapsed_seconds = start.elapsed().as_secs_f64();
    Ok(whole)
}

/// Lists one target, and adds it to the others.
async fn add(
    whole: &mut Estimate,
    number: u32,
    text: &str,
    source: &dyn Source,
    scope: &dyn Scope,
    results_in_s3: bool,
) -> Result<(), JobError> {
    let mut one = TargetEstimate {
        target: text.to_owned(),
        bucket: source.bucket().name.clone(),
        local: source.bucket().local,
        ..TargetEstimate::default()
    };
    if let Some(kind) = list(source, number, scope, &mut one).await? {
        whole.permission_failed |= kind == Failure::Permission;
        whole.network_failed |= kind == Failure::Network;
    }
    let made = source.requests();
    (one.requests.list, one.requests.head) = (made.list, made.head);
    if !one.local {
        one.requests.get += one.tags_decide;
    }
    if results_in_s3 {
        one.requests.put = one.in_scope.objects;
    }
    whole.targets.push(one);
    Ok(())
}

/// Adds up one target; answers the kind of failure that ended its listing, if one did.
async fn list(
    source: &dyn Source,
    number: u32,
    scope: &dyn Scope,
    into: &mut TargetEstimate,
) -> Result<Option<Failure>, JobError> {
    let mut objects = source.list();
    let mut failed = None;
    while let Some(entry) = objects.next().await {
        match &entry {
            Ok(meta) => {
                into.tags_decide += u64::from(scope.asks_tags(meta));
                into.enter(meta, scope.leaves_out(number, meta), skipped(meta));
            }
            Err(error) => match error.entry() {
                Some(meta) => {
                    into.enter(meta, scope.leaves_out(number, meta), Some(error.reason()));
                }
                None => {
                    if let Err(error @ SourceError::Credentials { .. }) = entry {
                        return Err(JobError::Credentials(Box::new(error)));
                    }
                    // the first cause is told; later ones mostly follow from it
                    failed.get_or_insert(failure(error));
                    into.unlisted.get_or_insert_with(|| error.to_string());
                }
            },
        }
    }
    Ok(failed)
}

/// Why a run would skip an object, as far as its listing tells.
fn skipped(meta: &ObjectMeta) -> Option<Reason> {
    if meta.storage_class.as_deref().is_some_and(needs_restore) {
        return Some(Reason::InvalidObjectState);
    }
    let empty = meta.size == Some(0);
    (!empty && unsupported_by_name(&meta.key).is_some())
        .then_some(Reason::UnsupportedFileTypeException)
}

impl TargetEstimate {
    fn enter(&mut self, meta: &ObjectMeta, left_out: Option<&'static str>, skip: Option<Reason>) {
        let bytes = meta.size.unwrap_or(0);
        if let Some(cause) = left_out {
            self.left_out.entry(cause).or_default().add(bytes);
            return;
        }
        self.in_scope.add(bytes);
        // only the content shows for certain what it is: its beginning is read all the same
        let opened =
            !matches!(skip, Some(reason) if reason != Reason::UnsupportedFileTypeException);
        if opened && !self.local {
            self.requests.get += 1;
        }
        if let Some(reason) = skip {
            self.skipped.entry(reason).or_default().add(bytes);
            return;
        }
        self.to_read.add(bytes);
        self.empty += u64::from(meta.size == Some(0));
        self.unknown_size += u64::from(meta.size.is_none());
        let class = meta.storage_class.as_deref().unwrap_or(NO_CLASS);
        let class = match self.storage_classes.contains_key(class) {
            false if self.storage_classes.len() >= CLASSES_MAX => NO_CLASS,
            _ => class,
        };
        // most keys find their class there
        match self.storage_classes.get_mut(class) {
            Some(tally) => tally.add(bytes),
            None => {
                let first = Tally { objects: 1, bytes };
                self.storage_classes.insert(class.to_owned(), first);
            }
        }
    }
}
