//! Opening state folders: permissions, versions, folders that do not serve, and privacy.

mod store_support;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use magpie::model::{
    CustomIdentifier, Definition, MaskStyle, RegexDefinition, Secret, Severity, mask::mask,
};
use magpie::store::{Commit, ObjectWrite, Store, StoreError};
use magpie::wire::{
    FindingContext, ObjectRef, OccurrenceWriter, ResultWriter, write_finding, write_results,
};
use store_support::{SSN, catalogue, container, in_line, job_id, meta, new_job, now, pack, record};

/// The schema version of this magpie.
const KNOWN: i64 = 5;
/// What each version added, from the first on.
const SCHEMAS: [&str; KNOWN as usize] = [
    include_str!("../src/store/schema.sql"),
    include_str!("../src/store/schema_allow_lists.sql"),
    include_str!("../src/store/schema_custom_identifiers.sql"),
    include_str!("../src/store/schema_log_streams.sql"),
    include_str!("../src/store/schema_jobs.sql"),
];

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path)
        .expect("metadata")
        .permissions()
        .mode()
        & 0o777
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        match path.is_dir() {
            true => all.extend(files(&path)),
            false => all.push(path),
        }
    }
    all
}

#[test]
fn the_store_is_the_owners_alone_and_its_key_stays() {
    let parent = tempfile::tempdir().expect("folder");
    let folder = parent.path().join("deep/state");
    let store = Store::open(&folder).expect("open");
    assert_eq!(mode(&folder), 0o700);
    let run = store.begin(new_job(&[]), |_| Vec::new()).expect("begin");
    let all = files(&folder);
    assert!(all.len() >= 3, "{all:?}");
    for file in all {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    drop(run);
    let key = store.fingerprint_key();
    assert_ne!(key, [0; 16]);
    drop(store);
    let store = Store::open(&folder).expect("open again");
    assert_eq!(store.fingerprint_key(), key);
    let other = Store::open(&parent.path().join("other")).expect("open other");
    assert_ne!(other.fingerprint_key(), key);
    assert!(!format!("{:?}", other.reader()).contains("key"));
    assert!(
        !files(&folder)
            .iter()
            .any(|f| f.extension().is_some_and(|e| e == "lock"))
    );
}

fn version(file: &rusqlite::Connection) -> i64 {
    file.query_row("PRAGMA user_version", [], |row| row.get(0))
        .expect("pragma")
}

/// A store of the first schema, with a job, is taken over with all that is in it.
#[test]
fn custom_identifiers_are_kept_in_an_old_store_too() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("magpie.db");
    let file = rusqlite::Connection::open(&path).expect("open");
    file.execute_batch(include_str!("../src/store/schema.sql"))
        .expect("schema");
    file.execute_batch(
        "PRAGMA application_id = 0x6d677069; PRAGMA user_version = 1;
         INSERT INTO jobs (job_no, job_id, name, job_type, status, command_key, spec, catalogue,
                           created_at, run_date, updated_at, attempt, log_synced)
         VALUES (1, '0123456789abcdef0123456789abcdef', 'old', 'ONE_TIME', 'RUNNING', 'k', '{}', 'c',
                 '2024-05-01T12:00:00Z', '2024-05-01T12:00:00Z', '2024-05-01T12:00:00Z', 1, 1);",
    )
    .expect("an old job");
    drop(file);
    let store = Store::open(folder.path()).expect("open");
    let reader = store.reader().expect("reader");
    assert_eq!(reader.jobs().expect("jobs")[0].name, "old");
    assert_eq!(reader.identifiers().expect("none yet"), []);
    let new = CustomIdentifier {
        id: "0e8eb8a1-1a3a-49ad-992f-0ab825a5aa71".to_owned(),
        name: "Employee id".to_owned(),
        description: "of the company".to_owned(),
        definition: Definition::Regex(RegexDefinition {
            keywords: vec!["employee".to_owned()],
            ignore_words: vec!["EMP-0".to_owned()],
            severity_levels: vec![(Severity::Low, 1), (Severity::High, 9)],
            ..RegexDefinition::new("EMP-\\d+")
        }),
        tags: [("a".to_owned(), "b".to_owned())].into(),
        created_at: now(),
        deleted_at: None,
    };
    store.create_identifier(&new).expect("create");
    let file_form = CustomIdentifier {
        id: "1e8eb8a1-1a3a-49ad-992f-0ab825a5aa71".to_owned(),
        definition: Definition::File("id = 'X'".to_owned()),
        ..new.clone()
    };
    store.create_identifier(&file_form).expect("create");
    assert!(
        store.create_identifier(&new).is_err(),
        "an id is given once"
    );
    assert_eq!(reader.identifiers().expect("two"), [new.clone(), file_form]);
    assert!(store.delete_identifier(&new.id, now()).expect("delete"));
    assert!(!store.delete_identifier(&new.id, now()).expect("again"));
    assert!(!store.delete_identifier("nope", now()).expect("none"));
    assert_eq!(
        reader.identifiers().expect("two")[0].deleted_at,
        Some(now())
    );
    // and once more, by a store that is up to date
    drop((reader, store));
    let store = Store::open(folder.path()).expect("open again");
    assert_eq!(
        store
            .reader()
            .expect("reader")
            .identifiers()
            .expect("two")
            .len(),
        2
    );
    let file = rusqlite::Connection::open(&path).expect("open");
    assert!(version(&file) > 1);
}

#[test]
fn a_store_of_a_later_magpie_is_left_alone() {
    let folder = tempfile::tempdir().expect("folder");
    drop(Store::open(folder.path()).expect("open"));
    let path = folder.path().join("magpie.db");
    let file = rusqlite::Connection::open(&path).expect("open");
    file.pragma_update(None, "user_version", 99)
        .expect("pragma");
    drop(file);
    let error = Store::open(folder.path()).expect_err("newer");
    assert_eq!(
        error.to_string(),
        format!(
            "open store {}: schema version 99 is newer than {KNOWN}; use a newer magpie or \
             another --state-dir",
            path.display()
        )
    );
}

/// Stores of earlier magpies, each made by the schema of its time, with a job in it.
#[test]
fn a_store_of_an_earlier_magpie_is_brought_up_to_date() {
    for version in 1..=SCHEMAS.len() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("magpie.db");
        let file = rusqlite::Connection::open(&path).expect("open");
        for schema in &SCHEMAS[..version] {
            file.execute_batch(schema).expect("schema");
        }
        file.execute_batch(&format!(
            "PRAGMA application_id = {}; PRAGMA user_version = {version};
             INSERT INTO settings VALUES ('fingerprint_key', x'00112233445566778899aabbccddeeff');
             INSERT INTO jobs (job_id, name, job_type, status, command_key, spec, catalogue,
               created_at, run_date, updated_at, attempt, log_synced)
             VALUES ('{}', 'old', 'ONE_TIME', 'COMPLETE', 'c', '{{}}', 'c',
               '2024-05-02T00:00:00.000000Z', '2024-05-02T00:00:00.000000Z',
               '2024-05-02T00:00:00.000000Z', 1, 1);",
            0x6d67_7069,
            job_id()
        ))
        .expect("rows");
        drop(file);
        let store = Store::open(folder.path()).expect("open");
        assert_eq!(store.fingerprint_key()[..2], [0, 0x11]);
        let reader = store.reader().expect("reader");
        assert_eq!(reader.jobs().expect("jobs")[0].name, "old");
        assert!(reader.allowed_totals(&job_id()).expect("totals").is_empty());
        assert!(reader.allow_lists().expect("lists").is_empty());
        let list = store
            .create_allow_list(magpie::store::NewAllowList {
                name: "n".to_owned(),
                description: None,
                criteria: magpie::model::allow::AllowCriteria::Regex {
                    regex: "x".to_owned(),
                },
                tags: std::collections::BTreeMap::new(),
                now: now(),
            })
            .expect("create");
        assert_eq!(reader.allow_list("n").expect("list"), Some(list.clone()));
        assert_eq!(reader.allow_list(&list.id).expect("list"), Some(list));
        let version: i64 = rusqlite::Connection::open(&path)
            .and_then(|c| c.query_row("PRAGMA user_version", [], |row| row.get(0)))
            .expect("version");
        assert_eq!(version, KNOWN);
    }
}

#[test]
fn files_that_are_no_store_are_left_alone() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("magpie.db");
    let text = "this is no database, but someone's notes, long enough to be looked at ".repeat(9);
    std::fs::write(&path, &text).expect("write");
    let error = Store::open(folder.path()).expect_err("no database");
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert_eq!(std::fs::read_to_string(&path).expect("read"), text);

    let folder = tempfile::tempdir().expect("folder");
    let file = rusqlite::Connection::open(folder.path().join("magpie.db")).expect("open");
    file.execute_batch("CREATE TABLE notes (text)")
        .expect("create");
    drop(file);
    let error = Store::open(folder.path()).expect_err("foreign");
    assert!(error.to_string().contains("another program"), "{error}");
}

#[test]
fn a_folder_that_cannot_be_made_says_so() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("write");
    let error = Store::open(&file.join("state")).expect_err("below a file");
    assert!(matches!(error, StoreError::Folder { .. }), "{error}");
    assert!(error.to_string().contains("--state-dir"), "{error}");
    // permissions do not bind the superuser, a file system without folders binds everyone
    let error = Store::open(Path::new("/proc/magpie")).expect_err("in /proc");
    assert!(matches!(error, StoreError::Folder { .. }), "{error}");
}

#[test]
fn the_schema_explains_every_column() {
    let mut columns = 0;
    let mut inside = false;
    for line in SCHEMAS.iter().flat_map(|schema| schema.lines()) {
        if line.starts_with("CREATE TABLE") {
            inside = true;
        } else if line.starts_with(')') {
            inside = false;
        } else if inside && !line.trim_start().starts_with("PRIMARY KEY") {
            columns += 1;
            let comment = line.split_once("--").map_or("", |(_, text)| text.trim());
            assert!(comment.len() > 8, "explain the column: {line}");
        }
    }
    assert!(columns > 70, "{columns}");
}

/// Promise P7: a matched value is nowhere on disk, and in no document.
#[test]
fn no_byte_anywhere_holds_a_matched_value() {
    let canary = "CANARY-078-05-1120-zq";
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let mut run = store
        .begin(new_job(&["s3://b"]), |_| Vec::new())
        .expect("begin");
    let mut occurrence = in_line(SSN, &container(&[]), 1);
    occurrence.masked = mask(MaskStyle::Last4, Secret::new(canary.as_bytes()));
    let record = record(0, meta("a", 1), std::slice::from_ref(&occurrence));
    let context = FindingContext {
        account: magpie::model::AccountId::local(),
        region: "us-east-1".to_owned(),
        job_id: job_id(),
        run: None,
        results_location: None,
        strict: false,
    };
    let catalogue = catalogue();
    let mut written = Vec::new();
    assert!(write_finding(
        &mut written,
        &context,
        &record,
        &catalogue,
        now()
    ));
    let finding = String::from_utf8(written.clone()).expect("UTF-8");
    write_results(&mut written, &context, &record, &catalogue, now());
    let body = ResultWriter::new().file(&context, &record, &catalogue, now());
    let view = magpie::model::OccurrenceView::new(&occurrence, &catalogue).expect("known");
    OccurrenceWriter::new(ObjectRef::from(&record.meta)).write(&mut written, &view);
    written.extend_from_slice(format!("{occurrence:?}{record:?}{view:?}").as_bytes());
    let object = ObjectWrite {
        ticket: run.tickets().next(),
        chunks: pack(std::slice::from_ref(&occurrence), &catalogue),
        record,
        finding: Some(("id".to_owned(), finding)),
        result: Some(magpie::store::ResultFile {
            name: "r".to_owned(),
            body,
        }),
        recorded_at: now(),
    };
    written.extend_from_slice(format!("{object:?}").as_bytes());
    run.commit(Commit {
        objects: vec![object],
        ..Commit::default()
    })
    .expect("commit");
    for file in files(folder.path()) {
        written.extend(std::fs::read(file).expect("read"));
    }
    assert!(
        written.windows(4).any(|w| w == b"**-*"),
        "the mask is there"
    );
    for part in ["CANARY", "078-05", "05-1120", canary] {
        assert!(
            !written.windows(part.len()).any(|w| w == part.as_bytes()),
            "{part} must not be written"
        );
    }
}

/// Several processes may meet in one new folder; each must find the same store.
#[test]
fn many_may_open_a_new_folder_at_once() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().expect("folder");
        let keys: Vec<[u8; 16]> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|i| {
                    let path = folder.path();
                    scope.spawn(move || {
                        let store = Store::open(path).expect("open");
                        let mut new = new_job(&["s3://b"]);
                        new.command_key = format!("command-{i}");
                        new.id = None;
                        let mut run = store.begin(new, |_| Vec::new()).expect("begin");
                        run.finish(magpie::model::JobStatus::Complete, now(), &[])
                            .expect("finish");
                        store.fingerprint_key()
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|t| t.join().expect("thread"))
                .collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
        let jobs = Store::open(folder.path())
            .expect("open")
            .reader()
            .expect("reader")
            .jobs();
        assert_eq!(jobs.expect("jobs").len(), 8);
    }
}
