//! The TOML form: limits, dates, fingerprints, and what is said of entries that do nothing.

use super::cli_support::Bed;
use super::{TEXT, allowed, found, lines, lists};

#[test]
fn entries_keep_to_their_identifiers_objects_and_dates() {
    let bed = Bed::new();
    bed.write("d/tests/a.txt", TEXT);
    bed.write("d/live/a.txt", TEXT);
    bed.write(
        "list.toml",
        r#"
owner = "qa@example.com"

[[allow]]
text = "martha rivera"
paths = ["tests/**"]
reason = "the person of our tests"

[[allow]]
text = "536-90-4399"
identifiers = ["NAME"]

[[allow]]
text = "536-90-4398"
expires = 2020-12-31
reason = "old ticket"

[[allow]]
regex = '(?i)j\S+ gro(ß|ss)'
identifiers = ["NAME"]
expires = 2999-12-31
"#,
    );
    let arguments = ["d", "--allow-list", "list.toml"];
    let lists = lists(&bed, &arguments);
    let list = &lists[0];
    assert_eq!(list["kind"], "entries");
    assert_eq!(list["entries"], 4);
    assert_eq!(allowed(list), [("NAME", 3)]);
    assert_eq!(lines(list, "unused"), [10]);
    assert_eq!(lines(list, "expired"), [14]);
    let expired = &list["expired"]["first"][0];
    assert_eq!(expired["expires"], "2020-12-31");
    assert_eq!(expired["owner"], "qa@example.com");
    assert_eq!(expired["reason"], "old ticket");

    let table = bed.run(&["scan", "d", "--allow-list", "list.toml"]);
    for said in [
        "list.toml  3 occurrences allowed: NAME 3",
        "1 of 4 entries unused (line 10 of qa@example.com)",
        "1 entry expired (line 14 until 2020-12-31 of qa@example.com)",
    ] {
        assert!(table.stdout.contains(said), "{said}\n{}", table.stdout);
    }
}

#[test]
fn a_fingerprint_allows_a_value_that_is_written_nowhere() {
    let bed = Bed::new();
    bed.write("d/a.txt", TEXT);
    let print = |id: &str, value: &str| {
        let ran = bed.run_with_input(&["allow-list", "fingerprint", id], value.as_bytes());
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        ran.stdout
    };
    let ssn = print("usa_social_security_number", "536-90-4399\n");
    assert!(
        ssn.contains("identifiers = [\"USA_SOCIAL_SECURITY_NUMBER\"]"),
        "{ssn}"
    );
    let other = print("NAME", "536-90-4399");
    assert_ne!(
        ssn.lines().nth(1),
        other.lines().nth(1),
        "of one identifier"
    );
    bed.write("list.toml", ssn.clone() + &other);
    let arguments = ["d", "--allow-list", "list.toml"];
    let list = &lists(&bed, &arguments)[0];
    assert_eq!(allowed(list), [("USA_SOCIAL_SECURITY_NUMBER", 1)]);
    assert_eq!(lines(list, "unused"), [5]);
    assert!(!found(&bed, &arguments).contains(&("USA_SOCIAL_SECURITY_NUMBER".to_owned(), 2)));

    // it counts in the state folder that it was made in, and in no other
    let elsewhere = ["d", "--allow-list", "list.toml", "--state-dir", "other"];
    assert_eq!(lines(&lists(&bed, &elsewhere)[0], "unused"), [2, 5]);

    for (arguments, input, said) in [
        (
            ["allow-list", "fingerprint", "NO_SUCH"],
            "x",
            "use identifier \"NO_SUCH\": there is none of this id; see magpie identifiers list",
        ),
        (
            ["allow-list", "fingerprint", "ADDRESS"],
            "x",
            "make fingerprint: allow lists do not apply to ADDRESS, as with Macie",
        ),
        (
            ["allow-list", "fingerprint", "NAME"],
            "\n",
            "make fingerprint: give the value on standard input, 1 to 64 KiB",
        ),
    ] {
        let ran = bed.run_with_input(&arguments, input.as_bytes());
        assert_eq!(ran.status, Some(2));
        assert_eq!(ran.stderr, format!("magpie: {said}\n"));
    }
}

#[test]
fn an_identifier_that_is_left_out_of_the_run_may_be_named() {
    let bed = Bed::new();
    bed.write("d/a.txt", TEXT);
    bed.write(
        "list.toml",
        "[[allow]]\ntext = \"536-90-4399\"\nidentifiers = [\"CREDIT_CARD_NUMBER\"]\n",
    );
    let arguments = ["d", "--identifiers", "NAME", "--allow-list", "list.toml"];
    assert_eq!(lines(&lists(&bed, &arguments)[0], "unused"), [2]);
}
