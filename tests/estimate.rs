//! `magpie scan --estimate`: what it tells holds for the scan that follows, it reads no content and
//! records nothing, and a million keys are listed in constant memory and well within a minute.

mod cli_support;
mod job_support;
mod support;

use std::time::{Duration, Instant};

use cli_support::{Bed, Ran};
use serde_json::Value;
use support::s3::{Fault, Op, Rule, S3Server, S3State};

const LINE: &str = "2024-05-01T12:00:00.000Z user signed up ssn=536-90-4399\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01";

fn run(bed: &Bed, server: &S3Server, arguments: &[&str]) -> Ran {
    let mut command = bed.command();
    command
        .arg("scan")
        .args(arguments)
        .envs(server.env())
        .env("AWS_MAX_ATTEMPTS", "2");
    command.output().unwrap().into()
}

/// A bucket with something of everything.
fn mixed() -> S3Server {
    let mut state = S3State::new();
    state.bucket("mixed").page(4);
    for i in 0..9 {
        state.put("mixed", &format!("logs/{i}.log"), LINE);
    }
    state.put("mixed", "logs/empty.log", b"");
    state.put("mixed", "img/a.png", PNG);
    state.put("mixed", "img/b.PNG", PNG);
    state.put("mixed", "old/a.log", LINE).storage_class = Some("GLACIER".into());
    state.put("mixed", "old/b.log", LINE).storage_class = Some("STANDARD_IA".into());
    state.put("mixed", "tmp/x.tmp", b"left out");
    S3Server::start(state)
}

fn objects(value: &Value) -> u64 {
    value["objects"].as_u64().unwrap()
}

#[test]
fn the_scan_that_follows_bears_it_out() {
    let bed = Bed::new();
    let server = mixed();
    let scope = ["s3://mixed", "--exclude", "*.tmp", "--format", "json"];
    let told = run(&bed, &server, &[&scope[..], &["--estimate"]].concat());
    assert_eq!(told.status, Some(0), "{}", told.stderr);
    let estimate = told.json();
    assert_eq!(server.count(Op::GetObject), 0, "no content is read");
    assert!(!bed.state().exists(), "nothing is recorded");
    let of_estimate = server.counts();

    let scanned = run(&bed, &server, &scope);
    assert_eq!(scanned.status, Some(3), "{}", scanned.stderr);
    let summary = scanned.json();
    assert_eq!(estimate["inScope"], summary["coverage"]["listed"]);
    assert_eq!(estimate["toRead"], summary["coverage"]["complete"]);
    let target = &estimate["targets"][0];
    let mut skipped = 0;
    for (reason, tally) in target["skipped"].as_object().unwrap() {
        let gaps = summary["gaps"].as_array().unwrap();
        let told = gaps.iter().filter(|g| g["reason"] == *reason).count();
        assert_eq!(told as u64, objects(tally), "{reason}");
        skipped += objects(tally);
    }
    assert_eq!(skipped, objects(&summary["coverage"]["skipped"]));
    assert_eq!(objects(&target["skipped"]["INVALID_OBJECT_STATE"]), 1);
    assert_eq!(objects(&target["leftOut"]["filter"]), 1);
    assert_eq!(target["empty"], 1);
    assert_eq!(objects(&target["storageClasses"]["STANDARD_IA"]), 1);

    let of_both = server.counts();
    let of_scan = |op: Op| of_both.get(&op).unwrap_or(&0) - of_estimate.get(&op).unwrap_or(&0);
    let requests = &estimate["requests"];
    assert_eq!(requests["list"], of_scan(Op::ListObjectsV2));
    assert_eq!(
        requests["head"],
        of_scan(Op::HeadBucket) + of_scan(Op::HeadObject)
    );
    assert_eq!(requests["get"], of_scan(Op::GetObject));
    assert_eq!(requests["put"], 0);
}

#[test]
fn results_in_s3_are_requests_too() {
    let bed = Bed::new();
    let server = mixed();
    let arguments = [
        "s3://mixed/logs/",
        "--format",
        "json",
        "--results",
        "s3://out/r",
    ];
    server.state().bucket("out");
    let estimate = run(&bed, &server, &[&arguments[..], &["--estimate"]].concat()).json();
    assert_eq!(estimate["requests"]["put"], 10);
    let scanned = run(&bed, &server, &arguments);
    assert_eq!(scanned.status, Some(0), "{}", scanned.stderr);
    assert_eq!(server.count(Op::PutObject), 10);
}

#[test]
fn time_is_reckoned_by_earlier_runs_or_by_the_speed_given() {
    let bed = Bed::new();
    bed.busy_corpus(600);
    let arguments = ["busy", "--estimate", "--format", "json"];
    let run = |more: &[&str]| bed.run(&[&["scan"], &arguments[..], more].concat()).json();
    assert_eq!(run(&[])["time"]["seconds"], Value::Null);
    let named = run(&["--estimate-speed", "1kB"]);
    let bytes = named["toRead"]["bytes"].as_u64().unwrap();
    assert_eq!(named["time"]["seconds"], bytes.div_ceil(1000));
    assert_eq!(named["time"]["local"]["from"], "option");
    let table = bed.run(&["scan", "busy", "--estimate"]);
    assert!(table.stdout.contains("not known"), "{}", table.stdout);
    // a run that is long enough to be measured; how fast this machine is does not matter
    let big = "GET /v1/items/7f3a 200 17ms shard of cache evicted\n".repeat(2_000_000);
    bed.write("big/a.log", big);
    let scanned = bed.run(&["scan", "big", "--quiet"]);
    assert_eq!(scanned.status, Some(0), "{}", scanned.stderr);
    let measured = run(&[]);
    assert_eq!(measured["time"]["local"]["from"], "runs");
    assert_eq!(measured["time"]["local"]["runs"], 1);
    assert!(measured["time"]["seconds"].is_u64(), "{measured}");
    assert_eq!(measured["time"]["s3"], Value::Null);
    let table = bed.run(&["scan", "busy", "--estimate"]);
    assert!(
        table.stdout.contains("the best of 1 run"),
        "{}",
        table.stdout
    );
}

#[test]
fn the_next_run_of_a_job_bears_its_estimate_out() {
    let bed = Bed::new();
    let server = mixed();
    let mut state = server.state();
    state.put("mixed", "logs/9.log", LINE);
    drop(state);
    let create = [
        "--name",
        "n",
        "--bucket",
        "mixed",
        "--schedule",
        "daily",
        "--initial-run",
        "--key-prefix",
        "logs/",
        "--sampling",
        "70",
    ];
    let job = job_support::create(&bed, "2024-05-06T12:00:00Z", &create);
    let run = |now: &str, arguments: &[&str]| -> Ran {
        let mut command = job_support::command_at(&bed, now, arguments);
        command.envs(server.env()).output().unwrap().into()
    };
    let estimate = |now: &str| {
        let before = server.count(Op::GetObject);
        let ran = run(now, &["job", "estimate", "n", "--format", "json"]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        assert_eq!(server.count(Op::GetObject), before, "no content is read");
        ran.json()
    };
    let scan = |now: &str| {
        let ran = run(now, &["job", "run", "n", "--format", "json"]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        ran.json()
    };
    let first = estimate("2024-05-06T12:00:00Z");
    assert_eq!(
        job_support::history(&bed, &job).len(),
        0,
        "nothing is recorded"
    );
    let summary = scan("2024-05-06T12:00:00Z");
    assert_eq!(first["inScope"], summary["coverage"]["listed"]);
    let left_out = &first["targets"][0]["leftOut"];
    assert_eq!(objects(&left_out["scope"]), 5);
    let sampled = objects(&left_out["not in the sample"]);
    assert_eq!(objects(&first["inScope"]) + sampled, 11);
    assert!((1..11).contains(&sampled), "{sampled}");

    // later runs read what has changed
    server.put("mixed", "logs/0.log", "changed ssn=536-90-4399\n");
    server.put("mixed", "logs/1.log", "changed too\n");
    let second = estimate("2024-05-07T12:00:00Z");
    let unchanged = objects(&second["targets"][0]["leftOut"]["unchanged"]);
    let out = objects(&second["targets"][0]["leftOut"]["not in the sample"]);
    assert_eq!(unchanged + objects(&second["inScope"]) + out, 11);
    let summary = scan("2024-05-07T12:00:00Z");
    assert_eq!(second["inScope"], summary["coverage"]["listed"]);
    assert!(objects(&second["inScope"]) <= 2);
}

#[test]
fn a_failed_listing_is_told_with_the_exit_status_of_a_scan() {
    let bed = Bed::new();
    let server = mixed();
    server.fault(
        Rule::on(Op::ListObjectsV2).bucket("mixed").after(1),
        Fault::AccessDenied,
    );
    let ran = run(
        &bed,
        &server,
        &["s3://mixed", "--estimate", "--format", "json"],
    );
    assert_eq!(ran.status, Some(4), "{}", ran.stderr);
    let estimate = ran.json();
    assert_eq!(estimate["complete"], false);
    assert_eq!(objects(&estimate["inScope"]), 4);
    let cause = estimate["targets"][0]["unlisted"].as_str().unwrap();
    assert!(cause.contains("s3:ListBucket"), "{cause}");
    let table = run(&bed, &server, &["s3://mixed", "--estimate"]);
    assert!(table.stdout.contains("s3:ListBucket"), "{}", table.stdout);
}

#[test]
fn formats_of_occurrences_are_refused() {
    let bed = Bed::new();
    for format in ["jsonl", "macie"] {
        let ran = bed.run(&["scan", ".", "--estimate", "--format", format]);
        assert_eq!(ran.status, Some(2));
        assert!(
            ran.stderr.contains("choose --format table or json"),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn a_million_keys_take_less_than_a_minute() {
    let bed = Bed::new();
    let mut state = S3State::new();
    state.bucket("big").generate(1_000_000);
    let server = S3Server::start(state);
    let start = Instant::now();
    let mut command = bed.command();
    command
        .args(["scan", "s3://big", "--estimate", "--format", "json"])
        .envs(server.env());
    let child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let peak = std::thread::spawn(move || {
        let mut peak = 0;
        // the peak stays readable until the process is waited for, but not after it has ended
        while let Ok(text) = std::fs::read_to_string(&status) {
            let line = text.lines().find(|l| l.starts_with("VmHWM:"));
            let Some(kib) = line.and_then(|l| l.split_whitespace().nth(1)) else {
                break;
            };
            peak = peak.max(kib.parse::<u64>().unwrap());
            std::thread::sleep(Duration::from_millis(20));
        }
        peak
    });
    let ran: Ran = child.wait_with_output().unwrap().into();
    let (took, peak) = (start.elapsed(), peak.join().unwrap());
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let estimate = ran.json();
    assert_eq!(objects(&estimate["toRead"]), 1_000_000);
    assert_eq!(estimate["requests"]["list"], 1000);
    assert_eq!(estimate["requests"]["get"], 1_000_000);
    println!(
        "1,000,000 keys: {:.1} s, peak {peak} KiB",
        took.as_secs_f64()
    );
    assert!(took < Duration::from_secs(60), "took {took:?}");
    if cfg!(target_os = "linux") {
        assert!(peak > 0 && peak < 128 << 10, "peak {peak} KiB");
    }
}
