//! One labelled file: its blocks to the scanner, its hits to the matcher, member by member.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::files::Unread;
use super::label::{LabelError, LabelledFile, MemberLabels, MemberName};
use super::matching::{Found, Matcher, Outcome, Wrong};
use super::same::Same;
use super::score::Scores;
use super::worst::{Miss, Worst, WrongHit};
use crate::detect::Scanner;
use crate::model::mask::mask;
use crate::model::{
    Block, CatalogueIndex, Hit, KeywordHit, Member, MemberOutcome, Secret, Status, Tracker, Visitor,
};

/// What a hit was, for the case that it is wrong.
pub(super) struct Note {
    line: u64,
    column: u64,
    masked: String,
    confidence: f32,
    keyword: Option<KeywordHit>,
}

/// What one thread has counted.
pub(super) struct Sums {
    pub scores: Scores,
    pub misses: Worst<Miss>,
    pub wrong: Worst<WrongHit>,
    pub bytes: u64,
    pub unread: Vec<Unread>,
}

/// What the scoring needs to know.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub index: &'a CatalogueIndex,
    pub same: &'a Same,
}

/// Scores one file: the [`Visitor`] that content drives.
pub(super) struct FileVisit<'a, 's> {
    known: Known<'a>,
    scanner: &'s mut Scanner,
    sums: &'s mut Sums,
    file: &'a LabelledFile,
    number: usize,
    current: Option<Current<'a>>,
    seen: BTreeSet<MemberName>,
    members: u64,
    hits: Vec<Hit>,
    /// The first thing that is wrong with the labels.
    pub error: Option<LabelError>,
}

/// The member that is being read.
struct Current<'a> {
    container: Arc<[String]>,
    labels: Option<&'a MemberLabels>,
    matcher: Matcher<'a, Note>,
}

/// The name by which labels know a member.
pub(super) fn member_name(container: &[String]) -> MemberName {
    (!container.is_empty()).then(|| Arc::from(container.join("/")))
}

/// The labels of a member: under its name, or, for the first of a container, those without one.
pub(super) fn labels_of<'a>(
    file: &'a LabelledFile,
    container: &[String],
    first: bool,
) -> Option<(MemberName, &'a MemberLabels)> {
    let name = member_name(container);
    match file.members.get(&name) {
        Some(labels) => Some((name, labels)),
        None if first => file.members.get(&None).map(|labels| (None, labels)),
        None => None,
    }
}

impl<'a, 's> FileVisit<'a, 's> {
    pub fn new(
        known: Known<'a>,
        scanner: &'s mut Scanner,
        sums: &'s mut Sums,
        file: &'a LabelledFile,
        number: usize,
    ) -> Self {
        FileVisit {
            known,
            scanner,
            sums,
            file,
            number,
            current: None,
            seen: BTreeSet::new(),
            members: 0,
            hits: Vec::new(),
            error: None,
        }
    }

    fn keep(&mut self, hit: &Hit, block: &Block<'_>, tracker: &mut dyn Tracker) {
        let Some(detector) = self.known.index.detectors.get(usize::from(hit.detector)) else {
            return;
        };
        let (Some(bytes), Some(current)) =
            (block.text.get(hit.range.clone()), self.current.as_mut())
        else {
            return;
        };
        let place = tracker.place(block, hit.range.clone());
        let found = Found {
            detector: hit.detector,
            range: place.byte_range,
            note: Note {
                line: place.line,
                column: place.column,
                masked: mask(detector.mask, Secret::new(bytes)),
                confidence: hit.confidence,
                keyword: hit.keyword,
            },
        };
        if let Some(found) = current.matcher.take(found) {
            let container = Arc::clone(&current.container);
            self.wrong(container, Wrong { found, over: None });
        }
    }

    fn wrong(&mut self, container: Arc<[String]>, wrong: Wrong<Note>) {
        let Found {
            detector,
            range,
            note,
        } = wrong.found;
        self.sums.scores.wrong(detector);
        let keywords = &self.known.index.keywords;
        self.sums.wrong.push(WrongHit {
            detector,
            file: self.number,
            container,
            range,
            line: note.line,
            column: note.column,
            masked: note.masked,
            confidence: note.confidence,
            keyword: note
                .keyword
                .and_then(|k| keywords.get(k.keyword as usize).cloned()),
            over: wrong.over,
        });
    }

    /// Ends the current member; `bytes`: how many it had, where it was read wholly.
    fn judge(&mut self, bytes: Option<u64>) {
        let Some(current) = self.current.take() else {
            return;
        };
        let judged = current.matcher.finish();
        for wrong in judged.wrong {
            self.wrong(Arc::clone(&current.container), wrong);
        }
        let Some(labels) = current.labels else {
            return;
        };
        let outcomes = judged.outcomes.into_iter();
        self.enter(&current.container, labels, outcomes, bytes);
    }

    fn enter(
        &mut self,
        container: &Arc<[String]>,
        labels: &MemberLabels,
        outcomes: impl Iterator<Item = Outcome>,
        bytes: Option<u64>,
    ) {
        for ((label, line), outcome) in labels.labels.iter().zip(&labels.lines).zip(outcomes) {
            if let Some(bytes) = bytes.filter(|&b| label.end > b) {
                let (start, end) = (label.start, label.end);
                let cause = format!("{start}..{end} is beyond the end, there are {bytes} bytes");
                self.fault(*line, cause);
            }
            self.sums.scores.label(label.detector, outcome);
            if let (Outcome::Missed { confused }, Some(detector)) = (outcome, label.detector) {
                self.sums.misses.push(Miss {
                    detector,
                    file: self.number,
                    container: Arc::clone(container),
                    range: label.range(),
                    confused,
                    place: None,
                });
            }
        }
    }

    fn fault(&mut self, line: u64, cause: String) {
        if self.error.as_ref().is_none_or(|e| line < e.line) {
            self.error = Some(self.file.error(line, cause));
        }
    }

    /// The file was read to its end, or as far as it goes: what is left of its labels is missed, and
    /// wrong where the file is whole.
    pub fn finish(&mut self, whole: bool) {
        self.judge(None);
        self.sole_member_expected();
        for (name, labels) in &self.file.members {
            if self.seen.contains(name) {
                continue;
            }
            if let (true, Some(&line)) = (whole, labels.lines.iter().min()) {
                let cause = match name {
                    Some(name) => format!("{} holds no text member {name}", self.file.name),
                    None => format!("{} holds no text", self.file.name),
                };
                self.fault(line, cause);
            }
            let container: Arc<[String]> = name.iter().map(|n| n.to_string()).collect();
            let missed = labels.labels.iter().map(|l| match l.optional {
                true => Outcome::Aside,
                false => Outcome::Missed { confused: None },
            });
            self.enter(&container, labels, missed, None);
        }
    }

    /// Labels without a member are for a file that is one, or holds one.
    fn sole_member_expected(&mut self) {
        let unnamed = self.file.members.get(&None).map(|m| &m.lines);
        if let (2.., Some(&line)) = (self.members, unnamed.and_then(|l| l.iter().min())) {
            let cause = format!(
                "{} holds {} members; name one with \"member\"",
                self.file.name, self.members
            );
            self.fault(line, cause);
        }
    }
}

impl Visitor for FileVisit<'_, '_> {
    fn member(&mut self, member: &Member) {
        self.judge(None);
        self.scanner.begin_member();
        let unnamed = self.seen.contains(&None);
        let found = labels_of(self.file, &member.container, !unnamed);
        let labels = found.map(|(name, labels)| {
            self.seen.insert(name);
            labels
        });
        let known: &[_] = labels.map_or(&[], |l| &l.labels);
        self.current = Some(Current {
            container: Arc::clone(&member.container),
            labels,
            matcher: Matcher::new(known, self.known.same),
        });
    }

    fn block(&mut self, block: &Block<'_>, tracker: &mut dyn Tracker) -> ControlFlow<()> {
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
        self.hits = hits;
        ControlFlow::Continue(())
    }

    fn member_end(&mut self, outcome: &MemberOutcome) {
        self.members += 1;
        let whole = outcome.status == Status::Complete;
        let ended = self
            .current
            .as_ref()
            .is_some_and(|c| c.container == outcome.container);
        if ended {
            self.judge(whole.then_some(outcome.bytes_scanned));
        }
        if !whole && !outcome.container.is_empty() {
            self.sums.unread.push(Unread {
                file: self.file.name.clone(),
                container: outcome.container.to_vec(),
                status: outcome.status,
                reason: outcome.reason,
                detail: outcome.detail.clone().unwrap_or_default(),
            });
        }
    }
}
