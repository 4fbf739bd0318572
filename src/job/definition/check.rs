//! A request against Macie's limits; what passes is a [`Definition`].

use std::collections::BTreeSet;

use super::Refusal;
use super::request::{BucketDefinition, Request, S3JobDefinition};
use crate::job::criteria::Criteria;
use crate::job::schedule::Schedule;
use crate::job::scope::Scope;
use crate::model::AccountId;
use crate::model::custom::PER_JOB_MAX;

const NAME_CHARS_MAX: usize = 500;
const DESCRIPTION_CHARS_MAX: usize = 200;
/// Buckets named in one job; criteria may match more.
const BUCKETS_MAX: usize = 1000;
const ALLOW_LISTS_MAX: usize = 10;
const TAGS_MAX: usize = 50;
const TAG_KEY_CHARS: (usize, usize) = (1, 128);
const TAG_VALUE_CHARS_MAX: usize = 256;

/// `managedDataIdentifierSelector`, with the ids that go with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    Recommended,
    All,
    Exclude(Vec<String>),
    Include(Vec<String>),
    None,
}

/// A request that may become a job.
#[derive(Clone, Debug)]
pub struct Definition {
    pub request: Request,
    pub name: String,
    /// `None` for a one-time job.
    pub schedule: Option<Schedule>,
    pub initial_run: bool,
    pub sampling_percentage: u8,
    pub selector: Selector,
    pub buckets: Buckets,
    pub scope: Scope,
}

/// Where the objects are.
#[derive(Clone, Debug)]
pub enum Buckets {
    Named(Vec<BucketDefinition>),
    Matching(Criteria),
}

impl Definition {
    /// Checks a request.
    ///
    /// # Errors
    /// The first thing that the API would refuse.
    pub fn new(request: Request) -> Result<Self, Refusal> {
        let name = request.name.clone().unwrap_or_default();
        missing("name", name.is_empty())?;
        within("name", &name, (1, NAME_CHARS_MAX))?;
        if let Some(text) = &request.description {
            within("description", text, (0, DESCRIPTION_CHARS_MAX))?;
        }
        missing("jobType", request.job_type.is_none())?;
        let schedule = schedule(&request)?;
        if schedule.is_none() && request.initial_run == Some(true) {
            return Err(Refusal::invalid("initialRun is for SCHEDULED jobs only"));
        }
        let sampling = request.sampling_percentage.unwrap_or(100);
        let sampling_percentage = u8::try_from(sampling)
            .ok()
            .filter(|p| (1..=100).contains(p))
            .ok_or_else(|| {
                Refusal::invalid(format!("samplingPercentage {sampling} is not 1 to 100"))
            })?;
        missing("s3JobDefinition", request.s3_job_definition.is_none())?;
        let definition = request.s3_job_definition.clone().unwrap_or_default();
        let buckets = buckets(&definition)?;
        let scope = Scope::compile(definition.scoping.as_ref())?;
        let selector = selector(&request)?;
        at_most(
            "customDataIdentifierIds",
            request.custom_data_identifier_ids.as_deref(),
            PER_JOB_MAX,
        )?;
        at_most(
            "allowListIds",
            request.allow_list_ids.as_deref(),
            ALLOW_LISTS_MAX,
        )?;
        tags(&request)?;
        Ok(Definition {
            initial_run: request.initial_run == Some(true),
            name,
            schedule,
            sampling_percentage,
            selector,
            buckets,
            scope,
            request,
        })
    }

    /// Reads a request from JSON: the file of `--cli-input-json`.
    ///
    /// # Errors
    /// It is no JSON, has members that the operation does not know, or is refused.
    pub fn from_json(text: &str) -> Result<Self, Refusal> {
        let request: Request = serde_json::from_str(text)
            .map_err(|e| Refusal::invalid(format!("Parameter validation failed: {e}")))?;
        Definition::new(request)
    }

    /// `ONE_TIME` or `SCHEDULED`.
    pub fn job_type(&self) -> &'static str {
        match self.schedule {
            None => "ONE_TIME",
            Some(_) => "SCHEDULED",
        }
    }
}

fn missing(member: &str, is: bool) -> Result<(), Refusal> {
    match is {
        true => Err(Refusal::invalid(format!(
            "Parameter validation failed: Missing required parameter in input: \"{member}\""
        ))),
        false => Ok(()),
    }
}

fn within(member: &str, text: &str, (min, max): (usize, usize)) -> Result<(), Refusal> {
    let chars = text.chars().count();
    match (min..=max).contains(&chars) {
        true => Ok(()),
        false => Err(Refusal::invalid(format!(
            "{member} has {chars} characters; give {min} to {max}"
        ))),
    }
}

fn at_most(member: &str, list: Option<&[String]>, max: usize) -> Result<(), Refusal> {
    let count = list.map_or(0, <[String]>::len);
    if count > max {
        return Err(Refusal::Quota(format!(
            "{member} names {count}; a job has at most {max}"
        )));
    }
    Ok(())
}

fn schedule(request: &Request) -> Result<Option<Schedule>, Refusal> {
    let job_type = request.job_type.as_deref().unwrap_or_default();
    match (job_type, &request.schedule_frequency) {
        ("ONE_TIME", None) => Ok(None),
        ("ONE_TIME", Some(_)) => Err(Refusal::invalid(
            "scheduleFrequency is for SCHEDULED jobs only; leave it out",
        )),
        ("SCHEDULED", None) => Err(Refusal::invalid(
            "a SCHEDULED job needs scheduleFrequency: dailySchedule, weeklySchedule or \
             monthlySchedule",
        )),
        ("SCHEDULED", Some(frequency)) => Schedule::compile(frequency).map(Some),
        (other, _) => Err(Refusal::invalid(format!(
            "jobType {other:?} is not one of ONE_TIME, SCHEDULED"
        ))),
    }
}

fn selector(request: &Request) -> Result<Selector, Refusal> {
    let ids = request
        .managed_data_identifier_ids
        .clone()
        .unwrap_or_default();
    let name = request
        .managed_data_identifier_selector
        .as_deref()
        .unwrap_or("RECOMMENDED");
    let selector = match name {
        "RECOMMENDED" => Selector::Recommended,
        "ALL" => Selector::All,
        "NONE" => Selector::None,
        "EXCLUDE" => Selector::Exclude(ids.clone()),
        "INCLUDE" => Selector::Include(ids.clone()),
        other => {
            return Err(Refusal::invalid(format!(
                "managedDataIdentifierSelector {other:?} is not one of ALL, EXCLUDE, INCLUDE, NONE, \
                 RECOMMENDED"
            )));
        }
    };
    let wants_ids = matches!(selector, Selector::Exclude(_) | Selector::Include(_));
    if wants_ids && ids.is_empty() {
        return Err(Refusal::invalid(format!(
            "managedDataIdentifierSelector {name} needs managedDataIdentifierIds"
        )));
    }
    if !wants_ids && !ids.is_empty() {
        return Err(Refusal::invalid(format!(
            "managedDataIdentifierIds must be left out with managedDataIdentifierSelector {name}"
        )));
    }
    let custom = request.custom_data_identifier_ids.as_deref();
    if selector == Selector::None && custom.is_none_or(<[String]>::is_empty) {
        return Err(Refusal::invalid(
            "managedDataIdentifierSelector NONE needs customDataIdentifierIds",
        ));
    }
    Ok(selector)
}

fn buckets(definition: &S3JobDefinition) -> Result<Buckets, Refusal> {
    match (&definition.bucket_definitions, &definition.bucket_criteria) {
        (Some(named), None) => {
            let mut all = BTreeSet::new();
            for account in named {
                if AccountId::parse(&account.account_id).is_none() {
                    return Err(Refusal::invalid(format!(
                        "accountId {:?} does not have 12 digits",
                        account.account_id
                    )));
                }
                if account.buckets.is_empty() {
                    return Err(Refusal::invalid(format!(
                        "buckets of account {} is empty",
                        account.account_id
                    )));
                }
                for bucket in &account.buckets {
                    if bucket.is_empty() {
                        return Err(Refusal::invalid("a bucket name is empty"));
                    }
                    if !all.insert((&account.account_id, bucket)) {
                        return Err(Refusal::invalid(format!("bucket {bucket} is named twice")));
                    }
                }
            }
            if all.is_empty() {
                return Err(Refusal::invalid("bucketDefinitions is empty"));
            }
            if all.len() > BUCKETS_MAX {
                return Err(Refusal::Quota(format!(
                    "{} buckets are named; a job has at most {BUCKETS_MAX}: use bucketCriteria",
                    all.len()
                )));
            }
            Ok(Buckets::Named(named.clone()))
        }
        (None, Some(criteria)) => Criteria::compile(criteria).map(Buckets::Matching),
        _ => Err(Refusal::invalid(
            "s3JobDefinition needs exactly one of bucketDefinitions and bucketCriteria",
        )),
    }
}

fn tags(request: &Request) -> Result<(), Refusal> {
    let Some(tags) = &request.tags else {
        return Ok(());
    };
    if tags.len() > TAGS_MAX {
        return Err(Refusal::invalid(format!(
            "{} tags are more than {TAGS_MAX}",
            tags.len()
        )));
    }
    for (key, value) in tags {
        within("a tag key", key, TAG_KEY_CHARS)?;
        within("a tag value", value, (0, TAG_VALUE_CHARS_MAX))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
