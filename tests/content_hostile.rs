//! Input made to hurt: bombs, nesting, random structure, odd names, sources that fail.

mod content_support;

use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;

use content_support::*;
use magpie::content::{Input, Limits, walk};
use magpie::model::{Block, Member, MemberOutcome, Reason, Status, Tracker, Visitor};

/// Plain pseudo-random numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }
}

/// Name, start and tokens of texts that are taken for one format or another.
const KITS: [(&str, &str, &[&str]); 13] = [
    (
        "x.json",
        "{\"a\":[",
        &[
            "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"k\":", "1", "-2.5e3", "true", " ",
            "\n", "\\", "\\\"", "é", "x",
        ],
    ),
    (
        "x.jsonl",
        "{\"a\":1}\n{\"b\":2}\n",
        &[
            "{\"a\":",
            "{\"b\":[1,",
            "}",
            "]}",
            "\n",
            "\"a\"",
            "{\"k\":\"x\\\"\"}\n",
            "1",
            ",",
            "é",
            " ",
            "\r\n",
            "\"",
        ],
    ),
    (
        "x.csv",
        "id,name,x\n1,a,2\n2,b,3\n",
        &[
            "a", "1", ",", ",", "\n", "\r\n", "\"", "\"\"", "\"a\"", "é", ",\"", "\",", " ", "x",
        ],
    ),
    (
        "x.log",
        "12:00 INFO ",
        &[
            "{\"a\":", "{", "}", "\"x\"", "\"", "\n", "\n12:01 ", "1", "[", "]", ",", ":", "\\",
            "é", "a",
        ],
    ),
    (
        "y.log",
        "2024-05-01T12:00:00.123Z start\n",
        &[
            "\n2024-05-01T12:00:01.000Z ",
            "\n2024-05-01T12:00",
            "a",
            "1",
            "\n",
            "{\"a\":\"",
            "\"}",
            "x",
            "é",
            " ",
        ],
    ),
    (
        "messages",
        "{\"messageType\":\"DATA_MESSAGE\",\"logGroup\":\"g\",\"logStream\":\"s\",\"logEvents\":[{\"id\":\"1\",\"timestamp\":1714564800123,\"message\":\"a",
        &[
            "a",
            "1",
            "\\n",
            "\\\"",
            "\\u00e9",
            "\\ud83d\\ude00",
            "\\ud83d",
            "\\",
            "\"},{\"id\":\"2\",\"timestamp\":1,\"message\":\"",
            "\"}]}",
            "{",
            "}",
            "\n",
            "\"",
            "é",
            "\"timestamp\":12",
            ",",
            "[",
            "x",
        ],
    ),
    (
        "x.html",
        "<!DOCTYPE html><p>",
        &[
            "a",
            "1",
            "é",
            "x",
            " ",
            "\n",
            "<p>",
            "<b>",
            "</b>",
            "</p>",
            "<td",
            "<",
            ">",
            "&amp;",
            "&",
            ";",
            "&#233;",
            "\"",
            "'",
            " a=",
            "=",
            "/",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "<br/>",
            "</",
            "<table><tr><th>",
            "<td>",
            "<pre>",
            "]]>",
            "<![CDATA[",
            "<?",
            "?>",
            "<!x",
            "[",
            "]",
            "&nbsp;",
        ],
    ),
    (
        "x.xml",
        "<?xml version=\"1.0\"?>",
        &[
            "a",
            "1",
            "é",
            "x",
            " ",
            "\n",
            "\r\n",
            "<a>",
            "<é x='1'>",
            "</a>",
            "</é>",
            "<",
            ">",
            "&lt;",
            "&",
            "&#xe9;",
            "\"",
            "'",
            " a=",
            "=",
            "/",
            "<!--",
            "-->",
            "<a/>",
            "</",
            "]]>",
            "<![CDATA[",
            "<?",
            "?>",
            "<!x",
            "[",
            "]",
            "\t",
        ],
    ),
    (
        "x.yaml",
        "a: 1\nb:\n",
        &[
            "a", "1", "é", "x", " ", "  ", "\n", "\r\n", ": ", ":", "- ", "-", "|", ">\n", "---\n",
            "\"", "'", "{", "}", "#", "k:\n", "\n  ", "\t",
        ],
    ),
    (
        "x.ini",
        "[a]\nb=1\n",
        &[
            "a", "1", "é", "x", " ", "\n", "\r\n", "=", ":", "[", "]", "[s]\n", "\\\n", ";", "#",
            "\n ", "\"", "'", "export ",
        ],
    ),
    (
        "x.eml",
        "From: a@b.c\nTo: d\nMIME-Version: 1.0\n",
        &[
            "a",
            "1",
            "é",
            "x",
            " ",
            "\n",
            "\r\n",
            "\n\n",
            "--b\n",
            "--b--\n",
            "Content-Type: multipart/mixed; boundary=b\n",
            "Content-Type: text/html; charset=iso-8859-1\n",
            "Content-Transfer-Encoding: quoted-printable\n",
            "Content-Transfer-Encoding: base64\n",
            "Content-Disposition: attachment; filename=a\n",
            "=C3=A9",
            "=\n",
            "=",
            "=?utf-8?q?=C3=A9?=",
            "=?utf-8?b?eA==?=",
            "=?",
            "?=",
            "YWJj",
            "eA==",
            "<p>",
            "</p>",
            "&eacute;",
            "S: ",
            "\n\t",
            "Content-Type: message/rfc822\n",
            "Content-Type: text/plain; charset=shift_jis\n",
        ],
    ),
    (
        "x.mbox",
        "From a@b Mon Jan  1 10:00:00 2024\nFrom: a\nTo: b\n\n",
        &[
            "a",
            "1",
            "é",
            "x",
            "\n",
            "\n\n",
            "From a@b Mon Jan  1 10:00:00 2024\n",
            "From ",
            ">From ",
            "Subject: x\n",
            "Content-Type: multipart/mixed; boundary=b\n\n",
            "--b\n",
            "--b--\n",
            "Content-Transfer-Encoding: base64\n\n",
            "YWJj",
        ],
    ),
    (
        "access.log",
        "1 - - [10/Oct/2023:13:55:36 +0000] \"GET /a HTTP/1.1\"\n",
        &[
            "a", "1", "é", "x", " ", "\n", "%", "%41", "%C3%A9", "%25", "+", "?", "\"", "%0a", "=",
            "&",
        ],
    ),
];

/// Texts that are scanned as what they stand for.
const UNFOLDED: [&str; 6] = [
    "messages",
    "x.html",
    "x.xml",
    "x.eml",
    "x.mbox",
    "access.log",
];

fn random_text(dice: &mut Dice, start: &str, kit: &[&str], tokens: usize) -> String {
    let mut text = start.to_owned();
    for _ in 0..dice.roll(tokens) {
        text.push_str(kit[dice.roll(kit.len())]);
    }
    text
}

const LETTERS: [&str; 4] = ["a", "1", "é", "x"];

/// Whatever the structure is taken for, it does not depend on reads or blocks, and no byte is lost.
#[test]
fn random_structure_is_the_same_every_way() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for (name, start, kit) in KITS {
        for _ in 0..60 {
            let text = random_text(&mut dice, start, kit, 120);
            let seen = see_every_way(name, text.as_bytes(), &LETTERS);
            // lines of a mail that hold nothing may be passed over
            if !matches!(name, "x.eml" | "x.mbox") {
                assert_eq!(seen.outcome.bytes_scanned, text.len() as u64);
            }
            let unfolded = seen.text != text.as_bytes();
            assert!(
                !unfolded || UNFOLDED.contains(&name),
                "{name}: text differs"
            );
            if !unfolded {
                read_back(&seen, text.as_bytes(), &lossy);
            }
        }
    }
}

/// The same for texts that are longer than the surroundings of a block.
#[test]
fn long_random_structure_is_the_same_in_all_blocks() {
    let mut dice = Dice(0x1234_5678_9abc_def1);
    for (name, start, kit) in KITS {
        for round in 0..6 {
            // One token in many is rare, so that what is open stays open for long.
            let kit = &kit[round % 3..];
            let text = random_text(&mut dice, start, kit, 16_000);
            let whole = see(name, text.as_bytes(), &Limits::default(), &LETTERS);
            for block in [777, 5000] {
                let cut = see_step(name, text.as_bytes(), &blocks_of(block), &LETTERS, 4096);
                for (one, two) in cut.found.iter().zip(&whole.found) {
                    assert_eq!(one, two, "{name} round {round} blocks of {block}");
                }
                assert_eq!(cut.found.len(), whole.found.len());
                assert_eq!(cut.text, whole.text);
                assert_eq!(cut.cells, whole.cells);
            }
        }
    }
}

#[test]
fn random_bytes_never_panic() {
    let mut dice = Dice(77);
    for round in 0..400 {
        let len = dice.roll(3000);
        let mut bytes: Vec<u8> = (0..len).map(|_| dice.roll(256) as u8).collect();
        let magic: [&[u8]; 6] = [
            b"\x1f\x8b\x08\0",
            b"PK\x03\x04",
            b"PK\x05\x06",
            b"{\"a\":",
            b"\xff\xfe",
            b"a,b\n1,2\n",
        ];
        let start = magic[round % magic.len()];
        bytes.splice(0..0, start.iter().copied());
        for limits in [Limits::default(), blocks_of(1 + dice.roll(50))] {
            see("x.csv", &bytes, &limits, &["\x01"]);
            see_ranged("x.json", &bytes, &limits, &["\x01"]);
        }
    }
}

#[test]
fn bombs_end_in_partial() {
    let spaces = vec![b' '; 32 << 20];
    let inner = gzip(&spaces);
    let many: Vec<u8> = std::iter::repeat_n(inner.as_slice(), 8)
        .flatten()
        .copied()
        .collect();
    // 256 MiB of text behind two layers, from some kilobytes.
    let bomb = gzip(&many);
    assert!(bomb.len() < 100 << 10);
    let limits = Limits {
        gzip_whole_bytes_max: 0,
        ..Limits::default()
    };
    for limits in [Limits::default(), limits] {
        let seen = see_quiet("bomb.gz", &bomb, &limits);
        assert_eq!(seen.0.status, Status::Partial);
        assert_eq!(
            seen.0.reason,
            Some(Reason::ArchiveTotalBytesExtractedOverLimit)
        );
        assert!(seen.0.bytes_scanned < 160 << 20, "{}", seen.0.bytes_scanned);
        assert!(seen.0.detail.unwrap().contains("expansion_ratio_max"));
    }
    let open = Limits {
        expansion_ratio_max: u64::MAX,
        ..Limits::default()
    };
    let seen = see_quiet("bomb.gz", &bomb, &open);
    assert_eq!(seen.0.status, Status::Complete);
    assert_eq!(seen.0.bytes_scanned, 256 << 20);
}

struct Quiet(u64);

impl Visitor for Quiet {
    fn member(&mut self, _: &Member) {}
    fn block(&mut self, block: &Block<'_>, _: &mut dyn Tracker) -> ControlFlow<()> {
        self.0 += block.own.len() as u64;
        ControlFlow::Continue(())
    }
    fn member_end(&mut self, _: &MemberOutcome) {}
}

fn see_quiet(name: &str, bytes: &[u8], limits: &Limits) -> (magpie::model::WalkOutcome, u64) {
    let mut quiet = Quiet(0);
    let input = Input {
        name,
        reader: Box::new(Cursor::new(bytes.to_vec())),
        ranged: None,
        size: Some(bytes.len() as u64),
    };
    let outcome = walk(input, limits, &mut quiet);
    (outcome, quiet.0)
}

#[test]
fn a_lying_size_changes_nothing() {
    let gz = gzip(b"some NEEDLE-1 text");
    for size in [
        None,
        Some(0),
        Some(3),
        Some(gz.len() as u64 + 100),
        Some(u64::MAX),
    ] {
        let reader = Box::new(Cursor::new(gz.clone()));
        let seen = see_reader(
            "a.gz",
            reader,
            None,
            size,
            &Limits::default(),
            &["NEEDLE-1"],
        );
        assert_eq!(seen.outcome.status, Status::Complete);
        assert_eq!(values(&seen), ["NEEDLE-1"]);
        assert_eq!(seen.outcome.bytes_read, gz.len() as u64);
    }
}

#[test]
fn names_are_names_only() {
    let name = "../../\u{1b}[2Jetc/pass\nwd";
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file(name, options).unwrap();
    io::Write::write_all(&mut writer, b"NEEDLE-1").unwrap();
    let archive = writer.finish().unwrap().into_inner();
    let seen = see("x", &archive, &Limits::default(), &["NEEDLE-1"]);
    assert_eq!(seen.found[0].container, [name]);
}

/// Gives bytes, then fails.
struct Failing(Cursor<Vec<u8>>);

impl Read for Failing {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.0.read(out)? {
            0 => Err(io::Error::new(
                io::ErrorKind::ConnectionReset,
                "reset by peer",
            )),
            read => Ok(read),
        }
    }
}

#[test]
fn a_failing_source_is_handed_up_and_what_came_is_scanned() {
    let text = b"line NEEDLE-1\n".repeat(10);
    let tarred = tar(&[("a", &text), ("b", &text)]);
    let gz = gzip(&text);
    for (bytes, whole) in [
        (text.clone(), 10),
        (gz[..gz.len() - 4].to_vec(), 10),
        (tarred[..1200].to_vec(), 10),
        (Vec::new(), 0),
    ] {
        let reader = Box::new(Failing(Cursor::new(bytes)));
        let seen = see_reader("x", reader, None, None, &Limits::default(), &["NEEDLE-1"]);
        let kind = seen.outcome.source_error.as_ref().map(io::Error::kind);
        assert_eq!(kind, Some(io::ErrorKind::ConnectionReset));
        assert_eq!(seen.found.len(), whole);
        let expected = if whole > 0 {
            Status::Partial
        } else {
            Status::Skipped
        };
        assert_eq!(seen.outcome.status, expected);
    }
}

#[test]
fn a_visitor_may_break_off() {
    struct Stop(usize, Vec<Status>);
    impl Visitor for Stop {
        fn member(&mut self, _: &Member) {}
        fn block(&mut self, _: &Block<'_>, _: &mut dyn Tracker) -> ControlFlow<()> {
            self.0 -= 1;
            if self.0 == 0 {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        }
        fn member_end(&mut self, outcome: &MemberOutcome) {
            self.1.push(outcome.status);
        }
    }
    let text = b"some text\n".repeat(100);
    let archive = gzip(&tar(&[("a", &text), ("b", &text), ("c", &text)]));
    let mut stop = Stop(2, Vec::new());
    let input = Input {
        name: "x.tgz",
        reader: Box::new(Cursor::new(archive)),
        ranged: None,
        size: None,
    };
    let outcome = walk(input, &Limits::default(), &mut stop);
    assert!(outcome.stopped);
    assert_eq!(outcome.status, Status::Partial);
    assert_eq!(stop.1, [Status::Complete, Status::Partial]);
}

#[test]
fn other_types_are_told_by_content() {
    // documents are read, and these end where they begin
    let (broken, unknown) = (Reason::MalformedFile, Reason::UnsupportedFileTypeException);
    let skipped: [(&[u8], &str, Reason); 6] = [
        (b"%PDF-1.7\n...", "application/pdf", broken),
        (b"PAR1\x15\x04", "application/parquet", broken),
        (b"Obj\x01\x04\x14avro.codec", "application/avro", broken),
        (b"SQLite format 3\0", "application/x-sqlite3", broken),
        (b"\x7fELF\x02\x01\x01", "application/x-executable", unknown),
        (
            b"a\0b\x01\x02\x03c\0\0\0\x05",
            "application/octet-stream",
            unknown,
        ),
    ];
    for (bytes, mime, reason) in skipped {
        let seen = see("innocent.txt", bytes, &Limits::default(), &[]);
        assert_eq!(seen.outcome.status, Status::Skipped, "{mime}");
        assert_eq!(seen.outcome.reason, Some(reason), "{mime}");
        assert_eq!(seen.outcome.mime_type, mime);
        assert_eq!(seen.members.len(), 1);
    }
    let empty = see("empty.csv", b"", &Limits::default(), &[]);
    assert_eq!(empty.outcome.status, Status::Complete);
    assert_eq!(empty.members.len(), 1);
    // Neither a beginning like that of other types nor a wrong name hides text.
    for text in [
        "ORChestra NEEDLE-1",
        "softftyp NEEDLE-1",
        "GIF89a is NEEDLE-1",
        "MZ NEEDLE-1",
    ] {
        let seen = see("a.log", text.as_bytes(), &Limits::default(), &["NEEDLE-1"]);
        assert_eq!(values(&seen), ["NEEDLE-1"]);
    }
    let seen = see(
        "photo.png",
        b"NEEDLE-1 in text",
        &Limits::default(),
        &["NEEDLE-1"],
    );
    assert_eq!(values(&seen), ["NEEDLE-1"]);
}
