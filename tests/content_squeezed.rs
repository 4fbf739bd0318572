//! Compressed streams beside gzip: what is in them, damage, and limits.

mod content_support;

use std::io::Write;

use content_support::*;
use magpie::content::Limits;
use magpie::model::{Reason, Status};

type Squeeze = fn(&[u8]) -> Vec<u8>;

/// Name, type, and writer of each format.
const FORMATS: [(&str, &str, Squeeze); 6] = [
    ("a.log.zst", "application/zstd", zstd),
    ("a.log.bz2", "application/x-bzip2", bzip2),
    ("a.log.xz", "application/x-xz", xz),
    ("a.log.lz4", "application/x-lz4", lz4),
    ("a.log.sz", "application/x-snappy-framed", snappy),
    ("a.log.zz", "application/zlib", zlib),
];

fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(text, 3).expect("compress")
}

fn written<W: Write>(mut to: W, text: &[u8]) -> W {
    to.write_all(text).expect("compress");
    to
}

fn bzip2(text: &[u8]) -> Vec<u8> {
    let to = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    written(to, text).finish().expect("compress")
}

fn xz(text: &[u8]) -> Vec<u8> {
    let to = liblzma::write::XzEncoder::new(Vec::new(), 6);
    written(to, text).finish().expect("compress")
}

fn lz4(text: &[u8]) -> Vec<u8> {
    use lz4_flex::frame::{BlockSize, FrameEncoder, FrameInfo};
    let info = FrameInfo::new().block_size(BlockSize::Max64KB);
    let to = FrameEncoder::with_frame_info(info, Vec::new());
    written(to, text).finish().expect("compress")
}

fn snappy(text: &[u8]) -> Vec<u8> {
    let to = snap::write::FrameEncoder::new(Vec::new());
    written(to, text).into_inner().expect("compress")
}

fn zlib(text: &[u8]) -> Vec<u8> {
    let to = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    written(to, text).finish().expect("compress")
}

/// Lines that do not repeat, with a needle at the start, in the middle and at the end.
fn text() -> String {
    let mut state = 7u64;
    let mut text = String::from("first NEEDLE-1\n");
    for i in 0..20_000 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        text += &format!("{i} {:016x}\n", state >> 3);
        if i == 10_000 {
            text += "NEEDLE-2\n";
        }
    }
    text + "last NEEDLE-3\n"
}

const NEEDLES: [&str; 3] = ["NEEDLE-1", "NEEDLE-2", "NEEDLE-3"];

#[test]
fn every_format_is_read_by_content() {
    let text = text();
    for (name, mime, squeeze) in FORMATS {
        for (name, member) in [(name, "a.log"), ("misnamed.png", "misnamed.png")] {
            let seen = see(
                name,
                &squeeze(text.as_bytes()),
                &Limits::default(),
                &NEEDLES,
            );
            assert_eq!(
                seen.outcome.status,
                Status::Complete,
                "{mime}: {:?}",
                seen.outcome
            );
            assert_eq!(seen.outcome.mime_type, mime);
            assert_eq!(seen.outcome.bytes_scanned, text.len() as u64, "{mime}");
            assert_eq!(values(&seen), NEEDLES, "{mime}");
            read_back(&seen, text.as_bytes(), &|b| lossy(b));
            for found in &seen.found {
                assert_eq!(found.container, [member]);
                assert_eq!(found.place.stored_range, None);
            }
            assert_eq!(seen.found[2].place.line, 20_003);
        }
    }
}

#[test]
fn streams_back_to_back_are_one() {
    for (name, mime, squeeze) in &FORMATS[..5] {
        let both = [squeeze(b"one NEEDLE-1\n"), squeeze(b"two NEEDLE-2\n")].concat();
        let seen = see(name, &both, &Limits::default(), &NEEDLES);
        assert_eq!(
            seen.outcome.status,
            Status::Complete,
            "{mime}: {:?}",
            seen.outcome
        );
        assert_eq!(values(&seen), ["NEEDLE-1", "NEEDLE-2"], "{mime}");
        assert_eq!(seen.found[1].place.line, 2, "{mime}");
    }
}

#[test]
fn what_can_be_expanded_is_read_and_the_rest_is_told() {
    let text = text();
    for (name, mime, squeeze) in FORMATS {
        let whole = squeeze(text.as_bytes());
        for share in [30, 70, 99] {
            let cut = &whole[..whole.len() * share / 100];
            let seen = see(name, cut, &Limits::default(), &NEEDLES);
            assert_ne!(seen.outcome.status, Status::Complete, "{mime} {share}");
            assert_eq!(
                seen.outcome.reason,
                Some(Reason::MalformedFile),
                "{mime} {share}"
            );
            // bzip2 and xz give out nothing of a block that is not whole
            if share > 60 && !matches!(mime, "application/x-bzip2" | "application/x-xz") {
                assert_eq!(values(&seen)[..2], NEEDLES[..2], "{mime} {share}");
            }
        }
        for place in 1..8 {
            let mut flipped = whole.clone();
            let at = whole.len() * place / 8;
            flipped[at] ^= 0x20;
            let seen = see(name, &flipped, &Limits::default(), &NEEDLES);
            let told = seen.outcome.status != Status::Complete;
            // without a checksum of the content a literal byte may be another
            assert!(
                told || matches!(mime, "application/zstd" | "application/x-lz4"),
                "{mime} {place}"
            );
        }
    }
}

#[test]
fn bombs_end_at_the_limits() {
    let zeros = vec![b'0'; 80 << 20];
    for (name, mime, squeeze) in FORMATS {
        let bomb = squeeze(&zeros);
        let limits = Limits {
            expansion_free_bytes: 1 << 20,
            expansion_ratio_max: 10,
            ..Limits::default()
        };
        let seen = see(name, &bomb, &limits, &NEEDLES);
        assert_eq!(seen.outcome.status, Status::Partial, "{mime}");
        let over = Some(Reason::ArchiveTotalBytesExtractedOverLimit);
        assert_eq!(seen.outcome.reason, over, "{mime}: {:?}", seen.outcome);
    }
}

#[test]
fn a_window_that_is_too_large_is_told() {
    let frame = |log| {
        let mut to = zstd::stream::write::Encoder::new(Vec::new(), 1).expect("an encoder");
        to.window_log(log).expect("a window");
        written(to, &vec![b'a'; 1 << 20])
            .finish()
            .expect("compress")
    };
    let seen = see("a.zst", &frame(27), &Limits::default(), &NEEDLES);
    let outcome = (seen.outcome.status, seen.outcome.reason);
    assert_eq!(
        outcome,
        (Status::Skipped, Some(Reason::FileExceedsSizeLimit))
    );
    let detail = seen.outcome.detail.expect("a detail");
    assert!(
        detail.contains("needs 135266304 bytes of memory"),
        "{detail}"
    );
    assert!(detail.ends_with("raise walk_bytes_max"), "{detail}");
    // what follows a frame that is within bounds may not be
    let both = [frame(20), frame(25)].concat();
    let seen = see("a.zst", &both, &Limits::default(), &NEEDLES);
    let outcome = (seen.outcome.status, seen.outcome.reason);
    assert_eq!(outcome, (Status::Partial, Some(Reason::MalformedFile)));
    let detail = seen.outcome.detail.expect("a detail");
    assert!(
        detail.contains("needs more memory later on than the 9 MiB"),
        "{detail}"
    );
}

#[test]
fn archives_may_be_inside() {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    let content = b"x NEEDLE-1\n";
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    tar.append_data(&mut header, "inner/a.txt", &content[..])
        .expect("append");
    let tar = tar.into_inner().expect("a tar");
    let seen = see(
        "backup.tzst",
        &zstd(&xz(&tar)),
        &Limits::default(),
        &NEEDLES,
    );
    assert_eq!(seen.outcome.status, Status::Complete, "{:?}", seen.outcome);
    assert_eq!(
        seen.found[0].container,
        ["backup.tar", "backup.tar", "inner/a.txt"]
    );
}
