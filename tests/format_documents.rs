//! Documents through the real program: every value planted in the fixtures is found once, at its page, its
//! cell or its line, and reading the place back gives it; and what is not read is told.

#[path = "cli_support/mod.rs"]
mod cli_support;

use std::path::Path;

use cli_support::Bed;
use serde_json::Value;

const FORMATS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/formats");

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(FORMATS).join(name)).unwrap()
}

/// Names of the members down to a value.
fn container(line: &Value) -> Vec<String> {
    let names = line["container"].as_array().unwrap();
    let names = names.iter().map(|name| name.as_str().unwrap().to_owned());
    names.collect()
}

/// The place of an occurrence, in the words of `documents.jsonl`.
fn place(line: &Value) -> String {
    let (cell, page) = (&line["cell"], &line["page"]);
    if !cell.is_null() {
        let column = cell["column"].as_u64().unwrap() - 1;
        let table = cell["table"].as_str().unwrap();
        return format!("{table} row {} column {column}", cell["row"]);
    }
    match page.as_u64() {
        Some(page) => format!("page {page}"),
        None => String::new(),
    }
}

/// What one value is: members, detector, value, place.
type Found = (Vec<String>, String, String, String);

/// Scans one document and reads all places back.
fn found(bed: &Bed, name: &str) -> Vec<Found> {
    let file = format!("in/{name}");
    bed.write(&file, fixture(name));
    let ran = bed.run(&["scan", &file, "--format", "jsonl"]);
    assert_eq!(ran.status, Some(0), "{name}: {}", ran.stderr);
    let mut found = Vec::new();
    for line in ran.lines() {
        let members = container(&line);
        let mut arguments = vec!["text", &file];
        for member in &members {
            arguments.extend(["--member", member]);
        }
        let text = bed.run(&arguments).stdout;
        let at = |end: &str| line["byteRange"][end].as_u64().unwrap() as usize;
        let value = text[at("start")..at("end")].to_owned();
        let detector = line["detector"].as_str().unwrap().to_owned();
        let name = line["object"]["uri"].as_str().unwrap();
        // what is in a table of a page has both
        let has_pages = name.ends_with("pdf") || name.ends_with("pptx") || name.ends_with("odp");
        if has_pages && !line["cell"].is_null() {
            assert!(line["page"].is_u64(), "{line}");
        }
        found.push((members, detector, value, place(&line)));
    }
    found.sort();
    found
}

fn planted(name: &str) -> Vec<Found> {
    let list = String::from_utf8(fixture("documents.jsonl")).unwrap();
    let mut planted: Vec<Found> = list
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["object"] == name && !line["detector"].is_null())
        .map(|line| {
            let word = |key: &str| line[key].as_str().unwrap().to_owned();
            (
                container(&line),
                word("detector"),
                word("value"),
                word("place"),
            )
        })
        .collect();
    planted.sort();
    planted
}

#[test]
fn planted_values_are_found_once_at_their_places() {
    let (bed, mut faults) = (Bed::new(), String::new());
    for (name, count) in [
        ("letter.doc", 15),
        ("letter.docx", 20),
        ("letter.odt", 16),
        ("letter.pdf", 18),
        ("letter.rtf", 15),
        ("office.docx", 15),
        ("office.odt", 15),
        ("office.pdf", 15),
        ("open.pdf", 1),
        ("slides.odp", 14),
        ("slides.pptx", 15),
    ] {
        let (found, planted) = (found(&bed, name), planted(name));
        assert!(planted.len() >= count, "{name}: {} planted", planted.len());
        let missing: Vec<_> = planted.iter().filter(|p| !found.contains(p)).collect();
        let surplus: Vec<_> = found.iter().filter(|f| !planted.contains(f)).collect();
        if found != planted {
            faults += &format!("{name}: missing {missing:#?}, not planted {surplus:#?}\n");
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn what_is_not_read_is_told() {
    let bed = Bed::new();
    for (name, status, told) in [
        ("scanned.pdf", 3, "page 2 is a picture"),
        ("locked.pdf", 3, "locked with a password"),
    ] {
        let file = format!("in/{name}");
        bed.write(&file, fixture(name));
        let ran = bed.run(&["scan", &file]);
        assert_eq!(ran.status, Some(status), "{name}: {}", ran.stdout);
        let words = format!("{}{}", ran.stdout, ran.stderr);
        assert!(words.contains(told), "{name}: {words}");
    }
    // what there is of one that is cut off is read
    let whole = fixture("letter.pdf");
    bed.write("in/cut.pdf", &whole[..whole.len() - 200]);
    let ran = bed.run(&["scan", "in/cut.pdf", "--format", "jsonl"]);
    assert_eq!(ran.status, Some(3), "{}", ran.stderr);
    assert!(ran.lines().len() > 10, "{}", ran.stderr);
}
