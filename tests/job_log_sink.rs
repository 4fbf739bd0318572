//! The job log in CloudWatch Logs, from the real binary to a service with faults: every event once
//! and in order, whatever the network or the process does; and no failure of it stops a scan.

mod cli_support;
mod job_support;
mod support;

use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cli_support::{Bed, Ran, end, until};
use support::logs::{Fault, GROUP, LogsServer, env};
use support::s3::{Fault as S3Fault, Op, Rule, S3Server, S3State};

/// A folder with something to find, and the arguments that scan it.
fn bed() -> Bed {
    let bed = Bed::new();
    bed.write("in/a.log", "user ssn=536-90-4399\n");
    bed
}

fn scan(bed: &Bed, url: &str) -> Command {
    let mut command = bed.command();
    command
        .args(["scan", "in", "--quiet", "--job-log", "cloudwatch"])
        .args(["--job-log-settle", "0.3"])
        .envs(env(url));
    command
}

fn send(bed: &Bed, url: &str) -> Ran {
    let mut command = bed.command();
    command
        .args(["logs", "--send", "--job-log-settle", "0.3"])
        .envs(env(url));
    command.output().unwrap().into()
}

/// A bucket whose one object comes so late that the log is sent in two batches.
fn slow() -> S3Server {
    let mut state = S3State::new();
    state.put("slow", "a.log", b"user ssn=536-90-4399\n");
    let server = S3Server::start(state);
    let late = S3Fault::Delay(Duration::from_secs(4));
    server.fault(Rule::on(Op::GetObject), late);
    server
}

fn scan_slow(bed: &Bed, bucket: &S3Server, url: &str) -> Command {
    let mut command = bed.command();
    command
        .args(["scan", "s3://slow", "--quiet", "--job-log", "cloudwatch"])
        .args(["--job-log-settle", "0.3"])
        .envs(env(url))
        .envs(bucket.env());
    command
}

/// The log file of each job, by job id.
fn files(bed: &Bed) -> Vec<(String, Vec<String>)> {
    let folder = bed.state().join("logs/aws/macie/classificationjobs");
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let job = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            (job, text.lines().map(str::to_owned).collect())
        })
        .collect();
    all.sort();
    all
}

/// Every stream holds exactly the lines of its job's file.
fn equal(bed: &Bed, logs: &LogsServer, group: &str) {
    let files = files(bed);
    let jobs: Vec<String> = files.iter().map(|(job, _)| job.clone()).collect();
    assert_eq!(logs.streams(group), jobs, "one stream a job");
    for (job, lines) in files {
        assert!(lines.len() >= 3, "{lines:?}");
        assert_eq!(logs.messages(group, &job), lines);
        let times: Vec<i64> = logs
            .events(group, &job)
            .iter()
            .map(|e| e.timestamp)
            .collect();
        assert!(times.is_sorted());
    }
}

fn ok(mut command: Command) -> Ran {
    let ran: Ran = command.output().unwrap().into();
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    ran
}

#[test]
fn the_stream_is_the_file_and_group_and_stream_are_made() {
    let (bed, logs) = (bed(), LogsServer::start());
    let ran = ok(scan(&bed, &logs.url()));
    assert_eq!(ran.stderr, "");
    equal(&bed, &logs, GROUP);
    let event: serde_json::Value = {
        let (job, lines) = &files(&bed)[0];
        let event = &logs.events(GROUP, job)[0];
        let line: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
        let time = line["occurredAt"].as_str().unwrap();
        let time: chrono::DateTime<chrono::Utc> = time.parse().unwrap();
        assert_eq!(event.timestamp, time.timestamp_millis());
        line
    };
    assert_eq!(event["eventType"], "JOB_CREATED");
    // a second job finds the group, and makes a stream of its own
    ok(scan(&bed, &logs.url()));
    equal(&bed, &logs, GROUP);
    assert_eq!(logs.count("CreateLogGroup"), 1);
    assert_eq!(logs.streams(GROUP).len(), 2);
    assert_eq!(logs.count("GetLogEvents"), 0, "nothing was in doubt");
}

#[test]
fn without_the_option_nothing_is_sent() {
    let (bed, logs) = (bed(), LogsServer::start());
    let mut command = bed.command();
    command.args(["scan", "in", "--quiet"]).envs(logs.env());
    ok(command);
    assert!(logs.state().calls.is_empty());
    assert_eq!(send(&bed, &logs.url()).stdout, "nothing waits to be sent\n");
    assert!(logs.state().calls.is_empty());
}

#[test]
fn a_group_of_ones_own_may_be_there_already() {
    let (bed, logs) = (bed(), LogsServer::start());
    logs.state()
        .groups
        .insert("team/jobs".into(), Default::default());
    let mut command = scan(&bed, &logs.url());
    command.args(["--job-log-group", "team/jobs"]);
    ok(command);
    equal(&bed, &logs, "team/jobs");
    assert_eq!(logs.count("CreateLogGroup"), 0);
}

#[test]
fn another_process_may_make_group_and_stream_first() {
    let (bed, logs) = (bed(), LogsServer::start());
    // both are made, and the answers say that they were there
    let exists = "ResourceAlreadyExistsException";
    logs.fault("CreateLogGroup", 0, Fault::ErrorAfter(400, exists));
    logs.fault("CreateLogStream", 1, Fault::ErrorAfter(400, exists));
    let ran = ok(scan(&bed, &logs.url()));
    assert_eq!(ran.stderr, "");
    equal(&bed, &logs, GROUP);
}

#[test]
fn no_fault_of_one_call_loses_or_doubles_an_event() {
    let faults = [
        Fault::CutBefore,
        Fault::CutAfter,
        Fault::Error(400, "ThrottlingException"),
        Fault::Error(503, "ServiceUnavailableException"),
        Fault::ErrorAfter(503, "ServiceUnavailableException"),
        Fault::ErrorAfter(400, "DataAlreadyAcceptedException"),
    ];
    for (number, fault) in faults.iter().enumerate() {
        let (bed, logs) = (bed(), LogsServer::start());
        logs.fault("PutLogEvents", 0, fault.clone());
        let ran = ok(scan(&bed, &logs.url()));
        assert_eq!(ran.stderr, "", "fault {number} of the first batch");
        equal(&bed, &logs, GROUP);
    }
    let bucket = slow();
    std::thread::scope(|threads| {
        for (number, fault) in faults.iter().enumerate() {
            let bucket = &bucket;
            threads.spawn(move || {
                let (bed, logs) = (Bed::new(), LogsServer::start());
                // the batch before is on a page of its own
                logs.state().page = Some(1);
                logs.fault("PutLogEvents", 1, fault.clone());
                let ran = ok(scan_slow(&bed, bucket, &logs.url()));
                assert_eq!(ran.stderr, "", "fault {number} of the second batch");
                assert!(logs.count("PutLogEvents") >= 2);
                equal(&bed, &logs, GROUP);
            });
        }
    });
}

#[test]
fn a_batch_that_shows_late_is_not_sent_again() {
    let (bed, logs) = (bed(), LogsServer::start());
    logs.state().hidden = 2;
    logs.fault("PutLogEvents", 0, Fault::CutAfter);
    let ran = ok(scan(&bed, &logs.url()));
    assert_eq!(ran.stderr, "");
    assert!(logs.count("GetLogEvents") >= 3);
    equal(&bed, &logs, GROUP);
}

#[test]
fn a_group_that_someone_deletes_is_made_again() {
    let (bed, logs, bucket) = (Bed::new(), LogsServer::start(), slow());
    let child = scan_slow(&bed, &bucket, &logs.url()).spawn().unwrap();
    until("the first batch", || logs.count("PutLogEvents") == 1);
    until("its end", || logs.state().batches.len() == 1);
    logs.state().groups.clear();
    let ran = end(child);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    let (job, lines) = files(&bed).remove(0);
    assert_eq!(logs.messages(GROUP, &job), lines[2..]);
    assert_eq!(logs.count("CreateLogGroup"), 2);
}

#[test]
fn an_outage_is_told_and_the_next_run_or_command_sends_what_waits() {
    let (bed, logs) = (bed(), LogsServer::start());
    // nothing listens there
    let closed = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let ran = ok(scan(&bed, &closed));
    assert!(ran.stderr.contains("3 events are not in"), "{}", ran.stderr);
    assert!(ran.stderr.contains("magpie logs --send"), "{}", ran.stderr);
    let (job, lines) = files(&bed).remove(0);
    assert_eq!(lines.len(), 3, "the file has them all the same");

    // the command knows where they were to go
    let failed = send(&bed, "http://127.0.0.1:1");
    assert_eq!(failed.status, Some(5), "{}", failed.stderr);
    let mut command = bed.command();
    command
        .args(["logs", &job[..8], "--send", "--job-log-settle", "0.1"])
        .args(["--endpoint-url", &logs.url()])
        .envs(env("http://127.0.0.1:1"));
    let sent = ok(command);
    assert!(sent.stdout.contains("sent 3 events"), "{}", sent.stdout);
    equal(&bed, &logs, GROUP);
    assert_eq!(send(&bed, &logs.url()).stdout, "nothing waits to be sent\n");
}

#[test]
fn the_next_run_sends_what_an_earlier_one_could_not() {
    let (bed, logs) = (bed(), LogsServer::start());
    for call in 0..12 {
        logs.fault("CreateLogStream", call, Fault::CutBefore);
    }
    let ran = ok(scan(&bed, &logs.url()));
    assert!(
        ran.stderr.contains("CreateLogStream unavailable"),
        "{}",
        ran.stderr
    );
    while logs.count("CreateLogStream") < 12 {
        ok(scan(&bed, &logs.url()));
    }
    let ran = ok(scan(&bed, &logs.url()));
    assert_eq!(ran.stderr, "");
    assert!(logs.streams(GROUP).len() >= 2);
    equal(&bed, &logs, GROUP);
}

#[test]
fn missing_permissions_are_named_and_cost_the_scan_nothing() {
    for (call, permission) in [
        ("CreateLogStream", "logs:CreateLogStream"),
        ("CreateLogGroup", "logs:CreateLogGroup"),
        ("PutLogEvents", "logs:PutLogEvents"),
    ] {
        let (bed, logs) = (bed(), LogsServer::start());
        for at in 0..9 {
            logs.fault(call, at, Fault::Error(400, "AccessDeniedException"));
        }
        let ran = ok(scan(&bed, &logs.url()));
        assert!(ran.stderr.contains(permission), "{}", ran.stderr);
        assert_eq!(send(&bed, &logs.url()).status, Some(4));
        logs.state().calls = vec![call.to_owned(); 9];
        assert_eq!(send(&bed, &logs.url()).status, Some(0));
        equal(&bed, &logs, GROUP);
    }
}

#[test]
fn doubt_that_cannot_be_settled_sends_nothing() {
    let (bed, logs) = (bed(), LogsServer::start());
    logs.fault("PutLogEvents", 0, Fault::CutAfter);
    for at in 0..2 {
        logs.fault(
            "GetLogEvents",
            at,
            Fault::Error(400, "AccessDeniedException"),
        );
    }
    let ran = ok(scan(&bed, &logs.url()));
    assert!(
        ran.stderr.contains("needs logs:GetLogEvents"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        logs.count("PutLogEvents"),
        1,
        "what may be there is not sent again"
    );
    logs.state()
        .calls
        .extend(vec!["GetLogEvents".to_owned(); 2]);
    assert_eq!(send(&bed, &logs.url()).status, Some(0));
    equal(&bed, &logs, GROUP);
}

/// The process is killed when a batch is on its way: before the service took it, or after.
#[test]
fn a_killed_process_loses_and_doubles_nothing() {
    for (taken, at) in [(false, 0), (true, 0), (false, 1), (true, 1)] {
        let (bed, logs, bucket) = (bed(), LogsServer::start(), slow());
        let victim: Arc<Mutex<Option<i32>>> = Arc::default();
        let then: Arc<dyn Fn() + Send + Sync> = Arc::new({
            let victim = victim.clone();
            move || {
                let pid = victim.lock().unwrap().expect("the child was started");
                // SAFETY: kill takes two numbers and touches no memory; the child is not waited for
                // yet, so its number belongs to no other process.
                assert_eq!(unsafe { libc::kill(pid, libc::SIGKILL) }, 0);
            }
        });
        let fault = if taken {
            Fault::DoAfter(then)
        } else {
            Fault::DoBefore(then)
        };
        logs.fault("PutLogEvents", at, fault);
        let child = {
            let mut held = victim.lock().unwrap();
            let mut command = scan_slow(&bed, &bucket, &logs.url());
            let child = command.stdin(Stdio::null()).spawn().unwrap();
            *held = Some(i32::try_from(child.id()).unwrap());
            child
        };
        let killed: Ran = child.wait_with_output().unwrap().into();
        assert_eq!(killed.status, None, "it was killed: {}", killed.stderr);
        let ran = ok(scan_slow(&bed, &bucket, &logs.url()));
        assert_eq!(ran.stderr, "", "taken {taken} at {at}");
        equal(&bed, &logs, GROUP);
    }
}

#[test]
fn what_is_older_than_the_group_keeps_is_told() {
    let (bed, logs) = (bed(), LogsServer::start());
    logs.state().retention_hours = Some(-1);
    let ran = ok(scan(&bed, &logs.url()));
    assert!(ran.stderr.contains("refused"), "{}", ran.stderr);
    assert_eq!(send(&bed, &logs.url()).stdout, "nothing waits to be sent\n");
}

#[test]
fn settings_that_make_no_sense_are_told_before_the_scan() {
    let bed = bed();
    let run = |arguments: &[&str], region: bool| {
        let mut command = scan(&bed, "http://127.0.0.1:1");
        if !region {
            command.env_remove("AWS_REGION");
        }
        let ran: Ran = command.args(arguments).output().unwrap().into();
        assert_eq!(ran.status, Some(2), "{}", ran.stderr);
        assert!(bed.events().is_empty(), "no job was begun");
        ran.stderr
    };
    let told = run(&["--job-log-group", "a b"], true);
    assert!(told.contains("letters, digits and _ - / . #"), "{told}");
    let told = run(&[], false);
    assert!(told.contains("give --region"), "{told}");
}

/// All runs of a job go into one stream, and so does what is done to it from elsewhere.
#[test]
fn jobs_are_sent_over_all_their_runs() {
    let (bed, logs) = (Bed::new(), LogsServer::start());
    bed.write("logs/a.txt", "user ssn=536-90-4399\n");
    let monday = "2024-05-06T12:00:00Z";
    let daily = [
        "--name",
        "n",
        "--bucket",
        "./logs",
        "--schedule",
        "daily",
        "--initial-run",
    ];
    let job = job_support::create(&bed, monday, &daily);
    let run = |now: &str, arguments: &[&str]| {
        let mut command = job_support::command_at(&bed, now, arguments);
        command.envs(logs.env());
        ok(command)
    };
    let sent = [
        "--quiet",
        "--job-log",
        "cloudwatch",
        "--job-log-settle",
        "0.3",
    ];
    run(monday, &[&["job", "run", "n"], &sent[..]].concat());
    let file = || job_support::log(&bed, &job);
    assert_eq!(logs.messages(GROUP, &job), file());
    let first = file().len();
    assert_eq!(first, 3, "{:?}", file());
    // these wait for the next run
    run("2024-05-06T13:00:00Z", &["job", "pause", "n"]);
    run("2024-05-06T14:00:00Z", &["job", "resume", "n"]);
    assert_eq!(logs.messages(GROUP, &job).len(), first);
    bed.write("logs/b.txt", "user ssn=536-90-4398\n");
    logs.fault("PutLogEvents", logs.count("PutLogEvents"), Fault::CutAfter);
    let ran = run(
        "2024-05-08T12:00:00Z",
        &[&["job", "run-due"], &sent[..]].concat(),
    );
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    assert_eq!(file().len(), first + 4, "{:?}", file());
    assert_eq!(logs.messages(GROUP, &job), file());
    assert_eq!(logs.streams(GROUP), [job]);
}
