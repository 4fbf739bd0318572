//! The real binary and the real SDK against an S3 server with faults: same findings as from a
//! folder, the right job log events, outcomes and exit statuses; one failing bucket or object
//! costs nothing but itself.

mod support;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use support::s3::{Fault, Op, Rule, S3Server, S3State};

const LINE: &str = "2024-05-01T12:00:00.000Z user signed up ssn=536-90-4399\n";

struct Ran {
    status: i32,
    lines: Vec<Value>,
    events: Vec<Value>,
    stderr: String,
}

impl Ran {
    fn event_types(&self) -> Vec<&str> {
        self.events
            .iter()
            .map(|e| e["eventType"].as_str().unwrap())
            .collect()
    }

    fn event(&self, name: &str) -> &Value {
        self.events
            .iter()
            .find(|e| e["eventType"] == name)
            .unwrap_or_else(|| panic!("no {name} in {:?}\n{}", self.event_types(), self.stderr))
    }
}

fn command(server: &S3Server, state: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_magpie"));
    command
        .args(["scan", "--no-progress", "--state-dir"])
        .arg(state)
        .env_clear()
        .envs(server.env())
        .env("HOME", state)
        .env("AWS_MAX_ATTEMPTS", "2");
    command
}

fn events(state: &Path) -> Vec<Value> {
    let folder = state.join("logs/aws/macie/classificationjobs");
    let Ok(files) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    files
        .flat_map(|f| {
            std::fs::read_to_string(f.unwrap().path())
                .unwrap()
                .lines()
                .map(|l| serde_json::from_str(l).unwrap())
                .collect::<Vec<Value>>()
        })
        .collect()
}

fn ran(output: Output, state: &Path) -> Ran {
    Ran {
        status: output.status.code().unwrap(),
        lines: String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect(),
        events: events(state),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn scan(server: &S3Server, arguments: &[&str]) -> Ran {
    let state = tempfile::tempdir().unwrap();
    let output = command(server, state.path())
        .args(["--format", "jsonl"])
        .args(arguments)
        .output()
        .unwrap();
    ran(output, state.path())
}

/// The one summary document of a scan.
fn summary(server: &S3Server, arguments: &[&str]) -> (i32, Value) {
    let state = tempfile::tempdir().unwrap();
    let output = command(server, state.path())
        .args(["--format", "json"])
        .args(arguments)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (
        output.status.code().unwrap(),
        serde_json::from_str(&text).unwrap(),
    )
}

fn one_object(bucket: &str) -> S3State {
    let mut state = S3State::new();
    state.bucket(bucket);
    state.put(bucket, "a.log", LINE);
    state
}

fn files(folder: &Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, into),
            false => into.push(path),
        }
    }
}

#[test]
fn a_bucket_gives_what_the_same_folder_gives() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sample");
    let mut state = S3State::new();
    state.bucket("sample").page(3);
    let mut paths = Vec::new();
    files(&sample, &mut paths);
    for path in &paths {
        let key = path.strip_prefix(&sample).unwrap().to_str().unwrap();
        state.put("sample", key, std::fs::read(path).unwrap());
    }
    let server = S3Server::start(state);
    let s3 = scan(&server, &["s3://sample"]);
    assert_eq!(s3.status, 3, "{}", s3.stderr);

    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_magpie"))
        .args(["scan", "--format", "jsonl", "--state-dir"])
        .arg(folder.path())
        .arg(&sample)
        .output()
        .unwrap();
    let local = ran(output, folder.path());
    let prefix = format!("file://{}/", sample.display());
    let strip = |lines: &[Value], prefix: &str| -> Vec<Value> {
        let mut lines = lines.to_vec();
        for line in &mut lines {
            let uri = line["object"]["uri"].as_str().unwrap();
            line["object"] = uri.strip_prefix(prefix).unwrap().into();
        }
        lines
    };
    assert!(s3.lines.len() > 200);
    assert_eq!(
        strip(&s3.lines, "s3://sample/"),
        strip(&local.lines, &prefix)
    );
}

#[test]
fn a_denied_bucket_is_an_event_and_the_others_go_on() {
    let mut state = one_object("open");
    state.bucket("closed");
    let server = S3Server::start(state);
    server.fault(
        Rule::on(Op::ListObjectsV2).bucket("closed"),
        Fault::AccessDenied,
    );
    let ran = scan(&server, &["s3://closed", "s3://open"]);
    assert_eq!(ran.lines.len(), 1, "{}", ran.stderr);
    assert_eq!(ran.status, 4);
    assert_eq!(
        ran.event_types(),
        [
            "JOB_CREATED",
            "ONE_TIME_JOB_STARTED",
            "BUCKET_ACCESS_DENIED",
            "JOB_COMPLETED"
        ]
    );
    let event = ran.event("BUCKET_ACCESS_DENIED");
    assert_eq!(event["operation"], "ListObjectsV2");
    assert_eq!(event["affectedResource"]["value"], "closed");
    assert_eq!(
        event["description"],
        "Macie doesn’t have permission to access the affected S3 bucket."
    );
}

#[test]
fn buckets_that_are_gone_moved_or_of_another_owner_have_their_events() {
    let mut state = one_object("open");
    state.bucket("foreign").owner("444455556666");
    state.put("foreign", "a.log", LINE);
    state.bucket("moved");
    let server = S3Server::start(state);
    server.fault(Rule::any().bucket("moved"), Fault::Moved);
    let ran = scan(&server, &["s3://gone", "s3://moved", "s3://open"]);
    assert_eq!(ran.lines.len(), 1, "{}", ran.stderr);
    assert_eq!(ran.status, 3);
    assert_eq!(
        ran.event("BUCKET_DOES_NOT_EXIST")["affectedResource"]["value"],
        "gone"
    );
    assert_eq!(
        ran.event("BUCKET_IN_DIFFERENT_REGION")["affectedResource"]["value"],
        "moved"
    );

    let ran = scan(
        &server,
        &["s3://foreign", "--expected-bucket-owner", "111122223333"],
    );
    assert_eq!(ran.status, 4, "{}", ran.stderr);
    assert_eq!(
        ran.event("BUCKET_OWNER_CHANGED")["affectedAccount"],
        "111122223333"
    );
}

#[test]
fn a_failing_service_is_bucket_details_unavailable() {
    let server = S3Server::start(one_object("logs"));
    server.fault(Rule::on(Op::ListObjectsV2), Fault::InternalError);
    let ran = scan(&server, &["s3://logs"]);
    assert_eq!(ran.status, 5, "{}", ran.stderr);
    assert!(ran.event("BUCKET_DETAILS_UNAVAILABLE")["runDate"].is_string());
}

#[test]
fn passing_faults_leave_no_trace_in_the_result() {
    let mut state = S3State::new();
    state.bucket("logs").region("eu-west-1");
    let text = LINE.repeat(40_000);
    state.put("logs", "big.log", &text);
    state.put("logs", "small.log", LINE);
    let server = S3Server::start(state);
    server.fault(
        Rule::on(Op::GetObject).key("big.log").times(1),
        Fault::SlowDown,
    );
    server.fault(
        Rule::on(Op::GetObject).key("big.log").times(2),
        Fault::CutAfter(700_000),
    );
    server.fault(Rule::on(Op::ListObjectsV2).times(1), Fault::InternalError);
    let ran = scan(&server, &["s3://logs"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(ran.lines.len(), 40_001);
    let resumed = server.log().iter().filter(|l| l.if_match.is_some()).count();
    assert!(resumed >= 2, "cut bodies go on pinned to the ETag");
}

#[test]
fn unreadable_objects_are_skipped_with_their_reason() {
    let mut state = S3State::new();
    state.bucket("logs");
    for key in [
        "denied",
        "disabled",
        "archived",
        "customer-key",
        "gone",
        "fine",
    ] {
        state.put("logs", key, LINE);
    }
    let server = S3Server::start(state);
    let get = |key: &str| Rule::on(Op::GetObject).key(key);
    server.fault(get("denied"), Fault::AccessDenied);
    server.fault(get("disabled"), Fault::KmsDisabled);
    server.fault(get("archived"), Fault::InvalidObjectState);
    server.fault(get("customer-key"), Fault::CustomerKey);
    server.fault(get("gone"), Fault::Remove);
    let (status, summary) = summary(&server, &["s3://logs"]);
    assert_eq!(status, 3, "{summary}");
    let mut gaps: Vec<(String, String, String)> = summary["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| {
            let text = |name: &str| g[name].as_str().unwrap().to_owned();
            (text("uri"), text("status"), text("reason"))
        })
        .collect();
    gaps.sort();
    let expected = [
        ("archived", "INVALID_OBJECT_STATE"),
        ("customer-key", "INVALID_ENCRYPTION"),
        ("denied", "PERMISSION_DENIED"),
        ("disabled", "INVALID_KMS_KEY"),
        ("gone", "SOURCE_OBJECT_NO_LONGER_AVAILABLE"),
    ]
    .map(|(key, reason)| {
        (
            format!("s3://logs/{key}"),
            "SKIPPED".to_owned(),
            reason.to_owned(),
        )
    });
    assert_eq!(gaps, expected);
    let accepted = scan(&server, &["s3://logs", "--allow-incomplete"]);
    assert_eq!(accepted.status, 0);
    assert_eq!(accepted.lines.len(), 1);
}

#[test]
fn an_object_replaced_under_the_scan_is_partial_not_mixed() {
    let mut state = S3State::new();
    state.bucket("logs");
    state.put("logs", "a.log", LINE.repeat(40_000));
    let server = S3Server::start(state);
    server.fault(Rule::on(Op::GetObject).times(1), Fault::CutAfter(500_000));
    server.fault(
        Rule::on(Op::GetObject).times(1),
        Fault::Replace(bytes::Bytes::from("another text".repeat(200_000))),
    );
    let (status, summary) = summary(&server, &["s3://logs"]);
    assert_eq!(status, 3, "{summary}");
    assert_eq!(summary["gaps"][0]["reason"], "OBJECT_VERSION_MISMATCH");
    assert_eq!(summary["gaps"][0]["status"], "PARTIAL");
}

#[test]
fn refused_credentials_end_the_run_and_the_same_command_goes_on() {
    let server = S3Server::start(one_object("logs"));
    let state = tempfile::tempdir().unwrap();
    server.fault(Rule::on(Op::GetObject).times(1), Fault::ExpiredToken);
    let arguments = ["s3://logs", "--format", "jsonl"];
    let first = command(&server, state.path())
        .args(arguments)
        .output()
        .unwrap();
    let first = ran(first, state.path());
    assert_eq!(first.status, 4, "{}", first.stderr);
    assert_eq!(first.event_types(), ["JOB_CREATED", "ONE_TIME_JOB_STARTED"]);
    let second = command(&server, state.path())
        .args(arguments)
        .output()
        .unwrap();
    let second = ran(second, state.path());
    assert_eq!(second.status, 0, "{}", second.stderr);
    assert_eq!(second.lines.len(), 1);
    assert_eq!(
        second.event_types(),
        ["JOB_CREATED", "ONE_TIME_JOB_STARTED", "JOB_COMPLETED"]
    );
}

#[test]
fn results_go_to_a_bucket_in_macies_layout() {
    let mut state = one_object("logs");
    state.bucket("results");
    let server = S3Server::start(state);
    let ran = scan(
        &server,
        &[
            "s3://logs",
            "--results",
            "s3://results/macie",
            "--account-id",
            "111122223333",
        ],
    );
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let puts: Vec<String> = server
        .log()
        .iter()
        .filter(|l| l.op == Op::PutObject)
        .map(|l| l.key.clone())
        .collect();
    assert_eq!(puts.len(), 1, "{puts:?}");
    let parts: Vec<&str> = puts[0].split('/').collect();
    assert_eq!(
        parts[..5],
        ["macie", "AWSLogs", "111122223333", "Macie", "us-east-1"]
    );
    assert!(puts[0].ends_with(".jsonl.gz"));
}

#[test]
fn a_key_a_prefix_and_many_pages_are_listed_as_meant() {
    let mut state = S3State::new();
    state.bucket("logs").page(7);
    for i in 0..50 {
        state.put("logs", &format!("2024/{i:03}.log"), LINE);
    }
    state.put("logs", "2024-old.log", LINE);
    let server = S3Server::start(state);
    assert_eq!(scan(&server, &["s3://logs/2024/"]).lines.len(), 50);
    assert_eq!(scan(&server, &["s3://logs/2024/007.log"]).lines.len(), 1);
    assert_eq!(scan(&server, &["s3://logs"]).lines.len(), 51);
    let filtered = scan(
        &server,
        &[
            "s3://logs",
            "--include",
            "2024/00*.log",
            "--exclude",
            "*9.log",
        ],
    );
    assert_eq!(filtered.lines.len(), 9);
}

// A listing that broke off was told to the store in one commit and overwritten by the next, and
// the run ended as if all had been listed.
#[test]
fn a_listing_that_breaks_off_stays_told() {
    let mut state = S3State::new();
    state.bucket("logs").page(3);
    state.bucket("later");
    for i in 0..6 {
        state.put("logs", &format!("{i}.log"), LINE);
        state.put("later", &format!("{i}.log"), LINE);
    }
    let server = S3Server::start(state);
    server.fault(
        Rule::on(Op::ListObjectsV2).bucket("logs").after(1),
        Fault::AccessDenied,
    );
    // slow enough that several commits lie between the failure and the end
    server.fault(
        Rule::on(Op::GetObject).bucket("later"),
        Fault::Delay(std::time::Duration::from_millis(700)),
    );
    let arguments = ["s3://logs", "s3://later", "--max-reads", "2"];
    let (status, summary) = summary(&server, &arguments);
    assert_eq!(status, 4, "{summary}");
    let unlisted = summary["coverage"]["unlisted"].as_array().unwrap();
    assert_eq!(unlisted.len(), 1, "{summary}");
    assert_eq!(summary["coverage"]["listed"]["objects"], 9, "{summary}");
}

#[test]
fn a_service_that_fails_every_object_is_not_asked_forever() {
    let mut state = S3State::new();
    state.bucket("logs");
    state.bucket("open");
    state.put("open", "a.log", LINE);
    for i in 0..200 {
        state.put("logs", &format!("{i:03}.log"), LINE);
    }
    let server = S3Server::start(state);
    server.fault(Rule::on(Op::GetObject).bucket("logs"), Fault::InternalError);
    let ran = scan(&server, &["s3://logs", "s3://open", "--max-reads", "4"]);
    assert_eq!(ran.status, 5, "{}", ran.stderr);
    assert_eq!(ran.lines.len(), 1, "the other bucket is read");
    ran.event("BUCKET_DETAILS_UNAVAILABLE");
    let asked = server.count(Op::GetObject);
    assert!(asked < 60, "{asked} requests");
}
