//! Masks of short runs of printable ASCII, eight bytes at a time: nearly every value is one.

use super::shown_of;
use crate::model::word::word;

/// One in each byte.
const ONES: u64 = u64::from_le_bytes([1; 8]);
/// The highest bit of each byte.
const HIGH: u64 = ONES << 7;
const BLANKS: u64 = ONES * b' ' as u64;
const STARS: u64 = ONES * b'*' as u64;

/// Which bytes, all below 0x80, are from `first` to `last`: their highest bits.
#[inline(always)]
fn within(bytes: u64, first: u8, last: u8) -> u64 {
    let from = bytes + ONES * u64::from(0x80 - first);
    let beyond = bytes + ONES * u64::from(0x7f - last);
    from & !beyond & HIGH
}

/// Masks at most `W` words into `out`, which is empty: stars for letters and digits, but for the last
/// four or fewer where `last4`. `false`: the value is not all printable ASCII, or longer.
pub(super) fn mask<const W: usize>(value: &[u8], last4: bool, out: &mut String) -> bool {
    let mut text = [0u64; W];
    let (mut words, mut hidden) = (text, text);
    let (mut plain, mut total) = (HIGH, 0);
    for (i, text) in text.iter_mut().enumerate() {
        let left = value.len().saturating_sub(8 * i);
        let blanks = BLANKS.checked_shl(8 * left as u32).unwrap_or(0);
        *text = word(value, 8 * i) | blanks;
        plain &= !*text & within(*text & !HIGH, b' ', b'~');
        let letters = within((*text | BLANKS) & !HIGH, b'a', b'z');
        hidden[i] = letters | within(*text & !HIGH, b'0', b'9');
        let all = (hidden[i] >> 7) * 0xff;
        words[i] = *text & !all | STARS & all;
        total += hidden[i].count_ones() as usize;
    }
    if plain != HIGH || value.len() > 8 * W {
        return false;
    }
    let mut left = if last4 { shown_of(total) } else { 0 };
    for i in (0..W).rev() {
        let mut bits = hidden[i];
        while left > 0 && bits != 0 {
            let top = u64::BITS - 1 - bits.leading_zeros();
            let byte = 0xff << (top - 7);
            words[i] = words[i] & !byte | text[i] & byte;
            bits ^= 1 << top;
            left -= 1;
        }
    }
    push(&words, value.len(), out)
}

/// Appends the first `len` bytes of the words. `false`: they are no text.
#[inline(always)]
fn push<const W: usize>(words: &[u64; W], len: usize, out: &mut String) -> bool {
    /// Read by whole words where it is checked to be text.
    #[repr(align(16))]
    struct Bytes<const W: usize>([[u8; 8]; W]);
    let bytes = Bytes(words.map(u64::to_le_bytes));
    match std::str::from_utf8(bytes.0.as_flattened()).map(|text| text.get(..len)) {
        Ok(Some(masked)) => {
            out.push_str(masked);
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_one_by_one() {
        for b in 0..0x80u8 {
            for (first, last) in [(b' ', b'~'), (b'a', b'z'), (b'0', b'9')] {
                let bytes = u64::from_le_bytes([b, 0, b' ', 0x7f, b, b'z', b'0', b]);
                let expected = bytes
                    .to_le_bytes()
                    .map(|b| u8::from((first..=last).contains(&b)) << 7);
                let expected = u64::from_le_bytes(expected);
                assert_eq!(within(bytes, first, last), expected, "{b}");
            }
        }
    }

    #[test]
    fn any_length_is_masked_or_refused() {
        for len in 0..40 {
            let value: Vec<u8> = (0..len).map(|i| b"a-7 Z.~9"[i % 8]).collect();
            let mut masked = String::new();
            assert_eq!(mask::<4>(&value, false, &mut masked), len <= 32);
            let expected = value.iter().map(|b| match b.is_ascii_alphanumeric() {
                true => '*',
                false => char::from(*b),
            });
            if len <= 32 {
                assert_eq!(masked, expected.collect::<String>());
            }
            for odd in [0x1f, 0x7f, 0x80, 0xff, b'\n'] {
                for at in 0..len {
                    let mut value = value.clone();
                    value[at] = odd;
                    assert!(
                        !mask::<4>(&value, true, &mut String::new()),
                        "{odd} at {at}"
                    );
                }
            }
        }
    }
}
