//! `magpie identifiers create` and `delete`.

use std::collections::BTreeMap;

use chrono::Utc;
use uuid::Uuid;

use super::own;
use crate::cli::args::{CreateArgs, RuleArgs, StateArgs};
use crate::cli::exit::{Exit, Failure};
use crate::cli::logs::store_failure;
use crate::cli::{output, state};
use crate::detect::custom;
use crate::model::custom::DISTANCE_DEFAULT;
use crate::model::{CustomIdentifier, Definition, RegexDefinition, Severity};
use crate::store::Store;

/// Checks and keeps a new identifier; prints its id.
pub fn create(args: &CreateArgs) -> Result<Exit, Failure> {
    let (definition, id) = match &args.file {
        Some(path) => {
            let (text, spec) = own::load(path)?;
            (Definition::File(text), spec.id)
        }
        None => {
            let mut regex = definition(&args.rule).ok_or_else(|| {
                Failure::usage(
                    "create custom identifier: nothing to look for; give --regex or --file",
                )
            })?;
            regex.severity_levels = levels(&args.severity)?;
            (Definition::Regex(regex), String::new())
        }
    };
    let identifier = CustomIdentifier {
        id: Uuid::new_v4().hyphenated().to_string(),
        name: args.name.clone().unwrap_or(id),
        description: args.description.clone(),
        definition,
        tags: tags(&args.tags)?,
        created_at: Utc::now(),
        deleted_at: None,
    };
    custom::spec_of(&identifier).map_err(|cause| {
        Failure::usage(format!(
            "create custom identifier {:?}: {cause}",
            identifier.name
        ))
    })?;
    Store::open(&state::folder(&args.state)?)
        .and_then(|store| store.create_identifier(&identifier))
        .map_err(store_failure)?;
    output::print(&format!("{}\n", identifier.id))?;
    Ok(Exit::Clean)
}

/// Marks an identifier as deleted.
pub fn delete(what: &str, args: &StateArgs) -> Result<Exit, Failure> {
    let folder = state::folder(args)?;
    let kept = own::kept(&folder)?;
    let one =
        own::find(&kept, "delete", what)?.ok_or_else(|| own::unknown("delete", what, &folder))?;
    let deleted = Store::open(&folder)
        .and_then(|store| store.delete_identifier(&one.id, Utc::now()))
        .map_err(store_failure)?;
    if !deleted {
        return Err(Failure::usage(format!(
            "delete identifier {what:?}: it is deleted already"
        )));
    }
    Ok(Exit::Clean)
}

/// Macie's form as the options give it; `None` without an expression.
pub fn definition(args: &RuleArgs) -> Option<RegexDefinition> {
    Some(RegexDefinition {
        keywords: args.keywords.clone(),
        ignore_words: args.ignore_words.clone(),
        maximum_match_distance: args.max_distance.unwrap_or(DISTANCE_DEFAULT),
        ..RegexDefinition::new(args.regex.clone()?)
    })
}

fn levels(given: &[String]) -> Result<Vec<(Severity, u64)>, Failure> {
    given
        .iter()
        .map(|text| {
            let level = text.split_once('=').and_then(|(severity, count)| {
                Some((
                    Severity::parse(severity.trim())?,
                    count.trim().parse().ok()?,
                ))
            });
            level.ok_or_else(|| {
                Failure::usage(format!(
                    "read --severity {text}: give low, medium or high and a number, as in low=1"
                ))
            })
        })
        .collect()
}

fn tags(given: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let mut tags = BTreeMap::new();
    for text in given {
        let Some((key, value)) = text.split_once('=') else {
            return Err(Failure::usage(format!(
                "read --tag {text}: give a key and a value, as in team=blue"
            )));
        };
        if tags.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(Failure::usage(format!(
                "read --tag {text}: the key is given twice; leave one out"
            )));
        }
    }
    Ok(tags)
}
