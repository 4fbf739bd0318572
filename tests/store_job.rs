//! The life of a job in the store: begun, locked, taken up, changed, finished.

mod store_support;

use std::ops::ControlFlow;
use std::path::Path;

use magpie::model::allow::{Allowed, AllowedCount, AllowedTotal};
use magpie::model::{
    EventLine, JobId, JobStatus, ObjectMeta, ObjectOutcome, Occurrence, Reason, RecordBuilder,
    Severity, Status, Tally, coverage::UnlistedTarget,
};
use magpie::store::{Commit, JobRun, NewJob, ObjectWrite, Reader, Store, StoreError};
use store_support::{
    CARD, NAME, SSN, catalogue, container, in_line, job_id, member, meta, new_job, now, outcome,
    pack, record, render, time,
};

const TARGET: &str = "s3://amzn-s3-demo-bucket";

fn event(once: &str) -> EventLine {
    EventLine {
        once: once.to_owned(),
        line: format!("{{\"eventType\":\"{once}\",\"why\":\"doesn’t\"}}"),
    }
}

fn begin(store: &Store, new: NewJob) -> JobRun {
    store
        .begin(new, |_| vec![event("JOB_CREATED")])
        .expect("begin")
}

fn write(run: &JobRun, meta: ObjectMeta, occurrences: &[Occurrence]) -> ObjectWrite {
    let record = record(0, meta, occurrences);
    ObjectWrite {
        ticket: run.tickets().next(),
        chunks: pack(occurrences, &catalogue()),
        finding: (!occurrences.is_empty())
            .then(|| (format!("id-{}", record.meta.key), "{}".to_owned())),
        result: None,
        recorded_at: now(),
        record,
    }
}

fn objects(objects: Vec<ObjectWrite>) -> Commit {
    Commit {
        objects,
        ..Commit::default()
    }
}

fn tally(objects: u64, bytes: u64) -> Tally {
    Tally { objects, bytes }
}

fn occurrences_in(store: &Store, id: &JobId) -> Vec<(String, Vec<String>, u64, String)> {
    let mut rows = Vec::new();
    store
        .reader()
        .expect("reader")
        .for_each_occurrence(id, |row, view| {
            rows.push((
                row.key.clone(),
                view.container.to_vec(),
                view.place.byte_range.start,
                view.detector.to_owned(),
            ));
            ControlFlow::Continue(())
        })
        .expect("occurrences");
    rows
}

/// No row belongs to an object that is not there.
fn assert_no_orphans(folder: &Path) {
    let file = rusqlite::Connection::open(folder.join("magpie.db")).expect("open");
    for table in [
        "object_counts",
        "members",
        "chunks",
        "findings",
        "results",
        "allowed",
        "allowed_entries",
    ] {
        let orphans: i64 = file
            .query_row(
                &format!(
                    "SELECT COUNT(*) FROM {table} AS t WHERE NOT EXISTS (
                       SELECT 1 FROM objects AS o
                       WHERE o.job_no = t.job_no AND o.object_no = t.object_no)"
                ),
                [],
                |row| row.get(0),
            )
            .expect("count");
        assert_eq!(orphans, 0, "{table}");
    }
    let staged: i64 = file
        .query_row("SELECT COUNT(*) FROM staged", [], |row| row.get(0))
        .expect("count");
    assert_eq!(staged, 0);
    let check: String = file
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("check");
    assert_eq!(check, "ok");
}

#[test]
fn occurrences_come_back_in_order_whatever_the_order_of_recording() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let mut run = begin(&store, new_job(&[TARGET]));
    let plain = container(&[]);
    let z = container(&["z.csv"]);
    let a = container(&["a.csv"]);
    let keys = ["b", "a/z", "a", "Z", "ä", "a b"];
    for key in keys {
        let found = match key {
            // members keep the order of the walk, which need not be that of their names
            "b" => vec![
                in_line(SSN, &z, 1),
                in_line(CARD, &a, 1),
                in_line(SSN, &a, 2),
            ],
            _ => vec![in_line(NAME, &plain, 3), in_line(SSN, &plain, 3)],
        };
        let object = write(&run, meta(key, 10), &found);
        run.commit(objects(vec![object])).expect("commit");
    }
    let got = occurrences_in(&store, &job_id());
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    let mut order: Vec<String> = got.iter().map(|row| row.0.clone()).collect();
    order.dedup();
    assert_eq!(order, sorted, "ascending by the bytes of the key");
    let of_b: Vec<_> = got.iter().filter(|row| row.0 == "b").collect();
    assert_eq!(of_b[0].1, ["z.csv"]);
    assert_eq!(of_b[1].1, ["a.csv"]);
    assert_eq!((of_b[1].2, of_b[2].2), (80, 160));
    let mut of_a = Vec::new();
    store
        .reader()
        .expect("reader")
        .for_each_occurrence_of(&job_id(), 0, "a", |row, view| {
            of_a.push((row.uri.clone(), view.detector.to_owned()));
            ControlFlow::Break(())
        })
        .expect("occurrences");
    assert_eq!(
        of_a,
        [("s3://amzn-s3-demo-bucket/a".to_owned(), "NAME".to_owned())]
    );
}

#[test]
fn staged_occurrences_are_seen_only_with_their_object() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let mut run = begin(&store, new_job(&[TARGET]));
    let found: Vec<Occurrence> = (0..9_000)
        .map(|i| in_line(SSN, &container(&[]), i))
        .collect();
    let mut object = write(&run, meta("big", 10), &found);
    let mut chunks = std::mem::take(&mut object.chunks);
    assert!(chunks.len() > 2);
    object.chunks = chunks.split_off(chunks.len() - 1);
    let given_up = run.tickets().next();
    for chunk in chunks {
        let staged = vec![
            (object.ticket, vec![chunk.clone()]),
            (given_up, vec![chunk]),
        ];
        run.commit(Commit {
            staged,
            ..Commit::default()
        })
        .expect("stage");
        assert!(occurrences_in(&store, &job_id()).is_empty());
    }
    let mut commit = objects(vec![object]);
    commit.abandoned = vec![given_up];
    run.commit(commit).expect("commit");
    let got = occurrences_in(&store, &job_id());
    assert_eq!(got.len(), found.len());
    assert!(got.windows(2).all(|pair| pair[0].2 < pair[1].2));
    assert_no_orphans(folder.path());
}

#[test]
fn an_open_job_is_taken_up_and_a_finished_one_is_not() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let mut new = new_job(&[TARGET]);
    new.id = None;
    let mut first = begin(&store, new.clone());
    assert!(!first.is_resumed());
    let object = write(&first, meta("a", 10), &[in_line(SSN, &container(&[]), 1)]);
    first.commit(objects(vec![object])).expect("commit");
    let job = first.job().clone();
    drop(first);

    new.now = time("2025-01-01T00:00:00Z");
    let mut second = begin(&store, new.clone());
    assert!(second.is_resumed());
    assert_eq!(second.job().id, job.id);
    assert_eq!(second.job().run_date, job.run_date, "a run keeps its date");
    let reader = store.reader().expect("reader");
    let recorded = reader
        .is_recorded(&job.id, 0, "a")
        .expect("ask")
        .expect("recorded");
    assert_eq!(recorded.etag.as_deref(), Some("etag-of-a"));
    assert_eq!(
        (recorded.size, recorded.status),
        (Some(10), Status::Complete)
    );
    assert_eq!(reader.is_recorded(&job.id, 0, "b").expect("ask"), None);
    assert_eq!(reader.is_recorded(&job.id, 1, "a").expect("ask"), None);
    second
        .commit(Commit {
            seen: vec![(0, "a".to_owned())],
            listed: vec![(0, tally(1, 10), None)],
            ..Commit::default()
        })
        .expect("commit");
    second
        .finish(JobStatus::Complete, new.now, &[event("JOB_COMPLETED")])
        .expect("finish");
    assert_eq!(second.job().status, JobStatus::Complete);
    drop(second);

    let third = begin(&store, new.clone());
    assert!(!third.is_resumed());
    assert_ne!(third.job().id, job.id);
    let open = third.job().id.clone();
    drop(third);
    new.resume = false;
    let fourth = begin(&store, new);
    assert_ne!(
        fourth.job().id,
        open,
        "the open job is left as it is when asked to"
    );
    drop(fourth);
    let log = std::fs::read_to_string(store.job_log_path(&job.id)).expect("log");
    assert_eq!(
        log.lines().count(),
        2,
        "JOB_CREATED once, although begun twice: {log}"
    );
    assert_eq!(reader.jobs().expect("jobs").len(), 3);
}

fn allowed(counts: &[(u16, u16, u64)], entries: &[(u16, &[u32])]) -> Allowed {
    let count = |(list, detector, count): &(u16, u16, u64)| AllowedCount {
        list: *list,
        detector: *detector,
        count: *count,
    };
    Allowed {
        counts: counts.iter().map(count).collect(),
        entries: entries.iter().map(|(l, e)| (*l, e.to_vec())).collect(),
    }
}

type AllowedIn = (Vec<(u16, String, u64, u64)>, Vec<(u16, u32)>);

fn allowed_in(reader: &Reader) -> AllowedIn {
    let totals = reader.allowed_totals(&job_id()).expect("totals");
    let mut used = Vec::new();
    reader
        .for_each_allowed_entry(&job_id(), |list, entry| used.push((list, entry)))
        .expect("entries");
    used.sort_unstable();
    let total = |t: AllowedTotal| (t.list, t.detector, t.occurrences, t.objects);
    (totals.into_iter().map(total).collect(), used)
}

#[test]
fn what_lists_allowed_is_added_up_over_objects() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let mut run = begin(&store, new_job(&[TARGET]));
    let mut all = Vec::new();
    for (key, counts, entries) in [
        (
            "a",
            &[(0, CARD, 3), (2, SSN, 1)][..],
            &[(0, &[0, 5, 99_999][..]), (2, &[1])][..],
        ),
        ("b", &[(0, CARD, 4), (0, SSN, 1)], &[(0, &[5, 6])]),
        ("c", &[], &[]),
    ] {
        let mut object = write(&run, meta(key, 10), &[]);
        object.record.allowed = allowed(counts, entries);
        all.push(object);
    }
    run.commit(objects(all)).expect("commit");
    let (card, ssn) = ("CREDIT_CARD_NUMBER", "USA_SOCIAL_SECURITY_NUMBER");
    assert_eq!(
        allowed_in(&store.reader().expect("reader")),
        (
            vec![
                (0, card.to_owned(), 7, 2),
                (0, ssn.to_owned(), 1, 1),
                (2, ssn.to_owned(), 1, 1)
            ],
            vec![(0, 0), (0, 5), (0, 5), (0, 6), (0, 99_999), (2, 1)]
        )
    );
}

#[test]
fn a_changed_object_takes_the_place_of_its_former_self() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let mut run = begin(&store, new_job(&[TARGET]));
    let inner = container(&["m"]);
    let mut builder = RecordBuilder::new();
    let found = [in_line(CARD, &inner, 1), in_line(SSN, &inner, 2)];
    found.iter().for_each(|o| builder.push(o));
    builder.member_end(&member(&inner, Status::Complete, None));
    let mut object = write(&run, meta("a", 10), &found);
    object.record = builder.finish(0, meta("a", 10), outcome("application/zip", 10));
    object.record.allowed = allowed(&[(0, CARD, 3), (1, SSN, 1)], &[(0, &[0, 5, 99_999])]);
    run.commit(objects(vec![object])).expect("commit");
    drop(run);

    let mut run = begin(&store, new_job(&[TARGET]));
    let changed = ObjectMeta {
        etag: Some("other".to_owned()),
        size: Some(20),
        ..meta("a", 20)
    };
    let mut object = write(&run, changed, &[in_line(NAME, &container(&[]), 7)]);
    object.record.allowed = allowed(&[(1, CARD, 2)], &[(1, &[4])]);
    let mut commit = objects(vec![object]);
    commit.listed = vec![(0, tally(1, 20), None)];
    run.commit(commit).expect("commit");
    run.finish(JobStatus::Complete, now(), &[]).expect("finish");
    let got = occurrences_in(&store, &job_id());
    assert_eq!(got, [("a".to_owned(), vec![], 560, "NAME".to_owned())]);
    let reader = store.reader().expect("reader");
    let totals = reader.detector_totals(&job_id()).expect("totals");
    assert_eq!(totals.len(), 1);
    assert_eq!(totals[0].severity, Some(Severity::Low));
    assert_eq!(
        allowed_in(&reader),
        (
            vec![(1, "CREDIT_CARD_NUMBER".to_owned(), 2, 1)],
            vec![(1, 4)]
        )
    );
    assert_no_orphans(folder.path());
}

#[test]
fn an_object_that_vanished_between_two_attempts_stays_in_the_ledger() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let mut run = begin(&store, new_job(&[TARGET]));
    let both = vec![
        write(&run, meta("a", 10), &[]),
        write(&run, meta("gone", 5), &[]),
    ];
    run.commit(objects(both)).expect("commit");
    drop(run);
    let mut run = begin(&store, new_job(&[TARGET]));
    run.commit(Commit {
        seen: vec![(0, "a".to_owned())],
        listed: vec![(0, tally(1, 10), None)],
        ..Commit::default()
    })
    .expect("commit");
    let coverage = run.coverage().expect("coverage");
    assert_eq!(coverage.listed, tally(2, 15));
    assert!(coverage.is_whole());
    run.finish(JobStatus::Complete, now(), &[]).expect("finish");
}

#[test]
fn a_job_whose_ledger_does_not_add_up_cannot_be_completed() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let mut run = begin(&store, new_job(&[TARGET, "s3://other"]));
    let object = write(&run, meta("a", 10), &[]);
    let mut commit = objects(vec![object]);
    commit.listed = vec![
        (0, tally(2, 30), None),
        (1, tally(0, 0), Some("access denied".to_owned())),
    ];
    run.commit(commit).expect("commit");
    let error = run
        .finish(JobStatus::Complete, now(), &[])
        .expect_err("unbalanced");
    assert_eq!(
        error.to_string(),
        format!(
            "check coverage of job {}: 2 objects (30 bytes) listed, but 1 (10 bytes) recorded",
            job_id()
        )
    );
    assert_eq!(run.job().status, JobStatus::Running);
    let record = RecordBuilder::new().finish(
        0,
        meta("b", 20),
        ObjectOutcome::skipped(Reason::PermissionDenied, Some("403".to_owned())),
    );
    let object = ObjectWrite {
        record,
        ..write(&run, meta("b", 20), &[])
    };
    run.commit(objects(vec![object])).expect("commit");
    run.finish(JobStatus::Complete, now(), &[]).expect("finish");
    let reader = store.reader().expect("reader");
    let coverage = reader.coverage(&job_id()).expect("coverage");
    assert!(coverage.balances() && !coverage.is_whole());
    assert_eq!(
        coverage.unlisted,
        [UnlistedTarget {
            uri: "s3://other".to_owned(),
            cause: "access denied".to_owned()
        }]
    );
    let reasons = reader.reason_totals(&job_id()).expect("reasons");
    assert_eq!(reasons.len(), 2);
    assert_eq!(reasons[1].reason, Some(Reason::PermissionDenied));
    assert_eq!(reasons[1].total, tally(1, 20));
    let mut gaps = Vec::new();
    reader
        .for_each_gap(&job_id(), |gap| {
            gaps.push((gap.uri.clone(), gap.reason, gap.detail.clone(), gap.bytes));
            ControlFlow::Continue(())
        })
        .expect("gaps");
    let uri = "s3://amzn-s3-demo-bucket/b".to_owned();
    let want = (
        uri,
        Some(Reason::PermissionDenied),
        Some("403".to_owned()),
        Some(20),
    );
    assert_eq!(gaps, [want]);
}

#[test]
fn a_second_run_of_the_same_command_is_told_who_holds_it() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let run = begin(&store, new_job(&[TARGET]));
    let error = store
        .begin(new_job(&[TARGET]), |_| Vec::new())
        .expect_err("locked");
    match &error {
        StoreError::Locked { job, pid, .. } => {
            assert_eq!(job, job_id().as_str());
            assert_eq!(*pid, std::process::id());
        }
        other => panic!("{other}"),
    }
    assert!(error.to_string().contains("--state-dir"), "{error}");
    // another command is not concerned
    let mut other = new_job(&[TARGET]);
    other.command_key = "command-2".to_owned();
    other.id = None;
    drop(begin(&store, other));
    drop(run);
    assert!(begin(&store, new_job(&[TARGET])).is_resumed());
}

#[test]
fn a_run_on_another_machine_holds_the_job_until_its_heartbeat_is_old() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    drop(begin(&store, new_job(&[TARGET])));
    let file = rusqlite::Connection::open(folder.path().join("magpie.db")).expect("open");
    file.execute(
        "UPDATE jobs SET owner_pid = 42, owner_host = 'far', owner_boot = 'another boot',
                         heartbeat_at = '2024-05-02T00:10:00Z'",
        [],
    )
    .expect("update");
    let mut new = new_job(&[TARGET]);
    new.now = time("2024-05-02T00:10:30Z");
    let error = store
        .begin(new.clone(), |_| Vec::new())
        .expect_err("locked");
    assert_eq!(
        error.to_string(),
        format!(
            "lock job {}: process 42 on far holds it (last sign of life 30 s ago); wait until it \
             ends, or use another --state-dir",
            job_id()
        )
    );
    new.now = time("2024-05-02T00:11:00Z");
    assert!(begin(&store, new).is_resumed(), "taken over after 60 s");
}

/// Whatever is in the file when a job is taken up, it equals the store afterwards.
#[test]
fn the_job_log_file_is_mended_from_any_state() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let mut run = begin(&store, new_job(&[TARGET]));
    run.commit(Commit {
        events: vec![event("A"), event("B"), event("A")],
        ..Commit::default()
    })
    .expect("commit");
    drop(run);
    let path = store.job_log_path(&job_id());
    let whole = std::fs::read(&path).expect("log");
    let text = String::from_utf8(whole.clone()).expect("UTF-8");
    assert_eq!(text.lines().count(), 3);
    assert!(path.ends_with(format!(
        "logs/aws/macie/classificationjobs/{}.jsonl",
        job_id()
    )));
    let mut states: Vec<Vec<u8>> = (0..whole.len()).map(|end| whole[..end].to_vec()).collect();
    states.push([&whole[..], &whole[..]].concat());
    states.push([&whole[..], b"{\"half"].concat());
    states.push(b"no such line\n".repeat(100));
    states.push(vec![0; 4096]);
    for state in states {
        std::fs::write(&path, &state).expect("write");
        drop(begin(&store, new_job(&[TARGET])));
        assert_eq!(
            std::fs::read(&path).expect("log"),
            whole,
            "from {} bytes",
            state.len()
        );
    }
    std::fs::remove_file(&path).expect("remove");
    drop(begin(&store, new_job(&[TARGET])));
    assert_eq!(std::fs::read(&path).expect("log"), whole);
}

#[test]
fn what_is_asked_of_a_job_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let reader = store.reader().expect("reader");
    let error = reader.coverage(&job_id()).expect_err("no job");
    assert!(matches!(error, StoreError::NoSuchJob { .. }), "{error}");
    assert!(reader.jobs().expect("jobs").is_empty());
}

#[test]
fn events_can_be_followed() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let mut run = begin(&store, new_job(&[TARGET]));
    let reader = store.reader().expect("reader");
    assert_eq!(reader.events(&job_id(), 0).expect("events").len(), 1);
    assert!(reader.events(&job_id(), 1).expect("events").is_empty());
    let events = vec![event("B"), event("JOB_CREATED")];
    run.commit(Commit {
        events,
        ..Commit::default()
    })
    .expect("commit");
    assert_eq!(
        reader.events(&job_id(), 1).expect("events"),
        [event("B").line]
    );
    run.finish(JobStatus::Cancelled, now(), &[event("JOB_CANCELLED")])
        .expect("finish");
    let text = render(folder.path(), &job_id());
    assert!(
        text.ends_with(&format!("{}\n", event("JOB_CANCELLED").line)),
        "{text}"
    );
}

#[test]
fn a_damaged_chunk_is_told_and_not_passed_over() {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let mut run = begin(&store, new_job(&[TARGET]));
    let object = write(&run, meta("a", 10), &[in_line(SSN, &container(&[]), 1)]);
    run.commit(objects(vec![object])).expect("commit");
    drop(run);
    let file = rusqlite::Connection::open(folder.path().join("magpie.db")).expect("open");
    file.execute("UPDATE chunks SET body = x'00'", [])
        .expect("update");
    let error = store
        .reader()
        .expect("reader")
        .for_each_occurrence(&job_id(), |_, _| ControlFlow::Continue(()))
        .expect_err("damaged");
    assert!(
        matches!(error, StoreError::DamagedChunk { seq: 0, .. }),
        "{error}"
    );
}
