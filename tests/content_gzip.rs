//! Gzip and export archives: members back to back, damage, and the places inside.

mod content_support;

use content_support::*;
use magpie::content::Limits;
use magpie::model::{Reason, Status};

const EXPORT: &str = "\
2024-05-01T12:00:00.123Z START RequestId: 1

2024-05-01T12:00:00.130Z user signed up ssn=NEEDLE-1
2024-05-01T12:00:00.201Z Traceback (most recent call last):
  File \"app.py\", line 10
    raise ValueError(\"NEEDLE-2\")
2024-05-01T12:00:00.250Z {\"card\":\"NEEDLE-3\"}
2024-05-01T12:00:00.260Z 
";
const KEY: &str =
    "exportedlogs/cda45419-90ea-4db5-9833-aade86253e66/2024-05-01-[$LATEST]0123/000000.gz";
const NEEDLES: [&str; 3] = ["NEEDLE-1", "NEEDLE-2", "NEEDLE-3"];

#[test]
fn export_archive_tells_stream_and_time() {
    for limits in [Limits::default(), blocks_of(1), blocks_of(50)] {
        let seen = see(KEY, &gzip(EXPORT.as_bytes()), &limits, &NEEDLES);
        assert_eq!(seen.outcome.status, Status::Complete);
        assert_eq!(seen.outcome.mime_type, "application/gzip");
        assert_eq!(seen.outcome.bytes_scanned, EXPORT.len() as u64);
        assert_eq!(values(&seen), NEEDLES);
        read_back(&seen, EXPORT.as_bytes(), &|b| lossy(b));
        let times = ["12:00:00.130", "12:00:00.201", "12:00:00.250"];
        let lines = [(3, 45), (6, 23), (7, 35)];
        for (i, found) in seen.found.iter().enumerate() {
            assert_eq!(found.container, ["000000"]);
            let log = found.place.log.clone().unwrap();
            assert_eq!(log.stream.as_deref(), Some("2024-05-01-[$LATEST]0123"));
            assert_eq!(
                log.timestamp.as_deref(),
                Some(format!("2024-05-01T{}Z", times[i]).as_str())
            );
            assert_eq!((found.place.line, found.place.column), lines[i]);
            assert_eq!(found.place.end_line, found.place.line);
            assert_eq!(found.place.end_column, found.place.column + 8);
            assert_eq!(found.place.stored_range, None);
        }
    }
}

#[test]
fn permission_probe_is_no_gap() {
    let body = b"Permission Check Successful";
    let seen = see(
        "exportedlogs/aws-logs-write-test",
        body,
        &Limits::default(),
        &["Check"],
    );
    assert_eq!(seen.outcome.status, Status::Complete);
    assert_eq!(seen.members.len(), 1);
    assert!(seen.found.is_empty() && seen.text.is_empty());
    // Another body under that name is data.
    let seen = see(
        "p/aws-logs-write-test",
        b"Check NEEDLE-1",
        &Limits::default(),
        &NEEDLES,
    );
    assert_eq!(values(&seen), ["NEEDLE-1"]);
}

#[test]
fn members_back_to_back_and_gzip_in_gzip() {
    let parts = [
        "first NEEDLE-1\n",
        "second NEEDLE-2\n",
        "",
        "third NEEDLE-3\n",
    ];
    let joined: Vec<u8> = parts.iter().flat_map(|p| gzip(p.as_bytes())).collect();
    let twice = gzip(&joined);
    for (bytes, container) in [(&joined, vec!["a.txt"]), (&twice, vec!["a.txt", "a.txt"])] {
        for step in [1, 5, usize::MAX] {
            let seen = see_step("k/a.txt.gz", bytes, &Limits::default(), &NEEDLES, step);
            assert_eq!(seen.outcome.status, Status::Complete, "{:?}", seen.outcome);
            assert_eq!(values(&seen), NEEDLES);
            assert_eq!(lossy(&seen.text), parts.concat());
            assert_eq!(seen.found[0].container, container);
            assert_eq!(seen.found[2].place.line, 3);
        }
    }
}

#[test]
fn trailing_bytes_truncation_and_damage_are_told() {
    let good = gzip(b"before NEEDLE-1 after\n");
    let complete = |bytes: &[u8]| {
        let seen = see("a.gz", bytes, &Limits::default(), &NEEDLES);
        assert_eq!(values(&seen), ["NEEDLE-1"]);
        (seen.outcome.status, seen.outcome.reason)
    };
    let padded = [good.as_slice(), &[0; 700]].concat();
    assert_eq!(complete(&padded), (Status::Complete, None));
    let gap = (Status::Partial, Some(Reason::MalformedFile));
    assert_eq!(complete(&[good.as_slice(), b"junk"].concat()), gap);
    assert_eq!(complete(&[good.as_slice(), b"\0\0junk"].concat()), gap);
    assert_eq!(complete(&[good.as_slice(), &good[..9]].concat()), gap);
    let mut wrong = good.clone();
    let crc = wrong.len() - 8;
    wrong[crc] ^= 1;
    assert_eq!(complete(&wrong), gap);
    // A wrong checksum in one member does not hide the next.
    let seen = see(
        "a.gz",
        &[wrong, gzip(b"NEEDLE-2")].concat(),
        &Limits::default(),
        &NEEDLES,
    );
    assert_eq!(values(&seen), ["NEEDLE-1", "NEEDLE-2"]);
    assert_eq!(seen.outcome.status, Status::Partial);
}

/// Cut anywhere, what can be expanded is scanned and the rest is told.
#[test]
fn every_truncation_is_partial_or_skipped() {
    let text: String = (0..400)
        .map(|i| format!("line {i} {}\n", i * 7919 % 1000))
        .collect();
    let whole = gzip(text.as_bytes());
    for len in 0..whole.len() {
        let seen = see("a.gz", &whole[..len], &Limits::default(), &[]);
        match len {
            0 => assert_eq!(seen.outcome.status, Status::Complete),
            _ => assert_ne!(seen.outcome.status, Status::Complete, "at {len}"),
        }
        assert!(
            text.as_bytes().starts_with(&seen.text) || len < 4,
            "at {len}"
        );
    }
}

/// The stream is known also where the export was packed, or its folder is the target.
#[test]
fn export_archive_in_other_places() {
    let gz = gzip(EXPORT.as_bytes());
    let packed = tar(&[(KEY, &gz)]);
    for (key, bytes) in [
        ("backup.tar", &packed),
        ("2024-05-01-[$LATEST]0123/000000.gz", &gz),
    ] {
        let seen = see(key, bytes, &Limits::default(), &NEEDLES);
        let log = seen.found[0].place.log.clone().unwrap();
        assert_eq!(log.stream.as_deref(), Some("2024-05-01-[$LATEST]0123"));
    }
    for key in ["000000.gz", "other/folder/000000.gz", "s/notes.gz"] {
        let seen = see(key, &gz, &Limits::default(), &NEEDLES);
        let log = seen.found[0].place.log.clone().unwrap();
        assert_eq!(log.stream, None, "{key}");
        assert!(log.timestamp.is_some());
    }
}
