//! Expands the table of bank accounts: one detector a country.
//!
//! Every row has the structure of the number in the notation of the IBAN registry (`5!n11!c`: five
//! digits, eleven letters or digits). Rows of countries whose domestic numbers are looked for too
//! have keywords and patterns of their own.

use serde::Deserialize;

use super::parse::{
    RawNegative, RawPattern, RawPositive, category, mask, origin, severity, syntax, value,
};
use super::{
    Anchor, Edge, Engine, KEYWORD_DISTANCE, KeywordRule, Negative, PatternSpec, Positive, Spec,
    SpecError,
};
use crate::detect::check::Check;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    category: String,
    kind: String,
    description: String,
    references: Vec<String>,
    severity: Vec<String>,
    mask: String,
    country: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    /// The two letters an IBAN of the country begins with; the country's ISO code as well.
    code: String,
    name: String,
    structure: String,
    /// A valid number, not anyone's, without spaces.
    example: String,
    /// `macie` where Macie has the country.
    #[serde(default = "macie")]
    origin: String,
    #[serde(default)]
    references: Vec<String>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    keywords_extra: Vec<String>,
    #[serde(default, rename = "pattern")]
    patterns: Vec<RawPattern>,
    #[serde(default, rename = "positive")]
    positives: Vec<RawPositive>,
    #[serde(default, rename = "negative")]
    negatives: Vec<RawNegative>,
}

fn macie() -> String {
    "macie".to_owned()
}

pub(super) fn parse(file: &str, table: toml::Table) -> Result<Vec<Spec>, SpecError> {
    let table: Table = table.try_into().map_err(|e| syntax(file, &e))?;
    let category = category(file, &table.category)?;
    let severity = severity(file, &table.severity)?;
    let mask = mask(file, &table.mask)?;
    let mut specs = Vec::with_capacity(table.country.len());
    for row in table.country {
        let has_keywords = !(row.keywords.is_empty() && row.keywords_extra.is_empty());
        let mut patterns = vec![iban_pattern(file, &row)?];
        for raw in row.patterns {
            patterns.push(raw.build(file, has_keywords)?);
        }
        let mut positives = positives(&row.example);
        positives.extend(row.positives.into_iter().map(Positive::from));
        let mut negatives = negatives(&row.example);
        negatives.extend(row.negatives.into_iter().map(Negative::from));
        let mut references = table.references.clone();
        references.extend(row.references);
        specs.push(Spec {
            category,
            kind: table.kind.clone(),
            countries: vec![row.code],
            description: table.description.replace("{country}", &row.name),
            references,
            severity,
            origin: origin(file, &row.origin)?,
            recommended: false,
            default_on: true,
            mask,
            keywords: row.keywords,
            keywords_extra: row.keywords_extra,
            keywords_shared: Vec::new(),
            keyword_distance: KEYWORD_DISTANCE,
            never_reported: Vec::new(),
            macie_count_max: None,
            engine: Engine::Pattern,
            yields: false,
            field_keywords: Vec::new(),
            patterns,
            positives,
            negatives,
            custom: None,
            embedded: false,
            id: row.id,
            uuid: None,
        });
    }
    Ok(specs)
}

/// The expression of an IBAN: as stored (no separators), or in groups of four parted by one space
/// or hyphen each.
fn iban_pattern(file: &str, row: &Row) -> Result<PatternSpec, SpecError> {
    let bad = |what: &str| {
        let cause = format!("{}: {what} \"{}\"", row.id, row.structure);
        value(file, cause)
    };
    if row.code.len() != 2 || !row.code.bytes().all(|b| b.is_ascii_uppercase()) {
        let cause = format!(
            "{}: code \"{}\" is not two capital letters",
            row.id, row.code
        );
        return Err(value(file, cause));
    }
    let mut classes: Vec<&str> = Vec::new();
    let mut rest = row.structure.as_str();
    while !rest.is_empty() {
        let (length, after) = rest
            .split_once('!')
            .ok_or_else(|| bad("no \"!\" after a length in structure"))?;
        let length: usize = length
            .parse()
            .ok()
            .filter(|n| (1..=30).contains(n))
            .ok_or_else(|| bad("length that is not 1 to 30 in structure"))?;
        let class = match after.bytes().next() {
            Some(b'n') => "[0-9]",
            Some(b'a') => "[A-Z]",
            Some(b'c') => "[A-Z0-9]",
            _ => return Err(bad("class that is not n, a or c in structure")),
        };
        classes.extend(std::iter::repeat_n(class, length));
        rest = &after[1..];
    }
    let mut regex = format!("{}[0-9]{{2}}", row.code);
    for group in classes.chunks(4) {
        regex.push_str("[ -]?");
        let mut i = 0;
        while i < group.len() {
            let run = group[i..].iter().take_while(|c| **c == group[i]).count();
            regex.push_str(group[i]);
            if run > 1 {
                regex.push_str(&format!("{{{run}}}"));
            }
            i += run;
        }
    }
    Ok(PatternSpec {
        regex,
        anchor: Anchor::Token,
        keyword: KeywordRule::None,
        edge: Edge::Word,
        checks: vec![Check::Iban],
    })
}

/// The number with a space (or another sign) after every fourth character.
fn grouped(iban: &str, sign: char) -> String {
    let mut text = String::with_capacity(iban.len() * 5 / 4);
    for (i, c) in iban.chars().enumerate() {
        if i > 0 && i % 4 == 0 {
            text.push(sign);
        }
        text.push(c);
    }
    text
}

fn positives(example: &str) -> Vec<Positive> {
    let spaced = grouped(example, ' ');
    let hyphens = grouped(example, '-');
    let one = |text: String, matched: &str, why: &str| Positive {
        text,
        matched: matched.to_owned(),
        why: why.to_owned(),
        also: Vec::new(),
    };
    vec![
        one(format!("payee {example}"), example, "as stored"),
        one(format!("paid to {spaced}."), &spaced, "in groups of four"),
        one(
            format!("payee={hyphens};"),
            &hyphens,
            "hyphens between groups",
        ),
    ]
}

fn negatives(example: &str) -> Vec<Negative> {
    // a later check digit is never right as well: the remainder moves with it
    let mut bytes = example.as_bytes().to_vec();
    if let Some(digit) = bytes.get_mut(3) {
        *digit = if *digit == b'9' { b'0' } else { *digit + 1 };
    }
    let wrong = String::from_utf8_lossy(&bytes).into_owned();
    let short = example.get(..example.len().saturating_sub(1)).unwrap_or("");
    let one = |text: String, why: &str| Negative {
        text,
        why: why.to_owned(),
    };
    vec![
        one(format!("payee {wrong}"), "wrong check digits"),
        one(format!("payee {short}"), "one character short"),
        one(format!("payee X{example}"), "inside a longer word"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_four() {
        assert_eq!(grouped("DE0212030000", ' '), "DE02 1203 0000");
    }
}
