//! Opening a state folder: permissions, schema version, settings.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior};

use crate::model::LogDestination;

use super::error::{Result, StoreError};
use super::points::WritePoints;
use super::read::Reader;

/// Steps from each schema version to the next; the first makes an empty file a store.
const MIGRATIONS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("schema_allow_lists.sql"),
    include_str!("schema_custom_identifiers.sql"),
    include_str!("schema_log_streams.sql"),
    include_str!("schema_jobs.sql"),
];

/// Marks the file as ours (`file magpie.db` shows it): "mgpi".
const APPLICATION_ID: i64 = 0x6d67_7069;

/// How long to wait for another process that writes to the same file, in seconds.
const BUSY_SECONDS: u64 = 60;

/// An opened state folder.
#[derive(Debug)]
pub struct Store {
    pub(super) folder: PathBuf,
    pub(super) file: PathBuf,
    pub(super) points: WritePoints,
    /// Where the logs of jobs go besides the file.
    pub(super) destination: Option<LogDestination>,
    fingerprint_key: [u8; 16],
}

/// How to open a state folder.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    points: WritePoints,
}

impl OpenOptions {
    pub fn new() -> Self {
        Self::default()
    }

    /// Has `hook` called with number and name of every moment at which the store is about to
    /// change, or has changed, something on disk. For tests that end the process there.
    #[doc(hidden)]
    pub fn on_write_point(mut self, hook: Arc<dyn Fn(u64, &'static str) + Send + Sync>) -> Self {
        self.points = WritePoints::with_hook(hook);
        self
    }

    /// Opens the folder, making it (mode 0700) and the store (0600) if they are not there.
    ///
    /// # Errors
    /// The folder cannot be made or written to, the disk is full, or the store is damaged or of a
    /// later magpie.
    pub fn open(self, folder: &Path) -> Result<Store> {
        make_folder(folder)?;
        let file = folder.join("magpie.db");
        create(&file).map_err(|cause| folder_error(folder, cause))?;
        // SQLite does not wait while another connection makes a new file a WAL one
        let _alone = super::lock::opening(folder)?;
        let mut connection = connect(&file)?;
        use_wal(&connection, &file)?;
        self.points.pass("open: before migration");
        migrate(&mut connection, &file)?;
        self.points.pass("open: after migration");
        let fingerprint_key = fingerprint_key(&mut connection, &file)?;
        self.points.pass("open: after key");
        Ok(Store {
            folder: folder.to_owned(),
            file,
            points: self.points,
            destination: None,
            fingerprint_key,
        })
    }
}

impl Store {
    /// Opens a state folder; see [`OpenOptions::open`].
    pub fn open(folder: &Path) -> Result<Self> {
        OpenOptions::new().open(folder)
    }

    /// The secret of the fingerprints of this folder: made once, never shown.
    pub fn fingerprint_key(&self) -> [u8; 16] {
        self.fingerprint_key
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A connection to ask questions with, beside any writer.
    pub fn reader(&self) -> Result<Reader> {
        Ok(Reader::new(connect(&self.file)?, self.file.clone()))
    }

    /// The job log file of a job.
    pub fn job_log_path(&self, job: &crate::model::JobId) -> PathBuf {
        super::job_log::path(&self.folder, job)
    }
}

/// Opens a connection with the settings that all connections share.
pub(super) fn connect(file: &Path) -> Result<Connection> {
    let fail = |cause| StoreError::sql("open database", file, cause);
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(fail)?;
    connection
        .busy_timeout(Duration::from_secs(BUSY_SECONDS))
        .map_err(fail)?;
    connection.set_prepared_statement_cache_capacity(64);
    // in WAL mode with NORMAL a killed process loses nothing that was committed
    connection
        .execute_batch(
            "PRAGMA synchronous = NORMAL;
             PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -8192;
             PRAGMA journal_size_limit = 67108864;
             PRAGMA foreign_keys = OFF;",
        )
        .map_err(fail)?;
    Ok(connection)
}

/// Makes a new file one with a write-ahead log, so that readers and the writer do not wait for each
/// other; an old one is so already. Pages of 16 KiB suit the chunks.
fn use_wal(connection: &Connection, file: &Path) -> Result<()> {
    connection
        .execute_batch("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL;")
        .map_err(|cause| StoreError::sql("open database", file, cause))
}

fn migrate(connection: &mut Connection, file: &Path) -> Result<()> {
    let fail = |cause| StoreError::sql("migrate schema", file, cause);
    let known = MIGRATIONS.len() as i64;
    let version = |c: &Connection| c.query_row("PRAGMA user_version", [], |r| r.get::<_, i64>(0));
    if version(connection).map_err(fail)? == known {
        return Ok(());
    }
    // another process may be migrating too: look again inside the transaction
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(fail)?;
    let found = version(&transaction).map_err(fail)?;
    if found > known || found < 0 {
        return Err(StoreError::Newer {
            path: file.to_owned(),
            found,
            known,
        });
    }
    if found == 0 && is_foreign(&transaction).map_err(fail)? {
        return Err(StoreError::Damaged {
            path: file.to_owned(),
            cause: "the file is a database of another program".to_owned(),
        });
    }
    for step in MIGRATIONS.iter().skip(found as usize) {
        transaction.execute_batch(step).map_err(fail)?;
    }
    transaction
        .pragma_update(None, "application_id", APPLICATION_ID)
        .map_err(fail)?;
    transaction
        .pragma_update(None, "user_version", known)
        .map_err(fail)?;
    transaction.commit().map_err(fail)
}

/// Someone else's tables are in the file.
fn is_foreign(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_master)", [], |row| {
        row.get(0)
    })
}

fn fingerprint_key(connection: &mut Connection, file: &Path) -> Result<[u8; 16]> {
    let fail = |cause| StoreError::sql("read settings", file, cause);
    let read = |c: &Connection| {
        c.query_row(
            "SELECT value FROM settings WHERE name = 'fingerprint_key'",
            [],
            |row| row.get::<_, [u8; 16]>(0),
        )
        .optional()
    };
    if let Some(key) = read(connection).map_err(fail)? {
        return Ok(key);
    }
    let key = random_bytes(file)?;
    connection
        .execute(
            "INSERT INTO settings (name, value) VALUES ('fingerprint_key', ?1)
             ON CONFLICT DO NOTHING",
            [key],
        )
        .map_err(fail)?;
    // that of whoever came first
    Ok(read(connection).map_err(fail)?.unwrap_or(key))
}

/// 16 bytes from the system's source of randomness.
pub(super) fn random_bytes(path: &Path) -> Result<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|cause| StoreError::Io {
        verb: "draw random bytes for",
        path: path.to_owned(),
        cause: std::io::Error::other(cause),
    })?;
    Ok(bytes)
}

/// Makes a folder and its parents; the new ones are the owner's alone.
pub(super) fn make_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder
        .create(folder)
        .map_err(|cause| folder_error(folder, cause))
}

/// Makes the file with the right permissions, if it is not there.
///
/// One that is there is not opened here: closing it would free the locks that SQLite may hold on it
/// elsewhere in this process.
fn create(file: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.create_new(true).write(true);
    owner_only(&mut options);
    match options.open(file) {
        Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map(|_| ()),
    }
}

/// Files made with these options are the owner's alone.
pub(super) fn owner_only(options: &mut fs::OpenOptions) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = options;
}

fn folder_error(folder: &Path, cause: std::io::Error) -> StoreError {
    match StoreError::io("open", folder, cause) {
        StoreError::Io { cause, path, .. } => StoreError::Folder {
            path,
            cause: cause.to_string(),
        },
        other => other,
    }
}
