//! The summary document `magpie.summary/1`.

#[path = "store_support/mod.rs"]
mod support;

use magpie::model::allow::{AllowKind, AllowListUse, EntryNote, Notes};
use magpie::model::{
    Category, Coverage, DetectorTotal, Gap, JobInfo, JobStatus, ObjectRow, Reason, ReasonTotal,
    Severity, SeverityTotals, Status, Tally, coverage::UnlistedTarget,
};
use magpie::wire::{RunFigures, SummaryHead, SummaryWriter};
use serde_json::{Value, json};
use support::{job_id, now};

fn tally(objects: u64, bytes: u64) -> Tally {
    Tally { objects, bytes }
}

fn job() -> JobInfo {
    JobInfo {
        id: job_id(),
        name: "a \"job\"".to_owned(),
        job_type: "ONE_TIME".to_owned(),
        status: JobStatus::Complete,
        spec: "{}".to_owned(),
        catalogue: "c1".to_owned(),
        created_at: now(),
        run_date: now(),
        updated_at: now(),
        finished_at: Some(now()),
        attempt: 2,
        run: None,
    }
}

fn row(key: &str) -> ObjectRow {
    ObjectRow {
        target: 0,
        key: key.to_owned(),
        uri: format!("s3://b/{key}"),
        size: Some(5),
        etag: Some("e".to_owned()),
        version_id: None,
        mime_type: Some("text/plain".to_owned()),
        status: Status::Complete,
        reason: None,
        detail: None,
        bytes_read: 5,
        bytes_scanned: 5,
        members: 1,
        occurrences: 3,
        severity: Some(Severity::High),
    }
}

fn gap(key: &str) -> Gap {
    Gap {
        uri: format!("s3://b/{key}"),
        container: vec!["in\u{1b}ner".to_owned()],
        status: Status::Skipped,
        reason: Some(Reason::MalformedFile),
        detail: Some("crc".to_owned()),
        bytes: None,
    }
}

fn lists() -> [AllowListUse; 2] {
    let note = EntryNote {
        line: Some(7),
        owner: Some("qa\u{7}".to_owned()),
        reason: None,
        expires: chrono::NaiveDate::from_ymd_opt(2024, 1, 31),
    };
    [
        AllowListUse {
            name: "people".to_owned(),
            id: Some("l".repeat(22)),
            kind: AllowKind::Entries,
            location: Some("people.toml".to_owned()),
            error: None,
            entries: 200,
            allowed: vec![("NAME".to_owned(), 5), ("ADDRESS".to_owned(), 1)],
            unused: Notes {
                count: 150,
                first: vec![EntryNote::default()],
            },
            expired: Notes {
                count: 1,
                first: vec![note],
            },
        },
        AllowListUse {
            name: "gone".to_owned(),
            id: None,
            kind: AllowKind::Regex,
            location: None,
            error: Some("not there".to_owned()),
            entries: 0,
            allowed: Vec::new(),
            unused: Notes::default(),
            expired: Notes::default(),
        },
    ]
}

fn summary(objects: usize, gaps: usize) -> String {
    let coverage = Coverage {
        listed: tally(3, 30),
        complete: tally(1, 5),
        partial: tally(1, 15),
        skipped: tally(1, 10),
        unlisted: vec![UnlistedTarget {
            uri: "s3://other".to_owned(),
            cause: "access denied".to_owned(),
        }],
    };
    let reasons = [
        ReasonTotal {
            status: Status::Complete,
            reason: None,
            total: tally(1, 5),
        },
        ReasonTotal {
            status: Status::Skipped,
            reason: Some(Reason::MalformedFile),
            total: tally(1, 10),
        },
    ];
    let detectors = [DetectorTotal {
        detector: "NAME".to_owned(),
        category: Category::PersonalInformation,
        severity: Some(Severity::Low),
        occurrences: 3,
        objects: 1,
    }];
    let severities = SeverityTotals {
        objects_high: 1,
        occurrences_low: 3,
        ..SeverityTotals::default()
    };
    let head = SummaryHead {
        job: &job(),
        targets: &["s3://b".to_owned(), "s3://other".to_owned()],
        coverage: &coverage,
        reasons: &reasons,
        severities: &severities,
        detectors: &detectors,
        allow_lists: &lists(),
    };
    let mut writer = SummaryWriter::begin(Vec::new(), &head).expect("begin");
    for i in 0..objects {
        let counts = [("NAME".to_owned(), Some(Severity::Low), 3)];
        writer
            .object(&row(&i.to_string()), &counts)
            .expect("object");
    }
    for i in 0..gaps {
        writer.gap(&gap(&i.to_string())).expect("gap");
    }
    let run = RunFigures {
        milliseconds: 2_000,
        bytes_scanned: 5_000,
    };
    String::from_utf8(writer.finish(&run).expect("finish")).expect("UTF-8")
}

#[test]
fn every_mixture_of_objects_and_gaps_is_one_document_on_one_line() {
    for objects in [0, 1, 2, 2_000] {
        for gaps in [0, 1, 2, 2_000] {
            let text = summary(objects, gaps);
            assert_eq!(text.lines().count(), 1);
            assert!(!text.trim_end().chars().any(char::is_control));
            let value: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(value["objects"].as_array().map(Vec::len), Some(objects));
            assert_eq!(value["gaps"].as_array().map(Vec::len), Some(gaps));
        }
    }
}

#[test]
fn the_document_says_what_was_found_and_what_was_not_read() {
    let value: Value = serde_json::from_str(&summary(1, 1)).expect("JSON");
    let want = json!({
        "schema": "magpie.summary/1",
        "job": {
            "jobId": job_id().as_str(), "name": "a \"job\"", "jobType": "ONE_TIME",
            "jobStatus": "COMPLETE", "createdAt": "2024-05-02T00:10:11.123Z",
            "runDate": "2024-05-02T00:10:11.123Z", "finishedAt": "2024-05-02T00:10:11.123Z",
            "catalogue": "c1"
        },
        "targets": ["s3://b", "s3://other"],
        "coverage": {
            "whole": false, "balances": true,
            "listed": {"objects": 3, "bytes": 30}, "complete": {"objects": 1, "bytes": 5},
            "partial": {"objects": 1, "bytes": 15}, "skipped": {"objects": 1, "bytes": 10},
            "reasons": [
                {"status": "SKIPPED", "reason": "MALFORMED_FILE", "objects": 1, "bytes": 10}
            ],
            "unlisted": [{"uri": "s3://other", "cause": "access denied"}]
        },
        "objectsBySeverity": {"high": 1, "medium": 0, "low": 0, "belowLevels": 0},
        "occurrencesBySeverity": {"high": 0, "medium": 0, "low": 3, "belowLevels": 0},
        "detectors": [
            {"detector": "NAME", "category": "PERSONAL_INFORMATION", "severity": "Low",
             "occurrences": 3, "objects": 1}
        ],
        "allowLists": [
            {"name": "people", "id": "llllllllllllllllllllll", "kind": "entries",
             "location": "people.toml", "error": null, "entries": 200, "allowed": 6,
             "detectors": [
                {"detector": "NAME", "allowed": 5}, {"detector": "ADDRESS", "allowed": 1}
             ],
             "unused": {"entries": 150, "first": [
                {"line": null, "owner": null, "reason": null, "expires": null}
             ]},
             "expired": {"entries": 1, "first": [
                {"line": 7, "owner": "qa\u{7}", "reason": null, "expires": "2024-01-31"}
             ]}},
            {"name": "gone", "id": null, "kind": "regex", "location": null,
             "error": "not there", "entries": 0, "allowed": 0, "detectors": [],
             "unused": {"entries": 0, "first": []}, "expired": {"entries": 0, "first": []}}
        ],
        "objects": [
            {"uri": "s3://b/0", "eTag": "e", "versionId": null, "size": 5,
             "mimeType": "text/plain", "status": "COMPLETE", "severity": "High", "occurrences": 3,
             "detectors": [{"detector": "NAME", "severity": "Low", "occurrences": 3}]}
        ],
        "gaps": [
            {"uri": "s3://b/0", "container": ["in\u{1b}ner"], "status": "SKIPPED",
             "reason": "MALFORMED_FILE", "detail": "crc", "bytes": null}
        ],
        "run": {"milliseconds": 2000, "bytesScanned": 5000, "bytesPerSecond": 2500}
    });
    assert_eq!(value, want);
}

#[test]
fn an_object_after_a_gap_is_refused() {
    let head = SummaryHead {
        job: &job(),
        targets: &[],
        coverage: &Coverage::default(),
        reasons: &[],
        severities: &SeverityTotals::default(),
        detectors: &[],
        allow_lists: &[],
    };
    let mut writer = SummaryWriter::begin(Vec::new(), &head).expect("begin");
    writer.gap(&gap("a")).expect("gap");
    let error = writer.object(&row("b"), &[]).expect_err("too late");
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}
