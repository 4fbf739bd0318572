//! Masks to lists of positions: where a detector may look at all.
//!
//! One sweep over a stretch of text gives the starts of words, runs of digits, `@`, `{` and
//! capitals. Nothing here knows of detectors, but for what the caller says it can do without.

use std::ops::Range;

#[cfg(target_arch = "x86_64")]
use super::class::{Avx2, Avx512, Sse2};
use super::class::{Classes, Level, Masks, STRIDE, Scalar};

/// Strides whose masks are made before their bits are read.
const BATCH: usize = 16;

/// What is not listed, because nothing that is looked for can begin there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Omit {
    /// Single digits before a dot or a small letter, but for those after `(`, `+` and the like, after
    /// a capital and another byte, and those that begin 16 letters and digits, ...
    pub one_digit: bool,
    /// ... runs of two digits, with the same exceptions, ...
    pub two_digits: bool,
    /// ... of three, but for those that four digits follow behind one byte too, ...
    pub three_digits: bool,
    /// ... of four before a dash and one or two digits, again with the same exceptions, ...
    pub year: bool,
    /// ... and single letters before a digit that a digit or letter follows, as words.
    pub letter_digit: bool,
}

/// Bits, one for each byte of a stretch of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits {
    /// The byte of the first bit.
    origin: usize,
    words: Vec<u64>,
}

impl Bits {
    fn begin(&mut self, origin: usize) {
        self.origin = origin;
        self.words.clear();
    }

    /// The bytes of the range whose bit is set, ascending.
    pub(super) fn within(&self, range: Range<usize>) -> Within<'_> {
        let from = range.start.saturating_sub(self.origin);
        let to = range.end.saturating_sub(self.origin);
        let first = (from / STRIDE).min(self.words.len());
        let last = to.div_ceil(STRIDE).clamp(first, self.words.len());
        let mut within = Within {
            rest: &self.words[first..last],
            at: (self.origin + first * STRIDE) as u32,
            bits: 0,
            end: range.end as u32,
        };
        if let Some((&bits, rest)) = within.rest.split_first() {
            within.rest = rest;
            within.bits = bits & u64::MAX << (from % STRIDE);
        }
        within
    }

    /// The bits of `at` and the 63 bytes after it, as far as there are any.
    #[inline(always)]
    pub(super) fn from(&self, at: usize) -> u64 {
        let place = at - self.origin;
        let (word, bit) = (place / STRIDE, place % STRIDE);
        match self.words.get(word..) {
            Some(&[low, high, ..]) => low >> bit | high << 1 << (STRIDE - 1 - bit),
            Some(&[low]) => low >> bit,
            _ => 0,
        }
    }
}

/// See [`Bits::within`].
pub(super) struct Within<'a> {
    rest: &'a [u64],
    /// The byte of the first of `bits`.
    at: u32,
    bits: u64,
    end: u32,
}

impl Iterator for Within<'_> {
    type Item = u32;

    #[inline(always)]
    fn next(&mut self) -> Option<u32> {
        while self.bits == 0 {
            let (&bits, rest) = self.rest.split_first()?;
            self.rest = rest;
            self.bits = bits;
            self.at += STRIDE as u32;
        }
        let at = self.at + self.bits.trailing_zeros();
        self.bits &= self.bits - 1;
        (at < self.end).then_some(at)
    }
}

/// Positions in a text, each list ascending. Reused from block to block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Anchors {
    /// Where a keyword may begin, if three small letters follow the first byte ...
    pub words: Vec<u32>,
    /// ... and if not: after a non-letter, at a camelCase edge, after `\n` and the like, and at every
    /// first byte of a non-ASCII character that does not follow an ASCII letter.
    pub odd_words: Vec<u32>,
    /// Runs of digits that follow no letter (but may an escape): the starts of those that may be
    /// something without a keyword near, ...
    pub numbers: Vec<u32>,
    /// ... of all, ...
    pub starts: Bits,
    /// ... and all digits, also some after the stretch.
    pub digits: Bits,
    /// Letters and digits, also some after the stretch.
    pub alnums: Bits,
    /// The first digit of each run of letters and digits that begins with letters.
    pub tokens: Bits,
    pub ats: Vec<u32>,
    pub braces: Vec<u32>,
    /// Starts of capitalised words as [`super::name::capital_starts`] has them, and after escapes.
    pub caps: Vec<u32>,
    /// How far the text was swept.
    at: usize,
    /// Of the stride before.
    last: Masks,
    /// The letters at the head of a run of letters and digits go on.
    head: bool,
}

impl Anchors {
    /// Empties the lists for positions from `from` on. What stands right before it is looked at.
    pub(super) fn begin(&mut self, text: &[u8], from: usize) {
        self.words.clear();
        self.odd_words.clear();
        self.numbers.clear();
        self.starts.begin(from);
        self.digits.begin(from);
        self.alnums.begin(from);
        self.tokens.begin(from);
        self.ats.clear();
        self.braces.clear();
        self.caps.clear();
        self.at = from;
        (self.last, self.head) = before(text, from);
    }

    /// Adds the positions up to `to`, which is a number of whole strides after the last end unless it
    /// is the last itself.
    ///
    /// `text` is at most 4 GiB, and the same every time. What stands right after `to` is looked at to
    /// judge the edges.
    pub(super) fn sweep(&mut self, level: Level, text: &[u8], to: usize, omit: Omit) {
        let from = self.at;
        let to = to.min(text.len());
        if from >= to {
            return;
        }
        self.at = to;
        let room = to - from + STRIDE;
        self.words.reserve(room);
        self.odd_words.reserve(room);
        self.caps.reserve(room);
        self.numbers.reserve(room);
        match level {
            // SAFETY: the scalar code needs no special instructions.
            Level::Scalar => unsafe { sweep::<Scalar>(self, text, from, to, omit) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: SSE2 is part of x86-64.
            Level::Sse2 => unsafe { sweep::<Sse2>(self, text, from, to, omit) },
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 if Level::best() >= Level::Avx2 => {
                // SAFETY: `Level::best` has just said that the processor has AVX2 and BMI1.
                unsafe { sweep_avx2(self, text, from, to, omit) }
            }
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 if Level::best() >= Level::Avx512 => {
                // SAFETY: `Level::best` has just said that the processor has what is named.
                unsafe { sweep_avx512(self, text, from, to, omit) }
            }
            // A level that this processor lacks.
            // SAFETY: the scalar code needs no special instructions.
            _ => unsafe { sweep::<Scalar>(self, text, from, to, omit) },
        }
    }
}

/// The sweep with AVX2, so that the intrinsics and the bit operations are inlined into it.
///
/// # Safety
/// The processor must have AVX2, BMI1 and POPCNT.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
unsafe fn sweep_avx2(anchors: &mut Anchors, text: &[u8], from: usize, to: usize, omit: Omit) {
    // SAFETY: handed on from the caller.
    unsafe { sweep::<Avx2>(anchors, text, from, to, omit) }
}

/// The sweep with AVX-512.
///
/// # Safety
/// The processor must have AVX-512 F, BW and VBMI2, BMI1 and POPCNT.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,bmi1,popcnt")]
unsafe fn sweep_avx512(anchors: &mut Anchors, text: &[u8], from: usize, to: usize, omit: Omit) {
    // SAFETY: handed on from the caller.
    unsafe { sweep::<Avx512>(anchors, text, from, to, omit) }
}

/// [`Omit`] as masks.
struct Omitted {
    one_digit: u64,
    two_digits: u64,
    three_digits: u64,
    year: u64,
    letter_digit: u64,
}

/// # Safety
/// The processor must have the instructions of `C`.
#[inline(always)]
unsafe fn masks_at<C: Classes>(text: &[u8], at: usize) -> Masks {
    let rest = text.get(at..).unwrap_or_default();
    match rest.first_chunk() {
        // SAFETY: handed on from the caller.
        Some(bytes) => unsafe { C::masks(bytes) },
        None => {
            let mut padded = [0u8; STRIDE];
            padded[..rest.len()].copy_from_slice(rest);
            // SAFETY: handed on from the caller.
            unsafe { C::masks(&padded) }
        }
    }
}

/// A class of a batch, with the stride before and the one after it.
type Strides = [u64; BATCH + 2];

/// What is left of runs of the class of which the last `N` do not count: a bit whose `N`th successor
/// is set too. The stride after the last is taken to be none.
#[inline(always)]
fn runs<const N: u32>(m: &Strides) -> Strides {
    let mut less = [0; BATCH + 2];
    for i in 0..BATCH + 1 {
        less[i] = m[i] & (m[i] >> N | m[i + 1] << (STRIDE as u32 - N));
    }
    less[BATCH + 1] = m[BATCH + 1] & m[BATCH + 1] >> N;
    less
}

/// The masks of a batch by class, with the stride before and the one after it: in this form the
/// compiler does the same with several strides at once.
struct Batch {
    digit: Strides,
    letter: Strides,
    bit5: Strides,
    high: Strides,
    lead: Strides,
    special: Strides,
    backslash: Strides,
    paren: Strides,
    dot: Strides,
    dash: Strides,
}

impl Batch {
    const EMPTY: Batch = Batch {
        digit: [0; BATCH + 2],
        letter: [0; BATCH + 2],
        bit5: [0; BATCH + 2],
        high: [0; BATCH + 2],
        lead: [0; BATCH + 2],
        special: [0; BATCH + 2],
        backslash: [0; BATCH + 2],
        paren: [0; BATCH + 2],
        dot: [0; BATCH + 2],
        dash: [0; BATCH + 2],
    };

    #[inline(always)]
    fn put(&mut self, i: usize, masks: &Masks) {
        self.digit[i] = masks.digit;
        self.letter[i] = masks.letter;
        self.bit5[i] = masks.bit5;
        self.high[i] = masks.high;
        self.lead[i] = masks.lead;
        self.special[i] = masks.special;
        self.backslash[i] = masks.backslash;
        self.paren[i] = masks.paren;
        self.dot[i] = masks.dot;
        self.dash[i] = masks.dash;
    }

    fn get(&self, i: usize) -> Masks {
        Masks {
            digit: self.digit[i],
            letter: self.letter[i],
            bit5: self.bit5[i],
            high: self.high[i],
            lead: self.lead[i],
            special: self.special[i],
            backslash: self.backslash[i],
            paren: self.paren[i],
            dot: self.dot[i],
            dash: self.dash[i],
        }
    }
}

/// What is read off a batch, one mask a stride.
struct Listed {
    words: [u64; BATCH],
    odd_words: [u64; BATCH],
    numbers: [u64; BATCH],
    starts: [u64; BATCH],
    caps: [u64; BATCH],
    /// Letters that follow neither letter nor digit.
    heads: [u64; BATCH],
}

impl Listed {
    const EMPTY: Listed = Listed {
        words: [0; BATCH],
        odd_words: [0; BATCH],
        numbers: [0; BATCH],
        starts: [0; BATCH],
        caps: [0; BATCH],
        heads: [0; BATCH],
    };

    #[inline(always)]
    fn read(&mut self, b: &Batch, omit: &Omitted) {
        // bit set: so many letters and digits, or digits, from here on, as far as the next stride shows
        let words: Strides = std::array::from_fn(|i| b.letter[i] | b.digit[i]);
        let long = runs::<8>(&runs::<4>(&runs::<2>(&runs::<1>(&words))));
        let four = runs::<2>(&runs::<1>(&b.digit));
        for k in 0..BATCH {
            let i = k + 1;
            let after = |m: &Strides, n: u32| m[i] << n | m[i - 1] >> (STRIDE as u32 - n);
            let before = |m: &Strides, n: u32| m[i] >> n | m[i + 1] << (STRIDE as u32 - n);
            let letter = b.letter[i];
            let upper = letter & !b.bit5[i];
            let after_letter = after(&b.letter, 1);
            let after_case = after(&b.bit5, 1);
            let after_digit = after(&b.digit, 1);
            let before_case = before(&b.bit5, 1);
            let before_lower = before(&b.letter, 1) & before_case;
            let before_digit = before(&b.digit, 1);
            let (third_digit, third_letter) = (before(&b.digit, 2), before(&b.letter, 2));
            let third_lower = third_letter & before(&b.bit5, 2);
            let fourth_lower = before(&b.letter, 3) & before(&b.bit5, 3);
            // `\nssn`: the letter after the backslash is not part of the word
            let after_escape = after(&b.backslash, 2);

            let words = (letter & !after_letter)
                | (upper & after_letter & (after_case | before_lower))
                | (letter & after_escape)
                | (b.lead[i] & !after_letter);
            let omitted = letter & before_digit & (third_digit | third_letter);
            let words = words & !(omitted & omit.letter_digit);
            let plain = before_lower & third_lower & fourth_lower;
            self.words[k] = words & plain;
            self.odd_words[k] = words & !plain;

            // as `name::capital_starts` says it, and after escapes
            let after_word = after_letter | after_digit;
            self.caps[k] = upper & (!after_word | after_escape)
                | b.lead[i] & (!(after_word | after(&b.high, 1)) | after_escape);

            let starts = b.digit[i] & !after_digit & (!after_letter | after_escape);
            let fourth_digit = before(&b.digit, 3);
            let one = !before_digit & (before(&b.dot, 1) | before_lower) & omit.one_digit;
            let two = before_digit & !third_digit & omit.two_digits;
            let two_or_more = before_digit & third_digit;
            let three = two_or_more & !fourth_digit & !before(&four, 4) & omit.three_digits;
            let dash = before(&b.dash, 4) & before(&b.digit, 5);
            let month = dash & !(before(&b.digit, 6) & before(&b.digit, 7));
            let year = two_or_more & fourth_digit & month & omit.year;
            let second_upper = after(&b.letter, 2) & !after(&b.bit5, 2);
            let kept = after(&b.paren, 1) | second_upper | long[i];
            self.starts[k] = starts;
            self.numbers[k] = starts & (!(one | two | three | year) | kept);
            self.heads[k] = letter & !after_word;
        }
    }
}

/// # Safety
/// The processor must have the instructions of `C`; the lists must have room for `to - from` more,
/// rounded up to whole strides.
#[inline(always)]
unsafe fn sweep<C: Classes>(out: &mut Anchors, text: &[u8], from: usize, to: usize, omit: Omit) {
    let mask = |omitted: bool| if omitted { u64::MAX } else { 0 };
    let omitted = Omitted {
        one_digit: mask(omit.one_digit),
        two_digits: mask(omit.two_digits),
        three_digits: mask(omit.three_digits),
        year: mask(omit.year),
        letter_digit: mask(omit.letter_digit),
    };
    // the digits after what was swept before
    out.digits.words.truncate(out.starts.words.len());
    out.alnums.words.truncate(out.starts.words.len());
    // Masks of a batch first, then what is read off them, then the lists, one after the other.
    let mut batch = Batch::EMPTY;
    let mut listed = Listed::EMPTY;
    batch.put(0, &out.last);
    // SAFETY: handed on from the caller.
    batch.put(1, &unsafe { masks_at::<C>(text, from) });
    let mut at = from;
    while at < to {
        let strides = (to - at).div_ceil(STRIDE).min(BATCH);
        for i in 1..=strides {
            // SAFETY: handed on from the caller.
            batch.put(i + 1, &unsafe { masks_at::<C>(text, at + i * STRIDE) });
        }
        listed.read(&batch, &omitted);

        out.digits
            .words
            .extend_from_slice(&batch.digit[1..=strides]);
        let (mut tokens, mut special) = ([0; BATCH], [0; BATCH]);
        let mut alnums = [0; BATCH];
        let mut head = out.head;
        for i in 0..strides {
            let after_heads;
            (after_heads, head) = ripple(batch.letter[i + 1], listed.heads[i], head);
            tokens[i] = after_heads & batch.digit[i + 1];
            alnums[i] = batch.digit[i + 1] | batch.letter[i + 1];
            special[i] = batch.special[i + 1] & !batch.backslash[i + 1];
        }
        out.head = head;
        let end = at + strides * STRIDE;
        if end > to {
            let valid = u64::MAX >> (end - to);
            let last = strides - 1;
            listed.words[last] &= valid;
            listed.odd_words[last] &= valid;
            listed.numbers[last] &= valid;
            listed.starts[last] &= valid;
            listed.caps[last] &= valid;
            tokens[last] &= valid;
            special[last] &= valid;
        }
        out.tokens.words.extend_from_slice(&tokens[..strides]);
        out.alnums.words.extend_from_slice(&alnums[..strides]);
        out.starts
            .words
            .extend_from_slice(&listed.starts[..strides]);
        // SAFETY (all four): handed on from the caller.
        unsafe {
            flatten::<C>(&mut out.words, &listed.words[..strides], at);
            flatten::<C>(&mut out.odd_words, &listed.odd_words[..strides], at);
            flatten::<C>(&mut out.numbers, &listed.numbers[..strides], at);
            flatten::<C>(&mut out.caps, &listed.caps[..strides], at);
        }
        for (i, &bits) in special[..strides].iter().enumerate() {
            let mut bits = bits;
            while bits != 0 {
                let place = at + i * STRIDE + bits.trailing_zeros() as usize;
                match text.get(place) {
                    Some(b'@') => out.ats.push(place as u32),
                    _ => out.braces.push(place as u32),
                }
                bits &= bits - 1;
            }
        }
        let (last, next) = (batch.get(strides), batch.get(strides + 1));
        batch.put(0, &last);
        batch.put(1, &next);
        at = end;
    }
    out.digits.words.push(batch.digit[1]);
    out.alnums.words.push(batch.digit[1] | batch.letter[1]);
    out.last = batch.get(0);
}

/// Appends the places of the bits of strides that begin at `at`.
///
/// # Safety
/// The processor must have the instructions of `C`; the list must have room for all bytes of the
/// strides.
#[inline(always)]
unsafe fn flatten<C: Classes>(list: &mut Vec<u32>, strides: &[u64], at: usize) {
    for (i, &bits) in strides.iter().enumerate() {
        // SAFETY: handed on from the caller.
        unsafe { C::flatten(list, bits, (at + i * STRIDE) as u32) };
    }
}

/// The classes of the bytes right before `from`, as those of a stride; and whether the letters at the
/// head of a token go on.
fn before(text: &[u8], from: usize) -> (Masks, bool) {
    let mut bytes = [0u8; STRIDE];
    let start = from.saturating_sub(STRIDE);
    let there = text.get(start..from).unwrap_or_default();
    bytes[STRIDE - there.len()..].copy_from_slice(there);
    // SAFETY: the scalar code needs no special instructions.
    let masks = unsafe { Scalar::masks(&bytes) };
    // letters that began before `from` may head a token whose digits come after it
    let letters = there
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphabetic())
        .count();
    let first = from - letters;
    let head = letters > 0 && (first == 0 || !text[first - 1].is_ascii_alphanumeric());
    (masks, head)
}

/// The bits of `class` with those of the runs that begin at `starts` (or go on from the stride
/// before) moved to the bit after the run; and whether a run goes on in the next stride.
#[inline(always)]
fn ripple(class: u64, starts: u64, goes_on: bool) -> (u64, bool) {
    let (sum, over) = class.overflowing_add(starts);
    let (sum, over_too) = sum.overflowing_add(u64::from(goes_on));
    (sum & !class, over | over_too)
}

#[cfg(test)]
mod tests;
