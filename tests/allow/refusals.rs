//! Lists that cannot be used: golden messages, exit status, and going on without them.

use super::cli_support::{Bed, is_root};
use super::{TEXT, found};

/// A list and what is said of it.
const WRONG: &[(&str, &str)] = &[
    (
        "people",
        "use allow list people: neither a saved list nor a file; see magpie allow-list list",
    ),
    (
        "gone.txt",
        "read allow list gone.txt: open target gone.txt: no such file or folder",
    ),
    (
        "d",
        "read allow list d: open target file://d: it is a folder; name a file in it",
    ),
    (
        "empty.txt",
        "read allow list empty.txt: there is no entry in it",
    ),
    (
        "latin.txt",
        "read allow list latin.txt: line 2: not UTF-8; save the list in UTF-8",
    ),
    (
        "long.txt",
        "read allow list long.txt: line 3: an entry has at most 90 characters, this one 91",
    ),
    (
        "many.txt",
        "read allow list many.txt: line 100001: more than 100000 entries; divide the list",
    ),
    (
        "large.txt",
        "read allow list large.txt: more than 35 MiB; divide the list",
    ),
    (
        "field.toml",
        "read allow list field.toml: line 3: unknown field \"until\"; known: text, regex, \
         fingerprint, identifiers, paths, owner, reason, expires, spaces",
    ),
    (
        "date.toml",
        "read allow list date.toml: line 3: expires: write a date without quotes, such as 2027-01-31",
    ),
    (
        "twice.toml",
        "read allow list twice.toml: line 4: the same entry as in line 2",
    ),
    (
        "id.toml",
        "read allow list id.toml: line 3: identifiers: there is no identifier \"NAMES\"; see magpie \
         identifiers list",
    ),
    (
        "regex.toml",
        "read allow list regex.toml: line 2: character 2 of the expression: look-ahead and \
         look-behind are not supported ((?=); match the text alone, without what is around it",
    ),
    ("-", "use allow list -: give a file or s3://bucket/key"),
    (
        "s3://bucket",
        "use allow list s3://bucket: name one object, s3://bucket/key",
    ),
    (
        "s3://bucket/prefix/",
        "use allow list s3://bucket/prefix/: name one object, s3://bucket/key",
    ),
];

fn bed() -> Bed {
    let bed = Bed::new();
    bed.write("d/a.txt", TEXT);
    bed.write("empty.txt", "\n  \n");
    bed.write("latin.txt", b"a\nSalom\xe9\n");
    bed.write("long.txt", format!("a\n\n{}\n", "é".repeat(91)));
    bed.write("many.txt", "a\n".repeat(100_001));
    bed.write("large.txt", " \n".repeat((35 << 19) + 1));
    bed.write(
        "field.toml",
        "[[allow]]\ntext = \"a\"\nuntil = 2027-01-31\n",
    );
    bed.write(
        "date.toml",
        "[[allow]]\ntext = \"a\"\nexpires = \"tomorrow\"\n",
    );
    bed.write(
        "twice.toml",
        "[[allow]]\ntext = \"a\"\n[[allow]]\ntext = \"A\"\n",
    );
    bed.write(
        "id.toml",
        "[[allow]]\ntext = \"a\"\nidentifiers = [\"NAMES\"]\n",
    );
    bed.write("regex.toml", "[[allow]]\nregex = \"a(?=b)\"\n");
    bed
}

#[test]
fn a_list_that_cannot_be_used_stops_the_run_before_it_begins() {
    let bed = bed();
    let mut faults = Vec::new();
    for (list, said) in WRONG {
        let ran = bed.run(&["scan", "d", "--allow-list", list]);
        let expected = format!("magpie: {said}\n");
        if ran.status != Some(2) || ran.stderr != expected || !ran.stdout.is_empty() {
            faults.push(format!(
                "{list}: status {:?}\n  expected {expected:?}\n  got      {:?}",
                ran.status, ran.stderr
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(!bed.state().exists(), "nothing is begun");
}

#[test]
fn one_that_is_to_be_ignored_is_told_of_in_every_output() {
    let bed = bed();
    bed.write("good.txt", "Martha Rivera\n");
    let plain = found(&bed, &["d"]);
    for (list, said) in WRONG {
        if said.starts_with("use ") {
            continue; // wrong usage is not borne
        }
        let arguments = [
            "d",
            "--allow-list-errors",
            "ignore",
            "--allow-list",
            list,
            "--allow-list",
            "good.txt",
        ];
        let (status, summary) = bed.summary(&arguments);
        assert_eq!(status, Some(0));
        let lists = &summary["allowLists"];
        let cause = said.split_once(": ").unwrap().1;
        assert_eq!(lists[0]["error"], cause);
        assert_eq!(lists[0]["entries"], 0);
        assert_eq!(lists[1]["error"], serde_json::Value::Null);
        assert_eq!(lists[1]["allowed"], 1);
        if *list != "long.txt" {
            continue;
        }
        assert_eq!(found(&bed, &arguments).len(), plain.len() - 1);
        for format in ["table", "jsonl", "macie", "json"] {
            let ran = bed.run(&[&["scan", "--format", format][..], &arguments].concat());
            let before = format!("magpie: {said}; going on without it\n");
            assert!(ran.stderr.starts_with(&before), "{}", ran.stderr);
            let after = match format {
                "table" => &ran.stdout,
                _ => &ran.stderr,
            };
            let words: String = after.split_whitespace().collect();
            let wanted: String = format!("not read: {cause}").split_whitespace().collect();
            assert!(words.contains(&wanted), "{after}");
        }
    }
}

#[test]
fn a_file_that_must_not_be_read_is_a_matter_of_permissions() {
    use std::os::unix::fs::PermissionsExt;
    if is_root() {
        return; // permissions do not bind the superuser; the same of S3 is in `remote`
    }
    let bed = bed();
    let path = bed.write("secret.txt", "a\n");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    let ran = bed.run(&["scan", "d", "--allow-list", "secret.txt"]);
    assert_eq!(ran.status, Some(4), "{}", ran.stderr);
    let status = bed.run(&["allow-list", "status", "secret.txt"]);
    assert_eq!(status.status, Some(4));
    assert!(
        status.stdout.starts_with("FILE_ACCESS_DENIED"),
        "{}",
        status.stdout
    );
}

#[test]
fn a_job_has_as_many_lists_as_macie_takes() {
    let bed = bed();
    let mut scan = vec!["scan".to_owned(), "d".to_owned()];
    let mut toml = scan.clone();
    for i in 0..11 {
        for (name, text, all) in [
            (format!("{i}.txt"), format!("entry {i}\n"), &mut scan),
            (
                format!("{i}.toml"),
                format!("[[allow]]\ntext = \"entry {i}\"\n"),
                &mut toml,
            ),
        ] {
            bed.write(&name, text);
            all.extend(["--allow-list".to_owned(), name]);
        }
    }
    let run = |arguments: &[String]| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ran = bed.run(&arguments);
        (ran.status, ran.stderr)
    };
    let said = |text: &str| (Some(2), format!("magpie: use allow lists: {text}\n"));
    let clean = (Some(0), String::new());
    assert_eq!(run(&scan[..12]), clean, "5 lists");
    assert_eq!(
        run(&scan[..14]),
        said("6 words lists; a job may have 5, as with Macie")
    );
    assert_eq!(run(&toml[..22]), clean, "10 lists");
    assert_eq!(
        run(&toml),
        said("11 lists; a job may have 10, as with Macie")
    );
    // what is named twice is meant once
    let twice = [&scan[..12], &scan[2..12]].concat();
    assert_eq!(run(&twice), clean);
}
