//! Throughput of the detector core on one thread, in bytes of text a second.
//!
//! Generated corpora of several shapes, all detectors and each alone; the number of hits is
//! asserted, so that a fast wrong answer fails. `cargo bench --bench core`.

use std::ops::ControlFlow;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use magpie::detect::spec::Spec;
use magpie::detect::{Catalogue, Include, Level, Scanner, Selection, builtin_specs, custom};
use magpie::model::text::NoContext;
use magpie::model::{Block, Context, RegexDefinition, TextShape};

#[path = "../tests/support/corpus.rs"]
mod corpus;
#[path = "../tests/support/structure.rs"]
mod structure;

const BYTES: usize = 8 << 20;

/// Which context a text is read with.
enum Shape {
    Text,
    Table,
    Records,
}

impl Shape {
    fn context(self, text: &str) -> Box<dyn Context> {
        match self {
            Shape::Text => Box::new(NoContext),
            Shape::Table => Box::new(structure::Table::new(text)),
            Shape::Records => Box::new(structure::Json::new(text, TextShape::Records)),
        }
    }
}

fn count(scanner: &mut Scanner, text: &[u8], ctx: &mut dyn Context) -> Vec<usize> {
    let mut counts = Vec::new();
    let _ = scanner.scan(&Block::whole(text), ctx, &mut |hit| {
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
    for (name, corpus, mut ctx) in [
        ("logs_plain", corpus::logs(BYTES, 0, 1), Shape::Text),
        ("logs_sparse", corpus::logs(BYTES, 200, 2), Shape::Text),
        ("logs_dense", corpus::logs(BYTES, 3, 3), Shape::Text),
        ("table", corpus::csv(BYTES, 4), Shape::Table),
        ("records", corpus::json_lines(BYTES, 5), Shape::Records),
    ]
    .map(|(name, corpus, shape)| {
        let ctx = shape.context(&corpus.text);
        (name, corpus, ctx)
    }) {
        let text = corpus.text.as_bytes();
        group.throughput(Throughput::Bytes(text.len() as u64));
        for &level in Level::all() {
            if level == Level::Scalar && name != "logs_plain" {
                continue;
            }
            let mut scanner = Scanner::with_level(catalogue.clone(), level);
            let counts = count(&mut scanner, text, &mut *ctx);
            for (id, planted) in &corpus.planted {
                // mail addresses are off by default
                let Some(number) = catalogue.index().find(id) else {
                    continue;
                };
                let found = counts.get(number as usize).copied().unwrap_or(0);
                assert_eq!(found, *planted, "{name}: {id}");
            }
            group.bench_with_input(
                BenchmarkId::new(name, format!("{level:?}")),
                text,
                |b, text| b.iter(|| count(&mut scanner, text, &mut *ctx)),
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
        let found: usize = count(&mut scanner, text, &mut NoContext).iter().sum();
        assert!(
            found >= corpus.count(&info.id),
            "{}: {found} found of {}",
            info.id,
            corpus.count(&info.id)
        );
        group.bench_with_input(BenchmarkId::from_parameter(&info.id), text, |b, text| {
            b.iter(|| count(&mut scanner, text, &mut NoContext));
        });
    }
    group.finish();
}

/// What identifiers of the user's own cost beside all others: thirty whose expressions hold a text,
/// and one without any, which is a pass of its own.
fn custom_identifiers(c: &mut Criterion) {
    let corpus = corpus::logs(BYTES, 200, 2);
    let text = corpus.text.as_bytes();
    let built_in = Selection::default()
        .of(builtin_specs().expect("detector files load"))
        .expect("known");
    let own = |regex: &str, number: usize| {
        let mut spec = custom::from_regex(&RegexDefinition::new(regex)).expect("an expression");
        spec.id = format!("own {number}");
        spec
    };
    let prefixes = [
        "EMP", "CUST", "ORD", "INV", "PROJ", "TKT", "ACC", "BADGE", "DOC", "CASE",
    ];
    let with_texts: Vec<Spec> = (0..30)
        .map(|i| own(&format!(r"{}{}-\d{{6}}", prefixes[i % 10], i / 10), i))
        .collect();
    let mut group = c.benchmark_group("custom");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(text.len() as u64));
    for (name, more) in [
        ("none", Vec::new()),
        ("thirty_with_texts", with_texts),
        ("one_without", vec![own(r"[A-Z]{2}\d{6}", 0)]),
    ] {
        let specs = built_in.iter().cloned().chain(more).collect();
        let mut scanner = Scanner::new(Arc::new(Catalogue::from_specs(specs).expect("compiles")));
        group.bench_with_input(BenchmarkId::from_parameter(name), text, |b, text| {
            b.iter(|| count(&mut scanner, text, &mut NoContext));
        });
    }
    group.finish();
}

criterion_group!(benches, core, custom_identifiers, each_detector);
criterion_main!(benches);
