//! One occurrence: a hit with its place and its masked value, without the value.

use std::sync::Arc;

use super::{KeywordHit, Place, Rivals};

/// What is recorded of one match. The matched text itself is never kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Occurrence {
    /// Index into [`CatalogueIndex::detectors`](super::CatalogueIndex).
    pub detector: u16,
    /// Names of the members from the object inwards; empty for a plain object. Shared by the
    /// occurrences of a member.
    pub container: Arc<[String]>,
    pub place: Place,
    /// Masked value, made by [`mask`](super::mask::mask).
    pub masked: String,
    /// Keyed hash of the value: equal values have equal fingerprints within one state folder.
    pub fingerprint: u64,
    /// 0 to 1.
    pub confidence: f32,
    /// Bit `i`: the detector's `checks[i]` passed.
    pub checks: u32,
    pub keyword: Option<KeywordHit>,
    /// Detectors of overlapping values that this one is better than.
    pub rivals: Rivals,
}
