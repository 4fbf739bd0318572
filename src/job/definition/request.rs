//! The request of CreateClassificationJob, member by member, as JSON has it.
//!
//! Shapes only: what the members may hold is checked in [`super::check`]. One member is ours:
//! `scheduleFrequency.cronSchedule`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A request. Members that were not given are left out again when it is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_list_ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data_identifier_ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_run: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_data_identifier_ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_data_identifier_selector: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(rename = "s3JobDefinition", skip_serializing_if = "Option::is_none")]
    pub s3_job_definition: Option<S3JobDefinition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampling_percentage: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule_frequency: Option<ScheduleFrequency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, String>>,
}

/// Which buckets, and which of their objects.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct S3JobDefinition {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket_definitions: Option<Vec<BucketDefinition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket_criteria: Option<BucketCriteria>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scoping: Option<Scoping>,
}

/// Buckets of one account, by name; a name with a slash is a folder of this machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BucketDefinition {
    pub account_id: String,
    pub buckets: Vec<String>,
}

/// Conditions on buckets; `excludes` wins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BucketCriteria {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub includes: Option<CriteriaBlock>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excludes: Option<CriteriaBlock>,
}

/// Conditions that all have to hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CriteriaBlock {
    #[serde(default)]
    pub and: Vec<Criterion>,
}

/// One condition on a bucket: exactly one member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Criterion {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simple_criterion: Option<SimpleTerm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag_criterion: Option<TagTerm>,
}

/// A property, compared with values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SimpleTerm {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(default)]
    pub values: Vec<String>,
}

/// Tags, compared with pairs. `key` and `target` are for objects only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TagTerm {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(default)]
    pub tag_values: Vec<TagPair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

/// A tag key, a tag value, or both.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagPair {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// Conditions on objects; `excludes` wins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scoping {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub includes: Option<ScopingBlock>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excludes: Option<ScopingBlock>,
}

/// Conditions that all have to hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopingBlock {
    #[serde(default)]
    pub and: Vec<ScopeTerm>,
}

/// One condition on an object: exactly one member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScopeTerm {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simple_scope_term: Option<SimpleTerm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag_scope_term: Option<TagTerm>,
}

/// How often: exactly one member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScheduleFrequency {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily_schedule: Option<DailySchedule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekly_schedule: Option<WeeklySchedule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_schedule: Option<MonthlySchedule>,
    /// Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cron_schedule: Option<CronSchedule>,
}

/// Every day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DailySchedule {}

/// `MONDAY` to `SUNDAY`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WeeklySchedule {
    pub day_of_week: String,
}

/// 1 to 31; a month without that day is skipped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MonthlySchedule {
    pub day_of_month: i64,
}

/// A cron expression of five fields, and an IANA time zone (UTC where none is given).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CronSchedule {
    pub expression: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}
