//! Postcodes: their shapes, the state or country beside them, and which zones they belong to.

use super::super::word::quote_before;
use super::table::{Country, zone};

/// Two-letter codes of US states, districts, territories and military regions.
const US_STATES: &[u8] = b"ALAKASAZARAAAEAPCACOCTDEDCFLGAGUHIIDILINIAKSKYLAMEMDMAMIMNMSMOMTNENVNHNJNMNYNCNDMPOHOKORPAPRRISCSDTNTXUTVTVIVAWAWVWIWY";
const CA_PROVINCES: &[u8] = b"ABBCMBNBNLNTNSNUONPEQCSKYT";

fn listed(codes: &'static [u8], code: [u8; 2]) -> Option<&'static [u8]> {
    codes.chunks_exact(2).find(|c| **c == code)
}

/// Names of US states, lower case, with their codes; longest of equal ends first.
const US_NAMES: &[(&str, &str)] = &[
    ("alabama", "AL"),
    ("alaska", "AK"),
    ("arizona", "AZ"),
    ("arkansas", "AR"),
    ("california", "CA"),
    ("colorado", "CO"),
    ("connecticut", "CT"),
    ("delaware", "DE"),
    ("district of columbia", "DC"),
    ("florida", "FL"),
    ("georgia", "GA"),
    ("hawaii", "HI"),
    ("idaho", "ID"),
    ("illinois", "IL"),
    ("indiana", "IN"),
    ("iowa", "IA"),
    ("kansas", "KS"),
    ("kentucky", "KY"),
    ("louisiana", "LA"),
    ("maine", "ME"),
    ("maryland", "MD"),
    ("massachusetts", "MA"),
    ("michigan", "MI"),
    ("minnesota", "MN"),
    ("mississippi", "MS"),
    ("missouri", "MO"),
    ("montana", "MT"),
    ("nebraska", "NE"),
    ("nevada", "NV"),
    ("new hampshire", "NH"),
    ("new jersey", "NJ"),
    ("new mexico", "NM"),
    ("new york", "NY"),
    ("north carolina", "NC"),
    ("north dakota", "ND"),
    ("ohio", "OH"),
    ("oklahoma", "OK"),
    ("oregon", "OR"),
    ("pennsylvania", "PA"),
    ("puerto rico", "PR"),
    ("rhode island", "RI"),
    ("south carolina", "SC"),
    ("south dakota", "SD"),
    ("tennessee", "TN"),
    ("texas", "TX"),
    ("utah", "UT"),
    ("vermont", "VT"),
    ("west virginia", "WV"),
    ("virginia", "VA"),
    ("washington", "WA"),
    ("wisconsin", "WI"),
    ("wyoming", "WY"),
    ("d.c", "DC"),
    ("n.y", "NY"),
    ("n.j", "NJ"),
    ("calif", "CA"),
    ("n.c", "NC"),
    ("s.c", "SC"),
    ("n.m", "NM"),
    ("n.h", "NH"),
    ("r.i", "RI"),
    ("fla", "FL"),
    ("tenn", "TN"),
    ("penn", "PA"),
    ("mass", "MA"),
    ("conn", "CT"),
    ("wash", "WA"),
    ("ill", "IL"),
    ("mich", "MI"),
    ("minn", "MN"),
    ("colo", "CO"),
    ("ariz", "AZ"),
    ("wis", "WI"),
];

const CA_NAMES: &[(&str, &str)] = &[
    ("alberta", "AB"),
    ("british columbia", "BC"),
    ("manitoba", "MB"),
    ("new brunswick", "NB"),
    ("newfoundland and labrador", "NL"),
    ("newfoundland", "NL"),
    ("nova scotia", "NS"),
    ("ontario", "ON"),
    ("prince edward island", "PE"),
    ("quebec", "QC"),
    ("québec", "QC"),
    ("quÉbec", "QC"),
    ("saskatchewan", "SK"),
    ("yukon", "YT"),
    ("northwest territories", "NT"),
    ("nunavut", "NU"),
    ("p.q", "QC"),
    ("b.c", "BC"),
    ("ont", "ON"),
    ("que", "QC"),
    ("qué", "QC"),
    ("alta", "AB"),
];

const AU_NAMES: &[(&str, &str)] = &[
    ("nsw", "NSW"),
    ("vic", "VIC"),
    ("qld", "QLD"),
    ("tas", "TAS"),
    ("act", "ACT"),
    ("sa", "SA"),
    ("wa", "WA"),
    ("nt", "NT"),
    ("new south wales", "NSW"),
    ("victoria", "VIC"),
    ("queensland", "QLD"),
    ("tasmania", "TAS"),
    ("south australia", "SA"),
    ("western australia", "WA"),
    ("northern territory", "NT"),
    ("australian capital territory", "ACT"),
    ("n.s.w", "NSW"),
];

/// A state or province before a postcode.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    /// Where it begins.
    pub start: usize,
    pub zone: &'static [u8],
    /// All in lower case.
    pub lower: bool,
}

/// The end of what stands before `at`, when only blanks, commas, dots, dashes and line breaks lie
/// between; `None` where nothing separates or too much does.
pub(super) fn skip_back(text: &[u8], at: usize) -> Option<usize> {
    let mut p = at;
    let mut lines = 0;
    while p > 0 && at - p < 12 {
        match text[p - 1] {
            b' ' | b',' | b'.' | b'-' | b'|' => p -= 1,
            b'\n' | b'\r' => {
                lines += usize::from(text[p - 1] == b'\n');
                p -= 1;
            }
            b'n' | b'r' if p >= 2 && text[p - 2] == b'\\' => p -= 2,
            0xA0 if p >= 2 && text[p - 2] == 0xC2 => p -= 2,
            b'>' if text[..p].ends_with(b"<br>") => p -= 4,
            b'>' if text[..p].ends_with(b"<br/>") => p -= 5,
            b'>' if text[..p].ends_with(b"<br />") => p -= 6,
            _ => break,
        }
        if lines > 1 {
            return None;
        }
    }
    (p < at && p > 0).then_some(p)
}

/// A letter or digit stands right before `at`; the `n` of an escaped line break does not count.
pub(super) fn glued(text: &[u8], at: usize) -> bool {
    let Some(&b) = at.checked_sub(1).and_then(|i| text.get(i)) else {
        return false;
    };
    let escape = matches!(b, b'n' | b'r') && at >= 2 && text[at - 2] == b'\\';
    (b.is_ascii_alphanumeric() || b >= 0x80 && !quote_before(text, at)) && !escape
}

/// Whether `text[..end]` ends with `name` (lower case), as whole words in any case.
fn ends_with(text: &[u8], end: usize, name: &str) -> Option<usize> {
    let start = end.checked_sub(name.len())?;
    let run = &text[start..end];
    let same = run
        .iter()
        .zip(name.as_bytes())
        .all(|(a, b)| a.eq_ignore_ascii_case(b));
    let free = !glued(text, start);
    (same && free).then_some(start)
}

/// The last two letters of names, as a set: turns most words away before any is compared.
const fn endings(names: &[(&str, &str)]) -> [u32; 26] {
    let mut set = [0u32; 26];
    let mut i = 0;
    while i < names.len() {
        let name = names[i].0.as_bytes();
        let a = name[name.len() - 2].wrapping_sub(b'a');
        let b = name[name.len() - 1].wrapping_sub(b'a');
        // names with dots or accents at the end pass for any letter before
        if b < 26 {
            set[b as usize] |= if a < 26 { 1 << a } else { u32::MAX };
        }
        i += 1;
    }
    set
}

const US_ENDINGS: [u32; 26] = endings(US_NAMES);
const CA_ENDINGS: [u32; 26] = endings(CA_NAMES);
const AU_ENDINGS: [u32; 26] = endings(AU_NAMES);

fn named(
    text: &[u8],
    end: usize,
    names: &[(&'static str, &'static str)],
    endings: &[u32; 26],
) -> Option<State> {
    let last = text[end - 1].to_ascii_lowercase();
    let [a, b] =
        [*text.get(end.checked_sub(2)?)?, last].map(|b| b.to_ascii_lowercase().wrapping_sub(b'a'));
    let row = *endings.get(usize::from(b))?;
    if row != u32::MAX && (a >= 26 || row & (1 << a) == 0) {
        return None;
    }
    let mut best: Option<State> = None;
    for (name, code) in names {
        if name.as_bytes().last() != Some(&last) {
            continue;
        }
        if let Some(start) = ends_with(text, end, name)
            && best.is_none_or(|b| start < b.start)
        {
            let lower = !text[start].is_ascii_uppercase();
            best = Some(State {
                start,
                zone: code.as_bytes(),
                lower,
            });
        }
    }
    best
}

/// The US state that ends at `end`.
pub(super) fn us_state(text: &[u8], end: usize) -> Option<State> {
    if let Some(state) = coded(text, end, US_STATES) {
        return Some(state);
    }
    named(text, end, US_NAMES, &US_ENDINGS)
}

/// The Canadian province that ends at `end`, also in brackets.
pub(super) fn ca_province(text: &[u8], end: usize) -> Option<State> {
    if text[end - 1] == b')' {
        let inner = ca_province_bare(text, end - 1)?;
        let start = inner.start.checked_sub(1)?;
        return (text[start] == b'(').then_some(State { start, ..inner });
    }
    ca_province_bare(text, end)
}

fn ca_province_bare(text: &[u8], end: usize) -> Option<State> {
    if end == 0 {
        return None;
    }
    coded(text, end, CA_PROVINCES).or_else(|| named(text, end, CA_NAMES, &CA_ENDINGS))
}

/// The Australian state that ends at `end`.
pub(super) fn au_state(text: &[u8], end: usize) -> Option<State> {
    named(text, end, AU_NAMES, &AU_ENDINGS)
}

fn coded(text: &[u8], end: usize, codes: &'static [u8]) -> Option<State> {
    let start = end.checked_sub(2)?;
    let pair = [text[start], text[start + 1]];
    if !pair.iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    if glued(text, start) {
        return None;
    }
    let zone = listed(codes, pair.map(|b| b.to_ascii_uppercase()))?;
    // `Wa` is neither
    let lower = !pair[0].is_ascii_uppercase();
    (lower != pair[1].is_ascii_uppercase()).then_some(State { start, zone, lower })
}

/// Letter-digit-letter of a Canadian postcode or its mirror.
pub(super) fn ca_halves(first: &[u8], second: &[u8]) -> bool {
    let ([a, b, c], [d, e, f]) = (first, second) else {
        return false;
    };
    let up = |l: &u8| l.to_ascii_uppercase();
    b.is_ascii_digit()
        && d.is_ascii_digit()
        && f.is_ascii_digit()
        && b"ABCEGHJKLMNPRSTVXY".contains(&up(a))
        && b"ABCEGHJKLMNPRSTVWXYZ".contains(&up(c))
        && b"ABCEGHJKLMNPRSTVWXYZ".contains(&up(e))
}

/// Start of the outward half of a British postcode that ends at `end`, if it is one.
pub(super) fn gb_outward(text: &[u8], end: usize) -> Option<usize> {
    let mut start = end;
    while end - start < 5 && glued(text, start) && text[start - 1] < 0x80 {
        start -= 1;
    }
    let code = &text[start..end];
    if !(2..=4).contains(&code.len()) || (start > 0 && text[start - 1] >= 0x80) {
        return None;
    }
    let letters = code.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    if !(1..=2).contains(&letters) {
        return None;
    }
    let fits = match &code[letters..] {
        [d] => d.is_ascii_digit(),
        [d, e] => d.is_ascii_digit() && e.is_ascii_alphanumeric(),
        _ => false,
    };
    (fits && zone(Country::Gb, b"-", &code[..letters])).then_some(start)
}

/// The inward half: digit and two letters of those in use.
pub(super) fn gb_inward(code: &[u8]) -> bool {
    let [d, a, b] = code else {
        return false;
    };
    let letter = |l: &u8| l.is_ascii_alphabetic() && !b"CIKMOV".contains(&l.to_ascii_uppercase());
    d.is_ascii_digit() && letter(a) && letter(b)
}
