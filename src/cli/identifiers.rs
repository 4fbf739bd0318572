//! `magpie identifiers`: what the catalogue knows, and the user's own.

mod create;
mod examples;
pub mod own;
mod show_own;
mod test;

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::args::IdentifiersCommand;
use super::exit::{Exit, Failure, OrExit};
use super::{output, state};
use crate::detect::spec::Spec;
use crate::detect::{Catalogue, builtin_specs, custom};
use crate::model::{
    CatalogueIndex, CustomIdentifier, Definition, DetectorInfo, MaskStyle, Severity, SeverityTable,
};

/// Most ids that are offered for one that is not there.
const NEAR_MAX: usize = 3;

pub fn run(command: &IdentifiersCommand) -> Result<Exit, Failure> {
    let text = match command {
        IdentifiersCommand::Create(args) => return create::create(args),
        IdentifiersCommand::Delete { id, state } => return create::delete(id, state),
        IdentifiersCommand::Test(args) => return test::run(args),
        IdentifiersCommand::List { json, state } => {
            let catalogue = Catalogue::builtin().or_exit(Exit::Internal)?;
            // where there is no place for a state folder, nothing is kept in it
            let mut own = match state::folder(state) {
                Ok(folder) => own::kept(&folder)?,
                Err(_) => Vec::new(),
            };
            own.retain(|i| i.deleted_at.is_none());
            match json {
                true => list_json(&catalogue.index().detectors, &own),
                false => list(&catalogue.index().detectors, &own),
            }
        }
        IdentifiersCommand::Show { id, json, state } => match built_in(id)? {
            Some(d) if *json => json_line(&d, None),
            Some(d) => show(&d, &[]),
            None => {
                let kept = own::kept(&state::folder(state)?)?;
                match own::find(&kept, "show", id)? {
                    Some(one) if *json => format!("{}\n", show_own::document(one)),
                    Some(one) => show(&info(one)?, &show_own::rows(one)),
                    None => {
                        let catalogue = Catalogue::builtin().or_exit(Exit::Internal)?;
                        return Err(unknown("show", id, catalogue.index()));
                    }
                }
            }
        },
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}

/// A built-in identifier of an id, in any case of letters. Only this one is compiled.
fn built_in(id: &str) -> Result<Option<DetectorInfo>, Failure> {
    let specs = builtin_specs().or_exit(Exit::Internal)?;
    let spec = specs.into_iter().find(|s| s.id.eq_ignore_ascii_case(id));
    spec.map(compiled).transpose()
}

/// What a catalogue knows of an identifier of the user's own.
fn info(identifier: &CustomIdentifier) -> Result<DetectorInfo, Failure> {
    compiled(own::spec_of(identifier)?)
}

/// What a catalogue of one identifier knows of it.
fn compiled(spec: Spec) -> Result<DetectorInfo, Failure> {
    let catalogue = Catalogue::from_specs(vec![spec]).map_err(Failure::usage)?;
    let first = catalogue.index().detectors.first();
    first.cloned().ok_or_else(|| {
        Failure::new(
            Exit::Internal,
            anyhow::anyhow!("read identifier: none is compiled"),
        )
    })
}

/// The identifier of an id, in any case of letters.
pub fn find<'a>(id: &str, index: &'a CatalogueIndex) -> Option<&'a DetectorInfo> {
    index
        .detectors
        .iter()
        .find(|d| d.id.eq_ignore_ascii_case(id))
}

/// The error for an id that is not there, with those that may be meant: what was typed is a part
/// of their id or one of their keywords.
pub fn unknown(verb: &str, id: &str, index: &CatalogueIndex) -> Failure {
    let wanted = id.trim().replace(['-', ' '], "_");
    let (upper, lower) = (wanted.to_uppercase(), id.trim().to_lowercase());
    let meant = |d: &&DetectorInfo| {
        !wanted.is_empty() && (d.id.contains(&upper) || d.keywords.contains(&lower))
    };
    let near: Vec<&str> = index
        .detectors
        .iter()
        .filter(meant)
        .take(NEAR_MAX)
        .map(|d| d.id.as_str())
        .collect();
    let remedy = match near.as_slice() {
        [] => "see magpie identifiers list".to_owned(),
        near => format!("did you mean {}?", near.join(" or ")),
    };
    Failure::usage(format!(
        "{verb} identifier {id:?}: there is none of this id; {remedy}"
    ))
}

fn list(detectors: &[DetectorInfo], own: &[CustomIdentifier]) -> String {
    let named = own.iter().map(|i| UnicodeWidthStr::width(i.name.as_str()));
    let ids = detectors.iter().map(|d| d.id.len());
    let wide = ids.chain(named).max().unwrap_or(0);
    let mut out = String::new();
    for d in detectors {
        let mut notes = Vec::new();
        if !d.default_on {
            notes.push("off unless named".to_owned());
        }
        if d.recommended {
            notes.push("recommended".to_owned());
        }
        row(&mut out, d, wide, &notes);
    }
    for identifier in own {
        match info(identifier) {
            Ok(info) => row(&mut out, &info, wide, &[show_own::notes(identifier)]),
            Err(failure) => {
                let _ = writeln!(out, "{}  {:#}", identifier.name, failure.error);
            }
        }
    }
    out
}

fn row(out: &mut String, d: &DetectorInfo, wide: usize, notes: &[String]) {
    let pad = wide.saturating_sub(UnicodeWidthStr::width(d.id.as_str()));
    let line = format!(
        "{}{:pad$}  {:<21}  {:<8}  {:<6}  {}",
        d.id,
        "",
        d.category.as_str(),
        if d.keyword_required { "keyword" } else { "" },
        d.origin.as_str(),
        notes.join(", "),
    );
    let _ = writeln!(out, "{}", line.trim_end());
}

fn list_json(detectors: &[DetectorInfo], own: &[CustomIdentifier]) -> String {
    let mut out: String = detectors.iter().map(|d| json_line(d, None)).collect();
    for identifier in own {
        match info(identifier) {
            Ok(info) => out += &json_line(&info, Some(identifier)),
            Err(failure) => {
                let line = serde_json::json!({
                    "id": identifier.name,
                    "uuid": identifier.id,
                    "error": format!("{:#}", failure.error),
                });
                let _ = writeln!(out, "{line}");
            }
        }
    }
    out
}

/// `more`: what else there is to tell of one of the user's own.
fn show(d: &DetectorInfo, more: &[(&'static str, String)]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}\n\n{}\n", d.id, d.description);
    let mut row = |name: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(out, "{name:<12}{value}");
        }
    };
    for (name, value) in more {
        row(name, value.clone());
    }
    if more.is_empty() {
        row("kind", d.kind.clone());
    }
    row("category", d.category.as_str().to_owned());
    row("origin", d.origin.as_str().to_owned());
    row("countries", d.countries.join(", "));
    row("severity", severity_words(&d.severity));
    row(
        "default",
        if d.default_on {
            "on"
        } else {
            "off unless named"
        }
        .to_owned(),
    );
    row(
        "recommended",
        if d.recommended { "yes" } else { "no" }.to_owned(),
    );
    row(
        "keyword",
        if d.keyword_required {
            "required"
        } else {
            "not required, or only for some forms"
        }
        .to_owned(),
    );
    if !more.iter().any(|(name, _)| *name == "keywords") {
        row("keywords", d.keywords.join(", "));
    }
    row("checks", d.checks.join(", "));
    row("masked", mask_words(d.mask).to_owned());
    for reference in &d.references {
        row("source", reference.clone());
    }
    out
}

/// From how many occurrences in an object each severity holds.
fn severity_words(table: &SeverityTable) -> String {
    let levels: Vec<String> = table
        .levels()
        .map(|(severity, from)| match from {
            1 => format!("{} from 1 occurrence", severity.as_str()),
            n => format!("{} from {n}", severity.as_str()),
        })
        .collect();
    levels.join(", ")
}

fn mask_words(mask: MaskStyle) -> &'static str {
    match mask {
        MaskStyle::All => "every letter and digit",
        MaskStyle::Last4 => "all but the last four",
        MaskStyle::Initials => "all but the first letter of each word",
        MaskStyle::Email => "all but the first letter and the top-level domain",
        MaskStyle::Header => "all but the name of the header",
        MaskStyle::Hidden => "everything, and the length",
    }
}

fn json_line(d: &DetectorInfo, own: Option<&CustomIdentifier>) -> String {
    let severity = [1, 2, 100].map(|n| d.severity.of(n).map(Severity::as_str));
    let mut value = serde_json::json!({
        "id": d.id,
        "category": d.category.as_str(),
        "kind": d.kind,
        "origin": d.origin.as_str(),
        "countries": d.countries,
        "keywordRequired": d.keyword_required,
        "keywords": d.keywords,
        "checks": d.checks,
        "recommended": d.recommended,
        "defaultOn": d.default_on,
        "severity": severity,
    });
    if let Some(own) = own {
        value["uuid"] = own.id.as_str().into();
        value["description"] = own.description.as_str().into();
        if let Definition::Regex(regex) = &own.definition {
            value["regex"] = regex.regex.as_str().into();
            value["requiredTexts"] = custom::literals(&regex.regex).into();
        }
    }
    format!("{value}\n")
}
