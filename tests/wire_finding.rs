//! Finding documents and discovery results against Macie's published shapes.

#[path = "store_support/mod.rs"]
mod support;

use std::io::Read;
use std::sync::Arc;

use magpie::model::{
    AccountId, BucketInfo, CatalogueIndex, ObjectMeta, ObjectOutcome, ObjectRecord, Occurrence,
    Reason, Record, RecordBuilder, Severity, SeverityTable, Status,
};
use magpie::wire::{FindingContext, ResultWriter, write_finding, write_results};
use serde_json::{Value, json};
use support::{
    CARD, CREDENTIALS, NAME, OWN, SSN, catalogue, container, in_cell, in_line, job_id, member,
    meta, outcome, record, time,
};

fn context() -> FindingContext {
    FindingContext {
        account: AccountId::parse("123456789012").expect("an account"),
        region: "us-east-1".to_owned(),
        job_id: job_id(),
        run: None,
        results_location: Some("s3://amzn-s3-demo-bucket1/macie".to_owned()),
        strict: false,
    }
}

fn samples() -> Value {
    serde_json::from_str(include_str!("data/finding-example.json")).expect("JSON")
}

fn finding(record: &ObjectRecord, context: &FindingContext) -> Option<Value> {
    let mut out = Vec::new();
    let created = time("2024-03-11T19:46:53.031Z");
    let some = write_finding(&mut out, context, record, &catalogue(), created);
    assert_eq!(some, !out.is_empty());
    some.then(|| serde_json::from_slice(&out).expect("JSON"))
}

fn results(record: &ObjectRecord, catalogue: &CatalogueIndex) -> Vec<Value> {
    let mut out = Vec::new();
    let created = time("2024-03-11T19:46:53.031Z");
    write_results(&mut out, &context(), record, catalogue, created);
    assert_eq!(out.last(), Some(&b'\n'));
    let text = String::from_utf8(out).expect("UTF-8");
    text.lines()
        .map(|l| serde_json::from_str(l).expect("JSON"))
        .collect()
}

/// The published sample, less what we cannot know of its bucket and what the ids must be.
fn comparable(mut document: Value) -> Value {
    document["id"] = json!("-");
    let details = &mut document["classificationDetails"];
    for name in ["detailedResultsLocation", "jobArn", "jobId"] {
        details[name] = json!("-");
    }
    let bucket = document["resourcesAffected"]["s3Bucket"]
        .as_object_mut()
        .expect("a bucket");
    bucket.retain(|name, _| name == "arn" || name == "name");
    let object = document["resourcesAffected"]["s3Object"]
        .as_object_mut()
        .expect("an object");
    object.retain(|name, _| {
        !["publicAccess", "serverSideEncryption", "tags"].contains(&name.as_str())
    });
    document
}

/// Where the names of the fields are, in order of the document: `a`, `a.b`, ...
fn names(value: &Value, path: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                out.push(path.clone());
                names(value, &path, out);
            }
        }
        Value::Array(values) => values
            .iter()
            .for_each(|v| names(v, &format!("{path}[]"), out)),
        _ => {}
    }
}

fn csv() -> ObjectRecord {
    let mut occurrences: Vec<Occurrence> = vec![
        in_cell(OWN, 2, 1, "EmpID"),
        in_cell(SSN, 2, 2, "SSN"),
        in_cell(OWN, 3, 1, "EmpID"),
    ];
    occurrences.extend((3..32).map(|row| in_cell(SSN, row, 2, "SSN")));
    let mut meta = meta("exports/employees.csv", 1894);
    meta.etag = Some("07b21b45c9ed4a3fabf8173be102d9c2".to_owned());
    let mut record = record(0, meta, &occurrences);
    record.outcome = outcome("text/csv", 1894);
    record
}

#[test]
fn a_csv_finding_equals_the_published_one() {
    let got = finding(&csv(), &context()).expect("a finding");
    let mut want = samples()["finding_csv_multiple"].clone();
    let custom =
        &mut want["classificationDetails"]["result"]["customDataIdentifiers"]["detections"][0];
    custom["arn"] = json!("employee-id");
    custom["name"] = json!("employee-id");
    assert_eq!(comparable(got), comparable(want));
}

/// The exported order is that of the alphabet, at every level of the document.
#[test]
fn fields_are_in_the_published_order_and_none_is_missing() {
    let mut out = Vec::new();
    write_finding(
        &mut out,
        &context(),
        &csv(),
        &catalogue(),
        time("2024-03-11T19:46:53.031Z"),
    );
    let text = String::from_utf8(out).expect("UTF-8");
    let got: Value = serde_json::from_str(&text).expect("JSON");
    let (mut have, mut want) = (Vec::new(), Vec::new());
    names(&got, "", &mut have);
    names(&samples()["finding_csv_multiple"], "", &mut want);
    // below these we have null or UNKNOWN
    let unknown =
        |name: &String| !name.contains(".permissionConfiguration.") && !name.contains(".tags[]");
    want.retain(unknown);
    assert_eq!(have, want);
    // serde_json sorts or keeps the order, depending on how it is built: look at the text itself
    let mut from = 0;
    for name in [
        "accountId",
        "archived",
        "category",
        "classificationDetails",
        "detailedResultsLocation",
        "jobArn",
        "jobId",
        "originType",
        "result",
        "additionalOccurrences",
        "customDataIdentifiers",
        "mimeType",
        "sensitiveData",
        "sizeClassified",
        "status",
        "count\":1,\"createdAt",
        "description",
        "id",
        "partition",
        "policyDetails",
        "region",
        "resourcesAffected",
        "s3Bucket",
        "s3Object",
        "sample",
        "schemaVersion",
        "severity",
        "title",
        "type\":\"SensitiveData",
        "updatedAt",
    ] {
        let quoted = format!("\"{name}");
        let at = text[from..]
            .find(&quoted)
            .unwrap_or_else(|| panic!("{name} after byte {from}"));
        from += at;
    }
}

#[test]
fn credentials_in_a_text_equal_the_published_finding() {
    let mut occurrence = in_line(CREDENTIALS, &container(&[]), 118);
    occurrence.place.column = 47;
    let mut meta = meta("app/server.txt", 20480);
    meta.etag = Some("07b21b45c9ed4a3fabf8173be102d9c2".to_owned());
    let got = finding(&record(0, meta, &[occurrence]), &context()).expect("a finding");
    assert_eq!(
        comparable(got),
        comparable(samples()["finding_text_credentials"].clone())
    );
}

const ARCHIVE: &str = "exportedlogs/cda45419-90ea-4db5-9833-aade86253e66/2024-05-01-[$LATEST]0123456789abcdef0123456789abcdef/000000.gz";

fn gzip() -> ObjectRecord {
    let inner = container(&["000000"]);
    let mut builder = RecordBuilder::new();
    for line in [12, 40, 41, 88, 90, 102, 150] {
        builder.push(&in_line(SSN, &inner, line));
    }
    builder.member_end(&member(&inner, Status::Complete, None));
    let mut meta = meta(ARCHIVE, 101_233);
    meta.etag = Some("07b21b45c9ed4a3fabf8173be102d9c2".to_owned());
    builder.finish(0, meta, outcome("application/gzip", 981_231))
}

#[test]
fn an_archive_has_no_locations_when_strict_and_names_its_members_otherwise() {
    let strict = FindingContext {
        strict: true,
        ..context()
    };
    let got = finding(&gzip(), &strict).expect("a finding");
    assert_eq!(
        comparable(got),
        comparable(samples()["finding_gzip_no_locations"].clone())
    );
    let got = finding(&gzip(), &context()).expect("a finding");
    let result = &got["classificationDetails"]["result"];
    assert_eq!(result["additionalOccurrences"], false);
    let ranges = &result["sensitiveData"][0]["detections"][0]["occurrences"]["lineRanges"];
    assert_eq!(ranges.as_array().map(Vec::len), Some(7));
    assert_eq!(
        ranges[0],
        json!({"start": 12, "end": 12, "startColumn": 61, "embeddedFilePath": "000000"})
    );
}

#[test]
fn results_of_an_archive_are_its_own_and_its_members() {
    let got = results(&gzip(), &catalogue());
    assert_eq!(got.len(), 2);
    let parent = &got[0];
    assert_eq!(
        parent["resourcesAffected"]["s3Object"]["embeddedFileDetails"],
        Value::Null
    );
    let detection = &parent["classificationDetails"]["result"]["sensitiveData"][0]["detections"][0];
    assert_eq!(
        *detection,
        json!({"count": 7, "type": "USA_SOCIAL_SECURITY_NUMBER"})
    );
    let want = samples()["discovery_result_file_inside_archive"].clone();
    assert_eq!(comparable(got[1].clone()), comparable(want));
}

#[test]
fn a_skipped_object_has_a_result_and_no_finding() {
    let mut meta = meta("images/photo.jpg", 48_211);
    meta.etag = Some("07b21b45c9ed4a3fabf8173be102d9c2".to_owned());
    let mut skipped = ObjectOutcome::skipped(Reason::UnsupportedFileTypeException, None);
    skipped.mime_type = Some("image/jpeg");
    let record = RecordBuilder::new().finish(0, meta, skipped);
    assert_eq!(finding(&record, &context()), None);
    let got = results(&record, &catalogue());
    assert_eq!(got.len(), 1);
    let want = samples()["discovery_result_skipped_object"].clone();
    assert_eq!(comparable(got[0].clone()), comparable(want));
}

/// Types, titles and severities of each mixture of categories.
#[test]
fn type_and_severity_follow_what_was_found() {
    let plain = container(&[]);
    let of = |detectors: &[(u16, u64)]| {
        let occurrences: Vec<Occurrence> = detectors
            .iter()
            .flat_map(|(d, n)| (0..*n).map(|line| in_line(*d, &plain, line)))
            .collect();
        let got = finding(&record(0, meta("a.txt", 9), &occurrences), &context()).expect("one");
        (
            got["type"].clone(),
            got["severity"]["score"].clone(),
            got["severity"]["description"].clone(),
        )
    };
    let want = |kind: &str, score: u8, word: &str| {
        (
            json!(format!("SensitiveData:S3Object/{kind}")),
            json!(score),
            json!(word),
        )
    };
    assert_eq!(of(&[(NAME, 1)]), want("Personal", 1, "Low"));
    assert_eq!(of(&[(NAME, 2)]), want("Personal", 2, "Medium"));
    assert_eq!(of(&[(NAME, 99)]), want("Personal", 2, "Medium"));
    assert_eq!(of(&[(NAME, 100)]), want("Personal", 3, "High"));
    assert_eq!(of(&[(NAME, 1), (SSN, 1)]), want("Personal", 3, "High"));
    assert_eq!(of(&[(CARD, 1)]), want("Financial", 3, "High"));
    assert_eq!(of(&[(CREDENTIALS, 1)]), want("Credentials", 3, "High"));
    assert_eq!(of(&[(OWN, 1)]), want("CustomIdentifier", 2, "Medium"));
    assert_eq!(of(&[(NAME, 1), (OWN, 1)]), want("Multiple", 2, "Medium"));
}

/// Fewer occurrences than the lowest level: no finding of them, but the whole record in the result.
#[test]
fn below_the_lowest_level_is_no_finding_but_a_result() {
    let mut catalogue = CatalogueIndex::clone(&catalogue());
    let own = &mut catalogue.detectors[usize::from(OWN)];
    own.severity = SeverityTable::by_levels(&[(Severity::Low, 3), (Severity::High, 5)]).unwrap();
    own.uuid = Some("0e8eb8a1-1a3a-49ad-992f-0ab825a5aa71".to_owned());
    own.kind = "Employee id".to_owned();
    let plain = container(&[]);
    let of = |detectors: &[(u16, u64)]| {
        let occurrences: Vec<Occurrence> = detectors
            .iter()
            .flat_map(|(d, n)| (0..*n).map(|line| in_line(*d, &plain, line)))
            .collect();
        let record = record(0, meta("a.txt", 9), &occurrences);
        let mut out = Vec::new();
        let created = time("2024-03-11T19:46:53.031Z");
        let finding = write_finding(&mut out, &context(), &record, &catalogue, created)
            .then(|| serde_json::from_slice::<Value>(&out).expect("JSON"));
        (finding, results(&record, &catalogue).remove(0))
    };
    let custom = |document: &Value| {
        document["classificationDetails"]["result"]["customDataIdentifiers"].clone()
    };
    let (finding, result) = of(&[(OWN, 2)]);
    assert_eq!(finding, None);
    assert_eq!(custom(&result)["totalCount"], 2);
    for name in ["type", "title", "description", "severity"] {
        assert_eq!(result[name], Value::Null, "{name}");
    }
    let (finding, result) = of(&[(OWN, 2), (NAME, 1)]);
    let finding = finding.expect("of the name");
    assert_eq!(finding["type"], "SensitiveData:S3Object/Personal");
    assert_eq!(custom(&finding), json!({"detections": [], "totalCount": 0}));
    assert_eq!(result["type"], finding["type"]);
    assert_eq!(custom(&result)["totalCount"], 2);
    for (count, score) in [(3, 1), (4, 1), (5, 3)] {
        let finding = of(&[(OWN, count)]).0.expect("a finding");
        assert_eq!(finding["type"], "SensitiveData:S3Object/CustomIdentifier");
        assert_eq!(finding["severity"]["score"], score);
        let detection = &custom(&finding)["detections"][0];
        assert_eq!(detection["arn"], "0e8eb8a1-1a3a-49ad-992f-0ab825a5aa71");
        assert_eq!(detection["name"], "Employee id");
        assert_eq!(detection["count"], count);
    }
}

#[test]
fn locations_are_bounded_and_counts_capped_as_macie_does() {
    let plain = container(&[]);
    let mut occurrences: Vec<Occurrence> = Vec::new();
    for line in 1..=1_500 {
        occurrences.push(in_line(NAME, &plain, line));
        occurrences.push(in_line(SSN, &plain, line));
    }
    let record = record(0, meta("a.txt", 9), &occurrences);
    assert_eq!(record.occurrences(), 3_000);
    let got = finding(&record, &context()).expect("a finding");
    let detections =
        got["classificationDetails"]["result"]["sensitiveData"][0]["detections"].clone();
    assert_eq!(detections[0]["type"], "NAME");
    assert_eq!(
        detections[0]["count"], 1_000,
        "names are counted up to 1,000 in a file"
    );
    assert_eq!(
        detections[0]["occurrences"]["lineRanges"]
            .as_array()
            .map(Vec::len),
        Some(15)
    );
    assert_eq!(detections[1]["count"], 1_500);
    assert_eq!(
        detections[1]["occurrences"],
        Value::Null,
        "15 in all, type by type"
    );
    let got = results(&record, &catalogue());
    let detections = &got[0]["classificationDetails"]["result"]["sensitiveData"][0]["detections"];
    for i in 0..2 {
        let ranges = detections[i]["occurrences"]["lineRanges"]
            .as_array()
            .expect("ranges");
        assert_eq!(ranges.len(), 1_000);
        assert_eq!(ranges[999]["start"], 1_000, "the first ones in order");
    }
    assert_eq!(
        got[0]["classificationDetails"]["result"]["additionalOccurrences"],
        true
    );
}

#[test]
fn records_are_for_json_and_lines_for_a_payload_in_log_text() {
    let mut occurrence = in_line(SSN, &container(&[]), 5);
    occurrence.place.record = Some(Record {
        record_index: 7663,
        json_path: Arc::from("$.access.key[2]"),
    });
    let with_mime = |mime: &'static str| {
        let mut record = record(0, meta("a", 9), std::slice::from_ref(&occurrence));
        record.outcome.mime_type = Some(mime);
        let got = finding(&record, &context()).expect("a finding");
        got["classificationDetails"]["result"]["sensitiveData"][0]["detections"][0]["occurrences"]
            .clone()
    };
    assert_eq!(
        with_mime("application/json"),
        json!({"records": [{"jsonPath": "$.access.key[2]", "recordIndex": 7663}]})
    );
    assert_eq!(
        with_mime("text/plain"),
        json!({"lineRanges": [{"start": 5, "end": 5, "startColumn": 61}]})
    );
}

#[test]
fn a_local_file_claims_nothing_of_a_bucket() {
    let local = ObjectMeta {
        bucket: Arc::new(BucketInfo {
            name: "./export".to_owned(),
            account: None,
            region: None,
            local: true,
        }),
        key: "app/a.log".to_owned(),
        uri: "file://./export/app/a.log".to_owned(),
        storage_class: None,
        ..meta("", 9)
    };
    let record = record(0, local, &[in_line(SSN, &container(&[]), 1)]);
    let context = FindingContext {
        results_location: None,
        ..context()
    };
    let got = finding(&record, &context).expect("a finding");
    let resources = &got["resourcesAffected"];
    assert_eq!(resources["s3Bucket"]["arn"], Value::Null);
    assert_eq!(resources["s3Bucket"]["name"], "./export");
    assert_eq!(resources["s3Object"]["path"], "./export/app/a.log");
    assert_eq!(
        resources["s3Object"]["serverSideEncryption"]["encryptionType"],
        Value::Null
    );
    assert_eq!(got["accountId"], "123456789012");
    let location = got["classificationDetails"]["detailedResultsLocation"]
        .as_str()
        .expect("text");
    assert!(
        location
            .starts_with("s3://[export-config-not-set]/AWSLogs/123456789012/Macie/us-east-1/a5a5"),
        "{location}"
    );
}

#[test]
fn ids_and_names_are_stable_and_tell_objects_apart() {
    let context = context();
    let a = meta("a", 1);
    assert_eq!(context.finding_id(0, &a), context.finding_id(0, &a.clone()));
    assert_eq!(context.finding_id(0, &a).len(), 32);
    assert_ne!(context.finding_id(0, &a), context.finding_id(1, &a));
    assert_ne!(
        context.finding_id(0, &a),
        context.finding_id(0, &meta("b", 1))
    );
    let newer = ObjectMeta {
        version_id: Some("2".to_owned()),
        ..a.clone()
    };
    assert_ne!(context.finding_id(0, &a), context.finding_id(0, &newer));
    assert_eq!(context.result_name(0, &a), context.result_name(0, &newer));
    let name = context.result_name(0, &a);
    let parts: Vec<&str> = name.split('/').collect();
    assert_eq!(parts[..3], ["AWSLogs", "123456789012", "Macie"]);
    assert_eq!(
        parts[3..6],
        ["us-east-1", job_id().as_str(), "111122223333"]
    );
    let uuid = parts[6].strip_suffix(".jsonl.gz").expect("suffix");
    assert_eq!(uuid.len(), 36);
    assert_eq!(uuid.as_bytes()[14], b'3', "a name-based UUID");
}

#[test]
fn a_result_file_is_gzip_of_its_records_and_always_the_same() {
    let created = time("2024-03-11T19:46:53.031Z");
    let mut writer = ResultWriter::new();
    let (record, catalogue) = (gzip(), catalogue());
    let first = writer.file(&context(), &record, &catalogue, created);
    let again = writer.file(&context(), &record, &catalogue, created);
    assert_eq!(first, again);
    let mut text = String::new();
    flate2::read::GzDecoder::new(&*first)
        .read_to_string(&mut text)
        .expect("gzip");
    let lines: Vec<Value> = text
        .lines()
        .map(|l| serde_json::from_str(l).expect("JSON"))
        .collect();
    assert_eq!(lines, results(&record, &catalogue));
}
