//! Shapes of numbers and of tokens of letters and digits, and which patterns each may be.
//!
//! A shape is what stands at the head of a token: so many digits (or letters, then digits), the
//! sign after them, so many digits more. It is read off position lists and indexes a table; most
//! numbers in a log have a shape that no pattern can begin with. The table is made from the
//! patterns' automata.

mod lists;
mod sieve;

use std::collections::HashMap;

use regex_automata::nfa::thompson::NFA;

use super::catalogue::DetectorSet;
use super::feasible::{ByteSet, States, Walk};
use lists::{EMPTY, Lists};
pub(super) use sieve::{SIEVED_LETTERS_MAX, Sieve};

/// First runs of this many digits and more are one shape.
const RUN_MAX: usize = 20;
/// Second runs of this many digits and more are one shape.
pub(super) const NEXT_MAX: usize = 15;
/// Most letters and digits at the start of a value that are counted.
const WORD_BYTES_MAX: usize = 32;
/// Most letters before the first digit of a token.
const LETTERS_MAX: usize = 16;
/// Most bytes of a token before its first digit: letters, a sign, and the letter of an escape.
pub(super) const TOKEN_HEAD_BYTES_MAX: usize = LETTERS_MAX + 2;
/// Most bytes of a number before its first digit: `(+`.
pub(super) const NUMBER_HEAD_BYTES_MAX: usize = 2;
/// Lengths tried for the open-ended shapes.
const OPEN_MAX: usize = 40;

const SIGNS: usize = 16;
/// The sign class of letters.
pub(super) const LETTER: u8 = 9;
/// The sign class of a token whose digits follow its letters directly.
const DIRECT: u8 = 0;

/// Class of the byte between two runs. Digits have none.
pub(super) static SIGN: [u8; 256] = signs();

const fn signs() -> [u8; 256] {
    let mut table = [15u8; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            b' ' => 1,
            b'-' => 2,
            b'.' => 3,
            b'/' => 4,
            b'(' => 5,
            b')' => 6,
            b',' => 7,
            b':' => 8,
            b'A'..=b'Z' | b'a'..=b'z' => LETTER,
            b'_' => 10,
            0x80.. => 11,
            b'+' => 12,
            b'\'' | b'"' => 13,
            b'\n' | b'\r' | b'\t' => 14,
            _ => 15,
        };
        b += 1;
    }
    table
}

/// Signs before a number that may belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    None,
    Plus,
    Paren,
    PlusParen,
    ParenPlus,
}

impl Lead {
    const ALL: [Lead; 5] = [
        Lead::None,
        Lead::Plus,
        Lead::Paren,
        Lead::PlusParen,
        Lead::ParenPlus,
    ];

    /// What stands before the number that begins at `at`.
    #[inline(always)]
    pub(super) fn before(text: &[u8], at: usize) -> Self {
        let before = |n: usize| at.checked_sub(n).map(|i| text[i]);
        match before(1) {
            Some(b'+') if before(2) == Some(b'(') => Lead::ParenPlus,
            Some(b'+') => Lead::Plus,
            Some(b'(') if before(2) == Some(b'+') => Lead::PlusParen,
            Some(b'(') => Lead::Paren,
            _ => Lead::None,
        }
    }

    /// The texts that a match may begin with, up to the number.
    fn texts(self) -> &'static [&'static str] {
        match self {
            Lead::None => &[""],
            Lead::Plus => &["", "+"],
            Lead::Paren => &["", "("],
            Lead::PlusParen => &["", "(", "+("],
            Lead::ParenPlus => &["", "+", "(+"],
        }
    }
}

/// A pattern to try, `back` bytes before the number or token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Entry {
    pub pattern: u16,
    pub back: u8,
}

/// The patterns of one shape.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// Patterns that need no keyword, ...
    pub free: Vec<Entry>,
    /// ... those that need one, ...
    pub keyed: Vec<Entry>,
    /// ... and those that need none and begin with one of few pairs of bytes, by pair.
    pub pairs: Vec<(u16, Entry)>,
    /// The detectors of `keyed`; for the catalogue to fill in.
    pub near: DetectorSet,
    /// `free` or `pairs` is not empty.
    pub has_free: bool,
    /// Bit `d`: one of them may begin with the digit `d`, or with a sign before the number.
    digits: u16,
    /// Letters and digits that stand at the start of every value of theirs, up to
    /// [`WORD_BYTES_MAX`].
    word: u8,
}

impl Group {
    /// Letters and digits that stand at the start of every value of `free` and `pairs`.
    #[inline(always)]
    pub(super) fn word(&self) -> usize {
        usize::from(self.word)
    }

    /// The patterns whose match begins with these two bytes.
    pub(super) fn pairs(&self, pair: u16) -> &[(u16, Entry)] {
        let from = self.pairs.partition_point(|(p, _)| *p < pair);
        let to = from + self.pairs[from..].partition_point(|(p, _)| *p == pair);
        &self.pairs[from..to]
    }
}

/// Shapes and their groups. Group 0 is empty.
#[derive(Debug)]
pub(super) struct Shapes {
    numbers: Vec<u16>,
    tokens: Vec<u16>,
    /// Looked at before the rest.
    pub sieve: Sieve,
    /// The most letters before this sign and second run in any token; 0 where there is none.
    token_tails: [u8; SIGNS * (NEXT_MAX + 1)],
    pub groups: Vec<Group>,
    /// Groups from this one on have patterns that need no keyword.
    pub first_free: u16,
    /// The first digits of the patterns that need no keyword, by group.
    pub free_digits: Vec<u16>,
}

/// A pattern on its way into the table.
pub(super) struct Shaped<'a> {
    pub pattern: u16,
    pub nfa: &'a NFA,
    /// Tokens may begin with letters; numbers may not.
    pub token: bool,
    pub needs_keyword: bool,
    /// The value ends where its last run ends.
    pub edges: bool,
}

fn number_key(lead: usize, run: usize, sign: u8, next: usize) -> usize {
    ((lead * (RUN_MAX + 1) + run) * SIGNS + sign as usize) * (NEXT_MAX + 1) + next
}

fn token_key(letters: usize, sign: u8, next: usize) -> usize {
    (letters * SIGNS + sign as usize) * (NEXT_MAX + 1) + next
}

impl Shapes {
    pub(super) fn new<'a>(patterns: impl Iterator<Item = Shaped<'a>>) -> Self {
        let mut heads = Heads::new();
        for shaped in patterns {
            heads.enter(&shaped);
        }
        heads.tables()
    }

    /// The group of a number: `run` digits, the sign class after them, `next` digits after that.
    #[inline(always)]
    pub(super) fn number(&self, lead: Lead, run: usize, sign: u8, next: usize) -> u16 {
        self.numbers[number_key(lead as usize, run.min(RUN_MAX), sign, next.min(NEXT_MAX))]
    }

    /// The most letters of a token that ends them so: `next` digits directly (`sign` `None`) or after
    /// a sign; 0 where none does.
    #[inline(always)]
    pub(super) fn letters_max(&self, sign: Option<u8>, next: usize) -> u8 {
        let sign = sign.unwrap_or(DIRECT);
        self.token_tails[sign as usize * (NEXT_MAX + 1) + next.min(NEXT_MAX)]
    }

    /// The group of a token that begins with letters.
    #[inline(always)]
    pub(super) fn token(&self, letters: usize, sign: Option<u8>, next: usize) -> u16 {
        if letters > LETTERS_MAX {
            return 0;
        }
        self.tokens[token_key(letters, sign.unwrap_or(DIRECT), next.min(NEXT_MAX))]
    }
}

/// Classes of bytes.
struct Sets {
    digit: ByteSet,
    letter: ByteSet,
    signs: [ByteSet; SIGNS],
}

impl Sets {
    fn new() -> Self {
        Sets {
            digit: ByteSet::of(|b| b.is_ascii_digit()),
            letter: ByteSet::of(|b| b.is_ascii_alphabetic()),
            signs: std::array::from_fn(|sign| {
                ByteSet::of(|b| SIGN[b as usize] as usize == sign && !b.is_ascii_digit())
            }),
        }
    }
}

enum Kind {
    /// First bytes, and how many letters and digits begin a value at the least.
    Free(ByteSet, u8),
    Keyed,
    Pairs(Vec<u16>, u8),
}

/// Most pairs of first bytes of a pattern that is looked up by them.
const PAIRS_MAX: usize = 4;

/// What may stand before a number in a match.
const TEXTS: [&str; 5] = ["", "+", "(", "+(", "(+"];

/// The patterns of every head, on their way into the tables.
struct Heads {
    sets: Sets,
    /// For each of `TEXTS`, by key without the lead.
    numbers: [Vec<Vec<Entry>>; TEXTS.len()],
    tokens: Vec<Vec<Entry>>,
    /// By number of the pattern.
    kinds: Vec<Option<Kind>>,
    /// The last letters before a sign of tokens that need no keyword.
    signed: ByteSet,
}

impl Heads {
    fn new() -> Self {
        Heads {
            sets: Sets::new(),
            numbers: std::array::from_fn(|_| vec![Vec::new(); number_key(1, 0, 0, 0)]),
            tokens: vec![Vec::new(); token_key(LETTERS_MAX + 1, 0, 0)],
            kinds: Vec::new(),
            signed: ByteSet::default(),
        }
    }

    fn enter(&mut self, shaped: &Shaped<'_>) {
        let sets = &self.sets;
        let mut walk = Walk::new(shaped.nfa);
        let start = walk.start();
        let kind = if shaped.needs_keyword {
            Kind::Keyed
        } else {
            let word = word(&mut walk, &start);
            match pairs(&mut walk, &start) {
                Some(pairs) => Kind::Pairs(pairs, word),
                None => Kind::Free(walk.next_bytes(&start), word),
            }
        };
        let number = usize::from(shaped.pattern);
        self.kinds
            .resize_with(self.kinds.len().max(number + 1), || None);
        self.kinds[number] = Some(kind);

        for (text, lists) in TEXTS.iter().zip(&mut self.numbers) {
            if shaped.token && !text.is_empty() {
                break;
            }
            let mut states = start.clone();
            for b in text.bytes() {
                states = walk.step(&states, &ByteSet::of(|c| c == b));
            }
            let entry = Entry {
                pattern: shaped.pattern,
                back: text.len() as u8,
            };
            let mut early = false;
            for run in 1..=OPEN_MAX {
                states = walk.step(&states, &sets.digit);
                if states.is_empty() && !early {
                    break;
                }
                for (sign, next) in tails(&mut walk, &states, sets, shaped.edges, early) {
                    add(
                        &mut lists[number_key(0, run.min(RUN_MAX), sign, next)],
                        entry,
                    );
                }
                early |= states.matched && !shaped.edges;
            }
        }
        if shaped.token {
            self.enter_letters(shaped, &mut walk, start);
        }
    }

    /// Tokens that begin with letters.
    fn enter_letters(&mut self, shaped: &Shaped<'_>, walk: &mut Walk<'_>, start: States) {
        let sets = &self.sets;
        let lists = &mut self.tokens;
        let entry = Entry {
            pattern: shaped.pattern,
            back: 0,
        };
        let mut states = start;
        for letters in 1..=LETTERS_MAX {
            let before = states.clone();
            states = walk.step(&states, &sets.letter);
            if states.is_empty() {
                break;
            }
            let mut after = states.clone();
            for next in 1..=OPEN_MAX {
                after = walk.step(&after, &sets.digit);
                if after.is_empty() {
                    break;
                }
                if may_end(walk, &after, sets, shaped.edges) {
                    add(
                        &mut lists[token_key(letters, DIRECT, next.min(NEXT_MAX))],
                        entry,
                    );
                }
            }
            let mut signed = false;
            for (sign, next) in tails(walk, &states, sets, shaped.edges, false) {
                if next > 0 {
                    add(&mut lists[token_key(letters, sign, next)], entry);
                    signed = true;
                }
            }
            if signed && !shaped.needs_keyword {
                for b in (0..=u8::MAX).filter(u8::is_ascii_alphabetic) {
                    let after = walk.step(&before, &ByteSet::of(|c| c == b));
                    let tails = tails(walk, &after, sets, shaped.edges, false);
                    if tails.iter().any(|(_, next)| *next > 0) {
                        self.signed.insert(b);
                    }
                }
            }
        }
    }

    fn tables(self) -> Shapes {
        let mut shapes = Shapes {
            numbers: vec![0; number_key(Lead::ALL.len(), 0, 0, 0)],
            tokens: vec![0; token_key(LETTERS_MAX + 1, 0, 0)],
            sieve: Sieve::default(),
            token_tails: [0; SIGNS * (NEXT_MAX + 1)],
            groups: vec![Group::default()],
            first_free: 0,
            free_digits: Vec::new(),
        };
        let keys = number_key(1, 0, 0, 0);
        let (mut parts, mut lists) = (Lists::default(), Lists::default());
        // number of the list, whether it is a token's, key
        let mut uses: Vec<(usize, bool, usize)> = Vec::new();
        // the lists of a key by text; few keys have one of their own
        let by_text: Vec<[usize; TEXTS.len()]> = (0..keys)
            .map(|key| std::array::from_fn(|text| parts.number(&self.numbers[text][key])))
            .collect();
        let mut joined: HashMap<(usize, [usize; TEXTS.len()]), usize> = HashMap::new();
        for (l, lead) in Lead::ALL.into_iter().enumerate() {
            let texts: Vec<usize> = (0..TEXTS.len())
                .filter(|&t| lead.texts().contains(&TEXTS[t]))
                .collect();
            let mut last = None;
            for (key, here) in by_text.iter().enumerate() {
                let list = match last {
                    Some((same, list)) if same == here => list,
                    _ => *joined.entry((l, *here)).or_insert_with(|| {
                        let of_lead = texts.iter().map(|&t| &parts.all()[here[t]]);
                        let list: Vec<Entry> = of_lead.flatten().copied().collect();
                        lists.number(&list)
                    }),
                };
                last = Some((here, list));
                if list != EMPTY {
                    uses.push((list, false, l * keys + key));
                }
            }
        }
        for (key, list) in self.tokens.iter().enumerate() {
            if !list.is_empty() {
                // keys ascend by letters
                let tail = SIGNS * (NEXT_MAX + 1);
                shapes.token_tails[key % tail] = (key / tail) as u8;
                uses.push((lists.number(list), true, key));
            }
        }
        let groups: Vec<Group> = lists.all()[EMPTY + 1..]
            .iter()
            .map(|list| group(list, &self.kinds))
            .collect();
        // groups that need a keyword throughout come first
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by_key(|&i| groups[i].has_free);
        let mut numbers = vec![0; groups.len()];
        shapes.first_free = (groups.iter().filter(|g| !g.has_free).count() + 1) as u16;
        for (place, &i) in order.iter().enumerate() {
            numbers[i] = place as u16 + 1;
            shapes.groups.push(groups[i].clone());
        }
        shapes.free_digits = shapes.groups.iter().map(|g| g.digits).collect();
        for (list, token, key) in uses {
            let table = if token {
                &mut shapes.tokens
            } else {
                &mut shapes.numbers
            };
            table[key] = numbers[list - EMPTY - 1];
        }
        shapes.sieve = Sieve::new(&shapes, &self.signed);
        shapes
    }
}

/// The group of a list of patterns.
fn group(list: &[Entry], kinds: &[Option<Kind>]) -> Group {
    let mut group = Group {
        word: WORD_BYTES_MAX as u8,
        ..Group::default()
    };
    for &entry in list {
        match kinds
            .get(usize::from(entry.pattern))
            .and_then(Option::as_ref)
        {
            Some(Kind::Keyed) => group.keyed.push(entry),
            // the pair stands where the number stands
            Some(Kind::Pairs(pairs, word)) if entry.back == 0 => {
                group.word = group.word.min(*word);
                group.pairs.extend(pairs.iter().map(|&p| (p, entry)));
                for pair in pairs {
                    group.digits |= digit_bit(pair.to_le_bytes()[0]);
                }
            }
            Some(Kind::Free(first, word)) if entry.back == 0 => {
                group.word = group.word.min(*word);
                group.free.push(entry);
                for b in (b'0'..=b'9').filter(|b| first.contains(*b)) {
                    group.digits |= digit_bit(b);
                }
            }
            _ => {
                group.free.push(entry);
                group.digits = u16::MAX;
                group.word = 0;
            }
        }
    }
    group.pairs.sort_unstable();
    group.has_free = !(group.free.is_empty() && group.pairs.is_empty());
    group
}

fn digit_bit(b: u8) -> u16 {
    if b.is_ascii_digit() {
        1 << (b - b'0')
    } else {
        0
    }
}

/// Adds the pattern unless it is the last one: each is entered as a whole before the next.
fn add(list: &mut Vec<Entry>, entry: Entry) {
    if list.last() != Some(&entry) {
        list.push(entry);
    }
}

/// The run of digits may end in these states: the match ends or goes on without a digit.
fn may_end(walk: &Walk<'_>, states: &States, sets: &Sets, edges: bool) -> bool {
    states.matched || !edges && !states.is_empty() || walk.leads_out(states, &sets.digit)
}

/// What may follow a run: each sign class with each length of the run after it.
fn tails(
    walk: &mut Walk<'_>,
    states: &States,
    sets: &Sets,
    edges: bool,
    early: bool,
) -> Vec<(u8, usize)> {
    let mut out = Vec::new();
    for sign in 1..SIGNS as u8 {
        if states.matched || early {
            out.extend((0..=NEXT_MAX).map(|next| (sign, next)));
            continue;
        }
        if sign == LETTER {
            // digits after letters are no run of their own
            if !walk.step(states, &sets.letter).is_empty() {
                out.push((sign, 0));
            }
            continue;
        }
        let mut after = walk.step(states, &sets.signs[sign as usize]);
        if after.is_empty() {
            continue;
        }
        if may_end(walk, &after, sets, edges) {
            out.push((sign, 0));
        }
        let mut matched = false;
        for next in 1..=OPEN_MAX {
            matched |= after.matched && !edges;
            after = walk.step(&after, &sets.digit);
            if after.is_empty() && !matched {
                break;
            }
            if matched || may_end(walk, &after, sets, edges) {
                out.push((sign, next.min(NEXT_MAX)));
            }
        }
    }
    out.dedup();
    out
}

/// How many letters and digits every match begins with, up to [`WORD_BYTES_MAX`].
fn word(walk: &mut Walk<'_>, start: &States) -> u8 {
    let word = ByteSet::of(|b| b.is_ascii_alphanumeric());
    let mut states = start.clone();
    let mut count = 0;
    while count < WORD_BYTES_MAX && !states.matched && !walk.leads_out(&states, &word) {
        states = walk.step(&states, &word);
        count += 1;
    }
    count as u8
}

/// The pairs of bytes a match may begin with, if they are few.
fn pairs(walk: &mut Walk<'_>, start: &States) -> Option<Vec<u16>> {
    let mut pairs = Vec::new();
    let first = walk.next_bytes(start);
    for a in (0..=u8::MAX).filter(|&b| first.contains(b)) {
        let after = walk.step(start, &ByteSet::of(|b| b == a));
        if after.matched {
            return None;
        }
        let second = walk.next_bytes(&after);
        for b in (0..=u8::MAX).filter(|&b| second.contains(b)) {
            pairs.push(u16::from_le_bytes([a, b]));
            if pairs.len() > PAIRS_MAX {
                return None;
            }
        }
    }
    Some(pairs)
}

#[cfg(test)]
mod tests;
