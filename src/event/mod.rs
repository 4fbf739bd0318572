//! The job log: one enum of events, one place that writes them.
//!
//! Names, field order, timestamps and descriptions are Macie's, byte for byte. Which event is due
//! when is the engine's to know; where the lines are kept is the store's.
//!
//! # Source
//! Macie user guide, "Monitoring sensitive data discovery jobs with CloudWatch Logs".

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::model::shown::escape_in_json;
use crate::model::{AccountId, EventLine, JobId};

/// What the lines of one job have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventContext {
    /// The account that created the job.
    pub admin_account: AccountId,
    pub job_id: JobId,
    pub job_name: String,
    /// When the job or run started; the same for all events of a run.
    pub run_date: DateTime<Utc>,
}

/// Everything that is told in the job log.
///
/// `account` is `None` where the owner is not known; the field is then left out.
/// `operation` is the name of the S3 operation that failed, such as `ListObjectsV2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    JobCreated,
    OneTimeJobStarted,
    ScheduledRunStarted,
    BucketMatchedTheCriteria {
        account: Option<AccountId>,
        bucket: String,
    },
    NoBucketsMatchedTheCriteria,
    ScheduledRunCompleted,
    JobPausedByUser,
    JobResumedByUser,
    JobPausedByMacieServiceQuotaMet {
        account: Option<AccountId>,
    },
    JobResumedByMacieServiceQuotaLifted {
        account: Option<AccountId>,
    },
    JobCancelled,
    JobCompleted,
    AccountAccessDenied {
        operation: String,
        account: Option<AccountId>,
    },
    AccountDisabled {
        account: Option<AccountId>,
    },
    AccountDisassociated {
        account: Option<AccountId>,
    },
    AccountIsolated {
        account: Option<AccountId>,
    },
    AccountRegionDisabled {
        account: Option<AccountId>,
    },
    AccountSuspended {
        account: Option<AccountId>,
    },
    AccountTerminated {
        account: Option<AccountId>,
    },
    BucketAccessDenied {
        operation: String,
        account: Option<AccountId>,
        bucket: String,
    },
    BucketDetailsUnavailable {
        account: Option<AccountId>,
        bucket: String,
    },
    BucketDoesNotExist {
        account: Option<AccountId>,
        bucket: String,
    },
    BucketInDifferentRegion {
        account: Option<AccountId>,
        bucket: String,
    },
    BucketOwnerChanged {
        account: Option<AccountId>,
        bucket: String,
    },
}

/// The S3 bucket in `affectedResource`.
#[derive(Serialize)]
struct Resource<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    value: &'a str,
}

/// One line; the order of the fields is the order in the file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    admin_account_id: &'a str,
    job_id: &'a str,
    event_type: &'static str,
    occurred_at: String,
    description: &'static str,
    job_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    affected_account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    affected_resource: Option<Resource<'a>>,
}

impl Event {
    /// `eventType` and `description`, as Macie writes them.
    ///
    /// Macie mixes two apostrophes, U+2019 and U+0027; both are kept where they stand.
    pub fn words(&self) -> (&'static str, &'static str) {
        match self {
            Event::JobCreated => ("JOB_CREATED", "The job was created."),
            Event::OneTimeJobStarted => ("ONE_TIME_JOB_STARTED", "The job started running."),
            Event::ScheduledRunStarted => (
                "SCHEDULED_RUN_STARTED",
                "The scheduled job run started running.",
            ),
            Event::BucketMatchedTheCriteria { .. } => (
                "BUCKET_MATCHED_THE_CRITERIA",
                "The affected bucket matched the bucket criteria specified for the job.",
            ),
            Event::NoBucketsMatchedTheCriteria => (
                "NO_BUCKETS_MATCHED_THE_CRITERIA",
                "The job started running but no buckets currently match the bucket criteria specified for the job. The job didn't analyze any data.",
            ),
            Event::ScheduledRunCompleted => (
                "SCHEDULED_RUN_COMPLETED",
                "The scheduled job run finished running.",
            ),
            Event::JobPausedByUser => ("JOB_PAUSED_BY_USER", "The job was paused by a user."),
            Event::JobResumedByUser => ("JOB_RESUMED_BY_USER", "The job was resumed by a user."),
            Event::JobPausedByMacieServiceQuotaMet { .. } => (
                "JOB_PAUSED_BY_MACIE_SERVICE_QUOTA_MET",
                "The job was paused by Macie. Completion of the job would exceed a monthly quota for the affected account.",
            ),
            Event::JobResumedByMacieServiceQuotaLifted { .. } => (
                "JOB_RESUMED_BY_MACIE_SERVICE_QUOTA_LIFTED",
                "The job was resumed by Macie. The monthly service quota was lifted for the affected account.",
            ),
            Event::JobCancelled => ("JOB_CANCELLED", "The job was cancelled."),
            Event::JobCompleted => ("JOB_COMPLETED", "The job finished running."),
            Event::AccountAccessDenied { .. } => (
                "ACCOUNT_ACCESS_DENIED",
                "Macie doesn’t have permission to access S3 bucket data for the affected account.",
            ),
            Event::AccountDisabled { .. } => (
                "ACCOUNT_DISABLED",
                "The job skipped resources that are owned by the affected account. Macie was disabled for the account.",
            ),
            Event::AccountDisassociated { .. } => (
                "ACCOUNT_DISASSOCIATED",
                "The job skipped resources that are owned by the affected account. The account isn't associated with your Macie administrator account as a member account anymore.",
            ),
            Event::AccountIsolated { .. } => (
                "ACCOUNT_ISOLATED",
                "The job skipped resources that are owned by the affected account. The AWS account was isolated.",
            ),
            Event::AccountRegionDisabled { .. } => (
                "ACCOUNT_REGION_DISABLED",
                "The job skipped resources that are owned by the affected account. The AWS account isn't active in the current AWS Region.",
            ),
            Event::AccountSuspended { .. } => (
                "ACCOUNT_SUSPENDED",
                "The job was cancelled or skipped resources that are owned by the affected account. Macie was suspended for the account.",
            ),
            Event::AccountTerminated { .. } => (
                "ACCOUNT_TERMINATED",
                "The job skipped resources that are owned by the affected account. The AWS account was terminated.",
            ),
            Event::BucketAccessDenied { .. } => (
                "BUCKET_ACCESS_DENIED",
                "Macie doesn’t have permission to access the affected S3 bucket.",
            ),
            Event::BucketDetailsUnavailable { .. } => (
                "BUCKET_DETAILS_UNAVAILABLE",
                "A temporary issue prevented Macie from retrieving details about the bucket and the bucket’s objects.",
            ),
            Event::BucketDoesNotExist { .. } => (
                "BUCKET_DOES_NOT_EXIST",
                "The affected S3 bucket doesn’t exist anymore.",
            ),
            Event::BucketInDifferentRegion { .. } => (
                "BUCKET_IN_DIFFERENT_REGION",
                "The affected S3 bucket was moved to a different AWS Region.",
            ),
            Event::BucketOwnerChanged { .. } => (
                "BUCKET_OWNER_CHANGED",
                "The owner of the affected S3 bucket changed. Macie doesn’t have permission to access the bucket anymore.",
            ),
        }
    }

    /// `eventType` in the line.
    pub fn event_type(&self) -> &'static str {
        self.words().0
    }

    fn operation(&self) -> Option<&str> {
        match self {
            Event::AccountAccessDenied { operation, .. }
            | Event::BucketAccessDenied { operation, .. } => Some(operation),
            _ => None,
        }
    }

    fn account(&self) -> Option<&AccountId> {
        match self {
            Event::BucketMatchedTheCriteria { account, .. }
            | Event::JobPausedByMacieServiceQuotaMet { account }
            | Event::JobResumedByMacieServiceQuotaLifted { account }
            | Event::AccountAccessDenied { account, .. }
            | Event::AccountDisabled { account }
            | Event::AccountDisassociated { account }
            | Event::AccountIsolated { account }
            | Event::AccountRegionDisabled { account }
            | Event::AccountSuspended { account }
            | Event::AccountTerminated { account }
            | Event::BucketAccessDenied { account, .. }
            | Event::BucketDetailsUnavailable { account, .. }
            | Event::BucketDoesNotExist { account, .. }
            | Event::BucketInDifferentRegion { account, .. }
            | Event::BucketOwnerChanged { account, .. } => account.as_ref(),
            _ => None,
        }
    }

    fn bucket(&self) -> Option<&str> {
        match self {
            Event::BucketMatchedTheCriteria { bucket, .. }
            | Event::BucketAccessDenied { bucket, .. }
            | Event::BucketDetailsUnavailable { bucket, .. }
            | Event::BucketDoesNotExist { bucket, .. }
            | Event::BucketInDifferentRegion { bucket, .. }
            | Event::BucketOwnerChanged { bucket, .. } => Some(bucket),
            _ => None,
        }
    }

    /// Equal for events that tell the same thing of the same account or bucket, so that a job that
    /// is taken up again does not repeat them.
    ///
    /// Pausing and resuming may happen several times in one job: there the caller adds what tells
    /// them apart.
    pub fn once(&self) -> String {
        let mut key = self.event_type().to_owned();
        for part in [
            self.operation(),
            self.account().map(AccountId::as_str),
            self.bucket(),
        ] {
            key.push('/');
            key.push_str(part.unwrap_or(""));
        }
        key
    }

    /// The JSON line, without the line end.
    pub fn to_json(&self, context: &EventContext, occurred_at: DateTime<Utc>) -> String {
        let (event_type, description) = self.words();
        let line = Line {
            admin_account_id: context.admin_account.as_str(),
            job_id: context.job_id.as_str(),
            event_type,
            occurred_at: timestamp(occurred_at),
            description,
            job_name: &context.job_name,
            operation: self.operation(),
            // the job exists before its run does
            run_date: (*self != Event::JobCreated).then(|| timestamp(context.run_date)),
            affected_account: self.account().map(AccountId::as_str),
            affected_resource: self.bucket().map(|value| Resource {
                kind: "S3_BUCKET_NAME",
                value,
            }),
        };
        // strings and a fixed shape: there is nothing in it that could fail to serialise
        escape_in_json(serde_json::to_string(&line).unwrap_or_default())
    }

    /// The line together with what makes it one of a kind, as the store takes it.
    pub fn to_line(&self, context: &EventContext, occurred_at: DateTime<Utc>) -> EventLine {
        EventLine {
            once: self.once(),
            line: self.to_json(context, occurred_at),
        }
    }
}

/// ISO 8601, UTC, always six digits of fraction.
fn timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}
