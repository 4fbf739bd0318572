//! How many of the labelled addresses are found, and how exactly; none where there is none.
//!
//! `fixtures/labelled/address.tsv`: country, tab, text with the address between `«` and `»`;
//! `⏎` stands for a line break, `-` for a text without address.

use std::collections::BTreeMap;
use std::ops::Range;

use magpie::detect::address::{in_field, number_starts, scan};

struct Case {
    country: String,
    text: String,
    address: Option<Range<usize>>,
}

fn cases() -> Vec<Case> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/labelled/address.tsv");
    let text = std::fs::read_to_string(path).expect("labelled addresses are readable");
    let mut cases = Vec::new();
    for line in text
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let (country, marked) = line.split_once('\t').expect("country, tab, text");
        let (mut text, mut start, mut address) = (String::new(), 0, None);
        for c in marked.chars() {
            match c {
                '«' => start = text.len(),
                '»' => address = Some(start..text.len()),
                '⏎' => text.push('\n'),
                c => text.push(c),
            }
        }
        assert_eq!(address.is_none(), country == "-", "{line}");
        cases.push(Case {
            country: country.into(),
            text,
            address,
        });
    }
    assert!(cases.len() > 200);
    cases
}

fn found(text: &[u8]) -> Vec<(Range<usize>, &'static str)> {
    let numbers = number_starts(text, 0..text.len());
    let mut hits = Vec::new();
    scan(text, 0..text.len(), &numbers, &mut |hit| {
        assert!(hit.confidence > 0.0 && hit.confidence <= 1.0);
        hits.push((hit.range, hit.country));
    });
    hits
}

/// Found in part, exactly, and all, by country.
fn tally(read: &dyn Fn(&Case) -> Option<Range<usize>>) -> BTreeMap<String, [usize; 3]> {
    let mut tally: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for case in cases() {
        let Some(address) = &case.address else {
            continue;
        };
        let hit = read(&case);
        let counts = tally.entry(case.country.clone()).or_default();
        let overlaps = hit
            .as_ref()
            .is_some_and(|h| h.start < address.end && h.end > address.start);
        let exact = hit.as_ref() == Some(address);
        if !exact {
            println!(
                "{}: {:?}: got {:?}",
                case.country,
                case.text,
                hit.map(|h| &case.text[h])
            );
        }
        counts[0] += usize::from(overlaps);
        counts[1] += usize::from(exact);
        counts[2] += 1;
    }
    tally
}

#[test]
fn finds_nearly_all_and_their_whole_span() {
    let tally = tally(&|case| {
        let hits = found(case.text.as_bytes());
        assert!(hits.len() <= 1, "{:?}: {} hits", case.text, hits.len());
        let (range, country) = hits.into_iter().next()?;
        assert_eq!(country, case.country, "{:?}", case.text);
        Some(range)
    });
    for (country, [found, exact, all]) in tally {
        let share = |n: usize| n as f64 / all as f64;
        println!(
            "{country}: found {:.3}, exact {:.3} of {all}",
            share(found),
            share(exact)
        );
        assert!(share(found) >= 0.93, "{country}: found {found} of {all}");
        assert!(share(exact) >= 0.90, "{country}: exact {exact} of {all}");
    }
}

#[test]
fn finds_nothing_where_there_is_no_address() {
    for case in cases().iter().filter(|c| c.address.is_none()) {
        assert_eq!(found(case.text.as_bytes()), [], "{:?}", case.text);
    }
}

/// The value of a field is the address alone, in whatever case.
#[test]
fn fields_do_without_capitals() {
    for fold in [str::to_string, str::to_lowercase, |s: &str| {
        s.to_uppercase()
    }] {
        let tally = tally(&|case| {
            let address = case.address.clone()?;
            let value = fold(&case.text[address.clone()]);
            let hit = in_field(value.as_bytes())?;
            let whole = hit.range == (0..value.len());
            Some(if whole {
                address
            } else {
                address.start..address.start + 1
            })
        });
        for (country, [found, exact, all]) in tally {
            assert!(
                found as f64 >= 0.85 * all as f64,
                "{country}: found {found} of {all}"
            );
            assert!(
                exact as f64 >= 0.75 * all as f64,
                "{country}: exact {exact} of {all}"
            );
        }
    }
}
