//! Signals and locks: Ctrl-C once pauses, the same command goes on; twice cancels; SIGTERM pauses;
//! a second process of the same command is refused, of another one is not.

mod cli_support;

use std::io::Write;
use std::process::{Child, Stdio};
use std::time::Duration;

use cli_support::{Bed, Ran, end, signal, until};

const FILES: u64 = 6000;

/// Starts a scan that lasts, and waits until its job is under way.
fn start(bed: &Bed) -> Child {
    let child = bed
        .command()
        .args(["scan", "busy", "--threads", "1", "--format", "jsonl"])
        .args(["-o", "out.jsonl"])
        .spawn()
        .unwrap();
    until("the job begins", || !bed.events().is_empty());
    child
}

fn whole(bed: &Bed) -> Ran {
    bed.run(&[
        "scan",
        "busy",
        "--threads",
        "1",
        "--format",
        "jsonl",
        "-o",
        "out.jsonl",
    ])
}

fn lines(bed: &Bed) -> u64 {
    let text = std::fs::read_to_string(bed.work().join("out.jsonl")).unwrap();
    text.lines().count() as u64
}

fn left_overs(bed: &Bed) -> Vec<String> {
    std::fs::read_dir(bed.work())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "busy")
        .collect()
}

#[test]
fn a_signal_pauses_and_the_same_command_goes_on() {
    for (number, status, said) in [
        (libc::SIGINT, 130, "magpie: stopping; progress is kept"),
        (libc::SIGTERM, 143, "magpie: stopping; progress is kept"),
    ] {
        let bed = Bed::new();
        let planted = bed.busy_corpus(FILES);
        let child = start(&bed);
        signal(&child, number);
        let ran = end(child);
        assert_eq!(ran.status, Some(status), "{}", ran.stderr);
        assert!(ran.stderr.starts_with(said), "{}", ran.stderr);
        let last = ran.stderr.lines().last().unwrap();
        assert!(
            last.starts_with("magpie: interrupted after ")
                && last.contains("run the same command again to continue (job "),
            "{last}"
        );
        assert!(left_overs(&bed).is_empty(), "{:?}", left_overs(&bed));
        assert_eq!(bed.events(), [["JOB_CREATED", "ONE_TIME_JOB_STARTED"]]);

        let again = whole(&bed);
        assert_eq!(again.status, Some(0), "{}", again.stderr);
        assert_eq!(lines(&bed), planted);
        assert_eq!(
            bed.events(),
            [["JOB_CREATED", "ONE_TIME_JOB_STARTED", "JOB_COMPLETED"]]
        );
        let id = last.split("(job ").nth(1).unwrap().trim_end_matches(')');
        assert!(again.stderr.contains(id), "the same job: {}", again.stderr);
        assert!(again.stderr.contains("(resumed)"), "{}", again.stderr);
    }
}

#[test]
fn ctrl_c_twice_cancels_the_job() {
    let bed = Bed::new();
    let planted = bed.busy_corpus(FILES);
    // the second signal must come while the first is obeyed: short waits, several tries
    let mut cancelled = false;
    for wait in [1, 2, 0, 4, 1, 8, 2, 0, 16, 1] {
        // each try begins a job of its own, so that its beginning can be waited for
        if bed.state().exists() {
            std::fs::remove_dir_all(bed.state()).unwrap();
        }
        let child = start(&bed);
        signal(&child, libc::SIGINT);
        std::thread::sleep(Duration::from_millis(wait));
        signal(&child, libc::SIGINT);
        let ran = end(child);
        assert_eq!(ran.status, Some(130), "{}", ran.stderr);
        cancelled = ran.stderr.contains("the job is cancelled");
        if cancelled {
            break;
        }
    }
    assert!(cancelled, "the second signal was never heard");
    assert_eq!(
        bed.events(),
        [["JOB_CREATED", "ONE_TIME_JOB_STARTED", "JOB_CANCELLED"]]
    );
    // a cancelled job is not taken up: the same command begins another one
    let again = whole(&bed);
    assert_eq!(again.status, Some(0), "{}", again.stderr);
    assert_eq!(lines(&bed), planted);
    assert!(!again.stderr.contains("(resumed)"), "{}", again.stderr);
    assert_eq!(bed.events().len(), 2);
}

/// A read of standard input cannot be broken off, but the command must end all the same.
#[test]
fn a_signal_ends_a_scan_that_waits_for_standard_input() {
    for (number, status) in [(libc::SIGINT, 130), (libc::SIGTERM, 143)] {
        let bed = Bed::new();
        let mut child = bed
            .command()
            .args(["scan", "-"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(b"ssn 536-90-4399\n").unwrap();
        until("the job begins", || !bed.events().is_empty());
        signal(&child, number);
        let ran = end(child);
        drop(stdin);
        assert_eq!(ran.status, Some(status), "{}", ran.stderr);
    }
}

#[test]
fn a_second_process_of_the_same_command_is_refused_and_another_command_is_not() {
    let bed = Bed::new();
    bed.busy_corpus(FILES);
    bed.write("other.txt", "ssn 536-90-4399\n");
    let mut child = start(&bed);
    let second = whole(&bed);
    assert!(
        child.try_wait().unwrap().is_none(),
        "the first ended too soon to tell"
    );
    assert_eq!(second.status, Some(7), "{}", second.stderr);
    assert!(
        second.stderr.starts_with("magpie: ") && second.stderr.lines().count() == 1,
        "{}",
        second.stderr
    );
    let other = bed.run(&["scan", "other.txt", "--format", "jsonl"]);
    assert_eq!(other.status, Some(0), "{}", other.stderr);
    assert_eq!(other.lines().len(), 1);
    let logs = bed.run(&["logs"]);
    assert_eq!(logs.status, Some(0), "{}", logs.stderr);
    assert!(
        child.try_wait().unwrap().is_none(),
        "the first ended too soon to tell"
    );
    signal(&child, libc::SIGTERM);
    assert_eq!(end(child).status, Some(143));
}

/// A word processor's file of many paragraphs, one of them with a value.
fn docx(number: usize) -> Vec<u8> {
    let lines =
        "<w:p><w:r><w:t>nothing of note in this line of text</w:t></w:r></w:p>".repeat(40_000);
    let body = format!(
        r#"<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{number}: ssn 536-90-4399</w:t></w:r></w:p>{lines}</w:body></w:document>"#
    );
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in [
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", &body),
    ] {
        writer.start_file(name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Processes that the kernel knows as children of this one.
#[cfg(target_os = "linux")]
fn children(of: u32) -> Vec<i32> {
    let tasks = std::fs::read_dir(format!("/proc/{of}/task")).unwrap();
    let lists = tasks.map(|task| std::fs::read_to_string(task.unwrap().path().join("children")));
    let all: String = lists.map(Result::unwrap_or_default).collect();
    all.split_whitespace()
        .map(|pid| pid.parse().unwrap())
        .collect()
}

/// When a system or service stops, all its processes are asked to end at once. A document whose parser
/// ends so is read when the run goes on, and not told as broken.
#[test]
#[cfg(target_os = "linux")]
fn parsers_that_are_asked_to_end_too_cost_nothing() {
    let bed = Bed::new();
    let count = 60;
    for number in 0..count {
        bed.write(format!("busy/{number}.docx"), docx(number));
    }
    let child = start(&bed);
    let parent = child.id();
    until("a parser works", || !children(parent).is_empty());
    std::thread::sleep(Duration::from_millis(300));
    for parser in children(parent) {
        // SAFETY: a signal to a process that this test has started
        unsafe { libc::kill(parser, libc::SIGTERM) };
    }
    signal(&child, libc::SIGTERM);
    let ran = end(child);
    assert_eq!(ran.status, Some(143), "{}", ran.stderr);
    let ran = whole(&bed);
    assert_eq!(lines(&bed), count as u64, "{}", ran.stderr);
    assert!(
        matches!(ran.status, Some(0 | 1)),
        "{:?}: {}",
        ran.status,
        ran.stderr
    );
}
