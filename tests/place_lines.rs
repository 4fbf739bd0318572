//! Text lines: lines and columns in every encoding, and the JSON inside log lines.

mod content_support;

use content_support::*;
use magpie::content::Limits;
use magpie::model::{Status, TextShape};

const NEEDLES: [&str; 4] = ["NEEDLE-1", "NEEDLE-2", "näedle €", "né\nedle"];

const TEXT: &str = "first line NEEDLE-1 ends\r\n\
    Zweite Zeile: grüße näedle € und NEEDLE-2\n\
    \n\
    third né\nedle over two lines\n\
    last line has no end: NEEDLE-1";

fn check(seen: &Seen) {
    assert_eq!(seen.outcome.status, Status::Complete, "{:?}", seen.outcome);
    let got: Vec<_> = seen
        .found
        .iter()
        .map(|f| {
            let p = &f.place;
            (f.value.as_str(), p.line, p.column, p.end_line, p.end_column)
        })
        .collect();
    assert_eq!(
        got,
        [
            ("NEEDLE-1", 1, 12, 1, 20),
            ("näedle €", 2, 21, 2, 29),
            ("NEEDLE-2", 2, 34, 2, 42),
            ("né\nedle", 4, 7, 5, 5),
            ("NEEDLE-1", 6, 23, 6, 31),
        ]
    );
    assert!(seen.found.iter().all(|f| f.shape == TextShape::Plain));
}

#[test]
fn utf8_with_and_without_mark() {
    let seen = see_every_way("a.txt", TEXT.as_bytes(), &NEEDLES);
    check(&seen);
    read_back(&seen, TEXT.as_bytes(), &lossy);
    let marked = [b"\xef\xbb\xbf".as_slice(), TEXT.as_bytes()].concat();
    let seen = see_every_way("a.txt", &marked, &NEEDLES);
    check(&seen);
    read_back(&seen, &marked, &lossy);
    for found in &seen.found {
        assert_eq!(
            found.place.stored_range.as_ref(),
            Some(&found.place.byte_range)
        );
    }
}

#[test]
fn utf16_both_ways_with_and_without_mark() {
    // A character above U+FFFF takes four bytes.
    let text = TEXT.replace("Zweite", "😀😀wei");
    let units: Vec<u16> = text.encode_utf16().collect();
    for big in [false, true] {
        for mark in [false, true] {
            let pair = |u: u16| {
                if big {
                    u.to_be_bytes()
                } else {
                    u.to_le_bytes()
                }
            };
            let bytes: Vec<u8> = mark
                .then_some(0xfeff)
                .into_iter()
                .chain(units.iter().copied())
                .flat_map(pair)
                .collect();
            let seen = see_every_way("a.txt", &bytes, &NEEDLES);
            let columns: Vec<u64> = seen.found.iter().map(|f| f.place.column).collect();
            assert_eq!(columns, [12, 20, 33, 7, 23]);
            read_back(&seen, &bytes, &|stored| {
                let units: Vec<u16> = stored
                    .chunks(2)
                    .map(|c| {
                        if big {
                            u16::from_be_bytes([c[0], c[1]])
                        } else {
                            u16::from_le_bytes([c[0], c[1]])
                        }
                    })
                    .collect();
                String::from_utf16(&units).unwrap()
            });
            assert_eq!(seen.outcome.bytes_scanned, bytes.len() as u64);
        }
    }
}

#[test]
fn windows_1252() {
    let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(TEXT);
    let seen = see_every_way("a.txt", &bytes, &NEEDLES);
    check(&seen);
    read_back(&seen, &bytes, &|stored| {
        encoding_rs::WINDOWS_1252.decode(stored).0.into_owned()
    });
}

#[test]
fn stray_bytes_pass_as_they_are() {
    let bytes = [TEXT.as_bytes(), b" \xff\xfe NEEDLE-2"].concat();
    let seen = see_every_way("a.txt", &bytes, &["NEEDLE-2"]);
    assert_eq!(seen.text, bytes);
    read_back(&seen, &bytes, &lossy);
    assert_eq!(seen.found[1].place.line, 6);
}

/// A seam at every offset: long enough that the surroundings do not hold the whole text.
#[test]
fn seams_in_every_encoding() {
    let filler: String = (0..900)
        .map(|i| format!("zeile {i} mit grüßen und so weiter\n"))
        .collect();
    let text = format!(
        "{filler}NEEDLE-1{}näedle €{filler}NEEDLE-2",
        "é".repeat(30_000)
    );
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (latin, ..) = encoding_rs::WINDOWS_1252.encode(&text);
    for bytes in [text.as_bytes(), &utf16, &latin] {
        let whole = see("a.txt", bytes, &Limits::default(), &NEEDLES);
        assert_eq!(values(&whole), ["NEEDLE-1", "näedle €", "NEEDLE-2"]);
        assert_eq!(whole.found[1].place.column, 30_009);
        for block in [500, 1009, 20_011] {
            let cut = see("a.txt", bytes, &blocks_of(block), &NEEDLES);
            assert_eq!(cut.found, whole.found);
            assert_eq!(cut.text, whole.text);
        }
    }
}

fn names_of(seen: &Seen) -> Vec<Option<(String, Vec<String>)>> {
    seen.found
        .iter()
        .map(|f| f.field.clone().map(|(value, names, _)| (value, names)))
        .collect()
}

#[test]
fn json_in_log_lines_has_fields() {
    let some = |value: &str, names: &[&str]| {
        Some((
            value.to_owned(),
            names.iter().map(|n| (*n).to_owned()).collect(),
        ))
    };
    let needles = ["V1", "V2", "V3", "V4", "V5", "V6", "V7"];
    let text = r#"12:00 INFO plain V1 {not json} done
12:01 INFO {"a\"b":{"ssn":"is V2"}} after V3 {"c":["V4"]} {"d" broken V5
12:02 {"e": {"f":"ends here
V6 {"g":"V7"}
"#;
    let seen = see_every_way("app.log", text.as_bytes(), &needles);
    assert_eq!(
        names_of(&seen),
        [
            None,
            some("is V2", &["a\"b", "ssn"]),
            None,
            some("V4", &["c"]),
            None,
            None,
            some("V7", &["g"]),
        ]
    );
    // In an exported log an event may span lines, and so may its JSON.
    let log = "2024-05-01T12:00:00.123Z {\n  \"user\": {\n    \"card\": \"V1\"\n  }\n}\n2024-05-01T12:00:01.123Z V2 {\"x\":\"V3\"\n";
    let seen = see_every_way("app.log", log.as_bytes(), &needles);
    assert_eq!(
        names_of(&seen),
        [some("V1", &["user", "card"]), None, some("V3", &["x"])]
    );
}

/// The names of a value are those of its line also where the line began long before the block.
#[test]
fn payload_of_a_long_line_is_known_up_to_its_limit() {
    let filler = "\"some text\",".repeat(2500);
    let text = format!(
        "first\nINFO {{\"outer\":[{filler}\"V1\",{filler}{filler}{filler}\"V2\"]}}\n{{\"z\":\"V3\"}}\n"
    );
    let mut all = Vec::new();
    for block in [50, 3000, 256 << 10] {
        let seen = see(
            "app.log",
            text.as_bytes(),
            &blocks_of(block),
            &["V1", "V2", "V3"],
        );
        let known: Vec<bool> = seen.found.iter().map(|f| f.field.is_some()).collect();
        assert_eq!(known, [true, false, true]);
        assert_eq!(seen.found[0].field.clone().unwrap().1, ["outer"]);
        all.push(seen.found);
    }
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]));
}
