//! Promise P6: the real binary stays under 256 MiB on input made to blow it up, and every such input
//! ends in the coverage ledger.
//!
//! Sizes are small enough for a debug build; `MAGPIE_MEMORY_MIB=1024 cargo test --release --test memory` feeds
//! streams of 1 GiB. Peak memory is the kernel's figure for the child alone.

mod cli_support;

use std::io::Write;

use cli_support::Bed;
use cli_support::measured::{self, Measured};
use flate2::Compression;
use flate2::write::GzEncoder;

const PEAK_KIB_MAX: i64 = 256 << 10;

/// Megabytes of the streams.
fn mib() -> u64 {
    std::env::var("MAGPIE_MEMORY_MIB").map_or(64, |n| n.parse().unwrap())
}

fn scan(
    bed: &Bed,
    target: &str,
    more: &[&str],
    feed: impl FnOnce(&mut dyn Write) + Send,
) -> Measured {
    let measured = measured::scan(bed, target, more, feed);
    let peak_kib = measured.peak_kib;
    assert!(peak_kib < PEAK_KIB_MAX, "{} MiB", peak_kib >> 10);
    measured
}

/// Writes a piece again and again. A command that stops reading is judged by its outcome.
fn repeat(out: &mut dyn Write, piece: &[u8], bytes: u64) {
    let block = piece.repeat((1 << 20) / piece.len() + 1);
    let mut left = bytes;
    while left > 0 {
        let n = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
        if out.write_all(&block[..n]).is_err() {
            return;
        }
        left -= n as u64;
    }
}

#[test]
fn a_long_stream_of_lines_takes_the_memory_of_a_short_one() {
    let line =
        b"2024-05-01T12:00:00.000Z GET /v1/items/7f3a19 200 17ms 10.0.3.4 cache hit of shard 12\n";
    let bed = Bed::new();
    let short = scan(&bed, "-", &[], |out| repeat(out, line, 8 << 20));
    let long = scan(&bed, "-", &[], |out| repeat(out, line, mib() << 20));
    assert_eq!((short.status, long.status), (0, 0));
    assert_eq!(long.summary["run"]["bytesScanned"], mib() << 20);
    let grown = long.peak_kib - short.peak_kib;
    assert!(
        grown < 32 << 10,
        "{} MiB more for {} times the text",
        grown >> 10,
        mib() / 8
    );
}

#[test]
fn a_line_without_end_is_read_in_bounded_memory() {
    let bed = Bed::new();
    for piece in [
        &b"x"[..],
        b"lorem ipsum dolor ",
        b"ssn 536-90-4399 and ",
        b"{\"a\":",
        b"a,",
        b"\"",
        b"\0",
    ] {
        let pieces = ((mib() / 4) << 20) / piece.len() as u64;
        let size = pieces * piece.len() as u64;
        let ran = scan(&bed, "-", &[], |out| repeat(out, piece, size));
        let status = if ran.reasons().is_empty() { 0 } else { 3 };
        assert_eq!(ran.status, status, "{piece:?}: {}", ran.summary["gaps"]);
        if piece.starts_with(b"ssn") {
            assert_eq!(ran.occurrences(), pieces);
        }
    }
}

#[test]
fn a_gzip_bomb_ends_partial_with_its_reason() {
    let bed = Bed::new();
    let bomb = gzip_of(&[0], 512 << 20, Compression::best());
    assert!(bomb.len() < 1 << 20);
    bed.write("bomb.gz", &bomb);
    let text = gzip_of(b"nothing to see in here\n", 512 << 20, Compression::best());
    bed.write("text-bomb.gz", &text);
    for (name, more, reason) in [
        (
            "bomb.gz",
            &["--max-ratio", "100"][..],
            "ARCHIVE_TOTAL_BYTES_EXTRACTED_OVER_LIMIT",
        ),
        (
            "text-bomb.gz",
            &["--max-ratio", "100"],
            "ARCHIVE_TOTAL_BYTES_EXTRACTED_OVER_LIMIT",
        ),
        (
            "text-bomb.gz",
            &["--max-extracted", "20MB"],
            "ARCHIVE_TOTAL_BYTES_EXTRACTED_OVER_LIMIT",
        ),
        (
            "text-bomb.gz",
            &["--max-member", "20MB"],
            "ARCHIVE_TOTAL_BYTES_EXTRACTED_OVER_LIMIT",
        ),
    ] {
        let ran = scan(&bed, name, more, |_| ());
        assert_eq!(ran.status, 3, "{name} {more:?}");
        let reasons = ran.reasons();
        println!("{name} {more:?}: {reasons:?}");
        assert!(
            reasons.iter().any(|r| r == reason || r == "UNSUPPORTED_FILE_TYPE_EXCEPTION" && name == "bomb.gz"),
            "{name} {more:?}: {}",
            ran.summary["gaps"]
        );
    }
}

fn gzip_of(piece: &[u8], bytes: u64, level: Compression) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    repeat(&mut encoder, piece, bytes);
    encoder.finish().unwrap()
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn zip_bombs_end_partial_with_their_reasons() {
    let bed = Bed::new();
    // flat: one member that expands; nested: zips in zips beyond the depth; many: members
    let flat = zip_of(&[("a.txt", &b"nothing to see in here\n".repeat(8_000_000))]);
    bed.write("flat.zip", &flat);
    let mut nested = b"ssn 536-90-4399\n".to_vec();
    for level in 0..14 {
        let name = format!("level-{level}.zip");
        nested = zip_of(&[(name.as_str(), &nested), ("leaf.txt", b"ssn 536-90-4399\n")]);
    }
    bed.write("nested.zip", &nested);
    let names: Vec<String> = (0..2_000).map(|i| format!("{i:05}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b"x\n"[..])).collect();
    bed.write("many.zip", zip_of(&members));
    for (name, more, reason) in [
        (
            "flat.zip",
            &["--max-extracted", "10MB"][..],
            "ARCHIVE_TOTAL_BYTES_EXTRACTED_OVER_LIMIT",
        ),
        (
            "flat.zip",
            &["--max-ratio", "50"],
            "ARCHIVE_TOTAL_BYTES_EXTRACTED_OVER_LIMIT",
        ),
        ("nested.zip", &[], "ARCHIVE_NESTING_LEVEL_OVER_LIMIT"),
        (
            "many.zip",
            &["--max-members", "1000"],
            "ARCHIVE_TOTAL_DOCUMENTS_PROCESSED_OVER_LIMIT",
        ),
    ] {
        let ran = scan(&bed, name, more, |_| ());
        assert_eq!(ran.status, 3, "{name} {more:?}: {}", ran.summary);
        assert_eq!(ran.summary["coverage"]["partial"]["objects"], 1, "{name}");
        let reasons = ran.reasons();
        assert!(
            reasons.iter().any(|r| r == reason),
            "{name} {more:?}: {reasons:?}"
        );
    }
}

#[test]
fn one_huge_cell_and_many_columns_are_bounded() {
    let bed = Bed::new();
    let size = (mib() / 4) << 20;
    let cell = scan(&bed, "-", &[], |out| {
        let _ = out.write_all(b"id,note\n1,short\n2,\"");
        repeat(out, b"word after word\n", size);
        let _ = out.write_all(b"\"\n3,ssn 536-90-4399\n");
    });
    assert_eq!(cell.occurrences(), 1, "{}", cell.summary["gaps"]);
    let columns = scan(&bed, "-", &[], |out| {
        for _ in 0..3 {
            repeat(out, b"some column,", 12 * 200_000);
            let _ = out.write_all(b"last\n");
        }
    });
    assert!(columns.status == 0 || columns.status == 3);
}

#[test]
fn deep_json_is_bounded_and_told() {
    let bed = Bed::new();
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!(
            "{}\"ssn 536-90-4399\"{}\n",
            open.repeat(100_000),
            close.repeat(100_000)
        );
        bed.write("deep.json", &deep);
        let ran = scan(&bed, "deep.json", &[], |_| ());
        assert_eq!(ran.status, 3, "{}", ran.summary);
        let reasons = ran.reasons();
        assert!(
            reasons.iter().any(|r| r == "JSON_NESTING_LEVEL_OVER_LIMIT"),
            "{reasons:?}"
        );
        // broken, never closed
        bed.write("open.json", open.repeat(2_000_000));
        let ran = scan(&bed, "open.json", &[], |_| ());
        assert_eq!(ran.status, 3, "{}", ran.summary["coverage"]);
    }
}

#[test]
fn a_file_dense_in_findings_is_bounded_and_loses_none() {
    let bed = Bed::new();
    let line = b"ssn 536-90-4399\n";
    let size = (mib() / 8) << 20;
    let ran = scan(&bed, "-", &[], |out| repeat(out, line, size));
    assert_eq!(ran.status, 0);
    assert_eq!(ran.occurrences(), size / line.len() as u64);
}

#[test]
fn twenty_thousand_small_files_are_bounded() {
    let bed = Bed::new();
    for i in 0..20_000 {
        bed.write(
            format!("d/{:03}/{i:05}.txt", i % 200),
            "user sent ssn 536-90-4399\n",
        );
    }
    let ran = scan(&bed, "d", &[], |_| ());
    assert_eq!(ran.status, 0);
    assert_eq!(ran.occurrences(), 20_000);
    assert_eq!(ran.summary["coverage"]["complete"]["objects"], 20_000);
}
