//! NAME answers the same wherever a text is cut, bears any bytes, and reports in order.

use magpie::detect::name::{NameMatch, REACH_BYTES, capital_starts, find_all, scan};
use proptest::prelude::*;

/// The labelled texts without their marks, as one text.
fn sample() -> Vec<u8> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/labelled/name.txt");
    let text = std::fs::read_to_string(file).expect("labelled texts");
    text.replace(['«', '»'], "")
        .replace("\\n", "\n")
        .into_bytes()
}

/// Names that start in `own`, found with no more than the promised context around it.
fn part(text: &[u8], own: std::ops::Range<usize>) -> Vec<NameMatch> {
    let from = own.start.saturating_sub(REACH_BYTES);
    let to = (own.end + REACH_BYTES).min(text.len());
    let window = &text[from..to];
    let caps = capital_starts(window, 0..window.len());
    let mut names = Vec::new();
    scan(
        window,
        own.start - from..own.end - from,
        &caps,
        &mut |mut m| {
            m.range = m.range.start + from..m.range.end + from;
            names.push(m);
        },
    );
    names
}

fn in_parts(text: &[u8], cut: usize, reach: usize) -> Vec<NameMatch> {
    let from = cut.saturating_sub(reach);
    let to = (cut + reach).min(text.len());
    let mut names = part(text, from..cut);
    names.extend(part(text, cut..to));
    names
}

fn check_cuts(text: &[u8]) {
    let whole = find_all(text);
    for cut in 0..=text.len() {
        let reach = 100;
        let got = in_parts(text, cut, reach);
        let range = cut.saturating_sub(reach)..(cut + reach).min(text.len());
        let want: Vec<_> = whole
            .iter()
            .filter(|m| range.contains(&m.range.start))
            .cloned()
            .collect();
        assert_eq!(got, want, "cut at {cut}");
    }
}

#[test]
fn the_same_at_every_cut() {
    let text = sample();
    assert!(find_all(&text).len() > 80, "the sample holds names");
    check_cuts(&text);
}

#[test]
fn long_runs_of_names_are_the_same_at_every_cut() {
    let mut text = Vec::new();
    for i in 0..60 {
        text.extend_from_slice(
            [
                &b"Anna "[..],
                b"Weber ",
                b"Peter ",
                b"John ",
                b"Maria ",
                b"Bank ",
                b"Lee ",
                b"van ",
                b"Smith ",
            ][i * 7 % 9],
        );
    }
    check_cuts(&text);
    let listed = "Anna Weber, Peter Lang, John Smith, ".repeat(20);
    check_cuts(listed.as_bytes());
    let upper = "ANNA WEBER PETER LANG JOHN SMITH ".repeat(20);
    check_cuts(upper.as_bytes());
}

/// What texts for the properties are made of.
const PIECES: &[&[u8]] = &[
    b"John ",
    b"Smith",
    b"Dr. ",
    b"van der ",
    b"O'Brien ",
    b"\xc3\x89milie ",
    b"J. ",
    b", ",
    b"\n",
    b"Jean-",
    b"Inc",
    b"al-",
    b"\xc3",
    b"\xe1\xba",
    b"\xe2\x80\x99s ",
    b"the ",
    b" ",
    b"A",
    b".",
    b"\xff",
    b"Jr.",
    b"\xc2\xa0",
    b"JOHN ",
    b"SMITH ",
];

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(PIECES);
    prop::collection::vec(piece, 0..60).prop_map(|p| p.concat())
}

proptest! {
    #[test]
    fn any_pieces(text in pieces()) {
        let names = find_all(&text);
        for m in &names {
            prop_assert!(m.range.start < m.range.end && m.range.end <= text.len());
            prop_assert!((0.5..=1.0).contains(&m.confidence));
        }
        for pair in names.windows(2) {
            prop_assert!(pair[0].range.end <= pair[1].range.start);
        }
        if !text.is_empty() {
            check_cuts(&text);
        }
    }

    #[test]
    fn any_bytes(text in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = find_all(&text);
        let caps: Vec<u32> = (0..text.len() as u32).collect();
        scan(&text, 0..text.len(), &caps, &mut |_| {});
    }
}
