//! What listing and recording take of a run over very many small objects.
//!
//! `cargo bench --bench overhead` (`-- N` for N objects in place of 100,000). Three figures, printed:
//!
//! * listing: 1,000,000 keys of the S3 server in this process, by `scan --estimate`;
//! * scan: the program's CPU time an object, from that server and from a folder, with discovery
//!   results written to where the objects are;
//! * store: the CPU time an object of recording the same outcomes, results and one finding in ten
//!   alone; its share of the scan from S3 must stay below 5 %.
//!
//! CPU time, as the share must not depend on what else the machine does.

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use magpie::model::{
    BucketInfo, CatalogueIndex, Encryption, ObjectMeta, ObjectOutcome, RecordBuilder, Status,
};
use magpie::store::{Commit, JobRun, NewJob, ObjectWrite, ResultFile, Store};
use support::s3::{S3Server, S3State};

const KEYS: u64 = 1_000_000;
const LISTING_MAX: Duration = Duration::from_secs(60);
const OBJECTS: u64 = 100_000;
/// Objects in a commit of the engine, and results written between two.
const COMMIT_OBJECTS: u64 = 512;
const SHARE_MAX: f64 = 0.05;
/// One object in so many holds a value.
const FINDING_EVERY: u64 = 10;

/// CPU time of this thread, or of all children that ended.
fn cpu(who: libc::c_int) -> Duration {
    // SAFETY: getrusage fills the struct it is given and keeps no pointer; all zeroes are valid.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        assert_eq!(libc::getrusage(who, &mut usage), 0);
        usage
    };
    let of = |time: libc::timeval| Duration::new(time.tv_sec as u64, time.tv_usec as u32 * 1000);
    of(usage.ru_utime) + of(usage.ru_stime)
}

fn scan(server: &S3Server, state: &Path, arguments: &[&str]) -> Duration {
    let before = cpu(libc::RUSAGE_CHILDREN);
    let status = Command::new(env!("CARGO_BIN_EXE_magpie"))
        .args(["scan", "--quiet", "--no-progress", "--state-dir"])
        .arg(state)
        .args(arguments)
        .env_clear()
        .envs(server.env())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .expect("run");
    assert_eq!(status.code(), Some(0));
    cpu(libc::RUSAGE_CHILDREN) - before
}

fn listing() {
    let mut state = S3State::new();
    state.bucket("big").generate(KEYS);
    let server = S3Server::start(state);
    let folder = tempfile::tempdir().expect("folder");
    let start = Instant::now();
    let cpu = scan(&server, folder.path(), &["s3://big", "--estimate"]);
    let took = start.elapsed();
    println!(
        "listing  {KEYS} keys: {:.1} s, {:.1} s of CPU time",
        took.as_secs_f64(),
        cpu.as_secs_f64()
    );
    assert!(took < LISTING_MAX, "a listing takes {took:?}");
}

fn text(number: u64) -> String {
    let line = "2024-05-01T12:00:00.000Z GET /v1/items/7f3a 200 17ms shard evicted\n";
    let mut text = line.repeat(14);
    if number.is_multiple_of(FINDING_EVERY) {
        text += &format!("user ssn=536-90-{:04}\n", 1000 + number % 9000);
    }
    text
}

fn key(number: u64) -> String {
    format!("logs/{:02}/{number:07}.log", number % 100)
}

/// CPU time of scanning so many objects of 1 KB in S3, and in a folder.
fn scans(objects: u64) -> (Duration, Duration) {
    let folder = tempfile::tempdir().expect("folder");
    let mut state = S3State::new();
    state.bucket("results");
    for number in 0..objects {
        let text = text(number);
        state.put("small", &key(number), &text);
        let path = folder.path().join("small").join(key(number));
        if number < 100 {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("make folder");
        }
        std::fs::write(path, text).expect("write");
    }
    let server = S3Server::start(state);
    let small = folder.path().join("small");
    let small = small.to_str().expect("UTF-8");
    let of = |name: &str, arguments: &[&str]| scan(&server, &folder.path().join(name), arguments);
    (
        of("s3", &["s3://small", "--results", "s3://results"]),
        of("local", &[small]),
    )
}

fn object(run: &JobRun, number: u64, finding: &str, result: &[u8]) -> ObjectWrite {
    let key = key(number);
    let has_finding = number.is_multiple_of(FINDING_EVERY);
    ObjectWrite {
        ticket: run.tickets().next(),
        record: RecordBuilder::new().finish(
            0,
            ObjectMeta {
                bucket: Arc::new(BucketInfo {
                    name: "amzn-s3-demo-bucket".to_owned(),
                    account: None,
                    region: Some("us-east-1".to_owned()),
                    local: false,
                }),
                uri: format!("s3://amzn-s3-demo-bucket/{key}"),
                key,
                size: Some(1000),
                etag: Some(format!("{number:032x}")),
                version_id: None,
                last_modified: Some(DateTime::UNIX_EPOCH),
                storage_class: Some("STANDARD".to_owned()),
                encryption: Encryption::default(),
            },
            ObjectOutcome {
                status: Status::Complete,
                reason: None,
                detail: None,
                mime_type: Some("text/plain"),
                bytes_read: 1000,
                bytes_scanned: 1000,
                members: 1,
            },
        ),
        chunks: Vec::new(),
        finding: has_finding.then(|| (format!("{number:032x}"), finding.to_owned())),
        result: Some(ResultFile {
            name: format!("AWSLogs/000000000000/Macie/us-east-1/{number:064x}.jsonl.gz"),
            body: result.to_vec(),
        }),
        recorded_at: Utc::now(),
    }
}

/// CPU time of recording so many outcomes, as the engine's one writer does it.
fn store(objects: u64) -> Duration {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let new = NewJob {
        name: "bench".to_owned(),
        job_type: "ONE_TIME",
        command_key: "bench".to_owned(),
        spec: "{}".to_owned(),
        catalogue: Arc::new(CatalogueIndex {
            detectors: Vec::new(),
            keywords: Vec::new(),
            fingerprint: "bench".to_owned(),
        }),
        targets: vec!["s3://amzn-s3-demo-bucket".to_owned()],
        resume: false,
        id: None,
        now: Utc::now(),
    };
    let mut run = store.begin(new, |_| Vec::new()).expect("begin");
    let reader = store.reader().expect("reader");
    let job = run.job().id.clone();
    let (finding, result) = ("x".repeat(3000), vec![7; 700]);
    let mut took = Duration::ZERO;
    let mut written: Vec<i64> = Vec::new();
    for first in (0..objects).step_by(COMMIT_OBJECTS as usize) {
        let numbers = first..(first + COMMIT_OBJECTS).min(objects);
        let commit = Commit {
            objects: numbers
                .map(|n| object(&run, n, &finding, &result))
                .collect(),
            ..Commit::default()
        };
        let start = cpu(libc::RUSAGE_THREAD);
        run.commit(commit).expect("commit");
        let mut after = 0;
        loop {
            let pending = reader.pending_results(&job, after, 32).expect("pending");
            let Some(last) = pending.last() else {
                break;
            };
            after = last.object_no;
            written.extend(pending.iter().map(|p| p.object_no));
            run.commit(Commit {
                results_written: std::mem::take(&mut written),
                ..Commit::default()
            })
            .expect("commit");
        }
        took += cpu(libc::RUSAGE_THREAD) - start;
    }
    took
}

fn main() {
    let objects = std::env::args()
        .skip(1)
        .find_map(|a| a.parse().ok())
        .unwrap_or(OBJECTS);
    listing();
    let store = store(objects);
    let each = |time: Duration| time.as_secs_f64() * 1e6 / objects as f64;
    println!("store    {objects} outcomes: {:.1} µs each", each(store));
    let (s3, local) = scans(objects);
    for (name, scan) in [("S3", s3), ("folder", local)] {
        let share = store.as_secs_f64() / scan.as_secs_f64();
        println!(
            "scan     {objects} objects of 1 KB, {name}: {:.1} µs each, the store {:.1} %",
            each(scan),
            share * 100.0
        );
        assert!(
            name != "S3" || share < SHARE_MAX,
            "recording takes {:.1} % of a scan",
            share * 100.0
        );
    }
}
