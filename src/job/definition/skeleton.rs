//! A request with every member, to be filled in.

use std::collections::BTreeMap;

use super::request::{
    BucketCriteria, BucketDefinition, CriteriaBlock, Criterion, DailySchedule, MonthlySchedule,
    Request, S3JobDefinition, ScheduleFrequency, ScopeTerm, Scoping, ScopingBlock, SimpleTerm,
    TagPair, TagTerm, WeeklySchedule,
};

/// What `--generate-cli-skeleton` of the AWS CLI gives for this operation: all members, empty. Of
/// members of which exactly one may be given, all are there.
pub fn skeleton() -> Request {
    let text = || Some(String::new());
    let pair = || TagPair {
        key: text(),
        value: text(),
    };
    let simple = |comparator: &str, key: &str| SimpleTerm {
        comparator: Some(comparator.to_owned()),
        key: Some(key.to_owned()),
        values: vec![String::new()],
    };
    let criteria = || CriteriaBlock {
        and: vec![Criterion {
            simple_criterion: Some(simple("EQ", "S3_BUCKET_NAME")),
            tag_criterion: Some(TagTerm {
                comparator: Some("EQ".to_owned()),
                tag_values: vec![pair()],
                ..TagTerm::default()
            }),
        }],
    };
    let scope = || ScopingBlock {
        and: vec![ScopeTerm {
            simple_scope_term: Some(simple("EQ", "OBJECT_EXTENSION")),
            tag_scope_term: Some(TagTerm {
                comparator: Some("EQ".to_owned()),
                key: Some("TAG".to_owned()),
                tag_values: vec![pair()],
                target: Some("S3_OBJECT".to_owned()),
            }),
        }],
    };
    Request {
        allow_list_ids: Some(vec![String::new()]),
        client_token: text(),
        custom_data_identifier_ids: Some(vec![String::new()]),
        description: text(),
        initial_run: Some(true),
        job_type: Some("ONE_TIME".to_owned()),
        managed_data_identifier_ids: Some(vec![String::new()]),
        managed_data_identifier_selector: Some("RECOMMENDED".to_owned()),
        name: text(),
        s3_job_definition: Some(S3JobDefinition {
            bucket_definitions: Some(vec![BucketDefinition {
                account_id: String::new(),
                buckets: vec![String::new()],
            }]),
            bucket_criteria: Some(BucketCriteria {
                includes: Some(criteria()),
                excludes: Some(criteria()),
            }),
            scoping: Some(Scoping {
                includes: Some(scope()),
                excludes: Some(scope()),
            }),
        }),
        sampling_percentage: Some(100),
        schedule_frequency: Some(ScheduleFrequency {
            daily_schedule: Some(DailySchedule {}),
            weekly_schedule: Some(WeeklySchedule {
                day_of_week: "SUNDAY".to_owned(),
            }),
            monthly_schedule: Some(MonthlySchedule { day_of_month: 1 }),
            cron_schedule: None,
        }),
        tags: Some(BTreeMap::from([("KeyName".to_owned(), String::new())])),
    }
}
