//! The README's main command on the bundled sample: every planted value is found once, at the place
//! it stands, and nothing else is; gaps are told.

#[path = "support/members.rs"]
mod members;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const SAMPLE: &str = "fixtures/sample";

struct Scan {
    status: Option<i32>,
    lines: Vec<Value>,
    stderr: String,
}

fn scan(state: &Path, more: &[&str]) -> Scan {
    let output = Command::new(env!("CARGO_BIN_EXE_magpie"))
        .args(["scan", SAMPLE, "--format", "jsonl", "--state-dir"])
        .arg(state)
        .args(more)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    Scan {
        status: output.status.code(),
        lines: String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn strings(value: &Value) -> Vec<String> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_str().unwrap().to_owned())
        .collect()
}

/// The value at a reported place, read by independent means.
fn read_back(line: &Value) -> String {
    let uri = line["object"]["uri"].as_str().unwrap();
    let path = uri.strip_prefix("file://").unwrap();
    let member = members::member(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(path),
        &strings(&line["container"]),
    );
    let at = |name: &str| line["byteRange"][name].as_u64().unwrap() as usize;
    members::text(&member, at("start"), at("end"))
}

type Found = BTreeMap<(String, Vec<String>, String, String), usize>;

#[test]
fn every_planted_value_is_found_where_it_stands_and_nothing_else() {
    let state = tempfile::tempdir().unwrap();
    let scan = scan(state.path(), &[]);
    assert_eq!(scan.status, Some(3), "{}", scan.stderr);

    let mut found = Found::new();
    for line in &scan.lines {
        let uri = line["object"]["uri"].as_str().unwrap();
        let object = uri.strip_prefix("file://fixtures/sample/").unwrap();
        let key = (
            object.to_owned(),
            strings(&line["container"]),
            line["detector"].as_str().unwrap().to_owned(),
            read_back(line),
        );
        *found.entry(key).or_default() += 1;
    }
    let planted = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/planted.jsonl"),
    )
    .unwrap();
    let mut faults = Vec::new();
    for line in planted.lines() {
        let p: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| p[name].as_str().unwrap().to_owned();
        let key = (
            text("object"),
            strings(&p["container"]),
            text("detector"),
            // JSON text holds a quote of a value escaped; a planted value has none
            text("value"),
        );
        match found.get_mut(&key) {
            Some(n) if *n > 0 => *n -= 1,
            _ => faults.push(format!("not found: {key:?}")),
        }
    }
    faults.extend(
        found
            .iter()
            .filter(|(_, n)| **n > 0)
            .map(|(key, n)| format!("found {n} more: {key:?}")),
    );
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn threads_change_no_byte_of_the_output() {
    let state = tempfile::tempdir().unwrap();
    let one = scan(&state.path().join("1"), &["--threads", "1"]);
    let many = scan(&state.path().join("8"), &["--threads", "8"]);
    assert!(!one.lines.is_empty());
    assert_eq!(one.lines, many.lines);
}

#[test]
fn places_in_logs_tell_stream_and_time() {
    let state = tempfile::tempdir().unwrap();
    let scan = scan(state.path(), &[]);
    let in_export: Vec<&Value> = scan
        .lines
        .iter()
        .filter(|l| {
            l["object"]["uri"]
                .as_str()
                .unwrap()
                .contains("exportedlogs")
        })
        .collect();
    assert!(in_export.len() > 10);
    for line in in_export {
        assert!(line["log"]["stream"].is_string(), "{line}");
        let time = line["log"]["timestamp"].as_str().unwrap();
        assert!(
            time.starts_with("2024-05-01T12:") && time.len() == 24,
            "{line}"
        );
    }
    let firehose: Vec<&Value> = scan
        .lines
        .iter()
        .filter(|l| l["object"]["uri"].as_str().unwrap().contains("firehose"))
        .collect();
    assert!(!firehose.is_empty());
    for line in firehose {
        assert_eq!(line["log"]["group"], "/aws/lambda/signup", "{line}");
        assert!(line["log"]["eventId"].is_string(), "{line}");
    }
}

#[test]
fn the_table_tells_gaps_and_hides_values() {
    let state = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_magpie"))
        .args(["scan", SAMPLE, "--state-dir"])
        .arg(state.path())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(!table.contains('\u{1b}'), "no styles off a terminal");
    for wanted in [
        "UNSUPPORTED_FILE_TYPE_EXCEPTION",
        "MALFORMED_FILE",
        "other/logo.png",
        "21 objects = 19 complete + 1 partial + 1 skipped",
        "USA_SOCIAL_SECURITY_NUMBER",
    ] {
        assert!(table.contains(wanted), "no {wanted} in\n{table}");
    }
}
