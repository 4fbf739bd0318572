//! Where content and detectors meet: one object's blocks go to the scanner, its hits become
//! occurrences.
//!
//! Leaves fetching to the pipeline and keeping to the recorder.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::allow::Matcher;
use super::fingerprint::Fingerprints;
use super::names::NameMask;
use super::progress::Progress;
use super::stop::Stop;
use crate::detect::Scanner;
use crate::model::mask::mask_into;
use crate::model::record::RecordBuilder;
use crate::model::{
    Block, CatalogueIndex, Hit, Member, MemberOutcome, Occurrence, Place, Rivals, Secret, Tracker,
    Visitor,
};
use crate::store::{Chunk, ChunkPacker};

/// Takes the packed occurrences of an object, in order, while it is scanned. `Break`: they cannot
/// be kept, the scan is pointless.
pub type ChunkSink<'a> = &'a mut dyn FnMut(Chunk) -> ControlFlow<()>;

/// Scans one object: the [`Visitor`] that content drives.
pub struct ObjectScan<'a, 'm> {
    pub scanner: &'a mut Scanner,
    pub packer: &'a mut ChunkPacker,
    pub names: &'a mut NameMask,
    /// `None` where no list was given.
    pub allow: Option<&'a mut Matcher<'m>>,
    pub index: &'a CatalogueIndex,
    pub fingerprints: &'a Fingerprints,
    pub progress: &'a Progress,
    pub stop: &'a Stop,
    pub sink: ChunkSink<'a>,
    pub record: RecordBuilder,
    pub hits: Vec<Hit>,
    /// The occurrence last kept, whose space is used again; its container is that of the current
    /// member.
    pub occurrence: Occurrence,
    /// The sink broke off.
    pub broken: bool,
}

/// An occurrence of nothing, in no container.
pub fn blank() -> Occurrence {
    Occurrence {
        detector: 0,
        container: Arc::from([]),
        place: Place::default(),
        masked: String::new(),
        fingerprint: 0,
        confidence: 0.0,
        checks: 0,
        keyword: None,
        rivals: Rivals::default(),
    }
}

impl ObjectScan<'_, '_> {
    /// Hands over what is left in the packer.
    pub fn flush(&mut self) {
        if let Some(chunk) = self.packer.finish() {
            self.send(chunk);
        }
    }

    fn send(&mut self, chunk: Chunk) {
        if !self.broken {
            self.broken = (self.sink)(chunk).is_break();
        }
    }

    /// Records a hit. `false`: it is allowed, and counted as such alone.
    fn keep(&mut self, hit: &Hit, block: &Block<'_>, tracker: &mut dyn Tracker) -> bool {
        let Some(detector) = self.index.detectors.get(usize::from(hit.detector)) else {
            return false;
        };
        let Some(bytes) = block.text.get(hit.range.clone()) else {
            return false;
        };
        let value = Secret::new(bytes);
        let Some(fingerprint) = self.fingerprints.of(hit.detector, value) else {
            return false;
        };
        if let Some(allow) = &mut self.allow
            && allow.allows(hit.detector, value, || fingerprint)
        {
            return false;
        }
        let kept = &mut self.occurrence;
        kept.detector = hit.detector;
        tracker.place_into(block, hit.range.clone(), &mut kept.place);
        self.names.apply(&mut kept.place);
        mask_into(detector.mask, value, &mut kept.masked);
        kept.fingerprint = fingerprint;
        kept.confidence = hit.confidence;
        kept.checks = hit.checks;
        kept.keyword = hit.keyword;
        kept.rivals = hit.rivals;
        self.record.push(kept);
        if let Some(chunk) = self.packer.push(kept, self.index) {
            self.send(chunk);
        }
        true
    }
}

impl Visitor for ObjectScan<'_, '_> {
    fn member(&mut self, member: &Member) {
        self.occurrence.container = Arc::clone(&member.container);
        self.scanner.begin_member();
    }

    fn block(&mut self, block: &Block<'_>, tracker: &mut dyn Tracker) -> ControlFlow<()> {
        if self.stop.stopping() || self.broken {
            return ControlFlow::Break(());
        }
        let mut hits = std::mem::take(&mut self.hits);
        hits.clear();
        // the sink never breaks off, so neither does the scan
        let _ = self.scanner.scan(block, tracker, &mut |hit| {
            hits.push(hit);
            ControlFlow::Continue(())
        });
        let mut kept = 0;
        for hit in &hits {
            kept += u64::from(self.keep(hit, block, tracker));
        }
        Progress::add(&self.progress.occurrences, kept);
        Progress::add(&self.progress.bytes_scanned, block.own.len() as u64);
        self.hits = hits;
        ControlFlow::Continue(())
    }

    fn member_end(&mut self, outcome: &MemberOutcome) {
        self.record.member_end(outcome);
    }
}
