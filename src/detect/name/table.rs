//! The word table of the NAME detector: how the lists of `detectors/words/` become one block of
//! bytes at build time, and how a word is found in it.
//!
//! `build.rs` takes this file in by path, so it uses nothing but `std`. What the weights mean for a
//! candidate is left to `score.rs`.
//!
//! Layout: `slots` little-endian `u32`, open addressing with linear probing; the upper half of a
//! slot is a fingerprint of the word, the lower half its value (see [`Entry`]); zero is free. A word
//! that is not in the table is taken for another with a chance of about 1 in 20,000.

/// How a word acts in a run of capitalised words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Class {
    None = 0,
    /// Ends a run.
    Function = 1,
    /// Speaks for a name that follows: `by`, `Dear`.
    Introducer = 2,
    /// Speaks for a place: `in`, `near`.
    Locative = 3,
    /// Speaks for a thing: `the`.
    Article = 4,
    /// `Dr`, `Frau`.
    Title = 5,
    /// `manager`, `minister`.
    Role = 6,
    /// `Jr`, `PhD`.
    Suffix = 7,
    /// `van`, `de`.
    Particle = 8,
    Calendar = 9,
    /// Part of the name of an organisation or a street.
    Organisation = 10,
    /// `Hill`, `Park`: surname or place.
    Site = 11,
    /// `San`, `New`.
    PlaceHead = 12,
    /// Products, headings, nationalities.
    Thing = 13,
    /// A whole phrase (words with single spaces) that is no person.
    Phrase = 14,
    /// `rue`, `lycée`: named after the person whose name stands beside it.
    Named = 15,
}

const CLASSES: [Class; 16] = [
    Class::None,
    Class::Function,
    Class::Introducer,
    Class::Locative,
    Class::Article,
    Class::Title,
    Class::Role,
    Class::Suffix,
    Class::Particle,
    Class::Calendar,
    Class::Organisation,
    Class::Site,
    Class::PlaceHead,
    Class::Thing,
    Class::Phrase,
    Class::Named,
];

/// What the lists say of a word. Weights are 0 (not listed) to 15, one step a factor of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Weight as a given name.
    pub first: u8,
    /// Weight as a family name.
    pub last: u8,
    /// Weight as a common word or a place.
    pub other: u8,
    pub class: Class,
}

impl Entry {
    pub const NONE: Entry = Entry {
        first: 0,
        last: 0,
        other: 0,
        class: Class::None,
    };

    fn pack(self) -> u16 {
        u16::from(self.first)
            | u16::from(self.last) << 4
            | u16::from(self.other) << 8
            | (self.class as u16) << 12
    }

    #[inline]
    fn unpack(value: u16) -> Entry {
        Entry {
            first: (value & 15) as u8,
            last: (value >> 4 & 15) as u8,
            other: (value >> 8 & 15) as u8,
            class: CLASSES
                .get(usize::from(value >> 12))
                .copied()
                .unwrap_or(Class::None),
        }
    }
}

/// Longest word or phrase of the table, in bytes.
pub const KEY_BYTES: usize = 32;

/// A folded word, padded with zeros.
pub type Key = [u8; KEY_BYTES];

/// A mixing hash of the first `len` bytes; the rest of the key must be zero. Equal on all platforms.
#[inline]
fn hash(key: &Key, len: usize) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = (len as u64).wrapping_mul(K);
    let (chunks, _) = key.as_chunks::<8>();
    for chunk in chunks.iter().take(len.div_ceil(8)) {
        state = (state ^ u64::from_le_bytes(*chunk)).wrapping_mul(K);
        state ^= state >> 29;
    }
    state = state.wrapping_mul(K);
    state ^ state >> 32
}

/// First slot and fingerprint of a word.
#[inline]
fn spot(key: &Key, len: usize, slots: usize) -> (usize, u16) {
    let h = hash(key, len);
    let slot = ((h >> 32) * slots as u64) >> 32;
    (slot as usize, (h & 0xffff) as u16)
}

/// Finds a folded word (or a phrase) of `len` bytes in a table made by [`build`].
#[inline]
pub fn find(table: &[u8], key: &Key, len: usize) -> Entry {
    let (slots, _) = table.as_chunks::<4>();
    if slots.is_empty() || len > KEY_BYTES {
        return Entry::NONE;
    }
    let (mut slot, print) = spot(key, len, slots.len());
    // the table always has free slots, so this ends; the bound is for broken tables
    for _ in 0..slots.len() {
        let Some(&[a, b, c, d]) = slots.get(slot) else {
            return Entry::NONE;
        };
        let value = u16::from_le_bytes([a, b]);
        if value == 0 {
            return Entry::NONE;
        }
        if u16::from_le_bytes([c, d]) == print {
            return Entry::unpack(value);
        }
        slot += 1;
        if slot == slots.len() {
            slot = 0;
        }
    }
    Entry::NONE
}

/// Pads a word; `None` where it is too long for the table.
#[allow(dead_code)] // called by build.rs and by tests, not by the library
pub fn key(word: &[u8]) -> Option<Key> {
    let mut key = [0u8; KEY_BYTES];
    key.get_mut(..word.len())?.copy_from_slice(word);
    Some(key)
}

/// Makes the table. Each list is its file name without `.txt` and its text.
#[allow(dead_code)] // called by build.rs and by tests, not by the library
pub fn build(lists: &[(&str, &str)]) -> Result<Vec<u8>, String> {
    let mut words: std::collections::BTreeMap<String, Entry> = std::collections::BTreeMap::new();
    for (list, text) in lists {
        let mut weight = 0u8;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_end();
            let broken = |why: &str| format!("read {list}.txt line {}: {why}", number + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if *list == "classes" {
                let (name, members) = line
                    .split_once(':')
                    .ok_or_else(|| broken("expected `class: words`"))?;
                let class = CLASSES
                    .into_iter()
                    .find(|c| format!("{c:?}").eq_ignore_ascii_case(name))
                    .ok_or_else(|| broken("unknown class"))?;
                for word in members.split_whitespace() {
                    let entry = words.entry(word.to_string()).or_insert(Entry::NONE);
                    // the first class named holds
                    if entry.class == Class::None {
                        entry.class = class;
                    }
                }
                continue;
            }
            if let Some(number) = line.strip_prefix('=') {
                weight = number
                    .parse()
                    .ok()
                    .filter(|w| (1..=15).contains(w))
                    .ok_or_else(|| broken("expected a weight from 1 to 15"))?;
                continue;
            }
            let entry = words.entry(line.to_string()).or_insert(Entry::NONE);
            match *list {
                "first_names" => entry.first = entry.first.max(weight),
                "surnames" => entry.last = entry.last.max(weight),
                "common_words" | "places" => entry.other = entry.other.max(weight),
                // a place may be a part of a name, a brand may not
                "phrases" => {
                    entry.class = Class::Phrase;
                    entry.other = weight;
                }
                "not_people" => entry.class = Class::Phrase,
                _ => return Err(broken("unknown list")),
            }
        }
    }
    let slots = words.len() * 5 / 3 + 8;
    let mut table = vec![0u8; slots * 4];
    // the weightiest first: where two words share slots and fingerprint, the later one is lost
    let mut order: Vec<(&String, &Entry)> = words.iter().collect();
    order.sort_by_key(|(_, e)| {
        let weight = e.first.max(e.last).max(e.other);
        std::cmp::Reverse((e.class != Class::None, weight))
    });
    for (word, entry) in order {
        let value = entry.pack();
        if value == 0 {
            return Err(format!("read word {word}: no weight before it"));
        }
        let key = key(word.as_bytes())
            .ok_or_else(|| format!("read word {word}: longer than {KEY_BYTES} bytes"))?;
        let (mut slot, print) = spot(&key, word.len(), slots);
        while table[slot * 4..slot * 4 + 2] != [0, 0] {
            slot = (slot + 1) % slots;
        }
        table[slot * 4..slot * 4 + 2].copy_from_slice(&value.to_le_bytes());
        table[slot * 4 + 2..slot * 4 + 4].copy_from_slice(&print.to_le_bytes());
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(table: &[u8], word: &str) -> Entry {
        key(word.as_bytes()).map_or(Entry::NONE, |key| find(table, &key, word.len()))
    }

    #[test]
    fn lists_are_merged_word_by_word() {
        let lists = [
            ("classes", "# note\ntitle: dr prof\norganisation: bank dr\n"),
            ("first_names", "=12\nrose\n=3\nbank\n"),
            ("surnames", "=9\nrose\n"),
            ("common_words", "=4\nrose\n"),
            ("places", "=6\nrose\n"),
            ("not_people", "rose bank\n"),
            ("phrases", "=15\nrose hill\n"),
        ];
        let table = build(&lists).expect("lists are sound");
        let rose = Entry {
            first: 12,
            last: 9,
            other: 6,
            class: Class::None,
        };
        assert_eq!(entry(&table, "rose"), rose);
        assert_eq!(
            entry(&table, "dr").class,
            Class::Title,
            "the first class holds"
        );
        assert_eq!(entry(&table, "bank").class, Class::Organisation);
        assert_eq!(entry(&table, "bank").first, 3);
        assert_eq!(entry(&table, "rose bank").class, Class::Phrase);
        assert_eq!(entry(&table, "rose bank").other, 0);
        assert_eq!(entry(&table, "rose hill").other, 15);
        assert_eq!(entry(&table, "hill"), Entry::NONE);
        assert_eq!(entry(&[], "rose"), Entry::NONE);
    }

    #[test]
    fn broken_lists_are_named_with_their_line() {
        for (list, text, error) in [
            (
                "classes",
                "title dr",
                "read classes.txt line 1: expected `class: words`",
            ),
            (
                "classes",
                "title: dr\nwizard: merlin",
                "read classes.txt line 2: unknown class",
            ),
            (
                "surnames",
                "=16\nrose",
                "read surnames.txt line 1: expected a weight from 1 to 15",
            ),
            (
                "hobbies",
                "=1\nrose",
                "read hobbies.txt line 2: unknown list",
            ),
            ("surnames", "rose", "read word rose: no weight before it"),
        ] {
            assert_eq!(build(&[(list, text)]), Err(error.to_string()));
        }
        let long = "x".repeat(KEY_BYTES + 1);
        assert!(build(&[("not_people", &long)]).is_err_and(|e| e.contains("longer than 32 bytes")));
    }

    /// Words of the real lists are found with their weight, but for a few rare ones that share slots and
    /// fingerprint with another; made-up words are not found.
    #[test]
    fn the_real_lists_are_found_again() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/detectors/words/");
        let names = ["first_names", "surnames", "common_words", "places"];
        let texts = names
            .map(|n| std::fs::read_to_string(format!("{folder}{n}.txt")).expect("a list of words"));
        let lists: Vec<(&str, &str)> = names
            .into_iter()
            .zip(texts.iter().map(String::as_str))
            .collect();
        let table = build(&lists).expect("lists are sound");
        let (mut checked, mut lost) = (0, 0);
        for (name, text) in &lists {
            let mut weight = 0;
            for line in text.lines() {
                if let Some(number) = line.strip_prefix('=') {
                    weight = number.parse().expect("a weight");
                    continue;
                }
                let plain = line.bytes().all(|b| b.is_ascii_lowercase());
                assert!(plain, "{name}: {line} is not folded");
                let found = entry(&table, line);
                let got = match *name {
                    "first_names" => found.first,
                    "surnames" => found.last,
                    _ => found.other,
                };
                if got < weight {
                    assert!(weight <= 6, "{name}: {line} has {got}, not {weight}");
                    lost += 1;
                }
                checked += 1;
            }
        }
        assert!(checked > 300_000, "{checked} words");
        assert!(lost <= 60, "{lost} words are taken for others");
        let made_up = (0..20_000)
            .filter(|i| entry(&table, &format!("qzx{i:x}qzx")) != Entry::NONE)
            .count();
        assert!(
            made_up <= 10,
            "{made_up} of 20,000 made-up words are taken for others"
        );
    }
}
