//! `magpie identifiers`: what the catalogue knows.

use std::fmt::Write;

use super::args::IdentifiersCommand;
use super::exit::{Exit, Failure, OrExit};
use super::output;
use crate::detect::Catalogue;
use crate::model::{CatalogueIndex, DetectorInfo, MaskStyle};

/// Most ids that are offered for one that is not there.
const NEAR_MAX: usize = 3;

pub fn run(command: &IdentifiersCommand) -> Result<Exit, Failure> {
    let catalogue = Catalogue::builtin().or_exit(Exit::Internal)?;
    let index = catalogue.index();
    let text = match command {
        IdentifiersCommand::List { json: true } => index.detectors.iter().map(json_line).collect(),
        IdentifiersCommand::List { json: false } => list(&index.detectors),
        IdentifiersCommand::Show { id } => {
            show(find(id, index).ok_or_else(|| unknown("show", id, index))?)
        }
    };
    output::print(&text)?;
    Ok(Exit::Clean)
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

fn list(detectors: &[DetectorInfo]) -> String {
    let wide = detectors.iter().map(|d| d.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for d in detectors {
        let mut notes = Vec::new();
        if !d.default_on {
            notes.push("off unless named");
        }
        if d.recommended {
            notes.push("recommended");
        }
        let line = format!(
            "{:<wide$}  {:<21}  {:<8}  {:<6}  {}",
            d.id,
            d.category.as_str(),
            if d.keyword_required { "keyword" } else { "" },
            d.origin.as_str(),
            notes.join(", "),
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

fn show(d: &DetectorInfo) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}\n\n{}\n", d.id, d.description);
    let mut row = |name: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(out, "{name:<12}{value}");
        }
    };
    row("kind", d.kind.clone());
    row("category", d.category.as_str().to_owned());
    row("origin", d.origin.as_str().to_owned());
    row("countries", d.countries.join(", "));
    row(
        "severity",
        format!(
            "{} for 1 occurrence, {} for 2 to 99, {} for 100 and more",
            d.severity.one.as_str(),
            d.severity.some.as_str(),
            d.severity.many.as_str()
        ),
    );
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
    row("keywords", d.keywords.join(", "));
    row("checks", d.checks.join(", "));
    row("masked", mask_words(d.mask).to_owned());
    for reference in &d.references {
        row("source", reference.clone());
    }
    out
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

fn json_line(d: &DetectorInfo) -> String {
    let value = serde_json::json!({
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
        "severity": [d.severity.one.as_str(), d.severity.some.as_str(), d.severity.many.as_str()],
    });
    format!("{value}\n")
}
