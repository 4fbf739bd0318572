use super::super::form;
use super::super::lists::Builder;
use super::super::load::Wanted;
use super::*;
use crate::detect::Catalogue;
use crate::model::CatalogueIndex;
use crate::model::allow::AllowCriteria;

fn index() -> CatalogueIndex {
    Catalogue::builtin().unwrap().index().clone()
}

fn named(name: &str) -> Wanted {
    Wanted {
        name: name.to_owned(),
        id: None,
        criteria: AllowCriteria::Words {
            location: name.to_owned(),
        },
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn entries(index: &CatalogueIndex, text: &str) -> AllowLists {
    let mut builder = Builder::new(index);
    let entries = form::parse(text.as_bytes(), &|_| true).unwrap();
    builder.entries(named("form"), 0, entries).unwrap();
    builder.finish().unwrap()
}

fn regex(index: &CatalogueIndex, text: &str) -> AllowLists {
    let mut builder = Builder::new(index);
    builder.regex(named("regex"), 0, text).unwrap();
    builder.finish().unwrap()
}

fn allows(matcher: &mut Matcher<'_>, detector: u16, value: &[u8]) -> bool {
    matcher.allows(detector, Secret::new(value), || 42)
}

#[test]
fn a_value_counts_once_and_every_entry_that_fits_is_used() {
    let index = index();
    let (name, card) = (
        index.find("NAME").unwrap(),
        index.find("CREDIT_CARD_NUMBER").unwrap(),
    );
    let mut builder = Builder::new(&index);
    builder.words(named("a"), 0, &[(1, "Groß"), (2, "other"), (3, "GROSS")]);
    builder.words(named("b"), 0, &[(1, "x"), (2, "groß")]);
    builder.regex(named("c"), 0, "(?i)grob.+").unwrap();
    let lists = builder.finish().unwrap();
    let mut matcher = Matcher::new(&lists, day("2026-01-01")).unwrap();
    matcher.begin("k");
    assert!(allows(&mut matcher, name, "gross".as_bytes()));
    assert!(allows(&mut matcher, card, "GROẞ".as_bytes()));
    assert!(allows(&mut matcher, card, "Grobian".as_bytes()));
    assert!(!allows(&mut matcher, card, b"gro"));
    assert!(!allows(&mut matcher, card, b"gross "));
    assert!(!allows(&mut matcher, card, b"gross\xff"));
    assert!(allows(&mut matcher, name, b"X"));
    let allowed = matcher.take();
    let count = |list, detector, count| AllowedCount {
        list,
        detector,
        count,
    };
    let mut wanted = vec![
        count(0, name, 1),
        count(0, card, 1),
        count(1, name, 1),
        count(2, card, 1),
    ];
    wanted.sort_by_key(|c| (c.list, c.detector));
    assert_eq!(allowed.counts, wanted);
    assert_eq!(
        allowed.entries,
        [(0, vec![0, 2]), (1, vec![0, 1]), (2, vec![0])]
    );
    assert_eq!(matcher.take(), Allowed::default(), "what was taken is gone");
}

#[test]
fn an_entry_counts_to_the_end_of_its_last_day() {
    let index = index();
    let name = index.find("NAME").unwrap();
    let lists = entries(&index, "[[allow]]\ntext = \"a\"\nexpires = 2026-01-31\n");
    for (today, counts) in [
        ("2025-12-31", true),
        ("2026-01-31", true),
        ("2026-02-01", false),
    ] {
        let mut matcher = Matcher::new(&lists, day(today)).unwrap();
        assert_eq!(allows(&mut matcher, name, b"A"), counts, "{today}");
        assert_eq!(matcher.take() == Allowed::default(), !counts);
    }
}

#[test]
fn limits_are_kept() {
    let index = index();
    let (name, card) = (
        index.find("NAME").unwrap(),
        index.find("CREDIT_CARD_NUMBER").unwrap(),
    );
    let lists = entries(
        &index,
        r#"
[[allow]]
text = "a b"
identifiers = ["NAME", "NO_SUCH"]
paths = ["tests/**"]
[[allow]]
text = "c  d"
spaces = "any"
[[allow]]
fingerprint = "000000000000002a"
paths = ["only-here"]
"#,
    );
    let mut matcher = Matcher::new(&lists, day("2026-01-01")).unwrap();
    matcher.begin("tests/x/y.txt");
    assert!(allows(&mut matcher, name, b"A\nB"));
    assert!(!allows(&mut matcher, name, b"a  b"));
    assert!(!allows(&mut matcher, card, b"a b"));
    assert!(allows(&mut matcher, card, b"C\r\n \t D"));
    assert!(!allows(&mut matcher, card, b"cd"));
    matcher.begin("a.txt");
    assert!(!allows(&mut matcher, name, b"a b"));
    assert!(!allows(&mut matcher, name, b"anything"));
    matcher.begin("x/only-here");
    assert!(
        allows(&mut matcher, name, b"anything"),
        "its fingerprint is 42"
    );
}

#[test]
fn mailing_addresses_are_never_allowed() {
    let index = index();
    let lists = regex(&index, "(?s).*");
    let mut matcher = Matcher::new(&lists, day("2026-01-01")).unwrap();
    for (number, detector) in (0..).zip(&index.detectors) {
        let allowed = allows(&mut matcher, number, b"any value\n at all");
        assert_eq!(allowed, detector.id != "ADDRESS", "{}", detector.id);
    }
}

/// The expressions that the service user guide gives as examples.
#[test]
fn the_published_expressions_match_values_as_a_whole() {
    let index = index();
    for (expression, yes, no) in [
        (
            r"[a-zA-Z0-9_.+\-]+@example\.com",
            &["person@example.com", "a.b+c-d@example.com"][..],
            &[
                "person@example.com.org",
                "x person@example.com",
                "person@example.org",
            ][..],
        ),
        (
            r"^\(?800\)?[ -]?\d{3}[ -]?\d{4}$",
            &["8005550152", "(800) 555-0152", "800 555 0152"],
            &["1-800-555-0152", "888-555-0152", "800-555-01525"],
        ),
        (
            r"^\+33 \d( \d\d){4}$",
            &["+33 1 23 45 67 89"],
            &["+33 1 23 45 67 8", "+33 123456789", "a +33 1 23 45 67 89"],
        ),
        (
            r"^(Dr. )?Martha\s(Lyda|L\.)?\s?Rivera,?( PhD)?$",
            &[
                "Martha Rivera",
                "Dr. Martha Rivera",
                "Martha L. Rivera, PhD",
                "Martha Lyda Rivera",
                "Martha\nRivera",
            ],
            &["martha rivera", "Martha Rivera Jr", "Martha  Rivera, MD"],
        ),
        (
            "(apple|orange)",
            &["apple", "orange"],
            &["apples", "an apple"],
        ),
        ("a|ab|abc", &["a", "ab", "abc"], &["abcd", "b"]),
    ] {
        let lists = regex(&index, expression);
        let mut matcher = Matcher::new(&lists, day("2026-01-01")).unwrap();
        let name = index.find("NAME").unwrap();
        for (values, wanted) in [(yes, true), (no, false)] {
            for value in values {
                let got = allows(&mut matcher, name, value.as_bytes());
                assert_eq!(got, wanted, "{expression} {value:?}");
            }
        }
    }
}

#[test]
fn expressions_that_are_too_large_together_are_refused() {
    let index = index();
    let mut builder = Builder::new(&index);
    let entry = |i: usize| format!("[[allow]]\nregex = '(\\w{{500}}\\d{{{i}}}){{20}}'\n");
    let text: String = (1..40).map(entry).collect();
    let entries = form::parse(text.as_bytes(), &|_| true).unwrap();
    builder.entries(named("form"), 0, entries).unwrap();
    let said = builder.finish().map(|_| ()).unwrap_err();
    assert_eq!(
        said,
        "the expressions of all allow lists take more than 32 MiB; use fewer or simpler ones"
    );
}
