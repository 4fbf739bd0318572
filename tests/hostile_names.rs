//! Names that attack: control characters, terminal escapes, bidi controls, line ends, ways out of
//! the tree, very long, not UTF-8. They never reach a terminal raw, jsonl stays one document a line,
//! the files are read, and the uri of each opens again.

mod cli_support;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;

use cli_support::{Bed, Ran};

const LINE: &str = "ssn 536-90-4399\n";

fn names() -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = [
        "\u{1b}[2J\u{1b}[31mred.txt",
        "\u{1b}]0;title\u{7}.txt",
        "\u{9b}31m.txt",
        "new\nline.txt",
        "carriage\rreturn.txt",
        "tab\tand\u{8}back.txt",
        "\u{202e}gpj.exe",
        "\u{2066}isolate\u{2069}.txt",
        "zero\u{200b}width.txt",
        "line\u{2028}sep.txt",
        "nul\u{1}soh.txt",
        "del\u{7f}.txt",
        "quote\"and\\back.txt",
        "%41 percent %2F.txt",
        "question?versionId=x#frag.txt",
        " lead and trail ",
        "-",
        "--format",
        "~",
        "$(id)`id`;id",
        "<script>alert(1)</script>",
        "{\"json\":true}",
        "a:b|c*d",
        "Ünïcödé-東京-🦜.txt",
        "e\u{301}.txt",
        "...",
        "..txt",
    ]
    .into_iter()
    .map(|n| n.as_bytes().to_vec())
    .collect();
    names.push("l".repeat(255).into_bytes());
    names.push(b"latin-\xe9\xff.txt".to_vec());
    names.push(b"cut-utf8-\xf0\x9f\xa6".to_vec());
    names
}

/// Nothing that a terminal obeys: control characters but line ends, bidi and invisible ones.
fn tame(what: &str, text: &str) {
    for c in text.chars() {
        let bad = c.is_control() && c != '\n'
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        assert!(!bad, "{c:?} in {what}");
    }
}

fn uris(ran: &Ran) -> Vec<String> {
    ran.lines()
        .iter()
        .map(|l| l["object"]["uri"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn hostile_file_names_are_read_and_shown_tamely() {
    let bed = Bed::new();
    let names = names();
    for name in &names {
        bed.write(
            std::path::Path::new("d").join(OsStr::from_bytes(name)),
            LINE,
        );
    }
    // a gap too is told with its name
    bed.write(
        "d/\u{1b}[31mgap\u{202e}\n.png",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    );
    let jsonl = bed.run(&["scan", "d", "--format", "jsonl"]);
    assert_eq!(jsonl.status, Some(3), "{}", jsonl.stderr);
    let found = uris(&jsonl);
    assert_eq!(found.len(), names.len());
    assert_eq!(
        found.iter().collect::<BTreeSet<_>>().len(),
        names.len(),
        "each has its own uri"
    );
    tame("jsonl", &jsonl.stdout);
    let table = bed.run(&["scan", "d"]);
    assert_eq!(table.status, Some(3));
    tame("table", &table.stdout);
    for format in ["json", "macie"] {
        let ran = bed.run(&["scan", "d", "--format", format, "-o", "out"]);
        tame(
            format,
            &std::fs::read_to_string(bed.work().join("out")).unwrap(),
        );
        tame("the table on standard error", &ran.stderr);
    }
    let (_, summary) = bed.summary(&["d"]);
    assert_eq!(summary["coverage"]["complete"]["objects"], names.len());
    for uri in &found {
        let again = bed.run(&["scan", uri, "--format", "jsonl"]);
        assert_eq!(again.status, Some(0), "{uri}: {}", again.stderr);
        assert_eq!(again.lines().len(), 1, "{uri}");
        tame("jsonl", &again.stdout);
    }
    // what is told of a name that is not there is tame as well
    let missing = bed.run(&["scan", "\u{1b}[2J\u{202e}nosuch\n"]);
    assert_eq!(missing.status, Some(2));
    tame("an error", &missing.stderr);
    assert_eq!(missing.stderr.lines().count(), 1, "{}", missing.stderr);
    let output = bed.run(&["scan", "d", "-o", "nosuch\u{1b}[2J/x"]);
    assert_eq!(output.status, Some(6));
    tame("an error", &output.stderr);
    let id = bed.run(&["scan", "d", "--identifiers", "\u{1b}[2J"]);
    assert_eq!(id.status, Some(2));
    tame("an error", &id.stderr);
    let log = bed.run(&["logs", "\u{1b}[2J"]);
    tame("an error", &log.stderr);
    let events = bed.run(&["logs"]);
    tame("the job log", &events.stdout);
}

#[test]
fn a_job_name_with_escapes_stays_inside_its_event() {
    let bed = Bed::new();
    bed.write("a.txt", LINE);
    let ran = bed.run(&["scan", "a.txt", "--job-name", "a\n{\"x\":1}\u{1b}[2J"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let log = bed.run(&["logs"]);
    assert_eq!(log.lines().len(), 3);
    tame("the job log", &log.stdout);
}

/// Stored entries of a zip, with names as bytes: the writers of libraries refuse such names.
fn zip_of(members: &[(Vec<u8>, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let mut common = Vec::new();
        common.extend([20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0x58]);
        common.extend(crc32fast::hash(bytes).to_le_bytes());
        common.extend((bytes.len() as u32).to_le_bytes());
        common.extend((bytes.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        let offset = out.len() as u32;
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name);
        out.extend(*bytes);
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name);
    }
    let (at, size, n) = (
        out.len() as u32,
        directory.len() as u32,
        members.len() as u16,
    );
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(n.to_le_bytes());
    out.extend(n.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn tar_of(members: &[(Vec<u8>, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..name.len().min(100)].copy_from_slice(&name[..name.len().min(100)]);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        out.extend(header.as_bytes());
        out.extend(*bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.extend([0; 1024]);
    out
}

#[test]
fn hostile_member_names_are_read_written_nowhere_and_shown_tamely() {
    let bed = Bed::new();
    let mut names = names();
    names.retain(|n| n.len() <= 100);
    for way_out in [
        "../../out.txt",
        "/etc/out.txt",
        "a/../../b.txt",
        "C:\\out.txt",
        "..\\..\\x",
        "",
        "a//b",
        "./c",
    ] {
        names.push(way_out.as_bytes().to_vec());
    }
    let members: Vec<(Vec<u8>, &[u8])> =
        names.iter().map(|n| (n.clone(), LINE.as_bytes())).collect();
    let mut gz = flate2::GzBuilder::new()
        .filename("../\u{1b}[2Jx\u{202e}.log")
        .comment("c\u{1b}[2J")
        .write(Vec::new(), flate2::Compression::fast());
    gz.write_all(LINE.as_bytes()).unwrap();
    bed.write("d/m.zip", zip_of(&members));
    bed.write("d/m.tar", tar_of(&members));
    bed.write("d/m.gz", gz.finish().unwrap());
    let before: BTreeSet<_> = walk(bed.work().parent().unwrap());
    let jsonl = bed.run(&["scan", "d", "--format", "jsonl"]);
    tame("jsonl", &jsonl.stdout);
    tame("standard error", &jsonl.stderr);
    let count = |end: &str| uris(&jsonl).iter().filter(|u| u.ends_with(end)).count();
    assert_eq!(count("m.zip"), names.len(), "{}", jsonl.stderr);
    assert_eq!(count("m.gz"), 1);
    // a tar entry without a name is not one: the rest is read
    assert!(count("m.tar") >= names.len() - 1, "{}", count("m.tar"));
    let table = bed.run(&["scan", "d"]);
    tame("table", &table.stdout);
    let (_, summary) = bed.summary(&["d"]);
    assert_eq!(summary["coverage"]["listed"]["objects"], 3);
    let after: BTreeSet<_> = walk(bed.work().parent().unwrap())
        .into_iter()
        .filter(|p| !p.starts_with(bed.state()))
        .collect();
    assert_eq!(before, after, "nothing is extracted anywhere");
}

fn walk(folder: &std::path::Path) -> BTreeSet<std::path::PathBuf> {
    let mut all = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(walk(&path));
        }
        all.insert(path);
    }
    all
}

/// Columns, JSON keys, log streams and messages come from the content, and are shown as well.
#[test]
fn hostile_names_inside_content_are_shown_tamely() {
    let bed = Bed::new();
    let evil = "\u{1b}[31m\u{202e}x\u{7}";
    // a cell with control characters is not taken for a header
    let header = "\u{202e}x\u{2028}y";
    bed.write(
        "d/t.csv",
        format!("id,\"ssn {header}\"\n1,536-90-4399\n2,536-90-4398\n3,536-90-4397\n"),
    );
    bed.write(
        "d/o.json",
        serde_json::json!({ evil: {"ssn": "536-90-4399"} }).to_string(),
    );
    bed.write(
        "d/firehose",
        serde_json::json!({
            "messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": evil, "logStream": evil,
            "subscriptionFilters": [evil],
            "logEvents": [{"id": evil, "timestamp": 1_714_564_800_000u64, "message": "ssn 536-90-4399"}],
        })
        .to_string(),
    );
    for format in ["jsonl", "table", "json", "macie"] {
        let ran = bed.run(&["scan", "d", "--format", format]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        tame(format, &ran.stdout);
        if format == "jsonl" {
            assert!(ran.lines().len() >= 4, "{}", ran.stdout);
        }
    }
}
