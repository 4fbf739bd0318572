//! Where content and detectors meet: one object's blocks go to the scanner, its hits become
//! occurrences.
//!
//! Leaves fetching to the pipeline and keeping to the recorder.

use std::hash::Hasher;
use std::ops::ControlFlow;
use std::sync::Arc;

use siphasher::sip::SipHasher24;

use super::names::NameMask;
use super::progress::Progress;
use super::stop::Stop;
use crate::detect::Scanner;
use crate::model::mask::mask;
use crate::model::record::RecordBuilder;
use crate::model::{
    Block, CatalogueIndex, Hit, Member, MemberOutcome, Occurrence, Secret, Tracker, Visitor,
};
use crate::store::{Chunk, ChunkPacker};

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

/// Takes the packed occurrences of an object, in order, while it is scanned. `Break`: they cannot
/// be kept, the scan is pointless.
pub type ChunkSink<'a> = &'a mut dyn FnMut(Chunk) -> ControlFlow<()>;

/// Scans one object: the [`Visitor`] that content drives.
pub struct ObjectScan<'a> {
    pub scanner: &'a mut Scanner,
    pub packer: &'a mut ChunkPacker,
    pub names: &'a mut NameMask,
    pub index: &'a CatalogueIndex,
    pub key: FingerprintKey,
    pub progress: &'a Progress,
    pub stop: &'a Stop,
    pub sink: ChunkSink<'a>,
    pub record: RecordBuilder,
    pub hits: Vec<Hit>,
    /// Names of the current member.
    pub container: Arc<[String]>,
    /// The sink broke off.
    pub broken: bool,
}

impl ObjectScan<'_> {
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

    fn keep(&mut self, hit: &Hit, block: &Block<'_>, tracker: &mut dyn Tracker) {
        let Some(detector) = self.index.detectors.get(usize::from(hit.detector)) else {
            return;
        };
        let Some(bytes) = block.text.get(hit.range.clone()) else {
            return;
        };
        let value = Secret::new(bytes);
        let mut place = tracker.place(block, hit.range.clone());
        self.names.apply(&mut place);
        let occurrence = Occurrence {
            detector: hit.detector,
            container: Arc::clone(&self.container),
            place,
            masked: mask(detector.mask, value),
            fingerprint: self.key.of(&detector.id, value),
            confidence: hit.confidence,
            checks: hit.checks,
            keyword: hit.keyword,
        };
        self.record.push(&occurrence);
        if let Some(chunk) = self.packer.push(&occurrence, self.index) {
            self.send(chunk);
        }
    }
}

impl Visitor for ObjectScan<'_> {
    fn member(&mut self, member: &Member) {
        self.container = Arc::clone(&member.container);
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
        for hit in &hits {
            self.keep(hit, block, tracker);
        }
        Progress::add(&self.progress.occurrences, hits.len() as u64);
        Progress::add(&self.progress.bytes_scanned, block.own.len() as u64);
        self.hits = hits;
        ControlFlow::Continue(())
    }

    fn member_end(&mut self, outcome: &MemberOutcome) {
        self.record.member_end(outcome);
    }
}
