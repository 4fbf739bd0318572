//! Discovery results in S3, as Macie's export configuration has them: bucket, prefix, KMS key, and
//! the key layout of the objects.

mod cli_support;
mod support;

use cli_support::{Bed, Ran};
use support::s3::{Fault, Op, Rule, S3Server, S3State};

const ADMIN: &str = "111122223333";
const OWNER: &str = "444455556666";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

fn server() -> S3Server {
    let mut state = S3State::new();
    state.bucket("data").region("eu-west-1").owner(OWNER);
    state.put("data", "a.log", "user ssn=536-90-4399\n");
    state.put("data", "nothing.log", "GET / 200\n");
    state.put("data", "old.log", "x").storage_class = Some("GLACIER".into());
    state.bucket("results").region("eu-west-1").owner(OWNER);
    S3Server::start(state)
}

fn scan(bed: &Bed, server: &S3Server, arguments: &[&str]) -> Ran {
    let mut command = bed.command();
    command
        .args(["scan", "s3://data", "--account-id", ADMIN])
        .args(["--expected-bucket-owner", OWNER, "--region", "eu-west-1"])
        .args(arguments)
        .envs(server.env())
        .env("AWS_MAX_ATTEMPTS", "2");
    command.output().unwrap().into()
}

/// The 36 characters of a UUID made from a name (version 3).
fn is_uuid_3(text: &str) -> bool {
    let hex = |part: &str| part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|p| p.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|p| hex(p))
        && parts[2].starts_with('3')
}

#[test]
fn every_object_has_its_result_encrypted_and_in_its_place() {
    let bed = Bed::new();
    let server = server();
    let to = "s3://results/macie/2024";
    let ran = scan(
        &bed,
        &server,
        &[
            "--format",
            "macie",
            "--results",
            to,
            "--results-kms-key",
            KEY,
        ],
    );
    assert_eq!(ran.status, Some(3), "{}", ran.stderr);
    let finding = &ran.lines()[0];
    let job = finding["classificationDetails"]["jobId"].as_str().unwrap();
    let layout = format!("macie/2024/AWSLogs/{ADMIN}/Macie/eu-west-1/{job}/{OWNER}/");
    let state = server.state();
    let stored = &state.buckets["results"].objects;
    assert_eq!(
        stored.len(),
        3,
        "found, clean and skipped: {:?}",
        stored.keys()
    );
    for (key, versions) in stored {
        let name = key.strip_prefix(&layout).unwrap_or_else(|| panic!("{key}"));
        let uuid = name
            .strip_suffix(".jsonl.gz")
            .unwrap_or_else(|| panic!("{key}"));
        assert!(is_uuid_3(uuid), "{key}");
        for object in versions {
            assert_eq!(object.encryption.as_deref(), Some("aws:kms"), "{key}");
            assert_eq!(object.kms_key_id.as_deref(), Some(KEY), "{key}");
        }
    }
    // the finding names the very object that holds its result
    let location = finding["classificationDetails"]["detailedResultsLocation"]
        .as_str()
        .unwrap();
    let key = location.strip_prefix("s3://results/").unwrap();
    assert!(stored.contains_key(key), "{location}");
}

#[test]
fn without_a_key_the_bucket_decides() {
    let bed = Bed::new();
    let server = server();
    let ran = scan(&bed, &server, &["--results", "s3://results"]);
    assert_eq!(ran.status, Some(3), "{}", ran.stderr);
    let state = server.state();
    let stored = &state.buckets["results"].objects;
    assert_eq!(stored.len(), 3);
    for (key, versions) in stored {
        assert!(
            key.starts_with(&format!("AWSLogs/{ADMIN}/Macie/eu-west-1/")),
            "{key}"
        );
        assert!(
            versions
                .iter()
                .all(|o| o.encryption.is_none() && o.kms_key_id.is_none())
        );
    }
}

#[test]
fn a_key_that_must_not_be_used_loses_nothing() {
    let bed = Bed::new();
    let server = server();
    let arguments = ["--results", "s3://results", "--results-kms-key", KEY];
    // the three results are put at once: all meet the fault, and so ends the run
    server.fault(Rule::on(Op::PutObject).times(3), Fault::KmsDisabled);
    let ran = scan(&bed, &server, &arguments);
    assert_eq!(ran.status, Some(6), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("KMS.DisabledException"),
        "{}",
        ran.stderr
    );
    assert!(server.state().buckets["results"].objects.is_empty());
    // the key is enabled again
    let reads = server.count(Op::GetObject);
    let ran = scan(&bed, &server, &arguments);
    assert_eq!(ran.status, Some(3), "{}", ran.stderr);
    assert_eq!(server.state().buckets["results"].objects.len(), 3);
    assert_eq!(server.count(Op::GetObject), reads, "nothing is read again");
}

#[test]
fn a_key_for_a_folder_is_refused() {
    let bed = Bed::new();
    bed.write("a.log", "x\n");
    let ran = bed.run(&["scan", "a.log", "--results-kms-key", KEY]);
    assert_eq!(ran.status, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("s3:// only"), "{}", ran.stderr);
}
