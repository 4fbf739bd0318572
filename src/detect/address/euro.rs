//! Addresses of the form street, number, postcode, city: FR, DE, ES and IT.
//!
//! The postcode is five digits in all four; the place after it, the street before it and, where
//! written, the country's letter before the postcode tell which.

use super::after::{After, behind};
use super::table::{self, Country, zone_of};
use super::tokens::{Sep, Tokens};
use super::western::{Found, house};

/// Whether the word that ends at `end`, a space before a postcode, may end a street: a house
/// number of at most four digits and a letter, or a word that is not all in lower case.
pub(super) fn may_end_street(text: &[u8], end: usize) -> bool {
    let low = end.saturating_sub(24);
    let start = (low..end)
        .rev()
        .find(|i| {
            matches!(
                text[*i],
                b' ' | b',' | b'\n' | b':' | b'=' | b'"' | b'>' | b'\\'
            )
        })
        .map_or(low, |i| i + 1);
    let word = &text[start..end];
    let clock = start > low && text[start - 1] == b':';
    match word {
        [] => false,
        [b'0'..=b'9', ..] => {
            !clock
                && word.len() <= 8
                && word.iter().take_while(|b| b.is_ascii_digit()).count() <= 4
                && word.iter().filter(|b| matches!(b, b'.' | b':')).count() == 0
        }
        _ => {
            word.len() <= 2
                || !word.iter().all(u8::is_ascii_lowercase)
                || word == b"bis"
                || word == b"ter"
        }
    }
}

/// The country's letter glued before a postcode (`D-10115`): where it begins, and which.
pub(super) fn country_letter(text: &[u8], at: usize) -> Option<(usize, Country)> {
    if at < 2 || text[at - 1] != b'-' {
        return None;
    }
    let mut start = at - 1;
    while start > 0 && at - 1 - start < 3 && text[start - 1].is_ascii_uppercase() {
        start -= 1;
    }
    if start > 0 && (text[start - 1].is_ascii_alphanumeric() || text[start - 1] >= 0x80) {
        return None;
    }
    let country = match &text[start..at - 1] {
        b"D" | b"DE" => Country::De,
        b"F" | b"FR" => Country::Fr,
        b"I" | b"IT" => Country::It,
        b"E" | b"ES" => Country::Es,
        _ => return None,
    };
    Some((start, country))
}

/// The address around the postcode, whose street tokens are `t`: start, end of the whole, country.
pub(super) fn find(
    t: &Tokens<'_>,
    postcode: &[u8],
    after: &After,
    only: Option<Country>,
    lax: bool,
) -> Option<(Found, usize, Country)> {
    let text = t.text;
    let mut best: Option<(Found, usize, Country)> = None;
    for country in [Country::Fr, Country::De, Country::It, Country::Es] {
        if only.is_some_and(|c| c != country) {
            continue;
        }
        let Some(zone) = zone_of(country, postcode) else {
            continue;
        };
        let known = after.known(text, country, zone);
        let Some((from, sure)) = street(t, country, lax) else {
            continue;
        };
        if known.is_none() && !sure {
            continue;
        }
        let end = known.map_or_else(
            || after.unknown(text, 0, lax),
            |end| after.joined(text, end, country, lax),
        );
        let confidence = match (known.is_some(), sure) {
            (true, true) => 0.95,
            (true, false) => 0.8,
            _ => 0.7,
        };
        let found = Found {
            start: t.at(from).start,
            confidence,
        };
        if best.is_none_or(|(b, ..)| confidence > b.confidence) {
            best = Some((found, behind(text, end, country, lax), country));
        }
    }
    best
}

/// The street before a postcode: its first token, and whether a word proves it.
fn street(t: &Tokens<'_>, country: Country, lax: bool) -> Option<(usize, bool)> {
    let end = t.len();
    if end == 0 {
        return None;
    }
    // without a number only a French street can be told, by its kind at the head of a part
    if !t.numbered(end) {
        return match country {
            Country::Fr => unnumbered(t, end, lax),
            _ => None,
        };
    }
    match country {
        Country::Fr => french(t, end, lax),
        Country::De => german(t, end, lax),
        Country::Es => led(t, end, table::ES_STREET, table::ES_EXTRA, lax),
        Country::It => led(t, end, table::IT_STREET, table::IT_EXTRA, lax),
        _ => None,
    }
}

/// All tokens of the range may stand in a name or a complement.
fn fits(t: &Tokens<'_>, from: usize, end: usize, extra: table::Class, lax: bool) -> bool {
    let mut parts = 0;
    (from..end).all(|k| {
        parts += usize::from(k > from && t.part(k));
        let bytes = t.bytes(k);
        t.name_word(k, lax)
            || (t.digit_first(k) && bytes.len() <= 7)
            || t.is(k, extra)
            || bytes.len() <= 2
    }) && parts <= 5
}

fn french(t: &Tokens<'_>, end: usize, lax: bool) -> Option<(usize, bool)> {
    let low = end.saturating_sub(18);
    let mut found = None;
    for k in (low..end).rev() {
        if !t.is(k, table::FR_STREET) || k + 1 >= end || t.part(k + 1) {
            continue;
        }
        // one letter or a short form needs its capital or dot
        if !fits(t, k + 1, end, table::FR_EXTRA, lax) {
            break;
        }
        let mut n = k;
        while n > low
            && matches!(
                t.bytes(n - 1),
                b"bis"
                    | b"ter"
                    | b"quater"
                    | b"Bis"
                    | b"BIS"
                    | b"TER"
                    | b"Ter"
                    | b"A"
                    | b"B"
                    | b"C"
                    | b"D"
            )
            && t.sep(n) <= Sep::Comma
        {
            n -= 1;
        }
        let numbered = n > low && house(t.bytes(n - 1)) && t.sep(n) <= Sep::Comma;
        if numbered {
            // 12-14, 12 / 14
            let mut from = n - 1;
            if from > low && t.sep(from) == Sep::Dash && house(t.bytes(from - 1)) {
                from -= 1;
            }
            found = Some((complement(t, from, table::FR_EXTRA), true));
            break;
        }
        let led = t.part(k) && (t.capital(k) || lax) && t.bytes(k).len() > 2;
        if found.is_none() && led {
            let sure = t.is(k, table::FR_EXTRA) || t.digit_first(k + 1);
            found = Some((k, sure));
        }
    }
    if found.is_none() {
        // BP 123, Lieu-dit Kerlann
        let k = t.part_start(end - 1);
        let boxed = t.is(k, table::FR_EXTRA)
            && k + 1 < end
            && t.bytes(k).len() >= 2
            && t.digit_first(k + 1);
        if boxed && t.bytes(k)[0].is_ascii_uppercase() {
            found = Some((k, false));
        }
    }
    found
}

/// `Place d'Armes, 78000 Versailles`: the last part, or the one before it, begins with the kind.
fn unnumbered(t: &Tokens<'_>, end: usize, lax: bool) -> Option<(usize, bool)> {
    let last = t.part_start(end - 1);
    let before = if last > 0 {
        t.part_start(last - 1)
    } else {
        last
    };
    [last, before].into_iter().find_map(|k| {
        let led = t.capital(k) && t.bytes(k).len() > 2 && t.is(k, table::FR_STREET);
        let named = k + 1 < end && !t.part(k + 1) && fits(t, k + 1, end, table::FR_EXTRA, lax);
        (led && named).then_some((k, false))
    })
}

/// Takes in the parts before the street that begin with a word of complements (`Appt 5, `).
fn complement(t: &Tokens<'_>, from: usize, extra: table::Class) -> usize {
    let mut from = from;
    for _ in 0..3 {
        if from == 0 || !matches!(t.sep(from), Sep::Dash | Sep::Comma | Sep::Line) {
            break;
        }
        let before = t.part_start(from - 1);
        let few = from - before <= 5;
        if !(few && t.is(before, extra) && before + 1 < from && !t.digit_first(before)) {
            break;
        }
        from = before;
    }
    from
}

/// A German house number: up to four digits, a letter, a range.
fn german_number(t: &Tokens<'_>, i: usize) -> bool {
    let bytes = t.bytes(i);
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    (1..=4).contains(&digits) && house(bytes)
}

/// The word names a street by its end: `Hauptstraße`, `Goethestr.`, `Marktplatz`.
fn german_word(bytes: &[u8]) -> bool {
    let mut folded = [0; super::fold::FOLDED_BYTES_MAX];
    let Some(length) = super::fold::fold(bytes, &mut folded) else {
        return false;
    };
    let name = &folded[..length];
    const ENDS: &[&str] = &[
        "strasse",
        "str",
        "weg",
        "platz",
        "allee",
        "gasse",
        "ring",
        "damm",
        "ufer",
        "markt",
        "steig",
        "stieg",
        "pfad",
        "graben",
        "chaussee",
        "promenade",
        "wall",
        "siedlung",
        "berg",
        "tal",
        "hof",
        "bruecke",
        "brucke",
        "feld",
        "kamp",
        "twiete",
        "park",
        "garten",
        "anger",
        "zeile",
        "rain",
        "wiese",
        "hang",
        "halde",
        "kai",
        "strase",
        "straat",
        "deich",
        "redder",
        "brink",
        "tor",
        "horn",
    ];
    ENDS.iter()
        .any(|e| name.len() > e.len() && name.ends_with(e.as_bytes()))
}

fn german(t: &Tokens<'_>, end: usize, lax: bool) -> Option<(usize, bool)> {
    let low = end.saturating_sub(14);
    for n in (low + 1..end).rev() {
        if !german_number(t, n) || t.sep(n) > Sep::Comma {
            continue;
        }
        // what stands between number and postcode: a letter, a floor, a part of town
        if !fits(t, n + 1, end, table::DE_LEAD, lax) || end - n > 7 {
            return None;
        }
        let loose = n + 1 < end && !t.part(n + 1) && t.bytes(n + 1).len() > 1;
        if loose {
            continue;
        }
        let last = n - 1;
        if t.digit_first(last) || !t.wordy(last) {
            continue;
        }
        let own = t.is(last, table::DE_STREET);
        let compound = german_word(t.bytes(last));
        let part = t.part_start(last);
        // longest run of name words that ends here
        let mut from = last;
        while from > part && last - from < 4 && t.name_word(from - 1, lax) {
            from -= 1;
        }
        let lead =
            (from..=last).find(|k| t.is(*k, table::DE_LEAD) && *k < last && (lax || t.capital(*k)));
        let capital = t.capital(last) || lax;
        if !capital {
            continue;
        }
        // Straße des 17. Juni, Platz der Republik
        if t.is(part, table::DE_STREET) && (lax || t.capital(part)) && n - part <= 6 && last > part
        {
            return Some((part, true));
        }
        if own && last > from {
            // `Berliner Straße`, `Lange Straße`: the word before belongs to it
            let start = lead.unwrap_or(last - 1).min(last - 1);
            return Some((widen(t, start, from, part), true));
        }
        if compound {
            // Kölner Landstraße
            let of_town = last > from && t.capital(last - 1) && t.bytes(last - 1).ends_with(b"er");
            let start = lead.unwrap_or(last - usize::from(of_town));
            return Some((widen(t, start, from, part), true));
        }
        if let Some(k) = lead
            && t.capital(k)
        {
            // Am Markt, Unter den Linden, Im Winkel
            return Some((k, true));
        }
        // a name that is the whole part: `Graben 7`, `Kurfürstendamm` is a compound already
        if from == part
            && t.capital(from)
            && n + 1 >= end
            && ![
                table::FR_EXTRA,
                table::ES_EXTRA,
                table::IT_EXTRA,
                table::EN_UNIT,
            ]
            .iter()
            .any(|c| t.is(from, *c))
        {
            return Some((from, own));
        }
        return None;
    }
    None
}

/// The whole part where it is short and all capitals; else the start that was found.
fn widen(t: &Tokens<'_>, start: usize, from: usize, part: usize) -> usize {
    if from == part && t.sep(part) != Sep::Space && t.capital(part) && start - from <= 3 {
        from
    } else {
        start
    }
}

/// Streets led by their kind, number behind: ES and IT.
fn led(
    t: &Tokens<'_>,
    end: usize,
    kinds: table::Class,
    extra: table::Class,
    lax: bool,
) -> Option<(usize, bool)> {
    let low = end.saturating_sub(20);
    let mut found = None;
    for k in (low..end.saturating_sub(1)).rev() {
        let kind = t.is(k, kinds);
        if !kind || (t.part(k + 1) && t.bytes(k).last() != Some(&b'/')) {
            continue;
        }
        let bytes = t.bytes(k);
        // `c`, `v`, `p` alone are letters of floors and doors
        let quiet = !lax && !t.capital(k) && !t.part(k) && bytes.last() != Some(&b'/');
        if bytes.len() == 1
            || (quiet && !t.capital(k + 1) && !t.digit_first(k + 1))
            || (t.digit_first(k + 1) && (!t.wordy(k + 2) || t.part(k + 2)))
        {
            continue;
        }
        if !fits(t, k + 1, end, extra, lax) {
            break;
        }
        // a number after the name, or `s/n`, `snc`
        let numbered = (k + 2..end).any(|n| {
            house(t.bytes(n))
                || t.is(n, table::IT_EXTRA) && t.bytes(n).eq_ignore_ascii_case(b"snc")
                || t.bytes(n).eq_ignore_ascii_case(b"s")
        });
        if !(t.digit_first(k + 1) || t.name_word(k + 1, lax)) {
            continue;
        }
        if numbered {
            found = Some((k, !quiet));
        } else if found.is_none() && t.part(k) {
            found = Some((k, false));
        }
        // `Calle Plaza Mayor 5`, `Calle de Gran Vía 5`: an earlier kind in the same part leads
        let back = 1 + usize::from(
            k > 1 && !t.part(k) && !t.part(k - 1) && t.is(k - 1, table::PLACE_SMALL),
        );
        let led = k >= back && !t.part(k) && t.is(k - back, kinds);
        if found.is_some() && !led {
            break;
        }
    }
    found
}
