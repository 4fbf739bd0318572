//! What a run of a created job resolves to.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use tokio::runtime::Runtime;

use crate::cli::allow_args::{AllowListErrors, ScanAllowArgs};
use crate::cli::exit::{Exit, Failure, OrExit};
use crate::cli::identifiers::own;
use crate::cli::job_args::EngineArgs;
use crate::cli::logs::store_failure;
use crate::cli::render::MacieDocuments;
use crate::cli::{allow, clock, config, limits, own as own_files, plan as scan_plan, state};
use crate::job::definition::{Definition, Selector};
use crate::job::{JobPlan, KeyFilter, Plan};
use crate::model::{CreatedJob, JobId};
use crate::source::{Sources, Target};
use crate::store::Reader;

/// Resolves a run of a job.
///
/// # Errors
/// Wrong usage or configuration; an identifier or list of the job that is not there any more.
pub fn resolve(
    args: &EngineArgs,
    job: &CreatedJob,
    reader: &Reader,
    output: Option<&Path>,
    runtime: &Runtime,
) -> Result<JobPlan, Failure> {
    let kept = reader.definition(&job.id).map_err(store_failure)?;
    let definition = Definition::from_json(&kept.request).or_exit(Exit::Output)?;
    let accounts = config::accounts(args.config.config.as_deref())?;
    let state_dir = state::folder(&args.state)?;
    let results = match &args.results {
        None => Target::Path(state_dir.join("results")),
        Some(text) => Target::parse(text).map_err(Failure::usage)?,
    };
    let catalogue = Arc::new(catalogue(&definition, &state_dir)?);
    let options = scan_plan::source_options(&args.aws)?;
    let own_paths = own_files::paths(
        &state_dir,
        &results,
        output,
        args.log_file.log_file.as_deref(),
    );
    let threads = args.threads.map_or_else(scan_plan::processors, usize::from);
    let mut plan = Plan {
        targets: Vec::new(),
        sources: Arc::new(Sources::new(options.clone())),
        filter: KeyFilter::new(&[], &[]).map_err(Failure::usage)?,
        allow: Arc::default(),
        limits: limits::limits(&args.limits, threads)?,
        threads,
        reads_max: usize::from(args.aws.max_reads),
        job_name: job.name.clone(),
        account: job.account.clone(),
        own: Vec::new(),
        clock: clock::clock()?,
        state_dir,
        render: Arc::new(MacieDocuments::new(
            Arc::clone(&catalogue),
            job.account.clone(),
            Some(&job.region),
            &results,
        )),
        results,
        results_kms_key: args.results_kms_key.clone(),
        command: spec(args, &job.id),
        catalogue,
    };
    let lists = definition
        .request
        .allow_list_ids
        .clone()
        .unwrap_or_default();
    let lists = ScanAllowArgs {
        allow_lists: lists.into_iter().map(OsString::from).collect(),
        allow_list_errors: AllowListErrors::Stop,
    };
    allow::read(&lists, &mut plan, runtime)?;
    Ok(JobPlan {
        plan,
        job: job.id.clone(),
        definition,
        accounts,
        accounts_then: kept.accounts,
        options,
        own_paths,
    })
}

/// The identifiers of a job, as they are now: those of a selector may have changed since.
fn catalogue(
    definition: &Definition,
    state_dir: &Path,
) -> Result<crate::detect::Catalogue, Failure> {
    let one = |name: &str| vec![name.to_owned()];
    let (wanted, without) = match &definition.selector {
        Selector::Recommended => (one("recommended"), Vec::new()),
        Selector::All => (one("all"), Vec::new()),
        Selector::None => (one("none"), Vec::new()),
        Selector::Include(ids) => (ids.clone(), Vec::new()),
        Selector::Exclude(ids) => (one("all"), ids.clone()),
    };
    let custom = definition
        .request
        .custom_data_identifier_ids
        .clone()
        .unwrap_or_default();
    let custom = own::specs(&custom, state_dir)?;
    scan_plan::catalogue_with(&wanted, &without, custom)
}

/// With what a run is done, for the record.
fn spec(args: &EngineArgs, job: &JobId) -> String {
    serde_json::json!({
        "job": job.as_str(),
        "profile": args.aws.profile,
        "region": args.aws.region,
        "endpointUrl": args.aws.endpoint_url,
        "results": args.results,
    })
    .to_string()
}
