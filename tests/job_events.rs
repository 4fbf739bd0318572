//! All 24 events of Macie's job log, each from its real cause, compared with golden logs byte for
//! byte; times and the id of the job are masked. `MAGPIE_BLESS=1` writes the golden logs.

mod cli_support;
mod job_support;
mod support;

use std::collections::BTreeSet;
use std::process::Command;

use cli_support::{Bed, Ran};
use job_support::{at, create, golden, masked_log, ssns, status};
use support::s3::{Fault, Op, Rule, S3Server, S3State};

const MONDAY: &str = "2024-05-06T15:00:00Z";
const ADMIN: &str = "account_id = \"111122223333\"\n";

/// Criteria that every bucket with one of the names meets.
fn criteria(names: &str) -> String {
    format!(
        r#"{{"bucketCriteria":{{"includes":{{"and":[{{"simpleCriterion":
           {{"key":"S3_BUCKET_NAME","comparator":"EQ","values":{names}}}}}]}}}}}}"#
    )
}

fn config(bed: &Bed, text: &str) {
    let path = bed.work().join("../.config/magpie");
    std::fs::create_dir_all(&path).unwrap();
    std::fs::write(path.join("config.toml"), format!("{ADMIN}{text}")).unwrap();
}

fn run(bed: &Bed, now: &str, job: &str) -> Ran {
    at(bed, now, &["job", "run", job, "--quiet"])
}

fn has_error(bed: &Bed, job: &str) -> bool {
    let shown = bed.run(&["job", "show", job, "--json"]).json();
    shown["lastRunErrorStatus"]["code"] == "ERROR"
}

#[test]
fn a_job_with_criteria_names_its_buckets() {
    let bed = Bed::new();
    bed.write("account/logs/a.txt", ssns(1, 1));
    bed.write("account/exports/a.txt", ssns(2, 1));
    bed.write("account/other/a.txt", ssns(3, 1));
    config(
        &bed,
        "[[account]]\nid = \"111122223333\"\nfolder = \"../../work/account\"\n",
    );
    let once = criteria(r#"["logs","exports"]"#);
    let job = create(
        &bed,
        MONDAY,
        &["--name", "once", "--s3-job-definition", &once],
    );
    let ran = run(&bed, MONDAY, &job);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    golden("criteria.jsonl", &masked_log(&bed, &job));
    assert!(!has_error(&bed, &job));

    let none = criteria(r#"["absent"]"#);
    let job = create(
        &bed,
        MONDAY,
        &["--name", "none", "--s3-job-definition", &none],
    );
    assert_eq!(run(&bed, MONDAY, &job).status, Some(0));
    golden("criteria_none.jsonl", &masked_log(&bed, &job));
}

#[test]
fn accounts_that_cannot_be_read_are_named() {
    let bed = Bed::new();
    bed.write("account/logs/a.txt", ssns(1, 1));
    let states = [
        ("222233330001", "DISABLED"),
        ("222233330002", "ISOLATED"),
        ("222233330003", "REGION_DISABLED"),
        ("222233330004", "SUSPENDED"),
        ("222233330005", "TERMINATED"),
        ("222233330006", "DISASSOCIATED"),
    ];
    let mut text =
        "[[account]]\nid = \"111122223333\"\nfolder = \"../../work/account\"\n".to_owned();
    for (id, state) in states {
        text += &format!("[[account]]\nid = \"{id}\"\nstate = \"{state}\"\n");
    }
    let gone = "[[account]]\nid = \"222233330007\"\nfolder = \"../../work/account\"\n";
    config(&bed, &format!("{text}{gone}"));
    let named: Vec<String> = states
        .iter()
        .map(|(id, _)| *id)
        .chain(["222233330007", "111122223333"])
        .map(|id| format!(r#"{{"accountId":"{id}","buckets":["logs"]}}"#))
        .collect();
    let definition = format!(r#"{{"bucketDefinitions":[{}]}}"#, named.join(","));
    let job = create(
        &bed,
        MONDAY,
        &[
            "--name",
            "many",
            "--s3-job-definition",
            &definition,
            "--schedule",
            "daily",
        ],
    );
    // since the job was made, an account has left
    config(&bed, &text);
    let ran = run(&bed, MONDAY, &job);
    assert_eq!(ran.status, Some(3), "{}", ran.stderr);
    assert!(has_error(&bed, &job));
    assert_eq!(status(&bed, &job), "IDLE", "the run comes to its end");
    golden("accounts.jsonl", &masked_log(&bed, &job));
}

#[test]
fn a_suspended_account_of_ones_own_cancels_the_job() {
    let bed = Bed::new();
    bed.write("account/logs/a.txt", ssns(1, 1));
    config(&bed, "");
    let job = create(
        &bed,
        MONDAY,
        &["--name", "own", "--bucket", "./account/logs"],
    );
    config(
        &bed,
        "[[account]]\nid = \"111122223333\"\nstate = \"SUSPENDED\"\n",
    );
    let ran = run(&bed, MONDAY, &job);
    assert_eq!(ran.status, Some(3), "{}", ran.stderr);
    assert_eq!(status(&bed, &job), "CANCELLED");
    golden("own_account_suspended.jsonl", &masked_log(&bed, &job));
}

#[test]
fn a_user_pauses_resumes_and_cancels() {
    let bed = Bed::new();
    config(&bed, "");
    bed.write("logs/a.txt", ssns(1, 1));
    let job = create(
        &bed,
        MONDAY,
        &[
            "--name",
            "daily",
            "--bucket",
            "./logs",
            "--schedule",
            "daily",
            "--initial-run",
        ],
    );
    run(&bed, MONDAY, &job);
    at(&bed, MONDAY, &["job", "pause", &job]);
    at(&bed, "2024-05-06T16:00:00Z", &["job", "resume", &job]);
    assert_eq!(status(&bed, &job), "IDLE");
    run(&bed, "2024-05-07T16:00:00Z", &job);
    at(&bed, "2024-05-07T17:00:00Z", &["job", "cancel", &job]);
    golden("user.jsonl", &masked_log(&bed, &job));
}

#[test]
fn a_monthly_quota_pauses_before_an_object_is_read() {
    let bed = Bed::new();
    for name in ["a", "b", "c"] {
        bed.write(format!("account/logs/{name}.txt"), "x".repeat(400));
    }
    let quota = |bytes: &str| {
        config(
            &bed,
            &format!(
                "monthly_quota = {bytes}\n[[account]]\nid = \"111122223333\"\nfolder = \
                 \"../../work/account\"\n"
            ),
        );
    };
    quota("1000");
    let job = create(&bed, MONDAY, &["--name", "q", "--bucket", "logs"]);
    let ran = at(&bed, MONDAY, &["job", "run", &job]);
    assert_eq!(ran.status, Some(3), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("monthly quota of account 111122223333"),
        "{}",
        ran.stderr
    );
    assert_eq!(status(&bed, &job), "PAUSED");
    let usage = || -> i64 {
        rusqlite::Connection::open(bed.state().join("magpie.db"))
            .unwrap()
            .query_row("SELECT SUM(bytes) FROM usage", [], |r| r.get(0))
            .unwrap()
    };
    assert_eq!(
        usage(),
        800,
        "two objects were read, the third would exceed it"
    );
    // in the same month it stays paused
    assert_eq!(
        at(&bed, "2024-05-31T23:00:00Z", &["job", "run-due"]).stdout,
        ""
    );
    let refused = run(&bed, "2024-05-31T23:00:00Z", &job);
    assert_eq!(refused.status, Some(2));
    assert!(refused.stderr.contains("next month"), "{}", refused.stderr);
    // the next month it goes on, by itself
    let due = at(&bed, "2024-06-01T00:00:01Z", &["job", "run-due"]);
    assert_eq!(due.status, Some(0), "{}", due.stderr);
    assert_eq!(status(&bed, &job), "COMPLETE");
    golden("quota.jsonl", &masked_log(&bed, &job));

    // or with a greater quota
    quota("900");
    let job = create(
        &bed,
        "2024-06-01T01:00:00Z",
        &["--name", "r", "--bucket", "logs"],
    );
    assert_eq!(run(&bed, "2024-06-01T01:00:00Z", &job).status, Some(3));
    quota("\"1MiB\"");
    let due = at(&bed, "2024-06-01T02:00:00Z", &["job", "run-due"]);
    assert_eq!(due.status, Some(0), "{}", due.stderr);
    assert_eq!(status(&bed, &job), "COMPLETE");
}

#[test]
fn buckets_that_cannot_be_read_are_named() {
    let bed = Bed::new();
    let mut state = S3State::new();
    for bucket in ["denied", "gone", "moved", "sold", "slow", "good"] {
        state.bucket(bucket).owner("444455556666");
        state.put(bucket, "a.txt", ssns(1, 1));
    }
    state.bucket("sold").owner("999900001111");
    state.buckets.remove("gone");
    let server = S3Server::start(state);
    let on = |bucket: &str| Rule::on(Op::ListObjectsV2).bucket(bucket);
    server.fault(on("denied"), Fault::AccessDenied);
    server.fault(on("moved"), Fault::Moved);
    server.fault(on("slow"), Fault::InternalError);
    config(
        &bed,
        "[[account]]\nid = \"444455556666\"\nregion = \"us-east-1\"\n",
    );
    let definition = r#"{"bucketDefinitions":[{"accountId":"444455556666",
        "buckets":["denied","gone","moved","sold","slow","good"]}]}"#;
    let job = create(
        &bed,
        MONDAY,
        &["--name", "My_Macie_Job", "--s3-job-definition", definition],
    );
    let s3 = |arguments: &[&str]| -> Ran {
        let mut command: Command = bed.command();
        command
            .envs(server.env())
            .env("AWS_MAX_ATTEMPTS", "1")
            .env("MAGPIE_NOW", MONDAY)
            .args(arguments);
        command.output().unwrap().into()
    };
    let ran = s3(&["job", "run", &job, "--quiet"]);
    assert_eq!(ran.status, Some(4), "{}", ran.stderr);
    assert!(has_error(&bed, &job));
    assert_eq!(status(&bed, &job), "COMPLETE");
    golden("buckets.jsonl", &masked_log(&bed, &job));
    assert!(
        server
            .log()
            .iter()
            .filter(|l| l.op == Op::GetObject)
            .all(|l| l.expected_owner.as_deref() == Some("444455556666")),
        "the owner that the job names is expected"
    );

    server.fault(Rule::on(Op::ListBuckets), Fault::AccessDenied);
    let all = criteria(r#"["good"]"#);
    let job = create(
        &bed,
        MONDAY,
        &["--name", "all", "--s3-job-definition", &all],
    );
    let ran = s3(&["job", "run", &job, "--quiet"]);
    assert_eq!(ran.status, Some(4), "{}", ran.stderr);
    golden("account_access_denied.jsonl", &masked_log(&bed, &job));
}

#[test]
fn the_golden_logs_hold_all_events_of_macie() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut types = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines() {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            types.insert(event["eventType"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(types.len(), 24, "{types:?}");
}
