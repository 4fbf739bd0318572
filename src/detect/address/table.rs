//! The embedded table of place names, postcode zones and street words.
//!
//! Built from `detectors/words/places/` by `places_build.rs`; ready without any work at start-up.

use super::fold::{CLASSES, FOLDED_BYTES_MAX, PLACES, STARTS, WORD_SLOTS, WORDS, fold, key};

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/places.bin"));
/// Zone names of FR, ES and IT by the first two digits of the postcode come first.
const ZONES_BYTES: usize = 3 * 100 * 4;
/// Then the street words with their classes, then the places and zones.
const HEADER_BYTES: usize = ZONES_BYTES + WORD_SLOTS * 8;

/// A class of street words, as a bit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Class(u32);

impl Class {
    /// Whether the set has the class.
    pub(super) fn of(self, classes: u32) -> bool {
        classes & self.0 != 0
    }
}

/// The bit of a class; an unknown name does not compile.
const fn class(name: &str) -> Class {
    let mut i = 0;
    while i < CLASSES.len() {
        let (a, b) = (CLASSES[i].as_bytes(), name.as_bytes());
        let mut same = a.len() == b.len();
        let mut k = 0;
        while same && k < a.len() {
            same = a[k] == b[k];
            k += 1;
        }
        if same {
            return Class(1 << i);
        }
        i += 1;
    }
    panic!("no such class of street words")
}

pub(super) const EN_STREET: Class = class("en-street");
pub(super) const EN_DIR: Class = class("en-dir");
pub(super) const EN_UNIT: Class = class("en-unit");
pub(super) const EN_LONE_UNIT: Class = class("en-lone-unit");
pub(super) const EN_ROUTE: Class = class("en-route");
pub(super) const EN_LEAD: Class = class("en-lead");
pub(super) const EN_PLAIN: Class = class("en-plain");
pub(super) const EN_NUMBER: Class = class("en-number");
pub(super) const EN_HOUSE: Class = class("en-house");
pub(super) const EN_COUNTY: Class = class("en-county");
pub(super) const FR_STREET: Class = class("fr-street");
pub(super) const FR_EXTRA: Class = class("fr-extra");
pub(super) const DE_STREET: Class = class("de-street");
pub(super) const DE_LEAD: Class = class("de-lead");
pub(super) const ES_STREET: Class = class("es-street");
pub(super) const ES_EXTRA: Class = class("es-extra");
pub(super) const IT_STREET: Class = class("it-street");
pub(super) const IT_EXTRA: Class = class("it-extra");
pub(super) const BR_STREET: Class = class("br-street");
pub(super) const BR_EXTRA: Class = class("br-extra");
pub(super) const IT_PROVINCE: Class = class("it-province");
pub(super) const SMALL: Class = class("small");
pub(super) const PLACE_SMALL: Class = class("place-small");
pub(super) const COUNTRY: Class = class("country");

/// Countries whose addresses are known, in the order of `COUNTRIES` in `places_build.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Country {
    Us,
    Ca,
    Gb,
    Au,
    Fr,
    De,
    Es,
    It,
    Br,
}

impl Country {
    /// ISO 3166-1 alpha-2 code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Country::Us => "US",
            Country::Ca => "CA",
            Country::Gb => "GB",
            Country::Au => "AU",
            Country::Fr => "FR",
            Country::De => "DE",
            Country::Es => "ES",
            Country::It => "IT",
            Country::Br => "BR",
        }
    }
}

fn contains(class: u8, zone: &[u8], name: &[u8]) -> bool {
    let mut folded = [0; FOLDED_BYTES_MAX];
    let Some(length) = fold(name, &mut folded) else {
        return false;
    };
    if length == 0 {
        return false;
    }
    let key = key(class, zone, &folded[..length]);
    let mark = ((key >> 32) as u32).max(1);
    let table = &BYTES[HEADER_BYTES..];
    let mask = table.len() / 4 - 1;
    let mut slot = key as usize & mask;
    loop {
        let Some(&bytes) = table[slot * 4..].first_chunk::<4>() else {
            return false;
        };
        match u32::from_le_bytes(bytes) {
            0 => return false,
            found if found == mark => return true,
            _ => slot = (slot + 1) & mask,
        }
    }
}

/// Whether `name`, as written, is a place of the zone (state, province, region).
pub(super) fn place(country: Country, zone: &[u8], name: &[u8]) -> bool {
    contains(PLACES + country as u8, zone, name)
}

/// The zone of a five-digit postcode of FR, DE, ES or IT: for DE its first digit.
pub(super) fn zone_of(country: Country, postcode: &[u8]) -> Option<&'static [u8]> {
    let index = match country {
        Country::Fr => 0,
        Country::Es => 1,
        Country::It => 2,
        Country::De => {
            let digits: &'static [u8] = b"0123456789";
            let first = usize::from(postcode.first()?.wrapping_sub(b'0'));
            return digits.get(first..first + 1);
        }
        _ => return None,
    };
    let [a, b] = postcode
        .first_chunk::<2>()?
        .map(|b| usize::from(b.wrapping_sub(b'0')));
    if a > 9 || b > 9 {
        return None;
    }
    let at = (index * 100 + a * 10 + b) * 4;
    let name = BYTES.get(at..at + 4)?;
    let length = name.iter().position(|b| *b == 0).unwrap_or(4);
    (length > 0).then(|| &name[..length])
}

/// Whether postcodes that begin with `start` belong to `zone`.
pub(super) fn zone(country: Country, zone: &[u8], start: &[u8]) -> bool {
    contains(STARTS + country as u8, zone, start)
}

/// The classes of a street word, as written; none for other words.
pub(super) fn classes(word: &[u8]) -> u32 {
    let mut folded = [0; FOLDED_BYTES_MAX];
    let Some(length) = fold(word, &mut folded) else {
        return 0;
    };
    if length == 0 {
        return 0;
    }
    let key = key(WORDS, b"", &folded[..length]);
    let table = &BYTES[ZONES_BYTES..HEADER_BYTES];
    let mut slot = key as usize & (WORD_SLOTS - 1);
    loop {
        let Some(&[a, b, c, d, classes @ ..]) = table[slot * 8..].first_chunk::<8>() else {
            return 0;
        };
        let classes = u32::from_le_bytes(classes);
        if classes == 0 || u32::from_le_bytes([a, b, c, d]) == (key >> 32) as u32 {
            return classes;
        }
        slot = (slot + 1) & (WORD_SLOTS - 1);
    }
}

/// Whether `word`, as written, is of the class.
pub(super) fn word(class: Class, word: &[u8]) -> bool {
    class.of(classes(word))
}
