//! Promise P5: a process that is killed at any write leaves nothing lost and nothing doubled.
//!
//! The scenario runs in a child process that ends itself, without unwinding, at the n-th write
//! point; then the same scenario runs again to its end. Whatever n is, what is recorded equals an
//! uninterrupted run, in the store, in the job log file and in the discovery results.

mod store_support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use magpie::model::{
    EventLine, JobId, JobStatus, ObjectOutcome, Occurrence, Reason, RecordBuilder, Status, Tally,
};
use magpie::store::{Commit, JobRun, ObjectWrite, OpenOptions, ResultFile, Store, StoreError};
use store_support::{
    CARD, NAME, SSN, catalogue, container, in_line, job_id, member, meta, new_job, now, outcome,
    pack, render,
};

const FOLDER: &str = "MAGPIE_TEST_FOLDER";
const ABORT_AT: &str = "MAGPIE_TEST_ABORT_AT";

fn event(once: &str) -> EventLine {
    EventLine {
        once: once.to_owned(),
        line: format!("{{\"eventType\":\"{once}\"}}"),
    }
}

/// The objects of the scenario: key, stored size, occurrences; none means a skipped object.
fn objects() -> Vec<(&'static str, u64, Option<Vec<Occurrence>>)> {
    let none = container(&[]);
    let inner = container(&["inner/dir.zip", "a.csv"]);
    vec![
        (
            "a.txt",
            100,
            Some(vec![in_line(SSN, &none, 1), in_line(NAME, &none, 3)]),
        ),
        ("b.bin", 7, None),
        // several chunks, some of them committed long before the object is finished
        (
            "big.log",
            1 << 20,
            Some((0..9_000).map(|i| in_line(SSN, &none, i)).collect()),
        ),
        (
            "c.zip",
            300,
            Some((0..5).map(|i| in_line(CARD, &inner, i)).collect()),
        ),
        ("d.txt", 5, Some(Vec::new())),
    ]
}

fn write_of(run: &JobRun, key: &str, size: u64, occurrences: Option<&[Occurrence]>) -> ObjectWrite {
    let mut builder = RecordBuilder::new();
    let record = match occurrences {
        None => builder.finish(
            0,
            meta(key, size),
            ObjectOutcome::skipped(Reason::UnsupportedFileTypeException, Some("bin".to_owned())),
        ),
        Some(occurrences) => {
            for occurrence in occurrences {
                builder.push(occurrence);
            }
            if let Some(first) = occurrences.first() {
                builder.member_end(&member(
                    &first.container,
                    Status::Partial,
                    Some(Reason::MalformedFile),
                ));
            }
            builder.finish(0, meta(key, size), outcome("text/plain", size))
        }
    };
    let found = record.occurrences() > 0;
    ObjectWrite {
        ticket: run.tickets().next(),
        record,
        chunks: Vec::new(),
        finding: found.then(|| (format!("id-{key}"), format!("{{\"key\":\"{key}\"}}"))),
        result: Some(ResultFile {
            name: format!("{key}.jsonl.gz"),
            body: key.as_bytes().to_vec(),
        }),
        recorded_at: now(),
    }
}

fn scenario(folder: &Path, options: OpenOptions, id: JobId) {
    let store = options.open(folder).expect("open");
    let mut new = new_job(&["s3://amzn-s3-demo-bucket"]);
    new.id = Some(id);
    let mut run = store
        .begin(new, |_| {
            vec![event("JOB_CREATED"), event("ONE_TIME_JOB_STARTED")]
        })
        .expect("begin");
    let id = run.job().id.clone();
    let reader = store.reader().expect("reader");
    let mut tally = Tally::default();
    for (key, size, occurrences) in objects() {
        tally.add(size);
        let listed = vec![(0, tally, None)];
        let recorded = reader.is_recorded(&id, 0, key).expect("look up");
        assert!(run.is_resumed() || recorded.is_none());
        if recorded.is_some_and(|r| r.etag == meta(key, size).etag && r.size == Some(size)) {
            run.commit(Commit {
                seen: vec![(0, key.to_owned())],
                listed,
                ..Commit::default()
            })
            .expect("seen");
            continue;
        }
        let mut write = write_of(&run, key, size, occurrences.as_deref());
        let mut chunks = pack(occurrences.as_deref().unwrap_or(&[]), &catalogue());
        write.chunks = chunks.split_off(chunks.len().saturating_sub(1));
        for chunk in chunks {
            let staged = vec![(write.ticket, vec![chunk])];
            run.commit(Commit {
                staged,
                ..Commit::default()
            })
            .expect("stage");
        }
        let events = match key {
            "b.bin" => vec![event("BUCKET_ACCESS_DENIED/x"), event("JOB_CREATED")],
            _ => Vec::new(),
        };
        run.commit(Commit {
            objects: vec![write],
            listed,
            events,
            ..Commit::default()
        })
        .expect("record");
    }
    let results = folder.join("results");
    std::fs::create_dir_all(&results).expect("folder");
    while let Some(result) = reader.pending_results(&id, -1, 1).expect("results").pop() {
        std::fs::write(results.join(&result.name), &result.body).expect("result");
        run.commit(Commit {
            results_written: vec![result.object_no],
            ..Commit::default()
        })
        .expect("written");
    }
    run.finish(JobStatus::Complete, now(), &[event("JOB_COMPLETED")])
        .expect("finish");
}

/// The child of `killed_anywhere`; does nothing when run as an ordinary test.
#[test]
fn child() {
    let (Ok(folder), Ok(at)) = (std::env::var(FOLDER), std::env::var(ABORT_AT)) else {
        return;
    };
    let at: u64 = at.parse().expect("a number");
    let options = OpenOptions::new().on_write_point(Arc::new(move |n, _| {
        if n == at {
            std::process::abort();
        }
    }));
    scenario(Path::new(&folder), options, job_id());
}

fn results_text(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files: Vec<(PathBuf, String)> = std::fs::read_dir(folder.join("results"))
        .expect("results")
        .map(|entry| {
            let path = entry.expect("entry").path();
            let text = std::fs::read_to_string(&path).expect("result");
            (path.strip_prefix(folder).expect("below").to_owned(), text)
        })
        .collect();
    files.sort();
    files
}

#[test]
fn killed_anywhere_then_run_again_equals_a_straight_run() {
    let straight = tempfile::tempdir().expect("folder");
    let points = Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = points.clone();
    let options = OpenOptions::new().on_write_point(Arc::new(move |_, name| {
        seen.lock().expect("lock").push(name)
    }));
    scenario(straight.path(), options, job_id());
    let want = render(straight.path(), &job_id());
    let want_results = results_text(straight.path());
    assert!(want.contains("Complete"), "{want}");
    assert_eq!(want_results.len(), objects().len());
    let points = points.lock().expect("lock").clone();
    assert!(points.len() > 40, "only {} write points", points.len());

    let program = std::env::current_exe().expect("this program");
    for (at, name) in points.iter().enumerate().map(|(i, name)| (i + 1, name)) {
        let folder = tempfile::tempdir().expect("folder");
        let status = Command::new(&program)
            .args(["--exact", "child", "--nocapture"])
            .env(FOLDER, folder.path())
            .env(ABORT_AT, at.to_string())
            .output()
            .expect("child");
        assert!(
            !status.status.success(),
            "child was to end at {at} ({name})"
        );

        // the same command again; a job that was complete already is not taken up
        let complete = Store::open(folder.path())
            .expect("open")
            .reader()
            .expect("reader")
            .job(&job_id())
            .is_ok_and(|job| job.status == JobStatus::Complete);
        let second = JobId::parse(&"b6".repeat(16)).expect("an id");
        let id = if complete { second.clone() } else { job_id() };
        scenario(folder.path(), OpenOptions::new(), id.clone());
        assert_eq!(
            render(folder.path(), &job_id()),
            want,
            "killed at {at} ({name})"
        );
        if complete {
            assert_eq!(
                render(folder.path(), &second),
                want,
                "killed at {at} ({name})"
            );
        }
        assert_eq!(
            results_text(folder.path()),
            want_results,
            "killed at {at} ({name})"
        );
    }
}

/// The other child: holds the job and waits to be killed.
#[test]
fn holder() {
    let Ok(folder) = std::env::var("MAGPIE_TEST_HOLD") else {
        return;
    };
    let store = Store::open(Path::new(&folder)).expect("open");
    let _run = store
        .begin(new_job(&["s3://b"]), |_| Vec::new())
        .expect("begin");
    println!("held");
    std::thread::sleep(std::time::Duration::from_secs(60));
}

#[test]
fn a_killed_holder_is_followed_at_once_and_a_living_one_is_not() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().expect("folder");
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "holder", "--nocapture"])
        .env("MAGPIE_TEST_HOLD", folder.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("child");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    assert!(lines.any(|line| line.expect("line").contains("held")));
    let store = Store::open(folder.path()).expect("open");
    let error = store
        .begin(new_job(&["s3://b"]), |_| Vec::new())
        .expect_err("locked");
    match error {
        StoreError::Locked { pid, .. } => assert_eq!(pid, child.id()),
        other => panic!("{other}"),
    }
    child.kill().expect("kill");
    child.wait().expect("wait");
    let run = store
        .begin(new_job(&["s3://b"]), |_| Vec::new())
        .expect("begin");
    assert!(run.is_resumed());
}
