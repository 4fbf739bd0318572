//! `magpie job create`: a request from a file and flags, checked, kept and told in the job log.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

use anyhow::Context;

use crate::cli::exit::{Exit, Failure, OrExit};
use crate::cli::identifiers::{self, own};
use crate::cli::job_args::{CreateArgs, ScopeArgs, WhatArgs, WhenArgs};
use crate::cli::logs::store_failure;
use crate::cli::{allow, clock, config, output, state};
use crate::detect::Catalogue;
use crate::event::{Event, EventContext};
use crate::job::accounts::Accounts;
use crate::job::definition::request::{
    BucketDefinition, CronSchedule, DailySchedule, MonthlySchedule, Request, S3JobDefinition,
    ScheduleFrequency, ScopeTerm, Scoping, ScopingBlock, SimpleTerm, WeeklySchedule,
};
use crate::job::definition::{Definition, Refusal, Selector, skeleton};
use crate::model::{AccountId, JobStatus};
use crate::store::{NewCreatedJob, Store};

/// Region of a job where none is known.
const REGION_UNKNOWN: &str = "us-east-1";

pub fn run(args: &CreateArgs) -> Result<Exit, Failure> {
    if args.generate_cli_skeleton {
        let text = serde_json::to_string_pretty(&skeleton())
            .context("write skeleton")
            .or_exit(Exit::Internal)?;
        output::print(&(text + "\n"))?;
        return Ok(Exit::Clean);
    }
    let accounts = config::accounts(args.config.config.as_deref())?;
    let folder = state::folder(&args.state)?;
    let admin = admin(args, &accounts)?;
    let request = request(args, &admin, &folder)?;
    let token = match request.client_token.clone().filter(|t| !t.is_empty()) {
        Some(token) => token,
        None => uuid::Uuid::new_v4().to_string(),
    };
    let definition = Definition::new(request).map_err(refused)?;
    known(&definition, &folder)?;
    let now = clock::clock()?.now();
    let due = match &definition.schedule {
        None => Some(now),
        Some(schedule) => schedule.first(now, definition.initial_run),
    };
    let status = match due.is_some_and(|due| due <= now) {
        true => JobStatus::Running,
        false => JobStatus::Idle,
    };
    let new = NewCreatedJob {
        name: definition.name.clone(),
        job_type: definition.job_type(),
        status,
        account: admin,
        region: region(args, &accounts),
        client_token: token,
        request: serde_json::to_string(&definition.request)
            .context("keep request")
            .or_exit(Exit::Internal)?,
        accounts: accounts.all.iter().map(|a| a.id.clone()).collect(),
        next_due_at: due,
        now,
    };
    let store = Store::open(&folder).map_err(store_failure)?;
    let (job, _) = store
        .create_job(&new, |job| {
            let context = EventContext {
                admin_account: job.account.clone(),
                job_id: job.id.clone(),
                job_name: job.name.clone(),
                run_date: job.created_at,
            };
            vec![Event::JobCreated.to_line(&context, now)]
        })
        .map_err(store_failure)?;
    output::print(&format!("{}\n", job.id))?;
    Ok(Exit::Clean)
}

/// The error for a request that is refused.
pub fn refused(refusal: Refusal) -> Failure {
    Failure::usage(format!(
        "create job: an error occurred ({}) when calling the CreateClassificationJob operation: \
         {refusal}",
        refusal.code()
    ))
}

fn admin(args: &CreateArgs, accounts: &Accounts) -> Result<AccountId, Failure> {
    match &args.account_id {
        Some(text) => AccountId::parse(text).ok_or_else(|| {
            Failure::usage(format!(
                "read --account-id {text}: an account id has 12 digits"
            ))
        }),
        None => Ok(accounts.admin.clone().unwrap_or_else(AccountId::local)),
    }
}

fn region(args: &CreateArgs, accounts: &Accounts) -> String {
    let from_environment = || {
        ["AWS_REGION", "AWS_DEFAULT_REGION"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()))
    };
    args.region
        .clone()
        .or_else(|| accounts.region.clone())
        .or_else(from_environment)
        .unwrap_or_else(|| REGION_UNKNOWN.to_owned())
}

/// The request of the file, with what the flags say in place of it.
fn request(args: &CreateArgs, admin: &AccountId, folder: &Path) -> Result<Request, Failure> {
    let mut request: Request = match &args.cli_input_json {
        None => Request::default(),
        Some(text) => parse("--cli-input-json", text)?,
    };
    fn set<T>(to: &mut Option<T>, from: Option<T>) {
        if from.is_some() {
            *to = from;
        }
    }
    set(&mut request.name, args.name.clone());
    set(&mut request.description, args.description.clone());
    set(&mut request.client_token, args.client_token.clone());
    set(&mut request.sampling_percentage, args.scope.sampling);
    schedule(&mut request, &args.when)?;
    what(&mut request, &args.what, folder)?;
    if let Some(text) = &args.s3_job_definition {
        request.s3_job_definition = Some(parse("--s3-job-definition", text)?);
    }
    if !args.buckets.is_empty() {
        let definition = request.s3_job_definition.get_or_insert_default();
        definition.bucket_criteria = None;
        definition.bucket_definitions = Some(vec![BucketDefinition {
            account_id: args.account.clone().unwrap_or_else(|| admin.to_string()),
            buckets: args.buckets.clone(),
        }]);
    }
    scope(&mut request, &args.scope);
    if let Some(definition) = &mut request.s3_job_definition {
        folders(definition)?;
    }
    if !args.tags.is_empty() {
        let mut tags = BTreeMap::new();
        for tag in &args.tags {
            let (key, value) = tag
                .split_once('=')
                .ok_or_else(|| Failure::usage(format!("read --tag {tag}: give KEY=VALUE")))?;
            tags.insert(key.to_owned(), value.to_owned());
        }
        request.tags = Some(tags);
    }
    Ok(request)
}

/// Reads JSON from a file, `file://` and a file, or the argument itself.
fn parse<T: serde::de::DeserializeOwned>(option: &str, text: &OsStr) -> Result<T, Failure> {
    let inline = text.to_str().map(str::trim_start);
    let content = match inline {
        Some(json) if json.starts_with('{') => json.to_owned(),
        _ => {
            let path = match text.to_str() {
                Some(text) => text.strip_prefix("file://").unwrap_or(text).into(),
                None => std::path::PathBuf::from(text),
            };
            std::fs::read_to_string(&path)
                .map_err(|e| Failure::usage(format!("read {option} {}: {e}", path.display())))?
        }
    };
    serde_json::from_str(&content)
        .map_err(|e| Failure::usage(format!("read {option}: Parameter validation failed: {e}")))
}

fn schedule(request: &mut Request, when: &WhenArgs) -> Result<(), Failure> {
    let mut frequency = ScheduleFrequency::default();
    match (&when.schedule, &when.cron) {
        (Some(text), _) => {
            let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
            match (kind, rest) {
                ("daily", "") => frequency.daily_schedule = Some(DailySchedule {}),
                ("weekly", day) if !day.is_empty() => {
                    frequency.weekly_schedule = Some(WeeklySchedule {
                        day_of_week: day.to_uppercase(),
                    });
                }
                ("monthly", day) if day.parse::<i64>().is_ok() => {
                    frequency.monthly_schedule = Some(MonthlySchedule {
                        day_of_month: day.parse().unwrap_or_default(),
                    });
                }
                _ => {
                    return Err(Failure::usage(format!(
                        "read --schedule {text}: give daily, weekly:MONDAY or monthly:15"
                    )));
                }
            }
        }
        (None, Some(expression)) => {
            frequency.cron_schedule = Some(CronSchedule {
                expression: expression.clone(),
                time_zone: when.time_zone.clone(),
            });
        }
        (None, None) => {
            if when.initial_run {
                request.initial_run = Some(true);
            }
            if request.job_type.is_none() {
                request.job_type = Some("ONE_TIME".to_owned());
            }
            return Ok(());
        }
    }
    request.schedule_frequency = Some(frequency);
    request.job_type = Some("SCHEDULED".to_owned());
    if when.initial_run {
        request.initial_run = Some(true);
    }
    Ok(())
}

/// Identifiers and lists; names become ids, as requests have them.
fn what(request: &mut Request, what: &WhatArgs, folder: &Path) -> Result<(), Failure> {
    if let Some(selector) = &what.selector {
        request.managed_data_identifier_selector = Some(selector.to_uppercase());
    } else if !what.identifiers.is_empty() {
        request.managed_data_identifier_selector = Some("INCLUDE".to_owned());
    }
    if !what.identifiers.is_empty() {
        request.managed_data_identifier_ids = Some(what.identifiers.clone());
    }
    if !what.custom.is_empty() {
        let kept = own::kept(folder)?;
        let mut ids = Vec::new();
        for name in &what.custom {
            match own::find(&kept, "choose", name)? {
                Some(one) => ids.push(one.id.clone()),
                None => return Err(own::unknown("choose", name, folder)),
            }
        }
        request.custom_data_identifier_ids = Some(ids);
    }
    if !what.allow_lists.is_empty() {
        let saved = allow::saved(folder)?;
        let mut ids = Vec::new();
        for name in &what.allow_lists {
            let list = match &saved {
                Some(reader) => reader.allow_list(name).map_err(store_failure)?,
                None => None,
            };
            ids.push(list.map(|l| l.id).ok_or_else(|| no_list(name))?);
        }
        request.allow_list_ids = Some(ids);
    }
    Ok(())
}

fn no_list(name: &str) -> Failure {
    Failure::usage(format!(
        "use allow list {name}: no saved list has this id or name; see magpie allow-list list"
    ))
}

fn scope(request: &mut Request, args: &ScopeArgs) {
    let simple = |key: &str, comparator: &str, values: Vec<String>| ScopeTerm {
        simple_scope_term: Some(SimpleTerm {
            comparator: Some(comparator.to_owned()),
            key: Some(key.to_owned()),
            values,
        }),
        tag_scope_term: None,
    };
    let mut includes = Vec::new();
    let mut excludes = Vec::new();
    if !args.extension.is_empty() {
        includes.push(simple("OBJECT_EXTENSION", "EQ", args.extension.clone()));
    }
    if !args.not_extension.is_empty() {
        includes.push(simple("OBJECT_EXTENSION", "NE", args.not_extension.clone()));
    }
    if !args.key_prefixes.is_empty() {
        includes.push(simple(
            "OBJECT_KEY",
            "STARTS_WITH",
            args.key_prefixes.clone(),
        ));
    }
    if !args.not_key_prefixes.is_empty() {
        excludes.push(simple(
            "OBJECT_KEY",
            "STARTS_WITH",
            args.not_key_prefixes.clone(),
        ));
    }
    for (comparator, size) in [("GTE", args.min_size), ("LTE", args.max_size)] {
        if let Some(size) = size {
            includes.push(simple("OBJECT_SIZE", comparator, vec![size.to_string()]));
        }
    }
    for (comparator, time) in [("GTE", &args.modified_since), ("LT", &args.modified_before)] {
        if let Some(time) = time {
            includes.push(simple(
                "OBJECT_LAST_MODIFIED_DATE",
                comparator,
                vec![time.clone()],
            ));
        }
    }
    if includes.is_empty() && excludes.is_empty() {
        return;
    }
    let block = |and: Vec<ScopeTerm>| (!and.is_empty()).then_some(ScopingBlock { and });
    request.s3_job_definition.get_or_insert_default().scoping = Some(Scoping {
        includes: block(includes),
        excludes: block(excludes),
    });
}

/// Folders are kept with their whole path: a job runs from anywhere.
fn folders(definition: &mut S3JobDefinition) -> Result<(), Failure> {
    let accounts = definition.bucket_definitions.iter_mut().flatten();
    for bucket in accounts.flat_map(|a| &mut a.buckets) {
        if let Some(name) = bucket.strip_prefix("s3://") {
            *bucket = name.trim_end_matches('/').to_owned();
            continue;
        }
        let path = bucket.strip_prefix("file://").unwrap_or(bucket);
        if path.contains('/') || path == "." {
            let whole = std::path::absolute(path)
                .with_context(|| format!("find folder {path}"))
                .or_exit(Exit::Usage)?;
            *bucket = whole
                .to_str()
                .ok_or_else(|| {
                    Failure::usage(format!(
                        "name bucket {}: its path is not UTF-8",
                        whole.display()
                    ))
                })?
                .to_owned();
        }
    }
    Ok(())
}

/// Identifiers and lists that a definition names must be there.
fn known(definition: &Definition, folder: &Path) -> Result<(), Failure> {
    if let Selector::Include(ids) | Selector::Exclude(ids) = &definition.selector {
        let all = Catalogue::builtin().or_exit(Exit::Internal)?;
        for id in ids {
            identifiers::find(id, all.index())
                .ok_or_else(|| identifiers::unknown("choose", id, all.index()))?;
        }
    }
    own::specs(
        definition
            .request
            .custom_data_identifier_ids
            .as_deref()
            .unwrap_or_default(),
        folder,
    )?;
    if let Some(ids) = definition.request.allow_list_ids.as_deref()
        && !ids.is_empty()
    {
        let saved = allow::saved(folder)?;
        for id in ids {
            let list = match &saved {
                Some(reader) => reader.allow_list(id).map_err(store_failure)?,
                None => None,
            };
            list.ok_or_else(|| no_list(id))?;
        }
    }
    Ok(())
}
