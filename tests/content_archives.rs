//! Zip and tar, one in another, whole and damaged, and the limits.

mod content_support;

use std::io::{Cursor, Read, Write};

use content_support::*;
use magpie::content::{Limits, Memory};
use magpie::model::{Reason, Status};
use zip::CompressionMethod::{Deflated, Stored};
use zip::write::SimpleFileOptions;

const NEEDLES: [&str; 3] = ["NEEDLE-1", "NEEDLE-2", "NEEDLE-3"];

fn zip_with(files: &[(&str, &[u8])], method: zip::CompressionMethod, large: bool) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(method)
        .large_file(large);
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(files, Deflated, false)
}

/// As written to a pipe: sizes follow the content.
fn zip_to_stream(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    let options = SimpleFileOptions::default().compression_method(Deflated);
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Too little to hold any archive, so that it is read as a stream.
fn nothing_held() -> Limits {
    Limits {
        memory: Memory::default().with_walk_bytes_max(0),
        ..Limits::default()
    }
}

fn containers(seen: &Seen) -> Vec<String> {
    seen.found.iter().map(|f| f.container.join("!")).collect()
}

#[test]
fn zip_by_every_road() {
    let files: [(&str, &[u8]); 4] = [
        ("a/one.txt", b"first NEEDLE-1\n"),
        ("empty", b""),
        ("two.csv", b"id,name\n1,NEEDLE-2\n"),
        ("deep/three.log", b"NEEDLE-3"),
    ];
    for (what, archive, stored) in [
        ("deflated", zip(&files), false),
        ("stored", zip_with(&files, Stored, false), true),
        ("zip64", zip_with(&files, Deflated, true), false),
        ("from a pipe", zip_to_stream(&files), false),
    ] {
        for seen in [
            see("x.zip", &archive, &Limits::default(), &NEEDLES),
            see_step("x.zip", &archive, &blocks_of(3), &NEEDLES, 1),
            see_ranged("x.zip", &archive, &Limits::default(), &NEEDLES),
            see("x.zip", &archive, &nothing_held(), &NEEDLES),
            see_step("x.zip", &archive, &nothing_held(), &NEEDLES, 1),
        ] {
            assert_eq!(
                seen.outcome.status,
                Status::Complete,
                "{what} {:?}",
                seen.outcome
            );
            assert_eq!(seen.outcome.mime_type, "application/zip");
            assert_eq!(seen.outcome.members, 4, "{what}");
            assert_eq!(
                containers(&seen),
                ["a/one.txt", "deep/three.log", "two.csv"]
            );
            assert_eq!(seen.found[2].place.cell.as_ref().unwrap().row, 2);
            for found in &seen.found {
                let range = found.place.stored_range.clone();
                assert_eq!(range.is_some(), stored);
                if let Some(range) = range {
                    let bytes = &archive[range.start as usize..range.end as usize];
                    assert_eq!(lossy(bytes), found.value);
                }
            }
        }
    }
}

#[test]
fn containers_in_any_order() {
    let gz = gzip(b"NEEDLE-1 in gzip\n");
    let inner_tar = tar(&[("t/in.txt", b"NEEDLE-2"), ("z.gz", &gz)]);
    let inner_zip = zip(&[("tar.tar", &inner_tar), ("plain.txt", b"NEEDLE-3")]);
    let tgz = gzip(&tar(&[("x.zip", &inner_zip)]));
    for limits in [Limits::default(), nothing_held()] {
        let seen = see("dir/all.tgz", &tgz, &limits, &NEEDLES);
        assert_eq!(seen.outcome.status, Status::Complete, "{:?}", seen.outcome);
        assert_eq!(
            containers(&seen),
            [
                "all.tar!x.zip!plain.txt",
                "all.tar!x.zip!tar.tar!t/in.txt",
                "all.tar!x.zip!tar.tar!z.gz!z",
            ]
        );
        assert_eq!(seen.outcome.members, 3);
    }
    let times: Vec<_> = see("a.tar", &inner_tar, &Limits::default(), &NEEDLES)
        .members
        .iter()
        .map(|m| m.last_modified.unwrap().timestamp())
        .collect();
    assert_eq!(times, [1_714_564_800; 2]);
}

#[test]
fn long_tar_names_and_odd_members() {
    let long = format!("{}/file.txt", "long-name/".repeat(30));
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(8);
    builder
        .append_data(&mut header, &long, b"NEEDLE-1".as_slice())
        .unwrap();
    builder
        .append_pax_extensions([("path", "päx/näme.txt".as_bytes())])
        .unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_size(8);
    header.set_path("short").unwrap();
    header.set_cksum();
    builder.append(&header, b"NEEDLE-2".as_slice()).unwrap();
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    builder
        .append_link(&mut link, "link", "/etc/passwd")
        .unwrap();
    let mut folder = tar::Header::new_gnu();
    folder.set_entry_type(tar::EntryType::Directory);
    folder.set_size(0);
    builder
        .append_data(&mut folder, "folder/", std::io::empty())
        .unwrap();
    let archive = builder.into_inner().unwrap();
    let seen = see("a.tar", &archive, &Limits::default(), &NEEDLES);
    assert_eq!(seen.outcome.status, Status::Complete, "{:?}", seen.outcome);
    assert_eq!(containers(&seen), [long.as_str(), "päx/näme.txt"]);
    assert_eq!(seen.outcome.members, 2);
    for found in &seen.found {
        let range = found.place.stored_range.clone().unwrap();
        assert_eq!(
            lossy(&archive[range.start as usize..range.end as usize]),
            found.value
        );
    }
}

#[test]
fn what_is_not_read_is_told() {
    let png = b"\x89PNG\r\n\x1a\n and more".as_slice();
    let archive = zip(&[
        ("a.png", png),
        ("b.txt", b"NEEDLE-1"),
        ("c.rar", b"Rar!\x1a\x07\x01\0\x01\x02\x03\0\0\0\x04\0"),
    ]);
    let seen = see("x.zip", &archive, &Limits::default(), &NEEDLES);
    assert_eq!(values(&seen), ["NEEDLE-1"]);
    assert_eq!(seen.outcome.status, Status::Partial);
    assert_eq!(
        seen.outcome.reason,
        Some(Reason::ArchiveContainsUnprocessedFiles)
    );
    let skipped: Vec<_> = seen
        .members
        .iter()
        .filter(|m| m.status == Status::Skipped)
        .map(|m| (m.container[0].as_str(), m.mime_type, m.reason))
        .collect();
    let reason = Some(Reason::UnsupportedFileTypeException);
    let rar = "application/x-rar-compressed";
    assert_eq!(
        skipped,
        [("a.png", "image/png", reason), ("c.rar", rar, reason)]
    );
    // Nothing but what is not read.
    let seen = see("x.tar", &tar(&[("a.png", png)]), &Limits::default(), &[]);
    assert_eq!(seen.outcome.status, Status::Skipped);
    let seen = see("a.png.gz", &gzip(png), &Limits::default(), &[]);
    assert_eq!(seen.outcome.status, Status::Skipped);
    assert_eq!(seen.outcome.reason, reason);
    assert_eq!(seen.outcome.mime_type, "application/gzip");
}

#[test]
fn encrypted_members_are_skipped_and_the_rest_is_read() {
    let mut archive = zip_with(
        &[("secret", b"NEEDLE-1"), ("open", b"NEEDLE-2")],
        Stored,
        false,
    );
    // Sets the flag of the first member in its local header and in the directory.
    archive[6] |= 1;
    let directory = memchr::memmem::find(&archive, b"PK\x01\x02").unwrap();
    archive[directory + 8] |= 1;
    for limits in [Limits::default(), nothing_held()] {
        let seen = see("x.zip", &archive, &limits, &NEEDLES);
        assert_eq!(values(&seen), ["NEEDLE-2"]);
        assert_eq!(seen.outcome.status, Status::Partial);
        assert_eq!(seen.members[0].reason, Some(Reason::InvalidEncryption));
        assert_eq!(seen.members[0].status, Status::Skipped);
    }
}

#[test]
fn limits_end_in_partial_with_their_reason() {
    let files: [(&str, &[u8]); 3] = [
        ("a", b"NEEDLE-1 xxxxxxxx"),
        ("b", b"NEEDLE-2 yyyyyyyy"),
        ("c", b"NEEDLE-3"),
    ];
    let over_bytes = Some(Reason::ArchiveTotalBytesExtractedOverLimit);
    for archive in [zip(&files), tar(&files), gzip(&tar(&files))] {
        let limited = |limits: Limits| see("x.zip", &archive, &limits, &NEEDLES);
        let seen = limited(Limits {
            members_max: 2,
            ..Limits::default()
        });
        assert_eq!(values(&seen), ["NEEDLE-1", "NEEDLE-2"]);
        assert_eq!(seen.outcome.status, Status::Partial);
        assert_eq!(
            seen.outcome.reason,
            Some(Reason::ArchiveTotalDocumentsProcessedOverLimit)
        );
        let seen = limited(Limits {
            members_max: 3,
            ..Limits::default()
        });
        assert_eq!(seen.outcome.status, Status::Complete);

        let seen = limited(Limits {
            member_bytes_max: 16,
            ..Limits::default()
        });
        assert_eq!(values(&seen), NEEDLES);
        assert_eq!(
            seen.members.iter().map(|m| m.reason).collect::<Vec<_>>(),
            [over_bytes, over_bytes, None]
        );
        let seen = limited(Limits {
            member_bytes_max: 17,
            ..Limits::default()
        });
        assert_eq!(seen.outcome.status, Status::Complete);

        let seen = limited(Limits {
            extracted_bytes_max: 30,
            ..Limits::default()
        });
        assert_eq!(values(&seen), ["NEEDLE-1", "NEEDLE-2"]);
        assert_eq!(
            (seen.outcome.status, seen.outcome.reason),
            (Status::Partial, over_bytes)
        );
        assert_eq!(seen.outcome.bytes_scanned, 30);
        let seen = limited(Limits {
            extracted_bytes_max: 42,
            ..Limits::default()
        });
        assert_eq!(seen.outcome.status, Status::Complete);
    }
    let mut nested = b"NEEDLE-1".to_vec();
    for _ in 0..10 {
        nested = gzip(&nested);
    }
    assert_eq!(
        see("a.gz", &nested, &Limits::default(), &NEEDLES)
            .outcome
            .status,
        Status::Complete
    );
    let seen = see("a.gz", &gzip(&nested), &Limits::default(), &NEEDLES);
    assert_eq!(seen.outcome.status, Status::Skipped);
    assert_eq!(
        seen.outcome.reason,
        Some(Reason::ArchiveNestingLevelOverLimit)
    );
}

/// Truncated or with any byte changed: no panic, no clean result for less than all, and what was
/// read is a part of what there is.
#[test]
fn damage_is_never_clean() {
    let text: String = (0..40)
        .map(|i| format!("line {} of text\n", i * 7919))
        .collect();
    let files: [(&str, &[u8]); 2] = [("one.txt", text.as_bytes()), ("two.txt", b"second member")];
    let whole = [text.as_bytes(), b"second member"].concat();
    for archive in [
        zip(&files),
        zip_to_stream(&files),
        tar(&files),
        gzip(&tar(&files)),
    ] {
        for limits in [Limits::default(), nothing_held()] {
            for len in (0..archive.len()).step_by(7) {
                let seen = see("x", &archive[..len], &limits, &[]);
                // The first bytes of an archive alone are text as good as any.
                let is_text = seen.outcome.mime_type == "text/plain";
                if seen.outcome.status == Status::Complete && !is_text {
                    // Cut in the padding of a tar archive.
                    assert_eq!(lossy(&seen.text), lossy(&whole), "cut at {len}");
                }
            }
            for at in 0..archive.len() {
                let mut damaged = archive.clone();
                damaged[at] ^= 0x41;
                see("x", &damaged, &limits, &[]);
                let ranged = see_ranged("x", &damaged, &limits, &[]);
                assert!(ranged.outcome.bytes_scanned < 100_000);
            }
        }
    }
}

/// More members than the narrow directory can count.
#[test]
fn very_many_members() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(Stored);
    for i in 0..66_000 {
        writer.start_file(format!("{i}"), options).unwrap();
        if i == 65_990 {
            writer.write_all(b"NEEDLE-1").unwrap();
        }
    }
    let archive = writer.finish().unwrap().into_inner();
    let seen = see_ranged("x.zip", &archive, &Limits::default(), &NEEDLES);
    assert_eq!(seen.outcome.status, Status::Complete, "{:?}", seen.outcome);
    assert_eq!(seen.outcome.members, 66_000);
    assert_eq!(containers(&seen), ["65990"]);
}

/// A zip archive whose member is compressed by `method`, which the writer here does not know: it stores
/// the compressed bytes, and the headers are changed.
fn zip_by(method: u16, packed: &[u8], whole: &[u8]) -> Vec<u8> {
    let mut archive = zip_with(&[("a.txt", packed)], Stored, false);
    let entry = archive.len() - 22 - 46 - "a.txt".len();
    let crc = crc32fast::hash(whole).to_le_bytes();
    let size = (whole.len() as u32).to_le_bytes();
    for start in [4, entry + 6] {
        archive[start + 4..start + 6].copy_from_slice(&method.to_le_bytes());
        archive[start + 10..start + 14].copy_from_slice(&crc);
        archive[start + 18..start + 22].copy_from_slice(&size);
    }
    archive
}

#[test]
fn members_in_other_ways_than_deflate_are_read() {
    let text = "NEEDLE-1 and some more of it\n".repeat(200);
    let text = text.as_bytes();
    let all = |mut packed: Box<dyn Read>| {
        let mut bytes = Vec::new();
        packed.read_to_end(&mut bytes).expect("compress");
        bytes
    };
    let alone = liblzma::stream::LzmaOptions::new_preset(6).expect("options");
    let alone = liblzma::stream::Stream::new_lzma_encoder(&alone).expect("an encoder");
    let alone = all(Box::new(liblzma::read::XzEncoder::new_stream(
        Cursor::new(text.to_vec()),
        alone,
    )));
    // a zip member tells its version and the length of its properties, and not its size
    let lzma = [b"\x09\x14\x05\0", &alone[..5], &alone[13..]].concat();
    let bzip2 = bzip2::read::BzEncoder::new(Cursor::new(text.to_vec()), bzip2::Compression::best());
    let xz = liblzma::read::XzEncoder::new(Cursor::new(text.to_vec()), 6);
    let packed = [
        (12, all(Box::new(bzip2))),
        (14, lzma),
        (93, zstd::bulk::compress(text, 3).expect("compress")),
        (95, all(Box::new(xz))),
    ];
    for (method, packed) in packed {
        let archive = zip_by(method, &packed, text);
        let seen = see_every_way("x.zip", &archive, &["NEEDLE-1"]);
        assert_eq!(values(&seen).len(), 200, "{method}");
        assert_eq!(
            seen.outcome.status,
            Status::Complete,
            "{method}: {:?}",
            seen.outcome
        );
        let seen = see_ranged("x.zip", &archive, &Limits::default(), &["NEEDLE-1"]);
        assert_eq!(values(&seen).len(), 200, "{method}");
        // one more byte than was compressed: the checksum tells
        let lying = zip_by(method, &packed, &[text, b"x"].concat());
        let seen = see("x.zip", &lying, &Limits::default(), &["NEEDLE-1"]);
        assert_eq!(
            seen.outcome.status,
            Status::Partial,
            "{method}: {:?}",
            seen.outcome
        );
    }
}
