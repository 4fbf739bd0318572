//! A disk that takes no more bytes: a clear error, nothing corrupted, and the job goes on later.

#![cfg(target_os = "linux")]

mod store_support;

use std::path::Path;
use std::process::Command;

use magpie::model::{JobStatus, Occurrence, Tally};
use magpie::store::{Commit, ObjectWrite, Store, StoreError};
use store_support::{SSN, catalogue, container, in_line, job_id, meta, new_job, now, pack, record};

const FOLDER: &str = "MAGPIE_TEST_FULL_FOLDER";
const OBJECTS: u64 = 60;

/// Records objects until done or refused; what is recorded already is not recorded again.
fn scan(folder: &Path) -> Result<(), StoreError> {
    let store = Store::open(folder)?;
    let mut run = store.begin(new_job(&["s3://b"]), |_| Vec::new())?;
    let reader = store.reader()?;
    for i in 0..OBJECTS {
        let key = format!("{i:03}");
        let listed = vec![(
            0,
            Tally {
                objects: i + 1,
                bytes: i + 1,
            },
            None,
        )];
        if reader.is_recorded(&job_id(), 0, &key)?.is_some() {
            run.commit(Commit {
                seen: vec![(0, key)],
                listed,
                ..Commit::default()
            })?;
            continue;
        }
        let found: Vec<Occurrence> = (0..2_000)
            .map(|n| Occurrence {
                fingerprint: (i * 7919 + n).wrapping_mul(0x9e37_79b9_7f4a_7c15),
                ..in_line(SSN, &container(&[]), n)
            })
            .collect();
        let object = ObjectWrite {
            ticket: run.tickets().next(),
            chunks: pack(&found, &catalogue()),
            record: record(0, meta(&key, 1), &found),
            finding: Some((key.clone(), "{}".to_owned())),
            result: None,
            recorded_at: now(),
        };
        run.commit(Commit {
            objects: vec![object],
            listed,
            ..Commit::default()
        })?;
    }
    run.finish(JobStatus::Complete, now(), &[])
}

/// The child of the test below; does nothing when run as an ordinary test.
#[test]
fn child() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    if let Err(error) = scan(Path::new(&folder)) {
        println!("refused: {error}");
        return;
    }
    println!("went through");
}

#[test]
fn a_run_that_met_a_full_disk_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().expect("folder");
    let program = std::env::current_exe().expect("this program");
    // a file may grow to 1 MiB only, which the schema does not need by far; a write beyond fails as on
    // a full disk
    let script = "trap '' XFSZ; ulimit -f 1024; exec \"$0\" --exact child --nocapture";
    let output = Command::new("bash")
        .args(["-c", script])
        .arg(&program)
        .env(FOLDER, folder.path())
        .output()
        .expect("bash");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("refused: "), "{text}");
    assert!(
        text.contains("magpie.db"),
        "the message names the file: {text}"
    );

    let reader = Store::open(folder.path())
        .expect("open")
        .reader()
        .expect("reader");
    let before = reader.coverage(&job_id()).expect("coverage");
    assert!(
        before.complete.objects > 0 && before.complete.objects < OBJECTS,
        "{before:?}"
    );
    drop(reader);
    scan(folder.path()).expect("goes on");

    let straight = tempfile::tempdir().expect("folder");
    scan(straight.path()).expect("straight");
    let render = |folder: &Path| store_support::render(folder, &job_id());
    assert!(
        render(folder.path()) == render(straight.path()),
        "differs from a straight run"
    );
}
