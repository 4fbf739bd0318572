//! What is almost reported is told with its reason, when asked for; the hits stay what they are.

use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use magpie::detect::{Catalogue, MissReason, NearMiss, Scanner};
use magpie::model::text::{LOOKAHEAD_BYTES, LOOKBEHIND_BYTES, NoContext};
use magpie::model::{Block, Context, Hit};

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/structure.rs"]
mod structure;

static CATALOGUE: LazyLock<Arc<Catalogue>> =
    LazyLock::new(|| Arc::new(Catalogue::builtin().expect("detector files load")));

const SSN: &str = "USA_SOCIAL_SECURITY_NUMBER";
const CARD: &str = "CREDIT_CARD_NUMBER";
const UNNAMED_CARD: &str = "CREDIT_CARD_NUMBER_(NO_KEYWORD)";

fn explained(text: &[u8], ctx: &mut dyn Context) -> (Vec<Hit>, Vec<NearMiss>) {
    let (mut hits, mut misses) = (Vec::new(), Vec::new());
    let _ = Scanner::new(CATALOGUE.clone()).scan_explained(
        &Block::whole(text),
        ctx,
        &mut |hit| {
            hits.push(hit);
            ControlFlow::Continue(())
        },
        &mut |miss| misses.push(miss),
    );
    (hits, misses)
}

fn id(detector: u16) -> &'static str {
    &CATALOGUE.index().detectors[usize::from(detector)].id
}

/// What is said of `value` as one of `detector`: `None` if nothing, and the words for it.
fn reason(text: &str, value: &str, detector: &str) -> Option<(MissReason, String)> {
    let (_, misses) = explained(text.as_bytes(), &mut NoContext);
    let of_this: Vec<&NearMiss> = misses
        .iter()
        .filter(|m| id(m.detector) == detector && &text[m.range.clone()] == value)
        .collect();
    assert!(of_this.len() <= 1, "{text}: {of_this:?}");
    of_this.first().map(|m| {
        let words = m.reason.describe(CATALOGUE.index());
        (m.reason.clone(), words)
    })
}

fn said(text: &str, value: &str, detector: &str) -> (&'static str, String) {
    let (reason, words) = reason(text, value, detector).unwrap_or_else(|| {
        let (hits, misses) = explained(text.as_bytes(), &mut NoContext);
        panic!("{text}: nothing said; hits {hits:?}, misses {misses:?}")
    });
    (reason.name(), words)
}

#[test]
fn an_edge_is_told() {
    let (name, words) = said("ssn 7-536-90-4399", "536-90-4399", SSN);
    assert_eq!(
        (name, &words[..]),
        ("edge", "edge number: its neighbours continue it")
    );
}

#[test]
fn a_check_is_told() {
    let (name, words) = said("card 4532015112830367", "4532015112830367", CARD);
    assert_eq!((name, &words[..]), ("check", "check luhn failed"));
    let (name, words) = said("ssn 666-90-4399", "666-90-4399", SSN);
    assert_eq!((name, &words[..]), ("check", "check ssn_ranges failed"));
}

#[test]
fn a_sample_is_told() {
    let sample = "4111111111111111";
    let (name, words) = said(&format!("card {sample}"), sample, CARD);
    assert_eq!(
        (name, &words[..]),
        ("sample", "a known sample value, never reported")
    );
}

#[test]
fn a_keyword_is_missed() {
    let (name, words) = said("number 536-90-4399 of today", "536-90-4399", SSN);
    assert_eq!((name, &words[..]), ("keyword_missing", "no keyword near"));
}

#[test]
fn a_keyword_is_too_far() {
    let text = format!("ssn {} 536-90-4399", "x ".repeat(17));
    let (name, words) = said(&text, "536-90-4399", SSN);
    let want = "keyword \"ssn\" is too far, 36 characters before";
    assert_eq!((name, &words[..]), ("keyword_far", want));
    let text = format!("ssn {} 536-90-4399", "x ".repeat(150));
    assert_eq!(said(&text, "536-90-4399", SSN).0, "keyword_missing");
}

#[test]
fn a_keyword_is_on_another_line() {
    let (name, words) = said("ssn\n\n536-90-4399", "536-90-4399", SSN);
    let want = "keyword \"ssn\" is 2 characters before, but on another line";
    assert_eq!((name, &words[..]), ("keyword_parted", want));
}

#[test]
fn a_keyword_may_stand_in_the_way() {
    let (name, words) = said("card 4532015112830366", "4532015112830366", UNNAMED_CARD);
    let want = "counts only without a keyword, and keyword \"card\" is near";
    assert_eq!((name, &words[..]), ("keyword_present", want));
}

#[test]
fn a_veto_is_told() {
    for (text, value, rule) in [
        ("ssn size 536904399 bytes", "536904399", "label"),
        ("ssn at /users/536904399", "536904399", "path"),
        ("ssn of blk_536904399", "536904399", "name"),
        ("ssn: a*536904399", "536904399", "arithmetic"),
        ("XXX-536904399 ssn", "536904399", "masked"),
        ("536904399 ssn=x", "536904399", "elsewhere"),
        ("ssn=x, order=536904399", "536904399", "elsewhere"),
    ] {
        let (name, words) = said(text, value, SSN);
        assert_eq!((name, words), ("veto", format!("veto {rule}")), "{text}");
    }
    let card = "4257601853667373";
    let text = format!("0.123 0.456 {card} 0.789 1.234");
    let (name, words) = said(&text, card, UNNAMED_CARD);
    assert_eq!((name, &words[..]), ("veto", "veto series"));
    let text = format!("span_id={card}");
    assert_eq!(said(&text, card, UNNAMED_CARD).1, "veto label");
}

/// A value of a column of ids has the check digit of a card by chance; one of a column of cards has not.
#[test]
fn a_card_among_ids_is_chance() {
    let ids = [
        "4257601853667371",
        "8257601853667372",
        "4532015112830361",
        "5424180000000013",
        "9100000000000004",
    ];
    let cards = [
        "4532015112830366",
        "5424180000000015",
        "4556737586899855",
        "378734493671018",
    ];
    let lines = |numbers: &[&str]| -> String {
        let line = |n: &&str| format!("ref {n} done\n");
        numbers.iter().map(line).collect::<String>() + "ref 4257601853667373 done\n"
    };
    let (name, words) = said(&lines(&ids), "4257601853667373", UNNAMED_CARD);
    assert_eq!((name, &words[..]), ("veto", "veto chance"));
    for text in [
        lines(&cards),
        // two ids are too few to tell, and others stand elsewhere
        lines(&ids[..2]),
        ids.map(|n| format!("size {n}\n")).concat() + "ref 4257601853667373 done\n",
        // one in three passes: these are no ids
        lines(&[&ids[..3], &cards[..2]].concat()),
    ] {
        let (hits, misses) = explained(text.as_bytes(), &mut NoContext);
        let found = |h: &Hit| text[h.range.clone()] == *"4257601853667373";
        assert!(hits.iter().any(found), "{text}: {misses:?}");
    }
}

#[test]
fn a_veto_gives_way() {
    for text in [
        "ssn: 536904399 bytes",
        "/ssn/536904399",
        "ssn_536904399",
        "ssn 536904399, ssn=x",
        "{\"ssn\":{\"kind\":\"a\",\"digits\":\"536904399\"}}",
        "ssn: x, other: 536-90-4399",
    ] {
        let (hits, misses) = explained(text.as_bytes(), &mut NoContext);
        assert!(
            hits.iter().any(|h| id(h.detector) == SSN),
            "{text}: {misses:?}"
        );
    }
}

#[test]
fn a_better_value_is_told() {
    // both keywords beside one number; the nearer one wins
    let text = "passport no., ssn 536904399";
    let (reason, words) = reason(text, "536904399", "USA_PASSPORT_NUMBER").expect("said");
    assert_eq!(words, format!("lost to {SSN}"));
    let MissReason::Lost { to, range } = reason else {
        panic!("{reason:?}");
    };
    assert_eq!((id(to), &text[range]), (SSN, "536904399"));
    let (hits, _) = explained(text.as_bytes(), &mut NoContext);
    let [hit] = &hits[..] else {
        panic!("{hits:?}");
    };
    assert!(
        hit.rivals.iter().any(|r| id(r) == "USA_PASSPORT_NUMBER"),
        "{hit:?}"
    );
}

#[test]
fn what_is_reported_is_not_missed() {
    for spec in CATALOGUE.specs() {
        for example in &spec.positives {
            let (hits, misses) = explained(example.text.as_bytes(), &mut NoContext);
            for hit in &hits {
                let again = misses
                    .iter()
                    .find(|m| m.detector == hit.detector && m.range == hit.range);
                assert!(again.is_none(), "{}: {again:?}", example.text);
            }
        }
    }
}

fn sample() -> String {
    let mut text = corpus::logs(12_000, 4, 7).text;
    for spec in CATALOGUE.specs() {
        for example in &spec.negatives {
            text.push_str(&example.text);
            text.push('\n');
        }
    }
    text
}

fn plain(text: &[u8], ctx: &mut dyn Context) -> Vec<Hit> {
    let mut hits = Vec::new();
    let _ = Scanner::new(CATALOGUE.clone()).scan(&Block::whole(text), ctx, &mut |hit| {
        hits.push(hit);
        ControlFlow::Continue(())
    });
    hits
}

#[test]
fn the_hits_are_those_of_the_scan() {
    let text = sample();
    let (hits, misses) = explained(text.as_bytes(), &mut NoContext);
    assert_eq!(hits, plain(text.as_bytes(), &mut NoContext));
    assert!(misses.len() > 100, "{}", misses.len());
    let csv = corpus::csv(10_000, 5).text;
    let mut table = structure::Table::new(&csv);
    let (hits, _) = explained(csv.as_bytes(), &mut table);
    assert_eq!(hits, plain(csv.as_bytes(), &mut table));
}

#[test]
fn misses_do_not_depend_on_cuts() {
    let text = sample();
    let text = text.as_bytes();
    let (_, expected) = explained(text, &mut NoContext);
    let mut scanner = Scanner::new(CATALOGUE.clone());
    let mut got = Vec::new();
    let size = 5003;
    for from in (0..text.len()).step_by(size) {
        let to = (from + size).min(text.len());
        let start = from.saturating_sub(LOOKBEHIND_BYTES);
        let end = (to + LOOKAHEAD_BYTES).min(text.len());
        let block = Block {
            text: &text[start..end],
            own: from - start..to - start,
            start: start as u64,
            first: start == 0,
            last: end == text.len(),
        };
        let mut keep = |mut miss: NearMiss| {
            let moved = |r: &std::ops::Range<usize>| r.start + start..r.end + start;
            miss.range = moved(&miss.range);
            if let MissReason::Lost { range, .. } = &mut miss.reason {
                *range = moved(range);
            }
            got.push(miss);
        };
        let _ = scanner.scan_explained(
            &block,
            &mut NoContext,
            &mut |_| ControlFlow::Continue(()),
            &mut keep,
        );
    }
    let first = got.iter().zip(&expected).find(|(a, b)| a != b);
    assert_eq!(first, None);
    assert_eq!(got.len(), expected.len());
}
