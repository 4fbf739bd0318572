//! Created jobs as DescribeClassificationJob and ListClassificationJobs answer them.
//!
//! # Source
//! Macie API reference; the request comes back member by member.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::model::{CreatedJob, JobStatus};

/// Days that a paused run is kept.
const PAUSED_DAYS: i64 = 30;

/// Members of the request that are `null` where they were not given.
const OPTIONAL: [&str; 5] = [
    "customDataIdentifierIds",
    "description",
    "managedDataIdentifierIds",
    "scheduleFrequency",
    "allowListIds",
];

/// The answer of DescribeClassificationJob. `to_process`: objects that are still to be read.
pub fn describe_job(
    job: &CreatedJob,
    request: &Value,
    client_token: &str,
    to_process: u64,
) -> Value {
    let mut all = request.as_object().cloned().unwrap_or_default();
    for member in OPTIONAL {
        all.entry(member).or_insert(Value::Null);
    }
    all.entry("tags").or_insert_with(|| json!({}));
    all.entry("samplingPercentage").or_insert(json!(100));
    all.entry("initialRun").or_insert(json!(false));
    all.entry("managedDataIdentifierSelector")
        .or_insert(json!("RECOMMENDED"));
    all.insert("clientToken".into(), json!(client_token));
    all.insert("jobArn".into(), json!(job.arn()));
    all.insert("lastRunTime".into(), json!(time(job.last_run_at)));
    all.insert(
        "statistics".into(),
        json!({
            "approximateNumberOfObjectsToProcess": to_process as f64,
            "numberOfRuns": job.runs as f64,
        }),
    );
    common(job, &mut all);
    Value::Object(all)
}

/// One item of ListClassificationJobs; buckets only where the request is given.
pub fn job_summary(job: &CreatedJob, request: Option<&Value>) -> Value {
    let mut all = Map::new();
    let definition = request.map(|r| &r["s3JobDefinition"]);
    for member in ["bucketCriteria", "bucketDefinitions"] {
        if let Some(definition) = definition {
            all.insert(member.into(), definition[member].clone());
        }
    }
    common(job, &mut all);
    Value::Object(all)
}

fn common(job: &CreatedJob, all: &mut Map<String, Value>) {
    all.insert("jobId".into(), json!(job.id.as_str()));
    all.insert("name".into(), json!(job.name));
    all.insert("jobType".into(), json!(job.job_type));
    all.insert("jobStatus".into(), json!(job.status.as_str()));
    all.insert("createdAt".into(), json!(time(job.created_at)));
    let code = if job.trouble { "ERROR" } else { "NONE" };
    all.insert("lastRunErrorStatus".into(), json!({ "code": code }));
    let paused = job
        .paused_at
        .filter(|_| job.status == JobStatus::UserPaused);
    if let Some(at) = paused {
        let mut details = json!({ "jobPausedAt": time(at) });
        if job.paused_from == Some(JobStatus::Running) {
            details["jobExpiresAt"] = json!(time(at + Duration::days(PAUSED_DAYS)));
        }
        all.insert("userPausedDetails".into(), details);
    }
}

fn time(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}
