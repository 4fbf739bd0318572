//! Tests: each value planted in the documents of `fixtures/formats` is told once, at its place.

use std::path::Path;

use serde_json::Value;

use super::recorded::{Recorded, Told};
use super::{Failure, Format};
use crate::model::Reason;

/// Bytes of a document of the folder.
pub fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats");
    std::fs::read(folder.join(name)).unwrap()
}

fn format(name: &str) -> Format {
    match name.rsplit('.').next() {
        Some("pdf") => Format::Pdf,
        Some("rtf") => Format::Rtf,
        Some("doc") => Format::Compound,
        _ => Format::Office,
    }
}

/// Checks all values planted in a document, and answers with what was told of it.
fn check(name: &str) -> Recorded {
    let (out, result) = Recorded::read(format(name), &fixture(name));
    result.unwrap();
    let list = String::from_utf8(fixture("documents.jsonl")).unwrap();
    let planted: Vec<Value> = list
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|planted: &Value| planted["object"] == name)
        .collect();
    assert!(!planted.is_empty(), "nothing is planted in {name}");
    let mut faults = Vec::new();
    for planted in &planted {
        let value = planted["value"].as_str().unwrap();
        let place = planted["place"].as_str().unwrap();
        if let Some(member) = planted["container"][0].as_str() {
            let found = out.members().iter().any(|(name, data)| {
                *name == member && String::from_utf8_lossy(data).contains(value)
            });
            if !found {
                faults.push(format!("{value}: not in member {member}"));
            }
            continue;
        }
        let places = out.places(value);
        let is_right = match (places.as_slice(), place) {
            ([at], "") => at.starts_with("line "),
            ([at], place) => at == place,
            _ => false,
        };
        if !is_right {
            faults.push(format!("{value}: at {places:?}, not {place:?}"));
        }
    }
    assert!(
        faults.is_empty(),
        "{name}: {}\n{:#?}",
        faults.join("\n"),
        out.told
    );
    out
}

fn mime(out: &Recorded) -> &'static str {
    match out.told.first() {
        Some(Told::Mime(mime)) => mime,
        told => panic!("{told:?}"),
    }
}

#[test]
fn values_of_pdf_are_told_once() {
    for name in ["letter.pdf", "office.pdf", "open.pdf"] {
        let out = check(name);
        assert_eq!(mime(&out), "application/pdf");
        assert_eq!(out.gaps(), []);
    }
}

#[test]
fn pages_that_are_pictures_are_a_gap() {
    let out = check("scanned.pdf");
    let detail = "page 2 is a picture";
    assert_eq!(out.gaps(), [(Reason::UnsupportedFileTypeException, detail)]);
}

#[test]
fn documents_behind_a_password_are_locked() {
    let (out, result) = Recorded::read(Format::Pdf, &fixture("locked.pdf"));
    assert_eq!(out.told, [Told::Mime("application/pdf")]);
    match result {
        Err(Failure::Broken { reason, .. }) => assert_eq!(reason, Reason::InvalidEncryption),
        other => panic!("{other:?}"),
    }
}

#[test]
fn values_of_word_documents_are_told_once() {
    for name in ["letter.docx", "office.docx"] {
        let out = check(name);
        assert!(mime(&out).ends_with("wordprocessingml.document"));
        assert_eq!(out.gaps(), []);
    }
}

#[test]
fn values_of_slides_are_told_once() {
    let out = check("slides.pptx");
    assert!(mime(&out).ends_with("presentationml.presentation"));
    assert_eq!(out.gaps(), []);
}

#[test]
fn values_of_open_documents_are_told_once() {
    for (name, kind) in [
        ("letter.odt", "application/vnd.oasis.opendocument.text"),
        ("office.odt", "application/vnd.oasis.opendocument.text"),
        (
            "slides.odp",
            "application/vnd.oasis.opendocument.presentation",
        ),
    ] {
        let out = check(name);
        assert_eq!(mime(&out), kind);
        assert_eq!(out.gaps(), []);
    }
}

#[test]
fn values_of_rich_text_are_told_once() {
    let out = check("letter.rtf");
    assert_eq!(mime(&out), "application/rtf");
    assert_eq!(out.gaps(), []);
    assert!(
        out.lines()
            .contains(&"After the table: caf\u{e9}, 5 \u{20ac}, \u{65e5}\u{672c}.")
    );
}

#[test]
fn values_of_old_word_documents_are_told_once() {
    let out = check("letter.doc");
    assert_eq!(mime(&out), "application/msword");
    assert_eq!(out.gaps(), []);
    assert!(
        out.lines()
            .contains(&"After the table: caf\u{e9}, 5 \u{20ac}, \u{65e5}\u{672c}.")
    );
}
