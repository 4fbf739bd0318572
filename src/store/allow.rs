//! Allow lists: the saved ones, and what the objects of a job used of theirs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::model::allow::{AllowCriteria, AllowKind, AllowListInfo, Allowed, AllowedTotal};
use crate::model::{CatalogueIndex, JobId};

use super::columns::{time, time_text};
use super::coverage::{bad_text, signed, unsigned};
use super::error::{Result, StoreError};
use super::open::{self, Store};
use super::read::Reader;
use super::varint::{self, Reader as Numbers};

/// Characters of an id.
const ID_CHARS: usize = 22;
/// All columns that [`info`] reads.
const LIST: &str = "SELECT list_id, name, description, kind, criteria, tags, created_at, updated_at
                    FROM allow_lists";

/// A list to save.
#[derive(Clone, Debug)]
pub struct NewAllowList {
    pub name: String,
    pub description: Option<String>,
    pub criteria: AllowCriteria,
    pub tags: BTreeMap<String, String>,
    pub now: DateTime<Utc>,
}

impl Store {
    /// Saves a list; answers it with its id.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`] where a list has this name.
    pub fn create_allow_list(&self, new: NewAllowList) -> Result<AllowListInfo> {
        let fail = |cause| StoreError::sql("save allow list", &self.file, cause);
        let list = AllowListInfo {
            id: id(open::random_bytes(&self.file)?),
            name: new.name,
            description: new.description,
            criteria: new.criteria,
            tags: new.tags,
            created_at: new.now,
            updated_at: new.now,
        };
        let criteria = match &list.criteria {
            AllowCriteria::Words { location } | AllowCriteria::Entries { location } => location,
            AllowCriteria::Regex { regex } => regex,
        };
        let tags = serde_json::to_string(&list.tags)
            .map_err(|e| fail(rusqlite::Error::ToSqlConversionFailure(e.into())))?;
        let connection = open::connect(&self.file)?;
        let saved = connection
            .execute(
                "INSERT INTO allow_lists (list_id, name, description, kind, criteria, tags,
                                          created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) ON CONFLICT (name) DO NOTHING",
                params![
                    list.id,
                    list.name,
                    list.description,
                    list.criteria.kind().as_str(),
                    criteria,
                    tags,
                    time_text(new.now)
                ],
            )
            .map_err(fail)?;
        match saved {
            0 => Err(StoreError::NameTaken {
                what: "allow list",
                name: list.name,
            }),
            _ => Ok(list),
        }
    }

    /// Forgets a saved list; `false`: there is none of this id. What jobs recorded of it stays.
    pub fn delete_allow_list(&self, id: &str) -> Result<bool> {
        let deleted = open::connect(&self.file)?
            .execute("DELETE FROM allow_lists WHERE list_id = ?1", [id])
            .map_err(|cause| StoreError::sql("delete allow list", &self.file, cause))?;
        Ok(deleted > 0)
    }
}

impl Reader {
    /// The saved lists by name.
    pub fn allow_lists(&self) -> Result<Vec<AllowListInfo>> {
        self.ask("list allow lists", |c| {
            c.prepare_cached(&format!("{LIST} ORDER BY name"))?
                .query_map([], info)?
                .collect()
        })
    }

    /// The saved list of this id, else of this name.
    pub fn allow_list(&self, id_or_name: &str) -> Result<Option<AllowListInfo>> {
        self.ask("find allow list", |c| {
            c.prepare_cached(&format!(
                "{LIST} WHERE list_id = ?1 OR name = ?1 ORDER BY list_id <> ?1 LIMIT 1"
            ))?
            .query_row([id_or_name], info)
            .optional()
        })
    }

    /// Occurrences that the lists of a job allowed, by list and detector.
    pub fn allowed_totals(&self, id: &JobId) -> Result<Vec<AllowedTotal>> {
        let job_no = self.job_no(id)?;
        self.ask("add up allowed occurrences", |c| {
            c.prepare_cached(
                "SELECT list, detector, SUM(count), COUNT(*) FROM allowed WHERE job_no = ?1
                 GROUP BY list, detector ORDER BY list, detector",
            )?
            .query_map([job_no], |row| {
                Ok(AllowedTotal {
                    list: row.get(0)?,
                    detector: row.get(1)?,
                    occurrences: unsigned(row.get(2)?),
                    objects: unsigned(row.get(3)?),
                })
            })?
            .collect()
        })
    }

    /// Visits the entries that allowed something in a job, by list and entry; one that did so in
    /// several objects comes again.
    pub fn for_each_allowed_entry(
        &self,
        id: &JobId,
        mut visit: impl FnMut(u16, u32),
    ) -> Result<()> {
        let job_no = self.job_no(id)?;
        self.ask("read entries of allow lists", |c| {
            let mut statement =
                c.prepare_cached("SELECT list, entries FROM allowed_entries WHERE job_no = ?1")?;
            let mut rows = statement.query([job_no])?;
            while let Some(row) = rows.next()? {
                let list = row.get(0)?;
                let mut rest = Numbers::new(row.get_ref(1)?.as_blob()?);
                let mut entry = 0;
                while !rest.is_empty() {
                    let next = rest.number().and_then(|n| u32::try_from(n).ok());
                    entry = next
                        .and_then(|n| n.checked_add(entry))
                        .ok_or_else(|| bad_text(1, "entries", "damaged"))?;
                    visit(list, entry);
                }
            }
            Ok(())
        })
    }
}

/// Writes what an object used of the lists.
pub(super) fn insert(
    connection: &Connection,
    job_no: i64,
    object_no: i64,
    allowed: &Allowed,
    catalogue: &CatalogueIndex,
) -> rusqlite::Result<()> {
    for count in &allowed.counts {
        let Some(info) = catalogue.detectors.get(usize::from(count.detector)) else {
            // the detectors cannot make one
            return Err(rusqlite::Error::ToSqlConversionFailure(
                format!("detector {} is not in the catalogue", count.detector).into(),
            ));
        };
        connection
            .prepare_cached(
                "INSERT INTO allowed (job_no, object_no, list, detector, count)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                job_no,
                object_no,
                count.list,
                info.id,
                signed(count.count)
            ])?;
    }
    for (list, entries) in &allowed.entries {
        let mut packed = Vec::with_capacity(entries.len());
        let mut last = 0;
        for entry in entries {
            varint::put(&mut packed, u64::from(entry.wrapping_sub(last)));
            last = *entry;
        }
        connection
            .prepare_cached(
                "INSERT INTO allowed_entries (job_no, object_no, list, entries)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![job_no, object_no, list, packed])?;
    }
    Ok(())
}

fn info(row: &Row<'_>) -> rusqlite::Result<AllowListInfo> {
    let kind: String = row.get(3)?;
    let criteria: String = row.get(4)?;
    let tags: String = row.get(5)?;
    Ok(AllowListInfo {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        criteria: match AllowKind::parse(&kind).ok_or_else(|| bad_text(3, "kind", &kind))? {
            AllowKind::Words => AllowCriteria::Words { location: criteria },
            AllowKind::Regex => AllowCriteria::Regex { regex: criteria },
            AllowKind::Entries => AllowCriteria::Entries { location: criteria },
        },
        tags: serde_json::from_str(&tags).map_err(|_| bad_text(5, "tags", &tags))?,
        created_at: time(row, 6)?,
        updated_at: time(row, 7)?,
    })
}

/// An id of random bytes.
fn id(random: [u8; 16]) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut number = u128::from_le_bytes(random);
    let digit = |_| {
        let digit = DIGITS[(number % 36) as usize];
        number /= 36;
        char::from(digit)
    };
    (0..ID_CHARS).map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_macies_shape() {
        for random in [[0; 16], [255; 16], *b"0123456789abcdef"] {
            let id = id(random);
            assert_eq!(id.len(), ID_CHARS);
            let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
            assert!(id.bytes().all(known), "{id}");
        }
        assert_ne!(id([1; 16]), id([2; 16]));
    }
}
