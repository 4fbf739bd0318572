//! What a run has to tell in the end, read from the store: totals, worst objects, first places,
//! gaps. A resumed run therefore tells the same as an uninterrupted one.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::allow::{self, AllowLists};
use super::run::Outcome;
use crate::model::allow::AllowListUse;
use crate::model::record::OccurrenceView;
use crate::model::report::{DetectorTotal, Gap, ObjectRow, SeverityTotals};
use crate::model::{Coverage, JobInfo, Place, Severity, Side};
use crate::store::{Reader, StoreError};

/// Most rows of each kind that a report carries; the rest is counted.
const ROWS_MAX: usize = 200;
/// Occurrences looked at in one object for the first of each identifier.
const LOOKED_AT_MAX: u32 = 20_000;
/// Objects in which first places are looked for.
const PLACED_OBJECTS_MAX: usize = 20;

/// The end of a run.
#[derive(Clone, Debug)]
pub struct Report {
    pub job: JobInfo,
    pub coverage: Coverage,
    /// Most severe first, then most occurrences, then id.
    pub types: Vec<DetectorTotal>,
    pub severities: SeverityTotals,
    /// The allow lists of the job, in the order of the command line.
    pub allowed: Vec<AllowListUse>,
    /// Worst first.
    pub objects: Vec<ObjectTotal>,
    /// Objects that are not complete, each before its members that are not.
    pub gaps: Vec<Gap>,
    pub gaps_total: u64,
    /// Decoded bytes scanned, over all attempts.
    pub bytes_scanned: u64,
    pub resumed: bool,
    pub elapsed_seconds: f64,
}

/// What one object holds.
#[derive(Clone, Debug)]
pub struct ObjectTotal {
    pub row: ObjectRow,
    /// Identifier, severity, occurrences.
    pub counts: Vec<(String, Option<Severity>, u64)>,
    /// The first occurrence of each identifier; for the worst objects only.
    pub first: Vec<FirstPlace>,
}

/// The first occurrence of an identifier in an object.
#[derive(Clone, Debug)]
pub struct FirstPlace {
    pub detector: String,
    pub container: Vec<String>,
    pub place: Place,
    pub masked: String,
    pub confidence: f32,
    pub checks: Vec<String>,
    /// Text, distance in characters, side.
    pub keyword: Option<(String, Option<u16>, Side)>,
    /// Identifiers whose overlapping values lost.
    pub rivals: Vec<String>,
}

/// Reads the report of a job.
///
/// # Errors
/// The store cannot be read.
pub fn report(
    reader: &mut Reader,
    outcome: &Outcome,
    lists: &AllowLists,
) -> Result<Report, StoreError> {
    let id = &outcome.job.id;
    let mut types = reader.detector_totals(id)?;
    types.sort_by(|a, b| {
        (b.severity, b.occurrences)
            .cmp(&(a.severity, a.occurrences))
            .then_with(|| a.detector.cmp(&b.detector))
    });
    let rows = reader.worst_objects(id, ROWS_MAX as u32)?;
    let mut objects = Vec::with_capacity(rows.len());
    let mut placed = BTreeSet::new();
    for (i, row) in rows.into_iter().enumerate() {
        let counts = reader.object_counts(id, &row)?;
        let new = counts.iter().any(|(d, ..)| !placed.contains(d));
        let first = if new && i < PLACED_OBJECTS_MAX {
            first_places(reader, outcome, &row, counts.len())?
        } else {
            Vec::new()
        };
        placed.extend(first.iter().map(|f| f.detector.clone()));
        objects.push(ObjectTotal { row, counts, first });
    }
    let (mut gaps, mut gaps_total) = (Vec::new(), 0);
    reader.for_each_gap(id, |gap| {
        gaps_total += 1;
        if gaps.len() < ROWS_MAX {
            gaps.push(gap.clone());
        }
        ControlFlow::Continue(())
    })?;
    let mut bytes_scanned = 0;
    reader.for_each_object(id, |row| {
        bytes_scanned += row.bytes_scanned;
        ControlFlow::Continue(())
    })?;
    Ok(Report {
        job: outcome.job.clone(),
        coverage: reader.coverage(id)?,
        types,
        severities: reader.severity_totals(id)?,
        allowed: allow::uses(lists, reader, &outcome.job)?,
        objects,
        gaps,
        gaps_total,
        bytes_scanned,
        resumed: outcome.resumed,
        elapsed_seconds: outcome.elapsed_seconds,
    })
}

fn first_places(
    reader: &mut Reader,
    outcome: &Outcome,
    row: &ObjectRow,
    kinds: usize,
) -> Result<Vec<FirstPlace>, StoreError> {
    let mut first: Vec<FirstPlace> = Vec::new();
    let mut looked_at = 0;
    reader.for_each_occurrence_of(&outcome.job.id, row.target, &row.key, |_, view| {
        looked_at += 1;
        if !first.iter().any(|f| f.detector == view.detector) {
            first.push(FirstPlace::of(view));
        }
        if first.len() == kinds || looked_at == LOOKED_AT_MAX {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    Ok(first)
}

impl FirstPlace {
    fn of(view: &OccurrenceView<'_>) -> Self {
        let passed = |i: usize| i < 32 && view.checks >> i & 1 == 1;
        FirstPlace {
            detector: view.detector.to_owned(),
            container: view.container.to_vec(),
            place: view.place.clone(),
            masked: view.masked.to_owned(),
            confidence: view.confidence,
            checks: view
                .check_names
                .iter()
                .enumerate()
                .filter(|(i, _)| passed(*i))
                .map(|(_, name)| name.clone())
                .collect(),
            keyword: view
                .keyword
                .as_ref()
                .map(|k| (k.text.to_owned(), k.distance, k.side)),
            rivals: view
                .rivals
                .iter()
                .flatten()
                .map(|r| (*r).to_owned())
                .collect(),
        }
    }
}
