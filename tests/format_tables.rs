//! Tables in binary form through the real program: every value planted in the fixtures is found once,
//! at its record and path, its cell or its row; and what cannot be read is told.

#[path = "cli_support/mod.rs"]
mod cli_support;

use std::collections::BTreeMap;
use std::path::Path;

use cli_support::Bed;
use serde_json::Value;

const FORMATS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/formats");

/// A scan of some of the fixtures: what was found in each, and the words told.
struct Scan {
    found: BTreeMap<String, Vec<Value>>,
    status: Option<i32>,
    stderr: String,
}

fn scan(names: &[&str]) -> Scan {
    let bed = Bed::new();
    for name in names {
        bed.write(
            Path::new("in").join(name),
            std::fs::read(Path::new(FORMATS).join(name)).unwrap(),
        );
    }
    let ran = bed.run(&["scan", "in", "--format", "jsonl"]);
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in ran.lines() {
        let uri = line["object"]["uri"].as_str().unwrap();
        let name = uri.rsplit('/').next().unwrap().to_owned();
        found.entry(name).or_default().push(line);
    }
    Scan {
        found,
        status: ran.status,
        stderr: ran.stderr,
    }
}

/// The place of an occurrence, in the words of `tables.jsonl`.
fn place(line: &Value) -> String {
    let (cell, record) = (&line["cell"], &line["record"]);
    let container: Vec<_> = line["container"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    let container = container.join("/");
    if !record.is_null() {
        return format!("record {} {}", record["recordIndex"], record["jsonPath"]);
    }
    if !cell.is_null() {
        let table = cell["table"].as_str().unwrap_or(&container);
        return format!("{table} row {} column {}", cell["row"], cell["column"]);
    }
    format!("{container} line {}", line["line"])
}

fn planted_place(line: &Value) -> String {
    let container: Vec<_> = line["container"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|name| name.as_str().unwrap())
        .collect();
    let container = container.join("/");
    let table = line["sheet"].as_str().or(line["table"].as_str());
    match (&line["record"], &line["row"]) {
        (Value::Number(record), _) => format!("record {record} {}", line["path"]),
        (_, Value::Number(row)) => format!(
            "{} row {row} column {}",
            table.unwrap_or(&container),
            line["column"].as_u64().unwrap() + 1
        ),
        _ => format!("{container} line {}", line["line"]),
    }
}

/// Asserts that what is planted in each of `names` is found once at its place, and nothing else of
/// the same kinds but what `more` says is in each.
fn assert_found(names: &[&str], more: &[(&str, &str)]) {
    let scan = scan(names);
    let planted = std::fs::read_to_string(Path::new(FORMATS).join("tables.jsonl")).unwrap();
    let planted: Vec<Value> = planted
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for name in names {
        let mut want: Vec<(String, String)> = planted
            .iter()
            .filter(|line| {
                line["objects"]
                    .as_array()
                    .unwrap()
                    .contains(&(*name).into())
            })
            .map(|line| {
                (
                    line["detector"].as_str().unwrap().to_owned(),
                    planted_place(line),
                )
            })
            .collect();
        assert!(want.len() >= 16, "{name}");
        want.extend(more.iter().map(|(d, p)| ((*d).to_owned(), (*p).to_owned())));
        want.sort();
        let found = scan.found.get(*name).map(Vec::as_slice).unwrap_or_default();
        let mut found: Vec<(String, String)> = found
            .iter()
            .map(|line| (line["detector"].as_str().unwrap().to_owned(), place(line)))
            .collect();
        found.sort();
        let missing: Vec<_> = want.iter().filter(|w| !found.contains(w)).collect();
        let surplus: Vec<_> = found.iter().filter(|f| !want.contains(f)).collect();
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "{name}: missing {missing:#?}, not planted {surplus:#?}"
        );
        assert_eq!(found.len(), want.len(), "{name}: something is found twice");
    }
    // nothing was left out
    assert_eq!(scan.status, Some(0), "{}", scan.stderr);
}

const SSN: &str = "USA_SOCIAL_SECURITY_NUMBER";

#[test]
fn parquet_of_every_codec() {
    assert_found(
        &[
            "people-none.parquet",
            "people-snappy.parquet",
            "people-gzip.parquet",
            "people-brotli.parquet",
            "people-zstd.parquet",
            "people-lz4.parquet",
            "people-v2.parquet",
        ],
        &[],
    );
}

#[test]
fn avro_of_every_codec() {
    assert_found(
        &[
            "people-null.avro",
            "people-deflate.avro",
            "people-snappy.avro",
            "people-bzip2.avro",
            "people-xz.avro",
            "people-zstandard.avro",
        ],
        &[],
    );
}

#[test]
fn sqlite_in_both_encodings() {
    assert_found(
        &["people.sqlite", "people-utf16.sqlite"],
        &[(SSN, "notes row 1 column 1"), (SSN, " line 5")],
    );
}

#[test]
fn workbooks() {
    // a comment and who wrote it, the literals of a formula, the creator of the workbook
    assert_found(
        &["people.xlsx"],
        &[
            ("NAME", " line 19"),
            ("NAME", "Notes row 1 column 1"),
            ("PHONE_NUMBER", "Notes row 1 column 1"),
            (SSN, "Notes row 2 column 2"),
        ],
    );
}

#[test]
fn workbooks_of_open_document() {
    assert_found(
        &["people.ods"],
        &[
            ("NAME", " line 13"),
            ("PHONE_NUMBER", "Staff row 2 column 1"),
        ],
    );
}

#[test]
fn workbooks_before_office_open_xml() {
    assert_found(&["people.xls"], &[(SSN, "Accounts row 9 column 1")]);
    // by another writer, with a comment
    assert_found(
        &["people-calc.xls"],
        &[
            ("NAME", " line 18"),
            ("PHONE_NUMBER", "Notes row 1 column 1"),
            (SSN, "Notes row 2 column 2"),
        ],
    );
}

#[test]
fn members_of_7z_of_every_method() {
    assert_found(
        &[
            "people.7z",
            "people-bzip2.7z",
            "people-deflate.7z",
            "people-zstd.7z",
            "people-ppmd.7z",
            "people-lzma.7z",
            "people-copy.7z",
        ],
        &[],
    );
}

#[test]
fn what_is_locked_is_told() {
    for name in [
        "locked-column.parquet",
        "locked-footer.parquet",
        "locked.7z",
        "locked-names.7z",
    ] {
        let bed = Bed::new();
        let bytes = std::fs::read(Path::new(FORMATS).join(name)).unwrap();
        bed.write(Path::new("in").join(name), bytes);
        let ran = bed.run(&["scan", "in", "--format", "json"]);
        assert_eq!(ran.status, Some(3), "{name}: {}", ran.stderr);
        let told = ran.stdout.contains("INVALID_ENCRYPTION");
        assert!(told, "{name}: {}", ran.stdout);
    }
}
