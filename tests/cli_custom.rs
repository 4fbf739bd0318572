//! Identifiers of one's own through the real binary: made, kept, used, tested, deleted.

mod cli_support;

use std::io::Read;

use cli_support::Bed;
use serde_json::{Value, json};

fn create(bed: &Bed, arguments: &[&str]) -> String {
    let mut all = vec!["identifiers", "create"];
    all.extend(arguments);
    let ran = bed.run(&all);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let id = ran.stdout.trim_end().to_owned();
    assert_eq!(id.len(), 36, "{id}");
    id
}

fn refused(bed: &Bed, arguments: &[&str]) -> String {
    let ran = bed.run(arguments);
    assert_eq!(ran.status, Some(2), "{arguments:?}: {}", ran.stdout);
    ran.stderr
}

#[test]
fn one_is_made_shown_listed_and_deleted() {
    let bed = Bed::new();
    let id = create(
        &bed,
        &[
            "Employee id",
            "--regex",
            r"EMP-\d{6}",
            "--keyword",
            "employee",
            "--keyword",
            "badge no",
            "--ignore-word",
            "EMP-000000",
            "--max-distance",
            "40",
            "--severity",
            "low=1,medium=10,high=100",
            "--description",
            "of the company",
            "--tag",
            "team=blue",
        ],
    );
    let shown = bed
        .run(&["identifiers", "show", "Employee id", "--json"])
        .json();
    assert_eq!(shown["id"], id.as_str());
    assert!(shown["createdAt"].is_string());
    let mut same = shown.clone();
    for name in ["id", "createdAt"] {
        same[name] = Value::Null;
    }
    assert_eq!(
        same,
        json!({
            "id": null, "createdAt": null, "name": "Employee id", "description": "of the company",
            "deleted": false, "tags": {"team": "blue"}, "regex": r"EMP-\d{6}",
            "keywords": ["employee", "badge no"], "ignoreWords": ["EMP-000000"],
            "maximumMatchDistance": 40,
            "severityLevels": [
                {"severity": "LOW", "occurrencesThreshold": 1},
                {"severity": "MEDIUM", "occurrencesThreshold": 10},
                {"severity": "HIGH", "occurrencesThreshold": 100},
            ],
            "requiredTexts": ["EMP-"],
        })
    );
    let text = bed.run(&["identifiers", "show", &id.to_uppercase()]).stdout;
    for wanted in [
        "Employee id\n",
        "of the company",
        "Low from 1 occurrence, Medium from 10",
        "\"EMP-\"",
    ] {
        assert!(text.contains(wanted), "no {wanted} in\n{text}");
    }
    let other = create(&bed, &["Digits", "--regex", r"\d{6}"]);
    let list = bed.run(&["identifiers", "list"]).stdout;
    let line = |name: &str| {
        let line = list.lines().find(|l| l.starts_with(name));
        line.unwrap_or_else(|| panic!("no {name} in\n{list}"))
            .to_owned()
    };
    assert!(line("Employee id").contains(&format!("keyword   custom  {id}")));
    assert!(line("Digits").ends_with(&format!("{other}, a pass of its own")));
    let lines = bed.run(&["identifiers", "list", "--json"]).lines();
    let own: Vec<&Value> = lines.iter().filter(|l| l["origin"] == "custom").collect();
    assert_eq!(own.len(), 2);
    assert_eq!(
        (&own[1]["uuid"], &own[1]["category"]),
        (&json!(id), &json!("CUSTOM_IDENTIFIER"))
    );

    assert_eq!(
        bed.run(&["identifiers", "delete", "Employee id"]).status,
        Some(0)
    );
    assert_eq!(
        bed.run(&["identifiers", "show", &id, "--json"]).json()["deleted"],
        true
    );
    assert!(
        bed.run(&["identifiers", "show", &id])
            .stdout
            .contains("deleted")
    );
    assert!(
        !bed.run(&["identifiers", "list"])
            .stdout
            .contains("Employee id")
    );
    assert!(
        refused(&bed, &["identifiers", "show", "Employee id"]).contains("there is none of this id")
    );
    assert!(refused(&bed, &["identifiers", "delete", &id]).contains("deleted already"));
    bed.write("a.txt", "x");
    assert!(refused(&bed, &["scan", "a.txt", "--custom", &id]).contains("it is deleted"));
    assert!(
        refused(&bed, &["scan", "a.txt", "--custom", "nope"]).contains("none of this id or name")
    );
}

#[test]
fn what_macie_refuses_is_refused_with_a_remedy() {
    let bed = Bed::new();
    let said = |arguments: &[&str]| {
        let mut all = vec!["identifiers", "create", "X"];
        all.extend(arguments);
        refused(&bed, &all)
    };
    assert_eq!(
        said(&["--regex", r"(a)\1"]),
        "magpie: create custom identifier \"X\": regex: character 4 of the expression: back references \
         are not supported (\\1); write the text or the expression out a second time\n"
    );
    assert!(said(&["--regex", "a*"]).contains("matches the empty text"));
    assert!(
        said(&["--regex", "abc", "--keyword", "ab"]).contains("has 2 characters; give 3 to 90")
    );
    assert!(said(&["--regex", "abc", "--max-distance", "301"]).contains("not between 1 and 300"));
    assert!(said(&["--regex", "abc", "--severity", "low=10,high=5"]).contains("do not ascend"));
    assert!(said(&["--regex", "abc", "--severity", "low"]).contains("as in low=1"));
    assert!(said(&["--regex", "abc", "--tag", "blue"]).contains("as in team=blue"));
    assert!(said(&[]).contains("give --regex or --file"));
    assert!(!bed.state().exists(), "nothing was made");
    for _ in 0..2 {
        create(&bed, &["Twice", "--regex", "abc"]);
    }
    bed.write("a.txt", "abc");
    let several = refused(&bed, &["scan", "a.txt", "--custom", "Twice"]);
    assert!(
        several.contains("2 have this name; give the id: "),
        "{several}"
    );
    let many: Vec<String> = (0..31)
        .map(|i| create(&bed, &[&format!("n{i}"), "--regex", "abc"]))
        .collect();
    let mut all = vec!["scan", "a.txt"];
    for id in &many {
        all.extend(["--custom", id]);
    }
    assert!(refused(&bed, &all).contains("31 of your own are more than 30"));
}

#[test]
fn a_scan_finds_them_and_tells_them_as_macie_does() {
    let bed = Bed::new();
    let id = create(
        &bed,
        &[
            "Employee id",
            "--regex",
            r"EMP-\d{6}",
            "--severity",
            "low=2,high=4",
        ],
    );
    bed.write("one.txt", "EMP-123456\n");
    bed.write(
        "three.csv",
        "name,EmpID\na,EMP-123456\nb,EMP-234567\nc,EMP-345678\n",
    );
    bed.write(
        "ssn.txt",
        "ssn 536-90-4399 EMP-111111 EMP-222222 EMP-333333 EMP-444444\n",
    );
    let scan = |format: &str, more: &[&str]| {
        let mut all = vec!["scan", ".", "--custom", "Employee id", "--format", format];
        all.extend(more);
        let ran = bed.run(&all);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        ran
    };
    let only = ["--identifiers", "none"];
    let findings = scan("macie", &[]).lines();
    let of = |key: &str| {
        findings
            .iter()
            .find(|f| f["resourcesAffected"]["s3Object"]["key"] == key)
    };
    assert_eq!(of("one.txt"), None, "fewer than the lowest level");
    let three = of("three.csv").expect("a finding");
    assert_eq!(three["type"], "SensitiveData:S3Object/CustomIdentifier");
    assert_eq!(
        three["title"],
        "The S3 object contains text that matches custom data identifier criteria"
    );
    assert_eq!(three["severity"], json!({"description": "Low", "score": 1}));
    let result = &three["classificationDetails"]["result"];
    assert_eq!(result["sensitiveData"], json!([]));
    let custom = &result["customDataIdentifiers"];
    assert_eq!(custom["totalCount"], 3);
    let detection = &custom["detections"][0];
    assert_eq!(detection["arn"], id.as_str());
    assert_eq!(detection["name"], "Employee id");
    assert_eq!(detection["count"], 3);
    assert_eq!(
        detection["occurrences"]["cells"][0],
        json!({"cellReference": null, "column": 2, "columnName": "EmpID", "row": 2})
    );
    let both = of("ssn.txt").expect("a finding");
    assert_eq!(both["type"], "SensitiveData:S3Object/Multiple");
    assert_eq!(both["severity"]["score"], 3);

    let flat = scan("jsonl", &only).lines();
    assert_eq!(
        flat.len(),
        8,
        "every occurrence, also below the lowest level"
    );
    assert!(
        flat.iter()
            .all(|l| l["detector"] == "Employee id" && l["category"] == "CUSTOM_IDENTIFIER")
    );
    assert_eq!(flat[0]["masked"], "***-******");

    let (_, summary) = bed.summary(&[".", "--custom", &id, "--identifiers", "none"]);
    assert_eq!(
        summary["objectsBySeverity"],
        json!({"high": 1, "medium": 0, "low": 1, "belowLevels": 1})
    );
    assert_eq!(summary["detectors"][0]["detector"], "Employee id");
    let table = scan("table", &only).stdout;
    assert!(
        table.contains("8 occurrences found in 3 of 3 objects"),
        "{table}"
    );
    assert!(table.contains("1 below the lowest level"), "{table}");
    assert!(table.contains("Employee id"), "{table}");
    let fail = bed.run(&[
        "scan",
        "one.txt",
        "--custom",
        &id,
        "--fail-on",
        "low",
        "--identifiers",
        "none",
    ]);
    assert_eq!(fail.status, Some(0), "below the lowest level nothing fails");
    let fail = bed.run(&["scan", "three.csv", "--custom", &id, "--fail-on", "low"]);
    assert_eq!(fail.status, Some(1));
}

#[test]
fn another_choice_is_another_job_and_none_needs_own_ones() {
    let bed = Bed::new();
    bed.write("a.txt", "abc EMP-123456\n");
    let id = create(&bed, &["A", "--regex", "abc"]);
    let other = create(&bed, &["A", "--regex", "abc"]);
    let job = |more: &[&str]| {
        let mut all = vec!["a.txt"];
        all.extend(more);
        let summary = bed.summary(&all).1;
        (
            summary["job"]["catalogue"].clone(),
            summary["detectors"].clone(),
        )
    };
    let plain = job(&[]);
    let one = job(&["--custom", &id]);
    let two = job(&["--custom", &id, "--custom", &other]);
    assert!(
        plain.0 != one.0 && one.0 != two.0,
        "the fingerprint has them"
    );
    assert_ne!(one.0, job(&["--custom", &other]).0);
    assert_eq!(one.0, job(&["--custom", &id, "--custom", &id]).0);
    // of two of one name the second goes by its id
    let names: Vec<&str> = two
        .1
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["detector"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"A") && (names.contains(&id.as_str()) || names.contains(&other.as_str())),
        "{names:?}"
    );
    assert!(
        refused(&bed, &["scan", "a.txt", "--identifiers", "none"])
            .contains("none is left to look for")
    );
    assert!(
        refused(&bed, &["scan", "a.txt", "--identifiers", "none,NAME"])
            .contains("do not go together")
    );
}

#[test]
fn a_test_counts_as_macie_and_says_why() {
    let bed = Bed::new();
    let text =
        "employee 123456 and later on, after a long while, in the same text 234567 employee 999999";
    let rule = [
        "--regex",
        r"\d{6}",
        "--keyword",
        "employee",
        "--ignore-word",
        "9999",
        "--max-distance",
        "20",
    ];
    let run = |more: &[&str]| {
        let mut all = vec!["identifiers", "test"];
        all.extend(rule);
        all.extend(more);
        let ran = bed.run(&all);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        ran
    };
    let table = run(&["--text", text]).stdout;
    assert_eq!(
        table,
        "1 match\n\
         \x20 counts  line 1, column 10  ******  keyword \"employee\" ends 7 characters before its end (at most 20)\n\
         \x20 not     line 1, column 68  ******  keyword \"employee\" ends 65 characters before its end; at most 20 count\n\
         \x20 not     line 1, column 84  ******  it holds the ignore word \"9999\"\n"
    );
    bed.write("sample.txt", format!("\n\n{text}"));
    let document = run(&["sample.txt", "--json"]).json();
    assert_eq!(document["matchCount"], 1);
    assert_eq!(document["matches"][0]["line"], 3);
    assert_eq!(document["nearMisses"].as_array().unwrap().len(), 2);
    let mut all = vec!["identifiers", "test"];
    all.extend(rule);
    all.extend(["-", "--json"]);
    assert_eq!(bed.run_with_input(&all, text.as_bytes()).json(), {
        run(&["--text", text, "--json"]).json()
    });
    assert!(!bed.state().exists(), "a test keeps nothing");
    let id = create(&bed, &[&["Emp"], &rule[..]].concat());
    for what in [id.as_str(), "Emp"] {
        let ran = bed.run(&["identifiers", "test", what, "--text", text, "--json"]);
        assert_eq!(ran.json()["matchCount"], 1);
    }
    assert!(refused(&bed, &["identifiers", "test", "Emp"]).contains("no text to try it on"));
    assert!(refused(&bed, &["identifiers", "test"]).contains("nothing to test"));
    let bad = refused(
        &bed,
        &["identifiers", "test", "--regex", "(?=a)", "--text", "a"],
    );
    assert!(
        bad.contains("look-ahead and look-behind are not supported"),
        "{bad}"
    );
}

const BADGE: &str = "\
id = 'BADGE_NUMBER'
description = 'Number of a badge.'
keywords = ['badge', 'badge no']
mask = 'last4'

[[pattern]]
regex = '[A-Z]{2}-\\d{6}'

[[positive]]
text = 'badge no AB-123456'
match = 'AB-123456'
why = 'plain'

[[negative]]
text = 'AB-123456'
why = 'no keyword'
";

#[test]
fn detector_files_are_tested_used_and_kept() {
    let bed = Bed::new();
    bed.write("own/badge.toml", BADGE);
    let good = bed.run(&["identifiers", "test", "own"]);
    assert_eq!(
        (good.status, good.stdout.as_str()),
        (Some(0), "1 detector files, 2 examples, 0 failures\n")
    );
    let text = bed.run(&[
        "identifiers",
        "test",
        "own/badge.toml",
        "--text",
        "badge AB-123456 .................................... AB-234567",
    ]);
    assert!(text.stdout.starts_with("1 match\n"), "{}", text.stdout);
    bed.write("a.txt", "badge no AB-123456\n");
    let run = |custom: &str| {
        let ran = bed.run(&[
            "scan",
            "a.txt",
            "--custom",
            custom,
            "--format",
            "macie",
            "--identifiers",
            "none",
        ]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        ran.lines()[0]["classificationDetails"]["result"]["customDataIdentifiers"]["detections"][0]
            .clone()
    };
    let by_file = run("own/badge.toml");
    assert_eq!(
        (&by_file["arn"], &by_file["count"]),
        (&json!("BADGE_NUMBER"), &json!(1))
    );
    let id = create(&bed, &["--file", "own/badge.toml"]);
    std::fs::remove_file(bed.work().join("own/badge.toml")).unwrap();
    let kept = run("BADGE_NUMBER");
    assert_eq!(
        (&kept["arn"], &kept["name"]),
        (&json!(id), &json!("BADGE_NUMBER"))
    );
    let shown = bed.run(&["identifiers", "show", &id]).stdout;
    assert!(shown.contains("Number of a badge."), "{shown}");

    bed.write(
        "bad/wrong.toml",
        BADGE
            .replace("match = 'AB-123456'", "match = 'AB-999999'")
            .replace("text = 'AB-123456'", "text = 'badge AB-123456'"),
    );
    bed.write(
        "bad/line.toml",
        BADGE.replace("mask = 'last4'", "mask = 'last5'"),
    );
    bed.write(
        "bad/pattern.toml",
        BADGE.to_owned() + "[[pattern]]\nregex = '['\n",
    );
    bed.write("bad/field.toml", BADGE.replace("mask", "musk"));
    bed.write("bad/toml.toml", "id = 'X'\nkeywords = [\n");
    bed.write("bad/id.toml", BADGE.replace("BADGE_NUMBER", "NAME"));
    let ran = bed.run(&["identifiers", "test", "bad"]);
    assert_eq!(ran.status, Some(1), "{}", ran.stderr);
    for wanted in [
        "bad/wrong.toml  positive 1 (plain)\n    expected  \"AB-999999\"\n    got       \"AB-123456\"\n",
        "bad/wrong.toml  negative 1 (no keyword)\n    expected  nothing\n    got       \"AB-123456\"\n",
        "load detector bad/line.toml:4: unknown mask \"last5\"; known: ",
        "load detector bad/pattern.toml:17: ",
        "load detector bad/field.toml:4: unknown field `musk`",
        "load detector bad/toml.toml:",
        "6 detector files, 4 examples, 6 failures\n",
    ] {
        assert!(
            ran.stdout.contains(wanted),
            "no {wanted} in\n{}",
            ran.stdout
        );
    }
    let slow = bed.run(&[
        "identifiers",
        "test",
        "bad/id.toml",
        "--budget-ms",
        "0",
        "--json",
    ]);
    assert_eq!(slow.status, Some(1));
    assert_eq!(slow.json()["failures"][0]["what"], "time of pattern 1");
    let taken = refused(&bed, &["scan", "a.txt", "--custom", "bad/id.toml"]);
    assert!(
        taken.contains("load detector NAME: another identifier has this id"),
        "{taken}"
    );
    assert!(
        refused(&bed, &["scan", "a.txt", "--custom", "bad/none.toml"])
            .contains("load detector bad/none.toml: ")
    );
}

/// No value of a custom identifier is anywhere but in the scanned files.
#[test]
fn values_appear_nowhere() {
    let bed = Bed::new();
    create(&bed, &["Secret", "--regex", "(?i)canary[a-z]{8}"]);
    let canaries = ["canaryqwertzui", "CanaryAsdfGhjk", "canaryyxcvbnmm"];
    bed.write("a.txt", format!("x {} y\n", canaries[0]));
    bed.write(
        "b.json",
        format!("{{\"{}\": {{\"k\": \"{}\"}}}}\n", canaries[1], canaries[2]),
    );
    bed.write("c.csv", format!("{},b\n{},2\n", canaries[0], canaries[1]));
    let mut printed = String::new();
    for format in ["table", "jsonl", "macie", "json"] {
        let ran = bed.run(&["scan", ".", "--custom", "Secret", "--format", format]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        printed += &ran.stdout;
        printed += &ran.stderr;
    }
    let test = bed.run(&["identifiers", "test", "Secret", "a.txt"]);
    assert!(test.stdout.starts_with("1 match\n"));
    printed += &test.stdout;
    let mut bytes = printed.into_bytes();
    let mut folders = vec![bed.state()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let file = std::fs::read(&path).unwrap();
            if path.extension().is_some_and(|e| e == "gz") {
                flate2::read::GzDecoder::new(file.as_slice())
                    .read_to_end(&mut bytes)
                    .unwrap();
            } else {
                bytes.extend(file);
            }
        }
    }
    for canary in canaries {
        assert!(
            memchr::memmem::find(&bytes, canary.as_bytes()).is_none(),
            "{canary} is told"
        );
    }
    assert!(memchr::memmem::find(&bytes, b"Secret").is_some());
}
