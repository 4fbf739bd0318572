//! Promise P5 for created jobs: a process that is killed at any write, or at any moment, leaves
//! nothing lost and nothing doubled, over the runs of a scheduled job.
//!
//! Kills at every write point run the engine in a child process that ends itself there. Random kills
//! are of the real binary: 20, or as many as `MAGPIE_KILLS` says (`MAGPIE_KILLS=200` is the long form).

mod cli_support;
mod job_support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cli_support::Bed;
use job_support::{at, command_at, create, events, ssns};
use magpie::content::Limits;
use magpie::detect::{Catalogue, Include, Selection};
use magpie::event::{Event, EventContext};
use magpie::job::definition::Definition;
use magpie::job::{self, Documents, JobPlan, KeyFilter, Plan, Progress, Render, Stop};
use magpie::model::{AccountId, Clock, JobId, JobInfo, JobStatus, ObjectRecord};
use magpie::source::{SourceOptions, Sources, Target};
use magpie::store::{NewCreatedJob, OpenOptions, ResultFile, Store};

const FOLDER: &str = "MAGPIE_TEST_FOLDER";
const ABORT_AT: &str = "MAGPIE_TEST_ABORT_AT";
const DAYS: [&str; 2] = ["2024-05-06T15:00:00Z", "2024-05-07T15:00:00Z"];

struct Named;

impl Render for Named {
    fn render(
        &self,
        job: &JobInfo,
        record: &ObjectRecord,
        _: chrono::DateTime<chrono::Utc>,
    ) -> Documents {
        let run = job.run.as_ref().map_or(0, |r| r.number);
        let name = format!("{run}-{}", record.meta.key);
        Documents {
            finding: Some((name.clone(), format!("{{\"finding\":\"{name}\"}}"))),
            result: Some(ResultFile {
                name,
                body: b"x".to_vec(),
            }),
        }
    }
}

fn request(folder: &Path) -> String {
    serde_json::json!({
        "name": "crash", "jobType": "SCHEDULED", "initialRun": true,
        "scheduleFrequency": {"dailySchedule": {}},
        "s3JobDefinition": {"bucketDefinitions": [{"accountId": "111122223333",
            "buckets": [folder.join("a"), folder.join("b"), folder.join("absent")]}]}
    })
    .to_string()
}

fn plan(folder: &Path, job: &JobId, day: &str, catalogue: &Arc<Catalogue>) -> JobPlan {
    let results = Target::Path(folder.join("results"));
    JobPlan {
        plan: Plan {
            targets: Vec::new(),
            sources: Arc::new(Sources::new(SourceOptions::default())),
            allow: Arc::default(),
            filter: KeyFilter::new(&[], &[]).expect("no globs"),
            catalogue: Arc::clone(catalogue),
            limits: Limits::default(),
            threads: 1,
            reads_max: 1,
            job_name: "crash".to_owned(),
            account: AccountId::local(),
            own: Vec::new(),
            clock: Clock::starting_at(day.parse().expect("a time")),
            state_dir: folder.join("state"),
            results,
            results_kms_key: None,
            command: "{}".to_owned(),
            render: Arc::new(Named),
        },
        job: job.clone(),
        definition: Definition::from_json(&request(folder)).expect("a request"),
        accounts: job::accounts::Accounts::default(),
        accounts_then: Vec::new(),
        options: SourceOptions::default(),
        own_paths: Vec::new(),
    }
}

fn write(path: PathBuf, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("make folder");
    // one that is as it should be stays as it is, with its time
    if std::fs::read_to_string(&path).ok().as_deref() != Some(text) {
        std::fs::write(path, text).expect("write");
    }
}

/// A job and its two runs; goes on from wherever it was left.
fn scenario(folder: &Path, options: OpenOptions) {
    let store = options.open(&folder.join("state")).expect("open");
    // as every command that runs jobs begins
    store.mend_job_logs().expect("mend");
    let now = DAYS[0].parse().expect("a time");
    let new = NewCreatedJob {
        name: "crash".to_owned(),
        job_type: "SCHEDULED",
        status: JobStatus::Running,
        account: AccountId::local(),
        region: "us-east-1".to_owned(),
        client_token: "token".to_owned(),
        request: request(folder),
        accounts: Vec::new(),
        next_due_at: Some(now),
        now,
    };
    let (job, _) = store
        .create_job(&new, |job| {
            let context = EventContext {
                admin_account: job.account.clone(),
                job_id: job.id.clone(),
                job_name: job.name.clone(),
                run_date: job.created_at,
            };
            vec![Event::JobCreated.to_line(&context, now)]
        })
        .expect("create");
    let catalogue = Arc::new(
        Catalogue::builtin_with(&Selection {
            include: Include::Ids(vec!["USA_SOCIAL_SECURITY_NUMBER".to_owned()]),
            exclude: Vec::new(),
        })
        .expect("a catalogue"),
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("runtime");
    for (number, day) in (1..).zip(DAYS) {
        let known = store.reader().expect("reader").created_job(&job.id);
        let known = known.expect("read").expect("a job");
        if known.runs > number || (known.runs == number && !known.has_open_run) {
            continue;
        }
        write(folder.join("a/one.txt"), &ssns(number as u32, 3));
        write(folder.join("a/two.txt"), &ssns(9, 2));
        write(folder.join("b/three.txt"), &ssns(8, 1));
        if number == 2 {
            write(folder.join("b/four.txt"), &ssns(7, 1));
        }
        let plan = plan(folder, &job.id, day, &catalogue);
        let progress = Progress::default();
        let ended = job::run_job(&plan, &store, &runtime, &progress, &Stop::new()).expect("run");
        assert!(ended.complete().expect("complete"));
    }
}

/// Everything that must not depend on kills.
fn remains(folder: &Path) -> String {
    let state = folder.join("state");
    let database = rusqlite::Connection::open(state.join("magpie.db")).expect("open");
    let mut text = String::new();
    for sql in [
        "SELECT status FROM jobs ORDER BY job_no",
        "SELECT j.run || ' ' || o.target || ' ' || o.key || ' ' || o.status || ' ' || o.occurrences
         FROM objects AS o JOIN jobs AS j USING (job_no) ORDER BY 1",
        "SELECT document FROM findings ORDER BY 1",
        "SELECT json_extract(line, '$.eventType') FROM events ORDER BY job_no, seq",
        "SELECT k.key || ' ' || k.again || ' ' || j.run || ' ' || COALESCE(b.run, '-')
         FROM known_objects AS k JOIN jobs AS j ON j.job_no = k.run_no
         LEFT JOIN jobs AS b ON b.job_no = k.before_no ORDER BY 1",
        "SELECT account || ' ' || month || ' ' || bytes FROM usage ORDER BY 1",
        "SELECT j.run || ' ' || l.target || l.cause || l.objects
         FROM left_out AS l JOIN jobs AS j USING (job_no) ORDER BY 1",
        "SELECT 'waiting ' || COUNT(*) FROM results",
        "SELECT 'staged ' || COUNT(*) FROM staged",
        "SELECT runs || ' ' || next_due_at FROM created_jobs",
    ] {
        let mut statement = database.prepare(sql).expect(sql);
        let rows = statement.query_map([], |row| row.get::<_, String>(0));
        for row in rows.expect(sql) {
            text += &row.expect(sql);
            text.push('\n');
        }
    }
    let store = Store::open(&state).expect("open");
    let reader = store.reader().expect("reader");
    let job = &reader.created_jobs().expect("jobs")[0];
    let log = std::fs::read_to_string(store.job_log_path(&job.id)).expect("log");
    let lines = reader.events(&job.id, 0).expect("events");
    assert_eq!(
        log.lines().collect::<Vec<_>>(),
        lines,
        "the file equals the store"
    );
    let mut files: Vec<_> = std::fs::read_dir(folder.join("results"))
        .expect("results")
        .map(|f| f.expect("file").file_name().into_string().expect("name"))
        .collect();
    files.sort();
    text + &files.join("\n")
}

#[test]
fn killed_at_any_write_and_run_again_equals_the_straight_run() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        // the child
        let at: Option<u64> = std::env::var(ABORT_AT).ok().and_then(|n| n.parse().ok());
        let options = match at {
            None => OpenOptions::new(),
            Some(at) => OpenOptions::new().on_write_point(Arc::new(move |n, _| {
                if n == at {
                    std::process::abort();
                }
            })),
        };
        scenario(Path::new(&folder), options);
        return;
    }
    let child = |folder: &Path, at: Option<u64>| {
        let mut command = Command::new(std::env::current_exe().expect("this test"));
        command
            .args([
                "--exact",
                "killed_at_any_write_and_run_again_equals_the_straight_run",
            ])
            .env(FOLDER, folder)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        if let Some(at) = at {
            command.env(ABORT_AT, at.to_string());
        }
        command.status().expect("run").success()
    };
    let straight = tempfile::tempdir().expect("folder");
    assert!(child(straight.path(), None));
    let expected = remains(straight.path());
    assert!(expected.contains("BUCKET_DOES_NOT_EXIST"), "{expected}");
    let mut points = 0;
    for at in 1.. {
        let folder = tempfile::tempdir().expect("folder");
        if child(folder.path(), Some(at)) {
            break;
        }
        points = at;
        assert!(child(folder.path(), None), "killed at write {at}");
        assert_eq!(remains(folder.path()), expected, "killed at write {at}");
    }
    assert!(points > 30, "{points} write points");
}

/// Runs until the command ends by itself, killing it again and again.
fn killed(bed: &Bed, arguments: &[&str], patience: impl Fn(u64) -> Duration, kills: u64) -> u64 {
    let mut done = 0;
    while done < kills {
        let mut child = command_at(bed, DAYS[0], arguments).spawn().expect("spawn");
        let (start, patience) = (Instant::now(), patience(done));
        loop {
            if child.try_wait().expect("wait").is_some() {
                return done;
            }
            if start.elapsed() > patience {
                child.kill().expect("kill");
                child.wait().expect("wait");
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        done += 1;
    }
    done
}

#[test]
fn killed_at_random_moments_and_run_again_equals_the_straight_run() {
    let kills: u64 = std::env::var("MAGPIE_KILLS").map_or(20, |n| n.parse().expect("a number"));
    let bed = Bed::new();
    bed.busy_corpus(1500);
    let start = |name: &str| create(&bed, DAYS[0], &["--name", name, "--bucket", "./busy"]);
    let straight = start("straight");
    let began = Instant::now();
    let ran = at(&bed, DAYS[0], &["job", "run", &straight, "--quiet"]);
    let whole = began.elapsed();
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let rows = |job: &str| -> Vec<String> {
        let database = rusqlite::Connection::open(bed.state().join("magpie.db")).expect("open");
        let mut statement = database
            .prepare(
                "SELECT o.key || ' ' || o.status || ' ' || o.occurrences || ' ' || o.bytes_scanned
                 FROM objects AS o JOIN jobs AS r USING (job_no)
                 JOIN jobs AS j ON j.job_no = r.of_job WHERE j.job_id = ?1 ORDER BY 1",
            )
            .expect("prepare");
        statement
            .query_map([job], |row| row.get(0))
            .expect("query")
            .map(|row| row.expect("row"))
            .collect()
    };
    let expected = rows(&straight);
    assert_eq!(expected.len(), 1500);
    let mut total = 0;
    let mut round = 0;
    while total < kills {
        round += 1;
        assert!(round < 50 * kills, "the runs end before they can be killed");
        let job = start(&format!("killed-{round}"));
        let run = ["job", "run", &job, "--quiet"];
        let patience = |n: u64| whole.mul_f64(0.1 + ((n * 37 + round * 61) % 100) as f64 / 120.0);
        total += killed(&bed, &run, patience, 3.min(kills - total));
        // the last word has cron
        let due = at(&bed, DAYS[1], &["job", "run-due", "--quiet"]);
        assert_eq!(due.status, Some(0), "{}", due.stderr);
        assert_eq!(rows(&job), expected, "after {total} kills");
        assert_eq!(
            events(&bed, &job),
            ["JOB_CREATED", "ONE_TIME_JOB_STARTED", "JOB_COMPLETED"]
        );
    }
}

#[test]
fn a_state_folder_that_cannot_be_written_is_told() {
    if cli_support::is_root() {
        // permissions do not bind the superuser
        return;
    }
    use std::os::unix::fs::PermissionsExt;
    let bed = Bed::new();
    bed.write("logs/a.txt", ssns(1, 1));
    let job = create(&bed, DAYS[0], &["--name", "n", "--bucket", "./logs"]);
    let mode = |mode: u32| {
        for path in [bed.state(), bed.state().join("magpie.db")] {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("chmod");
        }
    };
    mode(0o500);
    let ran = at(&bed, DAYS[0], &["job", "run", &job]);
    mode(0o700);
    assert_eq!(ran.status, Some(6), "{}", ran.stderr);
    assert!(ran.stderr.contains("--state-dir"), "{}", ran.stderr);
    assert_eq!(at(&bed, DAYS[0], &["job", "run", &job]).status, Some(0));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_the_run_goes_on_when_there_is_room() {
    let bed = Bed::new();
    for i in 0..60 {
        bed.write(format!("logs/{i}.txt"), ssns(i, 3000));
    }
    let job = create(&bed, DAYS[0], &["--name", "n", "--bucket", "./logs"]);
    // a file may grow to 512 KiB only; a write beyond fails as on a full disk
    let script = "trap '' XFSZ; ulimit -f 512; exec \"$0\" \"$@\"";
    let mut command = bed.command_of("bash".as_ref());
    command.env("MAGPIE_NOW", DAYS[0]).args([
        "-c",
        script,
        env!("CARGO_BIN_EXE_magpie"),
        "job",
        "run",
        &job,
    ]);
    let ran: cli_support::Ran = command.output().expect("bash").into();
    assert_eq!(ran.status, Some(6), "{}", ran.stderr);
    assert!(ran.stderr.contains("magpie.db"), "{}", ran.stderr);
    let due = at(&bed, DAYS[1], &["job", "run-due", "--quiet"]);
    assert_eq!(due.status, Some(0), "{}", due.stderr);
    assert_eq!(job_support::history(&bed, &job)[0]["occurrences"], 180_000);
    assert_eq!(
        events(&bed, &job),
        ["JOB_CREATED", "ONE_TIME_JOB_STARTED", "JOB_COMPLETED"]
    );
}
