//! Runs of created jobs: once and again, what later runs read, pausing, expiry, catching up, cron.

mod cli_support;
mod job_support;

use cli_support::{Bed, end, signal, until};
use job_support::{at, command_at, create, events, history, log, ssns, status};
use serde_json::{Value, json};

const MONDAY: &str = "2024-05-06T15:00:00Z";

#[test]
fn a_one_time_job_runs_once() {
    let bed = Bed::new();
    bed.write("logs/a.txt", ssns(1, 3));
    bed.write("logs/b.txt", "nothing here\n");
    let job = create(&bed, MONDAY, &["--name", "once", "--bucket", "./logs"]);
    assert_eq!(status(&bed, &job), "RUNNING");
    let ran = at(&bed, MONDAY, &["job", "run", "once", "--format", "json"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let summary = ran.json();
    cli_support::balanced(&summary);
    assert_eq!(summary["job"]["jobId"], job);
    assert_eq!(summary["coverage"]["listed"]["objects"], 2);
    assert_eq!(status(&bed, &job), "COMPLETE");
    assert_eq!(
        events(&bed, &job),
        ["JOB_CREATED", "ONE_TIME_JOB_STARTED", "JOB_COMPLETED"]
    );
    let lines: Vec<Value> = log(&bed, &job)
        .iter()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines[0]["runDate"], Value::Null);
    assert_eq!(lines[1]["runDate"], lines[2]["runDate"]);
    assert!(
        lines[2]["occurredAt"]
            .as_str()
            .unwrap()
            .starts_with("2024-05-06T15:00")
    );
    // findings carry the job's id, not that of a run
    let again = at(&bed, MONDAY, &["job", "run", "once"]);
    assert_eq!(again.status, Some(2));
    assert!(again.stderr.contains("it is complete"), "{}", again.stderr);
    assert_eq!(log(&bed, &job).len(), 3);
    let ran = at(&bed, MONDAY, &["job", "pause", &job]);
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.stderr.contains(
            "Input validation failed, cannot update completed job for job: arn:aws:macie2:"
        ),
        "{}",
        ran.stderr
    );
}

#[test]
fn findings_of_each_run_are_its_own() {
    let bed = Bed::new();
    bed.write("logs/a.txt", ssns(1, 1));
    let job = create(
        &bed,
        MONDAY,
        &[
            "--name",
            "n",
            "--bucket",
            "./logs",
            "--schedule",
            "daily",
            "--initial-run",
        ],
    );
    let macie = |now: &str| at(&bed, now, &["job", "run", "n", "--format", "macie"]).lines();
    let first = macie(MONDAY);
    bed.write("logs/a.txt", ssns(1, 2));
    let second = macie("2024-05-07T15:00:00Z");
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_ne!(first[0]["id"], second[0]["id"]);
    for finding in [&first[0], &second[0]] {
        assert_eq!(finding["classificationDetails"]["jobId"], job);
        assert!(finding["resourcesAffected"]["s3Bucket"]["name"].is_string());
    }
}

/// The table ends with the command that shows the log of the job.
#[test]
fn the_table_names_the_job_and_its_log() {
    let bed = Bed::new();
    bed.write("logs/a.txt", ssns(1, 1));
    let job = create(
        &bed,
        MONDAY,
        &["--name", "n", "--bucket", "./logs", "--schedule", "daily"],
    );
    let ran = at(&bed, MONDAY, &["job", "run", "n", "--format", "table"]);
    let last = ran.stdout.lines().last().unwrap_or_default().trim();
    let short = &job[..8];
    assert!(last.starts_with(&format!("job {job}, run 1 · ")), "{last}");
    assert!(last.ends_with(short), "{last}");
    let log = at(&bed, MONDAY, &["logs", short]);
    assert_eq!(log.stdout.lines().count(), 3, "{}", log.stderr);
}

#[test]
fn later_runs_read_what_is_new_and_tell_it_once() {
    let bed = Bed::new();
    bed.write("logs/a.txt", ssns(1, 3));
    bed.write("logs/b.txt", ssns(2, 1));
    let job = create(
        &bed,
        MONDAY,
        &[
            "--name",
            "nightly",
            "--bucket",
            "./logs",
            "--schedule",
            "daily",
            "--initial-run",
        ],
    );
    let due = |now: &str, more: &[&str]| {
        let mut all = vec!["job", "run-due"];
        all.extend(more);
        at(&bed, now, &all)
    };
    let first = due(MONDAY, &[]);
    assert_eq!(first.status, Some(0), "{}", first.stderr);
    assert!(
        first
            .stdout
            .starts_with("nightly (run 1): 4 occurrences in 2 of 2 objects\n"),
        "{}",
        first.stdout
    );
    assert!(
        first
            .stdout
            .contains("USA_SOCIAL_SECURITY_NUMBER: 4 in 2 objects: file://")
    );
    assert_eq!(status(&bed, &job), "IDLE");
    // it is not due again on the same day
    let same_day = due("2024-05-06T23:00:00Z", &[]);
    assert_eq!((same_day.stdout.as_str(), same_day.status), ("", Some(0)));
    assert_eq!(history(&bed, &job).len(), 1);
    // the next day nothing has changed: it runs and says nothing
    let next_day = due("2024-05-07T00:00:01Z", &[]);
    assert_eq!((next_day.stdout.as_str(), next_day.status), ("", Some(0)));
    assert_eq!(next_day.stderr, "");
    let runs = history(&bed, &job);
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[1]["leftOut"]["UNCHANGED"]["objects"], 2);
    assert_eq!(runs[1]["listed"]["objects"], 0);
    // one object grew, one is new, one is as it was
    bed.write("logs/a.txt", ssns(1, 5));
    bed.write("logs/c.txt", ssns(7, 1));
    let third = due("2024-05-08T03:00:00Z", &["--only-new", "--fail-on", "low"]);
    assert_eq!(third.status, Some(1), "{}", third.stderr);
    assert!(
        third
            .stdout
            .starts_with("nightly (run 3): 3 new occurrences in 2 of 2 objects\n"),
        "{}",
        third.stdout
    );
    let runs = history(&bed, &job);
    assert_eq!(runs[2]["occurrences"], 6, "all of what was read is kept");
    assert_eq!(runs[2]["leftOut"]["UNCHANGED"]["objects"], 1);
    // values that only moved are not new
    bed.write("logs/a.txt", format!("first line\n{}", ssns(1, 5)));
    let fourth = due("2024-05-09T03:00:00Z", &["--only-new", "--fail-on", "low"]);
    assert_eq!(
        (fourth.stdout.as_str(), fourth.status),
        ("", Some(0)),
        "{}",
        fourth.stderr
    );
    assert_eq!(
        events(&bed, &job)[1..5],
        [
            "SCHEDULED_RUN_STARTED",
            "SCHEDULED_RUN_COMPLETED",
            "SCHEDULED_RUN_STARTED",
            "SCHEDULED_RUN_COMPLETED"
        ]
    );
    let shown = bed.run(&["job", "show", &job, "--json"]).json();
    assert_eq!(shown["statistics"]["numberOfRuns"], 4.0);
    assert!(
        shown["lastRunTime"]
            .as_str()
            .unwrap()
            .starts_with("2024-05-09T03:00")
    );
}

#[test]
fn only_new_occurrences_can_be_had_as_records() {
    let bed = Bed::new();
    bed.write("logs/a.txt", ssns(1, 3));
    create(
        &bed,
        MONDAY,
        &[
            "--name",
            "n",
            "--bucket",
            "./logs",
            "--schedule",
            "daily",
            "--initial-run",
        ],
    );
    at(&bed, MONDAY, &["job", "run", "n", "--quiet"]);
    bed.write("logs/a.txt", ssns(1, 4));
    for threads in ["1", "3"] {
        let new = bed.state().join(format!("new-{threads}.jsonl"));
        // the same run, cut off before its end, is the same run again
        let ran = at(
            &bed,
            "2024-05-07T15:00:00Z",
            &[
                "job",
                "run",
                "n",
                "--only-new",
                "--format",
                "jsonl",
                "--threads",
                threads,
                "-o",
                new.to_str().unwrap(),
            ],
        );
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let lines: Vec<Value> = std::fs::read_to_string(new)
            .unwrap()
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        // by the second run nothing has changed any more
        let expected = if threads == "1" { vec![4] } else { vec![] };
        let rows: Vec<u64> = lines.iter().map(|l| l["line"].as_u64().unwrap()).collect();
        assert_eq!(rows, expected);
    }
}

#[test]
fn without_an_initial_run_old_objects_are_left_alone() {
    let bed = Bed::new();
    let old = bed.write("logs/old.txt", ssns(1, 1));
    let time = |text: &str| {
        std::time::SystemTime::from(text.parse::<chrono::DateTime<chrono::Utc>>().unwrap())
    };
    let touch = |path: &std::path::Path, text: &str| {
        std::fs::File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(time(text))
            .unwrap();
    };
    touch(&old, "2024-05-01T00:00:00Z");
    let job = create(
        &bed,
        MONDAY,
        &[
            "--name",
            "n",
            "--bucket",
            "./logs",
            "--schedule",
            "weekly:TUESDAY",
        ],
    );
    assert_eq!(status(&bed, &job), "IDLE");
    let new = bed.write("logs/new.txt", ssns(2, 1));
    touch(&new, "2024-05-06T15:00:00Z");
    assert_eq!(
        at(&bed, "2024-05-06T20:00:00Z", &["job", "run-due"]).stdout,
        ""
    );
    assert_eq!(history(&bed, &job).len(), 0, "it is not due before Tuesday");
    let ran = at(&bed, "2024-05-07T01:00:00Z", &["job", "run-due"]);
    assert!(
        ran.stdout.contains("1 occurrence in 1 of 1 object\n"),
        "{}",
        ran.stdout
    );
    assert_eq!(history(&bed, &job)[0]["leftOut"]["UNCHANGED"]["objects"], 1);
    // an old object that is changed is read
    bed.write("logs/old.txt", ssns(1, 2));
    let ran = at(&bed, "2024-05-14T01:00:00Z", &["job", "run-due"]);
    assert!(
        ran.stdout.contains("2 occurrences in 1 of 1 object\n"),
        "{}",
        ran.stdout
    );
}

#[test]
fn what_was_missed_is_one_run() {
    let bed = Bed::new();
    bed.write("logs/a.txt", "x\n");
    let job = create(
        &bed,
        MONDAY,
        &[
            "--name",
            "n",
            "--bucket",
            "./logs",
            "--cron",
            "30 2 * * *",
            "--time-zone",
            "Europe/Berlin",
        ],
    );
    assert_eq!(
        at(&bed, "2024-05-07T00:29:00Z", &["job", "run-due"]).status,
        Some(0)
    );
    assert_eq!(history(&bed, &job).len(), 0);
    // three weeks later
    for _ in 0..3 {
        at(&bed, "2024-05-27T12:00:00Z", &["job", "run-due"]);
    }
    assert_eq!(history(&bed, &job).len(), 1);
    assert_eq!(
        at(&bed, "2024-05-28T00:29:00Z", &["job", "run-due"]).status,
        Some(0)
    );
    assert_eq!(history(&bed, &job).len(), 1);
    at(&bed, "2024-05-28T00:31:00Z", &["job", "run-due"]);
    assert_eq!(history(&bed, &job).len(), 2);
}

#[test]
fn a_job_is_paused_and_resumed_from_another_terminal() {
    let bed = Bed::new();
    let planted = bed.busy_corpus(4000);
    let job = create(&bed, MONDAY, &["--name", "busy", "--bucket", "./busy"]);
    let run = ["job", "run", "busy", "--quiet", "--threads", "1"];
    let child = command_at(&bed, MONDAY, &run).spawn().unwrap();
    let database = bed.state().join("magpie.db");
    let objects = || {
        rusqlite::Connection::open(&database)
            .and_then(|c| c.query_row("SELECT COUNT(*) FROM objects", [], |r| r.get::<_, i64>(0)))
            .unwrap_or(0)
    };
    until("some objects are read", || objects() > 100);
    let paused = at(&bed, MONDAY, &["job", "pause", "busy"]);
    assert_eq!(paused.status, Some(0), "{}", paused.stderr);
    assert!(paused.stdout.contains("USER_PAUSED"));
    let ran = end(child);
    assert_eq!(ran.status, Some(3), "{}", ran.stderr);
    let read = objects();
    assert!(read < 4000, "it was not paused in time");
    let shown = bed.run(&["job", "show", &job, "--json"]).json();
    assert_eq!(shown["jobStatus"], "USER_PAUSED");
    assert!(
        shown["userPausedDetails"]["jobExpiresAt"]
            .as_str()
            .unwrap()
            .starts_with("2024-06-05T15:00")
    );
    // it does not run while it is paused
    let refused = at(&bed, MONDAY, &run);
    assert_eq!(refused.status, Some(2));
    assert!(
        refused.stderr.contains("magpie job resume"),
        "{}",
        refused.stderr
    );
    assert_eq!(at(&bed, MONDAY, &["job", "run-due"]).stdout, "");
    let resumed = at(&bed, MONDAY, &["job", "resume", "busy"]);
    assert!(resumed.stdout.contains("RUNNING"), "{}", resumed.stderr);
    let ran = at(&bed, MONDAY, &["job", "run", "busy", "--format", "json"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert_eq!(history(&bed, &job)[0]["occurrences"], planted);
    assert_eq!(history(&bed, &job)[0]["listed"]["objects"], 4000);
    assert_eq!(
        events(&bed, &job),
        [
            "JOB_CREATED",
            "ONE_TIME_JOB_STARTED",
            "JOB_PAUSED_BY_USER",
            "JOB_RESUMED_BY_USER",
            "JOB_COMPLETED"
        ]
    );
}

#[test]
fn a_job_is_cancelled_for_good() {
    let bed = Bed::new();
    bed.busy_corpus(4000);
    let job = create(&bed, MONDAY, &["--name", "busy", "--bucket", "./busy"]);
    let run = ["job", "run", "busy", "--quiet", "--threads", "1"];
    let child = command_at(&bed, MONDAY, &run).spawn().unwrap();
    until("it runs", || history(&bed, &job).len() == 1);
    let cancelled = at(&bed, MONDAY, &["job", "cancel", "busy"]);
    assert_eq!(cancelled.status, Some(0), "{}", cancelled.stderr);
    assert_eq!(end(child).status, Some(3));
    assert_eq!(status(&bed, &job), "CANCELLED");
    assert_eq!(history(&bed, &job)[0]["status"], "CANCELLED");
    assert_eq!(events(&bed, &job).last().unwrap(), "JOB_CANCELLED");
    for verb in ["cancel", "pause", "resume"] {
        let ran = at(&bed, MONDAY, &["job", verb, "busy"]);
        assert_eq!(ran.status, Some(2), "{verb}");
        assert!(ran.stderr.contains("cannot update cancelled job for job"));
    }
}

#[test]
fn an_interrupted_run_is_taken_up() {
    let bed = Bed::new();
    let planted = bed.busy_corpus(3000);
    let job = create(&bed, MONDAY, &["--name", "busy", "--bucket", "./busy"]);
    let run = ["job", "run", "busy", "--threads", "1"];
    let child = command_at(&bed, MONDAY, &run).spawn().unwrap();
    until("it runs", || history(&bed, &job).len() == 1);
    signal(&child, libc::SIGTERM);
    let ran = end(child);
    assert_eq!(ran.status, Some(143), "{}", ran.stderr);
    assert_eq!(status(&bed, &job), "RUNNING");
    // another day, another command: run-due takes it up
    let ran = at(&bed, "2024-05-09T15:00:00Z", &["job", "run-due"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert_eq!(history(&bed, &job).len(), 1);
    assert_eq!(history(&bed, &job)[0]["occurrences"], planted);
    assert_eq!(
        events(&bed, &job),
        ["JOB_CREATED", "ONE_TIME_JOB_STARTED", "JOB_COMPLETED"]
    );
}

#[test]
fn a_run_that_was_paused_for_thirty_days_is_given_up() {
    for (more, after, last) in [
        (&[][..], "CANCELLED", "JOB_CANCELLED"),
        (
            &["--schedule", "monthly:6", "--initial-run"][..],
            "IDLE",
            "JOB_RESUMED_BY_USER",
        ),
    ] {
        let bed = Bed::new();
        bed.write("logs/a.txt", ssns(1, 1));
        let mut all = vec!["--name", "n", "--bucket", "./logs"];
        all.extend(more);
        let job = create(&bed, MONDAY, &all);
        // its run is due, and paused before anyone runs it
        at(&bed, MONDAY, &["job", "pause", "n"]);
        // one day before, it could still go on
        at(&bed, "2024-06-04T15:00:00Z", &["job", "run-due"]);
        assert_eq!(status(&bed, &job), "USER_PAUSED");
        let resumed = at(&bed, "2024-06-05T15:00:01Z", &["job", "resume", "n"]);
        assert_eq!(status(&bed, &job), after, "{}", resumed.stderr);
        assert_eq!(events(&bed, &job).last().unwrap(), last);
    }
}

#[test]
fn one_process_runs_a_job() {
    let bed = Bed::new();
    bed.busy_corpus(3000);
    let job = create(&bed, MONDAY, &["--name", "busy", "--bucket", "./busy"]);
    let run = ["job", "run", "busy", "--threads", "1"];
    let child = command_at(&bed, MONDAY, &run).spawn().unwrap();
    until("it runs", || history(&bed, &job).len() == 1);
    let second = at(&bed, MONDAY, &run);
    assert_eq!(second.status, Some(7), "{}", second.stderr);
    assert!(
        second.stderr.contains(&format!("process {}", child.id())),
        "{}",
        second.stderr
    );
    // cron leaves it to the other
    let due = at(&bed, MONDAY, &["job", "run-due"]);
    assert_eq!((due.status, due.stderr.as_str()), (Some(0), ""));
    signal(&child, libc::SIGTERM);
    end(child);
}

#[test]
fn a_running_job_can_be_watched() {
    let bed = Bed::new();
    bed.busy_corpus(2000);
    let job = create(&bed, MONDAY, &["--name", "busy", "--bucket", "./busy"]);
    let run = ["job", "run", "busy", "--quiet", "--threads", "1"];
    let child = command_at(&bed, MONDAY, &run).spawn().unwrap();
    until("it runs", || history(&bed, &job).len() == 1);
    let watched = bed.run(&["job", "watch", "busy"]);
    end(child);
    assert_eq!(watched.status, Some(0), "{}", watched.stderr);
    assert!(
        watched.stdout.contains("ONE_TIME_JOB_STARTED"),
        "{}",
        watched.stdout
    );
    assert!(watched.stdout.contains("run 1: "), "{}", watched.stdout);
    // afterwards it tells how far the run came
    let ended = bed.run(&["job", "watch", "busy"]).stdout;
    assert!(ended.contains("run 1: 2,000/2,000 objects"), "{ended}");
}

#[test]
fn a_sample_is_read_and_the_rest_is_told() {
    let bed = Bed::new();
    for i in 0..200 {
        bed.write(format!("logs/{i}.txt"), ssns(i, 1));
    }
    let job = create(
        &bed,
        MONDAY,
        &[
            "--name",
            "n",
            "--bucket",
            "./logs",
            "--sampling",
            "20",
            "--schedule",
            "daily",
            "--initial-run",
        ],
    );
    let ran = at(&bed, MONDAY, &["job", "run", "n"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("not in the sample"), "{}", ran.stderr);
    let first = &history(&bed, &job)[0];
    let read = first["listed"]["objects"].as_u64().unwrap();
    let left = first["leftOut"]["SAMPLING"]["objects"].as_u64().unwrap();
    assert_eq!(read + left, 200);
    assert!((10..80).contains(&read), "{read}");
    // those that were not drawn are not drawn later
    at(&bed, "2024-05-07T15:00:00Z", &["job", "run", "n"]);
    let second = &history(&bed, &job)[1];
    assert_eq!(second["listed"]["objects"], 0);
    assert_eq!(second["leftOut"]["UNCHANGED"]["objects"], read);
    assert_eq!(second["leftOut"]["SAMPLING"]["objects"], left);
}

#[test]
fn identifiers_of_the_job_are_looked_for() {
    let bed = Bed::new();
    bed.write("logs/a.txt", "ssn: 536-90-4399 and employee EMP-123456\n");
    bed.write("allow.txt", "536-90-4399\n");
    let run = |arguments: &[&str]| bed.run(arguments);
    run(&["identifiers", "create", "Employee", "--regex", "EMP-\\d{6}"]);
    run(&[
        "allow-list",
        "create",
        "known",
        "--words",
        bed.work().join("allow.txt").to_str().unwrap(),
    ]);
    for (more, found) in [
        (
            &["--selector", "NONE", "--custom", "Employee"][..],
            json!(["Employee"]),
        ),
        (
            &["--identifiers", "USA_SOCIAL_SECURITY_NUMBER"][..],
            json!(["USA_SOCIAL_SECURITY_NUMBER"]),
        ),
        (
            &[
                "--selector",
                "EXCLUDE",
                "--identifiers",
                "USA_SOCIAL_SECURITY_NUMBER",
            ][..],
            json!([]),
        ),
        (
            &["--allow-list", "known", "--custom", "Employee"][..],
            json!(["Employee"]),
        ),
        (&[][..], json!(["USA_SOCIAL_SECURITY_NUMBER"])),
    ] {
        let mut all = vec!["job", "create", "--name", "n", "--bucket", "./logs"];
        all.extend(more);
        let created = run(&all);
        assert_eq!(created.status, Some(0), "{}", created.stderr);
        let ran = run(&["job", "run", created.stdout.trim(), "--format", "jsonl"]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let detectors: Vec<Value> = ran.lines().iter().map(|l| l["detector"].clone()).collect();
        assert_eq!(Value::from(detectors), found, "{more:?}");
    }
}

#[test]
fn a_signal_ends_all_that_is_due() {
    let bed = Bed::new();
    bed.busy_corpus(2000);
    // the one that waits longer is run first
    let later = "2024-05-06T16:00:00Z";
    let jobs = [("first", MONDAY), ("second", later)]
        .map(|(name, now)| create(&bed, now, &["--name", name, "--bucket", "./busy"]));
    let due = ["job", "run-due", "--threads", "1"];
    let child = command_at(&bed, later, &due).spawn().unwrap();
    until("the first runs", || history(&bed, &jobs[0]).len() == 1);
    signal(&child, libc::SIGTERM);
    let ran = end(child);
    assert_eq!(ran.status, Some(143), "{}", ran.stderr);
    assert_eq!(history(&bed, &jobs[1]).len(), 0);
    let ran = at(&bed, later, &["job", "run-due", "--quiet"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert_eq!(jobs.map(|job| status(&bed, &job)), ["COMPLETE", "COMPLETE"]);
}

#[test]
fn the_lock_of_another_machine_is_taken_over_once_it_is_old() {
    let bed = Bed::new();
    bed.busy_corpus(500);
    let job = create(&bed, MONDAY, &["--name", "n", "--bucket", "./busy"]);
    let run = ["job", "run", "n", "--quiet", "--threads", "1"];
    let child = command_at(&bed, MONDAY, &run).spawn().unwrap();
    until("it runs", || history(&bed, &job).len() == 1);
    signal(&child, libc::SIGTERM);
    end(child);
    // a machine that shares the folder, but not its file locks
    let owner = |heartbeat: &str| {
        rusqlite::Connection::open(bed.state().join("magpie.db"))
            .unwrap()
            .execute(
                "UPDATE jobs SET owner_pid = 42, owner_host = 'far', owner_boot = 'another',
                                 heartbeat_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ?1)
                 WHERE of_job IS NOT NULL",
                [heartbeat],
            )
            .unwrap();
    };
    owner("-5 seconds");
    let refused = at(&bed, MONDAY, &run);
    assert_eq!(refused.status, Some(7), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("process 42 on far"),
        "{}",
        refused.stderr
    );
    owner("-5 minutes");
    assert_eq!(at(&bed, MONDAY, &run).status, Some(0));
    assert_eq!(status(&bed, &job), "COMPLETE");
}
