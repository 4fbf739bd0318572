//! Text formats as real writers write them: every planted value is found once, where it stands, and
//! its path leads to it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What a file, container, detector, stored text and path were found to be.
type Found = BTreeMap<[String; 5], usize>;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("-").to_owned()
}

fn container(value: &Value) -> String {
    let names = value.as_array().unwrap().iter().map(text);
    names.collect::<Vec<_>>().join(" > ")
}

/// Stored text of a range: UTF-16 by its mark.
fn stored(file: &Path, from: usize, to: usize) -> String {
    let bytes = std::fs::read(file).unwrap();
    if bytes.starts_with(&[0xff, 0xfe]) {
        let units = bytes[from..to].chunks(2);
        let units: Vec<u16> = units.map(|u| u16::from_le_bytes([u[0], u[1]])).collect();
        return String::from_utf16(&units).unwrap();
    }
    String::from_utf8_lossy(&bytes[from..to]).into_owned()
}

#[test]
fn every_planted_value_is_found_where_it_stands_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats");
    let state = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_magpie"))
        .args(["scan", "text", "--format", "jsonl", "--state-dir"])
        .arg(state.path())
        .current_dir(&root)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let mut found = Found::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let uri = text(&line["object"]["uri"]);
        let file = uri.strip_prefix("file://text/").unwrap().to_owned();
        let at = |name: &str| line["byteRange"][name].as_u64().unwrap() as usize;
        let within = container(&line["container"]);
        let stored = match within.as_str() {
            "" => stored(&root.join("text").join(&file), at("start"), at("end")),
            _ => "-".to_owned(),
        };
        let key = [
            file,
            within,
            text(&line["detector"]),
            stored,
            text(&line["path"]),
        ];
        *found.entry(key).or_default() += 1;
    }
    let planted = std::fs::read_to_string(root.join("text_planted.jsonl")).unwrap();
    let mut faults = Vec::new();
    for line in planted.lines() {
        let p: Value = serde_json::from_str(line).unwrap();
        let key = [
            text(&p["file"]),
            container(&p["container"]),
            text(&p["detector"]),
            text(&p["stored"]),
            text(&p["path"]),
        ];
        match found.get_mut(&key) {
            Some(n) if *n > 0 => *n -= 1,
            _ => faults.push(format!("not found: {key:?}")),
        }
    }
    let more = found.iter().filter(|(_, n)| **n > 0);
    faults.extend(more.map(|(key, n)| format!("found {n} more: {key:?}")));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
