//! What the fixtures of tables hold, for tests of their parsers: each value, told once, at its place.

use serde_json::Value;

use super::recorded::{Recorded, Told};
use super::{Bounds, Failure, Format};

fn path(name: &str) -> String {
    format!("{}/fixtures/formats/{name}", env!("CARGO_MANIFEST_DIR"))
}

pub(super) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap()
}

/// Reads a fixture to its end.
pub(super) fn whole(format: Format, name: &str) -> Recorded {
    let (out, result) = Recorded::read(format, &fixture(name));
    result.unwrap_or_else(|failure| panic!("{name}: {failure}"));
    assert_eq!(out.gaps(), [], "{name}");
    out
}

/// Asserts that every planted value of `name` was told once, at its place.
pub(super) fn assert_planted(out: &Recorded, name: &str) {
    let told = told(out);
    let mut planted = 0;
    for line in std::fs::read_to_string(path("tables.jsonl"))
        .unwrap()
        .lines()
    {
        let line: Value = serde_json::from_str(line).unwrap();
        if !line["objects"].as_array().unwrap().contains(&name.into()) {
            continue;
        }
        planted += 1;
        let value = line["value"].as_str().unwrap();
        let places: Vec<&str> = told
            .iter()
            // values of maps have their key in front
            .filter(|(_, text)| text == value || text.ends_with(&format!(": {value}")))
            .map(|(place, _)| place.as_str())
            .collect();
        let want = match (
            &line["record"],
            line["sheet"].as_str(),
            line["table"].as_str(),
        ) {
            (Value::Number(record), ..) => {
                format!("record {record} {}", line["path"].as_str().unwrap())
            }
            (_, Some(name), _) | (_, _, Some(name)) => {
                format!("{name} row {} column {}", line["row"], line["column"])
            }
            _ => panic!("no place in {line}"),
        };
        assert_eq!(places, [want], "{name}: {value}");
    }
    assert!(planted >= 28, "{name}: {planted} values");
}

/// Every value and cell, with its place.
pub(super) fn told(out: &Recorded) -> Vec<(String, String)> {
    let (mut table, mut paths) = (String::new(), Vec::new());
    let mut places = Vec::new();
    for told in &out.told {
        match told {
            Told::Table { name, columns, .. } => {
                table = name.clone().unwrap_or_default();
                paths = columns.iter().map(|c| c.path.clone()).collect();
            }
            Told::Cell(row, column, text) => {
                places.push((format!("{table} row {row} column {column}"), text.clone()));
            }
            Told::Value(record, column, path, text) => {
                let path = path.as_ref().unwrap_or_else(|| &paths[*column as usize]);
                places.push((format!("record {record} {path}"), text.clone()));
            }
            _ => {}
        }
    }
    places
}

/// Cuts and flips a document in many places: reading it ends, in a time that is its own.
///
/// A parser that is not ours may panic, which its process bears.
pub(super) fn assert_hardy(format: Format, bytes: &[u8]) {
    let mut broken: Vec<Vec<u8>> = (0..50)
        .map(|cut| bytes[..bytes.len() * cut / 50].to_vec())
        .collect();
    for flip in 0..200 {
        let mut bytes = bytes.to_vec();
        let at = bytes.len() * flip / 200;
        bytes[at] ^= 1 << (flip % 8);
        broken.push(bytes);
    }
    for (at, bytes) in broken.into_iter().enumerate() {
        let start = std::time::Instant::now();
        let read = std::panic::catch_unwind(|| {
            let bounds = Bounds {
                bytes_max: 64 << 20,
                ..Bounds::default()
            };
            let (_, result) = Recorded::read_within(format, &bytes, &bounds);
            assert!(!matches!(result, Err(Failure::Gone | Failure::Source(_))));
        });
        let took = start.elapsed();
        assert!(took.as_secs() < 10, "{at}: {took:?}");
        if let Err(panic) = read {
            let ours = panic
                .downcast_ref::<String>()
                .is_some_and(|message| message.contains("assertion"));
            assert!(!ours, "{at}");
        }
    }
}
