//! `magpie evaluate` as a user runs it: scores, places, thresholds, and what is wrong input.

mod cli_support;

use cli_support::{Bed, Ran};
use serde_json::{Value, json};

/// Published as never issued or made up; none belongs to anyone.
const SSN: &str = "536-90-4399";
const CARD: &str = "4532 0151 1283 0366";

/// The label of `value` in `text`, which holds it once.
fn label(file: &str, text: &str, value: &str, kind: &str) -> Value {
    let start = text.find(value).unwrap();
    json!({"file": file, "start": start, "end": start + value.len(), "type": kind})
}

fn lines(labels: &[Value]) -> String {
    labels.iter().map(|l| format!("{l}\n")).collect()
}

/// One right, one missed, one wrong.
fn bed() -> Bed {
    let bed = Bed::new();
    let log = format!("2024-05-01 INFO ssn: {SSN} ok\nnothing here\ncard number {CARD}\n");
    let note = "Ünïcode first: the code is 12345 here\n";
    bed.write("set/logs/a.log", &log);
    bed.write("set/b.txt", note);
    let labels = [
        label("logs/a.log", &log, SSN, "USA_SOCIAL_SECURITY_NUMBER"),
        label("b.txt", note, "12345", "USA_SOCIAL_SECURITY_NUMBER"),
    ];
    bed.write("set/labels.jsonl", lines(&labels));
    bed
}

fn scores(bed: &Bed, more: &[&str]) -> (Option<i32>, Value) {
    let mut arguments = vec!["evaluate", "set/labels.jsonl", "--format", "json"];
    arguments.extend(more);
    let ran = bed.run(&arguments);
    (ran.status, ran.json())
}

fn of<'a>(document: &'a Value, id: &str) -> &'a Value {
    let all = document["identifiers"].as_array().unwrap();
    all.iter().find(|i| i["id"] == id).unwrap()
}

fn hides_values(ran: &Ran) {
    for value in [SSN, CARD, "12345"] {
        assert!(!ran.stdout.contains(value) && !ran.stderr.contains(value));
    }
}

#[test]
fn scores_and_places_of_what_is_right_missed_and_wrong() {
    let bed = bed();
    let ran = bed.run(&["evaluate", "set/labels.jsonl", "--format", "json"]);
    hides_values(&ran);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let document = ran.json();
    assert_eq!(document["schema"], "magpie.evaluation/1");
    assert_eq!(
        (&document["files"], &document["labels"]),
        (&json!(2), &json!(2))
    );
    let ssn = of(&document, "USA_SOCIAL_SECURITY_NUMBER");
    assert_eq!(
        (
            &ssn["labels"],
            &ssn["right"],
            &ssn["exact"],
            &ssn["missed"],
            &ssn["wrong"]
        ),
        (&json!(2), &json!(1), &json!(1), &json!(1), &json!(0))
    );
    assert_eq!(
        (&ssn["precision"], &ssn["recall"]),
        (&json!(1.0), &json!(0.5))
    );
    let card = of(&document, "CREDIT_CARD_NUMBER");
    assert_eq!((&card["labels"], &card["wrong"]), (&json!(0), &json!(1)));

    let miss = &document["misses"][0];
    assert_eq!((&miss["file"], &miss["line"]), (&json!("b.txt"), &json!(1)));
    assert_eq!(miss["column"], 28, "in characters");
    assert_eq!(miss["masked"], "*****");
    let wrong = &document["wrong"][0];
    assert_eq!(
        (&wrong["file"], &wrong["line"]),
        (&json!("logs/a.log"), &json!(3))
    );
    assert_eq!(
        (&wrong["column"], &wrong["keyword"]),
        (&json!(13), &json!("card"))
    );
    assert_eq!(wrong["masked"], "**** **** **** 0366");
}

#[test]
fn the_table_fits_the_file_it_goes_to_and_hides_values() {
    let bed = bed();
    let ran = bed.run(&["evaluate", "set/labels.jsonl", "--min-recall", "0.9"]);
    hides_values(&ran);
    assert_eq!(ran.status, Some(1));
    assert!(!ran.stdout.contains('\u{1b}'), "no styles off a terminal");
    for wanted in [
        "2 labels in 2 files",
        "b.txt:1:28",
        "logs/a.log:3:13",
        "all together recall: 0.5000, wanted 0.9",
        "MISSED",
    ] {
        assert!(
            ran.stdout.contains(wanted),
            "no {wanted} in\n{}",
            ran.stdout
        );
    }
    assert!(ran.stdout.lines().all(|l| l.chars().count() <= 120));
}

#[test]
fn thresholds_decide_the_exit_status() {
    let bed = bed();
    let reached = [
        "--min-f1",
        "USA_SOCIAL_SECURITY_NUMBER=0.66",
        "--min-precision",
        "0.5",
    ];
    assert_eq!(scores(&bed, &reached).0, Some(0));
    for missed in [
        ["--min-f1", "USA_SOCIAL_SECURITY_NUMBER=0.67"],
        ["--min-recall", "0.51"],
        ["--max-fp-per-mb", "1"],
        // nothing to measure is no success
        ["--min-recall", "USA_PASSPORT_NUMBER=0"],
    ] {
        let (status, document) = scores(&bed, &missed);
        assert_eq!(status, Some(1), "{missed:?}");
        assert_eq!(document["passed"], false);
    }
    let few = ["--identifiers", "labelled", "--max-fp-per-mb", "0"];
    let (status, document) = scores(&bed, &few);
    assert_eq!(
        (status, document["wrong"].as_array().unwrap().len()),
        (Some(0), 0)
    );
}

#[test]
fn optional_same_and_left_out_labels_do_not_count_as_errors() {
    let bed = bed();
    let log = format!("ssn: {SSN} card number {CARD}\n");
    bed.write("set/c.log", &log);
    let card = |kind: &str, optional: bool| {
        let mut label = label("c.log", &log, CARD, kind);
        label["optional"] = json!(optional);
        label
    };
    let ssn = label("c.log", &log, SSN, "USA_SOCIAL_SECURITY_NUMBER");
    for (second, more, right) in [
        (card("CREDIT_CARD_NUMBER", true), &[][..], 1),
        (card("*", true), &[][..], 1),
        (card("CREDIT_CARD_NUMBER_(NO_KEYWORD)", false), &[][..], 2),
        (
            card("BANK_ACCOUNT_NUMBER", false),
            &["--same", "BANK_ACCOUNT_NUMBER=CREDIT_CARD_NUMBER"][..],
            2,
        ),
    ] {
        bed.write("set/labels.jsonl", lines(&[second, ssn.clone()]));
        let (_, document) = scores(&bed, more);
        assert_eq!(document["total"]["right"], right, "{document:#}");
        assert_eq!(
            (&document["total"]["wrong"], &document["total"]["missed"]),
            (&json!(0), &json!(0))
        );
    }
    let (_, document) = scores(&bed, &["--identifiers", "USA_SOCIAL_SECURITY_NUMBER"]);
    assert_eq!(
        (&document["labels"], &document["labelsLeftOut"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn members_of_archives_are_labelled_by_name_or_alone() {
    let bed = Bed::new();
    let text = format!("ssn: {SSN}\n");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gz, text.as_bytes()).unwrap();
    bed.write("set/a.log.gz", gz.finish().unwrap());
    let mut tar = tar::Builder::new(Vec::new());
    for name in ["x/one.txt", "two.txt"] {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    bed.write("set/b.tar", tar.into_inner().unwrap());
    let of = |file: &str, member: Value| {
        let mut label = label(file, &text, SSN, "USA_SOCIAL_SECURITY_NUMBER");
        label["member"] = member;
        label
    };
    let labels = [
        of("a.log.gz", Value::Null),
        of("b.tar", json!("x/one.txt")),
        of("b.tar", json!(["two.txt"])),
    ];
    bed.write("set/labels.jsonl", lines(&labels));
    let (status, document) = scores(&bed, &[]);
    assert_eq!(
        (status, &document["total"]["exact"]),
        (Some(0), &json!(3)),
        "{document:#}"
    );

    bed.write("set/labels.jsonl", lines(&[of("b.tar", Value::Null)]));
    let ran = bed.run(&["evaluate", "set/labels.jsonl"]);
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.stderr
            .contains("line 1: b.tar holds 2 members; name one"),
        "{}",
        ran.stderr
    );
}

#[test]
fn wrong_input_is_told_with_file_and_line() {
    let bed = bed();
    for (line, told) in [
        (
            "{\"file\":\"b.txt\"",
            "labels.jsonl line 2: not JSON at column",
        ),
        (
            "{\"file\":\"b.txt\",\"start\":0,\"end\":9,\"type\":\"SSN\"}",
            "labels.jsonl line 2: there is no identifier \"SSN\"",
        ),
        (
            "{\"file\":\"b.txt\",\"start\":30,\"end\":900,\"type\":\"NAME\"}",
            "labels.jsonl line 2: 30..900 is beyond the end, there are",
        ),
        (
            "{\"file\":\"b.txt\",\"start\":0,\"end\":9,\"type\":\"NAME\",\"member\":\"x\"}",
            "labels.jsonl line 2: b.txt holds no text member x",
        ),
    ] {
        bed.write(
            "set/labels.jsonl",
            format!("{{\"file\":\"b.txt\"}}\n{line}\n"),
        );
        let ran = bed.run(&["evaluate", "set/labels.jsonl"]);
        assert_eq!(ran.status, Some(2), "{line}");
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
    for arguments in [
        ["--min-f1", "1.5"],
        ["--min-f1", "NO_SUCH=0.5"],
        ["--same", "NAME"],
        ["--identifiers", "NO_SUCH"],
    ] {
        let mut all = vec!["evaluate", "set/labels.jsonl"];
        all.extend(arguments);
        assert_eq!(bed.run(&all).status, Some(2), "{arguments:?}");
    }
    assert_eq!(bed.run(&["evaluate", "none.jsonl"]).status, Some(2));
}

#[test]
fn identifiers_of_ones_own_are_scored_beside_the_others() {
    let bed = bed();
    let badges = "badge AB-123456 and ssn: 536-90-4399\nbadge AB-654321\n";
    bed.write("set/c.txt", badges);
    bed.write(
        "own/BADGE_NUMBER.toml",
        "id = \"BADGE_NUMBER\"\ncategory = \"PERSONAL_INFORMATION\"\nkeywords = [\"badge\"]\n[[pattern]]\nregex = '[A-Z]{2}-\\d{6}'\n",
    );
    let labels = [
        label("c.txt", badges, "AB-123456", "BADGE_NUMBER"),
        label("c.txt", badges, SSN, "USA_SOCIAL_SECURITY_NUMBER"),
    ];
    bed.write("set/labels.jsonl", lines(&labels));
    let custom = ["--custom", "own/BADGE_NUMBER.toml"];
    for more in [&[][..], &["--identifiers", "labelled"][..]] {
        let (status, document) = scores(&bed, &[&custom[..], more].concat());
        let badge = of(&document, "BADGE_NUMBER");
        assert_eq!((&badge["right"], &badge["wrong"]), (&json!(1), &json!(1)));
        let ssn = of(&document, "USA_SOCIAL_SECURITY_NUMBER");
        assert_eq!((status, &ssn["exact"]), (Some(0), &json!(1)));
    }
    let ran = bed.run(&["evaluate", "set/labels.jsonl"]);
    assert_eq!(ran.status, Some(2), "unknown without its file");
    let ran = bed.run(&["evaluate", "set/labels.jsonl", "--custom", "own/NONE.toml"]);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn what_is_not_read_is_told_and_counts_as_missed() {
    let bed = bed();
    let lines =
        "{\"file\":\"gone.txt\",\"start\":0,\"end\":9,\"type\":\"NAME\"}\n{\"file\":\"b.txt\"}\n";
    bed.write("set/labels.jsonl", lines);
    let (status, document) = scores(&bed, &[]);
    assert_eq!(status, Some(3));
    assert_eq!(document["unread"][0]["file"], "gone.txt");
    assert_eq!(document["total"]["missed"], 1);
    assert_eq!(scores(&bed, &["--allow-incomplete"]).0, Some(0));
}

#[test]
fn neither_threads_nor_the_order_of_lines_change_the_result() {
    let bed = Bed::new();
    let mut labels = Vec::new();
    for i in 0..40 {
        let file = format!("{i}.log");
        let text = format!(
            "line\nssn: 5{:02}-90-43{:02} and name: Martha Rivera\n",
            10 + i,
            20 + i
        );
        if i % 3 != 0 {
            labels.push(label(
                &file,
                &text,
                &text[10..21],
                "USA_SOCIAL_SECURITY_NUMBER",
            ));
        } else {
            labels.push(label(&file, &text, "line", "USA_PASSPORT_NUMBER"));
        }
        bed.write(format!("set/{file}"), &text);
    }
    let result = |threads: &str, labels: &[Value]| {
        bed.write("set/labels.jsonl", lines(labels));
        let (_, mut document) = scores(&bed, &["--threads", threads]);
        for figure in ["elapsedMs", "mbPerSecond"] {
            document[figure] = Value::Null;
        }
        document
    };
    let straight = result("1", &labels);
    assert!(straight["total"]["wrong"].as_u64().unwrap() > 10);
    labels.reverse();
    assert_eq!(result("7", &labels), straight);
}
