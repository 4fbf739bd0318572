//! `--log-file`: outcomes and retries are in it, nothing else is, and it costs the run nothing.

mod cli_support;
mod support;

use std::os::unix::fs::PermissionsExt;

use cli_support::{Bed, Ran};
use support::s3::{Fault, Op, Rule, S3Server, S3State};

const SSN: &str = "536-90-4399";

fn count(log: &str, what: &[&str]) -> usize {
    log.lines()
        .filter(|line| what.iter().all(|w| line.contains(w)))
        .count()
}

#[test]
fn outcomes_retries_and_cuts_are_told_and_no_value() {
    let bed = Bed::new();
    let mut state = S3State::new();
    let text = format!("user ssn={SSN} \n").repeat(20_000);
    state.put("data", "big.log", &text);
    state.put("data", "small.log", "ssn=536-90-4399\n");
    state.put("data", "old.log", "x").storage_class = Some("GLACIER".into());
    state.put("data", "no.log", "x");
    let server = S3Server::start(state);
    server.fault(
        Rule::on(Op::GetObject).key("small.log").times(1),
        Fault::SlowDown,
    );
    server.fault(
        Rule::on(Op::GetObject).key("big.log").times(1),
        Fault::CutAfter(100_000),
    );
    server.fault(Rule::on(Op::GetObject).key("no.log"), Fault::AccessDenied);
    let mut command = bed.command();
    command
        .args(["scan", "s3://data", "--quiet", "--log-file", "magpie.log"])
        .envs(server.env());
    for _ in 0..2 {
        let ran: Ran = command.output().unwrap().into();
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(3), ""));
    }
    let path = bed.work().join("magpie.log");
    let log = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(!log.contains(SSN) && !log.contains("4399"), "{log}");
    for word in ["uthorization", "AKIA", "hyper", "aws_smithy"] {
        assert!(!log.contains(word), "{word} of a library is in {log}");
    }
    // two runs, one appended to the other
    assert_eq!(count(&log, &[" run begins "]), 2);
    assert_eq!(count(&log, &[" run ends ", "listed=4", "skipped=2"]), 2);
    assert_eq!(
        count(&log, &[" listed ", "bucket=\"data\"", "objects=4"]),
        2
    );
    let big = [
        "object",
        "uri=\"s3://data/big.log\"",
        "status=\"COMPLETE\"",
        "occurrences=20000",
    ];
    assert_eq!(count(&log, &big), 2);
    assert_eq!(
        count(
            &log,
            &["s3://data/old.log", "reason=\"INVALID_OBJECT_STATE\""]
        ),
        2
    );
    assert_eq!(
        count(
            &log,
            &["s3://data/no.log", "request failed", "s3:GetObject"]
        ),
        2
    );
    assert_eq!(
        count(
            &log,
            &[
                "answered after retries",
                "s3://data/small.log",
                "attempts=2"
            ]
        ),
        1
    );
    assert_eq!(
        count(&log, &["body goes on after a cut", "s3://data/big.log"]),
        1
    );
    assert_eq!(count(&log, &["slowing down"]), 1);
    for line in log.lines() {
        let time = line.split(' ').next().unwrap();
        assert!(
            time.parse::<chrono::DateTime<chrono::Utc>>().is_ok(),
            "{line}"
        );
    }
}

#[test]
fn names_cannot_forge_lines() {
    let bed = Bed::new();
    bed.write(
        "in/a\n2024-01-01T00:00:00Z  INFO object uri=\"x\"",
        "ssn=536-90-4399\n",
    );
    let ran = bed.run(&["scan", "in", "--quiet", "--log-file", "magpie.log"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let log = std::fs::read_to_string(bed.work().join("magpie.log")).unwrap();
    assert_eq!(count(&log, &["object uri="]), 1);
    assert!(
        log.lines().all(|line| !line.starts_with("2024-01-01")),
        "{log}"
    );
}

#[test]
fn the_file_itself_is_not_scanned() {
    let bed = Bed::new();
    bed.write("a.log", "ssn=536-90-4399\n");
    let (status, summary) = bed.summary(&[".", "--log-file", "magpie.log"]);
    assert_eq!(status, Some(0));
    assert_eq!(summary["coverage"]["listed"]["objects"], 1);
}

#[test]
fn a_file_that_cannot_be_opened_or_written_is_told() {
    let bed = Bed::new();
    bed.write("a.log", "ssn=536-90-4399\n");
    let ran = bed.run(&["scan", "a.log", "--quiet", "--log-file", "no/such/folder/x"]);
    assert_eq!(ran.status, Some(6));
    assert!(
        ran.stderr.contains("open log file no/such/folder/x"),
        "{}",
        ran.stderr
    );
    assert!(bed.events().is_empty(), "before any work");
    if std::path::Path::new("/dev/full").exists() {
        let ran = bed.run(&["scan", "a.log", "--quiet", "--log-file", "/dev/full"]);
        assert_eq!(ran.status, Some(0), "the run is as good as without");
        assert!(
            ran.stderr.contains("write log file /dev/full"),
            "{}",
            ran.stderr
        );
    }
}
