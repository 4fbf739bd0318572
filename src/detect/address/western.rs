//! Addresses of the form number, street, city, (state,) postcode: US, CA, AU and GB.
//!
//! Works on the tokens before the state or, without one, before the postcode. Nearest house
//! number first; what lies between it and the state must read as street, units and place.

use super::table::{self, Country, place};
use super::tokens::{Sep, Tokens};

/// An address found before a postcode.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// Offset of its first byte.
    pub start: usize,
    pub confidence: f32,
}

/// What is known beside the tokens.
pub(super) struct Frame<'a> {
    pub country: Country,
    /// States in which the place may lie.
    pub zones: &'a [&'a [u8]],
    /// Capitals are not asked for: the text is the value of an address field.
    pub lax: bool,
    /// The state was spelled in lower case, or the postcode alone speaks: the place must be known.
    pub known_only: bool,
}

/// How many tokens an address may have before its state.
const REACH: usize = 26;

/// How many numbers are tried as the house's, from the nearest on; bounds the time of rows of
/// numbers.
const HOUSES_MAX: usize = 8;

/// How sure a reading is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sure {
    /// Street word, place not in the list.
    Street,
    /// Place in the list, no street word.
    Place,
    Both,
}

impl Sure {
    fn confidence(self) -> f32 {
        match self {
            Sure::Street => 0.75,
            Sure::Place => 0.7,
            Sure::Both => 0.95,
        }
    }
}

/// Finds the address whose tokens end with all of `t`.
pub(super) fn find(t: &Tokens<'_>, frame: &Frame<'_>) -> Option<Found> {
    let end = t.len();
    // a place ends in a word
    if end < 2 || t.digit_first(end - 1) {
        return None;
    }
    let mut tries = 0;
    let low = end.saturating_sub(REACH);
    let mut boxed: Option<(usize, Sure)> = None;
    for i in (low..end - 1).rev() {
        if let Some((from, next)) = post_box_at(t, i, end)
            && boxed.is_none()
            && let Some(sure) = tail(t, next, end, frame)
        {
            boxed = Some((from, Sure::Street.max(sure)));
            continue;
        }
        if !(house(t.bytes(i)) || number_word(t, i)) || behind_designator(t, i) {
            continue;
        }
        tries += 1;
        if tries > HOUSES_MAX {
            break;
        }
        if let Some(sure) = street(t, i, end, frame) {
            // a bare number before a box is no street
            if boxed.is_some() && sure != Sure::Both {
                break;
            }
            // `3743 104 Avenue`: the nearer number names the street
            let first = i > low
                && !t.part(i)
                && house(t.bytes(i - 1))
                && !behind_designator(t, i - 1)
                && street(t, i - 1, end, frame).is_some();
            let from = units_before(t, i - usize::from(first), frame.country);
            return Some(Found {
                start: t.at(from).start,
                confidence: sure.confidence(),
            });
        }
    }
    if let Some((from, sure)) = boxed {
        return Some(Found {
            start: t.at(from).start,
            confidence: sure.confidence(),
        });
    }
    if frame.country == Country::Gb {
        return named_house(t, end, frame);
    }
    None
}

/// `410`, `12A`, `12-14`, `3/45`, `N1234W567`; not `42nd`, not `0`.
pub(super) fn house(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    if let [b'N' | b'S' | b'E' | b'W', tail @ ..] = rest
        && tail.iter().filter(|b| b.is_ascii_digit()).count() >= 3
    {
        rest = tail;
    }
    if let [b'#', tail @ ..] = rest {
        rest = tail;
    }
    if rest.len() > 11
        || rest
            .first()
            .is_none_or(|b| !b.is_ascii_digit() || *b == b'0')
    {
        return false;
    }
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits > 6 {
        return false;
    }
    match &rest[digits..] {
        [] | [b'.'] => true,
        [letter] => letter.is_ascii_alphabetic(),
        b"bis" | b"ter" | b"BIS" | b"TER" | b"quater" => true,
        [b'-' | b'/', tail @ ..] => tail.len() <= 6 && tail.iter().all(u8::is_ascii_alphanumeric),
        // 12a/4, 1234W567
        [letter, tail @ ..] => {
            letter.is_ascii_uppercase()
                && tail
                    .iter()
                    .all(|b| b.is_ascii_digit() || *b == b'/' || *b == b'-')
        }
    }
}

/// `One Market St`: a number as a word with a capital.
fn number_word(t: &Tokens<'_>, i: usize) -> bool {
    t.capital(i) && t.is(i, table::EN_NUMBER) && t.capital(i + 1)
}

/// The number belongs to the word before it: `Suite 500`, `Highway 61`, `Box 12`.
fn behind_designator(t: &Tokens<'_>, i: usize) -> bool {
    if i == 0 || t.part(i) {
        return false;
    }
    let before = t.bytes(i - 1);
    before == b"#"
        || before.eq_ignore_ascii_case(b"box")
        || (t.is(i - 1, table::EN_UNIT) && !leads_house(t, i))
        || (t.is(i - 1, table::EN_ROUTE) && !t.is(i - 1, table::EN_NUMBER))
}

/// The word before number `i` is a part of the house's own number: `Lot 7`, `Unit 3/45`.
fn leads_house(t: &Tokens<'_>, i: usize) -> bool {
    !t.part(i)
        && (t.bytes(i - 1).eq_ignore_ascii_case(b"lot")
            || (t.bytes(i).contains(&b'/') && t.is(i - 1, table::EN_UNIT)))
}

/// A post office box whose number is token `i`: first token of it, first token after it.
fn post_box_at(t: &Tokens<'_>, i: usize, end: usize) -> Option<(usize, usize)> {
    if i == 0 || !(t.digit_first(i) || t.bytes(i).len() <= 2) {
        return None;
    }
    let fold_is = |k: usize, words: &[&[u8]]| {
        let bytes = t.bytes(k);
        words.iter().any(|w| bytes.eq_ignore_ascii_case(w))
    };
    let boxes: &[&[u8]] = &[b"box", b"bag", b"drawer"];
    if fold_is(i - 1, &[b"POB", b"P.O.B.", b"P.O.Box", b"POBox"]) {
        return Some((i - 1, i + 1));
    }
    if !fold_is(i - 1, boxes) || i < 2 {
        return None;
    }
    let from = if fold_is(
        i - 2,
        &[
            b"PO", b"P.O.", b"P.O", b"GPO", b"G.P.O.", b"Locked", b"Private",
        ],
    ) {
        i - 2
    } else if i >= 3
        && ((fold_is(i - 3, &[b"P", b"P."]) && fold_is(i - 2, &[b"O", b"O."]))
            || (fold_is(i - 3, &[b"Post"]) && fold_is(i - 2, &[b"Office"]))
            || (t.digit_first(i - 2)
                && fold_is(
                    i - 3,
                    &[
                        b"RR", b"R.R.", b"HC", b"RD", b"PSC", b"CMR", b"Unit", b"Route", b"Rt",
                    ],
                )))
    {
        if i >= 4 && fold_is(i - 4, &[b"Rural"]) {
            i - 4
        } else {
            i - 3
        }
    } else {
        return None;
    };
    // `Stn A`, `Station Main` of Canadian boxes
    let mut next = i + 1;
    if next + 1 < end && fold_is(next, &[b"Stn", b"Station", b"Succ", b"RPO", b"Stn."]) {
        next += 2;
    }
    Some((from, next))
}

/// Reads street, units and place from house number `i` to `end`.
fn street(t: &Tokens<'_>, i: usize, end: usize, frame: &Frame<'_>) -> Option<Sure> {
    let mut begin = i + 1;
    if matches!(t.bytes(begin), b"1/2" | b"1/4" | b"3/4") {
        begin += 1;
    }
    // `10, High Street`, `123, rue Saint-Paul`
    if begin < end && t.part(begin) {
        let comma =
            t.sep(begin) <= Sep::Comma && matches!(frame.country, Country::Gb | Country::Ca);
        if !comma {
            return None;
        }
    }
    let stop = t.part_end(begin, end);
    if begin >= stop || begin >= end {
        return None;
    }
    let french = frame.country == Country::Ca && t.is(begin, table::FR_STREET);
    if french {
        return french_street(t, begin, stop, end, frame);
    }
    // how far the words may be a street's name
    let mut names = begin;
    let mut words = 0;
    while names < stop && words < 8 && street_word(t, names, begin, frame.lax) {
        names += 1;
        words += 1;
    }
    let mut best = None;
    let led = t.is(begin, table::EN_LEAD);
    for k in (begin..names).rev() {
        let plain = t.is(k, table::EN_PLAIN);
        let route = k > begin && t.digit_first(k) && t.is(k - 1, table::EN_ROUTE);
        let grid = grid(t, k, begin);
        let suffix = route
            || grid
            || plain
            || (led && k > begin)
            || (k > begin && t.is(k, table::EN_STREET) && !t.digit_first(k));
        if !suffix {
            continue;
        }
        if let Some(sure) = after_street(t, k + 1, end, frame) {
            best = best.max(Some(sure));
            if sure == Sure::Both {
                break;
            }
        }
    }
    // not frame.known_only would let `410 errors, Seattle` pass
    if best == Some(Sure::Street) && frame.known_only {
        best = None;
    }
    if best.is_some() {
        return best;
    }
    // no street word: `12 El Camino Real, Menlo Park`
    // but not `in 2019 Acme Corp, Seattle`: the number must begin a line or a part
    let begins = t.part(i) || frame.lax;
    let clear = begins && stop < end && t.sep(stop) >= Sep::Comma && names == stop && words <= 5;
    if clear
        && (0..words).any(|w| t.capital(begin + w) && !t.is(begin + w, table::EN_DIR))
        && !frame.known_only
    {
        let next = units(t, stop, end);
        if tail(t, next, end, frame)? == Sure::Both {
            return Some(Sure::Place);
        }
    }
    None
}

/// A word that may stand in a street's name.
fn street_word(t: &Tokens<'_>, k: usize, begin: usize, lax: bool) -> bool {
    if t.digit_first(k) {
        let bytes = t.bytes(k);
        let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
        let tail = &bytes[digits..];
        let ordinal = [&b"st"[..], b"nd", b"rd", b"th"]
            .iter()
            .any(|o| tail.eq_ignore_ascii_case(o));
        let route = k > begin && t.is(k - 1, table::EN_ROUTE) && digits <= 4;
        // `104 Avenue`
        let numbered =
            k == begin && tail.is_empty() && t.is(k + 1, table::EN_STREET) && !t.part(k + 1);
        let grid = grid(t, k, begin);
        return ordinal || route || grid || numbered;
    }
    if k == begin && !lax && !t.capital(k) {
        return false;
    }
    t.name_word(k, lax) || t.bytes(k) == b"&"
}

/// `450 S 900 E`, the grids of Utah: a number between two directions.
fn grid(t: &Tokens<'_>, k: usize, begin: usize) -> bool {
    k > begin
        && t.bytes(k).iter().all(u8::is_ascii_digit)
        && t.is(k - 1, table::EN_DIR)
        && t.is(k + 1, table::EN_DIR)
        && !t.part(k + 1)
}

/// What may follow the street: direction, units, place.
fn after_street(t: &Tokens<'_>, at: usize, end: usize, frame: &Frame<'_>) -> Option<Sure> {
    let mut best = tail(t, units(t, at, end), end, frame);
    let mut e = at;
    while e < end && !t.part(e) && t.is(e, table::EN_DIR) {
        e += 1;
    }
    if e > at && best != Some(Sure::Both) {
        best = best.max(tail(t, units(t, e, end), end, frame));
    }
    best
}

/// `1234 rue Sainte-Catherine Ouest, bureau 5, Montréal`
fn french_street(
    t: &Tokens<'_>,
    begin: usize,
    stop: usize,
    end: usize,
    frame: &Frame<'_>,
) -> Option<Sure> {
    if stop < end {
        return tail(t, units(t, stop, end), end, frame);
    }
    (begin + 2..end).find_map(|k| tail(t, k, end, frame).filter(|s| *s == Sure::Both))
}

/// Skips units, floors and boxes from token `e`.
fn units(t: &Tokens<'_>, mut e: usize, end: usize) -> usize {
    while e < end {
        let bytes = t.bytes(e);
        let named = t.is(e, table::EN_UNIT)
            && t.sep(e + 1) <= Sep::Dash
            && e + 1 < end
            && unit_id(t, e + 1);
        let hash = bytes == b"#" && e + 1 < end && !t.part(e + 1);
        if named || hash {
            e += 2;
        } else if bytes.len() > 1 && bytes[0] == b'#' {
            e += 1;
        } else if t.digit_first(e)
            && e + 1 < end
            && (t.is(e + 1, table::EN_UNIT) || t.bytes(e + 1).eq_ignore_ascii_case(b"floor"))
            && bytes.len() <= 5
            && bytes.iter().any(u8::is_ascii_alphabetic)
        {
            // 12th Floor
            e += 2;
        } else if t.is(e, table::EN_LONE_UNIT) && (t.part(e + 1) || e + 1 >= end) {
            e += 1;
        } else if let Some((from, next)) =
            (e + 1..(e + 5).min(end)).find_map(|k| post_box_at(t, k, end))
            && from == e
        {
            e = next;
        } else if t.digit_first(e)
            && bytes.len() <= 4
            && t.part(e + 1)
            && e + 1 < end
            && (t.part(e) || bytes.iter().any(u8::is_ascii_alphabetic))
        {
            // `123 Main St, 4B, New York`
            e += 1;
        } else {
            break;
        }
    }
    e
}

fn unit_id(t: &Tokens<'_>, i: usize) -> bool {
    let bytes = t.bytes(i);
    let letters =
        bytes.len() == 1 || (bytes.len() == 2 && bytes.iter().all(u8::is_ascii_uppercase));
    bytes.len() <= 7
        && (bytes.iter().any(u8::is_ascii_digit) || letters || t.is(i, table::EN_NUMBER))
}

/// Whether tokens `e..end` read as a place, and whether it is known.
fn tail(t: &Tokens<'_>, e: usize, end: usize, frame: &Frame<'_>) -> Option<Sure> {
    let count = end.checked_sub(e)?;
    let gb = frame.country == Country::Gb;
    if count == 0 || count > if gb { 14 } else { 9 } {
        return None;
    }
    let mut parts = 0;
    for k in e..end {
        if !t.name_word(k, frame.lax) && t.bytes(k) != b"&" {
            return None;
        }
        parts += usize::from(k > e && t.part(k));
    }
    if parts > if gb { 5 } else { 2 } {
        return None;
    }
    let last = (e..end).rev().find(|k| t.part(*k)).unwrap_or(e);
    let cut = t.part(last);
    if last == e && !cut {
        // the street word touches the place: all of it must be the place
        if known(t, e, end, frame) {
            return Some(Sure::Both);
        }
        let short = count <= 3 && !gb && t.capital(e);
        return (short || (gb && known_within(t, e, end, frame))).then_some(if gb {
            Sure::Both
        } else {
            Sure::Street
        });
    }
    if known_within(t, last, end, frame) || (gb && known_before(t, e, last, frame)) {
        return Some(Sure::Both);
    }
    let county = gb && t.is(end - 1, table::EN_COUNTY);
    (end - last <= 4 && (cut || county)).then_some(Sure::Street)
}

/// The tokens are a place of the zones.
fn known(t: &Tokens<'_>, from: usize, end: usize, frame: &Frame<'_>) -> bool {
    if end - from > 5 {
        return false;
    }
    let name = t.span(from, end - 1);
    frame
        .zones
        .iter()
        .any(|zone| place(frame.country, zone, name))
}

/// The tokens end with a place.
fn known_within(t: &Tokens<'_>, from: usize, end: usize, frame: &Frame<'_>) -> bool {
    (from.max(end.saturating_sub(5))..end).any(|k| known(t, k, end, frame))
}

/// One of the parts before `last` is a place (its county comes after it).
fn known_before(t: &Tokens<'_>, e: usize, last: usize, frame: &Frame<'_>) -> bool {
    let mut k = e;
    while k < last {
        let stop = t.part_end(k, last);
        if known_within(t, k, stop, frame) {
            return true;
        }
        k = stop;
    }
    false
}

/// Takes in what stands before the house number and belongs to it: `Apt 5, `, `Level 3, `, and in
/// Britain the name of a building.
fn units_before(t: &Tokens<'_>, house: usize, country: Country) -> usize {
    let mut from = house;
    for _ in 0..3 {
        if from >= 1 && leads_house(t, from) {
            from -= 1;
        } else if from >= 2 && t.sep(from) <= Sep::Line && unit_pair(t, from - 2) {
            from -= 2;
        } else if from >= 1
            && t.part(from)
            && t.sep(from) < Sep::Line
            && (t.bytes(from - 1)[0] == b'#'
                || (t.sep(from) == Sep::Dash && t.part(from - 1) && house_like_unit(t, from - 1)))
        {
            from -= 1;
        } else if country == Country::Gb
            && from >= 1
            && matches!(t.sep(from), Sep::Comma | Sep::Line)
            && let Some(building) = building_before(t, from)
        {
            from = building;
        } else {
            break;
        }
    }
    from
}

/// Tokens `i` and the next name a unit: `Apt 5`, `RR 1`, `12th Floor`.
fn unit_pair(t: &Tokens<'_>, i: usize) -> bool {
    let first = t.bytes(i);
    let designator = t.is(i, table::EN_UNIT) || first.eq_ignore_ascii_case(b"rr");
    if designator && !t.part(i + 1) && unit_id(t, i + 1) {
        return true;
    }
    let second = t.bytes(i + 1);
    t.digit_first(i)
        && (second.eq_ignore_ascii_case(b"floor") || second.eq_ignore_ascii_case(b"fl"))
}

fn house_like_unit(t: &Tokens<'_>, i: usize) -> bool {
    t.bytes(i).len() <= 5 && house(t.bytes(i))
}

/// The part before token `from`, where it names a building (`Rose Court`, `The Old Mill`).
fn building_before(t: &Tokens<'_>, from: usize) -> Option<usize> {
    let part = t.part_start(from.checked_sub(1)?);
    // `The Shard`
    if t.bytes(part) == b"The"
        && (2..=4).contains(&(from - part))
        && (part..from).all(|k| t.capital(k))
    {
        return Some(part);
    }
    if !t.is(from - 1, table::EN_HOUSE) || !t.capital(from - 1) {
        return None;
    }
    let mut start = from - 1;
    while start > part && from - start < 4 && t.capital(start - 1) {
        start -= 1;
    }
    // `2 Rose Court`: a number may open it
    if start > part && house(t.bytes(start - 1)) {
        start -= 1;
    }
    (from - start >= 2).then_some(start)
}

/// A British address without a number: `Rose Cottage, Mill Lane, Ambleside`.
fn named_house(t: &Tokens<'_>, end: usize, frame: &Frame<'_>) -> Option<Found> {
    let low = end.saturating_sub(REACH);
    let mut start = t.part_start(end - 1);
    loop {
        if start < low {
            return None;
        }
        let stop = t.part_end(start, end);
        let words = stop - start;
        let named = (2..=5).contains(&words)
            && (start..stop).all(|k| t.name_word(k, frame.lax))
            && t.capital(start);
        if named
            && stop < end
            && t.is(stop - 1, table::EN_STREET)
            && tail(t, stop, end, frame)
                .is_some_and(|s| s == Sure::Both || building_before(t, start).is_some())
        {
            // the name of the house stands in the part before
            if start > low && matches!(t.sep(start), Sep::Comma | Sep::Line) {
                let before = building_before(t, start).or_else(|| {
                    let part = t.part_start(start - 1);
                    let named = start - part <= 4
                        && t.sep(part) == Sep::Break
                        && (part..start).all(|k| t.name_word(k, frame.lax));
                    let unit = start - part <= 3 && t.is(part, table::EN_UNIT);
                    (named || unit).then_some(part)
                });
                if let Some(before) = before {
                    let from = units_before(t, before, Country::Gb);
                    return Some(Found {
                        start: t.at(from).start,
                        confidence: 0.8,
                    });
                }
            }
            return Some(Found {
                start: t.at(start).start,
                confidence: 0.65,
            });
        }
        start = if start == 0 {
            return None;
        } else {
            t.part_start(start - 1)
        };
    }
}
