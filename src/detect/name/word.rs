//! One word of text: where it ends, how it is written, and what the lists say of it.
//!
//! A word here is a run of Latin letters with hyphens and apostrophes inside (`Jean-Pierre`,
//! `O’Brien`), or initials (`J.`, `J.R.R.`). How words stand together is left to `score.rs`.

use super::ending;
use super::table::{self, Class, Entry, KEY_BYTES, Key};

static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/name_table.bin"));

/// Weight as a family name of a word that only its end tells to be one.
const FAMILY_BY_ENDING: u8 = 2;
/// Longest word that the table holds, in letters.
const LETTERS_MAX: usize = KEY_BYTES;

/// Base letters of U+00C0..U+0250, `.` where there is none.
const LATIN_1: &[u8; 0x190] = b"aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty\
aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkkllllll.\
.llnnnnnn.nnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs\
................................oo.............uu...............\
.............aaiioouuuuuuuuuu.aaaa....ggkkoooo..j...gg..nnaa....\
aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............\
................";
/// The same of U+1E00..U+1F00.
const LATIN_2: &[u8; 0x100] = b"aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm\
mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv\
wwwwwwwwwwxxxxyyzzzzzzhtwy....s.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee\
eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

/// One letter as read from text.
#[derive(Clone, Copy)]
struct Letter {
    /// Folded, one or two letters; the second is 0 where there is none.
    base: [u8; 2],
    upper: bool,
    /// Length in the text, in bytes.
    len: usize,
}

/// The Latin letter at `at`; combining accents are taken with it.
fn letter(text: &[u8], at: usize) -> Option<Letter> {
    let byte = *text.get(at)?;
    if byte.is_ascii_alphabetic() {
        let mut len = 1;
        // U+0300..U+036F: a decomposed accent
        while let (Some(&a), Some(&b)) = (text.get(at + len), text.get(at + len + 1)) {
            if !(a == 0xcc && b >= 0x80 || a == 0xcd && (0x80..0xb0).contains(&b)) {
                break;
            }
            len += 2;
        }
        return Some(Letter {
            base: [byte.to_ascii_lowercase(), 0],
            upper: byte.is_ascii_uppercase(),
            len,
        });
    }
    let (code, len) = match byte {
        0xc3..=0xc9 => {
            let low = *text.get(at + 1)?;
            (u32::from(byte & 0x1f) << 6 | u32::from(low & 0x3f), 2)
        }
        0xe1 => {
            let (mid, low) = (*text.get(at + 1)?, *text.get(at + 2)?);
            (
                0x1000 | u32::from(mid & 0x3f) << 6 | u32::from(low & 0x3f),
                3,
            )
        }
        _ => return None,
    };
    if text.get(at + 1..at + len)?.iter().any(|b| b & 0xc0 != 0x80) {
        return None;
    }
    let base = match code {
        0xc0..0x250 => LATIN_1[code as usize - 0xc0],
        0x1e00..0x1f00 => LATIN_2[code as usize - 0x1e00],
        _ => return None,
    };
    let base = match code {
        0xdf | 0x1e9e => [b's', b's'],
        0xc6 | 0xe6 => [b'a', b'e'],
        0x152 | 0x153 => [b'o', b'e'],
        0xde | 0xfe => [b't', b'h'],
        _ if base == b'.' => return None,
        _ => [base, 0],
    };
    let upper = char::from_u32(code).is_some_and(char::is_uppercase);
    Some(Letter { base, upper, len })
}

/// Whether a letter, digit or part of a non-ASCII character stands at `at`.
pub fn wordy(text: &[u8], at: usize) -> bool {
    text.get(at)
        .is_some_and(|&b| b.is_ascii_alphanumeric() || b >= 0x80)
}

/// Folded letters of one word.
#[derive(Clone, Copy)]
struct Folded {
    bytes: [u8; LETTERS_MAX],
    len: usize,
}

impl Folded {
    fn new() -> Self {
        Folded {
            bytes: [0; LETTERS_MAX],
            len: 0,
        }
    }
    fn push(&mut self, byte: u8) {
        // one more than fits marks the word as too long
        if let Some(slot) = self.bytes.get_mut(self.len) {
            *slot = byte;
        }
        self.len += 1;
    }
    fn find(&self, from: usize) -> Entry {
        let Some(word) = self.bytes.get(from..self.len) else {
            return Entry::NONE;
        };
        let mut key = [0u8; KEY_BYTES];
        for (slot, &b) in key.iter_mut().zip(word) {
            *slot = b;
        }
        table::find(TABLE, &key, word.len())
    }
}

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `Maria`, `McKay`, `Jean-Luc`.
    Title,
    /// `MARIA`, two letters or more.
    Upper,
    /// `maria`.
    Lower,
    /// `J.`, `J.R.R.`, `J`.
    Initial,
    /// `getName`, and words too long or with foreign letters.
    Odd,
}

/// One word and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    pub start: usize,
    /// After the last letter, and after the last dot of initials.
    pub end: usize,
    pub shape: Shape,
    pub entry: Entry,
    /// Folded letters.
    pub letters: usize,
    /// A hyphen inside.
    pub hyphen: bool,
    /// An English possessive `'s` follows.
    pub possessive: bool,
}

/// Length of the apostrophe at `at`, 0 if there is none.
fn apostrophe(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b'\'') => 1,
        Some(0xe2) if text.get(at + 1..at + 3) == Some(&[0x80, 0x99]) => 3,
        _ => 0,
    }
}

/// Longest word of [`read_plain`], in bytes.
const PLAIN_MAX: usize = 24;
/// The top bit of every byte.
const TOPS: u64 = 0x8080_8080_8080_8080;

/// Eight bytes of text, zeros after its end.
#[inline]
fn chunk(text: &[u8], at: usize) -> u64 {
    if let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        return u64::from_le_bytes(*bytes);
    }
    let mut bytes = [0u8; 8];
    for (slot, &b) in bytes.iter_mut().zip(text.get(at..).unwrap_or_default()) {
        *slot = b;
    }
    u64::from_le_bytes(bytes)
}

/// How many of eight bytes are ASCII letters, up to the first that is not.
#[inline(always)]
fn letter_count(chunk: u64) -> usize {
    let folded = chunk | 0x2020_2020_2020_2020;
    // the top bit of each byte that is a letter
    let low = folded & 0x7f7f_7f7f_7f7f_7f7f;
    let letters = (low + 0x1f1f_1f1f_1f1f_1f1f) & !(low + 0x0505_0505_0505_0505) & !chunk & TOPS;
    ((!letters & TOPS).trailing_zeros() / 8) as usize
}

/// The letters of a plain word.
struct Plain {
    key: Key,
    len: usize,
    upper: usize,
}

/// The ASCII letters at `at`, at most [`PLAIN_MAX`].
#[inline(always)]
fn plain(text: &[u8], at: usize) -> Plain {
    let mut word = Plain {
        key: [0u8; KEY_BYTES],
        len: 0,
        upper: 0,
    };
    for part in 0..PLAIN_MAX / 8 {
        let chunk = chunk(text, at + part * 8);
        let count = letter_count(chunk);
        let folded = chunk | 0x2020_2020_2020_2020;
        let mask = if count == 8 {
            u64::MAX
        } else {
            (1 << (8 * count)) - 1
        };
        word.upper += (!chunk & mask & 0x2020_2020_2020_2020).count_ones() as usize;
        word.key[part * 8..part * 8 + 8].copy_from_slice(&(folded & mask).to_le_bytes());
        word.len += count;
        if count < 8 {
            break;
        }
    }
    word
}

/// How many ASCII letters stand at `at`, counted up to [`PLAIN_MAX`].
#[inline(always)]
pub fn plain_len(text: &[u8], at: usize) -> usize {
    let mut len = 0;
    while len < PLAIN_MAX {
        let count = letter_count(chunk(text, at + len));
        len += count;
        if count < 8 {
            break;
        }
    }
    len
}

/// The bytes of a word of 2 to 7 ASCII letters with a space after it.
#[inline(always)]
pub fn short(text: &[u8], at: usize) -> Option<u64> {
    let chunk = chunk(text, at);
    let len = letter_count(chunk);
    if !(2..8).contains(&len) || chunk >> (8 * len) & 0xff != u64::from(b' ') {
        return None;
    }
    Some(chunk & ((1 << (8 * len)) - 1))
}

/// A word of 2 to 24 ASCII letters in one of the usual shapes: nearly all words.
#[inline(always)]
pub fn read_plain(text: &[u8], at: usize) -> Option<Word> {
    let word = plain(text, at);
    let len = word.len;
    if len < 2 {
        return None;
    }
    if let Some(b'-' | b'\'' | b'0'..=b'9' | 0x80.. | b'A'..=b'Z' | b'a'..=b'z') =
        text.get(at + len)
    {
        return None;
    }
    let capital = text.get(at).is_some_and(u8::is_ascii_uppercase);
    let shape = match word.upper {
        0 => Shape::Lower,
        n if n == len => Shape::Upper,
        1 if capital => Shape::Title,
        // McDonald has two
        1 | 2 => return None,
        _ => Shape::Odd,
    };
    let entry = match shape {
        Shape::Odd => Entry::NONE,
        shape => unlisted(table::find(TABLE, &word.key, len), shape, &word.key[..len]),
    };
    Some(Word {
        start: at,
        end: at + len,
        shape,
        entry,
        letters: len,
        hyphen: false,
        possessive: false,
    })
}

/// Reads the word that starts at `at`; `None` where no Latin letter stands there.
pub fn read(text: &[u8], at: usize) -> Option<Word> {
    read_plain(text, at).or_else(|| read_any(text, at))
}

/// As [`read`], for every word.
#[inline(never)]
fn read_any(text: &[u8], at: usize) -> Option<Word> {
    let mut folded = Folded::new();
    let (mut upper, mut lower, mut inner) = (0usize, 0usize, 0usize);
    let mut pos = at;
    // where the current part began (after a hyphen or apostrophe), and how the parts weigh
    let mut part = 0usize;
    let mut parts: Option<Entry> = None;
    let mut hyphen = false;
    let mut small_part = false;
    let mut possessive = false;
    let mut odd = false;
    loop {
        while let Some(l) = letter(text, pos) {
            let starts_part = folded.len == part;
            if l.upper {
                upper += 1;
                if !starts_part
                    && lower > 0
                    && !prefix(&folded.bytes[..folded.len.min(LETTERS_MAX)], part)
                {
                    inner += 1;
                }
            } else {
                lower += 1;
                if starts_part && part > 0 {
                    small_part = true;
                }
            }
            folded.push(l.base[0]);
            if l.base[1] != 0 {
                folded.push(l.base[1]);
            }
            pos += l.len;
            if folded.len > LETTERS_MAX {
                // no name; where it ends is not worth the reading
                return Some(Word {
                    start: at,
                    end: pos,
                    shape: Shape::Odd,
                    entry: Entry::NONE,
                    letters: folded.len,
                    hyphen,
                    possessive,
                });
            }
        }
        if folded.len == part {
            break;
        }
        let mark = if text.get(pos) == Some(&b'-') {
            1
        } else {
            apostrophe(text, pos)
        };
        if mark == 0 {
            break;
        }
        let Some(next) = letter(text, pos + mark) else {
            break;
        };
        let is_hyphen = text[pos] == b'-';
        if !is_hyphen
            && !next.upper
            && next.base == [b's', 0]
            && !wordy(text, pos + mark + next.len)
        {
            possessive = true;
            break;
        }
        if is_hyphen {
            hyphen = true;
            let entry = if odd { Entry::NONE } else { folded.find(part) };
            parts = Some(join(parts, entry));
        } else if !next.upper {
            // don't, aujourd'hui
            odd = true;
        }
        part = folded.len;
        pos += mark;
    }
    if folded.len == 0 {
        return None;
    }
    let mut word = Word {
        start: at,
        end: pos,
        shape: Shape::Odd,
        entry: Entry::NONE,
        letters: folded.len,
        hyphen,
        possessive,
    };
    if odd || wordy(text, pos) {
        // a digit or a foreign letter goes on
        return Some(word);
    }
    if folded.len == 1 && upper == 1 {
        word.shape = Shape::Initial;
        while text.get(word.end) == Some(&b'.') {
            word.end += 1;
            match letter(text, word.end) {
                Some(l) if l.upper && text.get(word.end + l.len) == Some(&b'.') => {
                    word.end += l.len;
                    word.letters += 1;
                }
                _ => break,
            }
        }
        return Some(word);
    }
    word.entry = folded.find(0);
    if let (Some(earlier), Entry::NONE) = (parts, word.entry) {
        let entry = folded.find(part);
        word.entry = if small_part {
            // Jong-il: the second half is no word of its own
            let common = entry.other >= 6 || entry.class != Class::None || folded.len > 10;
            if common {
                Entry::NONE
            } else {
                join(parts, earlier)
            }
        } else {
            join(parts, entry)
        };
    }
    // getName and ToString, but not LaToya and McKay
    let listed = word.entry.first.max(word.entry.last);
    let camel = inner > 1 || inner == 1 && listed < 4;
    // Smith-based
    let half = small_part && word.entry == Entry::NONE;
    let small_start = text.get(at).is_some_and(u8::is_ascii_lowercase);
    word.shape = if lower == 0 {
        Shape::Upper
    } else if upper == 0 {
        Shape::Lower
    } else if camel || half || small_start {
        Shape::Odd
    } else {
        Shape::Title
    };
    if let Some(letters) = folded.bytes.get(..folded.len) {
        word.entry = unlisted(word.entry, word.shape, letters);
    }
    Some(word)
}

/// What is known of a word that no list holds: a capitalised one may be a family name by its end.
#[inline(always)]
fn unlisted(entry: Entry, shape: Shape, letters: &[u8]) -> Entry {
    if entry == Entry::NONE && shape == Shape::Title && ending::is_of_family(letters) {
        Entry {
            last: FAMILY_BY_ENDING,
            ..Entry::NONE
        }
    } else {
        entry
    }
}

/// The weights of a double name from those of its parts.
fn join(a: Option<Entry>, b: Entry) -> Entry {
    let Some(a) = a else { return b };
    Entry {
        first: a.first.min(b.first),
        last: a.last.midpoint(b.last),
        other: a.other.max(b.other),
        class: if a.class == Class::None {
            b.class
        } else {
            a.class
        },
    }
}

/// A capital may stand inside a word after these.
fn prefix(word: &[u8], part: usize) -> bool {
    matches!(
        word.get(part..).unwrap_or_default(),
        b"mc"
            | b"mac"
            | b"de"
            | b"di"
            | b"du"
            | b"da"
            | b"la"
            | b"le"
            | b"lo"
            | b"van"
            | b"von"
            | b"fitz"
            | b"del"
            | b"st"
    )
}

/// What the table says of a phrase, words joined with single spaces.
pub fn phrase(text: &[u8], words: &[Word]) -> Entry {
    let mut folded = Folded::new();
    for word in words {
        if folded.len > 0 {
            folded.push(b' ');
        }
        let mut at = word.start;
        while at < word.end {
            match letter(text, at) {
                Some(l) => {
                    folded.push(l.base[0]);
                    if l.base[1] != 0 {
                        folded.push(l.base[1]);
                    }
                    at += l.len;
                }
                None => at += 1,
            }
        }
    }
    folded.find(0)
}

/// The word before `end`, which must be the end of a word; at most 24 letters.
pub fn read_before(text: &[u8], end: usize) -> Option<Word> {
    let mut at = end;
    while at > 0 && end - at < 48 && wordy(text, at - 1) {
        at -= 1;
    }
    let word = read(text, at)?;
    (word.end == end).then_some(word)
}

/// Whether a letter or digit stands right before `at`. A mark outside ASCII (a quote, a dash) is none.
pub fn letter_before(text: &[u8], at: usize) -> bool {
    let Some(&byte) = at.checked_sub(1).and_then(|i| text.get(i)) else {
        return false;
    };
    if byte < 0x80 {
        // O'Brien is one word, d'Émile two
        let joined = byte == b'\'' && at >= 2 && text[at - 2].is_ascii_uppercase();
        return byte.is_ascii_alphanumeric() || joined;
    }
    // back to the lead byte of the character
    let mut start = at - 1;
    while start > 0 && at - start < 4 && text[start] & 0xc0 == 0x80 {
        start -= 1;
    }
    match text[start] {
        // Latin-1 marks, general punctuation
        0xc2 => false,
        0xe2 => !matches!(text.get(start + 1), Some(0x80)),
        _ => true,
    }
}

/// A letter in lower case without its accent, as the lists have it; other characters stay.
pub fn fold_char(ch: char) -> impl Iterator<Item = char> {
    let mut buffer = [0u8; 4];
    let folded = letter(ch.encode_utf8(&mut buffer).as_bytes(), 0).map(|l| l.base);
    let (first, second) = match folded {
        Some([a, 0]) => (char::from(a), None),
        Some([a, b]) => (char::from(a), Some(char::from(b))),
        None => (ch.to_lowercase().next().unwrap_or(ch), None),
    };
    std::iter::once(first).chain(second)
}
