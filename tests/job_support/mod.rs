//! Jobs of the real binary at a time that the test sets.

#![allow(dead_code, reason = "each test file uses a part")]

use std::process::Command;

use super::cli_support::{Bed, Ran};
use serde_json::Value;

/// A text with so many Social Security numbers, different ones for different seeds.
pub fn ssns(seed: u32, n: u32) -> String {
    (0..n)
        .map(|i| format!("user ssn: 536-90-{:04}\n", 1000 + (seed * 31 + i) % 9000))
        .collect()
}

/// `magpie` at a time.
pub fn at(bed: &Bed, now: &str, arguments: &[&str]) -> Ran {
    let output = command_at(bed, now, arguments).output().unwrap();
    output.into()
}

pub fn command_at(bed: &Bed, now: &str, arguments: &[&str]) -> Command {
    let mut command = bed.command();
    command.env("MAGPIE_NOW", now).args(arguments);
    command
}

/// Creates a job; gives its id.
pub fn create(bed: &Bed, now: &str, arguments: &[&str]) -> String {
    let mut all = vec!["job", "create", "--selector", "ALL"];
    all.extend(arguments);
    let ran = at(bed, now, &all);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    ran.stdout.trim().to_owned()
}

/// The log lines of a job, as they are in its file.
pub fn log(bed: &Bed, job: &str) -> Vec<String> {
    let path = bed
        .state()
        .join(format!("logs/aws/macie/classificationjobs/{job}.jsonl"));
    std::fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

/// The types of the events of a job; with the bucket or account that they name.
pub fn events(bed: &Bed, job: &str) -> Vec<String> {
    log(bed, job)
        .iter()
        .map(|line| {
            let event: Value = serde_json::from_str(line).unwrap();
            let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
            let mut shown = text(&event["eventType"]);
            for more in [&event["affectedResource"]["value"], &event["operation"]] {
                if !more.is_null() {
                    shown = format!("{shown} {}", text(more));
                }
            }
            shown
        })
        .collect()
}

/// The log of a job with times and ids masked.
pub fn masked_log(bed: &Bed, job: &str) -> String {
    let time = regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z").unwrap();
    log(bed, job)
        .iter()
        .map(|line| {
            let line = time.replace_all(line, "<time>");
            line.replace(job, "<job>") + "\n"
        })
        .collect()
}

/// Compares with a golden log; `MAGPIE_BLESS=1` writes it.
pub fn golden(name: &str, actual: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("MAGPIE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{name} differs:\n--- expected\n{expected}--- actual\n{actual}"
    );
}

/// The status of a job.
pub fn status(bed: &Bed, job: &str) -> String {
    let shown = bed.run(&["job", "show", job, "--json"]).json();
    shown["jobStatus"].as_str().unwrap().to_owned()
}

/// The runs of a job, the first one first.
pub fn history(bed: &Bed, job: &str) -> Vec<Value> {
    let mut runs = bed.run(&["job", "history", job, "--json"]).lines();
    runs.reverse();
    runs
}
