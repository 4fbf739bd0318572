//! One run at a time works on a job.
//!
//! A file lock per command decides: the system frees it when its process ends, however it ends, so
//! a killed run never blocks the next. Locks of files may not reach other machines that share the
//! folder; there the heartbeat in the store decides, and is taken over once it is old.
//! Who holds a job is written into the store for people to read; that is left to
//! [`super::write`].

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::error::{Result, StoreError};

/// Age at which the heartbeat of another machine no longer counts, in seconds.
pub(super) const HEARTBEAT_STALE_SECONDS: i64 = 60;

/// A held lock; freed when dropped.
#[derive(Debug)]
pub(super) struct CommandLock {
    path: PathBuf,
    // dropped after `path` is unlinked, so that no one locks a name that is about to go
    _file: File,
}

impl CommandLock {
    /// Takes the lock of a command; `None` if another process holds it.
    pub(super) fn try_take(folder: &Path, command_key: &str) -> Result<Option<Self>> {
        let locks = folder.join("locks");
        super::open::make_folder(&locks)?;
        let path = locks.join(format!("{:016x}.lock", short_hash(command_key)));
        loop {
            let mut options = OpenOptions::new();
            options.create(true).truncate(false).write(true);
            super::open::owner_only(&mut options);
            let file = options
                .open(&path)
                .map_err(|cause| StoreError::io("open lock", &path, cause))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(cause)) => {
                    return Err(StoreError::io("lock", &path, cause));
                }
            }
            if is_same(&file, &path) {
                return Ok(Some(CommandLock { path, _file: file }));
            }
            // its last holder unlinked the file between our opening and locking it
        }
    }
}

impl Drop for CommandLock {
    fn drop(&mut self) {
        // a file that stays behind does no harm: the lock is what counts
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Waits until no other process is opening the folder; it may then be opened until the answer is
/// dropped.
pub(super) fn opening(folder: &Path) -> Result<File> {
    let locks = folder.join("locks");
    super::open::make_folder(&locks)?;
    let path = locks.join("open");
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    super::open::owner_only(&mut options);
    let fail = |cause| StoreError::io("open lock", &path, cause);
    let file = options.open(&path).map_err(fail)?;
    file.lock().map_err(fail)?;
    Ok(file)
}

/// The open file is still the one of that name.
#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(held), Ok(named)) => (held.dev(), held.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

/// Elsewhere an open file cannot be unlinked.
#[cfg(not(unix))]
fn is_same(_: &File, _: &Path) -> bool {
    true
}

/// Equal commands have equal names; should two different ones share a name, one waits.
fn short_hash(text: &str) -> u64 {
    use std::hash::Hasher;
    let mut hasher = siphasher::sip::SipHasher13::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// Name of this machine, for people.
pub(super) fn host() -> String {
    ["/proc/sys/kernel/hostname", "/etc/hostname"]
        .iter()
        .find_map(|path| std::fs::read_to_string(path).ok())
        .or_else(|| std::env::var("HOSTNAME").ok())
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "localhost".to_owned())
}

/// What is equal for processes between which file locks count: one boot of one machine, also
/// across its containers. Falls back on the host name.
pub(super) fn boot() -> String {
    match std::fs::read_to_string("/proc/sys/kernel/random/boot_id") {
        Ok(id) => id.trim().to_owned(),
        Err(_) => host(),
    }
}
