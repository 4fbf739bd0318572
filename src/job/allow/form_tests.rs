use super::*;

fn read(text: &str) -> Result<Vec<Entry>, Fault> {
    let known = |id: &str| ["NAME", "CREDIT_CARD_NUMBER", "ADDRESS"].contains(&id);
    parse(text.as_bytes(), &known)
}

fn said(text: &str) -> String {
    match read(text) {
        Ok(entries) => format!("{} entries", entries.len()),
        Err(fault) => fault.to_string(),
    }
}

#[test]
fn what_stands_for_all_is_in_each_entry_that_says_nothing_else() {
    let entries = read(
        r#"
description = "people of our tests"
owner   = "qa@example.com"
reason  = "made up"
expires = 2027-12-31
paths   = ["tests/**"]

[[allow]]
text = "Martha Rivera"

[[allow]]
regex = '[a-z]+@example\.com'
owner = "mail@example.com"
expires = 2026-01-31
identifiers = ["NAME", "CREDIT_CARD_NUMBER", "NAME"]

[[allow]]
fingerprint = "00ff00FF12345678"
paths = ["*.sql"]

[[allow]]
text = "a  b"
spaces = "any"
"#,
    )
    .unwrap();
    let lines: Vec<u32> = entries.iter().map(|e| e.line).collect();
    assert_eq!(lines, [9, 12, 18, 22]);
    let date = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
    assert_eq!(
        entries.iter().map(|e| e.expires).collect::<Vec<_>>(),
        [
            date(2027, 12, 31),
            date(2026, 1, 31),
            date(2027, 12, 31),
            date(2027, 12, 31)
        ]
    );
    let owners: Vec<&str> = entries.iter().filter_map(|e| e.owner.as_deref()).collect();
    assert_eq!(
        owners,
        [
            "qa@example.com",
            "mail@example.com",
            "qa@example.com",
            "qa@example.com"
        ]
    );
    assert!(
        entries
            .iter()
            .all(|e| e.reason.as_deref() == Some("made up"))
    );
    assert_eq!(
        entries[1].identifiers.as_deref(),
        Some(&["CREDIT_CARD_NUMBER".to_owned(), "NAME".to_owned()][..])
    );
    assert_eq!(entries[0].identifiers, None);
    let takes = |e: &Entry, key| e.paths.as_ref().unwrap().takes(key);
    assert!(takes(&entries[0], "tests/a.sql") && !takes(&entries[0], "a.sql"));
    assert!(takes(&entries[2], "x/a.sql") && !takes(&entries[2], "tests/a.txt"));
    let what: Vec<&What> = entries.iter().map(|e| &e.what).collect();
    assert_eq!(
        what,
        [
            &What::Text("Martha Rivera".to_owned(), Spaces::Exact),
            &What::Regex(r"[a-z]+@example\.com".to_owned()),
            &What::Fingerprint(0x00ff_00ff_1234_5678),
            &What::Text("a  b".to_owned(), Spaces::Any),
        ]
    );
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_without_the_entry() {
    const FIELDS: &str = "identifiers, paths, owner, reason, expires, spaces";
    let long = "x".repeat(91);
    for (text, wanted) in [
        ("", "there is no entry in it"),
        ("owner = \"me\"\n", "there is no entry in it"),
        ("allow = []\n", "there is no entry in it"),
        (
            "allow = \"Rivera\"\n",
            "line 1: allow: write [[allow]] before each entry",
        ),
        (
            "allow = [\"Rivera\"]\n",
            "line 1: write [[allow]] before each entry",
        ),
        (
            "[allow]\ntext = \"Rivera\"\n",
            "line 1: allow: write [[allow]] before each entry",
        ),
        (
            "[[allow]]\nreason = \"none\"\n",
            "line 1: the entry has neither text, regex nor fingerprint",
        ),
        (
            "[[allow]]\ntext = \"Rivera\"\nregex = \"R\"\n",
            "line 3: regex: the entry has text already; make two of it",
        ),
        (
            "[[allow]]\ntext = \"Rivera\"\nreasons = \"x\"\n",
            &format!(
                "line 3: unknown field \"reasons\"; known: text, regex, fingerprint, {FIELDS}"
            ),
        ),
        (
            "[[allow]]\ntext = \"a\"\n\"Martha Rivera\" = 1\n",
            &format!("line 3: unknown field; known: text, regex, fingerprint, {FIELDS}"),
        ),
        (
            "allows = 1\n[[allow]]\ntext = \"Rivera\"\n",
            &format!("line 1: unknown field \"allows\"; known: description, allow, {FIELDS}"),
        ),
        (
            "[[allow]]\ntext = 7\n",
            "line 2: text: a string is needed, and this is of type integer",
        ),
        (
            "[[allow]]\ntext = [\"Rivera\"]\n",
            "line 2: text: a string is needed, and this is of type array",
        ),
        ("[[allow]]\ntext = \"\"\n", "line 2: text: it is empty"),
        (
            "[[allow]]\ntext = \" \"\n",
            "line 2: text: white space alone is no entry",
        ),
        (
            &format!("[[allow]]\ntext = \"{long}\"\n"),
            "line 2: text: an entry has at most 90 characters, this one 91",
        ),
        (
            "[[allow]]\ntext = \"a\\nb\"\n",
            "line 2: text: a control character, which no entry may hold",
        ),
        (
            "[[allow]]\nfingerprint = \"12345\"\n",
            "line 2: fingerprint: a fingerprint has 16 hexadecimal digits; see magpie allow-list \
             fingerprint --help",
        ),
        (
            "[[allow]]\nfingerprint = \"+123456789abcdef\"\n",
            "line 2: fingerprint: a fingerprint has 16 hexadecimal digits; see magpie allow-list \
             fingerprint --help",
        ),
        (
            "[[allow]]\ntext = \"a\"\nexpires = \"2027-01-31\"\n",
            "line 3: expires: write a date without quotes, such as 2027-01-31",
        ),
        (
            "[[allow]]\ntext = \"a\"\nexpires = 2027-01-31T00:00:00Z\n",
            "line 3: expires: write a date without quotes, such as 2027-01-31",
        ),
        (
            "[[allow]]\ntext = \"a\"\nexpires = 0001-01-31\n",
            "line 3: expires: write a date without quotes, such as 2027-01-31",
        ),
        (
            "[[allow]]\ntext = \"a\"\nspaces = \"none\"\n",
            "line 3: spaces: known: exact, any",
        ),
        (
            "[[allow]]\ntext = \"a\"\nidentifiers = [\"NAMES\"]\n",
            "line 3: identifiers: there is no identifier \"NAMES\"; see magpie identifiers list",
        ),
        (
            "[[allow]]\ntext = \"a\"\nidentifiers = []\n",
            "line 3: identifiers: it is empty; leave it out to allow all",
        ),
        (
            "[[allow]]\ntext = \"a\"\nidentifiers = \"NAME\"\n",
            "line 3: identifiers: an array of strings is needed, and this is of type string",
        ),
        (
            "[[allow]]\ntext = \"a\"\nidentifiers = [1]\n",
            "line 3: identifiers: every element must be a string with something in it",
        ),
        (
            "[[allow]]\ntext = \"a\"\nidentifiers = [\"ADDRESS\"]\n",
            "line 3: identifiers: allow lists do not apply to ADDRESS, as with Macie; leave it out",
        ),
        (
            "[[allow]]\ntext = \"a\"\npaths = [\"[\"]\n",
            "line 3: paths: parse glob \"[\": unclosed character class; missing ']'",
        ),
        (
            "[[allow]]\ntext = \"Groß\"\n[[allow]]\ntext = \"GROSS\"\n",
            "line 4: the same entry as in line 2",
        ),
        (
            "[[allow]]\nregex = \"a\"\n[[allow]]\nregex = \"a\"\n",
            "line 4: the same entry as in line 2",
        ),
        (
            "[[allow]]\ntext = \"a\"\n[[allow]]\ntext = \"a\"\nidentifiers = [\"NAME\"]\n",
            "2 entries",
        ),
    ] {
        assert_eq!(said(text), wanted, "{text}");
    }
    for text in [
        "[[allow]]\ntext = \"Rivera\nx",
        "[[allow]]\ntext = Rivera\n",
        "[[allow]]\ntext = \"Rivera\"\ntext = \"Rivera\"\n",
        "[[allow]]\nexpires = 2027-02-30\n",
        "[[allow\ntext = \"Rivera\"\n",
    ] {
        let said = said(text);
        assert!(said.starts_with("line ") && !said.contains('\n'), "{said}");
        assert!(!said.contains("Rivera"), "{said}");
    }
    assert_eq!(
        parse(b"\xff", &|_| true).unwrap_err().to_string(),
        "line 1: not UTF-8; save the list in UTF-8"
    );
}

#[test]
fn lines_are_found_in_long_lists_at_once() {
    let mut text = String::new();
    for i in 0..20_000 {
        text += &format!("[[allow]]\ntext = \"value {i}\"\n");
    }
    let start = std::time::Instant::now();
    let entries = read(&text).unwrap();
    assert_eq!(entries.len(), 20_000);
    assert_eq!(entries[19_999].line, 40_000);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    text += "[[allow]]\ntext = \"VALUE 77\"\n";
    assert_eq!(said(&text), "line 40002: the same entry as in line 156");
}
