//! The whole program on files of several shapes: read, decode, detect, place, record.
//!
//! `cargo bench --bench whole`. Bytes per second are of raw text, also for gzip. All identifiers
//! that are on by default are on; occurrences are placed, masked, packed and stored. Every run
//! asserts what it found. One thread, so that figures compare with those of the core.

#[path = "../tests/support/planted.rs"]
mod planted;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use magpie::content::Limits;
use magpie::detect::{Catalogue, Selection};
use magpie::job::{self, Documents, KeyFilter, Plan, Progress, Render, Stop};
use magpie::model::{AccountId, Clock, JobInfo, ObjectRecord};
use magpie::source::{SourceOptions, Sources, Target};
use magpie::store::Store;

use planted::{Numbers, log_text, ssn};

const BYTES: usize = 16 << 20;

/// Documents are the command line's; here none are made.
struct NoDocuments;

impl Render for NoDocuments {
    fn render(&self, _: &JobInfo, _: &ObjectRecord, _: DateTime<Utc>) -> Documents {
        Documents::default()
    }
}

fn csv() -> (String, u64) {
    let mut n = Numbers(11);
    let mut text = String::from("id,host,ssn,amount,note\n");
    let mut planted = 0;
    while text.len() < BYTES {
        planted += 1;
        let _ = writeln!(
            text,
            "{},web-{},{},{}.{:02},visit of the {} desk",
            n.below(1 << 40),
            n.below(100),
            ssn(&mut n),
            n.below(10_000),
            n.below(100),
            n.below(50)
        );
    }
    (text, planted)
}

fn json_lines() -> (String, u64) {
    let mut n = Numbers(12);
    let (mut text, mut planted) = (String::new(), 0);
    while text.len() < BYTES {
        planted += 1;
        let _ = writeln!(
            text,
            "{{\"id\":{},\"user\":{{\"ssn\":\"{}\",\"visits\":{}}},\"trace\":\"{:016x}{:016x}\",\"items\":[{{\"qty\":{}}}]}}",
            n.below(1 << 40),
            ssn(&mut n),
            n.below(900),
            n.next(),
            n.next(),
            n.below(9)
        );
    }
    (text, planted)
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(text.as_bytes()).expect("write to memory");
    encoder.finish().expect("write to memory")
}

fn plan(data: &Path, state: &Path, catalogue: &Arc<Catalogue>) -> Plan {
    Plan {
        targets: vec![("data".to_owned(), Target::Path(data.to_owned()))],
        sources: Arc::new(Sources::new(SourceOptions::default())),
        allow: Arc::default(),
        filter: KeyFilter::new(&[], &[]).expect("no globs"),
        catalogue: Arc::clone(catalogue),
        limits: Limits::default(),
        threads: 1,
        reads_max: 4,
        job_name: "bench".to_owned(),
        account: AccountId::local(),
        state_dir: state.to_owned(),
        results: Target::Path(state.join("results")),
        results_kms_key: None,
        command: "bench".to_owned(),
        own: Vec::new(),
        clock: Clock::default(),
        render: Arc::new(NoDocuments),
    }
}

fn whole(c: &mut Criterion) {
    let all = Catalogue::builtin().expect("built-in detectors load");
    let catalogue = Arc::new(
        all.select(&Selection::default())
            .expect("the defaults exist"),
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("start a runtime");
    let sparse = log_text(1, BYTES, 200);
    let dense = log_text(2, BYTES, 3);
    let inputs = [
        (
            "log",
            sparse.0.len(),
            sparse.0.clone().into_bytes(),
            sparse.1,
        ),
        ("log dense", dense.0.len(), dense.0.into_bytes(), dense.1),
        ("log gzip", sparse.0.len(), gzip(&sparse.0), sparse.1),
    ]
    .into_iter()
    .chain(
        [("csv", csv()), ("json lines", json_lines())]
            .map(|(name, (text, planted))| (name, text.len(), text.into_bytes(), planted)),
    );
    let mut group = c.benchmark_group("whole");
    group.sample_size(10);
    for (name, bytes, stored, planted) in inputs {
        let dir = tempfile::tempdir().expect("make a folder");
        let data = dir.path().join("data");
        std::fs::write(&data, &stored).expect("write the input");
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(name, |b| {
            b.iter_batched(
                || tempfile::tempdir().expect("make a folder"),
                |state| {
                    let store = Store::open(state.path()).expect("open the store");
                    let plan = plan(&data, state.path(), &catalogue);
                    let progress = Progress::default();
                    let ended = job::run(&plan, &store, &runtime, &progress, &Stop::new())
                        .expect("the run ends well");
                    assert!(ended.outcome.coverage.is_whole());
                    assert_eq!(Progress::get(&progress.occurrences), planted, "{name}");
                    state
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, whole);
criterion_main!(benches);
