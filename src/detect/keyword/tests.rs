//! Tests of the keyword index.

use super::*;
use crate::detect::anchor::{Anchors, Omit};
use crate::detect::class::Level;

fn index(keywords: &[&str]) -> KeywordIndex {
    KeywordIndex::new(
        keywords
            .iter()
            .map(|k| Term::Keyword((*k).to_owned()))
            .collect(),
    )
}

fn found(index: &KeywordIndex, text: &str) -> Vec<(u32, String)> {
    let mut anchors = Anchors::default();
    let text = text.as_bytes();
    let omit = Omit {
        letter_digit: !index.has_letter_digit(),
        ..Omit::default()
    };
    anchors.begin(text, 0);
    anchors.sweep(Level::best(), text, text.len(), omit);
    let mut found = Finds::default();
    index.find(text, &anchors.words, &anchors.odd_words, &mut found);
    found
        .keywords
        .iter()
        .chain(&found.literals)
        .map(|f| {
            let there = &text[f.start as usize..f.end as usize];
            (f.term, String::from_utf8_lossy(there).into_owned())
        })
        .collect()
}

#[test]
fn a_space_is_also_nothing_underscore_and_hyphen() {
    let index = index(&["social security", "exp d"]);
    for text in [
        "social security",
        "Social_Security",
        "SOCIAL-SECURITY",
        "socialSecurity",
        "socialsecurity",
    ] {
        assert_eq!(found(&index, text), [(0, text.to_owned())]);
    }
    assert_eq!(found(&index, "exp_d expd exp-d EXP D").len(), 4);
    assert_eq!(found(&index, "exp date, expdate"), []);
    assert_eq!(found(&index, "social  security"), []);
}

#[test]
fn words_are_whole() {
    let index = index(&["ssn", "rg", "dl#", "gs1"]);
    for text in [
        "ssn",
        "customerSSN",
        "ssn_1",
        "ssnNumber",
        r"\nssn",
        "x.ssn=",
        "é ssn”",
    ] {
        assert_eq!(found(&index, text).len(), 1, "{text}");
    }
    for text in ["lessn", "ssns", "éssn", "org", "rgb", "SSNS"] {
        assert_eq!(found(&index, text), [], "{text}");
    }
    for text in [
        "rg", "RG:", "my_rg", "(rg)", "rg1", "dl#x", "DL#1", "gs1", "GS1a",
    ] {
        assert_eq!(found(&index, text).len(), 1, "{text}");
    }
    assert_eq!(found(&index, "dl gs12 gs"), []);
}

#[test]
fn case_is_ignored_in_every_alphabet() {
    let keywords = [
        "número",
        "превозно средство",
        "άδεια οδήγησης",
        "Fahrgestellnummer",
        "État",
    ];
    let index = index(&keywords);
    for (i, keyword) in keywords.iter().enumerate() {
        for text in [
            keyword.to_lowercase(),
            keyword.to_uppercase(),
            (*keyword).to_owned(),
        ] {
            // a final sigma has no upper case of its own
            if text.contains('Σ') {
                continue;
            }
            let text = format!("x {text} y");
            let got = found(&index, &text);
            assert_eq!(got.len(), 1, "{text}");
            assert_eq!(got[0].0, i as u32);
        }
    }
}

#[test]
fn literals_match_byte_for_byte() {
    let index = KeywordIndex::new(vec![
        Term::literal(b"-----BEGIN ", false).expect("has a word"),
        Term::literal(b"eyJ", false).expect("is a word"),
        Term::literal(b"set-cookie:", true).expect("is a word"),
    ]);
    assert_eq!(
        found(&index, "x-----BEGIN RSA"),
        [(0, "-----BEGIN ".to_owned())]
    );
    assert_eq!(found(&index, "----BEGIN RSA -----begin "), []);
    assert_eq!(found(&index, "\"eyJhb EYJ"), [(1, "eyJ".to_owned())]);
    assert_eq!(
        found(&index, "Set-Cookie: a"),
        [(2, "Set-Cookie:".to_owned())]
    );
    let url = KeywordIndex::new(vec![
        Term::literal(b"https://hooks.example/", false).expect("has a host"),
    ]);
    assert_eq!(
        found(&url, "https://example/ https://hooks.example/a"),
        [(0, "https://hooks.example/".to_owned())]
    );
    assert_eq!(found(&url, "http://hooks.example/a"), []);
    assert_eq!(Term::literal(b"%B", false), None);
    assert_eq!(Term::literal(b"123;=", false), None);
}

#[test]
fn terms_at_the_very_end_are_found() {
    let index = index(&["ssn", "cvv code", "rg"]);
    assert_eq!(found(&index, "a ssn").len(), 1);
    assert_eq!(found(&index, "cvvcode").len(), 1);
    assert_eq!(found(&index, "rg").len(), 1);
    assert_eq!(found(&index, "cvvcod").len(), 0);
}
