//! Finds keywords at word starts: one look into a small bitmap rules nearly every word out.
//!
//! A keyword matches without regard to case and as a whole word (edges: anything but a letter,
//! camelCase, `_`, digits, escapes). A space in it also matches `_`, `-` and nothing. Literals of
//! patterns ride along: they match byte for byte and need no edge after them.
//!
//! Source of the rules: Macie user guide, keyword requirements of managed data identifiers.

mod heads;

use std::collections::BTreeMap;

use self::heads::heads;
use super::word;

/// Longest keyword that is looked for, in bytes as it may stand in a text.
pub(super) const KEYWORD_BYTES_MAX: usize = 128;

/// Bits of the address in a bitmap: 8 KiB each.
const BITMAP_BITS: u32 = 16;
const BITMAP_WORDS: usize = 1 << (BITMAP_BITS - 6);

/// Six bytes of eight.
const SIX: u64 = u64::MAX >> 16;
/// Three bytes of four.
const THREE: u32 = u32::MAX >> 8;

/// Word starts that are looked up before the survivors are looked at closely.
const BATCH: usize = 256;

/// A keyword or literal in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub start: u32,
    pub end: u32,
    /// Number of the [`Term`].
    pub term: u32,
}

/// What was found, by kind. Keywords ascend by start.
#[derive(Clone, Debug, Default)]
pub(super) struct Finds {
    pub keywords: Vec<Found>,
    /// Words that only name fields.
    pub labels: Vec<Found>,
    pub literals: Vec<Found>,
    /// Word starts that are looked at closely.
    kept: Vec<u32>,
}

impl Finds {
    pub(super) fn clear(&mut self) {
        self.keywords.clear();
        self.labels.clear();
        self.literals.clear();
    }
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    Keyword(String),
    /// As a keyword, but it makes no value near it count.
    Label(String),
    Literal {
        bytes: Vec<u8>,
        ignore_case: bool,
        /// The byte of the literal at which it is looked for: the start of a word in it.
        at: usize,
    },
}

impl Term {
    /// A literal, if it holds a start of a word with enough after it; others need another way.
    pub(super) fn literal(bytes: &[u8], ignore_case: bool) -> Option<Term> {
        let starts = |i: &usize| {
            bytes[*i].is_ascii_alphabetic()
                && (*i == 0 || !bytes[i - 1].is_ascii_alphabetic() && bytes[i - 1] < 0x80)
        };
        // of a URL the host: all schemes look alike
        let host = memchr::memmem::find(bytes, b"://").map_or(0, |i| i + 3);
        let at = (host..bytes.len())
            .find(starts)
            .or_else(|| (0..host).find(starts))?;
        (bytes.len() - at >= 3).then(|| Term::Literal {
            bytes: bytes.to_vec(),
            ignore_case,
            at,
        })
    }

    /// What ends with this byte may be followed by anything.
    fn is_open(&self, last: u8) -> bool {
        matches!(self, Term::Literal { .. }) || !last.is_ascii_alphabetic()
    }

    /// Tells the first five bytes of a text in which the term begins so, the fifth as [`fifth`] has
    /// it. `head`: of at most five bytes.
    fn fives(&self, head: &[u8], tell: &mut dyn FnMut([u8; 5])) {
        let any_case = !matches!(
            self,
            Term::Literal {
                ignore_case: false,
                ..
            }
        );
        match *head {
            [a, b, c, d, e] => {
                if any_case && e.is_ascii_alphabetic() {
                    tell([a, b, c, d, e.to_ascii_lowercase()]);
                    tell([a, b, c, d, 0]);
                } else {
                    tell([a, b, c, d, fifth(e)]);
                }
            }
            [a, b, c, d] => {
                tell([a, b, c, d, 0]);
                if self.is_open(d) {
                    (b'a'..=b'z').for_each(|e| tell([a, b, c, d, e]));
                }
            }
            // asked for as one of four, where small letters follow
            [a, b, c] if self.is_open(c) && b.is_ascii_alphabetic() && c.is_ascii_alphabetic() => {
                for d in b'a'..=b'z' {
                    tell([a, b, c, d, 0]);
                    (b'a'..=b'z').for_each(|e| tell([a, b, c, d, e]));
                }
            }
            _ => {}
        }
    }

    /// The part that is looked for, lower case.
    fn body(&self) -> Vec<u8> {
        match self {
            Term::Keyword(text) | Term::Label(text) => text.to_lowercase().into_bytes(),
            Term::Literal { bytes, at, .. } => bytes[*at..].to_vec(),
        }
    }
}

/// A set of hashes, or more: small enough for the first cache.
#[derive(Debug)]
struct Bitmap(Box<[u64; BITMAP_WORDS]>);

impl Bitmap {
    fn new() -> Self {
        Bitmap(Box::new([0; BITMAP_WORDS]))
    }

    fn add(&mut self, hash: u32) {
        let bit = hash >> (32 - BITMAP_BITS);
        self.0[bit as usize / 64] |= 1 << (bit % 64);
    }

    #[inline(always)]
    fn has(&self, hash: u32) -> bool {
        let bit = hash >> (32 - BITMAP_BITS);
        self.0[bit as usize / 64] >> (bit % 64) & 1 != 0
    }
}

/// Terms under one length of prefix.
#[derive(Debug)]
struct Table {
    bitmap: Bitmap,
    /// Open addressing by prefix; `to` 0 marks a free slot.
    slots: Vec<Slot>,
    terms: Vec<Listed>,
}

/// A term under its prefix.
#[derive(Clone, Copy, Debug)]
struct Listed {
    /// The first bytes of the term, upper and lower case alike, as far as they have one spelling;
    /// `mask` covers them.
    head: u64,
    mask: u64,
    term: u32,
    /// Where the head ends and `follows` is asked; 8 where it is not.
    end: u8,
    follows: Follows,
}

/// What may stand after the head of a term.
#[derive(Clone, Copy, Debug)]
enum Follows {
    /// The term ends there, with a letter: no small letter goes on.
    End,
    /// A blank or what stands for one, or this letter or digit.
    Blank(u8),
}

impl Follows {
    fn allows(self, b: u8) -> bool {
        match self {
            Follows::End => !b.is_ascii_lowercase(),
            Follows::Blank(next) => matches!(b, b' ' | b'_' | b'-') || b | 0x20 == next,
        }
    }
}

impl Listed {
    fn new(term: u32, body: &[u8], keyword: bool) -> Self {
        let fixed = body
            .iter()
            .take(8)
            .take_while(|b| b.is_ascii() && !(keyword && **b == b' '))
            .count();
        let mut head = [0u8; 8];
        head[..fixed].copy_from_slice(&body[..fixed]);
        let mask = match fixed {
            0 => 0,
            n => u64::MAX >> (64 - 8 * n),
        };
        let (end, follows) = match &body[fixed..] {
            [] if keyword && fixed < 8 && body.last().is_some_and(u8::is_ascii_alphabetic) => {
                (fixed, Follows::End)
            }
            [b' ', next, ..] if keyword && fixed < 8 && next.is_ascii_alphanumeric() => {
                (fixed, Follows::Blank(next | 0x20))
            }
            _ => (8, Follows::End),
        };
        Listed {
            head: fold(u64::from_le_bytes(head)) & mask,
            mask,
            term,
            end: end as u8,
            follows,
        }
    }

    /// Whether the term may stand where these eight bytes do.
    #[inline(always)]
    fn may_match(&self, raw: u64) -> bool {
        fold(raw) & self.mask == self.head
            && (self.end > 7 || self.follows.allows((raw >> (8 * self.end)) as u8))
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    prefix: u32,
    from: u32,
    to: u32,
}

fn hash(prefix: u32) -> u32 {
    prefix.wrapping_mul(0x9E37_79B1)
}

/// The hash of five bytes, the fifth as [`fifth`] has it.
fn hash_five([a, b, c, d, e]: [u8; 5]) -> u32 {
    let four = u32::from_le_bytes([a, b, c, d]) | 0x2020_2020;
    let five = u64::from(e) << 32 | u64::from(four);
    ((five << 24).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

/// A small letter is itself, all else is the same.
#[inline(always)]
fn fifth(b: u8) -> u8 {
    if b.is_ascii_lowercase() { b } else { 0 }
}

/// The hash of the first six bytes.
fn hash_six(head: u64) -> u32 {
    ((head << 16).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

impl Table {
    fn new(prefixes: &BTreeMap<u32, Vec<u32>>, listed: &[Listed]) -> Self {
        let size = (prefixes.len() * 2).next_power_of_two().max(2);
        let mut table = Table {
            bitmap: Bitmap::new(),
            slots: vec![Slot::default(); size],
            terms: Vec::new(),
        };
        for (&prefix, terms) in prefixes {
            table.bitmap.add(hash(prefix));
            let from = table.terms.len() as u32;
            let terms = terms.iter().map(|&t| listed[t as usize]);
            table.terms.extend(terms);
            let mut i = hash(prefix) as usize & (size - 1);
            while table.slots[i].to != 0 {
                i = (i + 1) & (size - 1);
            }
            table.slots[i] = Slot {
                prefix,
                from,
                to: table.terms.len() as u32,
            };
        }
        table
    }

    #[inline(always)]
    fn may_hold(&self, prefix: u32) -> bool {
        self.bitmap.has(hash(prefix))
    }

    fn terms(&self, prefix: u32) -> &[Listed] {
        let mask = self.slots.len() - 1;
        let mut i = hash(prefix) as usize & mask;
        loop {
            let slot = self.slots[i];
            if slot.to == 0 {
                return &[];
            }
            if slot.prefix == prefix {
                return &self.terms[slot.from as usize..slot.to as usize];
            }
            i = (i + 1) & mask;
        }
    }
}

/// Immutable index of all terms.
#[derive(Debug)]
pub(super) struct KeywordIndex {
    /// Terms of four bytes and more by the first four, ...
    four: Table,
    /// ... shorter ones by their first three, or two and any.
    three: Table,
    /// The first three bytes of those that need no edge after them.
    open: Bitmap,
    /// The first six bytes of the terms that have one spelling of them.
    six: Bitmap,
    /// The first five of the others, small letters told from the rest in the fifth place.
    five: Bitmap,
    /// See [`Self::has_letter_digit`].
    letter_digit: bool,
    terms: Vec<Term>,
    bodies: Vec<Vec<u8>>,
}

/// All bytes as the bitmaps see them: upper and lower case alike.
fn fold(bytes: u64) -> u64 {
    bytes | 0x2020_2020_2020_2020
}

impl KeywordIndex {
    /// Terms are numbered as given.
    pub(super) fn new(terms: Vec<Term>) -> Self {
        let mut four: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut three: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let bodies: Vec<Vec<u8>> = terms.iter().map(Term::body).collect();
        let mut open = Bitmap::new();
        let mut longer: Vec<u32> = Vec::new();
        let mut letter_digit = false;
        for (number, (term, body)) in terms.iter().zip(&bodies).enumerate() {
            for head in heads(term, body, 4) {
                letter_digit |= begins_with_digit_second(&head);
                let number = number as u32;
                let enter = |map: &mut BTreeMap<u32, Vec<u32>>, bytes: [u8; 4], mask: u32| {
                    let list = map
                        .entry((u32::from_le_bytes(bytes) | 0x2020_2020) & mask)
                        .or_default();
                    if !list.contains(&number) {
                        list.push(number);
                    }
                };
                match *head.as_slice() {
                    [a, b, c, d, ..] => enter(&mut four, [a, b, c, d], u32::MAX),
                    [a, b, c] => {
                        enter(&mut three, [a, b, c, 0], THREE);
                        // what must not end a word may be followed by anything
                        if term.is_open(c) {
                            let prefix = u32::from_le_bytes([a, b, c, 0]) | 0x2020_2020;
                            open.add(hash(prefix & THREE));
                            // starts that three small letters follow are asked for four bytes
                            if b.is_ascii_alphabetic() && c.is_ascii_alphabetic() {
                                let fourth = b'a'..=b'z';
                                longer.extend(fourth.map(|d| prefix & THREE | u32::from(d) << 24));
                            }
                        }
                    }
                    [a, b] => {
                        for c in 0..=u8::MAX {
                            enter(&mut three, [a, b, c, 0], THREE);
                        }
                    }
                    _ => {}
                }
            }
        }
        let listed: Vec<Listed> = terms
            .iter()
            .zip(&bodies)
            .enumerate()
            .map(|(i, (term, body))| {
                Listed::new(i as u32, body, !matches!(term, Term::Literal { .. }))
            })
            .collect();
        let (mut six, mut five) = (Bitmap::new(), Bitmap::new());
        for ((term, body), listed) in terms.iter().zip(&bodies).zip(&listed) {
            if listed.mask & SIX == SIX {
                six.add(hash_six(listed.head));
            } else {
                for head in heads(term, body, 5) {
                    term.fives(&head, &mut |bytes| five.add(hash_five(bytes)));
                }
            }
        }
        let mut four = Table::new(&four, &listed);
        longer
            .into_iter()
            .for_each(|prefix| four.bitmap.add(hash(prefix)));
        KeywordIndex {
            letter_digit,
            six,
            five,
            open,
            four,
            three: Table::new(&three, &listed),
            terms,
            bodies,
        }
    }

    /// A term begins with a letter and a digit, and a letter or digit may follow.
    pub(super) fn has_letter_digit(&self) -> bool {
        self.letter_digit
    }

    /// Appends what stands at the word starts to `found`, in the order of the text.
    ///
    /// `plain`: starts that three small letters follow, `odd`: others; both ascend. They need not be
    /// exact: the edges are looked at again where a term matches.
    pub(super) fn find(&self, text: &[u8], plain: &[u32], odd: &[u32], found: &mut Finds) {
        let mut kept = std::mem::take(&mut found.kept);
        kept.clear();
        // a term of three letters that needs an edge ends before, or is none
        self.sieve(
            text,
            plain,
            |raw| self.four.may_hold(raw as u32 | 0x2020_2020),
            |raw| self.may_go_on(raw),
            &mut kept,
        );
        let first = kept.len();
        self.sieve(
            text,
            odd,
            |raw| {
                let raw = raw as u32;
                self.four.may_hold(raw | 0x2020_2020) | self.may_be_short(raw)
            },
            |raw| self.may_go_on(raw) | self.may_be_short(raw as u32),
            &mut kept,
        );
        let (mut plain, mut odd) = (&kept[..first], &kept[first..]);
        loop {
            let side = match (plain, odd) {
                (&[a, ..], &[b, ..]) if a < b => &mut plain,
                (&[_, ..], &[]) => &mut plain,
                (_, &[_, ..]) => &mut odd,
                _ => break,
            };
            if let Some((&start, rest)) = side.split_first() {
                *side = rest;
                self.find_at(text, start as usize, found);
            }
        }
        found.kept = kept;
    }

    /// Adds the starts that pass both, or have too little text after them, to `kept`. `first` is asked
    /// of four bytes, `second` of eight.
    #[inline(always)]
    fn sieve(
        &self,
        text: &[u8],
        starts: &[u32],
        first: impl Fn(u64) -> bool,
        second: impl Fn(u64) -> bool,
        kept: &mut Vec<u32>,
    ) {
        let mut passed = [0u32; BATCH];
        for batch in starts.chunks(BATCH) {
            // every start is written, and counted only if it stays: no branch depends on it
            let mut count = 0;
            for &start in batch {
                passed[count & (BATCH - 1)] = start;
                let bytes = text
                    .get(start as usize..)
                    .and_then(|rest| rest.first_chunk::<8>());
                count += match bytes {
                    Some(bytes) => usize::from(first(u64::from_le_bytes(*bytes))),
                    None => 1,
                };
            }
            // the same again with more bytes
            let all = count;
            count = 0;
            for i in 0..all {
                let start = passed[i & (BATCH - 1)];
                passed[count & (BATCH - 1)] = start;
                let bytes = text
                    .get(start as usize..)
                    .and_then(|rest| rest.first_chunk::<8>());
                count += match bytes {
                    Some(bytes) => usize::from(second(u64::from_le_bytes(*bytes))),
                    None => 1,
                };
            }
            kept.extend_from_slice(&passed[..count]);
        }
    }

    /// A term of four letters or more may begin with these eight bytes.
    #[inline(always)]
    fn may_go_on(&self, raw: u64) -> bool {
        let [a, b, c, d, e, ..] = raw.to_le_bytes();
        self.six.has(hash_six(fold(raw))) | self.five.has(hash_five([a, b, c, d, fifth(e)]))
    }

    /// A term may end within or after the first three of these bytes.
    #[inline(always)]
    fn may_be_short(&self, raw: u32) -> bool {
        let prefix = hash((raw | 0x2020_2020) & THREE);
        self.three.bitmap.has(prefix) & (may_end_in_three(raw) | self.open.has(prefix))
    }

    #[inline(never)]
    fn find_at(&self, text: &[u8], at: usize, found: &mut Finds) {
        let raw = match text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => short_head(text.get(at..).unwrap_or_default()),
        };
        let head = fold(raw);
        let prefix = head as u32;
        if self.four.may_hold(prefix) {
            self.verify(text, at, raw, self.four.terms(prefix), found);
        }
        if self.may_be_short(raw as u32) {
            let short = prefix & THREE;
            self.verify(text, at, raw, self.three.terms(short), found);
        }
    }

    #[inline]
    fn verify(&self, text: &[u8], at: usize, raw: u64, terms: &[Listed], found: &mut Finds) {
        for listed in terms {
            if listed.may_match(raw) {
                self.compare(text, at, listed.term, found);
            }
        }
    }

    #[inline(never)]
    fn compare(&self, text: &[u8], at: usize, term: u32, found: &mut Finds) {
        if let Some((start, end)) = self.matches(text, at, term as usize) {
            let list = match self.terms[term as usize] {
                Term::Keyword(_) => &mut found.keywords,
                Term::Label(_) => &mut found.labels,
                Term::Literal { .. } => &mut found.literals,
            };
            list.push(Found {
                start: start as u32,
                end: end as u32,
                term,
            });
        }
    }

    fn matches(&self, text: &[u8], at: usize, term: usize) -> Option<(usize, usize)> {
        let body = &self.bodies[term];
        match &self.terms[term] {
            Term::Keyword(_) | Term::Label(_) => {
                let end = keyword_end(text, at, body)?;
                (word::starts_word(text, at) && word::ends_word(text, end)).then_some((at, end))
            }
            Term::Literal {
                bytes,
                ignore_case,
                at: offset,
            } => {
                let start = at.checked_sub(*offset)?;
                let end = start + bytes.len();
                let there = text.get(start..end)?;
                let same = if *ignore_case {
                    there.eq_ignore_ascii_case(bytes)
                } else {
                    there == bytes.as_slice()
                };
                same.then_some((start, end))
            }
        }
    }
}

/// A short keyword may end within or right after the three bytes: a third letter with a small
/// letter behind it goes on.
#[inline(always)]
fn may_end_in_three(raw: u32) -> bool {
    let [_, _, third, fourth] = raw.to_le_bytes();
    !(third.is_ascii_alphabetic() & fourth.is_ascii_lowercase())
}

fn short_head(rest: &[u8]) -> u64 {
    let mut bytes = [0u8; 8];
    for (to, from) in bytes.iter_mut().zip(rest) {
        *to = *from;
    }
    u64::from_le_bytes(bytes)
}

/// The end of the keyword if it stands at `at`, edges aside.
fn keyword_end(text: &[u8], at: usize, body: &[u8]) -> Option<usize> {
    let mut i = at;
    let mut k = 0;
    while k < body.len() {
        let wanted = body[k];
        if wanted == b' ' {
            if matches!(text.get(i), Some(b' ' | b'_' | b'-')) {
                i += 1;
            }
            k += 1;
        } else if wanted < 0x80 {
            if text.get(i)?.to_ascii_lowercase() != wanted {
                return None;
            }
            i += 1;
            k += 1;
        } else {
            let there = word::char_at(text, i)?;
            let wanted = word::char_at(body, k)?;
            if there != wanted && !there.to_lowercase().eq(std::iter::once(wanted)) {
                return None;
            }
            i += there.len_utf8();
            k += wanted.len_utf8();
        }
    }
    Some(i)
}

/// A letter and a digit, and no third byte or a letter or digit.
fn begins_with_digit_second(head: &[u8]) -> bool {
    match head {
        [letter, second, rest @ ..] => {
            letter.is_ascii_alphabetic()
                && second.is_ascii_digit()
                && rest.first().is_none_or(u8::is_ascii_alphanumeric)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
