//! The next run of a created job: its buckets as they are now, and what of them it would read.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::{Estimate, Scope, TargetEstimate, add};
use crate::job::error::JobError;
use crate::job::plan::OwnFile;
use crate::job::recorder::Failure;
use crate::job::resolve::Resolver;
use crate::job::run_job::{JobPlan, selection};
use crate::job::scope::Judgement;
use crate::job::select::Selection;
use crate::model::{CreatedJob, LeftOut, ObjectMeta};
use crate::source::{Source, SourceError, Target};
use crate::store::{NewTarget, Store, StoreError};

/// A bucket that no run has read goes by this number: nothing is known of its objects.
const UNREAD: i64 = -1;

/// Finds the buckets of a job, lists them, and adds up what its next run would read. Nothing is
/// recorded. Where tags decide whether an object is in scope, it counts as in scope.
///
/// # Errors
/// Credentials that are missing or refused; a store that cannot be read.
pub async fn estimate_job(
    job_plan: &JobPlan,
    job: &CreatedJob,
    store: &Store,
) -> Result<Estimate, JobError> {
    let start = Instant::now();
    let mut resolver = Resolver::new(
        &job_plan.accounts,
        &job_plan.accounts_then,
        &job.account,
        &job_plan.options,
    );
    let resolved = resolver
        .resolve(&job_plan.definition)
        .await
        .map_err(|e| JobError::Credentials(Box::new(e)))?;
    let results_in_s3 = matches!(job_plan.plan.results, Target::S3 { .. });
    let mut whole = Estimate::default();
    let failed = |kind: &Failure| resolved.failures.contains(kind);
    whole.permission_failed = failed(&Failure::Permission);
    whole.network_failed = failed(&Failure::Network);
    let reader = store.reader()?;
    let selection = selection(job_plan, job, store)?;
    for (number, target) in (0u32..).zip(&resolved.targets) {
        let source = match open(target, &mut resolver).await {
            Ok(Some(source)) => source,
            Ok(None) => {
                whole.targets.push(unread(target, target.cause.clone()));
                continue;
            }
            Err(error @ SourceError::Credentials { .. }) => {
                return Err(JobError::Credentials(Box::new(error)));
            }
            Err(error) => {
                whole.targets.push(unread(target, Some(error.to_string())));
                continue;
            }
        };
        let own = match Target::parse(&target.uri) {
            Ok(Target::Path(folder)) => OwnFile::below(number, &folder, &job_plan.own_paths),
            _ => Vec::new(),
        };
        let scope = JobScope {
            selection: &selection,
            own,
            bucket_no: reader.bucket_no(&job.id, &target.uri)?.unwrap_or(UNREAD),
            failed: Mutex::new(None),
        };
        add(
            &mut whole,
            number,
            &target.uri,
            &*source,
            &scope,
            results_in_s3,
        )
        .await?;
        let failed = scope.failed.into_inner();
        if let Some(error) = failed.unwrap_or_else(PoisonError::into_inner) {
            return Err(error.into());
        }
    }
    whole.elapsed_seconds = start.elapsed().as_secs_f64();
    Ok(whole)
}

/// `None`: it was found out already that it cannot be read.
async fn open(
    target: &NewTarget,
    resolver: &mut Resolver<'_>,
) -> Result<Option<Arc<dyn Source>>, SourceError> {
    let (Some(bucket), None) = (&target.bucket, &target.cause) else {
        return Ok(None);
    };
    let place = Target::parse(&target.uri)?;
    let sources = resolver.sources(&target.account);
    let source = sources.open_bucket(&place, bucket, &target.account).await?;
    Ok(Some(source))
}

fn unread(target: &NewTarget, cause: Option<String>) -> TargetEstimate {
    TargetEstimate {
        target: target.uri.clone(),
        bucket: target.bucket.clone().unwrap_or_default(),
        local: target.uri.starts_with("file://"),
        unlisted: cause,
        ..TargetEstimate::default()
    }
}

/// The scope of one bucket of a job.
struct JobScope<'a> {
    selection: &'a Selection,
    own: Vec<OwnFile>,
    bucket_no: i64,
    /// What kept the store from telling.
    failed: Mutex<Option<StoreError>>,
}

impl Scope for JobScope<'_> {
    fn leaves_out(&self, target: u32, object: &ObjectMeta) -> Option<&'static str> {
        if self.own.iter().any(|own| own.is(target, &object.key)) {
            return Some("own file");
        }
        if self.selection.scope.judge(object) == Judgement::Out {
            return Some("scope");
        }
        match self.selection.leaves_out(Some(self.bucket_no), object) {
            Ok(left_out) => left_out.map(|cause| match cause {
                LeftOut::Scope => "scope",
                LeftOut::Sampling => "not in the sample",
                LeftOut::Unchanged => "unchanged",
            }),
            Err(error) => {
                let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                failed.get_or_insert(error);
                None
            }
        }
    }

    fn asks_tags(&self, object: &ObjectMeta) -> bool {
        let scope = &self.selection.scope;
        scope.has_tags() && scope.judge(object) == Judgement::AskTags
    }
}
