//! What the walk costs without any detector, by format.
//!
//! `cargo bench --bench content`. Bytes per second are of decoded text. Each input is read three
//! ways where that applies: nothing is asked of the tracker, the field and place of one offset in
//! a KB, all cells of two columns. Every run asserts what it read and was told.

#[path = "../tests/content_support/mod.rs"]
mod content_support;

use std::hint::black_box;
use std::io::Cursor;
use std::ops::ControlFlow;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use magpie::content::{Input, Limits, walk};
use magpie::model::{Block, Member, MemberOutcome, Status, Tracker, Visitor};

const SIZE: usize = 16 << 20;
/// Text between two offsets that are asked for.
const STEP: usize = 1024;
/// Length of what is asked for.
const VALUE: usize = 11;

#[derive(Clone, Copy, PartialEq)]
enum Ask {
    Nothing,
    /// Place and field of one offset in each [`STEP`] bytes.
    Places,
    /// All cells of two columns.
    Cells,
}

struct Count {
    ask: Ask,
    bytes: u64,
    places: u64,
    fields: u64,
    cells: u64,
}

impl Visitor for Count {
    fn member(&mut self, _: &Member) {}

    fn block(&mut self, block: &Block<'_>, tracker: &mut dyn Tracker) -> ControlFlow<()> {
        self.bytes += block.own.len() as u64;
        match self.ask {
            Ask::Nothing => {}
            Ask::Places => {
                for at in block.own.clone().step_by(STEP) {
                    if at + VALUE > block.text.len() {
                        break;
                    }
                    let field = tracker.field_at(block, at);
                    self.fields += u64::from(field.is_some());
                    let place = tracker.place(block, at..at + VALUE);
                    assert!(place.line > 0 && place.column > 0);
                    self.places += 1;
                }
            }
            Ask::Cells => tracker.cells(block, &[false, true, false, true], &mut |_, range| {
                black_box(range);
                self.cells += 1;
            }),
        }
        ControlFlow::Continue(())
    }

    fn member_end(&mut self, _: &MemberOutcome) {}
}

fn count(name: &str, bytes: &[u8], ask: Ask) -> Count {
    let mut count = Count {
        ask,
        bytes: 0,
        places: 0,
        fields: 0,
        cells: 0,
    };
    let input = Input {
        name,
        reader: Box::new(Cursor::new(bytes.to_vec())),
        ranged: None,
        size: Some(bytes.len() as u64),
    };
    let outcome = walk(input, &Limits::default(), &mut count);
    assert_eq!(outcome.status, Status::Complete, "{outcome:?}");
    count
}

struct Text {
    what: &'static str,
    name: &'static str,
    stored: Vec<u8>,
    /// Bytes of text in it.
    decoded: u64,
    has_fields: bool,
}

fn fill(line: impl Fn(usize) -> String) -> Vec<u8> {
    let mut out = Vec::with_capacity(SIZE + 1000);
    let mut i = 0;
    while out.len() < SIZE {
        out.extend_from_slice(line(i).as_bytes());
        i += 1;
    }
    out
}

fn small_files(plain: &[u8]) -> Vec<u8> {
    let files: Vec<(String, &[u8])> = plain
        .chunks(8 << 10)
        .enumerate()
        .map(|(i, chunk)| (format!("f{i}.log"), chunk))
        .collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, c)| (n.as_str(), *c)).collect();
    content_support::tar(&files)
}

fn texts() -> Vec<Text> {
    let log = fill(|i| {
        format!(
            "2024-05-01T12:{:02}:{:02}.{:03}Z INFO [worker-{}] request {} handled in {} ms {{\"user\":{{\"id\":{},\"mail\":\"user{}@example.com\"}}}}\n",
            i / 60_000 % 60,
            i / 1000 % 60,
            i % 1000,
            i % 16,
            i * 7919 % 100_003,
            i % 977,
            i,
            i
        )
    });
    let plain: Vec<u8> = fill(|i| {
        format!(
            "INFO [worker-{}] request {} handled in {} ms for nobody in particular\n",
            i % 16,
            i * 7919 % 100_003,
            i % 977
        )
    });
    let one_line: Vec<u8> = plain
        .iter()
        .map(|&b| if b == b'\n' { b' ' } else { b })
        .collect();
    let one_string = [b"{\"a\":\"", one_line.as_slice(), b"\"}"].concat();
    let csv = fill(|i| match i {
        0 => "id,full name,note,mail,card\n".to_owned(),
        _ => format!(
            "{i},Name Surname{},note {},user{}@example.com,4111 1111 1111 {:04}\n",
            i % 97,
            i % 13,
            i,
            i % 10_000
        ),
    });
    let quoted = fill(|i| match i {
        0 => "id,full name,note,mail,card\n".to_owned(),
        _ => format!(
            "{i},\"Surname, Name {}\",\"note {}\",\"user{}@example.com\",\"4111 1111 1111 {:04}\"\n",
            i % 97,
            i % 13,
            i,
            i % 10_000
        ),
    });
    let json_line = |i: usize| {
        format!(
            "{{\"id\":{i},\"user\":{{\"name\":\"Name Surname{}\",\"mail\":\"user{i}@example.com\",\"tags\":[\"a\",\"b\",{}]}},\"note\":\"some \\\"quoted\\\" text of a usual length\"}}\n",
            i % 97,
            i % 13
        )
    };
    let lines = fill(json_line);
    let document = [
        b"[".as_slice(),
        &fill(|i| json_line(i).replace('\n', ",\n")),
        b"0]",
    ]
    .concat();
    let messages = fill(|d| {
        let events: Vec<String> = (0..50)
            .map(|i| format!("{{\"id\":\"382345678901234567890123456789012345678901234567{:08}\",\"timestamp\":17145648{:05},\"message\":\"INFO [worker-{}] request {} handled {{\\\"user\\\":{{\\\"id\\\":{}}}}} for nobody in particular\\n\"}}", d * 50 + i, i, i % 16, i * 7919, i))
            .collect();
        format!(
            "{{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"111122223333\",\"logGroup\":\"g\",\"logStream\":\"s\",\"subscriptionFilters\":[\"f\"],\"logEvents\":[{}]}}",
            events.join(",")
        )
    });
    let utf16: Vec<u8> = String::from_utf8_lossy(&plain[..SIZE])
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let many = small_files(&plain);
    let gz = content_support::gzip(&log);
    let small_gz = content_support::gzip(&log[..SIZE / 8]);
    let sizes = [plain.len(), log.len()].map(|len| len as u64);
    let text = |what, name, stored: Vec<u8>, has_fields| Text {
        what,
        name,
        decoded: stored.len() as u64,
        stored,
        has_fields,
    };
    let decoded = |text: Text, decoded| Text { decoded, ..text };
    let unfolded = count("a", &messages, Ask::Nothing).bytes;
    vec![
        decoded(text("tar of small files", "a.tar", many, false), sizes[0]),
        decoded(text("utf-16 text", "a.txt", utf16, false), SIZE as u64),
        text("plain text", "a.txt", plain, false),
        text("one line", "a.txt", one_line, false),
        text("one JSON string", "a.json", one_string, true),
        text("export log", "a.log", log, true),
        text("csv", "a.csv", csv, true),
        text("csv, quoted", "a.csv", quoted, true),
        text("json lines", "a.jsonl", lines, true),
        text("json document", "a.json", document, true),
        decoded(text("log documents", "a", messages, true), unfolded),
        decoded(text("gzip", "a.log.gz", gz, true), sizes[1]),
        decoded(
            text("gzip, small", "a.log.gz", small_gz, true),
            (SIZE / 8) as u64,
        ),
    ]
}

fn content(c: &mut Criterion) {
    let mut group = c.benchmark_group("content");
    group.sample_size(10);
    for text in texts() {
        group.throughput(Throughput::Bytes(text.decoded));
        group.bench_function(format!("{}/read", text.what), |b| {
            b.iter(|| {
                let count = count(text.name, &text.stored, Ask::Nothing);
                assert_eq!(count.bytes, text.decoded);
            });
        });
        group.bench_function(format!("{}/places", text.what), |b| {
            b.iter(|| {
                let count = count(text.name, &text.stored, Ask::Places);
                assert_eq!(count.bytes, text.decoded);
                assert!(count.places >= text.decoded / STEP as u64);
                assert_eq!(count.fields > 0, text.has_fields);
            });
        });
        if text.what.starts_with("csv") {
            // the first row holds the names
            let rows = bytecount::count(&text.stored, b'\n') as u64 - 1;
            group.bench_function(format!("{}/cells", text.what), |b| {
                b.iter(|| {
                    let count = count(text.name, &text.stored, Ask::Cells);
                    assert_eq!((count.bytes, count.cells), (text.decoded, 2 * rows));
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, content);
criterion_main!(benches);
