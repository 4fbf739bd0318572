//! What is told of the lists of a job in the end, from what is recorded of its objects: a run that
//! was taken up tells the same as one without interruption.

use chrono::NaiveDate;

use super::lists::{AllowLists, List};
use crate::model::JobInfo;
use crate::model::allow::{AllowListUse, AllowedTotal, Notes};
use crate::store::{Reader, StoreError};

/// Most entries that are named; the rest is counted.
const NOTES_MAX: usize = 100;

/// Adds up what a job used of its lists.
///
/// # Errors
/// The store cannot be read.
pub fn uses(
    lists: &AllowLists,
    reader: &Reader,
    job: &JobInfo,
) -> Result<Vec<AllowListUse>, StoreError> {
    if lists.is_empty() {
        return Ok(Vec::new());
    }
    let totals = reader.allowed_totals(&job.id)?;
    let mut used: Vec<Vec<bool>> = lists
        .lists
        .iter()
        .map(|list| vec![false; list.entries.len()])
        .collect();
    reader.for_each_allowed_entry(&job.id, |list, entry| {
        let list = used.get_mut(usize::from(list));
        if let Some(used) = list.and_then(|list| list.get_mut(entry as usize)) {
            *used = true;
        }
    })?;
    let day = job.run_date.date_naive();
    Ok((0..)
        .zip(lists.lists.iter().zip(&used))
        .map(|(number, (list, used))| use_of(list, number, used, &totals, day))
        .collect())
}

fn use_of(
    list: &List,
    number: u16,
    used: &[bool],
    totals: &[AllowedTotal],
    day: NaiveDate,
) -> AllowListUse {
    let (mut unused, mut expired) = (Notes::default(), Notes::default());
    for (entry, used) in (0..).zip(used) {
        let over = list.entries.rule(entry).is_some_and(|r| r.is_expired(day));
        let notes = match (over, used) {
            (true, _) => &mut expired,
            (false, false) => &mut unused,
            (false, true) => continue,
        };
        notes.count += 1;
        if notes.first.len() < NOTES_MAX {
            notes.first.push(list.entries.note(entry));
        }
    }
    let mut allowed: Vec<(String, u64)> = totals
        .iter()
        .filter(|total| total.list == number)
        .map(|total| (total.detector.clone(), total.occurrences))
        .collect();
    allowed.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    AllowListUse {
        name: list.wanted.name.clone(),
        id: list.wanted.id.clone(),
        kind: list.wanted.criteria.kind(),
        location: list.wanted.criteria.location().map(str::to_owned),
        error: list.error.as_ref().map(|e| e.cause.to_string()),
        entries: list.entries.len() as u64,
        allowed,
        unused,
        expired,
    }
}
