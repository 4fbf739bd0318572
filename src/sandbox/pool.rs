//! The workers of a run: started when they are needed, used again, ended when they fail.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::WORKER_COMMAND;
use super::watch::{Wait, Waited, Watch};
use crate::extract::session::{Ends, Minder};
use crate::extract::wire::Begin;
use crate::extract::{Session, Workshop};
use crate::model::Reason;

/// Documents that one worker parses before it is replaced, so that what a parser fails to give back
/// does not add up.
const DOCUMENTS_MAX: u32 = 1_000;

/// Time in which a run learns that it was asked to end.
const ASKED_WAIT: Duration = Duration::from_millis(500);

/// What workers are, and what they may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The program that is a worker under [`WORKER_COMMAND`].
    pub program: PathBuf,
    /// Memory of one worker, in bytes.
    pub memory_bytes_max: u64,
    /// Time that one document may be waited for, whatever its size.
    pub time_min: Duration,
    /// Time more for each MiB of it.
    pub time_per_mib: Duration,
}

impl Settings {
    /// Workers of this very program.
    ///
    /// # Errors
    /// The path of the program cannot be told.
    pub fn of_this_program() -> io::Result<Self> {
        Ok(Settings {
            program: this_program()?,
            memory_bytes_max: 512 << 20,
            time_min: Duration::from_secs(60),
            time_per_mib: Duration::from_secs(2),
        })
    }
}

/// On Linux, a name that stays that of the running program when its file is replaced.
#[cfg(target_os = "linux")]
fn this_program() -> io::Result<PathBuf> {
    Ok(PathBuf::from("/proc/self/exe"))
}

#[cfg(not(target_os = "linux"))]
fn this_program() -> io::Result<PathBuf> {
    std::env::current_exe()
}

/// A process that parses, and the line to it while nobody uses it.
struct Worker {
    child: Arc<Mutex<Child>>,
    ends: Option<Ends>,
    wait: Arc<Wait>,
    documents: u32,
}

impl Worker {
    /// It ended while nobody used it.
    fn is_gone(&self) -> bool {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        !matches!(child.try_wait(), Ok(None))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // one that is gone already cannot be ended again
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Parsers in processes of their own. Shared by all walks of a run.
#[derive(Clone)]
pub struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    idle: Mutex<Vec<Worker>>,
    watch: Watch,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("settings", &self.shared.settings)
            .finish_non_exhaustive()
    }
}

impl Pool {
    /// Starts nobody yet.
    pub fn new(settings: Settings) -> Self {
        Pool {
            shared: Arc::new(Shared {
                settings,
                idle: Mutex::new(Vec::new()),
                watch: Watch::default(),
            }),
        }
    }
}

impl Shared {
    fn start(&self) -> io::Result<Worker> {
        let memory = OsString::from(self.settings.memory_bytes_max.to_string());
        let mut command = Command::new(&self.settings.program);
        command
            .arg(WORKER_COMMAND)
            .arg(memory)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        by_itself(&mut command);
        let mut child = command.spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let wait = Arc::new(Wait::new());
        let child = Arc::new(Mutex::new(child));
        let output = Waited {
            inner: output,
            wait: Arc::clone(&wait),
        };
        let worker = Worker {
            child: Arc::clone(&child),
            ends: Some(Ends::new(Box::new(output), Box::new(input))),
            wait,
            documents: 0,
        };
        let kill = move || {
            let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = child.kill();
        };
        self.watch.add(&worker.wait, Box::new(kill))?;
        Ok(worker)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Workshop for Pool {
    fn session(&self, begin: &Begin) -> io::Result<Session> {
        let mut worker = loop {
            let idle = self.shared.idle().pop();
            match idle {
                Some(worker) if worker.is_gone() => {}
                Some(worker) => break worker,
                None => break self.shared.start()?,
            }
        };
        let settings = &self.shared.settings;
        let mib = u32::try_from(begin.size >> 20).unwrap_or(u32::MAX);
        let more = settings.time_per_mib.saturating_mul(mib);
        worker.wait.begin(settings.time_min.saturating_add(more));
        Ok(Session {
            ends: worker.ends.take(),
            minder: Box::new(Mind {
                shared: Arc::clone(&self.shared),
                worker: Some(worker),
            }),
        })
    }
}

/// Looks after the worker of one session; one that is not given back is ended.
struct Mind {
    shared: Arc<Shared>,
    worker: Option<Worker>,
}

impl Minder for Mind {
    fn done(&mut self, line: Ends) {
        let Some(mut worker) = self.worker.take() else {
            return;
        };
        worker.documents += 1;
        worker.wait.begin(Duration::MAX);
        if worker.documents < DOCUMENTS_MAX && !worker.wait.ended.load(Ordering::Relaxed) {
            worker.ends = Some(line);
            self.shared.idle().push(worker);
        }
    }

    fn cause(&mut self) -> (Reason, String) {
        let Some(worker) = self.worker.take() else {
            return (Reason::MalformedFile, "the parser is gone".to_owned());
        };
        if worker.wait.ended.load(Ordering::Relaxed) {
            let seconds = worker.wait.allowed().as_secs();
            let detail = format!(
                "the parser took longer than {seconds} s and was ended; raise parse_time_max"
            );
            return (Reason::TimeCutOffReached, detail);
        }
        let ended = {
            let mut child = worker.child.lock().unwrap_or_else(PoisonError::into_inner);
            // it may still be there where the line alone broke
            let _ = child.kill();
            child.wait()
        };
        if ended.as_ref().is_ok_and(|status| asked_to_end(*status)) {
            // the run was most likely asked too: let it learn so, and give the document up as its own
            std::thread::sleep(ASKED_WAIT);
        }
        let memory = self.shared.settings.memory_bytes_max >> 20;
        let how = ended.map_or_else(|error| error.to_string(), told);
        let detail = format!(
            "the parser ended early ({how}): the document is broken, or parsing it takes more than {memory} MiB; raise parser_memory_max"
        );
        (Reason::MalformedFile, detail)
    }
}

/// Ctrl-C in the terminal is for the run, which lets its documents end or gives them up.
#[cfg(unix)]
fn by_itself(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn by_itself(_: &mut Command) {}

/// Whether a process was asked to end, as all are when a system or service stops.
#[cfg(unix)]
fn asked_to_end(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const ASKED: [i32; 3] = [1, 2, 15];
    status
        .signal()
        .is_some_and(|signal| ASKED.contains(&signal))
}

#[cfg(not(unix))]
fn asked_to_end(_: ExitStatus) -> bool {
    false
}

#[cfg(unix)]
fn told(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("signal {signal}"),
        (None, Some(code)) => format!("status {code}"),
        (None, None) => "no status".to_owned(),
    }
}

#[cfg(not(unix))]
fn told(status: ExitStatus) -> String {
    status.to_string()
}
