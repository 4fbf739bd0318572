//! Custom identifiers in the store: made, listed, marked as deleted, never changed.

use chrono::{DateTime, Utc};
use rusqlite::{Row, TransactionBehavior, params};

use crate::model::custom::{DISTANCE_DEFAULT, KEPT_MAX};
use crate::model::{CustomIdentifier, Definition, RegexDefinition, Severity};

use super::columns::{optional_time, severity, time, time_text};
use super::coverage::{bad_text, signed, unsigned};
use super::error::{Result, StoreError};
use super::open::{self, Store};
use super::read::Reader;

impl Store {
    /// Keeps a new custom identifier, which the caller has checked.
    ///
    /// # Errors
    /// As many as may be kept are there already, or the store cannot be written.
    pub fn create_identifier(&self, new: &CustomIdentifier) -> Result<()> {
        let fail = |cause| StoreError::sql("create custom identifier", &self.file, cause);
        let blank = RegexDefinition {
            maximum_match_distance: DISTANCE_DEFAULT,
            ..RegexDefinition::new("")
        };
        let (regex, file) = match &new.definition {
            Definition::Regex(regex) => (Some(regex), None),
            Definition::File(text) => (None, Some(text)),
        };
        let given = regex.unwrap_or(&blank);
        let levels: Vec<(u8, u64)> = given
            .severity_levels
            .iter()
            .map(|(severity, count)| (severity.score(), *count))
            .collect();
        let mut connection = open::connect(&self.file)?;
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(fail)?;
        let kept: i64 = transaction
            .query_row(
                "SELECT COUNT(*) FROM custom_identifiers WHERE deleted_at IS NULL",
                [],
                |row| row.get(0),
            )
            .map_err(fail)?;
        if unsigned(kept) >= KEPT_MAX {
            return Err(StoreError::TooManyIdentifiers {
                name: new.name.clone(),
                max: KEPT_MAX,
            });
        }
        transaction
            .execute(
                "INSERT INTO custom_identifiers
                   (identifier_id, name, description, regex, keywords, ignore_words,
                    maximum_match_distance, severity_levels, detector_file, tags, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                params![
                    new.id,
                    new.name,
                    new.description,
                    regex.map(|r| &r.regex),
                    json(&given.keywords).map_err(fail)?,
                    json(&given.ignore_words).map_err(fail)?,
                    signed(u64::from(given.maximum_match_distance)),
                    json(&levels).map_err(fail)?,
                    file,
                    json(&new.tags).map_err(fail)?,
                    time_text(new.created_at),
                ],
            )
            .map_err(fail)?;
        self.points.pass("identifier: in transaction");
        transaction.commit().map_err(fail)
    }

    /// Marks a custom identifier as deleted; `false` if it was so already, or there is none.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn delete_identifier(&self, id: &str, now: DateTime<Utc>) -> Result<bool> {
        let connection = open::connect(&self.file)?;
        connection
            .execute(
                "UPDATE custom_identifiers SET deleted_at = ?2
                 WHERE identifier_id = ?1 AND deleted_at IS NULL",
                params![id, time_text(now)],
            )
            .map(|changed| changed > 0)
            .map_err(|cause| StoreError::sql("delete custom identifier", &self.file, cause))
    }
}

impl Reader {
    /// The custom identifiers, deleted ones too, by name and then by age.
    pub fn identifiers(&self) -> Result<Vec<CustomIdentifier>> {
        self.ask("read custom identifiers", |c| {
            c.prepare_cached(
                "SELECT identifier_id, name, description, regex, keywords, ignore_words,
                        maximum_match_distance, severity_levels, detector_file, tags, created_at,
                        deleted_at
                 FROM custom_identifiers ORDER BY name, created_at, identifier_id",
            )?
            .query_map([], identifier)?
            .collect()
        })
    }
}

fn identifier(row: &Row<'_>) -> rusqlite::Result<CustomIdentifier> {
    let definition = match row.get::<_, Option<String>>(8)? {
        Some(text) => Definition::File(text),
        None => Definition::Regex(RegexDefinition {
            regex: row.get(3)?,
            keywords: parsed(row, 4, "keywords")?,
            ignore_words: parsed(row, 5, "ignore words")?,
            maximum_match_distance: row.get(6)?,
            severity_levels: levels(row, 7)?,
        }),
    };
    Ok(CustomIdentifier {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        definition,
        tags: parsed(row, 9, "tags")?,
        created_at: time(row, 10)?,
        deleted_at: optional_time(row, 11)?,
    })
}

fn levels(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<(Severity, u64)>> {
    let scores: Vec<(i64, u64)> = parsed(row, column, "severity levels")?;
    scores
        .into_iter()
        .map(|(score, count)| {
            let severity = severity(column, score)?
                .ok_or_else(|| bad_text(column, "severity", &score.to_string()))?;
            Ok((severity, count))
        })
        .collect()
}

fn json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
}

fn parsed<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
    what: &str,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| bad_text(column, what, &text))
}
