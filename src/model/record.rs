//! What is kept of one scanned object, and how it is gathered while the object is walked.
//!
//! [`RecordBuilder`] counts everything and keeps the first places of each type, so that an object
//! with any number of occurrences needs bounded memory. The occurrences themselves go their own
//! way, in order, to the store.

use super::{
    Allowed, CatalogueIndex, Category, MemberOutcome, ObjectMeta, Occurrence, Place, RIVALS_MAX,
    Reason, Severity, Side, Status, WalkOutcome,
};
use std::sync::Arc;

/// Most places kept per detector and member: what a discovery result lists.
pub const PLACES_PER_TYPE_MAX: usize = 1_000;
/// Most places kept per object over all members and detectors.
pub const PLACES_PER_OBJECT_MAX: usize = 20_000;
/// Most members of note kept per object; all are counted.
pub const MEMBERS_OF_NOTE_MAX: usize = 10_000;

/// The occurrences of one detector in one object or member: all counted, the first ones placed.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// Index into [`CatalogueIndex::detectors`].
    pub detector: u16,
    pub count: u64,
    /// The first places in order, at most [`PLACES_PER_TYPE_MAX`].
    pub places: Vec<Place>,
}

/// A member that was not wholly read, or that holds occurrences.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberRecord {
    pub outcome: MemberOutcome,
    /// Ascending by detector.
    pub detections: Vec<Detection>,
}

/// How an object ended, as the engine decides it.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectOutcome {
    pub status: Status,
    /// Set unless complete.
    pub reason: Option<Reason>,
    /// The cause in one line, for people; no content of the object.
    pub detail: Option<String>,
    /// `None` for an object that was never opened.
    pub mime_type: Option<&'static str>,
    /// Stored bytes consumed.
    pub bytes_read: u64,
    /// Decoded bytes scanned, over all members.
    pub bytes_scanned: u64,
    /// Leaf members seen.
    pub members: u64,
}

impl ObjectOutcome {
    /// The outcome of an object of which nothing was read.
    pub fn skipped(reason: Reason, detail: Option<String>) -> Self {
        ObjectOutcome {
            status: Status::Skipped,
            reason: Some(reason),
            detail,
            mime_type: None,
            bytes_read: 0,
            bytes_scanned: 0,
            members: 0,
        }
    }
}

impl From<&WalkOutcome> for ObjectOutcome {
    fn from(walk: &WalkOutcome) -> Self {
        ObjectOutcome {
            status: walk.status,
            reason: walk.reason,
            detail: walk.detail.clone(),
            mime_type: Some(walk.mime_type),
            bytes_read: walk.bytes_read,
            bytes_scanned: walk.bytes_scanned,
            members: walk.members,
        }
    }
}

/// All that is kept of one object, but for its occurrences.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectRecord {
    /// Index of the target on the command line.
    pub target: u32,
    pub meta: ObjectMeta,
    pub outcome: ObjectOutcome,
    /// Sums over all members, ascending by detector. Places only of a plain object: those of a
    /// container's members are in `members`.
    pub detections: Vec<Detection>,
    /// Members of note in the order of the walk, at most [`MEMBERS_OF_NOTE_MAX`].
    pub members: Vec<MemberRecord>,
    /// Members of note beyond those kept.
    pub members_dropped: u64,
    /// The object holds members (archive, compressed file).
    pub is_container: bool,
    /// What allow lists kept out of all of the above.
    pub allowed: Allowed,
}

impl ObjectRecord {
    /// The gravest severity over the detectors; `None` without occurrences.
    pub fn severity(&self, catalogue: &CatalogueIndex) -> Option<Severity> {
        severity_of(&self.detections, catalogue)
    }

    /// Occurrences over all detectors.
    pub fn occurrences(&self) -> u64 {
        self.detections.iter().map(|d| d.count).sum()
    }
}

/// The gravest severity of some detections; each detector's count is looked up by itself.
pub fn severity_of(detections: &[Detection], catalogue: &CatalogueIndex) -> Option<Severity> {
    detections
        .iter()
        .filter_map(|d| {
            let info = catalogue.detectors.get(usize::from(d.detector))?;
            info.severity.of(d.count)
        })
        .max()
}

/// Gathers an [`ObjectRecord`] while an object is walked.
#[derive(Debug)]
pub struct RecordBuilder {
    total: Vec<Detection>,
    current: Vec<Detection>,
    current_container: Option<Arc<[String]>>,
    members: Vec<MemberRecord>,
    members_dropped: u64,
    places_left: usize,
    is_container: bool,
}

impl Default for RecordBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl RecordBuilder {
    pub fn new() -> Self {
        RecordBuilder {
            total: Vec::new(),
            current: Vec::new(),
            current_container: None,
            members: Vec::new(),
            members_dropped: 0,
            places_left: PLACES_PER_OBJECT_MAX,
            is_container: false,
        }
    }

    /// Counts one occurrence. Those of a member come in order, before its [`Self::member_end`].
    pub fn push(&mut self, occurrence: &Occurrence) {
        let sum = entry(&mut self.total, occurrence.detector);
        sum.count += 1;
        let own = if occurrence.container.is_empty() {
            sum
        } else {
            self.is_container = true;
            if self.current_container.is_none() {
                self.current_container = Some(occurrence.container.clone());
            }
            let own = entry(&mut self.current, occurrence.detector);
            own.count += 1;
            own
        };
        if own.places.len() < PLACES_PER_TYPE_MAX && self.places_left > 0 {
            self.places_left -= 1;
            own.places.push(occurrence.place.clone());
        }
    }

    /// Enters the end of a member.
    pub fn member_end(&mut self, outcome: &MemberOutcome) {
        if outcome.container.is_empty() {
            return; // a plain object: its outcome is that of the object
        }
        self.is_container = true;
        self.current_container = None;
        let detections = std::mem::take(&mut self.current);
        if detections.is_empty() && outcome.status == Status::Complete {
            return;
        }
        self.keep(outcome.clone(), detections);
    }

    fn keep(&mut self, outcome: MemberOutcome, detections: Vec<Detection>) {
        if self.members.len() < MEMBERS_OF_NOTE_MAX {
            self.members.push(MemberRecord {
                outcome,
                detections,
            });
        } else {
            self.members_dropped += 1;
            let freed: usize = detections.iter().map(|d| d.places.len()).sum();
            self.places_left += freed;
        }
    }

    /// Ends the object. A member that never ended (the walk was broken off) is entered as partial.
    pub fn finish(mut self, target: u32, meta: ObjectMeta, outcome: ObjectOutcome) -> ObjectRecord {
        if let Some(container) = self.current_container.take() {
            let detections = std::mem::take(&mut self.current);
            let member = MemberOutcome {
                container,
                mime_type: "application/octet-stream",
                status: Status::Partial,
                reason: outcome.reason,
                detail: outcome.detail.clone(),
                bytes_scanned: 0,
                last_modified: None,
            };
            self.keep(member, detections);
        }
        ObjectRecord {
            target,
            meta,
            outcome,
            detections: self.total,
            members: self.members,
            members_dropped: self.members_dropped,
            is_container: self.is_container,
            allowed: Allowed::default(),
        }
    }
}

/// The entry of a detector in a list that ascends by detector.
fn entry(list: &mut Vec<Detection>, detector: u16) -> &mut Detection {
    let at = match list.binary_search_by_key(&detector, |d| d.detector) {
        Ok(at) => at,
        Err(at) => {
            list.insert(
                at,
                Detection {
                    detector,
                    count: 0,
                    places: Vec::new(),
                },
            );
            at
        }
    };
    &mut list[at]
}

/// One occurrence with the names behind its numbers: what is shown of it, wherever it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OccurrenceView<'a> {
    pub container: &'a [String],
    pub detector: &'a str,
    pub category: Category,
    pub place: &'a Place,
    pub masked: &'a str,
    pub fingerprint: u64,
    pub confidence: f32,
    /// Bit `i`: `check_names[i]` passed.
    pub checks: u32,
    pub check_names: &'a [String],
    pub keyword: Option<KeywordView<'a>>,
    /// Ids of the detectors whose overlapping values lost; those that there are come first.
    pub rivals: [Option<&'a str>; RIVALS_MAX],
}

/// The keyword of an [`OccurrenceView`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeywordView<'a> {
    pub text: &'a str,
    /// Characters between the nearest ends; `None` for a column or path name.
    pub distance: Option<u16>,
    pub side: Side,
}

impl<'a> OccurrenceView<'a> {
    /// Looks the names up; `None` if the catalogue does not know the detector or keyword.
    pub fn new(occurrence: &'a Occurrence, catalogue: &'a CatalogueIndex) -> Option<Self> {
        let info = catalogue.detectors.get(usize::from(occurrence.detector))?;
        let keyword = match &occurrence.keyword {
            None => None,
            Some(hit) => Some(KeywordView {
                text: catalogue.keywords.get(usize::try_from(hit.keyword).ok()?)?,
                distance: hit.distance,
                side: hit.side,
            }),
        };
        let mut rivals = [None; RIVALS_MAX];
        for (id, rival) in rivals.iter_mut().zip(occurrence.rivals.iter()) {
            *id = Some(catalogue.detectors.get(usize::from(rival))?.id.as_str());
        }
        Some(OccurrenceView {
            container: &occurrence.container,
            detector: &info.id,
            category: info.category,
            place: &occurrence.place,
            masked: &occurrence.masked,
            fingerprint: occurrence.fingerprint,
            confidence: occurrence.confidence,
            checks: occurrence.checks,
            check_names: &info.checks,
            keyword,
            rivals,
        })
    }
}

/// One line of the job log, with what makes it one of a kind in its job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine {
    /// Equal for events that must not be logged twice in one job, such as the same bucket refused
    /// again after a restart.
    pub once: String,
    /// The JSON line, without the line end.
    pub line: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BucketInfo, Encryption, Rivals};

    fn meta() -> ObjectMeta {
        ObjectMeta {
            bucket: Arc::new(BucketInfo {
                name: "b".to_owned(),
                account: None,
                region: None,
                local: false,
            }),
            key: "k".to_owned(),
            uri: "s3://b/k".to_owned(),
            size: Some(1),
            etag: None,
            version_id: None,
            last_modified: None,
            storage_class: None,
            encryption: Encryption::default(),
        }
    }

    fn complete() -> ObjectOutcome {
        ObjectOutcome {
            status: Status::Complete,
            reason: None,
            detail: None,
            mime_type: Some("text/plain"),
            bytes_read: 1,
            bytes_scanned: 1,
            members: 1,
        }
    }

    fn occurrence(detector: u16, container: &Arc<[String]>, line: u64) -> Occurrence {
        Occurrence {
            detector,
            container: container.clone(),
            place: Place {
                line,
                ..Place::default()
            },
            masked: String::new(),
            fingerprint: 0,
            confidence: 1.0,
            checks: 0,
            keyword: None,
            rivals: Rivals::default(),
        }
    }

    fn name(name: String) -> Arc<[String]> {
        Arc::from(vec![name])
    }

    fn end(container: &Arc<[String]>, status: Status) -> MemberOutcome {
        MemberOutcome {
            container: container.clone(),
            mime_type: "text/plain",
            status,
            reason: None,
            detail: None,
            bytes_scanned: 1,
            last_modified: None,
        }
    }

    #[test]
    fn all_are_counted_and_the_first_are_placed() {
        let plain: Arc<[String]> = Arc::from(Vec::new());
        let mut builder = RecordBuilder::new();
        for line in 0..5_000 {
            builder.push(&occurrence((line % 2) as u16, &plain, line));
        }
        builder.member_end(&end(&plain, Status::Complete));
        let record = builder.finish(3, meta(), complete());
        assert!(!record.is_container && record.members.is_empty());
        assert_eq!((record.target, record.occurrences()), (3, 5_000));
        for (i, detection) in record.detections.iter().enumerate() {
            assert_eq!(
                (usize::from(detection.detector), detection.count),
                (i, 2_500)
            );
            let lines: Vec<u64> = detection.places.iter().map(|p| p.line).collect();
            let want: Vec<u64> = (0..1_000).map(|n| 2 * n + i as u64).collect();
            assert_eq!(lines, want);
        }
    }

    #[test]
    fn members_of_note_are_those_with_occurrences_or_gaps() {
        let mut builder = RecordBuilder::new();
        let [a, b, c] = ["a", "b", "c"].map(|n| name(n.to_owned()));
        builder.member_end(&end(&a, Status::Complete));
        builder.member_end(&end(&b, Status::Skipped));
        builder.push(&occurrence(7, &c, 1));
        builder.push(&occurrence(2, &c, 2));
        builder.member_end(&end(&c, Status::Complete));
        let record = builder.finish(0, meta(), complete());
        assert!(record.is_container);
        let kept: Vec<&str> = record
            .members
            .iter()
            .map(|m| m.outcome.container[0].as_str())
            .collect();
        assert_eq!(kept, ["b", "c"]);
        let detectors: Vec<u16> = record.members[1]
            .detections
            .iter()
            .map(|d| d.detector)
            .collect();
        assert_eq!(detectors, [2, 7]);
        assert_eq!(record.occurrences(), 2);
        assert!(
            record.detections.iter().all(|d| d.places.is_empty()),
            "places are with members"
        );
    }

    #[test]
    fn memory_is_bounded_for_any_number_of_members() {
        let mut builder = RecordBuilder::new();
        let members = MEMBERS_OF_NOTE_MAX as u64 + 500;
        for m in 0..members {
            let container = name(m.to_string());
            for line in 0..5 {
                builder.push(&occurrence(0, &container, line));
            }
            builder.member_end(&end(&container, Status::Complete));
        }
        let record = builder.finish(0, meta(), complete());
        assert_eq!(record.members.len(), MEMBERS_OF_NOTE_MAX);
        assert_eq!(record.members_dropped, 500);
        assert_eq!(record.occurrences(), 5 * members, "all are counted");
        let places: usize = record
            .members
            .iter()
            .flat_map(|m| &m.detections)
            .map(|d| d.places.len())
            .sum();
        assert_eq!(places, PLACES_PER_OBJECT_MAX);
    }

    #[test]
    fn a_member_that_never_ended_is_kept_as_partial() {
        let container = name("cut".to_owned());
        let mut builder = RecordBuilder::new();
        builder.push(&occurrence(0, &container, 1));
        let outcome = ObjectOutcome {
            status: Status::Partial,
            reason: Some(Reason::TimeCutOffReached),
            ..complete()
        };
        let record = builder.finish(0, meta(), outcome);
        assert_eq!(record.members.len(), 1);
        let member = &record.members[0];
        assert_eq!(member.outcome.container, container);
        assert_eq!(member.outcome.status, Status::Partial);
        assert_eq!(member.outcome.reason, Some(Reason::TimeCutOffReached));
        assert_eq!(member.detections[0].count, 1);
    }
}
