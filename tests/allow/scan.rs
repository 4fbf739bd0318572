//! What lists keep out of the outputs, and that nothing of it vanishes.

use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::cli_support::{Bed, end, signal, until};
use super::{TEXT, allowed, found, lines, lists};

const ALL: &[&str] = &["d", "--identifiers", "all,EMAIL_ADDRESS"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [ALL, more].concat()
}

#[test]
fn whole_values_in_any_case_are_counted_and_not_reported() {
    let bed = Bed::new();
    bed.write("d/a.txt", TEXT);
    let plain = found(&bed, ALL);
    for (id, line) in [
        ("NAME", 1),
        ("USA_SOCIAL_SECURITY_NUMBER", 2),
        ("USA_SOCIAL_SECURITY_NUMBER", 3),
        ("NAME", 4),
        ("ADDRESS", 5),
        ("EMAIL_ADDRESS", 6),
    ] {
        assert!(plain.contains(&(id.to_owned(), line)), "{id} {plain:?}");
    }
    bed.write(
        "people.txt",
        "MARTHA RIVERA\r\n\r\n536-90-4399\r\n536-90\r\njürgen GROSS\r\nperson@example\r\n",
    );
    let listed = with(&["--allow-list", "people.txt"]);
    let kept: Vec<(String, u64)> = plain
        .iter()
        .filter(|(_, line)| ![1, 2, 4].contains(line))
        .cloned()
        .collect();
    assert_eq!(found(&bed, &listed), kept);

    let (status, summary) = bed.summary(&listed);
    assert_eq!(status, Some(0));
    let list = &summary["allowLists"][0];
    assert_eq!(list["name"], "people.txt");
    assert_eq!(list["id"], Value::Null);
    assert_eq!(list["kind"], "words");
    assert_eq!(list["location"], "people.txt");
    assert_eq!(list["error"], Value::Null);
    assert_eq!((&list["entries"], &list["allowed"]), (&5.into(), &3.into()));
    assert_eq!(
        allowed(list),
        [("NAME", 2), ("USA_SOCIAL_SECURITY_NUMBER", 1)]
    );
    assert_eq!(lines(list, "unused"), [4, 6]);
    assert_eq!(lines(list, "expired"), [0; 0]);
    let total: u64 = summary["detectors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["occurrences"].as_u64().unwrap())
        .sum();
    assert_eq!(total, kept.len() as u64);

    let table = bed.run(&[&["scan"][..], &listed].concat());
    for said in [
        "Allowed",
        "people.txt  3 occurrences allowed: NAME 2, USA_SOCIAL_SECURITY_NUMBER 1",
        "2 of 5 entries unused (line 4, line 6)",
    ] {
        assert!(table.stdout.contains(said), "{said}\n{}", table.stdout);
    }
    assert!(table.stderr.is_empty(), "{}", table.stderr);

    // the formats that have no room for it say it on standard error
    let said = "magpie: allow list people.txt: 3 occurrences allowed: NAME 2, \
                USA_SOCIAL_SECURITY_NUMBER 1; 2 of 5 entries unused (line 4, line 6)\n";
    for format in ["jsonl", "macie", "json"] {
        let ran = bed.run(&[&["scan", "--format", format][..], &listed].concat());
        assert_eq!(ran.stderr, said, "{format}");
    }
    let ran = bed.run(&[&["scan", "-o", "table.txt"][..], &listed].concat());
    assert_eq!(ran.stderr, said);
    let ran = bed.run(&[&["scan", "-o", "o.jsonl", "--format", "jsonl"][..], &listed].concat());
    assert!(ran.stderr.contains("Allowed"), "{}", ran.stderr);
}

#[test]
fn findings_and_discovery_results_do_not_have_them() {
    let bed = Bed::new();
    bed.write("d/one.txt", "ssn 536-90-4399\nssn 536-90-4398\n");
    bed.write("d/none.txt", "ssn 536-90-4399\n");
    bed.write("list.txt", "536-90-4399\n");
    let ran = bed.run(&["scan", "d", "--format", "macie", "--allow-list", "list.txt"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let findings = ran.lines();
    assert_eq!(findings.len(), 1, "{findings:?}");
    let result = &findings[0]["classificationDetails"]["result"];
    assert_eq!(result["sensitiveData"][0]["totalCount"], 1);
    let mut results = String::new();
    for file in files(&bed.state().join("results")) {
        let bytes = std::fs::read(file).unwrap();
        let mut text = String::new();
        flate2::read::MultiGzDecoder::new(&bytes[..])
            .read_to_string(&mut text)
            .unwrap();
        results += &text;
    }
    assert_eq!(results.lines().count(), 2, "{results}");
    assert_eq!(results.matches("USA_SOCIAL_SECURITY_NUMBER").count(), 1);

    bed.write("list.txt", "536-90-4399\n536-90-4398\n");
    let ran = bed.run(&["scan", "d", "--fail-on", "low", "--allow-list", "list.txt"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stdout);
    let head = "Nothing found but what is allowed; everything was read";
    assert!(ran.stdout.contains(head), "{}", ran.stdout);
}

#[test]
fn mailing_addresses_are_reported_all_the_same() {
    let bed = Bed::new();
    bed.write("d/a.txt", TEXT);
    bed.write("list.txt", "410 Terry Ave N, Seattle, WA 98109\n");
    bed.write("all.toml", "[[allow]]\nregex = '(?s).*'\n");
    let listed = with(&["--allow-list", "list.txt", "--allow-list", "all.toml"]);
    assert_eq!(found(&bed, &listed), [("ADDRESS".to_owned(), 5)]);
    let lists = lists(&bed, &listed);
    assert_eq!(lines(&lists[0], "unused"), [1]);
    assert!(lists[1]["allowed"].as_u64().unwrap() >= 5);
}

#[test]
fn values_are_compared_in_every_format() {
    let bed = Bed::new();
    bed.write("d/a.csv", "id,ssn\n1,536-90-4399\n2,\"536-90-4398\"\n");
    bed.write(
        "d/b.json",
        r#"{"ssn":"536-90-4399","other":{"ssn":"536-90-4398"}}"#,
    );
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(
            "ssn 536-90-4399\nssn 536-90-4398\n"
                .encode_utf16()
                .flat_map(u16::to_le_bytes),
        )
        .collect();
    bed.write("d/c.txt", utf16);
    bed.write(
        "d/d.log",
        "2024-05-01T12:00:00.000Z {\"ssn\":\"536-90-4399\"}\n2024-05-01T12:00:01.000Z ssn=536-90-4398\n",
    );
    assert_eq!(found(&bed, &["d"]).len(), 8);
    bed.write("list.txt", "536-90-4399\n");
    assert_eq!(found(&bed, &["d", "--allow-list", "list.txt"]).len(), 4);
    assert_eq!(
        lists(&bed, &["d", "--allow-list", "list.txt"])[0]["allowed"],
        4
    );
}

#[test]
fn a_hundred_thousand_entries_and_threads_change_nothing() {
    let bed = Bed::new();
    let mut words = String::new();
    for i in 0..99_999 {
        words += &format!("person-{i:06} of the list\n");
    }
    words += "536-90-1007";
    bed.write("list.txt", words);
    for file in 0..40 {
        let mut text = String::new();
        for line in 0..50 {
            text += &format!(
                "user sent ssn=536-90-{:04}\n",
                1000 + (file * 7 + line) % 60
            );
        }
        bed.write(format!("d/{file:02}.log"), text);
    }
    let run = |threads: &str| {
        let ran = bed.run(&[
            "scan",
            "d",
            "--format",
            "jsonl",
            "--threads",
            threads,
            "--allow-list",
            "list.txt",
        ]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let (_, mut summary) =
            bed.summary(&["d", "--threads", threads, "--allow-list", "list.txt"]);
        summary["run"].take();
        summary["job"].take();
        (ran.stdout, summary)
    };
    let (one, many) = (run("1"), run("7"));
    assert_eq!(one.1, many.1);
    assert!(one.0 == many.0, "occurrences differ");
    let list = &one.1["allowLists"][0];
    let n = list["allowed"].as_u64().unwrap();
    assert!(n > 20, "{n}");
    assert_eq!(one.0.lines().count() as u64, 2000 - n);
    assert_eq!(list["entries"], 100_000);
    assert_eq!(list["unused"]["entries"], 99_999);
    assert_eq!(list["unused"]["first"].as_array().unwrap().len(), 100);
}

/// Promise P5: what was allowed before a run was interrupted is counted once.
#[test]
fn an_interrupted_run_counts_the_same() {
    let bed = Bed::new();
    let planted = bed.busy_corpus(4000);
    let mut words = String::new();
    for i in (1000..10_000).step_by(3) {
        words += &format!("536-90-{i:04}\n");
    }
    words += "536-90-0999\n";
    bed.write("list.txt", words);
    let arguments = ["scan", "busy", "--threads", "1", "--allow-list", "list.txt"];
    let child = bed
        .command()
        .args(arguments)
        .args(["--format", "json", "-o", "out.json"])
        .spawn()
        .unwrap();
    until("objects are recorded", || {
        let database = rusqlite::Connection::open(bed.state().join("magpie.db")).ok();
        let n = database.and_then(|d| {
            d.query_row("SELECT count(*) FROM allowed", [], |r| r.get::<_, i64>(0))
                .ok()
        });
        n.is_some_and(|n| n > 100)
    });
    signal(&child, libc::SIGKILL);
    let killed = end(child);
    assert_eq!(killed.status, None, "{}", killed.stderr);
    assert_eq!(bed.events().len(), 1);

    let again = bed.run(&[&arguments[..], &["--format", "json", "-o", "out.json"]].concat());
    assert_eq!(again.status, Some(0), "{}", again.stderr);
    assert!(again.stderr.contains("(resumed)"), "{}", again.stderr);
    let summary = |name: &str| -> Value {
        let text = std::fs::read_to_string(bed.work().join(name)).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let resumed = summary("out.json");
    let straight =
        bed.run(&[&arguments[..], &["--format", "json", "-o", "straight.json"]].concat());
    assert!(
        !straight.stderr.contains("(resumed)"),
        "{}",
        straight.stderr
    );
    let straight = summary("straight.json");
    for part in ["allowLists", "detectors", "coverage"] {
        assert_eq!(resumed[part], straight[part], "{part}");
    }
    let list = &resumed["allowLists"][0];
    let n = list["allowed"].as_u64().unwrap();
    let kept = resumed["detectors"][0]["occurrences"].as_u64().unwrap();
    assert_eq!(n + kept, planted);
    assert_eq!(n, planted.div_ceil(3));
    assert_eq!(list["unused"]["entries"], 3001 - n);
}

/// A changed list is another command: an interrupted run goes on with the list that it began with,
/// or not at all.
#[test]
fn a_changed_list_begins_another_job() {
    let bed = Bed::new();
    bed.write("d/a.txt", TEXT);
    bed.write("list.txt", "Martha Rivera\n");
    let specs = || -> Vec<String> {
        let database = rusqlite::Connection::open(bed.state().join("magpie.db")).unwrap();
        let mut statement = database
            .prepare("SELECT DISTINCT command_key FROM jobs")
            .unwrap();
        let keys = statement.query_map([], |row| row.get(0)).unwrap();
        keys.map(Result::unwrap).collect()
    };
    let arguments = ["d", "--allow-list", "list.txt"];
    found(&bed, &arguments);
    found(&bed, &arguments);
    assert_eq!(specs().len(), 1);
    bed.write("list.txt", "Martha Rivera\nanother\n");
    found(&bed, &arguments);
    assert_eq!(specs().len(), 2);
    found(&bed, &["d"]);
    let specs = specs();
    assert_eq!(specs.len(), 3);
    assert_eq!(specs.iter().filter(|s| s.contains("allowLists")).count(), 2);
}

/// Promise P7: neither entries nor allowed values are written or said, whole or in part.
#[test]
fn neither_entries_nor_allowed_values_are_left_anywhere() {
    const SECRETS: [&str; 5] = [
        "Martha Quackenbush",
        "536-90-4399",
        "Ignatius Entrywood",
        "canary.quack@birdhouse-example.com",
        "Tomasina Overlake",
    ];
    let bed = Bed::new();
    bed.write(
        "d/a.txt",
        "full name: Martha Quackenbush\nssn 536-90-4399\nmail canary.quack@birdhouse-example.com\n",
    );
    bed.write("words.txt", "Martha Quackenbush\nIgnatius Entrywood\n");
    bed.write(
        "form.toml",
        "reason = \"made up\"\n[[allow]]\ntext = \"536-90-4399\"\n[[allow]]\nregex = 'canary.quack@birdhouse-example.com'\n[[allow]]\ntext = \"Tomasina Overlake\"\nexpires = 2020-01-01\n",
    );
    let created = bed.run(&["allow-list", "create", "w", "--words", "words.txt"]);
    assert_eq!(created.status, Some(0), "{}", created.stderr);
    let mut said = created.stdout + &created.stderr;
    let listed = ["--allow-list", "w", "--allow-list", "form.toml"];
    for format in ["table", "jsonl", "macie", "json"] {
        let ran = bed.run(&[&["scan", "--format", format][..], &with(&listed)].concat());
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        said += &(ran.stdout + &ran.stderr);
    }
    // lists at fault, with an entry at every place where one may be put by mistake
    bed.write(
        "bad.txt",
        format!("Ignatius Entrywood {}\n", "x".repeat(90)),
    );
    bed.write(
        "bad.toml",
        "[[allow]]\ntext = \"Ignatius Entrywood\"\nexpires = \"Ignatius Entrywood\"\n",
    );
    bed.write("worse.toml", "\"Ignatius Entrywood\" = 1\n");
    bed.write("worst.toml", "[[allow]]\nregex = '(Ignatius Entrywood'\n");
    for list in ["bad.txt", "bad.toml", "worse.toml", "worst.toml"] {
        for policy in ["stop", "ignore"] {
            let ran = bed.run(&[
                "scan",
                "d",
                "--allow-list",
                list,
                "--allow-list-errors",
                policy,
            ]);
            assert_eq!(ran.status == Some(0), policy == "ignore", "{}", ran.stderr);
            said += &(ran.stdout + &ran.stderr);
        }
    }
    let mut left: Vec<(String, Vec<u8>)> = vec![("said".to_owned(), said.into_bytes())];
    for path in files(&bed.state()) {
        let bytes = std::fs::read(&path).unwrap();
        if path.extension().is_some_and(|e| e == "gz") {
            let mut unpacked = Vec::new();
            flate2::read::MultiGzDecoder::new(&bytes[..])
                .read_to_end(&mut unpacked)
                .unwrap();
            left.push((path.display().to_string(), unpacked));
        }
        left.push((path.display().to_string(), bytes));
    }
    assert!(left.len() > 4);
    for secret in SECRETS {
        for part in secret.as_bytes().windows(8) {
            for (place, bytes) in &left {
                let there = bytes.windows(8).any(|w| w.eq_ignore_ascii_case(part));
                assert!(!there, "{} in {place}", String::from_utf8_lossy(part));
            }
        }
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => all.extend(files(&path)),
            false => all.push(path),
        }
    }
    all
}
