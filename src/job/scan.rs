//! Where content and detectors meet: one object's blocks go to the scanner, its hits become
//! occurrences.
//!
//! Leaves fetching to the pipeline and keeping to the recorder.

use std::hash::Hasher;
use std::ops::ControlFlow;
use std::sync::Arc;

use siphasher::sip::SipHasher24;

use super::allow::Matcher;
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

/// Id and value together of what is hashed in one piece.
const HASHED_AT_ONCE_BYTES: usize = 96;

/// The secret that keys fingerprints, one a state folder.
#[derive(Clone, Copy)]
pub struct FingerprintKey(pub [u8; 16]);

impl FingerprintKey {
    /// SipHash-2-4 of the identifier's id, a zero byte and the value.
    pub fn of(&self, detector_id: &str, value: Secret<'_>) -> u64 {
        let (id, value) = (detector_id.as_bytes(), value.expose());
        let hasher = SipHasher24::new_with_key(&self.0);
        let mut joined = [0; HASHED_AT_ONCE_BYTES];
        let len = id.len() + 1 + value.len();
        // nearly all: in one piece, which is faster and gives the same
        if let Some(joined) = joined.get_mut(..len) {
            joined[..id.len()].copy_from_slice(id);
            joined[id.len() + 1..].copy_from_slice(value);
            return hasher.hash(joined);
        }
        let mut hasher = hasher;
        hasher.write(id);
        hasher.write_u8(0);
        hasher.write(value);
        hasher.finish()
    }
}

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
    pub key: FingerprintKey,
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
        if let Some(allow) = &mut self.allow
            && allow.allows(hit.detector, value, || self.key.of(&detector.id, value))
        {
            return false;
        }
        let kept = &mut self.occurrence;
        kept.detector = hit.detector;
        kept.place = tracker.place(block, hit.range.clone());
        self.names.apply(&mut kept.place);
        mask_into(detector.mask, value, &mut kept.masked);
        kept.fingerprint = self.key.of(&detector.id, value);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_does_not_depend_on_how_it_is_hashed() {
        let key = FingerprintKey(*b"0123456789abcdef");
        let text = [b'7'; 300];
        for len in 0..text.len() {
            let value = &text[..len];
            let mut hasher = SipHasher24::new_with_key(&key.0);
            hasher.write(b"SOME_IDENTIFIER\0");
            hasher.write(value);
            let got = key.of("SOME_IDENTIFIER", Secret::new(value));
            assert_eq!(got, hasher.finish(), "{len}");
        }
    }
}
