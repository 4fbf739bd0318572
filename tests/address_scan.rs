//! The promises of the address scanner: seams, any bytes, linear time, fields.

use std::ops::Range;
use std::time::{Duration, Instant};

use magpie::detect::address::{AddressMatch, MARGIN_BYTES, in_field, number_starts, scan};

/// Scans `own` of the text as a block does: numbers of `own` and its margins only.
fn scan_own(text: &[u8], own: Range<usize>) -> Vec<AddressMatch> {
    let numbers = number_starts(
        text,
        own.start.saturating_sub(MARGIN_BYTES)..own.end + MARGIN_BYTES,
    );
    let mut hits = Vec::new();
    scan(text, own, &numbers, &mut |hit| hits.push(hit));
    hits
}

fn scan_all(text: &[u8]) -> Vec<AddressMatch> {
    scan_own(text, 0..text.len())
}

const LETTERS: &str = "Order 17 of 2024-05-01, pid 12345 Started\n\
    Jane Roe\n742 Evergreen Ter Apt 5\nSpringfield, OR 97477\n\n\
    {\"a\":\"Flat 2, 10 High Street, Leeds LS1 4AP\",\"b\":\"12 bis rue de la Paix\\n75002 Paris\"}\n\
    12 George St, Sydney NSW 2000; 290 Bremner Blvd, Toronto, ON M5V 3L9\n\
    Hauptstra\u{df}e 12a, 10115 Berlin | Calle Mayor 5, 3\u{ba} B, 28013 Madrid\n\
    Via Roma 10, 00184 Roma RM, Av. Paulista, 1578 - Bela Vista, S\u{e3}o Paulo - SP, 01310-200\n";

#[test]
fn a_text_cut_anywhere_gives_the_same_addresses() {
    let text = format!(
        "{LETTERS}{}{LETTERS}{}{LETTERS}",
        "filler 12 ".repeat(90),
        "\u{e9} ".repeat(400)
    );
    let text = text.as_bytes();
    let whole = scan_all(text);
    assert_eq!(whole.len(), 3 * 9, "{whole:?}");
    for cut in 0..=text.len() {
        let mut parts = scan_own(text, 0..cut);
        parts.extend(scan_own(text, cut..text.len()));
        assert_eq!(parts, whole, "cut at {cut}");
    }
}

/// What lies further than the margin may be absent altogether.
#[test]
fn a_block_needs_its_margins_only() {
    let text = LETTERS.repeat(8);
    let text = text.as_bytes();
    for start in (0..text.len()).step_by(37) {
        let own = start..(start + 700).min(text.len());
        let low = own.start.saturating_sub(MARGIN_BYTES);
        let high = (own.end + MARGIN_BYTES).min(text.len());
        let inner = scan_own(&text[low..high], own.start - low..own.end - low);
        let outer = scan_own(text, own.clone());
        let shifted: Vec<_> = inner
            .iter()
            .map(|h| h.range.start + low..h.range.end + low)
            .collect();
        let ranges: Vec<_> = outer.iter().map(|h| h.range.clone()).collect();
        assert_eq!(shifted, ranges, "own {own:?}");
    }
}

#[test]
fn addresses_ascend_and_do_not_overlap() {
    let rows = "9 Oak St, Salem, OR 97301, 8 Elm St, Salem, OR 97301 10 High Street, Leeds LS1 4AP 10115 Berlin ";
    let text = rows.repeat(50);
    let hits = scan_all(text.as_bytes());
    assert!(hits.len() >= 100, "{}", hits.len());
    for pair in hits.windows(2) {
        assert!(pair[0].range.end <= pair[1].range.start, "{pair:?}");
    }
}

#[test]
fn bears_any_bytes() {
    let mut text = LETTERS.as_bytes().to_vec();
    for (step, junk) in [
        (3, 0xFFu8),
        (7, 0x80),
        (11, b'\\'),
        (13, b'\''),
        (17, 0xC2),
        (19, 0xE2),
        (23, b'<'),
        (29, b'>'),
    ] {
        for offset in 0..step {
            let mut broken = text.clone();
            for at in (offset..broken.len()).step_by(step) {
                broken[at] = junk;
            }
            for hit in scan_all(&broken) {
                assert!(hit.range.start < hit.range.end && hit.range.end <= broken.len());
            }
            let _ = in_field(&broken);
        }
    }
    // every beginning and every end
    text.truncate(400);
    for cut in 0..text.len() {
        scan_all(&text[..cut]);
        scan_all(&text[cut..]);
        let _ = in_field(&text[cut..]);
    }
}

/// Twice the text takes about twice the time, for texts that look like addresses all over.
#[test]
fn hostile_text_takes_linear_time() {
    let seeds: &[&str] = &[
        "1 A 1 A ",
        "TX 75201 ",
        "12 Main St, TX 75201 ",
        "LS1 4AP ",
        "1 High Street LS1 4AP, ",
        "M5V 2T6 ON ",
        "10115 Berlin ",
        "12 Via Roma 00184 Roma ",
        "Rua A 1 SP 01310-200 ",
        "NSW 2000 ",
        "PO Box 1 ",
        "\\n12345",
        "1 St St St St St St St ",
        "<br>",
        "Flat 1, ",
        "a ",
        "1",
        "''''",
        "A-",
        "\\u00e9",
    ];
    for seed in seeds {
        let time = |bytes: usize| {
            let text = seed.repeat(bytes / seed.len());
            let text = text.as_bytes();
            let numbers = number_starts(text, 0..text.len());
            (0..3)
                .map(|_| {
                    let begin = Instant::now();
                    scan(text, 0..text.len(), &numbers, &mut |_| {});
                    begin.elapsed()
                })
                .min()
                .unwrap_or_default()
        };
        let (one, four) = (time(100_000), time(400_000));
        assert!(
            four < one * 12 + Duration::from_millis(20),
            "{seed:?}: {one:?}, then {four:?}"
        );
        assert!(four < Duration::from_secs(4), "{seed:?}: {four:?}");
    }
}

#[test]
fn fields_take_glued_postcodes_and_may_lack_one() {
    for value in [
        "123 Main St W, Toronto ON M5V2T6",
        "10 High Street, Leeds, LS14AP",
        "10 high street, leeds, ls14ap",
        "410 Terry Ave N, Seattle, WA",
        "410 terry ave n, seattle wa",
        "12 George St, Sydney NSW",
        "111 Wellington St, Ottawa, Ontario",
    ] {
        let hit = in_field(value.as_bytes());
        assert_eq!(hit.map(|h| h.range), Some(0..value.len()), "{value}");
    }
    let usa = "410 Terry Ave N, Seattle, WA, USA";
    assert_eq!(in_field(usa.as_bytes()).map(|h| h.range), Some(0..28));
}

#[test]
fn fields_hold_other_addresses_too() {
    for value in [
        "",
        "10.0.0.1",
        "jane@example.com",
        "00:1b:44:11:3a:b7",
        "0x7ffe12345678",
        "localhost:8080",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "https://example.com/12/main",
        "410 Terry Ave N",
        "Seattle, WA 98109",
        "n/a",
        "12 High priority, WA 98101",
        "2001:db8::1",
        "main st",
        "12345",
        "LS1 4AP",
    ] {
        assert_eq!(in_field(value.as_bytes()), None, "{value}");
    }
}

/// `Debug` of a match shows places only.
#[test]
fn a_match_does_not_print_the_address() {
    let hits = scan_all(LETTERS.as_bytes());
    let printed = format!("{hits:?}");
    assert!(!printed.contains("Evergreen") && !printed.contains("97477"));
}

/// A text that begins in the midst of an address has nothing before it.
#[test]
fn an_address_may_lack_its_beginning() {
    assert!(scan_all(b"E KY-.of E1 1BB").is_empty());
}
