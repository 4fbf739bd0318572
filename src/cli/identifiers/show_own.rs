//! Identifiers of the user's own as `list` and `show` tell them.

use chrono::SecondsFormat;
use serde_json::{Value, json};

use crate::detect::custom;
use crate::model::{CustomIdentifier, Definition};

/// As Macie's `GetCustomDataIdentifier` answers, with what is ours after it.
pub fn document(identifier: &CustomIdentifier) -> Value {
    let created = identifier.created_at;
    let mut document = json!({
        "id": identifier.id,
        "name": identifier.name,
        "description": identifier.description,
        "createdAt": created.to_rfc3339_opts(SecondsFormat::Millis, true),
        "deleted": identifier.deleted_at.is_some(),
        "tags": identifier.tags,
    });
    let more = match &identifier.definition {
        Definition::Regex(regex) => json!({
            "regex": regex.regex,
            "keywords": regex.keywords,
            "ignoreWords": regex.ignore_words,
            "maximumMatchDistance": regex.maximum_match_distance,
            "severityLevels": regex
                .severity_levels
                .iter()
                .map(|(severity, count)| json!({
                    "severity": severity.as_str().to_uppercase(),
                    "occurrencesThreshold": count,
                }))
                .collect::<Vec<_>>(),
            "requiredTexts": custom::literals(&regex.regex),
        }),
        Definition::File(text) => json!({ "detectorFile": text }),
    };
    if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more) {
        document.extend(more);
    }
    document
}

/// Lines of name and value for people, in order.
pub fn rows(identifier: &CustomIdentifier) -> Vec<(&'static str, String)> {
    let time = |t: &chrono::DateTime<chrono::Utc>| t.to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut rows = vec![
        ("id", identifier.id.clone()),
        ("created", time(&identifier.created_at)),
    ];
    if let Some(deleted) = &identifier.deleted_at {
        rows.push(("deleted", time(deleted)));
    }
    match &identifier.definition {
        Definition::Regex(regex) => {
            rows.push(("regex", regex.regex.clone()));
            rows.push(("cost", cost(&regex.regex)));
            rows.push(("keywords", regex.keywords.join(", ")));
            if !regex.keywords.is_empty() {
                let distance = regex.maximum_match_distance;
                rows.push((
                    "distance",
                    format!(
                        "{distance} characters from the end of the keyword to that of the text"
                    ),
                ));
            }
            rows.push(("ignored", regex.ignore_words.join(", ")));
        }
        Definition::File(text) => rows.push((
            "file",
            format!("{} lines of TOML; see it with --json", text.lines().count()),
        )),
    }
    let tags: Vec<String> = identifier
        .tags
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    rows.push(("tags", tags.join(", ")));
    rows
}

/// What an expression costs a scan, in words.
pub fn cost(regex: &str) -> String {
    let texts = custom::literals(regex);
    match texts.as_slice() {
        [] => "a pass of its own: no text of 2 bytes or more is in every match".to_owned(),
        texts => {
            let shown: Vec<String> = texts.iter().map(|t| format!("{t:?}")).collect();
            format!("little: run only around {}", shown.join(", "))
        }
    }
}

/// One line of the list for people.
pub fn notes(identifier: &CustomIdentifier) -> String {
    match &identifier.definition {
        Definition::Regex(regex) if custom::literals(&regex.regex).is_empty() => {
            format!("{}, a pass of its own", identifier.id)
        }
        _ => identifier.id.clone(),
    }
}
