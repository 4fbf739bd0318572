//! The digits of a value, without its separators, on the stack.

/// Most digits that are kept.
pub const DIGITS_MAX: usize = 40;

/// Digits of a value, 0 to 9 each.
#[derive(Clone, Copy)]
pub struct Digits {
    held: [u8; DIGITS_MAX],
    len: usize,
}

impl Digits {
    /// Takes the ASCII digits of `value` and skips everything else. `None` where there are more
    /// than [`DIGITS_MAX`].
    pub fn of(value: &[u8]) -> Option<Self> {
        let mut digits = Digits {
            held: [0; DIGITS_MAX],
            len: 0,
        };
        for b in value.iter().filter(|b| b.is_ascii_digit()) {
            *digits.held.get_mut(digits.len)? = b - b'0';
            digits.len += 1;
        }
        Some(digits)
    }

    pub fn as_slice(&self) -> &[u8] {
        &self.held[..self.len]
    }

    /// The number that digits `range` make; they must be at most 18.
    pub fn number(&self, range: std::ops::Range<usize>) -> Option<u64> {
        let part = self.as_slice().get(range)?;
        if part.len() > 18 {
            return None;
        }
        Some(part.iter().fold(0, |n, d| n * 10 + u64::from(*d)))
    }
}

/// The digits of a value that has exactly `N`.
pub fn exact<const N: usize>(value: &[u8]) -> Option<[u8; N]> {
    Digits::of(value)?.as_slice().try_into().ok()
}

/// The sum of digits times weights, as far as both go.
pub fn weighted(digits: &[u8], weights: &[u8]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(d, w)| u32::from(*d) * u32::from(*w))
        .sum()
}

/// The number that a few digits make, as in a year or a day; nine at most.
pub fn number(digits: &[u8]) -> u32 {
    digits.iter().take(9).fold(0, |n, d| n * 10 + u32::from(*d))
}

/// All digits are one and the same.
pub fn all_same(digits: &[u8]) -> bool {
    digits.windows(2).all(|w| w[0] == w[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_digits_alone() {
        let digits = Digits::of(b"12-3 4\xff").expect("few digits");
        assert_eq!(digits.as_slice(), [1, 2, 3, 4]);
        assert_eq!(digits.number(1..3), Some(23));
        assert_eq!(digits.number(3..5), None);
        assert!(Digits::of(&[b'1'; DIGITS_MAX]).is_some());
        assert!(Digits::of(&[b'1'; DIGITS_MAX + 1]).is_none());
    }

    #[test]
    fn counts_and_weighs() {
        assert_eq!(exact::<3>(b"1-2 3"), Some([1, 2, 3]));
        assert_eq!(exact::<2>(b"123"), None);
        assert_eq!(weighted(&[1, 2, 3], &[7, 1]), 9);
        assert_eq!(number(&[2, 0, 0, 4]), 2004);
    }

    #[test]
    fn knows_made_up_runs() {
        assert!(all_same(&[7, 7, 7]));
        assert!(!all_same(&[7, 7, 8]));
    }
}
