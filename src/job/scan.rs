//! Where content and detectors meet: one object's blocks go to the scanner, its hits become
//! occurrences.
//!
//! Leaves fetching to the pipeline and keeping to the recorder.

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::ops::ControlFlow;
use std::sync::Arc;

use siphasher::sip::SipHasher24;

use super::progress::Progress;
use super::stop::Stop;
use crate::detect::Scanner;
use crate::model::mask::mask;
use crate::model::{
    Block, CatalogueIndex, Hit, Member, MemberOutcome, Occurrence, Secret, Status, Tracker, Visitor,
};

/// Occurrences handed over at a time.
pub const BATCH_OCCURRENCES: usize = 2048;
/// Members told of in full; further ones are only counted.
pub const MEMBERS_KEPT_MAX: usize = 100_000;

/// The secret that keys fingerprints, one a state folder.
#[derive(Clone, Copy)]
pub struct FingerprintKey(pub [u8; 16]);

impl FingerprintKey {
    fn of(&self, detector_id: &str, value: Secret<'_>) -> u64 {
        let mut hasher = SipHasher24::new_with_key(&self.0);
        hasher.write(detector_id.as_bytes());
        hasher.write_u8(0);
        hasher.write(value.expose());
        hasher.finish()
    }
}

/// Receives what a scan finds, in order.
pub trait ScanSink {
    /// Some occurrences of the object; the vector is left empty for reuse.
    fn occurrences(&mut self, batch: &mut Vec<Occurrence>);
}

/// Scans one object: the [`Visitor`] that content drives.
pub struct ObjectScan<'a> {
    scanner: &'a mut Scanner,
    index: &'a CatalogueIndex,
    key: FingerprintKey,
    progress: &'a Progress,
    stop: &'a Stop,
    sink: &'a mut dyn ScanSink,
    container: Arc<[String]>,
    hits: Vec<Hit>,
    batch: Vec<Occurrence>,
    /// Members that ended, those of note: not complete, or inside a container.
    pub members: Vec<MemberOutcome>,
    /// Occurrences by detector.
    pub counts: BTreeMap<u16, u64>,
}

impl<'a> ObjectScan<'a> {
    pub fn new(
        scanner: &'a mut Scanner,
        index: &'a CatalogueIndex,
        key: FingerprintKey,
        progress: &'a Progress,
        stop: &'a Stop,
        sink: &'a mut dyn ScanSink,
    ) -> Self {
        ObjectScan {
            scanner,
            index,
            key,
            progress,
            stop,
            sink,
            container: Arc::from([]),
            hits: Vec::new(),
            batch: Vec::new(),
            members: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Hands over what is left.
    pub fn finish(&mut self) {
        if !self.batch.is_empty() {
            self.sink.occurrences(&mut self.batch);
            self.batch.clear();
        }
    }

    fn keep(&mut self, hit: &Hit, block: &Block<'_>, tracker: &mut dyn Tracker) {
        let Some(detector) = self.index.detectors.get(usize::from(hit.detector)) else {
            return;
        };
        let Some(bytes) = block.text.get(hit.range.clone()) else {
            return;
        };
        let value = Secret::new(bytes);
        self.batch.push(Occurrence {
            detector: hit.detector,
            container: Arc::clone(&self.container),
            place: tracker.place(block, hit.range.clone()),
            masked: mask(detector.mask, value),
            fingerprint: self.key.of(&detector.id, value),
            confidence: hit.confidence,
            checks: hit.checks,
            keyword: hit.keyword,
        });
        *self.counts.entry(hit.detector).or_default() += 1;
        if self.batch.len() >= BATCH_OCCURRENCES {
            self.sink.occurrences(&mut self.batch);
            self.batch.clear();
        }
    }
}

impl Visitor for ObjectScan<'_> {
    fn member(&mut self, member: &Member) {
        self.container = Arc::clone(&member.container);
    }

    fn block(&mut self, block: &Block<'_>, tracker: &mut dyn Tracker) -> ControlFlow<()> {
        if self.stop.stopping() {
            return ControlFlow::Break(());
        }
        let mut hits = std::mem::take(&mut self.hits);
        hits.clear();
        self.scanner.scan(block, tracker, &mut |hit| {
            hits.push(hit);
            ControlFlow::Continue(())
        });
        for hit in &hits {
            self.keep(hit, block, tracker);
        }
        Progress::add(&self.progress.occurrences, hits.len() as u64);
        Progress::add(&self.progress.bytes_scanned, block.own.len() as u64);
        self.hits = hits;
        ControlFlow::Continue(())
    }

    fn member_end(&mut self, outcome: &MemberOutcome) {
        let of_note = outcome.status != Status::Complete || !outcome.container.is_empty();
        if of_note && self.members.len() < MEMBERS_KEPT_MAX {
            self.members.push(outcome.clone());
        }
    }
}
