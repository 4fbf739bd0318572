//! Which of the listed objects a run reads: in scope, in the sample, and changed since the run before.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::scope::{Sampling, Scope};
use crate::model::{LeftOut, ObjectMeta};
use crate::store::{Known, Reader, StoreError};

/// What a run leaves out beside what its filter does; nothing by default.
#[derive(Default)]
pub struct Selection {
    pub scope: Scope,
    pub sampling: Option<Sampling>,
    pub since: Option<Since>,
}

/// Objects that earlier runs have read and that are as they were.
pub struct Since {
    reader: Mutex<Reader>,
    /// Objects that no run has read count as old if they were last changed before this moment.
    baseline: Option<DateTime<Utc>>,
}

impl Selection {
    /// Why an object that is in scope is not read, if so.
    pub fn leaves_out(
        &self,
        bucket_no: Option<i64>,
        meta: &ObjectMeta,
    ) -> Result<Option<LeftOut>, StoreError> {
        if let (Some(since), Some(bucket_no)) = (&self.since, bucket_no)
            && since.is_old(bucket_no, meta)?
        {
            return Ok(Some(LeftOut::Unchanged));
        }
        let drawn = self.sampling.as_ref().is_none_or(|s| s.takes(meta));
        Ok((!drawn).then_some(LeftOut::Sampling))
    }
}

impl Since {
    /// `baseline`: see the field; listings tell whole seconds, so that it is cut to them.
    pub fn new(reader: Reader, baseline: Option<DateTime<Utc>>) -> Self {
        Since {
            reader: Mutex::new(reader),
            baseline: baseline.map(second),
        }
    }

    fn is_old(&self, bucket_no: i64, meta: &ObjectMeta) -> Result<bool, StoreError> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match reader.known(bucket_no, &meta.key)? {
            Some(known) => !known.again && is_same(&known, meta),
            None => match (self.baseline, meta.last_modified) {
                (Some(baseline), Some(modified)) => modified < baseline,
                _ => false,
            },
        })
    }
}

/// The object is the one that was read. Answers to reads tell whole seconds, listings may tell more.
fn is_same(known: &Known, meta: &ObjectMeta) -> bool {
    known.size == meta.size
        && known.etag == meta.etag
        && (meta.version_id.is_none() || known.version_id == meta.version_id)
        && known.last_modified.map(second) == meta.last_modified.map(second)
}

fn second(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment
        .duration_trunc(TimeDelta::seconds(1))
        .unwrap_or(moment)
}
