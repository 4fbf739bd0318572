//! The examples of every detector file, through the whole scanner with all detectors loaded.

use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use magpie::detect::{Catalogue, Scanner};
use magpie::model::text::NoContext;
use magpie::model::{Block, Hit};

static CATALOGUE: LazyLock<Arc<Catalogue>> =
    LazyLock::new(|| Arc::new(Catalogue::builtin().expect("detector files load")));

fn scan(text: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    let _ = Scanner::new(CATALOGUE.clone()).scan(&Block::whole(text), &mut NoContext, &mut |hit| {
        hits.push(hit);
        ControlFlow::Continue(())
    });
    hits
}

fn id(hit: &Hit) -> &'static str {
    &CATALOGUE.index().detectors[hit.detector as usize].id
}

/// `id "value"` of each hit, for comparing and for messages; the examples hold no real data.
fn shown(text: &str, hits: &[Hit]) -> Vec<String> {
    hits.iter()
        .map(|h| {
            let value = String::from_utf8_lossy(&text.as_bytes()[h.range.clone()]);
            format!("{} {value:?}", id(h))
        })
        .collect()
}

fn report(errors: &[String]) {
    assert!(
        errors.is_empty(),
        "{} failures:\n{}",
        errors.len(),
        errors.join("\n")
    );
}

#[test]
fn positives_are_found_exactly_and_alone() {
    let mut errors = Vec::new();
    for spec in CATALOGUE.specs() {
        for example in &spec.positives {
            let hits = scan(example.text.as_bytes());
            let got = shown(&example.text, &hits);
            let expected = format!("{} {:?}", spec.id, example.matched);
            let own = got.iter().filter(|g| **g == expected).count();
            let others = hits
                .iter()
                .filter(|h| id(h) != spec.id && !example.also.iter().any(|a| a == id(h)))
                .count();
            let of_this = hits.iter().filter(|h| id(h) == spec.id).count();
            if own != 1 || of_this != 1 || others != 0 {
                errors.push(format!(
                    "{}: {:?} ({}): expected {expected}, got {got:?}",
                    spec.id, example.text, example.why
                ));
            }
        }
    }
    report(&errors);
}

#[test]
fn negatives_are_silent() {
    let mut errors = Vec::new();
    for spec in CATALOGUE.specs() {
        for example in &spec.negatives {
            let hits = scan(example.text.as_bytes());
            if hits.iter().any(|h| id(h) == spec.id) {
                errors.push(format!(
                    "{}: {:?} ({}): got {:?}",
                    spec.id,
                    example.text,
                    example.why,
                    shown(&example.text, &hits)
                ));
            }
        }
    }
    report(&errors);
}

/// The values of the detector that are found in a text.
fn values(text: &str, hits: &[Hit], detector: &str) -> Vec<String> {
    hits.iter()
        .filter(|h| id(h) == detector)
        .map(|h| text[h.range.clone()].to_owned())
        .collect()
}

/// Text around an example that is no part of it and says nothing.
const AROUND: [(&str, &str); 8] = [
    ("2024-05-01T12:00:00.000Z INFO [main] ", "\n"),
    ("{\"level\":\"info\",\"msg\":\"", "\"}\n"),
    ("7,x,\"", "\",ok,9\n"),
    ("<td>", "</td>"),
    ("[", "]"),
    ("“", "”"),
    ("«", "»"),
    ("‘", "’"),
];

#[test]
fn positives_are_found_inside_other_text() {
    let mut errors = Vec::new();
    for spec in CATALOGUE.specs() {
        for example in &spec.positives {
            for (before, after) in AROUND {
                let json = before.starts_with('{');
                // escaped already, and once is what we read
                if json && example.text.contains('\\') {
                    continue;
                }
                // inside JSON the text is escaped, and so is the value
                let escape = |s: &str| {
                    let quoted = serde_json::to_string(s).expect("a string");
                    quoted[1..quoted.len() - 1].to_owned()
                };
                let (inner, value) = if json {
                    (escape(&example.text), escape(&example.matched))
                } else {
                    (example.text.clone(), example.matched.clone())
                };
                let text = format!("{before}{inner}{after}");
                let got = values(&text, &scan(text.as_bytes()), &spec.id);
                if got != [value.clone()] {
                    errors.push(format!(
                        "{}: {text:?} ({}): expected {value:?}, got {got:?}",
                        spec.id, example.why
                    ));
                }
            }
        }
    }
    report(&errors);
}
