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
}

/// One way to make masks.
pub(super) trait Classes {
    /// Masks of 64 bytes.
    ///
    /// # Safety
    /// The processor must have the instructions of the implementation.
    unsafe fn masks(bytes: &[u8; STRIDE]) -> Masks;
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
        }
        m
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{Avx2, Sse2};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Classes, Masks, STRIDE};
    use std::arch::asm;
    use std::arch::x86_64::{
        __m128i, __m256i, _mm_add_epi8, _mm_and_si128, _mm_cmpeq_epi8, _mm_cmpgt_epi8,
        _mm_loadu_si128, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8, _mm_slli_epi16,
        _mm256_add_epi8, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8,
        _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
        _mm256_slli_epi16,
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
                part += 32;
            }
            m
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
                    }
                };
                assert_eq!(got, expected, "{level:?} from byte {shift}");
            }
        }
    }
}
