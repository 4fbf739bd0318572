//! The allow lists of a scan: from what the user names to lists that are read.

use std::cell::OnceCell;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::runtime::Runtime;

use super::allow_args::{AllowListErrors, ScanAllowArgs};
use super::exit::{Exit, Failure, OrExit};
use super::logs::store_failure;
use crate::detect::builtin_specs;
use crate::job::Plan;
use crate::job::allow::{self, AllowListCause, AllowListError, Wanted};
use crate::model::allow::{AllowCriteria, AllowListInfo};
use crate::source::{SourceError, Target};
use crate::store::{Reader, Store};

/// Finds, fetches and reads the lists that a scan names.
///
/// # Errors
/// A list that is not there or cannot be read; more than a job may have.
pub fn read(args: &ScanAllowArgs, plan: &mut Plan, runtime: &Runtime) -> Result<(), Failure> {
    if args.allow_lists.is_empty() {
        return Ok(());
    }
    let saved = saved(&plan.state_dir)?;
    let mut lists: Vec<Wanted> = Vec::new();
    for text in &args.allow_lists {
        let list = find(text, saved.as_ref())?;
        if !lists.contains(&list) {
            lists.push(list);
        }
    }
    if let Some(cause) = allow::number_fault(lists.iter().map(|l| l.criteria.kind())) {
        return Err(Failure::usage(format!("use allow lists: {cause}")));
    }
    let index = plan.catalogue.index();
    let builtin = OnceCell::new();
    let known = |id: &str| {
        // of the run, or left out of it
        index.find(id).is_some()
            || builtin
                .get_or_init(|| builtin_specs().unwrap_or_default())
                .iter()
                .any(|spec| spec.id == id)
    };
    let context = allow::Context {
        sources: &plan.sources,
        runtime,
        index,
        known: &known,
    };
    let bear = args.allow_list_errors == AllowListErrors::Ignore;
    plan.allow = Arc::new(allow::load(lists, &context, bear).map_err(failure)?);
    Ok(())
}

/// The command of a run with its lists: where one of them changed, it is another command.
pub fn with_lists(command: &str, plan: &Plan, key: [u8; 16]) -> Result<String, Failure> {
    if plan.allow.is_empty() {
        return Ok(command.to_owned());
    }
    let mut command: serde_json::Value = serde_json::from_str(command)
        .context("note the allow lists of the job")
        .or_exit(Exit::Internal)?;
    command["allowLists"] = plan
        .allow
        .identities(key)
        .map(|(list, content)| {
            serde_json::json!({
                "name": list.name,
                "id": list.id,
                "kind": list.criteria.kind().as_str(),
                "location": list.criteria.location(),
                "content": content,
            })
        })
        .collect();
    Ok(command.to_string())
}

/// The saved lists of a state folder; `None` where there is no store yet.
pub fn saved(state_dir: &Path) -> Result<Option<Reader>, Failure> {
    if !state_dir.join("magpie.db").exists() {
        return Ok(None);
    }
    let store = Store::open(state_dir).map_err(store_failure)?;
    store.reader().map(Some).map_err(store_failure)
}

/// The list that a text names: a saved one, a file, or an object.
///
/// # Errors
/// It names nothing, or two things.
pub fn find(text: &OsStr, saved: Option<&Reader>) -> Result<Wanted, Failure> {
    let shown = text.to_string_lossy();
    let fail = |cause: &str| Failure::usage(format!("use allow list {shown}: {cause}"));
    let list = match (text.to_str(), saved) {
        (Some(name), Some(reader)) => reader.allow_list(name).map_err(store_failure)?,
        _ => None,
    };
    let target = Target::parse_os(text).map_err(|e| fail(&e.to_string()));
    let is_file = matches!(&target, Ok(Target::Path(path)) if path.exists());
    match list {
        Some(_) if is_file => Err(fail(&format!(
            "both a saved list and a file; give the id of the list, or ./{shown}"
        ))),
        Some(list) => Ok(wanted(list)),
        None => {
            let target = target?;
            // a bare word is rather a name than a file that is not there
            if !is_file && matches!(target, Target::Path(_)) && !shown.contains(['/', '.']) {
                return Err(fail(
                    "neither a saved list nor a file; see magpie allow-list list",
                ));
            }
            let location = location(text, &target)?;
            let toml = Path::new(&location)
                .extension()
                .is_some_and(|e| e.eq_ignore_ascii_case("toml"));
            Ok(Wanted {
                name: location.clone(),
                id: None,
                criteria: match toml {
                    true => AllowCriteria::Entries { location },
                    false => AllowCriteria::Words { location },
                },
            })
        }
    }
}

/// A saved list as a run uses it.
pub fn wanted(list: AllowListInfo) -> Wanted {
    Wanted {
        name: list.name,
        id: Some(list.id),
        criteria: list.criteria,
    }
}

/// Where a list is, as it is kept.
///
/// # Errors
/// Neither a file nor an object.
pub fn location(text: &OsStr, target: &Target) -> Result<String, Failure> {
    let shown = text.to_string_lossy();
    let fail = |cause: &str| Err(Failure::usage(format!("use allow list {shown}: {cause}")));
    match target {
        Target::Stdin => fail("give a file or s3://bucket/key"),
        Target::S3 { key, .. } if key.is_empty() || key.ends_with('/') => {
            fail("name one object, s3://bucket/key")
        }
        _ => Ok(text.to_str().map_or_else(|| target.uri(), str::to_owned)),
    }
}

/// The exit status of a list that cannot be used.
pub fn failure(error: AllowListError) -> Failure {
    Failure::new(exit(&error), error)
}

/// The exit status of a list that cannot be used.
pub fn exit(error: &AllowListError) -> Exit {
    let AllowListCause::Fetch(cause) = &error.cause else {
        return Exit::Usage;
    };
    match &**cause {
        SourceError::AccessDenied { .. }
        | SourceError::OwnerMismatch { .. }
        | SourceError::Credentials { .. } => Exit::Permission,
        SourceError::Unavailable { .. } => Exit::Network,
        _ => Exit::Usage,
    }
}
