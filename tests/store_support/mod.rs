//! Catalogue, objects and occurrences that the tests of the store and of the JSON share, and a
//! rendering of a whole recorded job as text.

// each test file uses its own part of this
#![allow(dead_code)]

use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use magpie::model::{
    BucketInfo, CatalogueIndex, Category, Cell, DetectorInfo, Encryption, JobId, KeywordHit,
    MaskStyle, MemberOutcome, ObjectMeta, ObjectOutcome, ObjectRecord, Occurrence, Origin, Place,
    Reason, RecordBuilder, Rivals, Severity, SeverityTable, Side, Status,
};
use magpie::store::{Chunk, ChunkPacker, NewJob, Store};

pub fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

pub fn now() -> DateTime<Utc> {
    time("2024-05-02T00:10:11.123456Z")
}

pub fn job_id() -> JobId {
    JobId::parse(&"a5".repeat(16)).expect("an id")
}

pub fn detector(
    id: &str,
    category: Category,
    severities: [Severity; 3],
    checks: &[&str],
) -> DetectorInfo {
    let [one, some, many] = severities;
    DetectorInfo {
        id: id.to_owned(),
        uuid: None,
        category,
        kind: String::new(),
        countries: Vec::new(),
        description: String::new(),
        references: Vec::new(),
        severity: SeverityTable::by_count(one, some, many).expect("ascending"),
        origin: Origin::Macie,
        recommended: true,
        default_on: true,
        keyword_required: false,
        keywords: Vec::new(),
        checks: checks.iter().map(|c| (*c).to_owned()).collect(),
        mask: MaskStyle::All,
        macie_count_max: (id == "NAME").then_some(1_000),
    }
}

pub const CREDENTIALS: u16 = 0;
pub const CARD: u16 = 1;
pub const NAME: u16 = 2;
pub const SSN: u16 = 3;
pub const OWN: u16 = 4;

pub fn catalogue() -> Arc<CatalogueIndex> {
    use Severity::{High, Low, Medium};
    Arc::new(CatalogueIndex {
        detectors: vec![
            detector("AWS_CREDENTIALS", Category::Credentials, [High; 3], &[]),
            detector(
                "CREDIT_CARD_NUMBER",
                Category::FinancialInformation,
                [High; 3],
                &["luhn", "issuer"],
            ),
            detector(
                "NAME",
                Category::PersonalInformation,
                [Low, Medium, High],
                &[],
            ),
            detector(
                "USA_SOCIAL_SECURITY_NUMBER",
                Category::PersonalInformation,
                [High; 3],
                &["ssn_ranges"],
            ),
            detector("employee-id", Category::CustomIdentifier, [Medium; 3], &[]),
        ],
        keywords: vec![Arc::from("card"), Arc::from("ssn")],
        fingerprint: "catalogue-1".to_owned(),
    })
}

pub fn bucket() -> Arc<BucketInfo> {
    Arc::new(BucketInfo {
        name: "amzn-s3-demo-bucket".to_owned(),
        account: magpie::model::AccountId::parse("111122223333"),
        region: Some("us-east-1".to_owned()),
        local: false,
    })
}

pub fn meta(key: &str, size: u64) -> ObjectMeta {
    ObjectMeta {
        bucket: bucket(),
        key: key.to_owned(),
        uri: format!("s3://amzn-s3-demo-bucket/{key}"),
        size: Some(size),
        etag: Some(format!("etag-of-{key}")),
        version_id: None,
        last_modified: Some(time("2024-03-11T19:37:04Z")),
        storage_class: Some("STANDARD".to_owned()),
        encryption: Encryption::default(),
    }
}

pub fn outcome(mime_type: &'static str, bytes: u64) -> ObjectOutcome {
    ObjectOutcome {
        status: Status::Complete,
        reason: None,
        detail: None,
        mime_type: Some(mime_type),
        bytes_read: bytes,
        bytes_scanned: bytes,
        members: 1,
    }
}

pub fn member(container: &Arc<[String]>, status: Status, reason: Option<Reason>) -> MemberOutcome {
    MemberOutcome {
        container: container.clone(),
        mime_type: "text/plain",
        status,
        reason,
        detail: reason.map(|r| r.text().to_owned()),
        bytes_scanned: 981_231,
        last_modified: Some(time("2024-05-02T00:10:11Z")),
    }
}

pub fn container(parts: &[&str]) -> Arc<[String]> {
    parts.iter().map(|p| (*p).to_owned()).collect()
}

pub fn in_line(detector: u16, container: &Arc<[String]>, line: u64) -> Occurrence {
    Occurrence {
        detector,
        container: container.clone(),
        place: Place {
            byte_range: line * 80..line * 80 + 11,
            stored_range: container.is_empty().then_some(line * 80..line * 80 + 11),
            line,
            column: 61,
            end_line: line,
            end_column: 72,
            ..Place::default()
        },
        masked: "***-**-1245".to_owned(),
        fingerprint: line ^ 0x5eed,
        confidence: 0.98,
        checks: 1,
        keyword: Some(KeywordHit {
            keyword: 1,
            distance: Some(2),
            side: Side::Before,
        }),
        rivals: Rivals::default(),
    }
}

pub fn in_cell(detector: u16, row: u64, column: u32, name: &str) -> Occurrence {
    let mut occurrence = in_line(detector, &container(&[]), row);
    occurrence.place.cell = Some(Cell {
        row,
        column,
        column_name: Some(Arc::from(name)),
        table: None,
    });
    occurrence
}

pub fn pack(occurrences: &[Occurrence], catalogue: &CatalogueIndex) -> Vec<Chunk> {
    let mut packer = ChunkPacker::new();
    let mut chunks: Vec<Chunk> = occurrences
        .iter()
        .filter_map(|o| packer.push(o, catalogue))
        .collect();
    chunks.extend(packer.finish());
    chunks
}

pub fn record(target: u32, meta: ObjectMeta, occurrences: &[Occurrence]) -> ObjectRecord {
    let mut builder = RecordBuilder::new();
    for occurrence in occurrences {
        builder.push(occurrence);
    }
    let size = meta.size.unwrap_or(0);
    builder.finish(target, meta, outcome("text/plain", size))
}

pub fn new_job(targets: &[&str]) -> NewJob {
    NewJob {
        name: "My_Macie_Job".to_owned(),
        job_type: "ONE_TIME",
        command_key: "command-1".to_owned(),
        spec: "{}".to_owned(),
        catalogue: catalogue(),
        targets: targets.iter().map(|t| (*t).to_owned()).collect(),
        resume: true,
        id: Some(job_id()),
        now: now(),
    }
}

/// Everything that is recorded of a job and its log file, as text; without what may differ between
/// a straight and a broken run (attempts, internal numbers).
pub fn render(folder: &Path, id: &JobId) -> String {
    let store = Store::open(folder).expect("open");
    let mut reader = store.reader().expect("reader");
    let mut out = String::new();
    let job = reader.job(id).expect("job");
    let _ = writeln!(
        out,
        "job {} {:?} created {} finished {:?}",
        job.name, job.status, job.created_at, job.finished_at
    );
    let _ = writeln!(out, "{:?}", reader.coverage(id).expect("coverage"));
    let _ = writeln!(out, "{:?}", reader.detector_totals(id).expect("totals"));
    let _ = writeln!(out, "{:?}", reader.severity_totals(id).expect("totals"));
    reader
        .for_each_object(id, |row| {
            let _ = writeln!(out, "{row:?}");
            ControlFlow::Continue(())
        })
        .expect("objects");
    reader
        .for_each_gap(id, |gap| {
            let _ = writeln!(out, "{gap:?}");
            ControlFlow::Continue(())
        })
        .expect("gaps");
    reader
        .for_each_finding(id, |finding| {
            let _ = writeln!(out, "finding {finding}");
            ControlFlow::Continue(())
        })
        .expect("findings");
    reader
        .for_each_occurrence(id, |row, view| {
            let _ = writeln!(out, "{} {view:?}", row.key);
            ControlFlow::Continue(())
        })
        .expect("occurrences");
    for line in reader.events(id, 0).expect("events") {
        let _ = writeln!(out, "event {line}");
    }
    let pending = reader.pending_results(id, -1, 1000).expect("results");
    let _ = writeln!(out, "{} results to write", pending.len());
    let log = std::fs::read_to_string(store.job_log_path(id)).expect("job log");
    let _ = write!(out, "job log\n{log}");
    out
}
