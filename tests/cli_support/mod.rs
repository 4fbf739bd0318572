//! A folder of its own for each test, and the real binary in it.

#![allow(dead_code, reason = "each test file uses a part")]

pub mod measured;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longest that a test waits for something that must happen.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Bed {
    dir: tempfile::TempDir,
}

/// What a command left.
pub struct Ran {
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    pub fn lines(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e} in {l:?}")))
            .collect()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}\n{}", self.stderr))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Ran {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Bed {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("work")).unwrap();
        Bed { dir }
    }

    /// Where commands run.
    pub fn work(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    pub fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.work().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub fn command(&self) -> Command {
        self.command_of(env!("CARGO_BIN_EXE_magpie").as_ref())
    }

    pub fn command_of(&self, binary: &Path) -> Command {
        let mut command = Command::new(binary);
        command
            .current_dir(self.work())
            .env_clear()
            .env("HOME", self.dir.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("MAGPIE_STATE_DIR", self.state())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.command().args(arguments).output().unwrap().into()
    }

    pub fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Ran {
        use std::io::Write;
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // a command that refuses its arguments does not read its input
        let _ = stdin.write_all(input);
        drop(stdin);
        child.wait_with_output().unwrap().into()
    }

    /// The summary document of a scan; its coverage must balance.
    pub fn summary(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let mut all = vec!["scan", "--format", "json"];
        all.extend(arguments);
        let ran = self.run(&all);
        let summary = ran.json();
        balanced(&summary);
        (ran.status, summary)
    }

    /// The events of every job, job by job.
    pub fn events(&self) -> Vec<Vec<String>> {
        let folder = self.state().join("logs/aws/macie/classificationjobs");
        let Ok(files) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        files
            .map(|f| {
                std::fs::read_to_string(f.unwrap().path())
                    .unwrap()
                    .lines()
                    .map(|l| {
                        let event: Value = serde_json::from_str(l).unwrap();
                        event["eventType"].as_str().unwrap().to_owned()
                    })
                    .collect()
            })
            .collect()
    }

    /// Files that keep a scan busy for a while. Gives how many values are planted.
    pub fn busy_corpus(&self, files: u64) -> u64 {
        let line = "GET /v1/items/7f3a 200 17ms shard of cache evicted\n".repeat(40);
        for i in 0..files {
            let ssn = format!("user sent ssn=536-90-{:04}\n", 1000 + i % 9000);
            self.write(format!("busy/{:02}/{i:05}.log", i % 50), ssn + &line);
        }
        files
    }
}

/// Promise P2: objects and bytes add up.
pub fn balanced(summary: &Value) {
    let coverage = &summary["coverage"];
    assert_eq!(coverage["balances"], true, "{coverage}");
    for unit in ["objects", "bytes"] {
        let of = |kind: &str| coverage[kind][unit].as_u64().unwrap();
        assert_eq!(
            of("listed"),
            of("complete") + of("partial") + of("skipped"),
            "{coverage}"
        );
    }
    let gaps = summary["gaps"].as_array().unwrap();
    for gap in gaps {
        assert!(gap["reason"].is_string(), "a gap without reason: {gap}");
    }
    let own: Vec<_> = gaps
        .iter()
        .filter(|g| g["container"] == Value::Array(vec![]))
        .collect();
    let not_whole = coverage["partial"]["objects"].as_u64().unwrap()
        + coverage["skipped"]["objects"].as_u64().unwrap();
    assert_eq!(
        own.len() as u64,
        not_whole,
        "every gap is told once: {gaps:?}"
    );
}

/// Waits until it holds.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Sends a signal to a process that this test started.
pub fn signal(child: &Child, signal: i32) {
    let pid = i32::try_from(child.id()).unwrap();
    // SAFETY: kill takes two numbers and touches no memory; the child is not waited for yet, so its
    // number belongs to no other process.
    let sent = unsafe { libc::kill(pid, signal) };
    assert_eq!(sent, 0);
}

/// Waits for the end, at most [`PATIENCE`].
pub fn end(mut child: Child) -> Ran {
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            let output = child.wait_with_output().unwrap();
            panic!(
                "it does not end: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap().into()
}

pub fn is_root() -> bool {
    // SAFETY: geteuid takes nothing and cannot fail.
    unsafe { libc::geteuid() == 0 }
}
