//! A second look at the files of the misses that are shown: where each stands, and what came nearest
//! to finding it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::sync::{Arc, Mutex, PoisonError};

use super::files::{Options, on_threads, walk_file};
use super::label::LabelledFile;
use super::worst::{Miss, MissPlace};
use crate::detect::{Catalogue, NearMiss, Scanner};
use crate::model::mask::mask;
use crate::model::{
    Block, CatalogueIndex, MaskStyle, Member, MemberOutcome, Secret, Tracker, Visitor,
};

/// Most reasons kept of one miss.
const REASONS_MAX: usize = 4;

/// Why a value was not accepted, in words and without the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub detector: u16,
    pub text: String,
}

/// Fills in the places and reasons of `misses`.
pub(super) fn places(
    files: &[LabelledFile],
    catalogue: &Arc<Catalogue>,
    misses: &mut [Miss],
    options: &Options,
) {
    let mut by_file: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, miss) in misses.iter().enumerate() {
        by_file.entry(miss.file).or_default().push(number);
    }
    let by_file: Vec<(usize, Vec<usize>)> = by_file.into_iter().collect();
    let found: Mutex<Vec<(usize, MissPlace)>> = Mutex::new(Vec::new());
    let wanted: &[Miss] = misses;
    on_threads(options.threads, by_file.len(), &|next| {
        while let Some(number) = next() {
            let (file, numbers) = &by_file[number];
            let mut look = Look {
                index: catalogue.index(),
                scanner: Scanner::new(Arc::clone(catalogue)),
                misses: numbers.iter().map(|&n| (n, &wanted[n])).collect(),
                container: Arc::from([]),
                found: Vec::new(),
            };
            // what cannot be read again has no place
            let _ = walk_file(&files[*file].path, &options.limits, &mut look);
            let mut all = found.lock().unwrap_or_else(PoisonError::into_inner);
            all.append(&mut look.found);
        }
    });
    for (number, place) in found.into_inner().unwrap_or_else(PoisonError::into_inner) {
        misses[number].place = Some(place);
    }
}

/// Looks for the misses of one file.
struct Look<'a> {
    index: &'a CatalogueIndex,
    scanner: Scanner,
    /// With their numbers.
    misses: Vec<(usize, &'a Miss)>,
    container: Arc<[String]>,
    found: Vec<(usize, MissPlace)>,
}

/// The stored bytes that a block owns, from its first character to its last.
fn stored(block: &Block<'_>, tracker: &mut dyn Tracker) -> Option<Range<u64>> {
    let first = character(block.text, block.own.start)?;
    let last = character(block.text, block.own.end.checked_sub(1)?)?;
    let start = tracker.place(block, first).byte_range.start;
    Some(start..tracker.place(block, last).byte_range.end)
}

/// The stretch of a block's text that a range of stored bytes became; it begins in what the block
/// owns.
fn locate(
    block: &Block<'_>,
    tracker: &mut dyn Tracker,
    range: &Range<u64>,
) -> Option<Range<usize>> {
    let start = last_before(block, tracker, block.own.clone(), range.start)?;
    let stored = tracker.place(block, start.clone()).byte_range;
    if !stored.contains(&range.start) {
        return None;
    }
    let rest = start.start..block.text.len();
    let end = last_before(block, tracker, rest, range.end.saturating_sub(1))?;
    Some(start.start..end.end)
}

/// The last character in `within` that begins at or before `at` stored bytes.
fn last_before(
    block: &Block<'_>,
    tracker: &mut dyn Tracker,
    within: Range<usize>,
    at: u64,
) -> Option<Range<usize>> {
    let (mut low, mut high) = (within.start, within.end);
    // the character at `low` is known to begin early enough, that at `high` too late
    while high - low > 1 {
        let middle = character(block.text, low + (high - low) / 2)?;
        if middle.start <= low {
            let after = character(block.text, low)?.end;
            if after >= high {
                break;
            }
            match tracker
                .place(block, character(block.text, after)?)
                .byte_range
                .start
                <= at
            {
                true => low = after,
                false => high = after,
            }
            continue;
        }
        match tracker.place(block, middle.clone()).byte_range.start <= at {
            true => low = middle.start,
            false => high = middle.start,
        }
    }
    character(block.text, low)
}

/// The character that holds the byte at `at`.
fn character(text: &[u8], at: usize) -> Option<Range<usize>> {
    let is_tail = |i: usize| text.get(i).is_some_and(|b| b & 0xc0 == 0x80);
    if at >= text.len() {
        return None;
    }
    let low = at.saturating_sub(3);
    let start = (low..=at).rev().find(|&i| !is_tail(i)).unwrap_or(at);
    let end = (at + 1..=at + 3).find(|&i| !is_tail(i)).unwrap_or(at + 1);
    Some(start..end.min(text.len()))
}

impl Look<'_> {
    /// What came near to being found at a range, the same identifier first, then by overlap.
    fn reasons(&self, near: &[NearMiss], detector: u16, range: &Range<usize>) -> Vec<Reason> {
        let overlap = |n: &NearMiss| {
            let end = n.range.end.min(range.end);
            end.saturating_sub(n.range.start.max(range.start))
        };
        let mut near: Vec<&NearMiss> = near.iter().filter(|n| overlap(n) > 0).collect();
        near.sort_by_key(|n| (n.detector != detector, Reverse(overlap(n)), n.detector));
        near.into_iter()
            .take(REASONS_MAX)
            .map(|n| Reason {
                detector: n.detector,
                text: n.reason.describe(self.index),
            })
            .collect()
    }
}

impl Visitor for Look<'_> {
    fn member(&mut self, member: &Member) {
        self.container = Arc::clone(&member.container);
        self.scanner.begin_member();
    }

    fn block(&mut self, block: &Block<'_>, tracker: &mut dyn Tracker) -> ControlFlow<()> {
        let Some(stored) = stored(block, tracker) else {
            return ControlFlow::Continue(());
        };
        let here: Vec<(usize, u16, Range<usize>)> = self
            .misses
            .iter()
            .filter(|(_, miss)| miss.container == self.container)
            .filter(|(_, miss)| stored.contains(&miss.range.start))
            .filter_map(|(number, miss)| {
                let range = locate(block, tracker, &miss.range)?;
                Some((*number, miss.detector, range))
            })
            .collect();
        if here.is_empty() {
            return ControlFlow::Continue(());
        }
        let mut near = Vec::new();
        // the sink never breaks off, so neither does the scan
        let _ = self.scanner.scan_explained(
            block,
            tracker,
            &mut |_| ControlFlow::Continue(()),
            &mut |miss| near.push(miss),
        );
        for (number, detector, range) in here {
            let place = tracker.place(block, range.clone());
            let reasons = self.reasons(&near, detector, &range);
            let value = Secret::new(block.text.get(range).unwrap_or_default());
            let info = self.index.detectors.get(usize::from(detector));
            let style = info.map_or(MaskStyle::All, |d| d.mask);
            self.found.push((
                number,
                MissPlace {
                    line: place.line,
                    column: place.column,
                    masked: mask(style, value),
                    reasons,
                },
            ));
        }
        ControlFlow::Continue(())
    }

    fn member_end(&mut self, _: &MemberOutcome) {}
}
