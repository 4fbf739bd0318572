//! Hits depend on the text alone: not on how it is cut into blocks, nor on the processor's
//! instructions, nor on what was scanned before.

use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use magpie::detect::{Catalogue, Level, Scanner};
use magpie::model::text::{LOOKAHEAD_BYTES, LOOKBEHIND_BYTES, NoContext};
use magpie::model::{Block, Context, Hit, TextShape};
use proptest::prelude::*;

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/structure.rs"]
mod structure;

static CATALOGUE: LazyLock<Arc<Catalogue>> =
    LazyLock::new(|| Arc::new(Catalogue::builtin().expect("detector files load")));

fn whole(level: Level, text: &[u8], ctx: &mut dyn Context) -> Vec<Hit> {
    let mut hits = Vec::new();
    let _ =
        Scanner::with_level(CATALOGUE.clone(), level).scan(&Block::whole(text), ctx, &mut |hit| {
            hits.push(hit);
            ControlFlow::Continue(())
        });
    hits
}

/// The hits of a text cut at `cuts`, with the context that blocks are promised, in offsets of the
/// text.
fn cut(scanner: &mut Scanner, text: &[u8], cuts: &[usize], ctx: &mut dyn Context) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut from = 0;
    scanner.begin_member();
    for &to in cuts.iter().chain([&text.len()]) {
        if to <= from {
            continue;
        }
        let start = from.saturating_sub(LOOKBEHIND_BYTES);
        let end = (to + LOOKAHEAD_BYTES).min(text.len());
        let block = Block {
            text: &text[start..end],
            own: from - start..to - start,
            start: start as u64,
            first: start == 0,
            last: end == text.len(),
        };
        let _ = scanner.scan(&block, ctx, &mut |mut hit| {
            hit.range = hit.range.start + start..hit.range.end + start;
            hits.push(hit);
            ControlFlow::Continue(())
        });
        from = to;
    }
    hits
}

/// Lines with a value of every kind, among lines without.
fn sample() -> String {
    let mut text = corpus::logs(24_000, 4, 7).text;
    for spec in CATALOGUE.specs() {
        for example in &spec.positives {
            text.push_str(&example.text);
            text.push('\n');
        }
    }
    text.push_str(&corpus::logs(12_000, 2, 8).text);
    text
}

fn assert_same(got: &[Hit], expected: &[Hit], what: &str) {
    if got != expected {
        let first = got
            .iter()
            .zip(expected)
            .position(|(a, b)| a != b)
            .unwrap_or(got.len().min(expected.len()));
        panic!(
            "{what}: {} hits, expected {}; first difference {:?} and {:?}",
            got.len(),
            expected.len(),
            got.get(first),
            expected.get(first)
        );
    }
}

#[test]
fn hits_ascend_and_lie_in_their_blocks() {
    let text = sample();
    let hits = whole(Level::best(), text.as_bytes(), &mut NoContext);
    assert!(hits.len() > 300, "{} hits", hits.len());
    assert!(
        hits.windows(2)
            .all(|p| (p[0].range.start, p[0].detector) < (p[1].range.start, p[1].detector))
    );
    assert!(hits.windows(2).all(|p| p[0].range.end <= p[1].range.start));
    assert!(hits.iter().all(|h| (0.0..=1.0).contains(&h.confidence)));
}

#[test]
fn all_levels_find_the_same() {
    let text = sample();
    let expected = whole(Level::Scalar, text.as_bytes(), &mut NoContext);
    for &level in Level::all() {
        let got = whole(level, text.as_bytes(), &mut NoContext);
        assert_same(&got, &expected, &format!("{level:?}"));
    }
}

#[test]
fn a_scanner_remembers_nothing() {
    let text = sample();
    let expected = whole(Level::best(), text.as_bytes(), &mut NoContext);
    let mut scanner = Scanner::new(CATALOGUE.clone());
    for _ in 0..2 {
        let got = cut(&mut scanner, text.as_bytes(), &[], &mut NoContext);
        assert_same(&got, &expected, "again");
    }
}

#[test]
fn blocks_of_any_size_give_the_hits_of_the_whole() {
    let text = sample();
    let text = text.as_bytes();
    let expected = whole(Level::best(), text, &mut NoContext);
    let mut scanner = Scanner::new(CATALOGUE.clone());
    for size in [97, 1000, 4096, 10_007] {
        let cuts: Vec<usize> = (1..text.len() / size + 1).map(|i| i * size).collect();
        let got = cut(&mut scanner, text, &cuts, &mut NoContext);
        assert_same(&got, &expected, &format!("blocks of {size}"));
    }
}

#[test]
fn a_value_may_stand_at_any_offset_of_a_boundary() {
    let mut scanner = Scanner::new(CATALOGUE.clone());
    for spec in CATALOGUE.specs() {
        let Some(example) = spec.positives.first() else {
            continue;
        };
        let text = format!("first line\n{}\nlast line\n", example.text);
        let expected = whole(Level::best(), text.as_bytes(), &mut NoContext);
        for at in 1..text.len() {
            let got = cut(&mut scanner, text.as_bytes(), &[at], &mut NoContext);
            assert_same(&got, &expected, &format!("{} cut at {at}", spec.id));
        }
    }
}

#[test]
fn tables_and_records_may_be_cut_anywhere() {
    let csv = corpus::csv(20_000, 5).text;
    let json = corpus::json_lines(20_000, 6).text;
    let mut scanner = Scanner::new(CATALOGUE.clone());
    let mut table = structure::Table::new(&csv);
    let mut records = structure::Json::new(&json, TextShape::Records);
    let mut payload = structure::Json::new(&json, TextShape::Plain);
    let cases: [(&str, &str, &mut dyn Context); 3] = [
        ("table", &csv, &mut table),
        ("records", &json, &mut records),
        ("payload", &json, &mut payload),
    ];
    for (name, text, ctx) in cases {
        let text = text.as_bytes();
        let expected = whole(Level::best(), text, ctx);
        assert!(expected.len() > 300, "{name}: {} hits", expected.len());
        for size in [101, 5000] {
            let cuts: Vec<usize> = (1..text.len() / size + 1).map(|i| i * size).collect();
            let got = cut(&mut scanner, text, &cuts, ctx);
            assert_same(&got, &expected, &format!("{name} in blocks of {size}"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Pieces of everything that detectors look for, in any order, cut anywhere.
    #[test]
    fn any_mixture_may_be_cut_anywhere(
        parts in proptest::collection::vec(prop_oneof![
            Just("ssn ".to_owned()), Just("card: ".to_owned()), Just("dob ".to_owned()),
            Just("phone ".to_owned()), Just("cvv".to_owned()), Just("exp date ".to_owned()),
            Just("{\"name\": \"".to_owned()), Just("\\n".to_owned()), Just("\n".to_owned()),
            Just("é".to_owned()), Just("Martha Rivera".to_owned()), Just("@example.com".to_owned()),
            Just("aws_secret_access_key=".to_owned()), Just("-----BEGIN PRIVATE KEY-----".to_owned()),
            Just("4532015112830366".to_owned()), Just("536-90-4399".to_owned()),
            "[0-9]{1,20}", "[A-Za-z0-9+/]{1,48}", "[ -/:-@]{1,3}", "[A-Z]{1,6}[0-9]{1,8}",
        ], 1..60),
        cuts in proptest::collection::vec(0usize..800, 0..4),
    ) {
        let text = parts.concat();
        let text = text.as_bytes();
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|c| *c < text.len()).collect();
        cuts.sort_unstable();
        let expected = whole(Level::Scalar, text, &mut NoContext);
        let mut scanner = Scanner::new(CATALOGUE.clone());
        prop_assert_eq!(&cut(&mut scanner, text, &cuts, &mut NoContext), &expected);
        for &level in Level::all() {
            prop_assert_eq!(&whole(level, text, &mut NoContext), &expected);
        }
    }

    /// Bytes that are no text at all do no harm.
    #[test]
    fn any_bytes_are_borne(text in proptest::collection::vec(any::<u8>(), 0..600)) {
        let hits = whole(Level::best(), &text, &mut NoContext);
        prop_assert!(hits.iter().all(|h| h.range.end <= text.len()));
    }
}

/// Tokens are looked at after all numbers of a piece. They began with the keywords that were left
/// behind the last number, so that the keyword of an early token was passed already and the token
/// was lost: `Codice fiscale: VZCNLM61M14B114U` in any text that went on for a few lines.
#[test]
fn a_token_keeps_its_keyword_whatever_numbers_follow() {
    let examples = [
        (
            "Codice fiscale: VZCNLM61M14B114U",
            "ITALY_NATIONAL_IDENTIFICATION_NUMBER",
        ),
        ("VIN: KM8MWEGC6LE800852", "VEHICLE_IDENTIFICATION_NUMBER"),
        ("DEA number: BC2275724", "US_DRUG_ENFORCEMENT_AGENCY_NUMBER"),
    ];
    for (line, id) in examples {
        let number = CATALOGUE.index().find(id).unwrap();
        for filler in ["\nssn: 536-90-4399 ", "\ncard number 4532 0151 1283 0366 "] {
            for lines in [0, 1, 5, 40, 400] {
                let text = format!("{line}\n{}", filler.repeat(lines));
                let hits = whole(Level::best(), text.as_bytes(), &mut NoContext);
                let found = hits.iter().filter(|h| h.detector == number).count();
                assert_eq!(found, 1, "{id} before {lines} times {filler:?}");
            }
        }
    }
}
