//! Masks to lists of positions: where a detector may look at all.
//!
//! One sweep over a stretch of text gives the starts of words, runs of digits, `@`, `{` and
//! capitals. Nothing here knows of detectors.

#[cfg(target_arch = "x86_64")]
use super::class::{Avx2, Avx512, Sse2};
use super::class::{Classes, Level, Masks, STRIDE, Scalar};

/// Strides whose masks are made before their bits are read.
const BATCH: usize = 16;

/// Positions in a text, each list ascending. Reused from block to block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Anchors {
    /// Where a keyword may begin: after a non-letter, at a camelCase edge, after `\n` and the like,
    /// and at every first byte of a non-ASCII character that does not follow an ASCII letter.
    pub words: Vec<u32>,
    /// Runs of digits that follow no letter (but may an escape): start and end by turns.
    pub digits: Vec<u32>,
    /// The first digit of each run of letters and digits that begins with letters.
    pub tokens: Vec<u32>,
    pub ats: Vec<u32>,
    pub braces: Vec<u32>,
    /// Starts of capitalised words as [`super::name::capital_starts`] has them, and after escapes.
    pub caps: Vec<u32>,
}

impl Anchors {
    fn clear(&mut self) {
        self.words.clear();
        self.digits.clear();
        self.tokens.clear();
        self.ats.clear();
        self.braces.clear();
        self.caps.clear();
    }

    /// Fills the lists with the positions in `text[from..to]`.
    ///
    /// `text` is at most 4 GiB. What stands right before `from` and after `to` is looked at to judge
    /// the edges; a run of digits that crosses `to` is followed to its end within 64 bytes.
    pub(super) fn sweep(&mut self, level: Level, text: &[u8], from: usize, to: usize) {
        self.clear();
        let to = to.min(text.len());
        if from >= to {
            return;
        }
        let room = to - from + STRIDE;
        self.words.reserve(room);
        self.caps.reserve(room);
        self.digits.reserve(room);
        self.tokens.reserve(room);
        match level {
            // SAFETY: the scalar code needs no special instructions.
            Level::Scalar => unsafe { sweep::<Scalar>(self, text, from, to) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: SSE2 is part of x86-64.
            Level::Sse2 => unsafe { sweep::<Sse2>(self, text, from, to) },
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 if Level::best() >= Level::Avx2 => {
                // SAFETY: `Level::best` has just said that the processor has AVX2 and BMI1.
                unsafe { sweep_avx2(self, text, from, to) }
            }
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 if Level::best() >= Level::Avx512 => {
                // SAFETY: `Level::best` has just said that the processor has what is named.
                unsafe { sweep_avx512(self, text, from, to) }
            }
            // A level that this processor lacks.
            // SAFETY: the scalar code needs no special instructions.
            _ => unsafe { sweep::<Scalar>(self, text, from, to) },
        }
        // A run that is open at `to`.
        if self.digits.len() % 2 == 1 {
            let rest = text[to..].iter().take_while(|b| b.is_ascii_digit()).count();
            self.digits.push((to + rest) as u32);
        }
    }
}

/// The sweep with AVX2, so that the intrinsics and the bit operations are inlined into it.
///
/// # Safety
/// The processor must have AVX2, BMI1 and POPCNT.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,popcnt")]
unsafe fn sweep_avx2(anchors: &mut Anchors, text: &[u8], from: usize, to: usize) {
    // SAFETY: handed on from the caller.
    unsafe { sweep::<Avx2>(anchors, text, from, to) }
}

/// The sweep with AVX-512.
///
/// # Safety
/// The processor must have AVX-512 F, BW and VBMI2, BMI1 and POPCNT.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,bmi1,popcnt")]
unsafe fn sweep_avx512(anchors: &mut Anchors, text: &[u8], from: usize, to: usize) {
    // SAFETY: handed on from the caller.
    unsafe { sweep::<Avx512>(anchors, text, from, to) }
}

/// What the last byte of a stride tells the next.
#[derive(Default)]
struct Carry {
    digit: u64,
    letter: u64,
    lower: u64,
    upper: u64,
    high: u64,
    /// Whether the last byte, and the one before it, is a backslash.
    backslash: u64,
    backslash2: u64,
    /// A listed run of digits goes on.
    run: bool,
    /// The letters at the head of a run of letters and digits go on.
    head: bool,
}

/// # Safety
/// The processor must have the instructions of `C`.
#[inline(always)]
unsafe fn sweep<C: Classes>(out: &mut Anchors, text: &[u8], from: usize, to: usize) {
    let mut carry = before(text, from);
    // Masks of a batch first, then their bits: in one loop the compiler turns the shifts of masks
    // into shuffles of vectors, which is many times slower.
    let mut batch = [Masks::default(); BATCH];
    let mut at = from;
    while at < to {
        let strides = (to - at).div_ceil(STRIDE).min(BATCH);
        for (i, masks) in batch[..strides].iter_mut().enumerate() {
            let rest = &text[at + i * STRIDE..];
            *masks = match rest.first_chunk() {
                // SAFETY: handed on from the caller.
                Some(bytes) => unsafe { C::masks(bytes) },
                None => {
                    let mut padded = [0u8; STRIDE];
                    padded[..rest.len()].copy_from_slice(rest);
                    // SAFETY: handed on from the caller.
                    unsafe { C::masks(&padded) }
                }
            };
        }
        for masks in &batch[..strides] {
            let valid = if to - at < STRIDE {
                u64::MAX >> (STRIDE - (to - at))
            } else {
                u64::MAX
            };
            let next_lower = text
                .get(at + STRIDE)
                .is_some_and(|b| b.is_ascii_lowercase());
            // SAFETY: the instructions are handed on from the caller; `Anchors::sweep` made room.
            unsafe { stride::<C>(out, masks, &mut carry, next_lower, valid, at as u32, text) };
            at += STRIDE;
        }
    }
}

/// Letters before the stretch that are looked at for the head of a token.
const HEAD_BYTES_MAX: usize = 64;

/// The classes of the bytes right before `from`, as the carry of a stride.
fn before(text: &[u8], from: usize) -> Carry {
    let mut carry = Carry::default();
    let bit = u64::from;
    if let Some(&b) = from.checked_sub(1).and_then(|i| text.get(i)) {
        carry.letter = bit(b.is_ascii_alphabetic());
        carry.lower = bit(b.is_ascii_lowercase());
        carry.upper = bit(b.is_ascii_uppercase());
        carry.high = bit(b >= 0x80);
        carry.backslash = bit(b == b'\\');
        carry.digit = bit(b.is_ascii_digit());
        // letters that began before `from` may head a token whose digits come after it
        let letters = text[..from]
            .iter()
            .rev()
            .take(HEAD_BYTES_MAX)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        let first = from - letters;
        carry.head = letters > 0 && (first == 0 || !text[first - 1].is_ascii_alphanumeric());
    }
    if let Some(&b) = from.checked_sub(2).and_then(|i| text.get(i)) {
        carry.backslash2 = bit(b == b'\\');
    }
    carry
}

/// # Safety
/// The processor must have the instructions of `C`; the lists must have room for 64 more.
#[inline(always)]
unsafe fn stride<C: Classes>(
    out: &mut Anchors,
    m: &Masks,
    carry: &mut Carry,
    next_lower: bool,
    valid: u64,
    at: u32,
    text: &[u8],
) {
    let letter = m.letter;
    let lower = letter & m.bit5;
    let upper = letter & !m.bit5;

    let after_letter = letter << 1 | carry.letter;
    let after_lower = lower << 1 | carry.lower;
    let after_upper = upper << 1 | carry.upper;
    let after_digit = m.digit << 1 | carry.digit;
    let after_high = m.high << 1 | carry.high;
    let before_lower = lower >> 1 | u64::from(next_lower) << 63;
    // `\nssn`: the letter after the backslash is not part of the word
    let after_escape = m.backslash << 2 | carry.backslash << 1 | carry.backslash2;

    let words = (letter & !after_letter)
        | (upper & after_lower)
        | (upper & after_upper & before_lower)
        | (letter & after_escape)
        | (m.lead & !after_letter);
    // as `name::capital_starts` says it, and after escapes
    let after_word = after_letter | after_digit;
    let caps =
        upper & (!after_word | after_escape) | m.lead & (!(after_word | after_high) | after_escape);

    // Adding the start of a run to its bits carries to the bit after its end.
    let starts = m.digit & !after_digit & (!after_letter | after_escape);
    let (ends, run) = ripple(m.digit, starts, carry.run);
    carry.run = run;
    let turns = starts | ends;
    let heads = letter & !(after_letter | after_digit);
    let (after_heads, head) = ripple(letter, heads, carry.head);
    carry.head = head;
    let tokens = after_heads & m.digit;

    carry.letter = letter >> 63;
    carry.lower = lower >> 63;
    carry.upper = upper >> 63;
    carry.digit = m.digit >> 63;
    carry.high = m.high >> 63;
    carry.backslash = m.backslash >> 63;
    carry.backslash2 = m.backslash >> 62 & 1;

    // SAFETY (all four): handed on from the caller.
    unsafe {
        C::flatten(&mut out.words, words & valid, at);
        C::flatten(&mut out.digits, turns & valid, at);
        C::flatten(&mut out.tokens, tokens & valid, at);
        C::flatten(&mut out.caps, caps & valid, at);
    }

    let mut special = m.special & !m.backslash & valid;
    while special != 0 {
        let i = at + special.trailing_zeros();
        match text.get(i as usize) {
            Some(b'@') => out.ats.push(i),
            _ => out.braces.push(i),
        }
        special &= special - 1;
    }
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn swept(level: Level, text: &[u8], from: usize, to: usize) -> Anchors {
        let mut anchors = Anchors::default();
        anchors.sweep(level, text, from, to);
        anchors
    }

    fn words(text: &str) -> Vec<u32> {
        swept(Level::Scalar, text.as_bytes(), 0, text.len()).words
    }

    #[test]
    fn words_start_at_edges_of_every_kind() {
        assert_eq!(words("ssn customerSSN ss_n 1ssn"), [0, 4, 12, 16, 19, 22]);
        assert_eq!(words("SSNNumber"), [0, 3]);
        assert_eq!(words(r"\nssn"), [1, 2]);
        assert_eq!(words("é"), [0]);
        assert_eq!(words("fé"), [0]);
    }

    #[test]
    fn runs_of_digits_have_both_ends() {
        let text = b"12 a345b7 678 \\n9 9a";
        let anchors = swept(Level::Scalar, text, 0, text.len());
        assert_eq!(anchors.digits, [0, 2, 10, 13, 16, 17, 18, 19]);
        assert_eq!(anchors.tokens, [4, 16]);
        let part = swept(Level::Scalar, text, 1, 11);
        assert_eq!(part.digits, [10, 13]);
        assert_eq!(swept(Level::Scalar, text, 4, 11).tokens, [4]);
        assert!(swept(Level::Scalar, text, 5, 11).tokens.is_empty());
    }

    #[test]
    fn capitals_and_signs_are_listed() {
        let text = "Ab aB Éa éÉ a@b{c\\nXy".as_bytes();
        let anchors = swept(Level::Scalar, text, 0, text.len());
        assert_eq!(anchors.caps, [0, 6, 10, 22]);
        assert_eq!(anchors.ats, [16]);
        assert_eq!(anchors.braces, [18]);
    }

    proptest! {
        #[test]
        fn all_levels_find_the_same_anchors(
            text in proptest::collection::vec(
                prop_oneof![
                    any::<u8>(), Just(b'\\'), Just(b'n'), b'0'..=b'9', b'A'..=b'Z', b'a'..=b'z'
                ], 0..400),
            from in 0usize..400,
            to in 0usize..400,
        ) {
            let expected = swept(Level::Scalar, &text, from, to);
            for &level in Level::all() {
                prop_assert_eq!(&swept(level, &text, from, to), &expected);
            }
            prop_assert_eq!(expected.digits.len() % 2, 0);
        }

        #[test]
        fn capitals_are_those_that_names_are_looked_for_at(text in "[a-zA-Z0-9 éÉ“_-]{0,200}") {
            let text = text.as_bytes();
            let all = swept(Level::best(), text, 0, text.len());
            prop_assert_eq!(all.caps, crate::detect::name::capital_starts(text, 0..text.len()));
        }

        #[test]
        fn a_part_has_the_anchors_of_the_whole(
            text in "[a-zA-Z0-9 @{\\\\é_-]{0,300}",
            from in 0usize..300,
            to in 0usize..300,
        ) {
            let text = text.as_bytes();
            let (from, to) = (from.min(text.len()), to.min(text.len()));
            let whole = swept(Level::best(), text, 0, text.len());
            let part = swept(Level::best(), text, from, to);
            let within = |list: &[u32]| -> Vec<u32> {
                list.iter().copied().filter(|&p| (from..to).contains(&(p as usize))).collect()
            };
            prop_assert_eq!(within(&whole.words), part.words);
            let starts = |list: &[u32]| -> Vec<u32> { list.iter().copied().step_by(2).collect() };
            prop_assert_eq!(within(&starts(&whole.digits)), starts(&part.digits));
            prop_assert_eq!(within(&whole.caps), part.caps);
            prop_assert_eq!(within(&whole.tokens), part.tokens);
        }
    }
}
