//! Creating, listing and showing jobs: the request as the API has it, idempotency, limits, events.

mod cli_support;

use cli_support::Bed;
use serde_json::{Value, json};

/// A request of the shape that the API reference shows.
fn request() -> Value {
    json!({
        "clientToken": "6f5902ac-237b-4a3a-9d4e-1c2a5c7f0a01",
        "name": "nightly exports",
        "description": "all exports",
        "jobType": "SCHEDULED",
        "initialRun": true,
        "scheduleFrequency": {"dailySchedule": {}},
        "samplingPercentage": 100,
        "managedDataIdentifierSelector": "ALL",
        "s3JobDefinition": {
            "bucketDefinitions": [
                {"accountId": "111122223333", "buckets": ["amzn-s3-demo-bucket"]}],
            "scoping": {"includes": {"and": [{"simpleScopeTerm": {
                "comparator": "EQ", "key": "OBJECT_EXTENSION", "values": ["csv", "log"]}}]}}
        },
        "tags": {"Environment": "test"}
    })
}

fn create(bed: &Bed, request: &Value) -> cli_support::Ran {
    bed.write("job.json", request.to_string());
    bed.run(&["job", "create", "--cli-input-json", "file://job.json"])
}

#[test]
fn a_request_of_the_api_becomes_a_job_once() {
    let bed = Bed::new();
    let ran = create(&bed, &request());
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let id = ran.stdout.trim().to_owned();
    assert_eq!(id.len(), 32, "{id}");
    // the same request with the same token is the same job
    let again = create(&bed, &request());
    assert_eq!(again.stdout.trim(), id);
    // with another request it is a conflict
    let mut other = request();
    other["name"] = "other".into();
    let ran = create(&bed, &other);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("client token"), "{}", ran.stderr);
    assert!(ran.stderr.contains(&id), "{}", ran.stderr);

    let shown = bed.run(&["job", "show", &id[..8], "--json"]).json();
    for (member, value) in request().as_object().unwrap() {
        assert_eq!(&shown[member], value, "{member}");
    }
    assert_eq!(shown["jobId"], id);
    assert_eq!(shown["jobStatus"], "RUNNING", "its first run is due");
    assert_eq!(shown["lastRunErrorStatus"]["code"], "NONE");
    assert_eq!(shown["statistics"]["numberOfRuns"], 0.0);
    assert_eq!(shown["customDataIdentifierIds"], Value::Null);
    assert_eq!(shown["userPausedDetails"], Value::Null);
    let arn = shown["jobArn"].as_str().unwrap();
    assert!(
        arn.starts_with("arn:aws:macie2:us-east-1:000000000000:classification-job/"),
        "{arn}"
    );
    assert_eq!(bed.events(), [["JOB_CREATED"]]);
    // by its ARN, by its name
    assert_eq!(bed.run(&["job", "show", arn, "--json"]).json(), shown);
    let by_name = bed.run(&["job", "show", "nightly exports"]).stdout;
    assert!(by_name.contains("daily, with an initial run"), "{by_name}");
    let listed = bed.run(&["job", "list", "--json"]).lines();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["jobId"], id);
    assert_eq!(listed[0]["jobType"], "SCHEDULED");
}

#[test]
fn flags_make_the_request_that_a_file_would() {
    let bed = Bed::new();
    std::fs::create_dir(bed.work().join("exports")).unwrap();
    let ran = bed.run(&[
        "job",
        "create",
        "--name",
        "late",
        "--bucket",
        "./exports",
        "--account",
        "444455556666",
        "--cron",
        "30 2 * * 1-5",
        "--time-zone",
        "Europe/Berlin",
        "--extension",
        "csv,json",
        "--not-key-prefix",
        "tmp/",
        "--min-size",
        "1KiB",
        "--sampling",
        "20",
        "--identifiers",
        "CREDIT_CARD_NUMBER",
        "--tag",
        "team=qa",
        "--account-id",
        "111122223333",
        "--region",
        "eu-west-1",
    ]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let shown = bed.run(&["job", "show", "late", "--json"]).json();
    assert_eq!(
        shown["scheduleFrequency"],
        json!({"cronSchedule": {"expression": "30 2 * * 1-5", "timeZone": "Europe/Berlin"}})
    );
    assert_eq!(shown["jobStatus"], "IDLE");
    assert_eq!(shown["managedDataIdentifierSelector"], "INCLUDE");
    assert_eq!(shown["samplingPercentage"], 20);
    let definition = &shown["s3JobDefinition"];
    let folder = &definition["bucketDefinitions"][0]["buckets"][0];
    assert_eq!(
        std::path::Path::new(folder.as_str().unwrap()),
        bed.work().join("./exports")
    );
    assert_eq!(
        definition["scoping"]["includes"]["and"][1]["simpleScopeTerm"],
        json!({"key": "OBJECT_SIZE", "comparator": "GTE", "values": ["1024"]})
    );
    assert!(
        shown["jobArn"]
            .as_str()
            .unwrap()
            .starts_with("arn:aws:macie2:eu-west-1:111122223333:")
    );
}

#[test]
fn what_the_api_would_refuse_is_refused_and_nothing_is_kept() {
    let bed = Bed::new();
    for (member, value, words) in [
        (
            "name",
            Value::Null,
            "Missing required parameter in input: \"name\"",
        ),
        ("jobType", "TWICE".into(), "ONE_TIME, SCHEDULED"),
        ("scheduleFrequency", Value::Null, "needs scheduleFrequency"),
        ("colour", "red".into(), "unknown field `colour`"),
        (
            "managedDataIdentifierSelector",
            "NONE".into(),
            "needs customDataIdentifierIds",
        ),
        ("customDataIdentifierIds", json!(["nowhere"]), "nowhere"),
        ("allowListIds", json!(["nowhere"]), "nowhere"),
    ] {
        let mut bad = request();
        bad[member] = value;
        let ran = create(&bed, &bad);
        assert_eq!(ran.status, Some(2), "{member}");
        assert!(ran.stderr.contains(words), "{member}: {}", ran.stderr);
        assert!(ran.stdout.is_empty());
    }
    assert_eq!(bed.run(&["job", "list"]).stdout, "");
    let ran = bed.run(&["job", "show", "x"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("there is none"), "{}", ran.stderr);
}

#[test]
fn a_skeleton_is_a_request_to_fill_in() {
    let bed = Bed::new();
    let skeleton = bed
        .run(&["job", "create", "--generate-cli-skeleton"])
        .json();
    assert!(skeleton["s3JobDefinition"]["scoping"]["excludes"]["and"][0].is_object());
    let mut filled = request();
    filled["description"] = skeleton["description"].clone();
    assert_eq!(create(&bed, &filled).status, Some(0));
}

#[test]
fn a_thousand_jobs_are_listed_at_once() {
    let bed = Bed::new();
    assert_eq!(create(&bed, &request()).status, Some(0));
    // as many jobs as `job create` would make one by one
    let database = rusqlite::Connection::open(bed.state().join("magpie.db")).unwrap();
    database
        .execute_batch(
            "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
             INSERT INTO jobs (job_no, job_id, name, job_type, status, command_key, spec, catalogue,
               created_at, run_date, updated_at, attempt, log_synced)
             SELECT i, printf('%032x', i), 'job ' || i, 'SCHEDULED', 'IDLE', i, '', '',
               j.created_at, j.run_date, j.updated_at, 1, 1 FROM n, jobs AS j WHERE j.job_no = 1;
             INSERT INTO created_jobs (job_no, account, region, runs)
             SELECT job_no, '111122223333', 'eu-west-1', 0 FROM jobs WHERE job_no > 1;
             INSERT INTO job_definitions (job_no, client_token, request, accounts)
             SELECT job_no, job_no, zeroblob(100000), '[]' FROM jobs WHERE job_no > 1;",
        )
        .unwrap();
    drop(database);
    let start = std::time::Instant::now();
    let listed = bed.run(&["job", "list"]);
    let elapsed = start.elapsed();
    assert_eq!(listed.stdout.lines().count(), 1000);
    // the process starts within this too; definitions alone would be 100 MB
    assert!(elapsed.as_millis() < 1500, "{elapsed:?}");
}
