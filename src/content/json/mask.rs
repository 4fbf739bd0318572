//! Bit masks over 64 bytes: which of them are equal to what.
//!
//! One bit a byte, the lowest for the first. SSE2 is part of every x86-64, so nothing is chosen at
//! run time; elsewhere a plain loop gives the same masks.

pub(crate) const CHUNK: usize = 64;

/// Masks that JSON needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct JsonMasks {
    pub quote: u64,
    pub backslash: u64,
    /// `{ } [ ] , :`
    pub structural: u64,
    /// Space and everything below.
    pub space: u64,
}

/// Masks that counting lines and characters needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LineMasks {
    pub newline: u64,
    /// Bytes of a character after its first.
    pub tail: u64,
}

#[cfg(target_arch = "x86_64")]
mod lanes {
    use std::arch::x86_64::*;

    use super::{CHUNK, JsonMasks, LineMasks};

    type Lanes = [__m128i; 4];

    #[target_feature(enable = "sse2")]
    fn load(chunk: &[u8; CHUNK]) -> Lanes {
        let word = |at: usize| {
            chunk[at..]
                .first_chunk()
                .map_or(0, |b| i64::from_le_bytes(*b))
        };
        let lane = |at: usize| _mm_set_epi64x(word(at + 8), word(at));
        [lane(0), lane(16), lane(32), lane(48)]
    }

    #[target_feature(enable = "sse2")]
    fn bits(lanes: Lanes) -> u64 {
        let [a, b, c, d] = lanes.map(|lane| u64::from(_mm_movemask_epi8(lane) as u32));
        a | b << 16 | c << 32 | d << 48
    }

    #[target_feature(enable = "sse2")]
    fn is(lane: __m128i, byte: u8) -> __m128i {
        _mm_cmpeq_epi8(lane, _mm_set1_epi8(byte as i8))
    }

    #[target_feature(enable = "sse2")]
    fn is_structural(lane: __m128i) -> __m128i {
        // Brackets and braces differ by one bit.
        let folded = _mm_or_si128(lane, _mm_set1_epi8(0x20));
        let ends = _mm_or_si128(is(folded, b'{'), is(folded, b'}'));
        _mm_or_si128(ends, _mm_or_si128(is(lane, b','), is(lane, b':')))
    }

    #[target_feature(enable = "sse2")]
    pub fn json(chunk: &[u8; CHUNK]) -> JsonMasks {
        let lanes = load(chunk);
        JsonMasks {
            quote: bits(lanes.map(|l| is(l, b'"'))),
            backslash: bits(lanes.map(|l| is(l, b'\\'))),
            structural: bits(lanes.map(|l| is_structural(l))),
            space: bits(lanes.map(|l| _mm_cmpeq_epi8(_mm_min_epu8(l, _mm_set1_epi8(0x20)), l))),
        }
    }

    #[target_feature(enable = "sse2")]
    pub fn lines(chunk: &[u8; CHUNK]) -> LineMasks {
        let lanes = load(chunk);
        LineMasks {
            newline: bits(lanes.map(|l| is(l, b'\n'))),
            // 0x80 to 0xbf are the lowest of the signed bytes
            tail: bits(lanes.map(|l| _mm_cmplt_epi8(l, _mm_set1_epi8(-0x40)))),
        }
    }

    #[target_feature(enable = "sse2")]
    pub fn any3(chunk: &[u8; CHUNK], [a, b, c]: [u8; 3]) -> u64 {
        bits(load(chunk).map(|l| _mm_or_si128(_mm_or_si128(is(l, a), is(l, b)), is(l, c))))
    }
}

/// Masks of one chunk of JSON.
#[cfg(target_arch = "x86_64")]
pub(crate) fn json(chunk: &[u8; CHUNK]) -> JsonMasks {
    // SAFETY: SSE2 is part of the x86-64 base, so every processor that runs this has it.
    unsafe { lanes::json(chunk) }
}

/// Masks of one chunk of text.
#[cfg(target_arch = "x86_64")]
pub(crate) fn lines(chunk: &[u8; CHUNK]) -> LineMasks {
    // SAFETY: SSE2 is part of the x86-64 base, so every processor that runs this has it.
    unsafe { lanes::lines(chunk) }
}

/// Which bytes are one of three.
#[cfg(target_arch = "x86_64")]
pub(crate) fn any3(chunk: &[u8; CHUNK], bytes: [u8; 3]) -> u64 {
    // SAFETY: SSE2 is part of the x86-64 base, so every processor that runs this has it.
    unsafe { lanes::any3(chunk, bytes) }
}

#[cfg(any(test, not(target_arch = "x86_64")))]
fn by_loop(chunk: &[u8; CHUNK], f: impl Fn(u8) -> bool) -> u64 {
    let bits = chunk.iter().enumerate();
    bits.fold(0, |mask, (i, &b)| mask | u64::from(f(b)) << i)
}

#[cfg(any(test, not(target_arch = "x86_64")))]
fn json_by_loop(chunk: &[u8; CHUNK]) -> JsonMasks {
    JsonMasks {
        quote: by_loop(chunk, |b| b == b'"'),
        backslash: by_loop(chunk, |b| b == b'\\'),
        structural: by_loop(chunk, |b| b"{}[],:".contains(&b)),
        space: by_loop(chunk, |b| b <= b' '),
    }
}

#[cfg(any(test, not(target_arch = "x86_64")))]
fn lines_by_loop(chunk: &[u8; CHUNK]) -> LineMasks {
    LineMasks {
        newline: by_loop(chunk, |b| b == b'\n'),
        tail: by_loop(chunk, |b| b & 0xc0 == 0x80),
    }
}

#[cfg(any(test, not(target_arch = "x86_64")))]
fn any3_by_loop(chunk: &[u8; CHUNK], bytes: [u8; 3]) -> u64 {
    by_loop(chunk, |b| bytes.contains(&b))
}

#[cfg(not(target_arch = "x86_64"))]
pub(crate) use {any3_by_loop as any3, json_by_loop as json, lines_by_loop as lines};

/// Bit `i` of the result: whether an odd number of bits up to and with `i` is set.
pub(crate) fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// The chunk at `at`, filled up with spaces, and its length.
pub(crate) fn chunk_at(text: &[u8], at: usize, to: usize) -> ([u8; CHUNK], usize) {
    let rest = &text[at..to];
    match rest.first_chunk::<CHUNK>() {
        Some(chunk) => (*chunk, CHUNK),
        None => {
            let mut chunk = [b' '; CHUNK];
            chunk[..rest.len()].copy_from_slice(rest);
            (chunk, rest.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_agree_with_a_loop() {
        for start in 0..=192u8 {
            let chunk: [u8; CHUNK] = std::array::from_fn(|i| start.wrapping_add(i as u8));
            assert_eq!(json(&chunk), json_by_loop(&chunk));
            assert_eq!(lines(&chunk), lines_by_loop(&chunk));
            let three = [b',', b'\n', b'"'];
            assert_eq!(any3(&chunk, three), any3_by_loop(&chunk, three));
        }
        assert_eq!(prefix_xor(0b1001_0010), !0u64 << 7 | 0b0000_1110);
    }
}
