//! The scan: anchors, keywords, shapes and checks over one block, hits to a sink.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::anchor::Anchors;
use super::candidate::{self, Candidate, MARGIN_BYTES};
use super::catalogue::Catalogue;
use super::class::Level;
use super::custom::{self, Verdict};
use super::explain;
use super::fields::Fields;
use super::keyword::Finds;
use super::miss::{MissReason, NearMiss};
use super::number::Regions;
use super::pass::{PAYLOAD_BYTES_MAX, Pass};
use crate::model::text::{LOOKAHEAD_BYTES, LOOKBEHIND_BYTES};
use crate::model::{Block, Context, Hit};

/// Own bytes that are scanned at a time: the lists of positions stay in cache and bounded.
const PIECE_BYTES: usize = 256 * 1024;
/// Bytes whose words are looked up before those of the next are listed.
const PART_BYTES: usize = 16 * 1024;
/// Text before the first value that may matter in which keywords and `{` must be known, in bytes.
const BEFORE_BYTES: usize = PAYLOAD_BYTES_MAX + 256;
/// Text after the last such value in which keywords must be known, in bytes.
const AFTER_BYTES: usize = 1024;
const _: () = assert!(BEFORE_BYTES + MARGIN_BYTES <= LOOKBEHIND_BYTES);
const _: () = assert!(AFTER_BYTES + MARGIN_BYTES <= LOOKAHEAD_BYTES);

/// Buffers that live from piece to piece.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub anchors: Anchors,
    pub found: Finds,
    pub candidates: Vec<Candidate>,
    pub order: Vec<u32>,
    /// How far each pattern with a keyword anchor has been tried.
    pub tried: Vec<u32>,
    /// Starts of numbers, for the addresses.
    pub numbers: Vec<u32>,
    /// Where numbers may have keywords.
    pub regions: Regions,
    pub fields: Fields,
    pub custom: custom::Scratch,
    /// Values of the user's own detectors, which stand beside the others.
    pub own: Vec<Candidate>,
    pub hits: Vec<Hit>,
}

/// Scans blocks with a [`Catalogue`]. One per thread; keeps its buffers.
#[derive(Debug)]
pub struct Scanner {
    catalogue: Arc<Catalogue>,
    level: Level,
    scratch: Scratch,
}

impl Scanner {
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self::with_level(catalogue, Level::best())
    }

    /// With the given instructions; levels that the processor lacks fall back to plain code. The
    /// hits are the same on every level.
    pub fn with_level(catalogue: Arc<Catalogue>, level: Level) -> Self {
        Scanner {
            catalogue,
            level,
            scratch: Scratch::default(),
        }
    }

    /// Forgets what it knows of the fields of the current member. A block that does not continue
    /// the last one does so by itself.
    pub fn begin_member(&mut self) {
        self.scratch.fields.forget();
        self.scratch.custom.forget();
    }

    /// Scans one block and pushes the hits that start in `block.own` into `sink`.
    ///
    /// Hits: byte ranges into `block.text`, ascending by start, then detector. What is reported
    /// depends on the text within the look-behind and look-ahead of a hit, never on the cuts; of
    /// custom identifiers, also on where their last match ended, which is remembered from one block
    /// of a member to the next.
    /// Time grows linearly with the text, memory does not grow with it. `Break` stops the scan.
    pub fn scan(
        &mut self,
        block: &Block<'_>,
        ctx: &mut dyn Context,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.pieces(block, ctx, sink, None)
    }

    /// As [`Self::scan`], and tells what was almost reported: values that have the form of a
    /// detector's and failed an edge, a check or the keywords, are known samples, or lost against
    /// a better value.
    ///
    /// The hits are those of [`Self::scan`]. `misses`: those that start in `block.own`, ascending by
    /// start, then detector, piece by piece with the hits; one reason for each detector and range,
    /// and none for what the same detector reports there. The recognisers (names, addresses, dates
    /// of birth) tell only of what lost. Much slower than the scan alone, by the number of patterns.
    pub fn scan_explained(
        &mut self,
        block: &Block<'_>,
        ctx: &mut dyn Context,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
        misses: &mut dyn FnMut(NearMiss),
    ) -> ControlFlow<()> {
        self.pieces(block, ctx, sink, Some(misses))
    }

    fn pieces(
        &mut self,
        block: &Block<'_>,
        ctx: &mut dyn Context,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
        mut misses: Option<&mut dyn FnMut(NearMiss)>,
    ) -> ControlFlow<()> {
        self.scratch.fields.begin(block);
        self.scratch.custom.begin(block);
        let end = block.own.end.min(block.text.len());
        let mut from = block.own.start;
        while from < end {
            let to = (from + PIECE_BYTES).min(end);
            self.piece(block, ctx, from..to, sink, &mut misses)?;
            from = to;
        }
        ControlFlow::Continue(())
    }

    fn piece(
        &mut self,
        block: &Block<'_>,
        ctx: &mut dyn Context,
        own: Range<usize>,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
        misses: &mut Option<&mut dyn FnMut(NearMiss)>,
    ) -> ControlFlow<()> {
        let window = own.start.saturating_sub(LOOKBEHIND_BYTES)
            ..(own.end + LOOKAHEAD_BYTES).min(block.text.len());
        let base = window.start;
        let text = &block.text[window.clone()];
        let own = own.start - base..own.end - base;
        // values that may overlap those of the piece
        let near = own.start.saturating_sub(MARGIN_BYTES)..(own.end + MARGIN_BYTES).min(text.len());
        let from = near.start.saturating_sub(BEFORE_BYTES);
        let to = (near.end + AFTER_BYTES).min(text.len());

        let scratch = &mut self.scratch;
        let (anchors, found) = (&mut scratch.anchors, &mut scratch.found);
        anchors.begin(text, from);
        found.clear();
        let mut at = from;
        while at < to {
            at = (at + PART_BYTES).min(to);
            anchors.words.clear();
            anchors.odd_words.clear();
            anchors.sweep(self.level, text, at, self.catalogue.omit);
            let keywords = &self.catalogue.keywords;
            keywords.find(text, &anchors.words, &anchors.odd_words, found);
        }
        scratch.candidates.clear();
        scratch.fields.window();

        let mut pass = Pass {
            catalogue: &self.catalogue,
            block,
            window,
            text,
            shape: ctx.shape(),
            has_fields: ctx.has_fields(),
            ctx,
            anchors: &scratch.anchors,
            found: &scratch.found.keywords,
            labels: &scratch.found.labels,
            next_keyword: 0,
            near_keyword: 0,
            next_brace: 0,
            fields: &mut scratch.fields,
            candidates: &mut scratch.candidates,
        };
        pass.numbers(&mut scratch.numbers, &mut scratch.regions);
        pass.literals(&scratch.found.literals);
        pass.ats();
        pass.keyword_anchors(&mut scratch.tried);
        pass.cells(&own);
        pass.recognise(&near, &scratch.numbers);
        let mut missed = Vec::new();
        if misses.is_some() {
            pass.explain(&own, &scratch.found.literals, &mut missed);
        }
        if self.catalogue.customs.any {
            if misses.is_some() {
                scratch.custom.judged.get_or_insert_default();
            }
            pass.customs(&own, &mut scratch.custom);
        }

        scratch
            .candidates
            .retain(|c| near.contains(&(c.start as usize)));
        if self.catalogue.customs.any {
            return self.beside(base, &own, sink, missed, misses);
        }
        match misses {
            None => candidate::settle(&mut scratch.candidates, &mut scratch.order, &mut |_, _| {}),
            Some(misses) => {
                let (candidates, order) = (&mut scratch.candidates, &mut scratch.order);
                let mut missed = settle_told(candidates, order, &own, missed, base);
                explain::tell(&mut missed, base, *misses);
            }
        }
        let first = scratch
            .candidates
            .partition_point(|c| (c.start as usize) < own.start);
        for candidate in &scratch.candidates[first..] {
            if candidate.start as usize >= own.end {
                break;
            }
            sink(candidate.hit(base))?;
        }
        ControlFlow::Continue(())
    }

    /// Settles the values of a piece where some detectors are the user's own: each of these for itself,
    /// all others among themselves.
    fn beside(
        &mut self,
        base: usize,
        own: &Range<usize>,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
        missed: Vec<NearMiss>,
        misses: &mut Option<&mut dyn FnMut(NearMiss)>,
    ) -> ControlFlow<()> {
        let scratch = &mut self.scratch;
        let detectors = &self.catalogue.detectors;
        let is_own = |c: &Candidate| detectors[c.detector as usize].own;
        scratch.own.clear();
        scratch
            .own
            .extend(scratch.candidates.extract_if(.., |c| is_own(c)));
        scratch.own.sort_by_key(|c| c.detector);
        let (candidates, order) = (&mut scratch.candidates, &mut scratch.order);
        match misses {
            None => candidate::settle(candidates, order, &mut |_, _| {}),
            Some(misses) => {
                let mut missed = settle_told(candidates, order, own, missed, base);
                let judged = scratch.custom.judged.take().unwrap_or_default();
                missed.extend(judged.into_iter().filter_map(|j| missed_by(j, base)));
                missed.sort_by_key(|m| (m.range.start, m.detector));
                explain::tell(&mut missed, base, *misses);
            }
        }
        scratch.hits.clear();
        let hits = &mut scratch.hits;
        let mut add = |values: &[Candidate]| {
            let starts_here = |c: &&Candidate| own.contains(&(c.start as usize));
            hits.extend(values.iter().filter(starts_here).map(|c| c.hit(base)));
        };
        add(&scratch.candidates);
        while let Some(detector) = scratch.own.last().map(|c| c.detector) {
            let first = scratch.own.partition_point(|c| c.detector < detector);
            scratch.candidates.clear();
            scratch.candidates.extend(scratch.own.drain(first..));
            candidate::settle(&mut scratch.candidates, &mut scratch.order, &mut |_, _| {});
            add(&scratch.candidates);
        }
        hits.extend(scratch.custom.hits.drain(..).map(|mut hit| {
            hit.range = base + hit.range.start..base + hit.range.end;
            hit
        }));
        hits.sort_by_key(|hit| (hit.range.start, hit.detector));
        for hit in hits.drain(..) {
            sink(hit)?;
        }
        ControlFlow::Continue(())
    }

    /// Every text that the expressions of custom identifiers match in a block, and whether it counts:
    /// those that start in `block.own`, by start and detector, ranges into `block.text`.
    pub fn judge(&mut self, block: &Block<'_>, ctx: &mut dyn Context) -> Vec<custom::Judged> {
        self.scratch.custom.judged = Some(Vec::new());
        // the sink never breaks off, so neither does the scan
        let _ = self.scan(block, ctx, &mut |_| ControlFlow::Continue(()));
        let mut judged = self.scratch.custom.judged.take().unwrap_or_default();
        judged.sort_by_key(|j| (j.range.start, j.detector));
        judged
    }
}

/// Settles the values, and adds those of `own` that lost to what was missed; into the window, but
/// for the range of the winner, which is moved by `base`.
fn settle_told(
    candidates: &mut Vec<Candidate>,
    order: &mut Vec<u32>,
    own: &Range<usize>,
    mut missed: Vec<NearMiss>,
    base: usize,
) -> Vec<NearMiss> {
    let range = |c: &Candidate| c.start as usize..c.end as usize;
    let accepted: Vec<_> = candidates.iter().map(|c| (c.detector, range(c))).collect();
    candidate::settle(candidates, order, &mut |loser, winner| {
        if loser.detector != winner.detector && own.contains(&(loser.start as usize)) {
            missed.push(NearMiss {
                detector: loser.detector,
                range: range(loser),
                reason: MissReason::Lost {
                    to: winner.detector,
                    range: base + winner.start as usize..base + winner.end as usize,
                },
            });
        }
    });
    explain::tidy(&mut missed, accepted);
    missed
}

/// What the expression of a custom identifier matched and does not count.
fn missed_by(judged: custom::Judged, base: usize) -> Option<NearMiss> {
    let reason = match judged.verdict {
        Verdict::Counts(_) => return None,
        Verdict::IgnoreWord(_) => MissReason::IgnoreWord,
        Verdict::NoKeyword(None) => MissReason::KeywordMissing,
        Verdict::NoKeyword(Some((keyword, to_end))) => {
            MissReason::CustomKeywordFar { keyword, to_end }
        }
    };
    Some(NearMiss {
        detector: judged.detector,
        range: judged.range.start - base..judged.range.end - base,
        reason,
    })
}
