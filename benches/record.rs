//! How fast occurrences are packed, stored, read back and written as flat records.
//!
//! Two shapes: log text (line, event time) and a table (cell, column name). Every bench checks the
//! number of rows or bytes that came out.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use magpie::model::{
    AccountId, BucketInfo, CatalogueIndex, Category, Cell, DetectorInfo, Encryption, JobId,
    KeywordHit, LogPlace, MaskStyle, ObjectMeta, ObjectOutcome, Occurrence, OccurrenceView, Origin,
    Place, RecordBuilder, Rivals, Severity, SeverityTable, Side, Status,
};
use magpie::store::{Chunk, ChunkPacker, Commit, JobRun, NewJob, ObjectWrite, Store};
use magpie::wire::{FindingContext, ObjectRef, OccurrenceWriter, ResultWriter, write_finding};

const ROWS: u64 = 100_000;

fn catalogue() -> Arc<CatalogueIndex> {
    let detector = |id: &str| DetectorInfo {
        id: id.to_owned(),
        uuid: None,
        category: Category::PersonalInformation,
        kind: String::new(),
        countries: Vec::new(),
        description: String::new(),
        references: Vec::new(),
        severity: SeverityTable::by_count(Severity::Low, Severity::Medium, Severity::High)
            .expect("ascending"),
        origin: Origin::Macie,
        recommended: true,
        default_on: true,
        keyword_required: true,
        keywords: Vec::new(),
        checks: vec!["ranges".to_owned()],
        mask: MaskStyle::Last4,
        macie_count_max: None,
    };
    Arc::new(CatalogueIndex {
        detectors: vec![
            detector("NAME"),
            detector("PHONE_NUMBER"),
            detector("USA_SOCIAL_SECURITY_NUMBER"),
        ],
        keywords: vec![Arc::from("ssn"), Arc::from("phone")],
        fingerprint: "bench".to_owned(),
    })
}

fn occurrence(i: u64, container: &Arc<[String]>) -> Occurrence {
    Occurrence {
        detector: (i % 3) as u16,
        container: container.clone(),
        place: Place {
            byte_range: i * 180 + 40..i * 180 + 51,
            line: i + 1,
            column: 41,
            end_line: i + 1,
            end_column: 52,
            ..Place::default()
        },
        masked: format!("***-**-{:04}", i % 10_000),
        fingerprint: i.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        confidence: 0.95,
        checks: 1,
        keyword: Some(KeywordHit {
            keyword: (i % 2) as u32,
            distance: Some(2),
            side: Side::Before,
        }),
        rivals: Rivals::default(),
    }
}

fn log() -> Vec<Occurrence> {
    let container: Arc<[String]> = Arc::from(vec!["000000".to_owned()]);
    let stream: Arc<str> = Arc::from("web-1");
    let time = |i: u64| {
        format!(
            "2024-05-01T12:{:02}:{:02}.{:03}Z",
            i / 60_000,
            i / 1000 % 60,
            i % 1000
        )
    };
    (0..ROWS)
        .map(|i| {
            let mut occurrence = occurrence(i, &container);
            occurrence.place.log = Some(LogPlace {
                group: None,
                stream: Some(stream.clone()),
                timestamp: Some(Arc::from(time(i))),
                event_id: None,
            });
            occurrence
        })
        .collect()
}

fn table() -> Vec<Occurrence> {
    let container: Arc<[String]> = Arc::from(Vec::new());
    let names: [Arc<str>; 3] = [Arc::from("full name"), Arc::from("phone"), Arc::from("ssn")];
    (0..ROWS)
        .map(|i| {
            let mut occurrence = occurrence(i / 3, &container);
            occurrence.detector = (i % 3) as u16;
            occurrence.place.cell = Some(Cell {
                row: i / 3 + 2,
                column: (i % 3) as u32 + 1,
                column_name: Some(names[(i % 3) as usize].clone()),
                table: None,
            });
            occurrence
        })
        .collect()
}

fn meta(key: &str) -> ObjectMeta {
    ObjectMeta {
        bucket: Arc::new(BucketInfo {
            name: "amzn-s3-demo-bucket".to_owned(),
            account: None,
            region: None,
            local: false,
        }),
        key: key.to_owned(),
        uri: format!("s3://amzn-s3-demo-bucket/{key}"),
        size: Some(1 << 24),
        etag: Some("07b21b45c9ed4a3fabf8173be102d9c2".to_owned()),
        version_id: None,
        last_modified: None,
        storage_class: None,
        encryption: Encryption::default(),
    }
}

fn pack(packer: &mut ChunkPacker, rows: &[Occurrence], catalogue: &CatalogueIndex) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = rows
        .iter()
        .filter_map(|row| packer.push(row, catalogue))
        .collect();
    chunks.extend(packer.finish());
    assert_eq!(
        chunks.iter().map(|c| u64::from(c.rows())).sum::<u64>(),
        ROWS
    );
    chunks
}

fn begin(store: &Store, now: DateTime<Utc>) -> JobRun {
    let new = NewJob {
        name: "bench".to_owned(),
        job_type: "ONE_TIME",
        command_key: "bench".to_owned(),
        spec: "{}".to_owned(),
        catalogue: catalogue(),
        targets: vec!["s3://amzn-s3-demo-bucket".to_owned()],
        resume: false,
        id: None,
        now,
    };
    store.begin(new, |_| Vec::new()).expect("begin")
}

fn outcome() -> ObjectOutcome {
    ObjectOutcome {
        status: Status::Complete,
        reason: None,
        detail: None,
        mime_type: Some("text/plain"),
        bytes_read: 1 << 24,
        bytes_scanned: 1 << 24,
        members: 1,
    }
}

fn object(run: &JobRun, key: &str, rows: &[Occurrence], chunks: Vec<Chunk>) -> ObjectWrite {
    let mut builder = RecordBuilder::new();
    rows.iter().for_each(|row| builder.push(row));
    ObjectWrite {
        ticket: run.tickets().next(),
        record: builder.finish(0, meta(key), outcome()),
        chunks,
        finding: None,
        result: None,
        recorded_at: DateTime::UNIX_EPOCH,
    }
}

/// The documents of one small object.
fn documents(group: &mut BenchmarkGroup<'_, WallTime>) {
    let catalogue = catalogue();
    let context = FindingContext {
        account: AccountId::local(),
        region: "us-east-1".to_owned(),
        job_id: JobId::from_bytes([0xa5; 16]),
        run: None,
        results_location: None,
        strict: false,
    };
    let mut builder = RecordBuilder::new();
    let plain: Arc<[String]> = Arc::from(Vec::new());
    (0..20).for_each(|i| builder.push(&occurrence(i, &plain)));
    let record = builder.finish(0, meta("one"), outcome());
    let now = DateTime::UNIX_EPOCH;
    let mut out = Vec::new();
    group.throughput(Throughput::Elements(1));
    group.bench_function("documents/finding", |b| {
        b.iter(|| {
            out.clear();
            assert!(write_finding(&mut out, &context, &record, &catalogue, now));
        });
    });
    let mut writer = ResultWriter::new();
    group.bench_function("documents/result", |b| {
        b.iter(|| {
            let file = writer.file(&context, &record, &catalogue, now);
            assert!(file.len() > 500);
        });
    });
}

/// Many objects with nothing in them, 500 a transaction, and looking them up.
fn small_objects(group: &mut BenchmarkGroup<'_, WallTime>) {
    const OBJECTS: u64 = 5_000;
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).expect("open");
    let mut run = begin(&store, DateTime::UNIX_EPOCH);
    let mut number = 0;
    group.throughput(Throughput::Elements(OBJECTS));
    group.bench_function("objects/clean", |b| {
        b.iter(|| {
            for _ in 0..OBJECTS / 500 {
                let objects = (0..500)
                    .map(|_| {
                        number += 1;
                        object(&run, &format!("2024/05/01/{number:09}.gz"), &[], Vec::new())
                    })
                    .collect();
                run.commit(Commit {
                    objects,
                    ..Commit::default()
                })
                .expect("commit");
            }
        });
    });
    let reader = store.reader().expect("reader");
    let id = run.job().id.clone();
    group.bench_function("objects/look-up", |b| {
        b.iter(|| {
            for n in 1..=OBJECTS {
                let key = format!("2024/05/01/{:09}.gz", n * 7919 % number + 1);
                let found = reader.is_recorded(&id, 0, &key).expect("look up");
                assert!(found.is_some(), "{key}");
            }
        });
    });
}

fn benches(criterion: &mut Criterion) {
    let catalogue = catalogue();
    let mut group = criterion.benchmark_group("record");
    group.throughput(Throughput::Elements(ROWS)).sample_size(20);
    for (name, rows) in [("log", log()), ("table", table())] {
        let mut packer = ChunkPacker::new();
        let chunks = pack(&mut packer, &rows, &catalogue);
        let bytes: usize = chunks.iter().map(Chunk::bytes).sum();
        println!(
            "{name}: {:.1} bytes a row, {} chunks",
            bytes as f64 / ROWS as f64,
            chunks.len()
        );

        group.bench_function(format!("pack/{name}"), |b| {
            b.iter(|| black_box(pack(&mut packer, &rows, &catalogue)).len());
        });
        group.bench_function(format!("count/{name}"), |b| {
            b.iter(|| {
                let mut builder = RecordBuilder::new();
                rows.iter().for_each(|row| builder.push(row));
                black_box(builder)
            });
        });

        let folder = tempfile::tempdir().expect("folder");
        let store = Store::open(folder.path()).expect("open");
        let mut run = begin(&store, DateTime::UNIX_EPOCH);
        let mut number = 0;
        group.bench_function(format!("store/{name}"), |b| {
            b.iter(|| {
                number += 1;
                let object = object(&run, &number.to_string(), &rows[..1], chunks.clone());
                run.commit(Commit {
                    objects: vec![object],
                    ..Commit::default()
                })
                .expect("commit");
            });
        });

        let folder = tempfile::tempdir().expect("folder");
        let store = Store::open(folder.path()).expect("open");
        let mut run = begin(&store, DateTime::UNIX_EPOCH);
        let one = object(&run, "one", &rows, chunks);
        run.commit(Commit {
            objects: vec![one],
            ..Commit::default()
        })
        .expect("commit");
        let id = run.job().id.clone();
        let mut reader = store.reader().expect("reader");
        group.bench_function(format!("read/{name}"), |b| {
            b.iter(|| {
                let mut count = 0;
                reader
                    .for_each_occurrence(&id, |_, view| {
                        count += 1;
                        black_box(view);
                        ControlFlow::Continue(())
                    })
                    .expect("read");
                assert_eq!(count, ROWS);
            });
        });
        let object = meta("one");
        let mut writer = OccurrenceWriter::new(ObjectRef::from(&object));
        let mut out = Vec::new();
        group.bench_function(format!("jsonl/{name}"), |b| {
            b.iter(|| {
                out.clear();
                for row in &rows {
                    let view = OccurrenceView::new(row, &catalogue).expect("known");
                    writer.write(&mut out, &view);
                }
                assert!(out.len() as u64 > 400 * ROWS);
            });
        });
    }
    documents(&mut group);
    small_objects(&mut group);
    group.finish();
}

criterion_group!(record, benches);
criterion_main!(record);
