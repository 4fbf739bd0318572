//! Memory stays bounded whatever the input is. One test alone in its process, so that the peak of
//! the process is that of the walk.
#![cfg(target_os = "linux")]

use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;

use magpie::content::{Input, Limits, walk};
use magpie::model::{Block, Member, MemberOutcome, Tracker, Visitor, WalkOutcome};

/// Asks for the place and the field of one offset in each block, and for all cells.
struct Asker(u64);

impl Visitor for Asker {
    fn member(&mut self, _: &Member) {}

    fn block(&mut self, block: &Block<'_>, tracker: &mut dyn Tracker) -> ControlFlow<()> {
        let at = block.own.start;
        tracker.field_at(block, at);
        tracker.field_names(&mut |name| self.0 += name.len() as u64);
        self.0 += tracker.place(block, at..at + 1).column;
        tracker.cells(block, &[true, true], &mut |_, range| {
            self.0 += range.len() as u64
        });
        ControlFlow::Continue(())
    }

    fn member_end(&mut self, _: &MemberOutcome) {}
}

/// A start, then a unit over and over.
struct Endless {
    start: Cursor<&'static [u8]>,
    unit: &'static [u8],
    at: usize,
    left: usize,
}

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let started = self.start.read(out)?;
        if started > 0 {
            return Ok(started);
        }
        let len = out.len().min(self.left);
        for byte in &mut out[..len] {
            *byte = self.unit[self.at];
            self.at = (self.at + 1) % self.unit.len();
        }
        self.left -= len;
        Ok(len)
    }
}

fn run(name: &str, start: &'static [u8], unit: &'static [u8], bytes: usize) -> WalkOutcome {
    let reader = Box::new(Endless {
        start: Cursor::new(start),
        unit,
        at: 0,
        left: bytes,
    });
    let input = Input {
        name,
        reader,
        ranged: None,
        size: None,
    };
    walk(input, &Limits::default(), &mut Asker(0))
}

fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib << 10
}

const MAIL: &[u8] = b"From: a@b.c\nTo: d\nMIME-Version: 1.0\nSubject: ";
const MBOX: &[u8] = b"From a@b Mon Jan  1 10:00:00 2024\nFrom: a\nTo: b\n\n";
const ACCESS: &[u8] = b"1 - - [10/Oct/2023:13:55:36 +0000] \"GET /a HTTP/1.1\"\n";

#[test]
fn memory_is_bounded_for_any_input() {
    const SIZE: usize = 24 << 20;
    let messages = b"{\"messageType\":\"DATA_MESSAGE\",\"logGroup\":\"g\",\"logStream\":\"s\",\"logEvents\":[{\"message\":\"";
    let inputs: [(&str, &'static [u8], &'static [u8]); 33] = [
        ("one line", b"", b"x"),
        ("one line with JSON", b"INFO {\"a\":[", b"\"x\","),
        ("empty lines", b"a", b"\n"),
        (
            "export log, one event",
            b"2024-05-01T12:00:00.123Z a",
            b"\nb",
        ),
        ("names.json", b"{\"k\":1", b",\"name\":1"),
        ("deep.json", b"[", b"[{\"a\":"),
        ("long name.json", b"{\"a\":1,\"", b"n"),
        ("long text.json", b"{\"a\":\"", b"t\\\""),
        ("numbers.json", b"[1", b",1"),
        ("lines.jsonl", b"{\"a\":1}\n", b"{\"a\":[1,2]}\n"),
        ("huge cell.csv", b"id,name\n1,\"", b"c,\n"),
        ("commas.csv", b"id,name\n1,a\n", b","),
        ("rows.csv", b"id,name\n1,a\n", b"\n"),
        ("quotes.csv", b"id,name\n1,\"", b"\""),
        ("escapes", messages, b"\\n"),
        ("events", messages, b"\"},{\"message\":\""),
        ("deep.xml", b"<?xml version=\"1.0\"?>", b"<a>"),
        ("elements.xml", b"<?xml version=\"1.0\"?><r>", b"<a>x</a>"),
        ("attribute.xml", b"<?xml version=\"1.0\"?><r a=\"", b"x"),
        ("attributes.xml", b"<?xml version=\"1.0\"?><r ", b"a='1' "),
        ("tag.html", b"<!DOCTYPE html><p ", b"a "),
        ("name.html", b"<!DOCTYPE html><p", b"a"),
        ("entities.html", b"<!DOCTYPE html><p>", b"&eacute;"),
        ("table.html", b"<!DOCTYPE html><table><tr>", b"<th>a<td>1"),
        ("comment.html", b"<!DOCTYPE html><!--", b"-"),
        ("keys.yaml", b"a: 1\n", b" b: 2\n"),
        ("items.yaml", b"a: 1\nb:", b"- "),
        ("sections.ini", b"[a]\nb=1\n", b"[c]\nd=2\n"),
        ("header.eml", MAIL, b"x y "),
        ("fields.eml", MAIL, b"1\nTo: =?utf-8?q?=41?="),
        ("words.eml", MAIL, b"\n\n\xc3\xa9 a\n"),
        (
            "messages.mbox",
            MBOX,
            b"\n\nFrom a@b Mon Jan  1 10:00:00 2024\nTo: x\n\n1",
        ),
        ("access.log", ACCESS, b"%41"),
    ];
    let before = peak_bytes();
    for (name, start, unit) in inputs {
        let outcome = run(name, start, unit, SIZE);
        // a mail may end in a line of nothing
        let all = (start.len() + SIZE) as u64;
        assert!(
            outcome.bytes_scanned + 200 > all && outcome.bytes_scanned <= all,
            "{name}"
        );
        let used = peak_bytes() - before;
        println!("{name}: peak {} KiB", used >> 10);
        assert!(used < 48 << 20, "{name}: {} MiB", used >> 20);
    }
    // Headers of containers that promise the world.
    let mut long_name = vec![0u8; 512];
    long_name[..4].copy_from_slice(b"name");
    long_name[124..135].copy_from_slice(b"77777777777");
    long_name[156] = b'L';
    long_name[257..262].copy_from_slice(b"ustar");
    let sum: u32 = 8 * 32 + long_name.iter().map(|&b| u32::from(b)).sum::<u32>();
    long_name[148..154].copy_from_slice(format!("{sum:06o}").as_bytes());
    run("name.tar", long_name.leak(), b"n", SIZE);
    run("name.gz", b"\x1f\x8b\x08\x08\0\0\0\0\0\0", b"n", SIZE);
    let used = peak_bytes() - before;
    assert!(used < 48 << 20, "{} MiB", used >> 20);
    println!("peak {} KiB", used >> 10);
}
