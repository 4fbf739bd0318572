//! What is said to wrong usage, golden: status 2, `verb object identity: cause` in lower case, and
//! nothing written. And help, manual and completions.

mod cli_support;

use cli_support::Bed;

/// A wrong command line of `scan`, and what is said of it.
const WRONG: &[(&[&str], &str)] = &[
    (
        &["nosuch"],
        "open target nosuch: No such file or directory (os error 2)",
    ),
    (
        &[""],
        "open target : it is empty; give a file, a folder, - or s3://bucket/prefix",
    ),
    (
        &["http://host/x"],
        "open target http://host/x: unknown scheme http; known: a file, a folder, -, s3://bucket/prefix",
    ),
    (&["s3://"], "open target s3://: no bucket follows s3://"),
    (
        &["d", "--identifiers", "NO_SUCH"],
        "choose identifier \"NO_SUCH\": there is none of this id; see magpie identifiers list",
    ),
    (
        &["d", "--identifiers", "magnetic-stripe"],
        "choose identifier \"magnetic-stripe\": there is none of this id; did you mean CREDIT_CARD_MAGNETIC_STRIPE?",
    ),
    (
        &["d", "--identifiers", ""],
        "choose identifier \"\": there is none of this id; see magpie identifiers list",
    ),
    (
        &["d", "--exclude-identifiers", "NO_SUCH"],
        "leave out identifier \"NO_SUCH\": there is none of this id; see magpie identifiers list",
    ),
    (
        &[
            "d",
            "--identifiers",
            "NAME",
            "--exclude-identifiers",
            "NAME",
        ],
        "choose identifiers: none is left to look for",
    ),
    (
        &["d", "--include", "["],
        "parse glob \"[\": unclosed character class; missing ']'",
    ),
    (
        &["d", "--account-id", "12"],
        "read --account-id 12: an account id has 12 digits",
    ),
    (
        &["d", "--expected-bucket-owner", "me"],
        "read --expected-bucket-owner me: an account id has 12 digits",
    ),
    (
        &["d", "--results", "s3://"],
        "open target s3://: no bucket follows s3://",
    ),
];

#[test]
fn wrong_usage_is_explained_and_changes_nothing() {
    let bed = Bed::new();
    bed.write("d/a.txt", "ssn 536-90-4399\n");
    let mut faults = Vec::new();
    for (arguments, said) in WRONG {
        let mut all = vec!["scan"];
        all.extend(*arguments);
        let ran = bed.run(&all);
        let expected = format!("magpie: {said}\n");
        if ran.status != Some(2) || ran.stderr != expected || !ran.stdout.is_empty() {
            faults.push(format!(
                "{arguments:?}: status {:?}\n  expected {expected:?}\n  got      {:?}",
                ran.status, ran.stderr
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(!bed.state().exists(), "wrong usage leaves no state folder");
}

#[test]
fn what_cannot_be_parsed_points_to_help() {
    let bed = Bed::new();
    for arguments in [
        &["scan"][..],
        &["scan", "d", "--bogus"],
        &["scan", "d", "--threads", "0"],
        &["scan", "d", "--threads", "x"],
        &["scan", "d", "--format", "xml"],
        &["scan", "d", "--fail-on", "fatal"],
        &["scan", "d", "--max-extracted", "1 potato"],
        &["bogus"],
        &["completions", "tcsh"],
        &["logs", "--follow=maybe"],
    ] {
        let ran = bed.run(arguments);
        assert_eq!(ran.status, Some(2), "{arguments:?}");
        assert!(
            ran.stderr.starts_with("error: "),
            "{arguments:?}: {}",
            ran.stderr
        );
        assert!(
            ran.stderr.contains("--help"),
            "{arguments:?}: {}",
            ran.stderr
        );
        assert!(ran.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_state_folder_that_cannot_be_made_is_output_that_cannot_be_written() {
    let bed = Bed::new();
    let file = bed.write("file", "x");
    let ran = bed.run(&["scan", "file", "--state-dir", file.to_str().unwrap()]);
    assert_eq!(ran.status, Some(6), "{}", ran.stderr);
    assert!(
        ran.stderr.starts_with("magpie: open state folder "),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr
            .ends_with("choose another one with --state-dir\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn no_home_and_no_state_folder_is_told() {
    let bed = Bed::new();
    bed.write("a", "x");
    let output = bed
        .command()
        .env_remove("HOME")
        .env_remove("MAGPIE_STATE_DIR")
        .args(["scan", "a"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "magpie: find the state folder: neither HOME nor XDG_STATE_HOME is set; give --state-dir\n"
    );
}

#[test]
fn help_shows_examples_every_option_and_the_exit_status() {
    let bed = Bed::new();
    let help = bed.run(&["scan", "--help"]);
    assert_eq!(help.status, Some(0));
    assert!(help.stderr.is_empty());
    for wanted in [
        "Examples:",
        "magpie scan s3://",
        "Exit status:",
        "--format",
        "--output",
        "--identifiers",
        "--exclude-identifiers",
        "--include",
        "--exclude",
        "--fail-on",
        "--allow-incomplete",
        "--threads",
        "--state-dir",
        "--results",
        "--profile",
        "--region",
        "--endpoint-url",
        "--no-sign-request",
        "--quiet",
        "--no-progress",
        "--max-depth",
    ] {
        assert!(
            help.stdout.contains(wanted),
            "no {wanted} in\n{}",
            help.stdout
        );
    }
    let longest = help
        .stdout
        .lines()
        .map(|l| l.chars().count())
        .max()
        .unwrap();
    assert!(longest <= 100, "a line of {longest} characters");
    let version = bed.run(&["--version"]);
    assert_eq!(
        version.stdout,
        format!("magpie {}\n", env!("CARGO_PKG_VERSION"))
    );
    let bare = bed.run(&[]);
    assert_eq!(bare.status, Some(2));
    assert!(bare.stderr.contains("Usage: magpie"), "{}", bare.stderr);
}

/// An option declared after a group of others would stand under the heading of the group.
#[test]
fn options_stand_under_their_own_headings() {
    let bed = Bed::new();
    let help = bed.run(&["scan", "--help"]).stdout;
    let options = |heading: &str| -> Vec<String> {
        let (_, after) = help
            .split_once(&format!("\n{heading}:\n"))
            .expect("a heading");
        let own = after.split("\n\n").next().unwrap_or_default().lines();
        let named = own.filter_map(|l| l.trim_start().strip_prefix("--"));
        named
            .filter_map(|l| l.split(' ').next())
            .map(str::to_owned)
            .collect()
    };
    let limits = options("Limits");
    let is_limit = |o: &String| o.starts_with("max-") || o == "macie-limits";
    assert!(limits.iter().all(is_limit), "{limits:?}");
    let job_log = options("Job log");
    assert!(
        job_log.iter().all(|o| o.starts_with("job-log")),
        "{job_log:?}"
    );
    assert_eq!(options("AWS").len(), 7);
}

#[test]
fn completions_and_manual_are_made_for_every_shell() {
    let bed = Bed::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = bed.run(&["completions", shell]);
        assert_eq!(ran.status, Some(0), "{shell}: {}", ran.stderr);
        for wanted in ["magpie", "fail-on", "identifiers"] {
            assert!(ran.stdout.contains(wanted), "no {wanted} for {shell}");
        }
    }
    let page = bed.run(&["man"]);
    assert_eq!(page.status, Some(0));
    assert!(
        page.stdout.contains(".TH magpie 1"),
        "{}",
        &page.stdout[..200]
    );
    let ran = bed.run(&["man", "--dir", "."]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    for page in [
        "magpie.1",
        "magpie-scan.1",
        "magpie-logs.1",
        "magpie-identifiers-show.1",
    ] {
        assert!(bed.work().join(page).exists(), "no {page}");
    }
    let ran = bed.run(&["man", "--dir", "nosuch/x"]);
    assert_eq!(ran.status, Some(6));
    assert!(
        ran.stderr
            .starts_with("magpie: write manual pages to nosuch/x: "),
        "{}",
        ran.stderr
    );
}
