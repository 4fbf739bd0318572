//! Where the state folder is.

use std::path::PathBuf;

use super::args::StateArgs;
use super::exit::Failure;

/// `--state-dir` or `MAGPIE_STATE_DIR`, else `$XDG_STATE_HOME/magpie`, else `~/.local/state/magpie`.
///
/// # Errors
/// None of them is set.
pub fn folder(args: &StateArgs) -> Result<PathBuf, Failure> {
    if let Some(dir) = &args.state_dir {
        return Ok(dir.clone());
    }
    let absolute = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
    };
    absolute("XDG_STATE_HOME")
        .map(|d| d.join("magpie"))
        .or_else(|| absolute("HOME").map(|d| d.join(".local/state/magpie")))
        .ok_or_else(|| {
            Failure::usage(
                "find the state folder: neither HOME nor XDG_STATE_HOME is set; give --state-dir",
            )
        })
}
