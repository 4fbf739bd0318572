//! What the walk costs without any detector, by format. Not part of a normal test run:
//! `cargo test --release --test content_speed -- --ignored --nocapture --test-threads 1`.

mod content_support;

use std::io::Cursor;
use std::ops::ControlFlow;
use std::time::Instant;

use magpie::content::{Input, Limits, walk};
use magpie::model::{Block, Member, MemberOutcome, Status, Tracker, Visitor};

#[derive(Clone, Copy, PartialEq)]
enum Ask {
    Nothing,
    /// Place and field of one offset in each [`STEP`] bytes.
    Places,
    /// All cells of two columns.
    Cells,
}

const STEP: usize = 1024;

struct Count {
    ask: Ask,
    bytes: u64,
    asked: u64,
}

impl Visitor for Count {
    fn member(&mut self, _: &Member) {}

    fn block(&mut self, block: &Block<'_>, tracker: &mut dyn Tracker) -> ControlFlow<()> {
        self.bytes += block.own.len() as u64;
        match self.ask {
            Ask::Nothing => {}
            Ask::Places => {
                for at in block.own.clone().step_by(STEP) {
                    if at + 11 > block.text.len() {
                        break;
                    }
                    let field = tracker.field_at(block, at);
                    let place = tracker.place(block, at..at + 11);
                    self.asked += place.line.min(1) + u64::from(field.is_some());
                }
            }
            Ask::Cells => tracker.cells(block, &[false, true, false, true], &mut |_, range| {
                self.asked += range.len() as u64;
            }),
        }
        ControlFlow::Continue(())
    }

    fn member_end(&mut self, _: &MemberOutcome) {}
}

fn measure(what: &str, name: &str, bytes: &[u8], ask: Ask) {
    let mut best = f64::MAX;
    let (mut scanned, mut asked) = (0, 0);
    for _ in 0..5 {
        let mut count = Count {
            ask,
            bytes: 0,
            asked: 0,
        };
        let input = Input {
            name,
            reader: Box::new(Cursor::new(bytes.to_vec())),
            ranged: None,
            size: Some(bytes.len() as u64),
        };
        let start = Instant::now();
        let outcome = walk(input, &Limits::default(), &mut count);
        best = best.min(start.elapsed().as_secs_f64());
        assert_eq!(outcome.status, Status::Complete, "{outcome:?}");
        (scanned, asked) = (count.bytes, count.asked);
    }
    assert!(scanned > 0);
    println!(
        "{what:32} {:8.0} MB/s  ({asked} asked)",
        scanned as f64 / best / 1e6
    );
}

const SIZE: usize = 64 << 20;

fn fill(line: impl Fn(usize) -> String) -> Vec<u8> {
    let mut out = Vec::with_capacity(SIZE + 1000);
    let mut i = 0;
    while out.len() < SIZE {
        out.extend_from_slice(line(i).as_bytes());
        i += 1;
    }
    out
}

#[test]
#[ignore = "measures speed"]
fn speed() {
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
    let utf16: Vec<u8> = String::from_utf8_lossy(&plain[..SIZE / 4])
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let small: Vec<(String, &[u8])> = plain
        .chunks(8 << 10)
        .take(2000)
        .enumerate()
        .map(|(i, c)| (format!("f{i}.log"), c))
        .collect();
    let small: Vec<(&str, &[u8])> = small.iter().map(|(n, c)| (n.as_str(), *c)).collect();
    let many = content_support::tar(&small);
    measure("tar of files of 8 KiB", "a.tar", &many, Ask::Nothing);
    let gz = content_support::gzip(&log);
    let small_gz = content_support::gzip(&log[..8 << 20]);
    for ask in [Ask::Nothing, Ask::Places] {
        println!(
            "{}",
            if ask == Ask::Nothing {
                "-- nothing asked"
            } else {
                "-- one offset in a KB"
            }
        );
        measure("plain text", "a.txt", &plain, ask);
        measure("one line", "a.txt", &one_line, ask);
        measure("one JSON string", "a.json", &one_string, ask);
        measure("export log", "a.log", &log, ask);
        measure("csv", "a.csv", &csv, ask);
        measure("csv, quoted", "a.csv", &quoted, ask);
        measure("json lines", "a.jsonl", &lines, ask);
        measure("json document", "a.json", &document, ask);
        measure("log documents", "a", &messages, ask);
        measure("utf-16 text", "a.txt", &utf16, ask);
        measure("gzip, 64 MiB", "a.log.gz", &gz, ask);
        measure("gzip, 8 MiB", "a.log.gz", &small_gz, ask);
    }
    measure("csv, cells of two columns", "a.csv", &csv, Ask::Cells);
    measure("csv, quoted, cells", "a.csv", &quoted, Ask::Cells);
}
