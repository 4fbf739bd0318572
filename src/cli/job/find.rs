//! The job that the user means.

use crate::cli::args::StateArgs;
use crate::cli::exit::Failure;
use crate::cli::logs::store_failure;
use crate::cli::state;
use crate::model::CreatedJob;
use crate::store::{Reader, Store};

/// Opens a store that must be there.
pub fn store(args: &StateArgs, verb: &str) -> Result<Store, Failure> {
    let folder = state::folder(args)?;
    if !folder.join("magpie.db").exists() {
        return Err(Failure::usage(format!(
            "{verb} job: there is none in {} yet; make one with magpie job create, or choose another \
             state folder with --state-dir",
            folder.display()
        )));
    }
    Store::open(&folder).map_err(store_failure)
}

/// The job of this id or name, or whose id begins so.
///
/// # Errors
/// There is none, or several are.
pub fn job(reader: &Reader, verb: &str, what: &str) -> Result<CreatedJob, Failure> {
    let jobs = reader.created_jobs().map_err(store_failure)?;
    let arn = what.rsplit_once("classification-job/").map(|(_, id)| id);
    let id = arn.unwrap_or(what);
    let named: Vec<&CreatedJob> = jobs.iter().filter(|j| j.name == what).collect();
    let found: Vec<&CreatedJob> = match named.is_empty() {
        false => named,
        true => jobs
            .iter()
            .filter(|j| !id.is_empty() && j.id.as_str().starts_with(id))
            .collect(),
    };
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Failure::usage(format!(
            "{verb} job {what}: no created job has this id or name; see magpie job list"
        ))),
        several => {
            let ids: Vec<&str> = several.iter().take(5).map(|j| j.id.as_str()).collect();
            Err(Failure::usage(format!(
                "{verb} job {what}: {} jobs go by this; give the id: {}",
                several.len(),
                ids.join(" or ")
            )))
        }
    }
}
