//! What a run reads: scoping by every property, criteria on buckets in S3, versions, and the objects
//! that changed since the run before.

mod cli_support;
mod job_support;
mod support;

use cli_support::{Bed, Ran};
use job_support::{events, history, ssns};
use serde_json::{Value, json};
use support::s3::{Fault, Op, Rule, S3Server, S3State};

const NOW: &str = "2024-05-06T15:00:00Z";

fn s3(bed: &Bed, server: &S3Server, now: &str, arguments: &[&str]) -> Ran {
    bed.command()
        .envs(server.env())
        .env("AWS_MAX_ATTEMPTS", "2")
        .env("MAGPIE_NOW", now)
        .env("MAGPIE_CONFIG", bed.work().join("config.toml"))
        .args(arguments)
        .output()
        .unwrap()
        .into()
}

/// Creates and runs a job; gives the uris of the objects with findings, and the job.
fn found(bed: &Bed, server: &S3Server, definition: &Value, more: &[&str]) -> (Vec<String>, String) {
    let definition = definition.to_string();
    let mut all = vec![
        "job",
        "create",
        "--selector",
        "ALL",
        "--name",
        "n",
        "--s3-job-definition",
        &definition,
    ];
    all.extend(more);
    let created = s3(bed, server, NOW, &all);
    assert_eq!(created.status, Some(0), "{}", created.stderr);
    let job = created.stdout.trim().to_owned();
    let ran = s3(
        bed,
        server,
        NOW,
        &[
            "job",
            "run",
            &job,
            "--format",
            "jsonl",
            "--allow-incomplete",
        ],
    );
    let mut uris: Vec<String> = ran
        .lines()
        .iter()
        .map(|l| l["object"]["uri"].as_str().unwrap().to_owned())
        .collect();
    uris.dedup();
    (uris, job)
}

fn bed() -> Bed {
    let bed = Bed::new();
    bed.write("config.toml", "");
    bed
}

fn scoped(scoping: Value) -> Value {
    json!({
        "bucketDefinitions": [{"accountId": "000000000000", "buckets": ["logs"]}],
        "scoping": scoping
    })
}

#[test]
fn objects_are_scoped_by_tags_where_they_decide() {
    let bed = bed();
    let mut state = S3State::new();
    for (key, env) in [
        ("a.csv", "prod"),
        ("b.csv", "dev"),
        ("c.txt", "prod"),
        ("d.csv", ""),
    ] {
        let object = state.put("logs", key, ssns(1, 1));
        if !env.is_empty() {
            object.tags.insert("env".into(), env.into());
        }
    }
    let server = S3Server::start(state);
    let definition = scoped(json!({"includes": {"and": [
        {"simpleScopeTerm": {"key": "OBJECT_EXTENSION", "comparator": "EQ", "values": ["csv"]}},
        {"tagScopeTerm": {"comparator": "NE", "key": "TAG", "target": "S3_OBJECT",
            "tagValues": [{"key": "env", "value": "dev"}]}}]}}));
    let (uris, job) = found(&bed, &server, &definition, &[]);
    assert_eq!(uris, ["s3://logs/a.csv", "s3://logs/d.csv"]);
    assert_eq!(
        server.count(Op::GetObjectTagging),
        3,
        "of c.txt its name decides"
    );
    let run = &history(&bed, &job)[0];
    assert_eq!(run["leftOut"]["SCOPE"]["objects"], 2);
    assert_eq!(run["listed"]["objects"], 2);

    // where tags cannot be read, the object is told as not read
    server.fault(
        Rule::on(Op::GetObjectTagging).key("a.csv"),
        Fault::AccessDenied,
    );
    let (uris, job) = found(&bed, &server, &definition, &[]);
    assert_eq!(uris, ["s3://logs/d.csv"]);
    let run = &history(&bed, &job)[0];
    assert_eq!(run["skipped"]["objects"], 1);
    assert_eq!(run["complete"]["objects"], 1);
}

#[test]
fn criteria_are_looked_at_when_the_run_starts() {
    let bed = bed();
    bed.write(
        "config.toml",
        "account_id = \"111122223333\"\n[[account]]\nid = \"111122223333\"\n[[account]]\nid = \
         \"444455556666\"\nstate = \"DISABLED\"\n",
    );
    let mut state = S3State::new();
    for bucket in ["open", "closed", "shared", "inside", "tagged"] {
        state.bucket(bucket).owner("111122223333");
        state.put(bucket, "a.txt", ssns(1, 1));
    }
    let allow = |principal: &str| {
        format!(r#"{{"Statement":[{{"Effect":"Allow","Principal":{principal}}}]}}"#)
    };
    state.bucket("open").policy = Some(allow("\"*\""));
    state.bucket("closed").policy = Some(allow("\"*\""));
    state.bucket("closed").blocked = true;
    state.bucket("shared").policy = Some(allow(r#"{"AWS":"arn:aws:iam::999900001111:root"}"#));
    state.bucket("inside").policy = Some(allow(r#"{"AWS":"444455556666"}"#));
    state.bucket("tagged").tag("Env", "prod");
    let server = S3Server::start(state);
    let simple = |key: &str, comparator: &str, values: Value| json!({"simpleCriterion": {"key": key, "comparator": comparator, "values": values}});
    let tag = |pair: Value| json!({"tagCriterion": {"comparator": "EQ", "tagValues": [pair]}});
    for (criteria, expected) in [
        (
            json!({"includes": {"and": [simple("S3_BUCKET_EFFECTIVE_PERMISSION", "EQ", json!(["PUBLIC"]))]}}),
            vec!["open"],
        ),
        (
            json!({"includes": {"and": [simple("S3_BUCKET_SHARED_ACCESS", "EQ", json!(["INTERNAL"]))]}}),
            vec!["inside"],
        ),
        (
            json!({"includes": {"and": [simple("S3_BUCKET_SHARED_ACCESS", "EQ", json!(["EXTERNAL"]))]},
                   "excludes": {"and": [simple("S3_BUCKET_NAME", "EQ", json!(["open"]))]}}),
            vec!["closed", "shared"],
        ),
        (
            json!({"includes": {"and": [tag(json!({"key": "Env", "value": "prod"}))]}}),
            vec!["tagged"],
        ),
        (
            json!({"includes": {"and": [simple("ACCOUNT_ID", "EQ", json!(["111122223333"]))]},
                   "excludes": {"and": [tag(json!({"key": "Env"}))]}}),
            vec!["closed", "inside", "open", "shared"],
        ),
    ] {
        let (uris, job) = found(&bed, &server, &json!({"bucketCriteria": criteria}), &[]);
        let buckets: Vec<&str> = uris
            .iter()
            .map(|u| u.strip_prefix("s3://").unwrap().split('/').next().unwrap())
            .collect();
        assert_eq!(buckets, expected, "{criteria}");
        let matched: Vec<String> = events(&bed, &job)
            .into_iter()
            .filter(|e| e.starts_with("BUCKET_MATCHED"))
            .collect();
        assert_eq!(matched.len(), expected.len(), "{matched:?}");
        assert!(events(&bed, &job).contains(&"ACCOUNT_DISABLED".to_owned()));
    }
    // a bucket whose tags cannot be read may have matched
    server.fault(
        Rule::on(Op::GetBucketTagging).bucket("tagged"),
        Fault::AccessDenied,
    );
    let criteria = json!({"bucketCriteria": {"includes": {"and": [tag(json!({"key": "Env"}))]}}});
    let (uris, job) = found(&bed, &server, &criteria, &[]);
    assert!(uris.is_empty());
    let names = events(&bed, &job);
    assert!(
        names.contains(&"BUCKET_ACCESS_DENIED tagged GetBucketTagging".to_owned()),
        "{names:?}"
    );
    assert!(names.contains(&"NO_BUCKETS_MATCHED_THE_CRITERIA".to_owned()));
}

#[test]
fn later_runs_read_new_versions_and_what_could_not_be_had() {
    let bed = bed();
    let mut state = S3State::new();
    state.bucket("logs").versioned();
    state.put("logs", "a.txt", ssns(1, 1));
    state.put("logs", "b.txt", ssns(2, 1));
    let server = S3Server::start(state);
    server.fault(
        Rule::on(Op::GetObject).key("b.txt").times(1),
        Fault::AccessDenied,
    );
    let (uris, job) = found(
        &bed,
        &server,
        &scoped(Value::Null),
        &["--schedule", "daily", "--initial-run"],
    );
    assert_eq!(uris, ["s3://logs/a.txt"]);
    assert_eq!(history(&bed, &job)[0]["skipped"]["objects"], 1);
    let run = |now: &str| -> Vec<String> {
        let ran = s3(
            &bed,
            &server,
            now,
            &["job", "run", &job, "--format", "jsonl"],
        );
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let mut uris: Vec<String> = ran
            .lines()
            .iter()
            .map(|l| l["object"]["uri"].as_str().unwrap().to_owned())
            .collect();
        uris.dedup();
        uris
    };
    assert_eq!(run("2024-05-07T15:00:00Z"), ["s3://logs/b.txt"]);
    assert!(run("2024-05-08T15:00:00Z").is_empty());
    server.put("logs", "a.txt", ssns(3, 1));
    assert_eq!(run("2024-05-09T15:00:00Z"), ["s3://logs/a.txt"]);
}

#[test]
fn accounts_have_credentials_of_their_own() {
    let bed = bed();
    let mut state = S3State::new();
    state.bucket("logs").owner("444455556666");
    state.put("logs", "a.txt", ssns(1, 1));
    let server = S3Server::start(state);
    bed.write(
        "config.toml",
        format!(
            "[[account]]\nid = \"444455556666\"\nprofile = \"audit\"\nregion = \"us-east-1\"\n\
             endpoint_url = \"{}\"\n",
            server.url()
        ),
    );
    let credentials = bed.write(
        "credentials",
        format!(
            "[audit]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            support::s3::ACCESS_KEY,
            support::s3::SECRET_KEY
        ),
    );
    let created = bed.run(&[
        "job",
        "create",
        "--name",
        "n",
        "--bucket",
        "logs",
        "--account",
        "444455556666",
        "--selector",
        "ALL",
    ]);
    let job = created.stdout.trim();
    let ran: Ran = bed
        .command()
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", &credentials)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("MAGPIE_CONFIG", bed.work().join("config.toml"))
        .args(["job", "run", job, "--format", "jsonl"])
        .output()
        .unwrap()
        .into();
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert_eq!(ran.lines().len(), 1);
}

#[test]
fn what_the_service_says_of_an_account_is_told() {
    let bed = bed();
    bed.write("config.toml", "[[account]]\nid = \"111122223333\"\n");
    let criteria = json!({"bucketCriteria": {"includes": {"and": []}}});
    for (code, event) in [
        ("AllAccessDisabled", "ACCOUNT_ISOLATED"),
        ("NotSignedUp", "ACCOUNT_TERMINATED"),
        ("OptInRequired", "ACCOUNT_REGION_DISABLED"),
        ("AccessDenied", "ACCOUNT_ACCESS_DENIED ListBuckets"),
    ] {
        let server = S3Server::start(S3State::new());
        server.fault(
            Rule::on(Op::ListBuckets),
            Fault::Error {
                status: 403,
                code,
                message: "no",
            },
        );
        let (_, job) = found(&bed, &server, &criteria, &[]);
        assert_eq!(events(&bed, &job)[2], event);
    }
}

/// Answers AssumeRole once, and says what was asked.
fn sts() -> (String, std::thread::JoinHandle<String>) {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        let mut piece = [0; 4096];
        // the parameters are the last line of the request
        while !String::from_utf8_lossy(&asked).contains("ExternalId=") {
            let n = stream.read(&mut piece).unwrap();
            assert!(n > 0, "{}", String::from_utf8_lossy(&asked));
            asked.extend_from_slice(&piece[..n]);
        }
        let body = format!(
            "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>\
             <Credentials><AccessKeyId>{}</AccessKeyId><SecretAccessKey>{}</SecretAccessKey>\
             <SessionToken>token</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>\
             </Credentials></AssumeRoleResult></AssumeRoleResponse>",
            support::s3::ACCESS_KEY,
            support::s3::SECRET_KEY
        );
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        String::from_utf8_lossy(&asked).into_owned()
    });
    (url, thread)
}

#[test]
fn a_role_of_the_account_is_assumed() {
    let bed = bed();
    let mut state = S3State::new();
    state.bucket("logs").owner("444455556666");
    state.put("logs", "a.txt", ssns(1, 1));
    let server = S3Server::start(state);
    bed.write(
        "config.toml",
        "[[account]]\nid = \"444455556666\"\nregion = \"us-east-1\"\nexternal_id = \"magpie\"\n\
         role_arn = \"arn:aws:iam::444455556666:role/Audit\"\n",
    );
    let created = bed.run(&[
        "job",
        "create",
        "--name",
        "n",
        "--bucket",
        "logs",
        "--account",
        "444455556666",
        "--selector",
        "ALL",
    ]);
    let job = created.stdout.trim();
    let (url, asked) = sts();
    let ran: Ran = bed
        .command()
        .envs(server.env())
        .env("AWS_ENDPOINT_URL_STS", url)
        // the key of the caller is not one that the bucket knows
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7CALLER0")
        .env("MAGPIE_CONFIG", bed.work().join("config.toml"))
        .args(["job", "run", job, "--format", "jsonl"])
        .output()
        .unwrap()
        .into();
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert_eq!(ran.lines().len(), 1);
    let asked = asked.join().unwrap();
    assert!(
        asked.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A444455556666%3Arole%2FAudit"),
        "{asked}"
    );
    assert!(asked.contains("ExternalId=magpie"), "{asked}");
}
