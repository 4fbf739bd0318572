//! Throughput of the detector core on one thread, in bytes of text a second.
//!
//! Generated corpora of several shapes, all detectors and each alone; the number of hits is
//! asserted, so that a fast wrong answer fails. `cargo bench --bench core`.

use std::ops::ControlFlow;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use magpie::detect::{Catalogue, Include, Level, Scanner, Selection};
use magpie::model::Block;
use magpie::model::text::NoContext;

#[path = "../tests/support/corpus.rs"]
mod corpus;

const BYTES: usize = 8 << 20;

fn count(scanner: &mut Scanner, text: &[u8]) -> Vec<usize> {
    let mut counts = Vec::new();
    let _ = scanner.scan(&Block::whole(text), &mut NoContext, &mut |hit| {
        let detector = hit.detector as usize;
        if counts.len() <= detector {
            counts.resize(detector + 1, 0);
        }
        counts[detector] += 1;
        ControlFlow::Continue(())
    });
    counts
}

fn core(c: &mut Criterion) {
    let everything = Selection::default();
    let catalogue = Arc::new(Catalogue::builtin_with(&everything).expect("detector files load"));
    let mut group = c.benchmark_group("core");
    group.sample_size(10);
    for (name, corpus) in [
        ("logs_plain", corpus::logs(BYTES, 0, 1)),
        ("logs_sparse", corpus::logs(BYTES, 200, 2)),
        ("logs_dense", corpus::logs(BYTES, 3, 3)),
        ("csv_as_text", corpus::csv(BYTES, 4)),
        ("json_lines_as_text", corpus::json_lines(BYTES, 5)),
    ] {
        let text = corpus.text.as_bytes();
        group.throughput(Throughput::Bytes(text.len() as u64));
        for &level in Level::all() {
            if level == Level::Scalar && name != "logs_plain" {
                continue;
            }
            let mut scanner = Scanner::with_level(catalogue.clone(), level);
            let counts = count(&mut scanner, text);
            for (id, planted) in &corpus.planted {
                let number = catalogue.index().find(id).expect("a known id");
                let found = counts.get(number as usize).copied().unwrap_or(0);
                assert_eq!(found, *planted, "{name}: {id}");
            }
            group.bench_with_input(
                BenchmarkId::new(name, format!("{level:?}")),
                text,
                |b, text| b.iter(|| count(&mut scanner, text)),
            );
        }
    }
    group.finish();
}

fn each_detector(c: &mut Criterion) {
    let catalogue = Catalogue::builtin().expect("detector files load");
    let corpus = corpus::logs(BYTES, 200, 2);
    let text = corpus.text.as_bytes();
    let mut group = c.benchmark_group("detector");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(text.len() as u64));
    for info in &catalogue.index().detectors {
        let selection = Selection {
            include: Include::Ids(vec![info.id.clone()]),
            exclude: Vec::new(),
        };
        let alone = Arc::new(catalogue.select(&selection).expect("a known id"));
        let mut scanner = Scanner::new(alone);
        let found: usize = count(&mut scanner, text).iter().sum();
        assert!(
            found >= corpus.count(&info.id),
            "{}: {found} found of {}",
            info.id,
            corpus.count(&info.id)
        );
        group.bench_with_input(BenchmarkId::from_parameter(&info.id), text, |b, text| {
            b.iter(|| count(&mut scanner, text));
        });
    }
    group.finish();
}

criterion_group!(benches, core, each_detector);
criterion_main!(benches);
