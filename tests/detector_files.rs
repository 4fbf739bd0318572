//! The detector files as a registry: complete, consistent, and equal to what Macie publishes.
//!
//! The examples run here against each file alone: expression, edges, checks. That they come out of
//! the whole scanner the same way is tested with the scanner.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use magpie::detect::Catalogue;
use magpie::detect::spec::{Anchor, Engine, KeywordRule, PatternSpec, Spec, parse};
use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("detectors")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("read folder") {
            let path = entry.expect("read entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn specs() -> Vec<Spec> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut specs = Vec::new();
    let mut errors = Vec::new();
    for path in files() {
        let name = path.strip_prefix(root).expect("below root");
        let text = fs::read_to_string(&path).expect("read file");
        match parse(&name.to_string_lossy(), &text) {
            Ok(more) => specs.extend(more),
            Err(error) => errors.push(error.to_string()),
        }
    }
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    specs
}

fn report(errors: &[String]) {
    assert!(
        errors.is_empty(),
        "{} failures:\n{}",
        errors.len(),
        errors.join("\n")
    );
}

/// Every place of `text` at which the pattern alone would accept a value.
fn values<'t>(pattern: &PatternSpec, regex: &Regex, text: &'t str) -> Vec<&'t str> {
    let bytes = text.as_bytes();
    let group = regex
        .group_info()
        .to_index(regex_automata::PatternID::ZERO, "v");
    let mut found = Vec::new();
    let mut at = 0;
    let mut captures = regex.create_captures();
    while at < bytes.len() {
        if !text.is_char_boundary(at) || !starts(&pattern.anchor, bytes, at) {
            at += 1;
            continue;
        }
        regex.search_captures(
            &Input::new(bytes).range(at..).anchored(Anchored::Yes),
            &mut captures,
        );
        let value = captures.get_group(group.unwrap_or(0));
        match value {
            Some(span)
                if pattern.edge.allows(bytes, span.range())
                    && pattern
                        .checks
                        .iter()
                        .all(|c| c.passes(&bytes[span.range()])) =>
            {
                found.push(&text[span.range()]);
                at = span.end.max(at + 1);
            }
            _ => at += 1,
        }
    }
    found
}

/// A plain reading of the anchors: where a match may start.
fn starts(anchor: &Anchor, text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map(|i| text[i]);
    let rest = &text[at..];
    match anchor {
        Anchor::Number => {
            let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
            let run = digit(rest.first()) && !before.is_some_and(|b| b.is_ascii_digit());
            let sign = |n: usize| rest[..n].iter().all(|b| matches!(b, b'+' | b'('));
            run || (digit(rest.get(1)) && sign(1)) || (digit(rest.get(2)) && sign(2))
        }
        Anchor::Token => {
            rest.first().is_some_and(u8::is_ascii_alphanumeric)
                && !before.is_some_and(|b| b.is_ascii_alphanumeric())
        }
        Anchor::Literal {
            literals,
            ignore_case,
        } => literals.iter().any(|literal| {
            rest.get(..literal.len()).is_some_and(|head| {
                head == literal.as_bytes()
                    || *ignore_case && head.eq_ignore_ascii_case(literal.as_bytes())
            })
        }),
        Anchor::Url => {
            rest.first().is_some_and(u8::is_ascii_alphabetic)
                && !before.is_some_and(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b))
        }
        Anchor::At | Anchor::Keyword => true,
    }
}

fn has_keyword(spec: &Spec, text: &str) -> bool {
    let plain = |s: &str| s.to_lowercase().replace([' ', '_', '-'], "");
    let text = plain(text);
    spec.keywords
        .iter()
        .chain(&spec.keywords_extra)
        .any(|k| text.contains(&plain(k)))
}

/// Over bytes: text may hold what is not UTF-8.
fn build(regex: &str) -> Result<Regex, String> {
    Regex::builder()
        .configure(Regex::config().utf8_empty(false))
        .syntax(syntax::Config::new().utf8(false))
        .build(regex)
        .map_err(|e| e.to_string())
}

fn compile(spec: &Spec) -> Vec<Result<Regex, String>> {
    spec.patterns
        .iter()
        .map(|p| build(&p.regex).map_err(|e| format!("{}: {e}: {}", spec.id, p.regex)))
        .collect()
}

#[test]
fn ids_are_unique() {
    let mut seen = BTreeSet::new();
    let twice: Vec<String> = specs()
        .into_iter()
        .map(|s| s.id)
        .filter(|id| !seen.insert(id.clone()))
        .collect();
    report(&twice);
}

#[test]
fn every_detector_is_documented_and_has_examples() {
    let mut errors = Vec::new();
    for spec in specs() {
        if spec.positives.len() < 3 || spec.negatives.len() < 3 {
            errors.push(format!(
                "{}: {} positives and {} negatives; give at least 3 each",
                spec.id,
                spec.positives.len(),
                spec.negatives.len()
            ));
        }
        if spec.description.len() < 20 || !spec.description.ends_with('.') {
            errors.push(format!("{}: description is not a sentence", spec.id));
        }
        if spec.references.is_empty() {
            errors.push(format!("{}: no reference", spec.id));
        }
        for example in &spec.positives {
            let times = example.text.matches(&example.matched).count();
            if times != 1 {
                errors.push(format!(
                    "{}: {}: match occurs {times} times",
                    spec.id, example.why
                ));
            }
        }
    }
    report(&errors);
}

#[test]
fn expressions_compile_and_never_match_nothing() {
    let mut errors = Vec::new();
    for spec in specs() {
        for regex in compile(&spec) {
            match regex {
                Ok(regex) if regex.is_match("") => {
                    errors.push(format!("{}: matches the empty text", spec.id));
                }
                Ok(_) => {}
                Err(error) => errors.push(error),
            }
        }
    }
    report(&errors);
}

#[test]
fn positives_are_found_exactly_once() {
    let mut errors = Vec::new();
    for spec in specs().iter().filter(|s| s.engine == Engine::Pattern) {
        let regexes = compile(spec);
        for example in &spec.positives {
            let mut found = BTreeSet::new();
            let mut count = 0;
            for (pattern, regex) in spec.patterns.iter().zip(&regexes) {
                let Ok(regex) = regex else { continue };
                let near = has_keyword(spec, &example.text);
                let allowed = match pattern.keyword {
                    KeywordRule::Required => near,
                    KeywordRule::None => true,
                    KeywordRule::Absent => !near,
                };
                if allowed {
                    let values = values(pattern, regex, &example.text);
                    count = count.max(values.len());
                    found.extend(values);
                }
            }
            let expected = example.matched.as_str();
            if count != 1 || !found.contains(expected) {
                errors.push(format!(
                    "{}: {}: expected {expected:?}, got {found:?}",
                    spec.id, example.why
                ));
            }
        }
    }
    report(&errors);
}

#[test]
fn negatives_are_silent_or_lack_a_keyword() {
    let mut errors = Vec::new();
    for spec in specs().iter().filter(|s| s.engine == Engine::Pattern) {
        let regexes = compile(spec);
        for example in &spec.negatives {
            for (pattern, regex) in spec.patterns.iter().zip(&regexes) {
                let Ok(regex) = regex else { continue };
                // words and distances are the scanner's to judge
                let judged_here = match pattern.keyword {
                    KeywordRule::Required => has_keyword(spec, &example.text),
                    KeywordRule::None => true,
                    KeywordRule::Absent => false,
                };
                let values = values(pattern, regex, &example.text);
                let excused = values.iter().all(|v| {
                    let plain = v.replace([' ', '-'], "");
                    spec.never_reported.contains(&plain) || example.why.contains("keyword")
                });
                if judged_here && !excused {
                    errors.push(format!("{}: {}: got {values:?}", spec.id, example.why));
                }
            }
        }
    }
    report(&errors);
}

#[test]
fn equal_to_what_is_published() {
    let text = include_str!("data/macie-identifiers.json");
    let table: serde_json::Value = serde_json::from_str(text).expect("test table");
    let published: BTreeMap<&str, &serde_json::Value> = table
        .as_array()
        .expect("array")
        .iter()
        .map(|row| (row["id"].as_str().expect("id"), row))
        .collect();
    let strings = |row: &serde_json::Value, key: &str| -> Vec<String> {
        row[key]
            .as_array()
            .expect("array")
            .iter()
            .map(|s| s.as_str().expect("string").to_owned())
            .collect()
    };
    let specs = specs();
    let loaded: BTreeSet<&str> = specs.iter().map(|s| s.id.as_str()).collect();
    let mut errors: Vec<String> = published
        .keys()
        .filter(|id| !loaded.contains(*id))
        .map(|id| format!("{id}: published, and not here"))
        .collect();
    assert_eq!(published.len(), 166, "identifiers in the test table");
    let catalogue = Catalogue::from_specs(specs.clone()).expect("compiles");
    for (spec, info) in catalogue.specs().iter().zip(&catalogue.index().detectors) {
        let Some(row) = published.get(spec.id.as_str()) else {
            if spec.origin.as_str() != "magpie" {
                errors.push(format!("{}: not one of Macie's, yet says so", spec.id));
            }
            continue;
        };
        let severity = [1, 2, 100]
            .map(|count| spec.severity.of(count))
            .map(|s| s.map_or("", |s| s.as_str()).to_owned());
        let pairs = [
            ("origin", spec.origin.as_str() == "macie"),
            ("category", row["category"] == spec.category.as_str()),
            ("kind", row["type"] == spec.kind.as_str()),
            ("keywords", strings(row, "keywords") == spec.keywords),
            ("severity", strings(row, "severity") == severity),
            (
                "keyword_required",
                row["keyword_required"] == info.keyword_required,
            ),
            ("recommended", row["recommended"] == spec.recommended),
            (
                "never_reported",
                strings(row, "never_reported") == spec.never_reported,
            ),
            ("countries", strings(row, "countries") == spec.countries),
        ];
        for (field, equal) in pairs {
            if !equal {
                errors.push(format!(
                    "{}: {field} differs from what is published",
                    spec.id
                ));
            }
        }
    }
    report(&errors);
}

#[test]
fn numbers_without_keyword_avoid_the_keywords_of_those_with() {
    let specs = specs();
    let find = |id: &str| specs.iter().find(|s| s.id == id).expect("detector");
    let with = find("CREDIT_CARD_NUMBER");
    let without = find("CREDIT_CARD_NUMBER_(NO_KEYWORD)");
    let all: BTreeSet<&String> = with.keywords.iter().chain(&with.keywords_extra).collect();
    assert_eq!(all, without.keywords_extra.iter().collect());
}

#[test]
fn keywords_are_told_once() {
    let mut errors = Vec::new();
    for spec in specs() {
        let mut seen = BTreeSet::new();
        for keyword in spec.keywords.iter().chain(&spec.keywords_extra) {
            if !seen.insert(keyword.to_lowercase()) {
                errors.push(format!("{}: keyword {keyword:?} twice", spec.id));
            }
        }
    }
    report(&errors);
}
