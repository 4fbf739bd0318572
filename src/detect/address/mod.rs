//! Mailing addresses of the US, Canada, Britain, Australia, France, Germany, Spain, Italy, Brazil.
//!
//! [`scan`] looks at the digit runs of a text only: an address has a postcode, and a postcode's
//! shape (with its state, province or place beside it) turns all but a few runs away at once. From
//! the postcode, the street is read backwards over at most 176 bytes. The place must be known and
//! the postcode must be of its state, province or region, or else a street word must prove the
//! street; a street without postcode, or a postcode without street, is no address. [`in_field`]
//! reads the value of a column or key that is called an address: there capitals do not matter,
//! postcodes may be written in one piece, and city and state may do without a postcode.
//!
//! * `gate`: turns away the digit runs that no postcode has, by length and neighbours.
//! * `postcode`: shapes of postcodes, and the states before them.
//! * `tokens`: words and separators before a postcode (JSON's `\n`, `<br>` and the like included).
//! * `western`: US, CA, AU, GB; `euro` and `after`: FR, DE, ES, IT; `brazil`: BR.
//! * `table`, `fold`: the embedded lists; `places_build.rs` makes them at build time.
//!
//! The lists and their licences: `detectors/words/places/README.md`.

mod after;
mod brazil;
mod euro;
mod field;
mod fold;
mod gate;
mod postcode;
mod table;
mod tokens;
mod western;

use std::ops::Range;

use crate::detect::class::digits_at_start;
use crate::detect::word::quote_at;
use gate::may_be_postcode;
use table::{Country, zone};
use tokens::Tokens;
use western::{Found, Frame};

pub use field::{FIELD_KEYWORDS, NOT_FIELD_KEYWORDS, in_field};

/// How far beyond `own`, on either side, `numbers` must reach and the result may depend on text,
/// in bytes.
pub const MARGIN_BYTES: usize = 512;

/// Numbers that pass the gate before the first of them is looked at closely.
const BATCH: usize = 256;

/// An address in a text, street to postcode (or to the place, where that stands last).
///
/// `Debug` prints the place only: the address itself is not held.
#[derive(Clone, Debug, PartialEq)]
pub struct AddressMatch {
    /// Half-open byte range.
    pub range: Range<usize>,
    /// 0 to 1.
    pub confidence: f32,
    /// ISO 3166-1 alpha-2 code.
    pub country: &'static str,
}

/// Finds the addresses that start in `own`, ascending by start, none overlapping another.
///
/// `numbers`: ascending offsets of the starts of all digit runs whose previous byte is not
/// alphanumeric, in `own` and [`MARGIN_BYTES`] to either side, less where the text ends. What is
/// found depends on that stretch alone. Time is linear in the length for any text.
pub fn scan(text: &[u8], own: Range<usize>, numbers: &[u32], found: &mut dyn FnMut(AddressMatch)) {
    let low = own.start.saturating_sub(MARGIN_BYTES);
    let high = text.len().min(own.end.saturating_add(MARGIN_BYTES));
    let mut escapes = Escapes {
        text: &text[..high],
        at: low,
    };
    let mut escaped = escapes.next();
    let mut sift = Sift {
        own,
        held: None,
        found,
    };
    let mut kept = [0u32; BATCH];
    for batch in numbers.chunks(BATCH) {
        // every number is written, and counted only if it stays: no branch depends on it
        let mut count = 0;
        for &at in batch {
            kept[count & (BATCH - 1)] = at;
            count += usize::from(may_be_postcode(text, at as usize));
        }
        for &at in &kept[..count] {
            let at = at as usize;
            while let Some(before) = escaped.filter(|e| *e < at) {
                if let Some(hit) = at_number(text, before, false) {
                    sift.push(hit);
                }
                escaped = escapes.next();
            }
            if let Some(hit) = at_number(text, at, false) {
                sift.push(hit);
            }
        }
    }
    while let Some(before) = escaped {
        if let Some(hit) = at_number(text, before, false) {
            sift.push(hit);
        }
        escaped = escapes.next();
    }
    sift.flush();
}

/// Digit runs behind a line break written as `\n` or `\r`, whose letter hides them from `numbers`.
struct Escapes<'a> {
    text: &'a [u8],
    at: usize,
}

impl Iterator for Escapes<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        loop {
            let from = self.at + memchr::memchr(b'\\', self.text.get(self.at..)?)?;
            self.at = from + 1;
            let [_, b'n' | b'r', b'0'..=b'9', ..] = self.text[from..] else {
                continue;
            };
            self.at = from + 2;
            return Some(from + 2);
        }
    }
}

/// Starts of the digit runs in `range` whose previous byte is not alphanumeric; the slow twin of
/// what the scanner's bit masks give.
pub fn number_starts(text: &[u8], range: Range<usize>) -> Vec<u32> {
    let range = range.start.min(text.len())..range.end.min(text.len());
    range
        .filter(|&i| text[i].is_ascii_digit() && (i == 0 || !text[i - 1].is_ascii_alphanumeric()))
        .map(|i| i as u32)
        .collect()
}

/// Drops the lesser of two addresses that overlap. Which one that is, is settled between each two
/// neighbours alone, so that it does not depend on where a text was cut.
struct Sift<'a> {
    own: Range<usize>,
    held: Option<(AddressMatch, bool)>,
    found: &'a mut dyn FnMut(AddressMatch),
}

impl Sift<'_> {
    fn push(&mut self, hit: AddressMatch) {
        let mut beaten = false;
        if let Some((held, held_beaten)) = &mut self.held
            && hit.range.start < held.range.end
        {
            let longer = hit.range.len() > held.range.len();
            *held_beaten |= longer;
            beaten = !longer;
        }
        self.flush();
        self.held = Some((hit, beaten));
    }

    fn flush(&mut self) {
        if let Some((held, false)) = self.held.take()
            && self.own.contains(&held.range.start)
        {
            (self.found)(held);
        }
    }
}

/// The address whose postcode has the digit run at `at`. Nearly all runs leave in the first lines.
#[inline]
fn at_number(text: &[u8], at: usize, lax: bool) -> Option<AddressMatch> {
    let digits = run(text, at);
    match digits {
        1 => short_half(text, at, lax),
        4 => australian(text, at, lax),
        5 => five_digits(text, at, lax),
        _ => None,
    }
}

/// Length of the digit run at `at`, counted up to 6.
#[inline]
fn run(text: &[u8], at: usize) -> usize {
    if let Some(bytes) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        return digits_at_start(u64::from_le_bytes(*bytes)).min(6) as usize;
    }
    text.get(at..).map_or(0, |rest| {
        rest.iter()
            .take(6)
            .take_while(|b| b.is_ascii_digit())
            .count()
    })
}

fn letter_or_digit(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|b| {
        b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80 && !quote_at(text, at)
    })
}

/// `4AP` of `LS1 4AP`, `2T6` of `M5V 2T6`.
fn short_half(text: &[u8], at: usize, lax: bool) -> Option<AddressMatch> {
    let half = text.get(at..at + 3)?;
    let cased = |b: u8| b.is_ascii_uppercase() || (lax && b.is_ascii_lowercase());
    if !cased(half[1])
        || !(cased(half[2]) || half[2].is_ascii_digit())
        || letter_or_digit(text, at + 3)
    {
        return None;
    }
    let gap = match text.get(at.checked_sub(1)?)? {
        b' ' | b'-' => 1,
        0xA0 if at >= 2 && text[at - 2] == 0xC2 => 2,
        _ => return None,
    };
    halves(text, at - gap, at, lax)
}

/// The address before a postcode of two halves, the first ending at `first_end`, the second
/// beginning at `second`.
fn halves(text: &[u8], first_end: usize, second: usize, lax: bool) -> Option<AddressMatch> {
    let half = text.get(second..second + 3)?;
    let end = second + 3;
    if half[2].is_ascii_digit() {
        let start = first_end.checked_sub(3)?;
        if !postcode::ca_halves(&text[start..first_end], half) || postcode::glued(text, start) {
            return None;
        }
        return canadian(text, start, end, lax);
    }
    if !postcode::gb_inward(half) {
        return None;
    }
    let start = postcode::gb_outward(text, first_end)?;
    if !lax && text[start..first_end].iter().any(u8::is_ascii_lowercase) {
        return None;
    }
    let before = postcode::skip_back(text, start)?;
    if !ends_in_word(text, before) {
        return None;
    }
    let tokens = Tokens::before(text, before, lax);
    let frame = Frame {
        country: Country::Gb,
        zones: &[b"-"],
        lax,
        known_only: false,
    };
    western::find(&tokens, &frame).map(|f| hit(f, end, Country::Gb))
}

/// A word ends right before `end`, blanks and commas aside: a place may. Cheap, and turns away
/// lists of postcodes before their surroundings are read.
fn ends_in_word(text: &[u8], end: usize) -> bool {
    let last = text[..end]
        .iter()
        .rev()
        .take(8)
        .find(|b| !matches!(b, b' ' | b','));
    last.is_some_and(|b| !b.is_ascii_digit())
}

fn hit(found: Found, end: usize, country: Country) -> AddressMatch {
    AddressMatch {
        range: found.start..end,
        confidence: found.confidence,
        country: country.code(),
    }
}

fn canadian(text: &[u8], start: usize, end: usize, lax: bool) -> Option<AddressMatch> {
    let letter = [text[start].to_ascii_uppercase()];
    let before = postcode::skip_back(text, start)?;
    if let Some(state) = postcode::ca_province(text, before)
        && zone(Country::Ca, state.zone, &letter)
        && (lax || !state.lower)
    {
        let tokens = Tokens::before(text, state.start, lax);
        let frame = Frame {
            country: Country::Ca,
            zones: &[state.zone],
            lax,
            known_only: false,
        };
        return western::find(&tokens, &frame).map(|f| hit(f, end, Country::Ca));
    }
    // no province: the place must be one of the letter's
    let mut zones: [&[u8]; 2] = [b""; 2];
    let mut count = 0;
    for code in [
        &b"AB"[..],
        b"BC",
        b"MB",
        b"NB",
        b"NL",
        b"NS",
        b"NT",
        b"NU",
        b"ON",
        b"PE",
        b"QC",
        b"SK",
        b"YT",
    ] {
        if count < 2 && zone(Country::Ca, code, &letter) {
            zones[count] = code;
            count += 1;
        }
    }
    if !ends_in_word(text, before) {
        return None;
    }
    let tokens = Tokens::before(text, before, lax);
    let frame = Frame {
        country: Country::Ca,
        zones: &zones[..count],
        lax,
        known_only: true,
    };
    western::find(&tokens, &frame).map(|f| hit(f, end, Country::Ca))
}

fn australian(text: &[u8], at: usize, lax: bool) -> Option<AddressMatch> {
    let end = at + 4;
    // the run is four digits; the byte before must part it from a state's letter
    if !matches!(
        text.get(at.checked_sub(1)?)?,
        b' ' | b',' | b'\n' | b'>' | b'n'
    ) || letter_or_digit(text, end)
    {
        return None;
    }
    if matches!(text.get(end), Some(b'-' | b':' | b'/')) {
        return None;
    }
    let before = postcode::skip_back(text, at)?;
    if !text[before - 1].is_ascii_alphabetic() {
        return None;
    }
    let state = postcode::au_state(text, before)?;
    if state.lower && !lax {
        return None;
    }
    let code = &text[at..end];
    if !(zone(Country::Au, state.zone, &code[..2]) || zone(Country::Au, state.zone, &code[..1])) {
        return None;
    }
    if !ends_in_word(text, state.start) {
        return None;
    }
    let tokens = Tokens::before(text, state.start, lax);
    let frame = Frame {
        country: Country::Au,
        zones: &[state.zone],
        lax,
        known_only: false,
    };
    western::find(&tokens, &frame).map(|f| hit(f, end, Country::Au))
}

fn five_digits(text: &[u8], at: usize, lax: bool) -> Option<AddressMatch> {
    let next = text.get(at + 5).copied();
    if next == Some(b'-') {
        let tail = run(text, at + 6);
        if tail == 3 && !letter_or_digit(text, at + 9) {
            return brazilian(text, at, at + 9, lax);
        }
        if tail == 4 && !letter_or_digit(text, at + 10) {
            return american(text, at, at + 10, lax);
        }
        if tail > 0 {
            return None;
        }
    }
    if letter_or_digit(text, at + 5) && next != Some(0xC2) {
        return None;
    }
    let before = *text.get(at.checked_sub(1)?)?;
    if !matches!(
        before,
        b' ' | b',' | b'\n' | b'-' | b'.' | b'>' | b'n' | b'r' | 0xA0 | b'|'
    ) {
        return None;
    }
    if let Some(us) = american(text, at, at + 5, lax) {
        return Some(us);
    }
    if !matches!(next, Some(b' ' | b',' | 0xC2)) {
        return None;
    }
    european(text, at, lax)
}

fn american(text: &[u8], at: usize, end: usize, lax: bool) -> Option<AddressMatch> {
    let before = postcode::skip_back(text, at)?;
    let last = text[before - 1];
    if !last.is_ascii_alphabetic() {
        return None;
    }
    let state = postcode::us_state(text, before)?;
    if !zone(Country::Us, state.zone, &text[at..at + 3]) {
        return None;
    }
    if !ends_in_word(text, state.start) {
        return None;
    }
    let tokens = Tokens::before(text, state.start, lax);
    let frame = Frame {
        country: Country::Us,
        zones: &[state.zone],
        lax: lax || state.lower,
        known_only: state.lower && !lax,
    };
    western::find(&tokens, &frame).map(|f| hit(f, end, Country::Us))
}

fn european(text: &[u8], at: usize, lax: bool) -> Option<AddressMatch> {
    let after = after::After::postcode(text, at + 5, lax)?;
    let (street_end, only) = match euro::country_letter(text, at) {
        Some((start, country)) => (start, Some(country)),
        None => (at, None),
    };
    let before = postcode::skip_back(text, street_end)?;
    // by far most numbers of five digits are ids in a row of others: leave before any look-up
    if !lax
        && street_end - before == 1
        && text[before] == b' '
        && !euro::may_end_street(text, before)
    {
        return None;
    }
    let tokens = Tokens::before(text, before, lax);
    let (found, end, country) = euro::find(&tokens, &text[at..at + 5], &after, only, lax)?;
    Some(hit(found, end, country))
}

fn brazilian(text: &[u8], at: usize, end: usize, lax: bool) -> Option<AddressMatch> {
    let cep = &text[at..at + 5];
    // `CEP: 01310-200`, `CEP 01310-200`
    let mut before = at;
    while before > 0 && at - before < 3 && matches!(text[before - 1], b' ' | b':') {
        before -= 1;
    }
    if before >= 3 && text[before - 3..before].eq_ignore_ascii_case(b"cep") {
        before -= 3;
    } else {
        before = at;
    }
    let stop = postcode::skip_back(text, before)?;
    let tokens = Tokens::before(text, stop, lax);
    if let Some(found) = brazil::find(&tokens, cep, false, lax) {
        return Some(hit(found, end, Country::Br));
    }
    // place and state behind: `01310-200 São Paulo - SP`
    let whole = brazil_after(text, end, cep, lax)?;
    brazil::find(&tokens, cep, true, lax).map(|f| hit(f, whole, Country::Br))
}

/// End of `, São Paulo - SP` after a CEP.
fn brazil_after(text: &[u8], end: usize, cep: &[u8], lax: bool) -> Option<usize> {
    let mut p = end;
    while matches!(text.get(p), Some(b' ' | b',' | b'-')) && p - end < 3 {
        p += 1;
    }
    let start = p;
    let limit = text.len().min(start + 60);
    let mut words = 0;
    while words < 6 && p < limit {
        let word_end = tokens::token(text, p, limit);
        if word_end == p {
            return None;
        }
        let mut q = word_end;
        while matches!(text.get(q), Some(b' ' | b'-' | b'/' | b',')) && q - word_end < 3 {
            q += 1;
        }
        let code = text.get(q..q + 2)?;
        if (lax || code.iter().all(u8::is_ascii_uppercase))
            && !letter_or_digit(text, q + 2)
            && let Some(zone) = brazil::state(code, cep)
            && table::place(Country::Br, zone, &text[start..word_end])
        {
            return Some(q + 2);
        }
        p = word_end + usize::from(text.get(word_end) == Some(&b' '));
        words += 1;
    }
    None
}
