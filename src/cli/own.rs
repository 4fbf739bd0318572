//! Files that a scan itself writes below its own targets. They are no objects: the state folder,
//! the output and the log file change while they would be read.

use std::path::{Path, PathBuf};

use super::output;
use crate::job::OwnFile;
use crate::source::Target;

/// Keys of the state folder, the results, the output and the log file, below the targets that hold them.
///
/// A target that is one of them, or lies in one of them, is meant as it is.
pub fn files(
    targets: &[(String, Target)],
    state_dir: &Path,
    results: &Target,
    output: Option<&Path>,
    log_file: Option<&Path>,
) -> Vec<OwnFile> {
    let own = paths(state_dir, results, output, log_file);
    let mut files = Vec::new();
    for (number, (_, target)) in (0u32..).zip(targets) {
        if let Target::Path(folder) = target {
            files.extend(OwnFile::below(number, folder, &own));
        }
    }
    files
}

/// Paths of the state folder, the results and the output, without links.
pub fn paths(
    state_dir: &Path,
    results: &Target,
    output: Option<&Path>,
    log_file: Option<&Path>,
) -> Vec<PathBuf> {
    let mut own = vec![real(state_dir)];
    if let Target::Path(results) = results {
        own.push(real(results));
    }
    if let Some(output) = output {
        let output = real(output);
        own.extend(output::part(&output));
        own.push(output);
    }
    own.extend(log_file.map(real));
    own
}

/// The path without links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.ancestors()
        .find_map(|above| {
            let rest = path.strip_prefix(above).ok()?;
            let above = above.canonicalize().ok()?;
            Some(if rest.as_os_str().is_empty() {
                above
            } else {
                above.join(rest)
            })
        })
        .unwrap_or(path)
}
