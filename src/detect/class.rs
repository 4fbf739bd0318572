//! Bytes to bit masks of classes: 64 bytes at a time, with whatever the processor offers.
//!
//! The only step of the scan that looks at every byte. Each [`Level`] gives the same masks; which
//! one is used is chosen once by a [`Level::best`], and tests force each.

/// Bytes that one set of masks describes.
pub(super) const STRIDE: usize = 64;

/// Which instructions turn bytes into masks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Plain code, on every platform.
    Scalar,
    /// 16 bytes at once; every x86-64 processor has it.
    Sse2,
    /// 32 bytes at once.
    Avx2,
    /// 64 bytes at once, and masks to positions by compression (VBMI2).
    Avx512,
}

impl Level {
    /// The fastest level of this processor.
    pub fn best() -> Self {
        Self::all().last().copied().unwrap_or(Level::Scalar)
    }

    /// The levels of this processor, slowest first.
    pub fn all() -> &'static [Level] {
        #[cfg(target_arch = "x86_64")]
        {
            if std::arch::is_x86_feature_detected!("avx2")
                && std::arch::is_x86_feature_detected!("bmi1")
                && std::arch::is_x86_feature_detected!("popcnt")
            {
                if std::arch::is_x86_feature_detected!("avx512f")
                    && std::arch::is_x86_feature_detected!("avx512bw")
                    && std::arch::is_x86_feature_detected!("avx512vbmi2")
                {
                    return &[Level::Scalar, Level::Sse2, Level::Avx2, Level::Avx512];
                }
                return &[Level::Scalar, Level::Sse2, Level::Avx2];
            }
            &[Level::Scalar, Level::Sse2]
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            &[Level::Scalar]
        }
    }
}

/// How many of the eight bytes are digits before the first that is not.
#[inline]
pub(in crate::detect) fn digits_at_start(word: u64) -> u32 {
    // high nibble 3, and low nibble below 10
    let low = (word & 0x0F0F_0F0F_0F0F_0F0F).wrapping_add(0x0606_0606_0606_0606);
    let wrong =
        ((word & 0xF0F0_F0F0_F0F0_F0F0) ^ 0x3030_3030_3030_3030) | (low & 0x1010_1010_1010_1010);
    wrong.trailing_zeros() / 8
}

/// How many of the eight bytes are ASCII letters after the last that is not.
#[inline]
pub(super) fn letters_at_end(word: u64) -> u32 {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let folded = (word | 0x2020_2020_2020_2020) & !HIGH;
    let from_a = folded + 0x1F1F_1F1F_1F1F_1F1F;
    let after_z = folded + 0x0505_0505_0505_0505;
    let letters = from_a & !after_z & !word & HIGH;
    (letters ^ HIGH).leading_zeros() / 8
}

/// Bit `i` of each mask: byte `i` is of the class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Masks {
    /// `0-9`
    pub digit: u64,
    /// `A-Z a-z`
    pub letter: u64,
    /// Bit 5 of the byte: tells lower-case letters from upper-case ones.
    pub bit5: u64,
    /// Not ASCII.
    pub high: u64,
    /// First byte of a character that is not ASCII.
    pub lead: u64,
    /// `@ { \`
    pub special: u64,
    /// `\`
    pub backslash: u64,
    /// `( ) * +`
    pub paren: u64,
    /// `.`
    pub dot: u64,
    /// `-`
    pub dash: u64,
}

/// One way to make masks.
pub(super) trait Classes {
    /// Masks of 64 bytes.
    ///
    /// # Safety
    /// The processor must have the instructions of the implementation.
    unsafe fn masks(bytes: &[u8; STRIDE]) -> Masks;

    /// Appends `at` and the place of each set bit. Eight are written at once whatever their number,
    /// so that the branches are nearly always the same.
    ///
    /// # Safety
    /// The processor must have the instructions of the implementation; `list` must have room for 64
    /// more.
    #[inline(always)]
    unsafe fn flatten(list: &mut Vec<u32>, mut bits: u64, at: u32) {
        let count = bits.count_ones() as usize;
        let len = list.len();
        debug_assert!(list.capacity() - len >= STRIDE);
        // SAFETY: there is room for 64 more, groups of eight end at 64, and the `count` first of
        // them are written when the length is set.
        unsafe {
            let to = list.as_mut_ptr().add(len);
            let mut write = |i: usize| {
                to.add(i).write(at.wrapping_add(bits.trailing_zeros()));
                bits &= bits.wrapping_sub(1);
            };
            (0..4).for_each(&mut write);
            if count > 4 {
                (4..8).for_each(&mut write);
                let mut i = 8;
                while i < count {
                    (i..i + 8).for_each(&mut write);
                    i += 8;
                }
            }
            list.set_len(len + count);
        }
    }
}

pub(super) struct Scalar;

impl Classes for Scalar {
    #[inline(always)]
    unsafe fn masks(bytes: &[u8; STRIDE]) -> Masks {
        let mut m = Masks::default();
        for (i, &b) in bytes.iter().enumerate() {
            let bit = |yes: bool| u64::from(yes) << i;
            m.digit |= bit(b.is_ascii_digit());
            m.letter |= bit(b.is_ascii_alphabetic());
            m.bit5 |= bit(b & 0x20 != 0);
            m.high |= bit(b >= 0x80);
            m.lead |= bit(b >= 0xC0);
            m.special |= bit(matches!(b, b'@' | b'{' | b'\\'));
            m.backslash |= bit(b == b'\\');
            m.paren |= bit(b & 0xFC == b'(');
            m.dot |= bit(b == b'.');
            m.dash |= bit(b == b'-');
        }
        m
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{Avx2, Avx512, Sse2};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Classes, Masks, STRIDE};
    use std::arch::asm;
    use std::arch::x86_64::{
        __m128i, __m256i, __m512i, _mm_add_epi8, _mm_and_si128, _mm_cmpeq_epi8, _mm_cmpgt_epi8,
        _mm_loadu_si128, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8, _mm_slli_epi16,
        _mm256_add_epi8, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8,
        _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
        _mm256_slli_epi16, _mm512_add_epi32, _mm512_castsi512_si128, _mm512_cmpeq_epi8_mask,
        _mm512_cmpge_epu8_mask, _mm512_cmplt_epu8_mask, _mm512_cvtepu8_epi32,
        _mm512_extracti32x4_epi32, _mm512_loadu_si512, _mm512_maskz_compress_epi8,
        _mm512_movepi8_mask, _mm512_or_si512, _mm512_set1_epi8, _mm512_set1_epi32,
        _mm512_storeu_si512, _mm512_sub_epi8, _mm512_test_epi8_mask,
    };

    /// `x` is one of `n` bytes from `first` on: `x + (-128 - first)`, signed, is below `-128 + n`.
    const fn shift(first: u8) -> i8 {
        (0x80u8.wrapping_sub(first)) as i8
    }
    const fn bound(n: u8) -> i8 {
        (0x80u8.wrapping_add(n)) as i8
    }

    /// The bits of a comparison, as a number. Without this the compiler joins the comparisons of one
    /// stride into a vector of 64 truth values, and takes that apart byte by byte.
    #[inline(always)]
    fn bits(mask: i32) -> u64 {
        let mut mask = mask as u32;
        // SAFETY: no instruction at all; the value is only hidden from the optimiser.
        unsafe {
            asm!("/* {0:e} */", inout(reg) mask, options(pure, nomem, nostack, preserves_flags))
        };
        u64::from(mask)
    }

    pub(crate) struct Sse2;

    impl Classes for Sse2 {
        #[inline]
        #[target_feature(enable = "sse2")]
        unsafe fn masks(bytes: &[u8; STRIDE]) -> Masks {
            let case = _mm_set1_epi8(0x20);
            let mut m = Masks::default();
            let mut part = 0;
            while part < STRIDE {
                // SAFETY: 16 bytes are read at 0, 16, 32 and 48 of 64.
                let x = unsafe { _mm_loadu_si128(bytes.as_ptr().add(part).cast::<__m128i>()) };
                let folded = _mm_or_si128(x, case);
                let digit = _mm_cmpgt_epi8(
                    _mm_set1_epi8(bound(10)),
                    _mm_add_epi8(x, _mm_set1_epi8(shift(b'0'))),
                );
                let letter = _mm_cmpgt_epi8(
                    _mm_set1_epi8(bound(26)),
                    _mm_add_epi8(folded, _mm_set1_epi8(shift(b'a'))),
                );
                let backslash = _mm_cmpeq_epi8(x, _mm_set1_epi8(b'\\' as i8));
                let at = _mm_cmpeq_epi8(x, _mm_set1_epi8(b'@' as i8));
                let brace = _mm_cmpeq_epi8(x, _mm_set1_epi8(b'{' as i8));
                let special = _mm_or_si128(backslash, _mm_or_si128(at, brace));
                let lead = _mm_and_si128(x, _mm_slli_epi16::<1>(x));
                m.digit |= bits(_mm_movemask_epi8(digit)) << part;
                m.letter |= bits(_mm_movemask_epi8(letter)) << part;
                m.bit5 |= bits(_mm_movemask_epi8(_mm_slli_epi16::<2>(x))) << part;
                m.high |= bits(_mm_movemask_epi8(x)) << part;
                m.lead |= bits(_mm_movemask_epi8(lead)) << part;
                m.special |= bits(_mm_movemask_epi8(special)) << part;
                m.backslash |= bits(_mm_movemask_epi8(backslash)) << part;
                let four = _mm_and_si128(x, _mm_set1_epi8(0xFCu8 as i8));
                let paren = _mm_cmpeq_epi8(four, _mm_set1_epi8(b'(' as i8));
                m.paren |= bits(_mm_movemask_epi8(paren)) << part;
                let dot = _mm_cmpeq_epi8(x, _mm_set1_epi8(b'.' as i8));
                m.dot |= bits(_mm_movemask_epi8(dot)) << part;
                let dash = _mm_cmpeq_epi8(x, _mm_set1_epi8(b'-' as i8));
                m.dash |= bits(_mm_movemask_epi8(dash)) << part;
                part += 16;
            }
            m
        }
    }

    pub(crate) struct Avx2;

    impl Classes for Avx2 {
        #[inline]
        #[target_feature(enable = "avx2")]
        unsafe fn masks(bytes: &[u8; STRIDE]) -> Masks {
            let case = _mm256_set1_epi8(0x20);
            let mut m = Masks::default();
            let mut part = 0;
            while part < STRIDE {
                // SAFETY: 32 bytes are read at 0 and 32 of 64.
                let x = unsafe { _mm256_loadu_si256(bytes.as_ptr().add(part).cast::<__m256i>()) };
                let folded = _mm256_or_si256(x, case);
                let digit = _mm256_cmpgt_epi8(
                    _mm256_set1_epi8(bound(10)),
                    _mm256_add_epi8(x, _mm256_set1_epi8(shift(b'0'))),
                );
                let letter = _mm256_cmpgt_epi8(
                    _mm256_set1_epi8(bound(26)),
                    _mm256_add_epi8(folded, _mm256_set1_epi8(shift(b'a'))),
                );
                let backslash = _mm256_cmpeq_epi8(x, _mm256_set1_epi8(b'\\' as i8));
                let at = _mm256_cmpeq_epi8(x, _mm256_set1_epi8(b'@' as i8));
                let brace = _mm256_cmpeq_epi8(x, _mm256_set1_epi8(b'{' as i8));
                let special = _mm256_or_si256(backslash, _mm256_or_si256(at, brace));
                let lead = _mm256_and_si256(x, _mm256_slli_epi16::<1>(x));
                m.digit |= bits(_mm256_movemask_epi8(digit)) << part;
                m.letter |= bits(_mm256_movemask_epi8(letter)) << part;
                m.bit5 |= bits(_mm256_movemask_epi8(_mm256_slli_epi16::<2>(x))) << part;
                m.high |= bits(_mm256_movemask_epi8(x)) << part;
                m.lead |= bits(_mm256_movemask_epi8(lead)) << part;
                m.special |= bits(_mm256_movemask_epi8(special)) << part;
                m.backslash |= bits(_mm256_movemask_epi8(backslash)) << part;
                let four = _mm256_and_si256(x, _mm256_set1_epi8(0xFCu8 as i8));
                let paren = _mm256_cmpeq_epi8(four, _mm256_set1_epi8(b'(' as i8));
                m.paren |= bits(_mm256_movemask_epi8(paren)) << part;
                let dot = _mm256_cmpeq_epi8(x, _mm256_set1_epi8(b'.' as i8));
                m.dot |= bits(_mm256_movemask_epi8(dot)) << part;
                let dash = _mm256_cmpeq_epi8(x, _mm256_set1_epi8(b'-' as i8));
                m.dash |= bits(_mm256_movemask_epi8(dash)) << part;
                part += 32;
            }
            m
        }
    }

    pub(crate) struct Avx512;

    /// The numbers 0 to 63.
    static PLACES: [u8; STRIDE] = {
        let mut places = [0; STRIDE];
        let mut i = 0;
        while i < STRIDE {
            places[i] = i as u8;
            i += 1;
        }
        places
    };

    impl Classes for Avx512 {
        #[inline]
        #[target_feature(enable = "avx512f,avx512bw")]
        unsafe fn masks(bytes: &[u8; STRIDE]) -> Masks {
            // SAFETY: 64 bytes are read of 64.
            let x = unsafe { _mm512_loadu_si512(bytes.as_ptr().cast::<__m512i>()) };
            let is = |b: u8| _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(b as i8));
            let within = |x: __m512i, first: u8, n: i8| {
                let from = _mm512_sub_epi8(x, _mm512_set1_epi8(first as i8));
                _mm512_cmplt_epu8_mask(from, _mm512_set1_epi8(n))
            };
            let case = _mm512_set1_epi8(0x20);
            let backslash = is(b'\\');
            Masks {
                digit: within(x, b'0', 10),
                letter: within(_mm512_or_si512(x, case), b'a', 26),
                bit5: _mm512_test_epi8_mask(x, case),
                high: _mm512_movepi8_mask(x),
                lead: _mm512_cmpge_epu8_mask(x, _mm512_set1_epi8(0xC0u8 as i8)),
                special: backslash | is(b'@') | is(b'{'),
                backslash,
                paren: within(x, b'(', 4),
                dot: is(b'.'),
                dash: is(b'-'),
            }
        }

        #[inline]
        #[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,popcnt")]
        unsafe fn flatten(list: &mut Vec<u32>, bits: u64, at: u32) {
            let count = bits.count_ones() as usize;
            let len = list.len();
            debug_assert!(list.capacity() - len >= STRIDE);
            // SAFETY: 64 bytes are read of 64. There is room for 64 more, written by sixteens, and
            // the `count` first of them are written when the length is set.
            unsafe {
                let places = _mm512_loadu_si512(PLACES.as_ptr().cast::<__m512i>());
                let places = _mm512_maskz_compress_epi8(bits, places);
                let base = _mm512_set1_epi32(at as i32);
                let to = list.as_mut_ptr().add(len);
                let write = |i: usize, part: __m128i| {
                    let sixteen = _mm512_add_epi32(_mm512_cvtepu8_epi32(part), base);
                    _mm512_storeu_si512(to.add(i).cast::<__m512i>(), sixteen);
                };
                write(0, _mm512_castsi512_si128(places));
                if count > 16 {
                    write(16, _mm512_extracti32x4_epi32::<1>(places));
                    if count > 32 {
                        write(32, _mm512_extracti32x4_epi32::<2>(places));
                        write(48, _mm512_extracti32x4_epi32::<3>(places));
                    }
                }
                list.set_len(len + count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_letters_are_counted_in_words() {
        for b in 0..=255u8 {
            for i in 0..8 {
                let mut bytes = *b"AZazMkzq";
                bytes[i] = b;
                let letters = bytes.iter().rev().take_while(|b| b.is_ascii_alphabetic());
                let count = letters.count() as u32;
                assert_eq!(
                    letters_at_end(u64::from_le_bytes(bytes)),
                    count,
                    "{b} at {i}"
                );
                let mut bytes = *b"01928374";
                bytes[i] = b;
                let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count() as u32;
                assert_eq!(
                    digits_at_start(u64::from_le_bytes(bytes)),
                    digits,
                    "{b} at {i}"
                );
            }
        }
    }

    #[test]
    fn all_levels_class_every_byte_at_every_place_alike() {
        for shift in 0..=255u8 {
            let mut bytes = [0u8; STRIDE];
            for (i, b) in bytes.iter_mut().enumerate() {
                *b = shift.wrapping_add((i as u8).wrapping_mul(5));
            }
            // SAFETY: the scalar code needs no special instructions.
            let expected = unsafe { Scalar::masks(&bytes) };
            #[cfg(target_arch = "x86_64")]
            for level in Level::all() {
                // SAFETY: `Level::all` names only what this processor has.
                let got = unsafe {
                    match level {
                        Level::Scalar => Scalar::masks(&bytes),
                        Level::Sse2 => Sse2::masks(&bytes),
                        Level::Avx2 => Avx2::masks(&bytes),
                        Level::Avx512 => Avx512::masks(&bytes),
                    }
                };
                assert_eq!(got, expected, "{level:?} from byte {shift}");
            }
        }
    }
}
