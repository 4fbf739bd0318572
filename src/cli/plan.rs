//! What the arguments of `scan` resolve to.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::args::{AwsArgs, ScanArgs, StateArgs};
use super::exit::{Exit, Failure, OrExit};
use super::identifiers::{self, own};
use super::render::MacieDocuments;
use super::{limits, own as own_files, state};
use crate::detect::spec::Spec;
use crate::detect::{Catalogue, Include, Selection, builtin_definitions};
use crate::job::{KeyFilter, Plan};
use crate::model::{AccountId, Clock, Origin};
use crate::source::{ReadAhead, SourceOptions, Sources, Target};

/// Fetched ahead of the scanning threads, over all open objects.
const READ_AHEAD_BYTES: usize = 24 << 20;

/// Stands for no built-in identifier.
const NONE: &str = "none";

/// Resolves targets, identifiers, limits and folders.
///
/// # Errors
/// Wrong usage, told before anything is read or written.
pub fn resolve(args: &ScanArgs) -> Result<Plan, Failure> {
    let mut targets = Vec::with_capacity(args.targets.len());
    let mut named = HashSet::new();
    for text in &args.targets {
        let target = Target::parse_os(text).map_err(Failure::usage)?;
        let text = text.to_str().map_or_else(|| target.uri(), str::to_owned);
        if let Target::Path(path) = &target {
            must_exist(&text, path)?;
        }
        // what is named twice is meant once: standard input could not even be read again
        if named.insert(target.uri()) {
            targets.push((text, target));
        }
    }
    let state_dir = state::folder(&StateArgs {
        state_dir: args.state.state_dir.clone(),
    })?;
    let results = match &args.results {
        None => Target::Path(state_dir.join("results")),
        Some(text) => Target::parse(text).map_err(Failure::usage)?,
    };
    let custom = own::specs(&args.custom, &state_dir)?;
    let catalogue = Arc::new(catalogue_with(
        &args.identifiers,
        &args.exclude_identifiers,
        custom,
    )?);
    // the process ends with the scan: to take all this apart would be work for nothing
    std::mem::forget(Arc::clone(&catalogue));
    let account =
        account("--account-id", args.account_id.as_deref())?.unwrap_or_else(AccountId::local);
    let sources = Arc::new(Sources::new(source_options(&args.aws)?));
    let command = command(args, &targets, &catalogue);
    let threads = args.threads.map_or_else(processors, usize::from);
    let own = own_files::files(
        &targets,
        &state_dir,
        &results,
        args.output.as_deref(),
        args.log_file.log_file.as_deref(),
    );
    Ok(Plan {
        targets,
        sources,
        allow: Arc::default(),
        filter: KeyFilter::new(&args.include, &args.exclude).map_err(Failure::usage)?,
        render: Arc::new(MacieDocuments::new(
            Arc::clone(&catalogue),
            account.clone(),
            args.aws.region.as_deref(),
            &results,
        )),
        clock: Clock::default(),
        catalogue,
        limits: limits::limits(&args.limits, threads)?,
        threads,
        reads_max: usize::from(args.aws.max_reads),
        job_name: args.job_name.clone(),
        account,
        own,
        state_dir,
        results,
        results_kms_key: args.results_kms_key.clone(),
        command,
    })
}

/// How S3 is reached.
///
/// # Errors
/// An account id that is none.
pub fn source_options(aws: &AwsArgs) -> Result<SourceOptions, Failure> {
    Ok(SourceOptions {
        profile: aws.profile.clone(),
        region: aws.region.clone(),
        endpoint_url: aws.endpoint_url.clone(),
        no_sign_request: aws.no_sign_request,
        request_payer: aws.request_payer,
        expected_owner: account(
            "--expected-bucket-owner",
            aws.expected_bucket_owner.as_deref(),
        )?,
        requests_max: usize::from(aws.max_reads),
        read_ahead: ReadAhead::new(READ_AHEAD_BYTES),
        ..SourceOptions::default()
    })
}

fn must_exist(text: &str, path: &Path) -> Result<(), Failure> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => Ok(()),
        Err(e) => Err(Failure::usage(format!("open target {text}: {e}"))),
    }
}

pub(super) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn account(option: &str, text: Option<&str>) -> Result<Option<AccountId>, Failure> {
    text.map(|text| {
        AccountId::parse(text).ok_or_else(|| {
            Failure::usage(format!("read {option} {text}: an account id has 12 digits"))
        })
    })
    .transpose()
}

/// The identifiers that were asked for.
pub(super) fn catalogue(wanted: &[String], without: &[String]) -> Result<Catalogue, Failure> {
    catalogue_with(wanted, without, Vec::new())
}

/// The identifiers that were asked for, and the user's own beside them, compiled once.
pub(super) fn catalogue_with(
    wanted: &[String],
    without: &[String],
    own: Vec<Spec>,
) -> Result<Catalogue, Failure> {
    let mut specs = Vec::new();
    if let Some(name) = wanted.iter().find(|name| *name != NONE) {
        if wanted.iter().any(|name| name == NONE) {
            return Err(Failure::usage(format!(
                "choose identifiers: \"{NONE}\" and \"{name}\" do not go together; leave one out"
            )));
        }
        specs = built_in(wanted, without)?;
    }
    let only_built_in = own.is_empty();
    own::beside(&mut specs, own)?;
    if specs.is_empty() {
        return Err(Failure::usage(
            "choose identifiers: none is left to look for; name some, or your own with --custom",
        ));
    }
    let compiled = Catalogue::from_specs(specs);
    match only_built_in {
        true => compiled.or_exit(Exit::Internal),
        false => compiled.map_err(Failure::usage),
    }
}

/// The built-in identifiers that were asked for.
pub(super) fn built_in(wanted: &[String], without: &[String]) -> Result<Vec<Spec>, Failure> {
    let all = builtin_definitions().or_exit(Exit::Internal)?;
    let mut ids: Vec<String> = Vec::new();
    for name in wanted {
        let named = |s: &&Spec| match name.as_str() {
            "all" => s.default_on,
            "macie" => s.default_on && s.origin == Origin::Macie,
            "recommended" => s.recommended,
            id => s.id.eq_ignore_ascii_case(id),
        };
        let before = ids.len();
        ids.extend(all.iter().filter(named).map(|s| s.id.clone()));
        if ids.len() == before {
            return Err(unknown("choose", name));
        }
    }
    let mut excluded = Vec::with_capacity(without.len());
    for name in without {
        let known = all.iter().find(|s| s.id.eq_ignore_ascii_case(name));
        let spec = known.ok_or_else(|| unknown("leave out", name))?;
        excluded.push(spec.id.clone());
    }
    ids.sort_unstable();
    ids.dedup();
    let selection = Selection {
        include: Include::Ids(ids),
        exclude: excluded,
    };
    let chosen = selection.of(all).map_err(Failure::usage)?;
    if chosen.is_empty() {
        return Err(Failure::usage(
            "choose identifiers: none is left to look for",
        ));
    }
    Ok(chosen)
}

/// The error for a built-in identifier that is not there; only then are all compiled.
fn unknown(verb: &str, name: &str) -> Failure {
    match Catalogue::builtin().or_exit(Exit::Internal) {
        Ok(all) => identifiers::unknown(verb, name, all.index()),
        Err(failure) => failure,
    }
}

/// What decides the result, as canonical JSON: the same command has the same text. Threads,
/// progress and output do not belong to it.
fn command(args: &ScanArgs, targets: &[(String, Target)], catalogue: &Catalogue) -> String {
    serde_json::json!({
        "targets": targets.iter().map(|(text, _)| text).collect::<Vec<_>>(),
        "workingFolder": std::env::current_dir().ok().map(|d| d.to_string_lossy().into_owned()),
        "catalogue": catalogue.index().fingerprint,
        "include": args.include,
        "exclude": args.exclude,
        "jobName": args.job_name,
        "accountId": args.account_id,
        "region": args.aws.region,
        "endpointUrl": args.aws.endpoint_url,
        "profile": args.aws.profile,
        "expectedBucketOwner": args.aws.expected_bucket_owner,
        "results": args.results,
        "limits": limits::of_results(&args.limits),
    })
    .to_string()
}
