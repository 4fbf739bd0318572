//! The job log against Macie's published and observed lines.

use chrono::{DateTime, Utc};
use magpie::event::{Event, EventContext};
use magpie::model::{AccountId, JobId};
use serde_json::Value;

fn facts() -> Value {
    serde_json::from_str(include_str!("data/log-events.json")).expect("facts are JSON")
}

fn account() -> Option<AccountId> {
    AccountId::parse("111122223333")
}

/// One event of each kind, in the order of the facts.
fn all() -> Vec<Event> {
    let operation = || "ListObjectsV2".to_owned();
    let bucket = || "amzn-s3-demo-bucket".to_owned();
    vec![
        Event::JobCreated,
        Event::OneTimeJobStarted,
        Event::ScheduledRunStarted,
        Event::BucketMatchedTheCriteria {
            account: account(),
            bucket: bucket(),
        },
        Event::NoBucketsMatchedTheCriteria,
        Event::ScheduledRunCompleted,
        Event::JobPausedByUser,
        Event::JobResumedByUser,
        Event::JobPausedByMacieServiceQuotaMet { account: account() },
        Event::JobResumedByMacieServiceQuotaLifted { account: account() },
        Event::JobCancelled,
        Event::JobCompleted,
        Event::AccountAccessDenied {
            operation: operation(),
            account: account(),
        },
        Event::AccountDisabled { account: account() },
        Event::AccountDisassociated { account: account() },
        Event::AccountIsolated { account: account() },
        Event::AccountRegionDisabled { account: account() },
        Event::AccountSuspended { account: account() },
        Event::AccountTerminated { account: account() },
        Event::BucketAccessDenied {
            operation: operation(),
            account: account(),
            bucket: bucket(),
        },
        Event::BucketDetailsUnavailable {
            account: account(),
            bucket: bucket(),
        },
        Event::BucketDoesNotExist {
            account: account(),
            bucket: bucket(),
        },
        Event::BucketInDifferentRegion {
            account: account(),
            bucket: bucket(),
        },
        Event::BucketOwnerChanged {
            account: account(),
            bucket: bucket(),
        },
    ]
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn context(sample: &Value) -> EventContext {
    let text = |name: &str| sample[name].as_str().unwrap_or_default().to_owned();
    EventContext {
        admin_account: AccountId::parse(&text("adminAccountId")).expect("an account"),
        job_id: JobId::parse(&"a5".repeat(16)).expect("an id"),
        job_name: text("jobName"),
        run_date: match sample["runDate"].as_str() {
            Some(run_date) => time(run_date),
            None => time("2020-01-01T00:00:00Z"),
        },
    }
}

/// Each published sample is written again from its parts and compared as text. The published
/// job ids of the user guide are placeholders without the shape of an id, so a like one stands in.
#[test]
fn published_samples_come_out_byte_for_byte() {
    let facts = facts();
    let samples = |name: &str| facts[name].as_array().expect("samples").clone();
    let mut compared = 0;
    for sample in samples("samples")
        .into_iter()
        .chain(samples("observed_samples"))
    {
        let event_type = sample["eventType"].as_str().expect("a type");
        let text = |name: &str| sample[name].as_str().unwrap_or_default().to_owned();
        let account = AccountId::parse(&text("affectedAccount"));
        let event = match event_type {
            "BUCKET_ACCESS_DENIED" => Event::BucketAccessDenied {
                operation: text("operation"),
                account,
                bucket: sample["affectedResource"]["value"]
                    .as_str()
                    .expect("a bucket")
                    .to_owned(),
            },
            "ACCOUNT_ACCESS_DENIED" => Event::AccountAccessDenied {
                operation: text("operation"),
                account,
            },
            "SCHEDULED_RUN_COMPLETED" => Event::ScheduledRunCompleted,
            "JOB_CREATED" => Event::JobCreated,
            "ONE_TIME_JOB_STARTED" => Event::OneTimeJobStarted,
            "JOB_COMPLETED" => Event::JobCompleted,
            other => panic!("no event for the sample {other}"),
        };
        let context = context(&sample);
        let got = event.to_json(&context, time(&text("occurredAt")));
        // the sample as one line, with its fields in the order of the facts
        let order: Vec<&str> = facts["field_order"]
            .as_array()
            .expect("an order")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let fields: Vec<String> = order
            .iter()
            .filter_map(|name| {
                let value = match *name {
                    "jobId" => Value::from(context.job_id.as_str()),
                    name => sample.get(name)?.clone(),
                };
                Some(format!("\"{name}\":{value}"))
            })
            .collect();
        let want = format!("{{{}}}", fields.join(","));
        assert_eq!(got, want);
        compared += 1;
    }
    assert_eq!(compared, 6);
}

#[test]
fn every_kind_has_its_words_and_fields() {
    let facts = facts();
    let kinds = facts["events"].as_array().expect("events");
    let events = all();
    assert_eq!(kinds.len(), 24);
    assert_eq!(events.len(), 24);
    let context = context(&serde_json::json!({"adminAccountId": "123456789012"}));
    for (kind, event) in kinds.iter().zip(&events) {
        let (event_type, description) = event.words();
        assert_eq!(kind["eventType"], event_type);
        assert_eq!(kind["description"], description, "{event_type}");
        let line: Value = serde_json::from_str(&event.to_json(&context, Utc::now())).expect("JSON");
        let mut extra: Vec<&str> = kind["extra_fields"]
            .as_array()
            .expect("fields")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        extra.extend([
            "adminAccountId",
            "jobId",
            "eventType",
            "occurredAt",
            "description",
            "jobName",
        ]);
        extra.sort_unstable();
        let mut have: Vec<&str> = line
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        have.sort_unstable();
        assert_eq!(have, extra, "{event_type}");
    }
}

#[test]
fn both_apostrophes_are_kept() {
    let quoted = |c: char| all().iter().filter(|e| e.words().1.contains(c)).count();
    assert_eq!((quoted('\u{2019}'), quoted('\'')), (5, 3));
}

#[test]
fn an_unknown_owner_is_left_out_and_hostile_names_are_escaped() {
    let mut context = context(&serde_json::json!({"adminAccountId": "123456789012"}));
    context.job_name = "a\"b\n\u{1b}[2J".to_owned();
    let event = Event::BucketDoesNotExist {
        account: None,
        bucket: "b".to_owned(),
    };
    let line = event.to_json(&context, time("2024-01-02T03:04:05Z"));
    assert!(!line.contains("affectedAccount"), "{line}");
    assert!(!line.contains('\n') && !line.contains('\u{1b}'), "{line}");
    assert!(
        line.contains("\"occurredAt\":\"2024-01-02T03:04:05.000000Z\""),
        "{line}"
    );
}

#[test]
fn once_tells_operations_accounts_and_buckets_apart() {
    let mut keys: Vec<String> = all().iter().map(Event::once).collect();
    keys.push(
        Event::BucketAccessDenied {
            operation: "GetObject".to_owned(),
            account: account(),
            bucket: "amzn-s3-demo-bucket".to_owned(),
        }
        .once(),
    );
    keys.push(
        Event::BucketAccessDenied {
            operation: "GetObject".to_owned(),
            account: None,
            bucket: "amzn-s3-demo-bucket".to_owned(),
        }
        .once(),
    );
    let count = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), count);
}
