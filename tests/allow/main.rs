//! Allow lists through the real binary: what they keep out of every output and count, what they do
//! not apply to, how they are refused, saved, fetched from S3, and taken up again.

#[path = "../cli_support/mod.rs"]
mod cli_support;
#[path = "../support/mod.rs"]
mod support;

mod form;
mod refusals;
mod remote;
mod saved;
mod scan;

use cli_support::Bed;
use serde_json::Value;

/// Values that the texts of these tests hold.
const TEXT: &str = "\
full name: Martha Rivera
ssn 536-90-4399
ssn 536-90-4398
full name: Jürgen Groß
ship to 410 Terry Ave N, Seattle, WA 98109
mail person@example.com today
";

/// What a scan reports: identifier and line, in order.
fn found(bed: &Bed, arguments: &[&str]) -> Vec<(String, u64)> {
    let mut all = vec!["scan", "--format", "jsonl", "--quiet"];
    all.extend(arguments);
    let ran = bed.run(&all);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    ran.lines()
        .iter()
        .map(|l| {
            let detector = l["detector"].as_str().unwrap().to_owned();
            (detector, l["line"].as_u64().unwrap())
        })
        .collect()
}

/// The lists of a summary.
fn lists(bed: &Bed, arguments: &[&str]) -> Vec<Value> {
    let (_, summary) = bed.summary(arguments);
    summary["allowLists"].as_array().unwrap().clone()
}

/// Identifiers and numbers that a list allowed.
fn allowed(list: &Value) -> Vec<(&str, u64)> {
    list["detectors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| {
            (
                d["detector"].as_str().unwrap(),
                d["allowed"].as_u64().unwrap(),
            )
        })
        .collect()
}

/// Lines of the entries that are named as unused or expired.
fn lines(list: &Value, which: &str) -> Vec<u64> {
    let notes = &list[which];
    let lines: Vec<u64> = notes["first"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["line"].as_u64().unwrap())
        .collect();
    assert_eq!(notes["entries"], lines.len() as u64);
    lines
}
