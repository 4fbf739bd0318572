//! Each of Macie's reason codes has a real cause: objects in a bucket that cannot be read, or not wholly,
//! one of each kind, and beside them one that can. The coverage balances over all of them.

mod support;

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use magpie::model::Reason;
use serde_json::Value;
use support::s3::{Fault, Op, Rule, S3Server, S3State};

const LINE: &[u8] = b"user signed up ssn=536-90-4399\n";
const BUCKET: &str = "mixed";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tar(members: usize) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for number in 0..members {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(LINE.len() as u64);
        header.set_cksum();
        let name = format!("{number}.txt");
        builder.append_data(&mut header, name, LINE).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A Word document with a body of so many spaces.
fn docx(spaces: usize) -> Vec<u8> {
    let types = br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    let body = format!(
        r#"<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>ssn 536-90-4399{}</w:t></w:r></w:p></w:body></w:document>"#,
        " ".repeat(spaces)
    );
    zip(&[
        ("[Content_Types].xml", types),
        ("word/document.xml", body.as_bytes()),
    ])
}

/// An object that is not read as it should be.
struct Case {
    reason: Reason,
    key: &'static str,
    body: Vec<u8>,
    fault: Option<Fault>,
    options: &'static [&'static str],
}

fn cases() -> Vec<Case> {
    use Reason::*;
    let case = |reason, key, body: Vec<u8>, options| Case {
        reason,
        key,
        body,
        fault: None,
        options,
    };
    let fault = |reason, key, fault| Case {
        reason,
        key,
        body: LINE.to_vec(),
        fault: Some(fault),
        options: &[],
    };
    let png: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let nested = (0..11).fold(LINE.to_vec(), |inner, _| gzip(&inner));
    let deep = [vec![b'['; 300], vec![b']'; 300]].concat();
    let mut torn = gzip(&LINE.repeat(1000));
    torn.truncate(torn.len() / 2);
    let broken_json = [b"{\"a\": \"ssn 536-90-4399\", ".as_slice(), b"\"b\" 7 ]] }"].concat();
    let broken_docx = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", b"<w:document><w:body><w:p></w:wrong>"),
    ]);
    vec![
        case(
            ArchiveContainsUnprocessedFiles,
            "a.zip",
            zip(&[("a.txt", LINE), ("b.png", png)]),
            &[],
        ),
        case(
            ArchiveExceedsSizeLimit,
            "big.tar",
            tar(10),
            &["--max-size", "tar=1KiB"],
        ),
        case(ArchiveNestingLevelOverLimit, "nested.gz", nested, &[]),
        case(
            ArchiveTotalBytesExtractedOverLimit,
            "long.gz",
            gzip(&LINE.repeat(100)),
            &["--max-member", "1KiB"],
        ),
        case(
            ArchiveTotalDocumentsProcessedOverLimit,
            "many.tar",
            tar(10),
            &["--max-members", "5"],
        ),
        case(
            FileExceedsSizeLimit,
            "large.log",
            LINE.repeat(100),
            &["--max-size", "text=1KiB"],
        ),
        fault(InvalidEncryption, "customer-key.log", Fault::CustomerKey),
        fault(InvalidKmsKey, "disabled-key.log", Fault::KmsDisabled),
        fault(InvalidObjectState, "cold.log", Fault::InvalidObjectState),
        case(JsonNestingLevelOverLimit, "deep.json", deep, &[]),
        case(MalformedFile, "torn.gz", torn, &[]),
        case(
            MalformedOrFileSizeExceedsLimit,
            "broken.docx",
            broken_docx,
            &[],
        ),
        fault(
            NoSuchBucketAvailable,
            "bucket-gone.log",
            Fault::NoSuchBucket,
        ),
        fault(
            ObjectVersionMismatch,
            "changed.log",
            Fault::PreconditionFailed,
        ),
        case(
            OoxmlUncompressedRatioExceedsLimit,
            "squeezed.docx",
            docx(66 << 20),
            &["--max-ratio", "100"],
        ),
        case(
            OoxmlUncompressedSizeExceedsLimit,
            "wide.docx",
            docx(2 << 20),
            &["--max-member", "1MiB"],
        ),
        fault(PermissionDenied, "denied.log", Fault::AccessDenied),
        fault(SourceObjectNoLongerAvailable, "gone.log", Fault::NoSuchKey),
        case(
            TimeCutOffReached,
            "slow.log",
            LINE.repeat(100),
            &["--max-object-time", "0"],
        ),
        case(UnableToParseFile, "broken.json", broken_json, &[]),
        case(UnsupportedFileTypeException, "a.png", png.to_vec(), &[]),
    ]
}

fn server(cases: &[Case]) -> S3Server {
    let mut state = S3State::new();
    state.bucket(BUCKET);
    for case in cases {
        state.put(BUCKET, case.key, &case.body);
        if let Some(fault) = &case.fault {
            let rule = Rule::on(Op::GetObject).bucket(BUCKET).key(case.key);
            state.fault(rule, fault.clone());
        }
    }
    state.put(BUCKET, "fine.log", LINE);
    S3Server::start(state)
}

fn summary(server: &S3Server, arguments: &[&str]) -> (Option<i32>, Value) {
    let state = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_magpie"))
        .args(["scan", "--no-progress", "--format", "json", "--state-dir"])
        .arg(state.path())
        .args(arguments)
        .env_clear()
        .envs(server.env())
        .env("HOME", state.path())
        .env("AWS_MAX_ATTEMPTS", "2")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let summary = serde_json::from_slice(&output.stdout);
    (
        output.status.code(),
        summary.unwrap_or_else(|e| panic!("{e}: {told}")),
    )
}

fn balanced(coverage: &Value) {
    for unit in ["objects", "bytes"] {
        let of = |part: &str| coverage[part][unit].as_u64().unwrap();
        assert_eq!(
            of("listed"),
            of("complete") + of("partial") + of("skipped"),
            "{coverage}"
        );
    }
}

#[test]
fn each_reason_has_a_cause() {
    let cases = cases();
    let told: BTreeSet<_> = cases.iter().map(|case| case.reason).collect();
    let all: BTreeSet<_> = Reason::ALL.iter().copied().collect();
    assert_eq!(told, all);
    let server = server(&cases);
    for case in &cases {
        let target = format!("s3://{BUCKET}/{}", case.key);
        let (status, summary) = summary(&server, &[&[target.as_str()], case.options].concat());
        let gaps = summary["gaps"].as_array().unwrap();
        let reason = case.reason.as_str();
        assert!(
            gaps.iter().any(|gap| gap["reason"] == reason),
            "{}: {reason} is not among {gaps:?}",
            case.key
        );
        balanced(&summary["coverage"]);
        // found in what was read, or nothing: never told as clean
        assert!(matches!(status, Some(1 | 3)), "{}: {status:?}", case.key);
    }
}

#[test]
fn a_mixed_bucket_balances() {
    let cases = cases();
    let server = server(&cases);
    let (status, summary) = summary(&server, &["s3://mixed"]);
    assert_eq!(status, Some(3));
    let coverage = &summary["coverage"];
    balanced(coverage);
    let objects = coverage["listed"]["objects"].as_u64().unwrap();
    assert_eq!(objects, cases.len() as u64 + 1);
    // those that only an option keeps from being read are read
    let gaps = summary["gaps"].as_array().unwrap();
    let objects: BTreeSet<_> = gaps.iter().map(|gap| gap["uri"].as_str()).collect();
    let gaps = objects.len() as u64;
    let with_options = cases.iter().filter(|case| !case.options.is_empty()).count() as u64;
    assert_eq!(
        gaps,
        cases.len() as u64 - with_options,
        "{:#}",
        summary["gaps"]
    );
    assert_eq!(
        coverage["complete"]["objects"].as_u64(),
        Some(with_options + 1)
    );
}
