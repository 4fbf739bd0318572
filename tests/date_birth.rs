//! Birth dates: what belongs to a birth keyword, in many shapes, and what does not.
//!
//! Cases are texts with the expected values between `«` and `»`.

use std::collections::BTreeSet;
use std::ops::Range;

use magpie::detect::date::{BIRTH_KEYWORDS_EXTRA, KEYWORD_DISTANCE_CHARS, in_field, near};

const MACIE: &[&str] = &[
    "bday",
    "b-day",
    "birth date",
    "birthday",
    "date of birth",
    "dob",
];

/// Every keyword as a whole word, a space standing also for nothing, `_` and `-`.
fn keywords(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let bytes = text.as_bytes();
    let mut all = BTreeSet::new();
    for keyword in MACIE.iter().chain(BIRTH_KEYWORDS_EXTRA) {
        for joint in [" ", "", "_", "-"] {
            let form = keyword.replace(' ', joint);
            for (at, _) in lower.match_indices(&form) {
                let end = at + form.len();
                let before = at.checked_sub(1).map(|i| bytes[i]);
                let after = bytes.get(end).copied();
                let camel_before = before.is_some_and(|b| b.is_ascii_lowercase())
                    && bytes[at].is_ascii_uppercase();
                let camel_after = after.is_some_and(|b| b.is_ascii_uppercase())
                    && bytes[end - 1].is_ascii_lowercase();
                let free_before =
                    camel_before || !before.is_some_and(|b| b.is_ascii_alphabetic() || b >= 0x80);
                let free_after =
                    camel_after || !after.is_some_and(|b| b.is_ascii_alphabetic() || b >= 0x80);
                if free_before && free_after {
                    all.insert((at, end));
                }
            }
        }
    }
    all.into_iter().map(|(a, b)| a..b).collect()
}

fn found(text: &str) -> BTreeSet<(usize, usize)> {
    let mut all = BTreeSet::new();
    for keyword in keywords(text) {
        near(text.as_bytes(), keyword.clone(), &mut |hit| {
            assert!(usize::from(hit.distance_chars) <= KEYWORD_DISTANCE_CHARS);
            assert_eq!(hit.before, hit.range.start >= keyword.end);
            assert!(hit.confidence > 0.0 && hit.confidence <= 1.0);
            all.insert((hit.range.start, hit.range.end));
        });
    }
    all
}

/// Text without marks, and the marked ranges.
fn unmark(case: &str) -> (String, BTreeSet<(usize, usize)>) {
    let mut text = String::new();
    let mut ranges = BTreeSet::new();
    let mut start = 0;
    for c in case.chars() {
        match c {
            '«' => start = text.len(),
            '»' => {
                ranges.insert((start, text.len()));
            }
            c => text.push(c),
        }
    }
    (text, ranges)
}

fn check(cases: &[&str]) {
    let mut wrong = Vec::new();
    for case in cases {
        let (text, expected) = unmark(case);
        assert!(!keywords(&text).is_empty(), "no keyword in {text:?}");
        // alone, amid prose, as a log line, in quotes, with CRLF
        for (before, after) in [
            ("", ""),
            ("Some words first. ", " More words."),
            ("ts=17 level=info ", " id=42\n"),
            ("\"", "\""),
            ("a,b\r\n", "\r\n1,2\r\n"),
        ] {
            let whole = format!("{before}{text}{after}");
            let shifted: BTreeSet<_> = expected
                .iter()
                .map(|(a, b)| (a + before.len(), b + before.len()))
                .collect();
            let got = found(&whole);
            if got != shifted {
                let show: Vec<_> = got.iter().map(|(a, b)| &whole[*a..*b]).collect();
                wrong.push(format!("{case:?} in {whole:?}: got {show:?}"));
                break;
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn finds_every_way_of_writing_a_date() {
    check(&[
        "dob «1980-01-31»",
        "DOB: «31/01/1980»",
        "dob: «01/31/1980»",
        "dob: «1/31/80»",
        "dob: «31-01-80»",
        "Date of Birth: «31 Jan 1980»",
        "Date of Birth: «31 January 1980»",
        "Date of birth: «January 31, 1980»",
        "Date of birth: «Jan 31 1980»",
        "Date of birth: «Jan. 31, 1980»",
        "Date of birth: «January 31st, 1980»",
        "Date of birth: «31st of January 1980»",
        "Date of birth: «31st January, 1980»",
        "birthday: «01-Jan-1980»",
        "birthday: «01-JAN-80»",
        "birthday: «31JAN1980»",
        "birthday: «1980-Jan-31»",
        "birth_date=«19800131»",
        "birth_date=«31011980»",
        "birth-date: «1980/01/31»",
        "birthDate: «1980.01.31»",
        "birthdate «31.01.1980»",
        "birthdate «31. 1. 1980»",
        "dob «31 01 1980»",
        "dob «1980 01 31»",
        "dob: «29/02/2000»",
        "dob: «29/02/1904»",
        "dob = «05 / 06 / 1970»",
        "dob: Monday, «31 January 1980»",
        "dob: «31 Jan '80»",
        "bday «1980-01-31T00:00:00Z»"
            .replace("T00:00:00Z»", "»T00:00:00Z")
            .as_str(),
        "dob: «1/31/1980» 12:00:00 AM",
        "dob: «1980-01-31» 00:00:00",
        "dob: «1980-01-31»T00:00:00.000+00:00",
        "\"dob\":\"«1980-01-30»T23:00:00.000Z\"",
        "\"dob\":\"«31\\/01\\/1980»\"",
        "{\"birthday\": {\"value\": \"«1980-01-31»\"}}",
        "<dob>«1980-01-31»</dob>",
        "<td>DOB</td><td>«1980-01-31»</td>",
        "| DOB | «1980-01-31» |",
        "DOB;«1980-01-31»;M",
        "dob=«1980-01-31»&sex=f",
        "customerDob=«1980-01-31»",
        "patient_dob_1: «1980-01-31»",
        "d.o.b. «1980-01-31»",
        "D.O.B: «12 Mar 75»",
    ]);
}

#[test]
fn finds_dates_in_sentences_and_other_languages() {
    check(&[
        "She was born on «3 May 1980» in Leeds",
        "born «12.03.1975»",
        "(born «March 12, 1975»)",
        "John Doe, born in London on «3 May 1980»",
        "My birthday is «3/5/1980»",
        "his date of birth was «May 3, 1980», they said",
        "Date of birth (dd/mm/yyyy): «03/05/1980»",
        "Date of birth\n«03/05/1980»",
        "Date of Birth:\n\n«3 May 1980»",
        "«1980-01-31» (DOB)",
        "the «3rd of May 1980» is my birthday",
        "on «3 May 1980» she was born",
        "Geburtsdatum: «3. Mai 1980»",
        "Geburtsdatum: «03.05.1980»",
        "geboren am «12. März 1975» in Köln",
        "geb. am «12.03.1975»",
        "Date de naissance : «1er mai 1980»",
        "née le «12 décembre 1975»",
        "né le «12 DÉCEMBRE 1975»",
        "Fecha de nacimiento: «3 de mayo de 1980»",
        "nacido el «3 de mayo del 1980»",
        "data di nascita: «3 maggio 1980»",
        "nato il «03/05/1980»",
        "Data de nascimento: «3 de março de 1980»",
        "geboortedatum: «3 mei 1980»",
        "geboortedatum «03-05-1980»",
        "Födelsedatum: «1980-05-03»",
    ]);
}

#[test]
fn tells_the_date_that_belongs() {
    check(&[
        "dob=«1980-01-31» created=2024-01-05",
        "created=2024-01-05 dob=«1980-01-31»",
        "created: 2024-01-05, dob: «1980-01-31», updated: 2024-02-01",
        "\"created\":\"2024-01-05\",\"dob\":\"«1980-01-31»\",\"seen\":\"2024-02-01\"",
        "2024-05-01T12:00:00.000Z INFO dob=«1980-01-31»",
        "2024-05-01 dob is «1980-01-31»",
        "«1980-01-31» (DOB), 2024-01-05 (visit)",
        "DOB «1980-01-31», DOD 2010-04-05",
        "2024-01-05,dob,«1980-01-31»",
        "<seen>2024-01-05</seen><dob>«1980-01-31»</dob><seen>2024-01-05</seen>",
        "date of birth: «1980-01-31» date of birth: «1981-02-28»",
    ]);
}

#[test]
fn leaves_other_dates_alone() {
    check(&[
        "2024-05-01T12:00:00.000Z birthday reminder sent",
        "2024-05-01 12:00:00 birthday reminder sent",
        "2024-05-01 birthday job started",
        "[2024-05-01] birthday job started",
        "birthday job started 2024-05-01T12:00:00Z",
        "birthday reminder sent 2024-05-01",
        "birthday_email_sent: 2024-05-01",
        "dobUpdatedAt=2024-05-01",
        "dob_verified=2024-05-01",
        "dob: null, created: 2024-01-05",
        "dob=, created=2024-01-05",
        "\"dob\":\"\",\"seen\":\"2024-01-05\"",
        "\"dob\":null},{\"seen\":\"2024-01-05\"",
        "dob missing for user since 2024-01-05",
        "birthday party on 2024-06-01",
        "dob 1980-13-31",
        "dob 1980-02-30",
        "dob 29/02/1981",
        "dob 1880-01-31",
        "dob 2090-01-31",
        "dob 0001-01-01",
        "dob 1980-01-31-15.42.50.675872",
        "dob 192.168.10.12",
        "dob 12.3.1975.4",
        "dob 1.2.3",
        "dob 123-45-6789",
        "dob 12:30:45",
        "birthday Jun 14 15:16:01 combo",
        "birthday 10/Oct/2020:13:55:36",
        "born to run 2.0.19",
        "dob hash 20240131aa",
        "dob id 1980-01-3100",
        "dob value is nothing of the kind and not 1980-01-31",
        "date of birth unknown. Visit 2024-01-05",
        "dob\nname\nvisit 2024-01-05",
        "name dob\n12 2024-01-05",
        "birthday:\n2024-05-01 INFO started",
        "birthday phone 31 01 80 22",
    ]);
}

#[test]
fn thirty_characters_are_near_and_thirty_one_are_not() {
    for (fill, near_enough) in [(30, true), (31, false)] {
        for unit in ["_", "é"] {
            let text = format!("dob{}1980-01-31", unit.repeat(fill));
            let fits = unit == "_" && near_enough;
            let text = if unit == "é" {
                format!("dob {} 1980-01-31", "é".repeat(fill - 2))
            } else {
                text
            };
            assert_eq!(
                !found(&text).is_empty(),
                fits || (unit == "é" && near_enough),
                "{text}"
            );
        }
    }
}

#[test]
fn fields_hold_a_date_or_nothing() {
    for case in [
        "«1980-01-31»",
        " «31/01/1980» ",
        "\"«1980-01-31»\"",
        "«19800131»",
        "«31.1.1980»",
        "«1980-01-30»T23:00:00.000Z",
        "«1/31/1980» 12:00:00 AM",
        "Thursday, «31 January 1980»",
        "«1980-01-31» (verified)",
        "«31 Jan 80»",
        "«80-01-31»",
        "«1980-01-31»T00:00:00",
    ] {
        let (text, ranges) = unmark(case);
        let hit = in_field(text.as_bytes()).map(|h| (h.range.start, h.range.end));
        assert_eq!(hit, ranges.into_iter().next(), "{case}");
    }
    for text in [
        "",
        " ",
        "n/a",
        "1980",
        "01/1980",
        "315532800",
        "1980-01-31T12:34:56Z",
        "2024-05-01T12:00:07",
        "1980-02-30",
        "31/31/1980",
        "1850-01-01",
        "0000-00-00",
        "1980-01-31 to 1981-01-31",
        "12345678",
        "1980-01-31abc",
        "John 1980-01-31",
        "99999999",
        "\u{feff}",
    ] {
        assert!(in_field(text.as_bytes()).is_none(), "{text:?}");
    }
}

#[test]
fn bears_any_bytes_and_any_cut() {
    let text = "dob: 31 décembre 1980, né le 31\u{2013}12\u{2013}1980 birthday \u{ff}".as_bytes();
    let mut broken = text.to_vec();
    broken.extend_from_slice(&[0xC3, 0xFF, b'd', b'o', b'b', 0xE2, 0x80, b'1', 0xC3]);
    for cut in 0..broken.len() {
        for end in cut..broken.len() {
            near(&broken[..end], cut..end.min(cut + 3), &mut |hit| {
                assert!(hit.range.end <= end && hit.range.start < hit.range.end);
            });
            let _ = in_field(&broken[cut..end]);
        }
    }
    // a range outside the text is not a keyword
    near(b"dob", 2..9, &mut |_| {
        panic!("found a date outside the text")
    });
}

/// What is found depends on some 200 bytes around the keyword only.
#[test]
fn does_not_depend_on_far_text() {
    let core = "x dob=1980-01-31 y, 3 May 1980 was the date of birth";
    let at = core.find("dob").expect("keyword in text");
    let mut whole = Vec::new();
    near(core.as_bytes(), at..at + 3, &mut |h| whole.push(h.range));
    let far = format!(
        "{}{core}{}",
        "1980-01-31 ".repeat(1000),
        " 1980-01-31".repeat(1000)
    );
    let shift = 11 * 1000;
    let mut got = Vec::new();
    near(far.as_bytes(), at + shift..at + shift + 3, &mut |h| {
        got.push(h.range.start - shift..h.range.end - shift)
    });
    assert_eq!(whole, got);
}
