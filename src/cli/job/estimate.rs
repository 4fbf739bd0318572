//! `magpie job estimate`: what the next run of a job would take.

use super::run::runtime;
use super::{find, plan};
use crate::cli::estimate::{self, How, Shown};
use crate::cli::exit::{Exit, Failure};
use crate::cli::job_args::EstimateJobArgs;
use crate::cli::logs::store_failure;
use crate::cli::show::job_failure;
use crate::job::estimate::estimate_job;

pub fn run(args: &EstimateJobArgs) -> Result<Exit, Failure> {
    let engine = &args.engine;
    let how = How {
        format: args.format,
        output: args.output.as_deref(),
        quiet: engine.quiet,
        allow_incomplete: engine.allow_incomplete,
        speed: args.estimate_speed,
    };
    how.check()?;
    let store = find::store(&engine.state, "estimate")?;
    let reader = store.reader().map_err(store_failure)?;
    let job = find::job(&reader, "estimate", &args.job.job)?;
    let runtime = runtime(engine.threads)?;
    let plan = plan::resolve(engine, &job, &reader, args.output.as_deref(), &runtime)?;
    let output = how.open()?;
    let listed = estimate_job(&plan, &job, &store);
    let estimate = runtime.block_on(listed).map_err(job_failure)?;
    let shown = Shown {
        speeds: how.speeds(Some(&reader))?,
        estimate,
    };
    estimate::show(&how, &shown, output)?;
    Ok(how.exit(&shown.estimate))
}
