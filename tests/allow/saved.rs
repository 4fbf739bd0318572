//! Saved lists: created, listed, shown, used by id and name, deleted.

use serde_json::json;

use super::cli_support::{Bed, end, signal, until};
use super::{TEXT, found, lists};

fn create(bed: &Bed, arguments: &[&str]) -> String {
    let ran = bed.run(&[&["allow-list", "create"][..], arguments].concat());
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.is_empty(), "{}", ran.stderr);
    let id = ran.stdout.trim_end().to_owned();
    assert_eq!(id.len(), 22, "{id}");
    assert!(
        id.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()),
        "{id}"
    );
    id
}

#[test]
fn a_list_is_saved_once_and_used_by_name_or_id_from_any_folder() {
    let bed = Bed::new();
    bed.write("d/a.txt", TEXT);
    let words = bed.write("lists/people.txt", "Martha Rivera\n");
    bed.write("own.toml", "[[allow]]\ntext = \"536-90-4399\"\n");
    assert_eq!(bed.run(&["allow-list", "list"]).stdout, "");
    assert!(!bed.state().exists(), "a look needs no state folder");

    let people = create(
        &bed,
        &[
            "people",
            "--words",
            "lists/people.txt",
            "--description",
            "of our tests",
            "--tag",
            "team=qa",
            "--tag",
            "empty=",
        ],
    );
    let regex = create(&bed, &["late", "--regex", r"536-\d\d-4398"]);
    let file = create(&bed, &["entries", "--file", "own.toml"]);

    let table = bed.run(&["allow-list", "list"]);
    let path = words.canonicalize().unwrap();
    let rows: Vec<&str> = table.stdout.lines().collect();
    assert_eq!(rows.len(), 3, "by name: {rows:?}");
    assert!(
        rows[0].starts_with(&format!("{file}  entries  entries  ")),
        "{rows:?}"
    );
    assert_eq!(
        rows[1],
        format!("{regex}  late     regex    536-\\d\\d-4398")
    );
    assert!(
        rows[2].starts_with(&format!("{people}  people   words    ")),
        "{rows:?}"
    );

    let shown = bed.run(&["allow-list", "show", "people", "--json"]).json();
    let (created, updated) = (&shown["createdAt"], &shown["updatedAt"]);
    assert_eq!(created, updated);
    assert_eq!(
        shown,
        json!({
            "id": people, "name": "people", "description": "of our tests",
            "criteria": {"wordsFile": {"location": path.to_str().unwrap()}},
            "tags": {"team": "qa", "empty": ""}, "createdAt": created, "updatedAt": updated,
        })
    );
    let by_id = bed.run(&["allow-list", "show", &regex]);
    for line in [
        "name        late",
        "kind        regex",
        r"expression  536-\d\d-4398",
    ] {
        assert!(by_id.stdout.contains(line), "{line}\n{}", by_id.stdout);
    }
    let lines = bed.run(&["allow-list", "list", "--json"]).lines();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[2], shown);

    // from another folder
    let mut command = bed.command();
    command.current_dir(bed.work().join("lists"));
    let ran = command
        .args(["scan", "../d", "--format", "json", "--identifiers", "all"])
        .args([
            "--allow-list",
            &people,
            "--allow-list",
            "late",
            "--allow-list",
            "entries",
        ])
        .output()
        .unwrap();
    let summary: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    for (list, name, id) in [
        (0, "people", &people),
        (1, "late", &regex),
        (2, "entries", &file),
    ] {
        let list = &summary["allowLists"][list];
        assert_eq!((&list["name"], &list["id"]), (&json!(name), &json!(id)));
        assert_eq!(list["allowed"], 1, "{list}");
    }

    let status = bed.run(&["allow-list", "status", "people"]);
    assert_eq!(
        (status.status, status.stdout.as_str()),
        (Some(0), "OK  1 entry\n")
    );
    bed.write("two.txt", "a\nb\n");
    let status = bed.run(&["allow-list", "status", "two.txt"]);
    assert_eq!(status.stdout, "OK  2 entries\n");

    // a list is not kept, but read when a scan starts
    bed.write("lists/people.txt", "somebody else\n");
    assert_eq!(
        lists(&bed, &["d", "--allow-list", "people"])[0]["allowed"],
        0
    );
    std::fs::remove_file(&words).unwrap();
    let ran = bed.run(&["scan", "d", "--allow-list", "people"]);
    assert_eq!(ran.status, Some(2));
    let said = "magpie: read allow list people: open target ";
    assert!(ran.stderr.starts_with(said), "{}", ran.stderr);
    let status = bed.run(&["allow-list", "status", "people", "--json"]);
    assert_eq!(status.status, Some(2));
    assert_eq!(status.json()["status"]["code"], "FILE_NOT_FOUND");

    let gone = bed.run(&["allow-list", "delete", "people"]);
    assert_eq!(
        (gone.status, gone.stdout.as_str()),
        (Some(0), ""),
        "{}",
        gone.stderr
    );
    assert_eq!(bed.run(&["allow-list", "list"]).stdout.lines().count(), 2);
    let gone = bed.run(&["allow-list", "delete", &people]);
    assert_eq!(gone.status, Some(2));
    assert_eq!(
        gone.stderr,
        format!(
            "magpie: delete allow list {people}: there is none of this id or name; see magpie \
             allow-list list\n"
        )
    );
}

#[test]
fn a_name_may_be_a_file_too_and_then_it_must_be_said_which() {
    let bed = Bed::new();
    bed.write("d/a.txt", TEXT);
    bed.write("people", "Martha Rivera\n");
    let id = create(&bed, &["people", "--regex", "x"]);
    let ran = bed.run(&["scan", "d", "--allow-list", "people"]);
    assert_eq!(ran.status, Some(2));
    assert_eq!(
        ran.stderr,
        "magpie: use allow list people: both a saved list and a file; give the id of the list, or \
         ./people\n"
    );
    assert_eq!(
        lists(&bed, &["d", "--allow-list", "./people"])[0]["kind"],
        "words"
    );
    assert_eq!(lists(&bed, &["d", "--allow-list", &id])[0]["kind"], "regex");
}

#[test]
fn what_cannot_be_saved_is_told_and_not_saved() {
    let bed = Bed::new();
    bed.write("words.txt", "a\n");
    bed.write("empty.txt", "");
    let long = "x".repeat(129);
    let larger = "x".repeat(513);
    let many: Vec<String> = (0..51).map(|i| format!("k{i}=v")).collect();
    let tags: Vec<&str> = many.iter().flat_map(|t| ["--tag", t.as_str()]).collect();
    let words = ["--words", "words.txt"];
    for (arguments, said) in [
        (
            vec!["", words[0], words[1]],
            "create allow list: a name has 1 to 128 characters and no control characters, this one 0",
        ),
        (
            vec![&long, words[0], words[1]],
            "create allow list: a name has 1 to 128 characters and no control characters, this one 129",
        ),
        (
            vec!["n", words[0], words[1], "--description", &larger],
            "create allow list: a description has 1 to 512 characters and no control characters, \
             this one 513",
        ),
        (
            vec!["n", words[0], words[1], "--tag", "team"],
            "read --tag team: write it as key=value",
        ),
        (
            vec!["n", words[0], words[1], "--tag", "=qa"],
            "read --tag =qa: a key has 1 to 128 characters",
        ),
        (
            vec!["n", words[0], words[1], "--tag", "a=1", "--tag", "a=2"],
            "read --tag a=2: the key is there already",
        ),
        (
            [&["n", words[0], words[1]][..], &tags].concat(),
            "create allow list: 51 tags; at most 50 are possible",
        ),
        (
            vec!["n", "--words", "-"],
            "use allow list -: give a file or s3://bucket/key",
        ),
        (
            vec!["n", "--regex", ""],
            "read allow list n: an expression has 1 to 512 characters, this one 0",
        ),
        (
            vec!["n", "--regex", &larger],
            "read allow list n: an expression has 1 to 512 characters, this one 513",
        ),
        (
            vec!["n", "--regex", r"(a)\1"],
            "read allow list n: character 4 of the expression: back references are not supported (\\1); \
             write the text or the expression out a second time",
        ),
        (
            vec!["n", "--words", "empty.txt"],
            "read allow list n: there is no entry in it",
        ),
    ] {
        let ran = bed.run(&[&["allow-list", "create"][..], &arguments].concat());
        assert_eq!(ran.status, Some(2), "{said}");
        assert_eq!(ran.stderr, format!("magpie: {said}\n"));
        assert!(ran.stdout.is_empty());
    }
    for arguments in [
        &["n"][..],
        &["n", "--words", "words.txt", "--regex", "x"],
        &["--words", "words.txt"],
    ] {
        let ran = bed.run(&[&["allow-list", "create"][..], arguments].concat());
        assert_eq!(ran.status, Some(2));
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    }
    assert!(!bed.state().exists(), "nothing is saved");
    create(&bed, &["n", "--regex", "x"]);
    let again = bed.run(&["allow-list", "create", "n", "--words", "words.txt"]);
    assert_eq!(again.status, Some(2));
    assert_eq!(
        again.stderr,
        "magpie: save allow list n: there is one of this name; choose another, or delete that one\n"
    );
}

#[test]
fn a_list_that_an_open_job_uses_is_kept_unless_one_insists() {
    let bed = Bed::new();
    bed.busy_corpus(3000);
    let id = create(&bed, &["ssns", "--regex", r"536-\d\d-\d\d\d\d"]);
    let child = bed
        .command()
        .args(["scan", "busy", "--threads", "1", "--allow-list", "ssns"])
        .spawn()
        .unwrap();
    until("the job begins", || !bed.events().is_empty());
    signal(&child, libc::SIGINT);
    assert_eq!(end(child).status, Some(130));
    let refused = bed.run(&["allow-list", "delete", "ssns"]);
    assert_eq!(refused.status, Some(2));
    let said = "magpie: delete allow list ssns: job ";
    assert!(refused.stderr.starts_with(said), "{}", refused.stderr);
    let again = bed.run(&["scan", "busy", "--threads", "1", "--allow-list", &id]);
    assert_eq!(again.status, Some(0), "{}", again.stderr);
    assert!(
        again.stdout.contains("(resumed)"),
        "by name and by id: the same list"
    );
    let gone = bed.run(&["allow-list", "delete", &id]);
    assert_eq!(gone.status, Some(0), "{}", gone.stderr);

    create(&bed, &["other", "--regex", "x"]);
    assert_eq!(
        found(
            &bed,
            &["busy", "--include", "00000.log", "--allow-list", "other"]
        )
        .len(),
        1
    );
    let gone = bed.run(&["allow-list", "delete", "other", "--ignore-job-checks"]);
    assert_eq!(gone.status, Some(0), "{}", gone.stderr);
}

#[test]
fn help_puts_the_options_of_lists_under_their_own_heading() {
    let bed = Bed::new();
    let help = bed.run(&["scan", "--help"]).stdout;
    let (_, after) = help.split_once("\nAllow lists:\n").unwrap();
    let own = after.split("\n\n").next().unwrap();
    let options: Vec<&str> = own
        .lines()
        .filter_map(|l| l.trim_start().strip_prefix("--"))
        .filter_map(|l| l.split(' ').next())
        .collect();
    assert_eq!(options, ["allow-list", "allow-list-errors"], "{own}");
    let help = bed.run(&["allow-list", "--help"]).stdout;
    assert!(
        help.contains("Examples:\n  magpie allow-list create"),
        "{help}"
    );
}
