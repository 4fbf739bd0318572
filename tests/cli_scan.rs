//! `magpie scan` from outside: targets, coverage, outputs, exit status. Signals and locks are in
//! `cli_signals.rs`.

mod cli_support;

use std::io::Read;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use cli_support::{Bed, Ran, end, is_root};
use serde_json::Value;

const LINE: &str = "ssn 536-90-4399\n";

fn uris(ran: &Ran) -> Vec<String> {
    ran.lines()
        .iter()
        .map(|l| l["object"]["uri"].as_str().unwrap().to_owned())
        .collect()
}

fn gap<'a>(summary: &'a Value, end: &str) -> &'a Value {
    summary["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|g| g["uri"].as_str().unwrap().ends_with(end))
        .unwrap_or_else(|| panic!("no gap {end} in {}", summary["gaps"]))
}

#[test]
fn exit_status_tells_findings_by_severity() {
    let bed = Bed::new();
    bed.write("high.txt", LINE);
    bed.write(
        "low.txt",
        "2024-05-01 12:00:01 Set-Cookie: sid=31d4c0ffee42; Path=/\n",
    );
    bed.write("clean.txt", "nothing here\n");
    for (file, fail_on, status) in [
        ("high.txt", "never", 0),
        ("high.txt", "low", 1),
        ("high.txt", "high", 1),
        ("low.txt", "low", 1),
        ("low.txt", "medium", 0),
        ("clean.txt", "low", 0),
    ] {
        let ran = bed.run(&["scan", file, "--fail-on", fail_on]);
        assert_eq!(ran.status, Some(status), "{file} {fail_on}: {}", ran.stdout);
    }
    assert_eq!(
        bed.run(&["scan", "high.txt"]).status,
        Some(0),
        "never is the default"
    );
}

#[test]
fn a_gap_is_told_by_the_status_unless_findings_are_or_it_is_allowed() {
    let bed = Bed::new();
    bed.write("a.txt", LINE);
    bed.write(
        "logo.png",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06",
    );
    assert_eq!(bed.run(&["scan", "."]).status, Some(3));
    assert_eq!(
        bed.run(&["scan", ".", "--allow-incomplete"]).status,
        Some(0)
    );
    assert_eq!(bed.run(&["scan", ".", "--fail-on", "high"]).status, Some(1));
    let (status, summary) = bed.summary(&["."]);
    assert_eq!(status, Some(3));
    assert_eq!(
        gap(&summary, "logo.png")["reason"],
        "UNSUPPORTED_FILE_TYPE_EXCEPTION"
    );
    let only = bed.run(&["scan", ".", "--exclude", "*.png"]);
    assert_eq!(
        only.status,
        Some(0),
        "what is out of scope is no gap: {}",
        only.stdout
    );
}

#[test]
fn what_is_no_regular_file_is_a_gap_and_links_are_not_followed() {
    let bed = Bed::new();
    bed.write("d/a.txt", LINE);
    bed.write("d/empty.txt", "");
    bed.write("outside.txt", LINE);
    let d = bed.work().join("d");
    symlink("../outside.txt", d.join("out")).unwrap();
    symlink("a.txt", d.join("in")).unwrap();
    symlink("..", d.join("up")).unwrap();
    symlink("nowhere", d.join("dangling")).unwrap();
    rustix_mkfifo(&d.join("fifo"));
    let _socket = std::os::unix::net::UnixListener::bind(d.join("socket")).unwrap();
    assert!(
        std::fs::metadata(d.join("socket"))
            .unwrap()
            .file_type()
            .is_socket()
    );

    let (status, summary) = bed.summary(&["d"]);
    assert_eq!(status, Some(3));
    assert_eq!(summary["coverage"]["listed"]["objects"], 8);
    assert_eq!(summary["coverage"]["complete"]["objects"], 2);
    for (name, said) in [
        (
            "out",
            "a symbolic link, which is not followed; name its target instead",
        ),
        (
            "in",
            "a symbolic link, which is not followed; name its target instead",
        ),
        (
            "up",
            "a symbolic link, which is not followed; name its target instead",
        ),
        (
            "dangling",
            "a symbolic link, which is not followed; name its target instead",
        ),
        (
            "fifo",
            "a pipe, not a regular file; pass its content with -",
        ),
        ("socket", "a socket, not a regular file"),
    ] {
        let gap = gap(&summary, &format!("d/{name}"));
        assert_eq!(gap["status"], "SKIPPED");
        assert_eq!(gap["reason"], "UNSUPPORTED_FILE_TYPE_EXCEPTION");
        let whole = format!("read object file://d/{name}: {said}");
        assert_eq!(gap["detail"], whole);
    }
    let table = bed.run(&["scan", "d"]);
    assert!(
        table
            .stdout
            .contains("UNSUPPORTED_FILE_TYPE_EXCEPTION: a socket, not a regular file"),
        "{}",
        table.stdout
    );
    // one that is named itself is meant
    let named = bed.run(&["scan", "d/out", "--format", "jsonl"]);
    assert_eq!(uris(&named), ["file://d/out"]);
    let fifo = bed.run(&["scan", "d/fifo"]);
    assert_eq!(fifo.status, Some(3), "{}", fifo.stdout);
}

fn rustix_mkfifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

#[test]
fn an_unreadable_file_and_folder_are_gaps_and_cost_nothing_else() {
    let bed = Bed::new();
    bed.write("d/a.txt", LINE);
    bed.write("d/secret.txt", LINE);
    bed.write("d/closed/b.txt", LINE);
    let close = |name: &str| {
        let path = bed.work().join(name);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o000)).unwrap();
    };
    close("d/secret.txt");
    close("d/closed");
    let mut command = bed.command();
    if is_root() {
        // root may read everything: run as nobody, in a place where nobody may write
        let open = std::fs::Permissions::from_mode(0o777);
        for folder in [bed.work().parent().unwrap().to_owned(), bed.work()] {
            std::fs::set_permissions(folder, open.clone()).unwrap();
        }
        let binary = bed.work().parent().unwrap().join("magpie");
        std::fs::copy(env!("CARGO_BIN_EXE_magpie"), &binary).unwrap();
        command = bed.command_of(&binary);
        command.uid(65534).gid(65534);
    }
    let output = command
        .args(["scan", "d", "--format", "json"])
        .output()
        .unwrap();
    let ran = Ran::from(output);
    std::fs::set_permissions(
        bed.work().join("d/closed"),
        std::fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    // a folder that cannot be listed is a listing that failed for want of permission
    assert_eq!(ran.status, Some(4), "{}", ran.stderr);
    let summary = ran.json();
    assert_eq!(summary["coverage"]["complete"]["objects"], 1);
    assert_eq!(summary["detectors"][0]["occurrences"], 1);
    assert_eq!(gap(&summary, "d/secret.txt")["reason"], "PERMISSION_DENIED");
    let unlisted = summary["coverage"]["unlisted"].as_array().unwrap();
    assert_eq!(unlisted.len(), 1, "{unlisted:?}");
    assert!(
        unlisted[0]["cause"].as_str().unwrap().contains("d/closed"),
        "{unlisted:?}"
    );
}

#[test]
fn an_empty_scope_is_told_in_every_format() {
    let bed = Bed::new();
    std::fs::create_dir(bed.work().join("empty")).unwrap();
    let table = bed.run(&["scan", "empty"]);
    assert_eq!(table.status, Some(0));
    assert!(
        table
            .stdout
            .starts_with("Nothing to scan: no object is in scope\n")
    );
    for format in ["jsonl", "macie", "json"] {
        let ran = bed.run(&["scan", "empty", "--format", format]);
        assert_eq!(ran.status, Some(0));
        assert_eq!(
            ran.stderr,
            "magpie: nothing to scan: no object is in scope\n"
        );
    }
    let quiet = bed.run(&["scan", "empty", "--format", "jsonl", "--quiet"]);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
}

#[test]
fn several_targets_are_one_job_and_one_named_twice_is_meant_once() {
    let bed = Bed::new();
    bed.write("a/1.txt", LINE);
    bed.write("b/2.txt", LINE);
    let ran = bed.run(&["scan", "b", "a", "b", "a/1.txt", "--format", "jsonl"]);
    assert_eq!(ran.status, Some(0));
    // targets in the order given; a file inside a folder that is named too is another target
    assert_eq!(
        uris(&ran),
        ["file://b/2.txt", "file://a/1.txt", "file://a/1.txt"]
    );
    assert_eq!(bed.events().len(), 1);
    // one target that is missing ends the command before anything is read
    let missing = bed.run(&["scan", "a", "nosuch"]);
    assert_eq!(missing.status, Some(2));
    assert_eq!(bed.events().len(), 1);
}

#[test]
fn standard_input_is_an_object_whatever_it_holds() {
    let bed = Bed::new();
    let ran = bed.run_with_input(&["scan", "-", "-", "--format", "jsonl"], LINE.as_bytes());
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert_eq!(uris(&ran), ["file://-"]);
    let empty = bed.run_with_input(&["scan", "-", "--format", "jsonl"], b"");
    assert_eq!((empty.status, empty.stdout.as_str()), (Some(0), ""));
    let zip = std::fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sample/archives/backup.zip"),
    )
    .unwrap();
    let zipped = bed.run_with_input(&["scan", "-", "--format", "jsonl"], &zip);
    assert_eq!(zipped.status, Some(0), "{}", zipped.stderr);
    assert_eq!(zipped.lines().len(), 12);
}

#[test]
fn a_path_that_is_not_utf8_is_read() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let bed = Bed::new();
    let name = OsStr::from_bytes(b"caf\xe9.txt");
    bed.write(name, LINE);
    let ran: Ran = bed
        .command()
        .args(["scan", "--format", "jsonl"])
        .arg(name)
        .output()
        .unwrap()
        .into();
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert_eq!(ran.lines().len(), 1);
}

#[test]
fn a_destination_that_cannot_be_written_is_told_before_the_scan() {
    let bed = Bed::new();
    bed.write("d/a.txt", LINE);
    for (output, said) in [
        (
            "nosuch/out.jsonl",
            "write output nosuch/out.jsonl: No such file or directory (os error 2)",
        ),
        ("d", "write output d: it is a folder; name a file in it"),
        (".", "write output .: it is a folder; name a file in it"),
        ("/", "write output /: it is a folder; name a file in it"),
    ] {
        for format in ["jsonl", "table"] {
            let ran = bed.run(&["scan", "d", "-o", output, "--format", format]);
            assert_eq!(ran.status, Some(6), "{output}: {}", ran.stderr);
            assert_eq!(ran.stderr, format!("magpie: {said}\n"));
            assert_eq!(ran.stdout, "");
        }
    }
    assert!(bed.events().is_empty(), "no job was begun");
}

#[test]
fn an_output_file_appears_whole_and_leaves_nothing_else() {
    let bed = Bed::new();
    bed.write("d/a.txt", LINE);
    bed.write("out.jsonl", "an older run\n");
    symlink("out.jsonl", bed.work().join("link")).unwrap();
    let ran = bed.run(&["scan", "d", "--format", "jsonl", "-o", "link"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
    assert!(
        ran.stderr.contains("1 occurrence found"),
        "the table goes to standard error"
    );
    let written = std::fs::read_to_string(bed.work().join("out.jsonl")).unwrap();
    assert_eq!(written.lines().count(), 1);
    assert!(bed.work().join("link").is_symlink(), "a link stays a link");
    let quiet = bed.run(&[
        "scan",
        "d",
        "--format",
        "jsonl",
        "-o",
        "out.jsonl",
        "--quiet",
    ]);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    let failed = bed.run(&["scan", "nosuch", "-o", "out.jsonl", "--format", "jsonl"]);
    assert_eq!(failed.status, Some(2));
    let names: Vec<_> = std::fs::read_dir(bed.work())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

/// `-o /dev/null` once made a file of the device.
#[test]
fn a_device_or_pipe_is_written_as_it_is() {
    let bed = Bed::new();
    bed.write("a.txt", LINE);
    let ran = bed.run(&["scan", "a.txt", "--format", "jsonl", "-o", "/dev/null"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let kind = std::fs::metadata("/dev/null").unwrap().file_type();
    assert!(kind.is_char_device());
    let fifo = bed.work().join("fifo");
    rustix_mkfifo(&fifo);
    let child = bed
        .command()
        .args(["scan", "a.txt", "--format", "jsonl", "-o", "fifo"])
        .spawn()
        .unwrap();
    let read = std::fs::read_to_string(&fifo).unwrap();
    assert_eq!(end(child).status, Some(0));
    assert_eq!(read.lines().count(), 1);
    let stdout = bed.run(&["scan", "a.txt", "--format", "jsonl", "-o", "-"]);
    assert_eq!(stdout.lines().len(), 1);
}

#[test]
fn what_a_scan_writes_itself_is_no_object() {
    let bed = Bed::new();
    bed.write("a.txt", LINE);
    for _ in 0..2 {
        let ran = bed.run(&[
            "scan",
            ".",
            "--state-dir",
            "state",
            "--results",
            "results",
            "--format",
            "json",
            "-o",
            "out.json",
        ]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let text = std::fs::read_to_string(bed.work().join("out.json")).unwrap();
        let summary: Value = serde_json::from_str(&text).unwrap();
        cli_support::balanced(&summary);
        assert_eq!(
            summary["coverage"]["listed"]["objects"], 1,
            "{}",
            summary["objects"]
        );
    }
    // named themselves, they are meant
    let (_, log) = bed.summary(&["state/logs"]);
    assert_eq!(log["coverage"]["listed"]["objects"], 2);
}

#[test]
fn quiet_prints_nothing_but_what_was_asked_for() {
    let bed = Bed::new();
    bed.write("a.txt", LINE);
    let table = bed.run(&["scan", "a.txt", "--quiet"]);
    assert_eq!(
        (table.status, table.stdout.as_str(), table.stderr.as_str()),
        (Some(0), "", "")
    );
    let lines = bed.run(&["scan", "a.txt", "-q", "--format", "jsonl"]);
    assert_eq!((lines.lines().len(), lines.stderr.as_str()), (1, ""));
    let wrong = bed.run(&["scan", "nosuch", "-q"]);
    assert!(!wrong.stderr.is_empty(), "errors are told all the same");
}

#[test]
fn colours_go_where_they_are_wanted_only() {
    let bed = Bed::new();
    bed.write("a.txt", LINE);
    let run = |name: &str, value: &str| -> Ran {
        bed.command()
            .args(["scan", "a.txt"])
            .env(name, value)
            .output()
            .unwrap()
            .into()
    };
    assert!(
        !run("TERM", "xterm").stdout.contains('\u{1b}'),
        "not a terminal"
    );
    assert!(run("CLICOLOR_FORCE", "1").stdout.contains('\u{1b}'));
    let both: Ran = bed
        .command()
        .args(["scan", "a.txt"])
        .env("CLICOLOR_FORCE", "1")
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
        .into();
    assert!(!both.stdout.contains('\u{1b}'), "NO_COLOR wins");
}

/// `magpie scan … | head` ends without a complaint and completes its job.
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let bed = Bed::new();
    bed.write("a.txt", LINE.repeat(20_000));
    for format in ["jsonl", "table", "json", "macie"] {
        let mut child = bed
            .command()
            .args(["scan", "a.txt", "--format", format])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = child.stdout.take().unwrap();
        let mut first = [0; 10];
        out.read_exact(&mut first).unwrap();
        drop(out);
        let ran = end(child);
        assert_eq!(ran.status, Some(0), "{format}: {}", ran.stderr);
        assert_eq!(ran.stderr, "", "{format}");
    }
    assert!(
        bed.events()
            .iter()
            .all(|job| job.last().unwrap() == "JOB_COMPLETED")
    );
}

#[test]
fn a_full_disk_is_told_as_output_that_was_not_written() {
    let bed = Bed::new();
    bed.write("a.txt", LINE.repeat(5_000));
    if !Path::new("/dev/full").exists() {
        return;
    }
    let full = || {
        std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    for format in ["jsonl", "table", "json", "macie"] {
        let output = bed
            .command()
            .args(["scan", "a.txt", "--format", format])
            .stdout(full())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(6), "{format}: {said}");
        assert!(said.starts_with("magpie: write "), "{format}: {said}");
    }
}

#[test]
fn the_same_bytes_from_one_thread_and_from_eight() {
    let bed = Bed::new();
    for i in 0..60 {
        bed.write(
            format!("d/{:02}/{i:03}.log", i % 7),
            LINE.repeat(1 + i * 37 % 300),
        );
    }
    let run = |format: &str, threads: &str| {
        let ran = bed.run(&["scan", "d", "--format", format, "--threads", threads]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        ran
    };
    assert_eq!(run("jsonl", "1").stdout, run("jsonl", "8").stdout);
    let strip = |ran: Ran| {
        let mut summary = ran.json();
        cli_support::balanced(&summary);
        summary["job"] = Value::Null;
        summary["run"] = Value::Null;
        summary
    };
    assert_eq!(strip(run("json", "1")), strip(run("json", "8")));
    let results = |ran: Ran| -> Vec<Value> {
        let mut all = ran.lines();
        for finding in &mut all {
            finding["classificationDetails"]["jobId"] = Value::Null;
            finding["classificationDetails"]["jobArn"] = Value::Null;
            finding["classificationDetails"]["detailedResultsLocation"] = Value::Null;
            for time in ["createdAt", "updatedAt"] {
                finding[time] = Value::Null;
            }
            finding["id"] = Value::Null;
        }
        all
    };
    let (one, many) = (results(run("macie", "1")), results(run("macie", "8")));
    assert_eq!(one.len(), 60);
    assert_eq!(one, many);
}
