//! Every refusal, and what is read otherwise than the parser would by itself.

use super::*;

fn refused(regex: &str) -> String {
    match read(regex) {
        Ok(dialect) => panic!("{regex} is read as {}", dialect.regex),
        Err(refusal) => refusal.to_string(),
    }
}

#[test]
fn what_the_subset_leaves_out_is_named_with_its_place() {
    for (regex, at, what) in [
        (r"(a)\1", 4, r"back references are not supported (\1)"),
        (r"(a)\k<n>", 4, r"back references are not supported (\k)"),
        (r"(a)\g{1}", 4, r"back references are not supported (\g)"),
        (r"(?P=n)a", 1, "back references are not supported ((?P=)"),
        (
            r"a(?=b)",
            2,
            "look-ahead and look-behind are not supported ((?=)",
        ),
        (
            r"é(?!b)",
            2,
            "look-ahead and look-behind are not supported ((?!)",
        ),
        (
            r"(?<=a)b",
            1,
            "look-ahead and look-behind are not supported ((?<=)",
        ),
        (
            r"(?<!a)b",
            1,
            "look-ahead and look-behind are not supported ((?<!)",
        ),
        (r"(?(1)a|b)", 1, "conditional patterns are"),
        (r"a(?R)", 2, "recursive patterns are not supported ((?R)"),
        (r"a(?1)", 2, "recursive patterns are not supported ((?1)"),
        (r"a(?-1)", 2, "recursive patterns are"),
        (r"a(?&n)", 2, "recursive patterns are"),
        (r"a(?P>n)", 2, "recursive patterns are"),
        (r"(?P<n>a)", 1, "named groups are"),
        (r"(?<n>a)", 1, "named groups are"),
        (r"(?'n'a)", 1, "named groups are"),
        (r"(?>a)", 1, "atomic groups are"),
        (r"(?|a|b)", 1, "branch resets are"),
        (r"a(?#b)", 2, "comments are"),
        (r"a(?{b})", 2, "pieces of code are"),
        (r"a(??{b})", 2, "pieces of code are"),
        (r"a(*FAIL)", 2, "verbs are"),
        (r"a(?C1)", 2, "callouts are"),
        (r"/abc/i", 5, "global flags are not supported (/i)"),
        (r"/a\/c/im", 6, "global flags are not supported (/im)"),
        (r"(?m)^a", 3, "such flags are not supported (m)"),
        (r"(?x: a )", 3, "such flags are not supported (x)"),
        (r"(?i-U)a", 5, "such flags are not supported (U)"),
        (r"a++", 3, "possessive repeats are not supported (+)"),
        (r"a{2}{3}", 5, "repeats of a repeat are"),
        (r"a\Z", 2, r"such anchors are not supported (\Z)"),
        (r"\Qa.b\E", 1, r"quotations are not supported (\Q)"),
        (r"a\K", 2, r"match resets are not supported (\K)"),
        (r"\h", 1, r"such classes are not supported (\h)"),
        (r"\012", 1, r"octal numbers are not supported (\0)"),
        (r"[a-c&&b]", 2, "operations on classes are"),
        (r"[a[b]]", 3, "classes in a class are"),
        (r"\b{start}a", 1, "such edges are"),
    ] {
        let got = refused(regex);
        let said = format!("character {at} of the expression: {what}");
        assert!(got.starts_with(&said), "{regex}: {got}");
        let remedy = got.split_once("); ").expect("a remedy").1;
        assert!(remedy.len() > 5, "{regex}: {got}");
    }
}

#[test]
fn repeats_are_bounded() {
    for (regex, most) in [
        (r"\d{100,1000}", 1000),
        (r"\d{513}", 513),
        (r"\d{600,}", 600),
        (r"(a{1,513})b", 513),
    ] {
        let got = refused(regex);
        let said = format!("a repeat of {most} times; at most 512 are supported");
        assert!(got.contains(&said), "{regex}: {got}");
    }
    for regex in [r"\d{100,}", r"\d{512}", r"\d{1,512}"] {
        read(regex).expect(regex);
    }
    for (regex, at) in [
        ("a*b*a*", 1),
        ("xa*b*a*y", 2),
        ("x(a*)b?c*d{0,}", 2),
        ("xa*(b*)c*", 2),
    ] {
        let got = refused(regex);
        let said = format!("character {at} of the expression: 3 repeats of any number of times");
        assert!(got.starts_with(&said), "{regex}: {got}");
    }
    for regex in [
        r"id\s*:?\s*\d+",
        "a*b*c",
        "a*xb*xc*x",
        r"\w+@\w+\.\w+",
        "a+b+c+",
    ] {
        read(regex).expect(regex);
    }
}

#[test]
fn the_rest_is_refused_too() {
    let said = |chars: usize| format!("an expression has 1 to 512 characters, this one {chars}");
    assert_eq!(refused(&"a".repeat(513)), said(513));
    assert_eq!(refused(""), said(0));
    read(&"é".repeat(512)).expect("characters count, not bytes");
    for (regex, at) in [("(a", 1), ("a)", 2), ("é[", 2), (r"a\y", 2), ("b[z-a]", 3)] {
        let got = refused(regex);
        let said = format!("character {at} of the expression: ");
        assert!(got.starts_with(&said), "{regex}: {got}");
        assert!(!got.contains('\n') && !got.contains(regex), "{got}");
    }
    assert!(refused(r"\p{Nope}a").starts_with("character 1 of"));
    // any other nonsense is told, not panicked over
    for regex in [
        "\\",
        "[[:",
        "[[:alpha:",
        "(?",
        "(?i",
        "[]",
        "/",
        "//i",
        "[^",
        "{",
        "*",
        "|",
        "a{2",
    ] {
        let _ = read(regex);
    }
    let deep = format!("{}a{}", "(".repeat(150), ")".repeat(150));
    assert!(refused(&deep).contains("nest"), "{}", refused(&deep));
}

fn found(regex: &str, text: &str) -> Vec<String> {
    let dialect = read(regex).expect(regex);
    regex::bytes::Regex::new(&dialect.regex)
        .expect("the same syntax")
        .find_iter(text.as_bytes())
        .map(|m| String::from_utf8_lossy(m.as_bytes()).into_owned())
        .collect()
}

#[test]
fn expressions_mean_what_they_mean_in_pcre() {
    // ends of the file, not of a line
    assert_eq!(found("^a", "a\na"), ["a"]);
    assert_eq!(found("a$", "a\na"), ["a"]);
    // classes know ASCII, the rest takes characters
    assert_eq!(found(r"\d+", "12٣4"), ["12", "4"]);
    assert_eq!(found(r"[\d.]+", "1.2٣"), ["1.2"]);
    assert_eq!(found(r"[^\D5]+", "1٣253"), ["1", "2", "3"]);
    assert_eq!(found(r"\w+", "aé_1"), ["a", "_1"]);
    assert_eq!(found(r"\W", "aé1"), ["é"]);
    assert_eq!(found(r"\bid\b", "éid idé xid"), ["id", "id"]);
    assert_eq!(found(r"a.c", "aéc a\nc"), ["aéc"]);
    assert_eq!(found(r"(?s)a.c", "a\nc"), ["a\nc"]);
    assert_eq!(found(r"(?i)ab", "AB aB"), ["AB", "aB"]);
    assert_eq!(found(r"a(?i:b)", "aB AB"), ["aB"]);
    assert_eq!(found(r"\<a\>", "<a> a"), ["<a>"]);
    assert_eq!(found("[]a]+", "]a"), ["]a"]);
    assert_eq!(found("[[:alpha:]]+", "ab1"), ["ab"]);
    assert_eq!(found(r"[\(\[]x", "(x [x"), ["(x", "[x"]);
    // groups only group
    assert_eq!(
        found("(apple|orange)s", "apples oranges"),
        ["apples", "oranges"]
    );
    assert_eq!(found(r"a\/b", "a/b"), ["a/b"]);
    // Macie's own samples
    assert_eq!(
        found(r"[a-zA-Z0-9_.+\\-]+@example\.com", "to a.b+c@example.com"),
        ["a.b+c@example.com"]
    );
    assert_eq!(
        found(r"^\(?800\)?[ -]?\d{3}[ -]?\d{4}$", "(800) 555-0100").len(),
        1
    );
    assert_eq!(found(r"^\+33 \d( \d\d){4}$", "+33 1 23 45 67 89").len(), 1);
    let name = r"^(Dr. )?Martha\s(Lyda|L\.)?\s?Rivera,?( PhD)?$";
    assert_eq!(found(name, "Dr. Martha L. Rivera, PhD").len(), 1);
}
