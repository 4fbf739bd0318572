//! The scan: anchors, keywords, shapes and checks over one block, hits to a sink.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::anchor::Anchors;
use super::candidate::{self, Candidate, MARGIN_BYTES};
use super::catalogue::Catalogue;
use super::class::Level;
use super::fields::Fields;
use super::keyword::Finds;
use super::number::Region;
use super::pass::{PAYLOAD_BYTES_MAX, Pass};
use crate::model::text::{LOOKAHEAD_BYTES, LOOKBEHIND_BYTES};
use crate::model::{Block, Context, Hit};

/// Own bytes that are scanned at a time: the lists of positions stay in cache and bounded.
const PIECE_BYTES: usize = 256 * 1024;
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
    pub regions: Vec<Region>,
    pub fields: Fields,
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
    }

    /// Scans one block and pushes the hits that start in `block.own` into `sink`.
    ///
    /// Hits: byte ranges into `block.text`, ascending by start, then detector. What is reported
    /// depends on the text within the look-behind and look-ahead of a hit, never on the cuts.
    /// Time grows linearly with the text, memory does not grow with it. `Break` stops the scan.
    pub fn scan(
        &mut self,
        block: &Block<'_>,
        ctx: &mut dyn Context,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.scratch.fields.begin(block);
        let end = block.own.end.min(block.text.len());
        let mut from = block.own.start;
        while from < end {
            let to = (from + PIECE_BYTES).min(end);
            self.piece(block, ctx, from..to, sink)?;
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
        scratch.anchors.sweep(self.level, text, from, to);
        scratch.found.clear();
        self.catalogue
            .keywords
            .find(text, &scratch.anchors.words, &mut scratch.found);
        scratch.candidates.clear();
        scratch.fields.window();

        let mut pass = Pass {
            catalogue: &self.catalogue,
            block,
            window,
            text,
            shape: ctx.shape(),
            ctx,
            anchors: &scratch.anchors,
            found: &scratch.found.keywords,
            labels: &scratch.found.labels,
            next_keyword: 0,
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

        scratch
            .candidates
            .retain(|c| near.contains(&(c.start as usize)));
        candidate::settle(&mut scratch.candidates, &mut scratch.order);
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
}
