//! Card expiry dates: month and year beside an expiry keyword, and nothing else.

use std::collections::BTreeSet;

use magpie::detect::date::{EXPIRY_KEYWORDS_EXTRA, expiry_in_field, expiry_near};

const MACIE: &[&str] = &["exp d", "exp m", "exp y", "expiration", "expiry"];

fn found(text: &str) -> BTreeSet<String> {
    let lower = text.to_ascii_lowercase();
    let mut all = BTreeSet::new();
    for keyword in MACIE.iter().chain(EXPIRY_KEYWORDS_EXTRA) {
        for joint in [" ", "", "_", "-"] {
            let form = keyword.replace(' ', joint);
            for (at, _) in lower.match_indices(&form) {
                if at > 0
                    && text.as_bytes()[at - 1].is_ascii_alphabetic()
                    && !text.as_bytes()[at].is_ascii_uppercase()
                {
                    continue;
                }
                expiry_near(text.as_bytes(), at..at + form.len(), &mut |hit| {
                    all.insert(text[hit.range].to_string());
                });
            }
        }
    }
    all
}

fn expect(text: &str, values: &[&str]) {
    let values: BTreeSet<String> = values.iter().map(|v| v.to_string()).collect();
    assert_eq!(found(text), values, "{text}");
}

#[test]
fn finds_month_and_year() {
    for value in [
        "02/26",
        "02/2026",
        "02-26",
        "02-2026",
        "Feb 2026",
        "Feb-26",
        "26-Feb",
        "February 2026",
        "2026-02",
        "2026/02",
        "02 / 26",
        "FEB 26",
        "12/49",
    ] {
        for text in [
            format!("expiry {value}"),
            format!("expiration: {value}"),
            format!("Expiration date: {value}, cvv 123"),
            format!("exp_date={value}&cvv=123"),
            format!("\"expiry\":\"{value}\",\"cvv\":\"1\""),
            format!("card 4111 exp date {value}"),
            format!("Valid thru {value}"),
        ] {
            expect(&text, &[value]);
        }
    }
    expect("\"expiry\":\"02\\/26\"", &["02\\/26"]);
    expect("card 4111111111111111 02/26 (exp.)", &["02/26"]);
}

#[test]
fn finds_the_parts() {
    expect("expM=02", &["02"]);
    expect("expY=2026, expM=02", &["2026", "02"]);
    expect("exp_month\":\"02\",\"exp_year\":\"2026\"", &["02", "2026"]);
    expect("expMonth: 2 expYear: 26", &["2", "26"]);
    expect("expiration_month=11&expiration_year=2031", &["11", "2031"]);
    expect("exp m 07", &[]);
    expect("expM=13", &[]);
    expect("expY=1999", &[]);
    expect("expY=2050", &[]);
    expect("exp_month=2026", &[]);
}

#[test]
fn leaves_other_values_alone() {
    for text in [
        "expiry 13/26",
        "expiry 00/26",
        "expiry 02/99",
        "expiry 02/1999",
        "02/26 with no keyword",
        "expiration=2026-02-28",
        "expiration=2026-02-28T00:00:00Z",
        "expiration: 28/02/2026",
        "expiration: 02/28/2026",
        "expiration=1735689600",
        "token expiration 02/26",
        "certificate expiry: 02/2026",
        "session_expiry=02-26",
        "expiry 02/26%",
        "expiry: none, build 02/26",
        "expiry 192.02/26",
        "expiration policy 02/26",
        "expiry of 30 days 02/26",
        "expires in 15 minutes",
        "expiry 02/26/27",
        "expiry a/b 1/2",
    ] {
        expect(text, &[]);
    }
}

#[test]
fn fields() {
    for (name, value) in [
        ("expiry", "02/26"),
        ("exp_date", "0226"),
        ("exp", "022026"),
        ("exp", "202602"),
        ("expiry", "Feb 2026"),
        ("exp_month", "02"),
        ("expMonth", "2"),
        ("exp_year", "2026"),
        ("expYear", "26"),
        ("card.expM", "12"),
        ("expMMYY", "0226"),
        ("expiry_mmyyyy", "02/2026"),
    ] {
        let hit = expiry_in_field(name.as_bytes(), value.as_bytes());
        assert_eq!(hit.map(|h| h.range), Some(0..value.len()), "{name} {value}");
    }
    for (name, value) in [
        ("expiry", "1302"),
        ("expiry", "2026"),
        ("expiry", "2026-02-28"),
        ("expiry", ""),
        ("expiry", "3600"),
        ("exp", "1735689600"),
        ("exp_month", "13"),
        ("exp_month", "0"),
        ("exp_year", "1999"),
        ("expiry", "02/26 x"),
    ] {
        assert!(
            expiry_in_field(name.as_bytes(), value.as_bytes()).is_none(),
            "{name} {value}"
        );
    }
}

#[test]
fn bears_any_bytes_and_any_cut() {
    let text = b"exp_month\":\"02\",\"exp_year\":\"2026 expiry 26-F\xC3\xA9v \xFF 02\\/26 exp";
    for start in 0..text.len() {
        for end in start..text.len() {
            expiry_near(&text[..end], start..end.min(start + 4), &mut |h| {
                assert!(h.range.end <= end)
            });
            let _ = expiry_in_field(&text[start..end], &text[..start]);
        }
    }
    expiry_near(b"exp", 1..7, &mut |_| {
        panic!("found a date outside the text")
    });
}
