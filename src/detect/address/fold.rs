// Folding of place names and street words to one spelling, and the key under which they are
// stored. Used by the scanner and, through `include!`, by the build, so that both agree; it
// therefore uses `core` alone and holds no inner doc comment.

/// Class of the places of the first country; those of the others follow.
pub(crate) const PLACES: u8 = 0;
/// Class of the postcode starts of the first country; those of the others follow.
pub(crate) const STARTS: u8 = 16;
/// Class of street words.
pub(crate) const WORDS: u8 = 32;

/// The key of a folded name: the low bits find a slot, the high 32 are the fingerprint.
///
/// `class`: what kind of name; `zone`: the part of a country, at most 4 bytes, or empty.
pub(crate) fn key(class: u8, zone: &[u8], name: &[u8]) -> u64 {
    let mut seed = [0u8; 8];
    for (slot, b) in seed.iter_mut().zip(zone.iter().take(4)) {
        *slot = *b;
    }
    seed[6] = class;
    seed[7] = name.len() as u8;
    let mut hash = mixed(u64::from_le_bytes(seed));
    let mut rest = name;
    while let Some((eight, more)) = rest.split_first_chunk::<8>() {
        hash = mixed(hash ^ u64::from_le_bytes(*eight));
        rest = more;
    }
    if !rest.is_empty() {
        let mut last = [0u8; 8];
        for (slot, b) in last.iter_mut().zip(rest) {
            *slot = *b;
        }
        hash = mixed(hash ^ u64::from_le_bytes(last));
    }
    hash ^ (hash >> 32)
}

fn mixed(x: u64) -> u64 {
    let x = (x ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (x ^ (x >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// Lower-case ASCII spelling of Latin letters U+00C0 to U+017F; empty for others.
fn plain(letter: u32) -> &'static [u8] {
    match letter {
        0xC0..=0xC5 | 0xE0..=0xE5 | 0x100..=0x105 => b"a",
        0xC6 | 0xE6 => b"ae",
        0xC7 | 0xE7 | 0x106..=0x10D => b"c",
        0xC8..=0xCB | 0xE8..=0xEB | 0x112..=0x11B => b"e",
        0xCC..=0xCF | 0xEC..=0xEF | 0x128..=0x131 => b"i",
        0xD0 | 0xF0 | 0x10E..=0x111 => b"d",
        0xD1 | 0xF1 | 0x143..=0x148 => b"n",
        0xD2..=0xD6 | 0xD8 | 0xF2..=0xF6 | 0xF8 | 0x14C..=0x151 => b"o",
        0xD9..=0xDC | 0xF9..=0xFC | 0x168..=0x173 => b"u",
        0xDD | 0xFD | 0xFF | 0x178 => b"y",
        0xDE | 0xFE => b"th",
        0xDF => b"ss",
        0x11C..=0x123 => b"g",
        0x139..=0x142 => b"l",
        0x152 | 0x153 => b"oe",
        0x154..=0x159 => b"r",
        0x15A..=0x161 => b"s",
        0x162..=0x167 => b"t",
        0x179..=0x17E => b"z",
        _ => b"",
    }
}

/// Classes of `street-words.txt`; a word's classes are a set of bits in this order.
pub(crate) const CLASSES: &[&str] = &[
    "en-street",
    "en-dir",
    "en-unit",
    "en-lone-unit",
    "en-route",
    "en-lead",
    "en-plain",
    "en-number",
    "en-house",
    "en-county",
    "fr-street",
    "fr-extra",
    "de-street",
    "de-lead",
    "es-street",
    "es-extra",
    "it-street",
    "it-extra",
    "br-street",
    "br-extra",
    "it-province",
    "small",
    "place-small",
    "country",
];

/// Slots of the table of street words: a power of two.
pub(crate) const WORD_SLOTS: usize = 4096;

/// Longest folded name, in bytes.
pub(crate) const FOLDED_BYTES_MAX: usize = 48;

/// Folds `text` into `out`: lower case, no accents, one space between words, no other
/// punctuation; `saint`, `mount`, `fort` shortened. JSON's `\u00e9` counts as the letter.
/// Answers the length; `None` where the name is longer than the buffer.
pub(crate) fn fold(text: &[u8], out: &mut [u8; FOLDED_BYTES_MAX]) -> Option<usize> {
    let mut length = 0usize;
    let mut begin = 0usize;
    let mut p = 0;
    loop {
        let mut one = [0u8; 1];
        let (letters, width): (&[u8], usize) = match text.get(p) {
            Some(b) if b.is_ascii_alphanumeric() => {
                one[0] = b.to_ascii_lowercase();
                (&one, 1)
            }
            Some(&b) if (0xC3..=0xC5).contains(&b) => match text.get(p + 1) {
                Some(&next) if next & 0xC0 == 0x80 => (
                    plain((u32::from(b & 0x1F) << 6) | u32::from(next & 0x3F)),
                    2,
                ),
                _ => (b"", 1),
            },
            // a combining accent belongs to the letter before it
            Some(0xCC | 0xCD) => {
                p += 2;
                continue;
            }
            Some(b'\\') => match escaped(text, p) {
                Some(letter) => (plain(letter), 6),
                None => (b"", 1),
            },
            Some(_) | None => (b"", 1),
        };
        if letters.is_empty() {
            if length > begin {
                let short: &[u8] = match &out[begin..length] {
                    b"saint" => b"st",
                    b"sainte" => b"ste",
                    b"mount" => b"mt",
                    b"fort" => b"ft",
                    _ => b"",
                };
                if !short.is_empty() {
                    out[begin..begin + short.len()].copy_from_slice(short);
                    length = begin + short.len();
                }
                begin = length;
            }
            if p >= text.len() {
                return Some(length);
            }
        } else {
            if length == begin && length > 0 {
                *out.get_mut(length)? = b' ';
                length += 1;
                begin = length;
            }
            for &b in letters {
                *out.get_mut(length)? = b;
                length += 1;
            }
        }
        p += width;
    }
}

/// The code of `\u00e9` at `p`.
pub(crate) fn escaped(text: &[u8], p: usize) -> Option<u32> {
    let run = text.get(p..p + 6)?;
    if run[0] != b'\\' || run[1] != b'u' {
        return None;
    }
    let mut code = 0;
    for b in &run[2..] {
        code = code * 16 + (*b as char).to_digit(16)?;
    }
    Some(code)
}
