//! What a number or token may be, as bits by its shape: tables small enough for the first cache,
//! which turn nearly all numbers of a log away before the full tables are asked.

use std::ops::RangeInclusive;

use super::super::anchor::Omit;
use super::{ByteSet, DIRECT, LETTER, Lead, NEXT_MAX, RUN_MAX, SIGN, SIGNS, Shapes, number_key};

/// Second runs and signs of one first run.
const TAILS: usize = SIGNS * (NEXT_MAX + 1);
/// Most letters of a token that the sieve knows.
pub(in crate::detect) const SIEVED_LETTERS_MAX: usize = 7;
const DIRECTS: usize = (SIEVED_LETTERS_MAX + 1) * (NEXT_MAX + 1);
/// Keys of numbers without a lead, with room to the next power of two.
const KEYS: usize = (RUN_MAX + 1).next_power_of_two() * TAILS;

/// What a number may be. Bits 0 to 9: a value without a keyword may begin with this digit.
#[derive(Clone, Copy)]
pub(in crate::detect) struct Sieved(u16);

impl Sieved {
    const KEYED: u16 = 1 << 10;
    const POSTCODE: u16 = 1 << 11;
    const LED: u16 = 1 << 12;

    /// A value that needs no keyword may begin with the digit.
    #[inline(always)]
    pub(in crate::detect) fn free(self, digit: u8) -> bool {
        self.0 >> (digit & 15) & 1 != 0
    }

    /// A value that needs a keyword may begin here.
    #[inline(always)]
    pub(in crate::detect) fn keyed(self) -> bool {
        self.0 & Self::KEYED != 0
    }

    /// It may be a postcode or end one, by its length.
    #[inline(always)]
    pub(in crate::detect) fn postcode(self) -> bool {
        self.0 & Self::POSTCODE != 0
    }

    /// A value may begin with a sign before the number.
    #[inline(always)]
    pub(in crate::detect) fn led(self) -> bool {
        self.0 & Self::LED != 0
    }
}

/// The tables.
#[derive(Debug)]
pub(in crate::detect) struct Sieve {
    numbers: Box<[u16; KEYS]>,
    /// By sign and digits: a token may end so if it has a keyword (1), or without one (2).
    tails: Box<[u8; TAILS]>,
    /// The same of tokens whose digits follow so many letters, by letters and digits; in the upper
    /// bits the letters and digits that those have at the least which need no keyword.
    direct: Box<[u8; DIRECTS]>,
    /// The last letters before a sign of tokens that need no keyword.
    signed: ByteSet,
}

/// Values of numbers that a letter follows are told apart by so many letters and digits from their
/// start on: no run is counted after a letter, so its place in the keys is free.
const WORD_STEP: usize = 4;
/// The bits of [`Sieved`] that tell of values without a keyword.
const FREE: u16 = 0x3FF;
/// Letters and digits that begin a value after which short numbers are listed.
const LONG_WORD: u8 = 16;

impl Default for Sieve {
    fn default() -> Self {
        Sieve {
            numbers: Box::new([0; KEYS]),
            tails: Box::new([0; TAILS]),
            direct: Box::new([0; DIRECTS]),
            signed: ByteSet::default(),
        }
    }
}

impl Sieve {
    pub(super) fn new(shapes: &Shapes, signed: &ByteSet) -> Self {
        let mut sieve = Sieve {
            signed: *signed,
            ..Sieve::default()
        };
        let keys = number_key(1, 0, 0, 0);
        for (key, sieved) in sieve.numbers.iter_mut().take(keys).enumerate() {
            let (run, sign) = (key / TAILS, (key / (NEXT_MAX + 1) % SIGNS) as u8);
            let next = key % (NEXT_MAX + 1);
            let (key, word) = match sign {
                LETTER => (key - next, next * WORD_STEP + WORD_STEP - 1),
                _ => (key, usize::MAX),
            };
            let number = shapes.numbers[key];
            let group = &shapes.groups[number as usize];
            if number >= shapes.first_free && usize::from(group.word) <= word {
                *sieved |= group.digits & 0x3FF;
            }
            if !group.keyed.is_empty() {
                *sieved |= Sieved::KEYED;
            }
            if matches!(run, 4 | 5) || run == 1 && sign == LETTER {
                *sieved |= Sieved::POSTCODE;
            }
            if (1..Lead::ALL.len()).any(|lead| shapes.numbers[lead * keys + key] != 0) {
                *sieved |= Sieved::LED;
            }
        }
        for (key, &number) in shapes.tokens.iter().enumerate() {
            let group = &shapes.groups[number as usize];
            let may = u8::from(!group.keyed.is_empty()) | u8::from(group.has_free) << 1;
            sieve.tails[key % TAILS] |= may;
            let (letters, sign) = (key / TAILS, (key / (NEXT_MAX + 1) % SIGNS) as u8);
            if sign == DIRECT && letters <= SIEVED_LETTERS_MAX {
                let word = if group.has_free { group.word } else { 0 };
                sieve.direct[letters * (NEXT_MAX + 1) + key % (NEXT_MAX + 1)] = may | word << 2;
            }
        }
        sieve
    }

    /// What a number without a lead may be: `run` digits, the sign after them, `next` digits more.
    /// `word`: letters and digits from its start on.
    #[inline(always)]
    pub(in crate::detect) fn number(
        &self,
        run: usize,
        sign: u8,
        next: usize,
        word: usize,
    ) -> Sieved {
        let next = if sign == LETTER {
            word / WORD_STEP
        } else {
            next
        };
        let key = number_key(0, run.min(RUN_MAX), sign & 15, next.min(NEXT_MAX));
        Sieved(self.numbers[key & (KEYS - 1)])
    }

    /// Whether a token may end in so many digits after the sign. `keyed`: also one that needs a
    /// keyword.
    #[inline(always)]
    pub(in crate::detect) fn tail(&self, sign: Option<u8>, next: usize, keyed: bool) -> bool {
        let sign = sign.unwrap_or(DIRECT) & 15;
        let tail = self.tails[sign as usize * (NEXT_MAX + 1) + next.min(NEXT_MAX)];
        tail & (2 | u8::from(keyed)) != 0
    }

    /// Whether a token may be so many letters, up to [`SIEVED_LETTERS_MAX`], and digits after them;
    /// `word` letters and digits in all.
    #[inline(always)]
    pub(in crate::detect) fn direct(
        &self,
        letters: usize,
        next: usize,
        word: usize,
        keyed: bool,
    ) -> bool {
        let key = (letters & SIEVED_LETTERS_MAX) * (NEXT_MAX + 1) + next.min(NEXT_MAX);
        let may = self.direct[key];
        let free = (may & 2 != 0) & (usize::from(may >> 2) <= word);
        free | (keyed & (may & 1 != 0))
    }

    /// Whether a token that needs no keyword may have this letter before a sign.
    #[inline(always)]
    pub(in crate::detect) fn signed(&self, letter: u8) -> bool {
        self.signed.contains(letter)
    }

    /// Some token that needs no keyword has digits right after its letters.
    pub(in crate::detect) fn has_free_direct(&self) -> bool {
        self.tails[..=NEXT_MAX].iter().any(|t| t & 2 != 0)
    }

    /// The runs of digits that are of no use where no keyword is near: neither does a value that needs
    /// none begin with one, nor is one a postcode.
    pub(in crate::detect) fn omit(&self, letter_digit: bool) -> Omit {
        let all = 0..=NEXT_MAX;
        // letters before a sign are asked for only where the second byte before is a capital
        let capitals = (b'a'..=b'z').all(|b| !self.signed.contains(b));
        let signs = |run, next: RangeInclusive<usize>| {
            let mut signs = (0..SIGNS as u8).filter(|sign| *sign != LETTER);
            signs.all(|sign| self.is_useless(run, sign, next.clone()))
        };
        // more letters and digits than these keep a run in any case
        let short = 0..=usize::from(LONG_WORD) / WORD_STEP - 1;
        let letters = |run| self.is_useless(run, LETTER, short.clone());
        // a capital after one digit may be that of a postcode
        let values = |sieved: &u16| sieved & FREE != 0;
        let first = number_key(0, 1, LETTER, 0);
        let one_letter = !self.numbers[first..][short.clone()].iter().any(values);
        let (dot, dash) = (SIGN[usize::from(b'.')], SIGN[usize::from(b'-')]);
        let free = |sign| {
            let first = number_key(0, 4, sign, 0);
            self.numbers[first..][1..=2].iter().any(values)
        };
        Omit {
            one_digit: capitals && one_letter && self.is_useless(1, dot, all.clone()),
            two_digits: capitals && letters(2) && signs(2, all),
            three_digits: capitals && letters(3) && signs(3, 0..=3),
            // the year of a date: no postcode has a dash and two digits behind it
            year: capitals && !free(dash),
            letter_digit,
        }
    }

    /// No value that needs no keyword, nor a postcode, begins with so many digits, this sign and so
    /// many digits more (or letters and digits in all, by [`WORD_STEP`]).
    fn is_useless(&self, run: usize, sign: u8, next: RangeInclusive<usize>) -> bool {
        let first = number_key(0, run, sign, 0);
        let may = Sieved::POSTCODE | FREE;
        self.numbers[first..][next].iter().all(|s| s & may == 0)
    }

    /// Some token that needs no keyword has a sign between its letters and digits.
    pub(in crate::detect) fn has_free_signed(&self) -> bool {
        self.tails[NEXT_MAX + 1..].iter().any(|t| t & 2 != 0)
    }
}
