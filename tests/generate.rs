//! `magpie generate`: systemd itself checks its units, a shell runs the line of cron.

mod cli_support;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use cli_support::Bed;

/// Runs systemd-analyze; `None` where there is none.
fn analyze(arguments: &[&str], units: &Path) -> Option<(bool, String)> {
    let output = Command::new("systemd-analyze")
        .args(arguments)
        .env("SYSTEMD_UNIT_PATH", format!("{}:", units.display()))
        .output();
    let Ok(output) = output else {
        println!("left out: there is no systemd-analyze");
        return None;
    };
    let text = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    Some((output.status.success(), text))
}

fn units(bed: &Bed, arguments: &[&str]) -> PathBuf {
    let dir = bed.work().join("units");
    std::fs::create_dir_all(&dir).unwrap();
    let mut all = vec!["generate", "systemd", "--dir", "units"];
    all.extend(arguments);
    let ran = bed.run(&all);
    assert_eq!(
        (ran.status, ran.stdout.as_str()),
        (Some(0), ""),
        "{}",
        ran.stderr
    );
    dir
}

fn value<'a>(unit: &'a str, name: &str) -> Vec<&'a str> {
    unit.lines()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix('='))
        .collect()
}

#[test]
fn systemd_takes_the_units_and_finds_them_hardened() {
    for arguments in [
        &[][..],
        &["--schedule", "*-*-* 02:30", "--state-dir", "/srv/my state"],
        &[
            "--user",
            "root",
            "--profile",
            "audit",
            "--region",
            "eu-west-1",
        ],
        &["--", "--only-new", "50% of $HOME \"x\" \\"],
    ] {
        let bed = Bed::new();
        let dir = units(&bed, arguments);
        let service = dir.join("magpie-run-due.service");
        let timer = dir.join("magpie-run-due.timer");
        let files = [service.to_str().unwrap(), timer.to_str().unwrap()];
        if let Some((good, text)) = analyze(&["verify", "--man=no", files[0], files[1]], &dir) {
            assert!(good, "{arguments:?}: {text}");
            let ours: Vec<&str> = text
                .lines()
                .filter(|l| l.contains("magpie-run-due"))
                .collect();
            assert!(ours.is_empty(), "{arguments:?}: {ours:?}");
        }
        // 0 is locked up, 10 is wide open; most services of a system are above 9
        let exposed = ["security", "--offline=true", "--threshold=25", files[0]];
        if let Some((good, text)) = analyze(&exposed, &dir) {
            let end: String = text.lines().rev().take(3).collect::<Vec<_>>().join("\n");
            assert!(good, "{arguments:?}: {end}");
        }
        let text = std::fs::read_to_string(&service).unwrap();
        assert_eq!(value(&text, "Type"), ["oneshot"]);
        let command = value(&text, "ExecStart")[0];
        assert!(command.contains("\" \"job\" \"run-due\""), "{command}");
        for (name, wanted) in [
            ("NoNewPrivileges", "yes"),
            ("ProtectSystem", "strict"),
            ("PrivateTmp", "yes"),
            ("MemoryDenyWriteExecute", "yes"),
            ("SuccessExitStatus", "7 143"),
        ] {
            assert_eq!(value(&text, name), [wanted]);
        }
        let text = std::fs::read_to_string(&timer).unwrap();
        assert_eq!(value(&text, "Persistent"), ["true"]);
        assert_eq!(value(&text, "OnCalendar").len(), 1);
    }
}

#[test]
fn options_come_out_in_the_units() {
    let bed = Bed::new();
    let ran = bed.run(&["generate", "systemd"]);
    assert_eq!(ran.status, Some(0));
    assert!(
        ran.stdout
            .starts_with("# /etc/systemd/system/magpie-run-due.service\n[Unit]")
    );
    assert!(
        ran.stdout
            .contains("\n# /etc/systemd/system/magpie-run-due.timer\n[Unit]")
    );
    assert_eq!(value(&ran.stdout, "StateDirectory"), ["magpie"]);
    assert_eq!(
        value(&ran.stdout, "Environment"),
        ["\"MAGPIE_STATE_DIR=/var/lib/magpie\""]
    );
    assert_eq!(value(&ran.stdout, "DynamicUser"), ["yes"]);

    let arguments = [
        "--state-dir",
        "my state",
        "--user",
        "audit",
        "--profile",
        "50%",
    ];
    let ran = bed.run(&[&["generate", "systemd"], &arguments[..]].concat());
    let state = bed.work().join("my state").canonicalize();
    assert!(state.is_err(), "nothing is made");
    let state = format!("{}/my state", bed.work().display());
    assert_eq!(
        value(&ran.stdout, "ReadWritePaths"),
        [format!("\"{state}\"")]
    );
    assert_eq!(value(&ran.stdout, "User"), ["audit"]);
    assert_eq!(value(&ran.stdout, "ProtectHome"), ["read-only"]);
    let set = value(&ran.stdout, "Environment");
    assert_eq!(set[0], format!("\"MAGPIE_STATE_DIR={state}\""));
    assert_eq!(set[1], "\"AWS_PROFILE=50%%\"");
    assert!(value(&ran.stdout, "StateDirectory").is_empty());
}

/// The command of a line of crontab, as cron gives it to the shell.
fn command(line: &str, fields: usize) -> String {
    let mut rest = line;
    for _ in 0..fields {
        rest = rest.split_once(' ').unwrap().1;
    }
    rest.replace("\\%", "%")
}

#[test]
fn the_line_of_cron_runs_in_a_shell_whatever_is_in_its_names() {
    let bed = Bed::new();
    let program = bed.write(
        "my 50% tool's/magpie",
        "#!/bin/sh\nprintf '%s|' \"$MAGPIE_STATE_DIR\" \"$AWS_PROFILE\" \"$AWS_REGION\" \"$@\"\n",
    );
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let state = "/srv/5% of 'it' $HOME";
    let ran = bed.run(&[
        "generate",
        "cron",
        "--schedule",
        "*/10 8-18 * * mon",
        "--state-dir",
        state,
        "--profile",
        "a b",
        "--program",
        program.to_str().unwrap(),
        "--mail-to",
        "ops@example.com",
        "--",
        "--only-new",
        "x%y",
    ]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let mut lines = ran.stdout.lines().filter(|l| !l.starts_with('#'));
    assert_eq!(lines.next(), Some("MAILTO=ops@example.com"));
    let line = lines.next().unwrap();
    assert_eq!(lines.next(), None);
    let command = command(line.strip_prefix("*/10 8-18 * * mon ").unwrap(), 0);
    let shell = Command::new("sh")
        .args(["-c", &command])
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(shell.stdout).unwrap(),
        format!("{state}|a b||job|run-due|--only-new|x%y|")
    );
}

#[test]
fn what_is_generated_is_a_command_of_this_magpie() {
    let bed = Bed::new();
    let config = bed.write("magpie.toml", "");
    let ran = bed.run(&[
        "generate",
        "cron",
        "--state-dir",
        bed.state().to_str().unwrap(),
        "--config",
        config.to_str().unwrap(),
        "--",
        "--only-new",
    ]);
    let line = ran.stdout.lines().last().unwrap();
    let command = command(line, 5);
    assert!(command.contains("MAGPIE_CONFIG="), "{command}");
    // nothing is due: nothing is printed, and no mail is sent
    let shell = Command::new("sh").args(["-c", &command]).output().unwrap();
    assert_eq!(
        shell.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&shell.stderr)
    );
    assert!(shell.stdout.is_empty() && shell.stderr.is_empty());
}

#[test]
fn a_user_stands_where_cron_d_wants_it() {
    let bed = Bed::new();
    let ran = bed.run(&[
        "generate",
        "cron",
        "--user",
        "audit",
        "--program",
        "/usr/bin/magpie",
    ]);
    assert!(ran.stdout.contains("/etc/cron.d"));
    assert!(
        ran.stdout
            .ends_with("\n7 * * * * audit /usr/bin/magpie job run-due\n"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("\n#MAILTO="), "it can be filled in");
}

#[test]
fn what_would_be_another_line_or_no_time_is_refused() {
    let bed = Bed::new();
    for (arguments, told) in [
        (&["cron", "--schedule", "hourly"][..], "five fields"),
        (&["cron", "--mail-to", "a\nb"], "line break"),
        (&["cron", "--profile", "a\n* * * * * x"], "line break"),
        (&["systemd", "--schedule", "daily\nUser=root"], "line break"),
        (&["systemd", "--schedule", " "], "empty"),
        (&["systemd", "--user", "a b"], "letters, digits"),
        (&["systemd", "--profile", "p"], "give --user"),
        (&["systemd", "--", "a\nExecStop=x"], "line break"),
    ] {
        let ran = bed.run(&[&["generate"], arguments].concat());
        assert_eq!(ran.status, Some(2), "{arguments:?}");
        assert!(ran.stderr.contains(told), "{arguments:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
}
