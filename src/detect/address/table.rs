//! The embedded table of place names, postcode zones and street words.
//!
//! Built from `detectors/words/places/` by `places_build.rs`; ready without any work at start-up.

use super::fold::{FOLDED_BYTES_MAX, Key, fold};

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/places.bin"));
/// Bytes before the slots: zone names of FR, ES and IT by the first two digits of the postcode.
const HEADER_BYTES: usize = 3 * 100 * 4;

/// Countries whose addresses are known.
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

    fn places(self) -> &'static [u8] {
        match self {
            Country::Us => b"place us",
            Country::Ca => b"place ca",
            Country::Gb => b"place gb",
            Country::Au => b"place au",
            Country::Fr => b"place fr",
            Country::De => b"place de",
            Country::Es => b"place es",
            Country::It => b"place it",
            Country::Br => b"place br",
        }
    }

    fn zones(self) -> &'static [u8] {
        match self {
            Country::Us => b"zone us",
            Country::Ca => b"zone ca",
            Country::Gb => b"zone gb",
            Country::Au => b"zone au",
            Country::Fr => b"zone fr",
            Country::De => b"zone de",
            Country::Es => b"zone es",
            Country::It => b"zone it",
            Country::Br => b"zone br",
        }
    }
}

fn contains(class: &[u8], zone: &[u8], name: &[u8]) -> bool {
    let mut folded = [0; FOLDED_BYTES_MAX];
    let Some(length) = fold(name, &mut folded) else {
        return false;
    };
    if length == 0 {
        return false;
    }
    let mut key = Key::new(class, zone);
    for &b in &folded[..length] {
        key.byte(b);
    }
    let key = key.finish();
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
    contains(country.places(), zone, name)
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
    contains(country.zones(), zone, start)
}

/// Whether `word`, as written, is of the class (a heading of `street-words.txt`).
pub(super) fn word(class: &str, word: &[u8]) -> bool {
    contains(class.as_bytes(), b"", word)
}
