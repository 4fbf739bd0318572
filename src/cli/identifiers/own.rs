//! Identifiers of the user's own: found by id, name or file, and put beside the built-in ones.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::cli::exit::{Exit, Failure};
use crate::cli::logs::store_failure;
use crate::detect::custom;
use crate::detect::spec::Spec;
use crate::model::CustomIdentifier;
use crate::model::custom::PER_JOB_MAX;
use crate::store::Store;

/// Largest detector file, in bytes.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// The custom identifiers of a state folder, deleted ones too; none where there is no store yet.
pub fn kept(state_dir: &Path) -> Result<Vec<CustomIdentifier>, Failure> {
    if !state_dir.join("magpie.db").exists() {
        return Ok(Vec::new());
    }
    Store::open(state_dir)
        .and_then(|store| store.reader()?.identifiers())
        .map_err(store_failure)
}

/// The one of this id, deleted or not, or of this name; `None` if there is none.
///
/// # Errors
/// Several have the name.
pub fn find<'a>(
    kept: &'a [CustomIdentifier],
    verb: &str,
    what: &str,
) -> Result<Option<&'a CustomIdentifier>, Failure> {
    if let Some(one) = kept.iter().find(|i| i.id.eq_ignore_ascii_case(what)) {
        return Ok(Some(one));
    }
    let named: Vec<&CustomIdentifier> = kept
        .iter()
        .filter(|i| i.deleted_at.is_none() && i.name == what)
        .collect();
    match named.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        several => {
            let ids: Vec<&str> = several.iter().map(|i| i.id.as_str()).collect();
            Err(Failure::usage(format!(
                "{verb} identifier {what:?}: {} have this name; give the id: {}",
                ids.len(),
                ids.join(" or ")
            )))
        }
    }
}

/// The error for an identifier of one's own that is not there.
pub fn unknown(verb: &str, what: &str, state_dir: &Path) -> Failure {
    Failure::usage(format!(
        "{verb} identifier {what:?}: none of this id or name is in {}, and no such file is there; see \
         magpie identifiers list",
        state_dir.display()
    ))
}

/// It is meant as a detector file.
pub fn is_file(what: &str) -> bool {
    Path::new(what).extension().is_some_and(|e| e == "toml") || Path::new(what).is_file()
}

/// Reads a detector file.
///
/// # Errors
/// It cannot be read, or not be used.
pub fn load(path: &Path) -> Result<(String, Spec), Failure> {
    let shown = path.display();
    let read = fs::metadata(path).and_then(|m| {
        if m.len() > FILE_BYTES_MAX {
            let cause = format!("{} bytes are more than {FILE_BYTES_MAX}", m.len());
            return Err(std::io::Error::other(cause));
        }
        fs::read_to_string(path)
    });
    let text = read.map_err(|e| Failure::usage(format!("load detector {shown}: {e}")))?;
    let spec = custom::load(&shown.to_string(), &text).map_err(Failure::usage)?;
    Ok((text, spec))
}

/// The detector of an identifier that is kept.
pub fn spec_of(identifier: &CustomIdentifier) -> Result<Spec, Failure> {
    custom::spec_of(identifier).map_err(|cause| {
        Failure::usage(format!(
            "use custom identifier {:?}: {cause}",
            identifier.name
        ))
    })
}

/// The detectors that `--custom` names, each once.
///
/// # Errors
/// More than a job may have, or one that is not there, is deleted or cannot be used.
pub fn specs(wanted: &[String], state_dir: &Path) -> Result<Vec<Spec>, Failure> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let kept = kept(state_dir)?;
    let (mut specs, mut known) = (Vec::new(), BTreeSet::new());
    for what in wanted {
        if let Some(one) = find(&kept, "choose", what)? {
            if one.deleted_at.is_some() {
                return Err(Failure::usage(format!(
                    "choose identifier {what:?}: it is deleted; make it anew with magpie \
                     identifiers create"
                )));
            }
            if known.insert(one.id.clone()) {
                specs.push(spec_of(one)?);
            }
        } else if is_file(what) {
            let path = Path::new(what);
            let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            if known.insert(real.to_string_lossy().into_owned()) {
                specs.push(load(path)?.1);
            }
        } else {
            return Err(unknown("choose", what, state_dir));
        }
    }
    if specs.len() > PER_JOB_MAX {
        return Err(Failure::usage(format!(
            "choose identifiers: {} of your own are more than {PER_JOB_MAX}; scan in two jobs",
            specs.len()
        )));
    }
    Ok(specs)
}

/// Adds the user's own to others. One that is kept goes by its name, and by its id where the name is
/// taken.
///
/// # Errors
/// A detector file with an id that is taken.
pub fn beside(specs: &mut Vec<Spec>, own: Vec<Spec>) -> Result<(), Failure> {
    let mut taken: BTreeSet<String> = specs.iter().map(|s| s.id.clone()).collect();
    for mut spec in own {
        if taken.contains(&spec.id) {
            match &spec.uuid {
                Some(uuid) => spec.id.clone_from(uuid),
                None => {
                    return Err(Failure::new(
                        Exit::Usage,
                        anyhow::anyhow!(
                            "load detector {}: another identifier has this id; change id in the file",
                            spec.id
                        ),
                    ));
                }
            }
        }
        taken.insert(spec.id.clone());
        specs.push(spec);
    }
    Ok(())
}
