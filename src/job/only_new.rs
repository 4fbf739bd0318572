//! What a run found that the run before had not found: by object, identifier and keyed fingerprint.
//!
//! Where lines moved or an object grew, the same value is not new. Fingerprints are those of the
//! state folder, so that the answer depends neither on threads nor on restarts nor on the version
//! of the program.

use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;

use crate::model::{JobId, ObjectRow, OccurrenceView, Severity};
use crate::store::{Reader, StoreError};

/// What is new, by identifier.
#[derive(Clone, Debug, Default)]
pub struct NewTotals {
    pub types: BTreeMap<String, NewType>,
    /// Objects that hold something new.
    pub objects: u64,
}

/// What is new of one identifier.
#[derive(Clone, Debug, Default)]
pub struct NewType {
    pub occurrences: u64,
    pub objects: u64,
    /// The gravest over the objects.
    pub severity: Option<Severity>,
    /// Uri of the first object, and the line of the first occurrence in it.
    pub first: Option<(String, u64)>,
}

impl NewTotals {
    pub fn occurrences(&self) -> u64 {
        self.types.values().map(|t| t.occurrences).sum()
    }

    pub fn severity(&self) -> Option<Severity> {
        self.types.values().filter_map(|t| t.severity).max()
    }
}

/// Visits the occurrences of a run that are new, in the order of [`Reader::for_each_occurrence`].
///
/// Holds the values of one object at a time, as fingerprints.
///
/// # Errors
/// The store cannot be read.
pub fn for_each_new(
    reader: &Reader,
    occurrences: &mut Reader,
    run: &JobId,
    mut visit: impl FnMut(&ObjectRow, &OccurrenceView<'_>) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    let mut failed = None;
    reader.for_each_object_found(run, |row| {
        match new_of(reader, occurrences, run, row, &mut visit) {
            Ok(flow) => flow,
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    failed.map_or(Ok(()), Err)
}

fn new_of(
    reader: &Reader,
    occurrences: &mut Reader,
    run: &JobId,
    row: &ObjectRow,
    visit: &mut impl FnMut(&ObjectRow, &OccurrenceView<'_>) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, StoreError> {
    let mut known: HashSet<(String, u64)> = HashSet::new();
    if let Some((before, target)) = reader.run_before(run, row.target, &row.key)? {
        occurrences.for_each_occurrence_of(&before, target, &row.key, |_, view| {
            known.insert((view.detector.to_owned(), view.fingerprint));
            ControlFlow::Continue(())
        })?;
    }
    let mut flow = ControlFlow::Continue(());
    occurrences.for_each_occurrence_of(run, row.target, &row.key, |object, view| {
        if known.is_empty() || !known.contains(&(view.detector.to_owned(), view.fingerprint)) {
            flow = visit(object, view);
        }
        flow
    })?;
    Ok(flow)
}

/// Adds up what is new in a run; with `all`, everything counts as new.
///
/// # Errors
/// The store cannot be read.
pub fn new_totals(
    reader: &Reader,
    occurrences: &mut Reader,
    run: &JobId,
    all: bool,
) -> Result<NewTotals, StoreError> {
    let mut totals = NewTotals::default();
    let mut severities: BTreeMap<String, Option<Severity>> = BTreeMap::new();
    let mut last: Option<(u32, String)> = None;
    let mut seen: HashSet<String> = HashSet::new();
    let mut failed = None;
    let mut visit = |row: &ObjectRow, view: &OccurrenceView<'_>| {
        if last
            .as_ref()
            .is_none_or(|(t, k)| *t != row.target || *k != row.key)
        {
            last = Some((row.target, row.key.clone()));
            totals.objects += 1;
            seen.clear();
            match reader.object_counts(run, row) {
                Ok(counts) => severities = counts.into_iter().map(|(d, s, _)| (d, s)).collect(),
                Err(error) => {
                    failed = Some(error);
                    return ControlFlow::Break(());
                }
            }
        }
        if !totals.types.contains_key(view.detector) {
            totals
                .types
                .insert(view.detector.to_owned(), NewType::default());
        }
        if let Some(total) = totals.types.get_mut(view.detector) {
            total.occurrences += 1;
            if !seen.contains(view.detector) {
                seen.insert(view.detector.to_owned());
                total.objects += 1;
                let severity = severities.get(view.detector).copied().flatten();
                total.severity = total.severity.max(severity);
            }
            let line = view.place.line;
            total.first.get_or_insert_with(|| (row.uri.clone(), line));
        }
        ControlFlow::Continue(())
    };
    if all {
        occurrences.for_each_occurrence(run, &mut visit)?;
    } else {
        for_each_new(reader, occurrences, run, &mut visit)?;
    }
    failed.map_or(Ok(totals), Err)
}
