//! `kill -9` at any moment, then the same command again: occurrences, findings, results, events and
//! coverage equal those of an uninterrupted run, and nothing is doubled.
//!
//! Kills come at pseudo-random moments; `MAGPIE_KILLS=500 cargo test --test crash` for the long form.
//! Kills at every single write of the store are in `store_*.rs`.

#[path = "support/planted.rs"]
mod planted;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use planted::{Numbers, log_text};
use serde_json::Value;

const FILES: u64 = 250;

fn command(data: &Path, state: &Path, output: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_magpie"));
    command
        .arg("scan")
        .arg(data)
        .args(["--threads", "2", "--format", "jsonl", "--quiet", "-o"])
        .arg(output)
        .arg("--state-dir")
        .arg(state)
        .stderr(Stdio::piped());
    command
}

fn write_corpus(data: &Path) -> u64 {
    let mut planted = 0;
    for i in 0..FILES {
        let folder = data.join(format!("{:02}", i % 7));
        std::fs::create_dir_all(&folder).unwrap();
        let (text, n) = log_text(i, 40_000 + (i as usize % 5) * 60_000, 40);
        planted += n;
        std::fs::write(folder.join(format!("{i:04}.log")), text).unwrap();
    }
    planted
}

/// Everything a run leaves behind that must not depend on kills; times are left out.
fn remains(state: &Path, output: &Path) -> (String, Vec<String>, Vec<String>, Vec<Value>) {
    let occurrences = std::fs::read_to_string(output).unwrap();
    let logs = state.join("logs/aws/macie/classificationjobs");
    let mut files: Vec<_> = std::fs::read_dir(&logs)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "one job, one log: {files:?}");
    let log = std::fs::read_to_string(files.remove(0)).unwrap();
    let events = log
        .lines()
        .map(|l| {
            serde_json::from_str::<Value>(l).unwrap()["eventType"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let database = rusqlite::Connection::open(state.join("magpie.db")).unwrap();
    let rows = |sql: &str| -> Vec<String> {
        database
            .prepare(sql)
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    let outcomes = rows(
        "SELECT target || ' ' || key || ' ' || status || ' ' || bytes_scanned || ' ' || occurrences
         FROM objects ORDER BY target, key",
    );
    let mut findings: Vec<Value> = rows("SELECT document FROM findings")
        .iter()
        .map(|d| serde_json::from_str(d).unwrap())
        .collect();
    for finding in &mut findings {
        let details = finding["classificationDetails"].take();
        let path = finding["resourcesAffected"]["s3Object"]["path"].clone();
        *finding = serde_json::json!([path, details["result"]]);
    }
    findings.sort_by_key(ToString::to_string);
    assert_eq!(
        count_files(&state.join("results")),
        FILES as usize,
        "one result for each object"
    );
    (occurrences, events, outcomes, findings)
}

fn count_files(folder: &Path) -> usize {
    let mut n = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        n += match entry.file_type().unwrap().is_dir() {
            true => count_files(&entry.path()),
            false => usize::from(entry.path().extension().is_some_and(|e| e == "gz")),
        };
    }
    n
}

/// Waits for the end or kills after `patience`. `Some(status)`: it ended by itself.
fn kill_after(child: &mut Child, patience: Duration) -> Option<i32> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if start.elapsed() >= patience {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The job log tells the end of the job.
fn is_finished(state: &Path) -> bool {
    let folder = state.join("logs/aws/macie/classificationjobs");
    folder.exists()
        && std::fs::read_dir(folder).unwrap().any(|file| {
            let log = std::fs::read_to_string(file.unwrap().path()).unwrap();
            log.contains("JOB_COMPLETED")
        })
}

#[test]
fn killed_and_run_again_equals_the_straight_run() {
    let kills: u64 = std::env::var("MAGPIE_KILLS").map_or(12, |n| n.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let planted = write_corpus(&data);

    let (state, output) = (
        dir.path().join("straight"),
        dir.path().join("straight.jsonl"),
    );
    let start = Instant::now();
    let done = command(&data, &state, &output).output().unwrap();
    let whole = start.elapsed();
    assert_eq!(
        done.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let straight = remains(&state, &output);
    assert_eq!(straight.0.lines().count() as u64, planted);
    assert_eq!(
        straight.1,
        ["JOB_CREATED", "ONE_TIME_JOB_STARTED", "JOB_COMPLETED"]
    );

    let mut numbers = Numbers(7);
    let mut killed = 0;
    let mut round = 0;
    while killed < kills {
        round += 1;
        assert!(round < 50 * kills, "the runs end before they can be killed");
        let state = dir.path().join(format!("state-{round}"));
        let output = dir.path().join(format!("out-{round}.jsonl"));
        // a few kills of the same job at most, each later than the last one could have been
        for _ in 0..3 {
            let patience = whole.mul_f64(0.05 + numbers.below(100) as f64 / 110.0);
            let mut child = command(&data, &state, &output).spawn().unwrap();
            let ended = kill_after(&mut child, patience).is_some();
            killed += u64::from(!ended);
            if ended || (state.join("logs").exists() && is_finished(&state)) {
                break;
            }
        }
        let finished = state.join("logs").exists() && is_finished(&state);
        if finished {
            // the output was there before the job ended: nothing is left to take up
            assert!(output.exists());
            assert_eq!(remains(&state, &output), straight);
            continue;
        }
        let done = command(&data, &state, &output).output().unwrap();
        assert_eq!(
            done.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let resumed = remains(&state, &output);
        assert_eq!(resumed.1, straight.1);
        assert_eq!(resumed.2, straight.2);
        assert_eq!(resumed.3, straight.3);
        assert!(
            resumed.0 == straight.0,
            "occurrences differ after {killed} kills"
        );
    }
}

#[test]
fn an_object_that_changed_meanwhile_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    write_corpus(&data);
    let (state, output) = (dir.path().join("state"), dir.path().join("out.jsonl"));
    let mut numbers = Numbers(3);
    // on a machine that is busy nothing is recorded in the time that is enough on another
    let mut longest = 200;
    loop {
        let mut child = command(&data, &state, &output).spawn().unwrap();
        let patience = Duration::from_millis(30 + numbers.below(longest));
        if kill_after(&mut child, patience).is_some() {
            // too fast this time: begin anew
            std::fs::remove_dir_all(&state).unwrap();
            longest = (longest / 2).max(100);
            continue;
        }
        longest += 50;
        let database = rusqlite::Connection::open(state.join("magpie.db")).ok();
        let recorded = database.and_then(|d| {
            d.query_row(
                "SELECT count(*) FROM objects WHERE key = '00/0000.log'",
                [],
                |row| row.get::<_, i64>(0),
            )
            .ok()
        });
        if recorded == Some(1) {
            break;
        }
    }
    std::fs::write(
        data.join("00/0000.log"),
        "2024-05-01T12:00:00.000Z the only one left: ssn=536-90-4399\n",
    )
    .unwrap();
    let done = command(&data, &state, &output).output().unwrap();
    assert_eq!(
        done.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let text = std::fs::read_to_string(&output).unwrap();
    let of_it: Vec<&str> = text.lines().filter(|l| l.contains("00/0000.log")).collect();
    assert_eq!(of_it.len(), 1, "{of_it:?}");
    assert!(of_it[0].contains("***-**-4399"), "{}", of_it[0]);
}
