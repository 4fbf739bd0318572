//! The real binary with its peak memory, which is the kernel's figure for it and the processes it
//! waited for.

use std::io::Write;
use std::process::{Child, Stdio};

use serde_json::Value;

use super::{Bed, balanced};

/// Waits for the child; its status and its peak resident memory in KiB.
fn wait(child: &Child) -> (i32, i64) {
    let pid = i32::try_from(child.id()).unwrap();
    let mut status = 0;
    // SAFETY: all bytes of an rusage may be zero.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both places outlive the call, and the child is waited for here alone.
    let waited = unsafe { libc::wait4(pid, &raw mut status, 0, &raw mut usage) };
    assert_eq!(waited, pid);
    assert!(
        libc::WIFEXITED(status),
        "ended by signal {}",
        libc::WTERMSIG(status)
    );
    (libc::WEXITSTATUS(status), usage.ru_maxrss)
}

pub struct Measured {
    pub status: i32,
    /// Of the largest process, the parsers among them.
    pub peak_kib: i64,
    pub summary: Value,
}

impl Measured {
    pub fn occurrences(&self) -> u64 {
        let detectors = self.summary["detectors"].as_array().unwrap();
        detectors
            .iter()
            .map(|d| d["occurrences"].as_u64().unwrap())
            .sum()
    }

    pub fn reasons(&self) -> Vec<String> {
        let gaps = self.summary["gaps"].as_array().unwrap();
        gaps.iter()
            .map(|g| g["reason"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// Scans the target, `-` being what `feed` writes, and measures.
// `wait` below waits through wait4, which also tells the peak of the memory
#[allow(clippy::zombie_processes)]
pub fn scan(
    bed: &Bed,
    target: &str,
    more: &[&str],
    feed: impl FnOnce(&mut dyn Write) + Send,
) -> Measured {
    let output = bed.work().join("summary.json");
    let mut child = bed
        .command()
        .args(["scan", target, "--format", "json", "--quiet", "-o"])
        .arg(&output)
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let stdin = child.stdin.take().unwrap();
    let (status, peak_kib) = std::thread::scope(|threads| {
        threads.spawn(move || {
            let mut stdin = stdin;
            feed(&mut stdin);
        });
        wait(&child)
    });
    let text = std::fs::read_to_string(&output).unwrap_or_else(|e| {
        let mut said = String::new();
        let _ = std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said);
        panic!("{e}, status {status}: {said}")
    });
    let summary: Value = serde_json::from_str(&text).unwrap();
    balanced(&summary);
    println!("{target}: {} MiB at most", peak_kib >> 10);
    Measured {
        status,
        peak_kib,
        summary,
    }
}
