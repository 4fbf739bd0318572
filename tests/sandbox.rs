//! Parsers in processes of their own: what becomes of a document whose parser crashes, hangs or is not
//! there, and what a worker cannot do.

#[path = "content_support/mod.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use magpie::content::Limits;
use magpie::model::{Reason, Status};
use magpie::sandbox::{Pool, Settings};
use support::see;

/// A document that only needs to look like one.
const PARQUET: &[u8] = b"PAR1 not much of it PAR1";

/// A program of this text. Another process writes it: where this one did, a process that another test
/// starts at that moment would hold the file open for writing, and it could not be started.
fn program(dir: &Path, script: &str) -> PathBuf {
    let path = dir.join("worker");
    let written = std::process::Command::new("/bin/sh")
        .args(["-c", r#"printf '%s' "$1" > "$0" && chmod 755 "$0""#])
        .arg(&path)
        .arg(format!("#!/bin/sh\n{script}\n"))
        .status()
        .unwrap();
    assert!(written.success());
    path
}

fn limits(program: PathBuf) -> Limits {
    let settings = Settings {
        program,
        memory_bytes_max: 512 << 20,
        time_min: Duration::from_secs(1),
        time_per_mib: Duration::ZERO,
    };
    Limits {
        workshop: Arc::new(Pool::new(settings)),
        ..Limits::default()
    }
}

#[test]
fn a_parser_that_ends_early_costs_its_document_only() {
    let dir = tempfile::tempdir().unwrap();
    for (script, told) in [
        ("exit 3", "status 3"),
        ("kill -SEGV $$", "signal 11"),
        ("printf Q; printf L; exit 0", "status 0"),
        ("printf what", "signal 9"),
    ] {
        let script = format!("{script}; exec sleep 60");
        let seen = see(
            "a.parquet",
            PARQUET,
            &limits(program(dir.path(), &script)),
            &[],
        );
        let outcome = (seen.outcome.status, seen.outcome.reason);
        assert_eq!(outcome.1, Some(Reason::MalformedFile), "{script}");
        let detail = seen.outcome.detail.unwrap();
        assert!(detail.contains(told), "{script}: {detail}");
        assert_eq!(seen.members.len(), 1, "{script}");
    }
}

#[test]
fn what_it_told_before_counts() {
    let dir = tempfile::tempdir().unwrap();
    let script = r"printf 'L\010NEEDLE-1L\011and more'; exit 1";
    let seen = see(
        "a.parquet",
        PARQUET,
        &limits(program(dir.path(), script)),
        &["NEEDLE-1"],
    );
    assert_eq!(support::values(&seen), ["NEEDLE-1"]);
    let outcome = (seen.outcome.status, seen.outcome.reason);
    assert_eq!(outcome, (Status::Partial, Some(Reason::MalformedFile)));
}

#[test]
fn a_parser_that_hangs_is_ended() {
    let dir = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let seen = see(
        "a.parquet",
        PARQUET,
        &limits(program(dir.path(), "exec sleep 600")),
        &[],
    );
    assert!(start.elapsed() < Duration::from_secs(30));
    let outcome = (seen.outcome.status, seen.outcome.reason);
    assert_eq!(outcome, (Status::Skipped, Some(Reason::TimeCutOffReached)));
    let detail = seen.outcome.detail.unwrap();
    assert!(detail.contains("longer than 1 s"), "{detail}");
}

#[test]
fn a_parser_that_cannot_be_started_is_told() {
    let seen = see(
        "a.parquet",
        PARQUET,
        &limits(PathBuf::from("/nowhere/magpie")),
        &[],
    );
    let outcome = (seen.outcome.status, seen.outcome.reason);
    assert_eq!(
        outcome,
        (Status::Skipped, Some(Reason::UnsupportedFileTypeException))
    );
    assert!(seen.outcome.detail.unwrap().starts_with("start parser: "));
}

#[test]
fn workers_are_used_again() {
    let pool = limits(PathBuf::from(env!("CARGO_BIN_EXE_magpie")));
    for _ in 0..50 {
        let seen = see("a.parquet", PARQUET, &pool, &[]);
        assert_ne!(seen.outcome.status, Status::Complete);
        let detail = seen.outcome.detail.unwrap();
        assert!(!detail.contains("ended early"), "{detail}");
    }
}

/// One that ends between two documents is replaced, and costs neither.
#[test]
fn a_worker_that_is_gone_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let count = dir.path().join("count");
    let real = env!("CARGO_BIN_EXE_magpie");
    // each parses one document and ends soon after
    let script = format!(
        "echo >> {}; timeout 3 {real} \"$@\"; exit 0",
        count.display()
    );
    let pool = limits(program(dir.path(), &script));
    for _ in 0..2 {
        let seen = see("a.parquet", PARQUET, &pool, &[]);
        let detail = seen.outcome.detail.unwrap();
        assert!(!detail.contains("ended early"), "{detail}");
        std::thread::sleep(Duration::from_millis(4500));
    }
    assert_eq!(fs::read_to_string(count).unwrap().lines().count(), 2);
}

/// Run by the test below, in a process of its own.
#[test]
#[ignore = "gives up its files and is run by another test"]
fn child_of_a_worker_cannot_reach_out() {
    let before = fs::read("/proc/self/status").is_ok();
    let given_up = magpie::sandbox::enter(256 << 20);
    assert!(before);
    println!("given up: {given_up:?}");
    if given_up.files || given_up.calls {
        assert!(fs::read("/proc/self/status").is_err());
        assert!(fs::write("/tmp/magpie-worker-was-here", "x").is_err());
    }
    if given_up.calls {
        assert!(std::net::TcpListener::bind("127.0.0.1:0").is_err());
        assert!(std::process::Command::new("/bin/true").status().is_err());
        // threads are still to be had
        assert_eq!(std::thread::spawn(|| 7).join().unwrap(), 7);
    }
    if given_up.memory {
        let mut much: Vec<u8> = Vec::new();
        assert!(much.try_reserve_exact(1 << 30).is_err());
    }
}

#[test]
fn a_worker_cannot_reach_out() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "child_of_a_worker_cannot_reach_out",
            "--nocapture",
        ])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("given up: Confinement"), "{text}");
    #[cfg(target_os = "linux")]
    assert!(
        text.contains("memory: true") && text.contains("calls: true"),
        "{text}"
    );
}
