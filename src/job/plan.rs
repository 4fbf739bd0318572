//! What a run is asked to do, resolved; and what it asks of its caller.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::allow::AllowLists;
use super::filter::KeyFilter;
use crate::content::Limits;
use crate::detect::Catalogue;
use crate::model::record::ObjectRecord;
use crate::model::{AccountId, Clock, JobInfo};
use crate::source::{Sources, Target};
use crate::store::ResultFile;

/// A one-time job over some targets.
pub struct Plan {
    /// As typed, and parsed.
    pub targets: Vec<(String, Target)>,
    /// Where targets, allow lists and results are reached through.
    pub sources: Arc<Sources>,
    pub filter: KeyFilter,
    pub catalogue: Arc<Catalogue>,
    /// What need not be reported.
    pub allow: Arc<AllowLists>,
    pub limits: Limits,
    /// Scanning threads, at least 1.
    pub threads: usize,
    /// Objects opened at once, at least 1.
    pub reads_max: usize,
    pub job_name: String,
    /// The account that runs the job.
    pub account: AccountId,
    /// What the scan itself writes below its targets; left out.
    pub own: Vec<OwnFile>,
    pub clock: Clock,
    pub state_dir: PathBuf,
    /// Where discovery results go: a folder or a place in S3.
    pub results: Target,
    /// Key to encrypt results in S3 with.
    pub results_kms_key: Option<String>,
    /// What was asked for, as canonical JSON. Equal for the same command: an interrupted run of the
    /// same command is taken up.
    pub command: String,
    pub render: Arc<dyn Render>,
}

/// A file or folder that the scan itself writes below a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFile {
    /// Index of the target.
    pub target: u32,
    /// Key of the file, or of the folder without a slash at the end.
    pub key: String,
}

impl OwnFile {
    /// Keys of the paths that lie below a folder. Paths are without links, as far as they exist.
    pub fn below(target: u32, folder: &Path, paths: &[PathBuf]) -> Vec<OwnFile> {
        let Ok(folder) = folder.canonicalize() else {
            return Vec::new();
        };
        let keys = paths.iter().filter_map(|path| {
            let key = path.strip_prefix(&folder).ok()?.to_str()?;
            (!key.is_empty()).then(|| OwnFile {
                target,
                key: key.to_owned(),
            })
        });
        keys.collect()
    }

    /// It is this object, or the folder that holds it.
    pub fn is(&self, target: u32, key: &str) -> bool {
        self.target == target
            && key
                .strip_prefix(&self.key)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Makes the documents of an object. Implemented above the engine, which does not know their form.
pub trait Render: Send + Sync {
    fn render(&self, job: &JobInfo, record: &ObjectRecord, at: DateTime<Utc>) -> Documents;
}

/// What is kept of an object besides its record.
#[derive(Debug, Default)]
pub struct Documents {
    /// Id and document of the finding, if there is one.
    pub finding: Option<(String, String)>,
    pub result: Option<ResultFile>,
}
