//! A request of the documented shape passes; each limit refuses.

use serde_json::{Value, json};

use super::*;

fn valid() -> Value {
    json!({
        "clientToken": "t",
        "name": "nightly",
        "jobType": "SCHEDULED",
        "initialRun": true,
        "scheduleFrequency": {"weeklySchedule": {"dayOfWeek": "MONDAY"}},
        "samplingPercentage": 50,
        "managedDataIdentifierSelector": "EXCLUDE",
        "managedDataIdentifierIds": ["NAME"],
        "s3JobDefinition": {"bucketDefinitions": [
            {"accountId": "111122223333", "buckets": ["amzn-s3-demo-bucket", "logs"]}]},
        "tags": {"Env": "prod"}
    })
}

fn refuse(change: impl FnOnce(&mut Value)) -> Refusal {
    let mut request = valid();
    change(&mut request);
    Definition::from_json(&request.to_string()).expect_err(&request.to_string())
}

#[test]
fn a_request_is_read_and_written_back() {
    let definition = Definition::from_json(&valid().to_string()).unwrap();
    assert_eq!(serde_json::to_value(&definition.request).unwrap(), valid());
    assert_eq!(definition.job_type(), "SCHEDULED");
    assert!(definition.initial_run);
    assert_eq!(definition.sampling_percentage, 50);
    assert_eq!(definition.selector, Selector::Exclude(vec!["NAME".into()]));
    // null stands for a member that was left out, as SDKs send it
    let mut request = valid();
    request["description"] = Value::Null;
    request["allowListIds"] = Value::Null;
    Definition::from_json(&request.to_string()).unwrap();
}

#[test]
fn every_limit_refuses() {
    let missing = |member: &str| {
        let text = refuse(|r| {
            r.as_object_mut().unwrap().remove(member);
        });
        assert!(
            text.to_string().contains(&format!(
                "Missing required parameter in input: \"{member}\""
            )),
            "{text}"
        );
    };
    ["name", "jobType", "s3JobDefinition"]
        .into_iter()
        .for_each(missing);
    for (change, words) in [
        (json!({"name": "n".repeat(501)}), "501 characters"),
        (json!({"description": "d".repeat(201)}), "201 characters"),
        (json!({"jobType": "NEVER"}), "ONE_TIME, SCHEDULED"),
        (json!({"jobType": "ONE_TIME"}), "scheduleFrequency"),
        (
            json!({"scheduleFrequency": null}),
            "needs scheduleFrequency",
        ),
        (json!({"samplingPercentage": 0}), "1 to 100"),
        (json!({"samplingPercentage": 101}), "1 to 100"),
        (
            json!({"managedDataIdentifierSelector": "SOME"}),
            "ALL, EXCLUDE",
        ),
        (
            json!({"managedDataIdentifierSelector": "ALL"}),
            "must be left out",
        ),
        (
            json!({"managedDataIdentifierIds": []}),
            "needs managedDataIdentifierIds",
        ),
        (
            json!({"managedDataIdentifierSelector": "NONE", "managedDataIdentifierIds": null}),
            "needs customDataIdentifierIds",
        ),
        (json!({"s3JobDefinition": {}}), "exactly one of"),
        (
            json!({"s3JobDefinition": {"bucketDefinitions": [], "bucketCriteria": {}}}),
            "exactly one of",
        ),
        (
            json!({"s3JobDefinition": {"bucketDefinitions": []}}),
            "is empty",
        ),
        (
            json!({"s3JobDefinition": {"bucketDefinitions":
                [{"accountId": "1", "buckets": ["b"]}]}}),
            "12 digits",
        ),
        (
            json!({"s3JobDefinition": {"bucketDefinitions":
                [{"accountId": "111122223333", "buckets": ["b", "b"]}]}}),
            "named twice",
        ),
        (json!({"tags": {"k".repeat(129): ""}}), "129 characters"),
        (json!({"tags": {"k": "v".repeat(257)}}), "257 characters"),
        (json!({"colour": "red"}), "unknown field `colour`"),
        (json!({"name": 5}), "Parameter validation failed"),
    ] {
        let refusal = refuse(|r| {
            for (member, value) in change.as_object().unwrap() {
                r[member] = value.clone();
            }
        });
        assert!(refusal.to_string().contains(words), "{change}: {refusal}");
        assert_eq!(refusal.code(), "ValidationException");
    }
    let ids = |n: usize| (0..n).map(|i| format!("id{i}")).collect::<Vec<_>>();
    for (change, max) in [
        (json!({"customDataIdentifierIds": ids(31)}), "at most 30"),
        (json!({"allowListIds": ids(11)}), "at most 10"),
        (
            json!({"s3JobDefinition": {"bucketDefinitions":
                [{"accountId": "111122223333", "buckets": ids(1001)}]}}),
            "at most 1000",
        ),
    ] {
        let refusal = refuse(|r| {
            for (member, value) in change.as_object().unwrap() {
                r[member] = value.clone();
            }
        });
        assert!(refusal.to_string().contains(max), "{refusal}");
        assert_eq!(refusal.code(), "ServiceQuotaExceededException");
    }
}

#[test]
fn an_initial_run_is_for_scheduled_jobs() {
    let refusal = refuse(|r| {
        r["jobType"] = "ONE_TIME".into();
        r["scheduleFrequency"] = Value::Null;
    });
    assert!(refusal.to_string().contains("initialRun"), "{refusal}");
}
