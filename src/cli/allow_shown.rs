//! What the lists of a run did, for people: a part of the table, and notes where there is none.

use std::fmt::Write;

use anstyle::Style;

use super::plain::plain;
use super::words::{count, thousands, wrapped};
use crate::model::allow::{AllowListUse, EntryNote, Notes};

/// Entries that are named; the rest is counted.
const NAMED_MAX: usize = 5;
/// Identifiers that are named.
const IDENTIFIERS_MAX: usize = 4;

/// Writes the lists below a heading that the caller has written.
pub fn rows(out: &mut String, lists: &[AllowListUse], width: usize, dim: Style, care: Style) {
    for list in lists {
        let told = match &list.error {
            None => plain(&allowed(list)),
            Some(_) => String::new(),
        };
        let row = format!("  {}  {told}", plain(&list.name));
        let _ = writeln!(out, "{}", row.trim_end());
        for text in troubles(list) {
            let style = if list.error.is_some() { care } else { dim };
            wrapped(out, 6, width, style, &plain(&text));
        }
    }
}

/// A line about each list for standard error.
pub fn notes(lists: &[AllowListUse]) -> String {
    let mut out = String::new();
    for list in lists {
        let mut parts = Vec::new();
        if list.error.is_none() {
            parts.push(allowed(list));
        }
        parts.extend(troubles(list));
        let told = plain(&parts.join("; "));
        let _ = writeln!(out, "magpie: allow list {}: {told}", plain(&list.name));
    }
    out
}

/// `12 occurrences allowed: NAME 10, CREDIT_CARD_NUMBER 2`
fn allowed(list: &AllowListUse) -> String {
    let mut text = format!("{} allowed", count(list.occurrences(), "occurrence"));
    let kinds: Vec<String> = list
        .allowed
        .iter()
        .take(IDENTIFIERS_MAX)
        .map(|(id, n)| format!("{id} {}", thousands(*n)))
        .collect();
    if !kinds.is_empty() {
        let _ = write!(text, ": {}", kinds.join(", "));
    }
    match list.allowed.len().saturating_sub(IDENTIFIERS_MAX) {
        0 => {}
        more => {
            let _ = write!(text, ", {more} more");
        }
    }
    text
}

/// What its owner should look at.
fn troubles(list: &AllowListUse) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(error) = &list.error {
        parts.push(format!("not read: {error}"));
    }
    if list.unused.count > 0 {
        parts.push(format!(
            "{} of {} unused{}",
            thousands(list.unused.count),
            entries(list.entries),
            named(&list.unused)
        ));
    }
    if list.expired.count > 0 {
        parts.push(format!(
            "{} expired{}",
            entries(list.expired.count),
            named(&list.expired)
        ));
    }
    parts
}

/// `1 entry`, `2,000 entries`.
pub fn entries(n: u64) -> String {
    match n {
        1 => "1 entry".to_owned(),
        n => format!("{} entries", thousands(n)),
    }
}

fn named(notes: &Notes) -> String {
    let mut named: Vec<String> = notes
        .first
        .iter()
        .take(NAMED_MAX)
        .filter_map(named_entry)
        .collect();
    if named.is_empty() {
        return String::new(); // an expression has no line
    }
    let more = notes.count.saturating_sub(named.len() as u64);
    if more > 0 {
        named.push(format!("{} more", thousands(more)));
    }
    format!(" ({})", named.join(", "))
}

/// `line 12 since 2024-01-31, qa@example.com`
fn named_entry(note: &EntryNote) -> Option<String> {
    let mut text = format!("line {}", note.line?);
    if let Some(last) = note.expires {
        let _ = write!(text, " until {last}");
    }
    if let Some(owner) = &note.owner {
        let _ = write!(text, " of {owner}");
    }
    Some(text)
}
