//! Australian tax file numbers.

use super::digits::{Digits, all_same};

/// Nine digits (weights 1, 4, 3, 7, 5, 8, 6, 9, 10) or eight (10, 7, 8, 4, 6, 3, 5, 1) with a sum
/// that is a multiple of 11.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    let weights: &[u32] = match all.len() {
        9 => &[1, 4, 3, 7, 5, 8, 6, 9, 10],
        8 => &[10, 7, 8, 4, 6, 3, 5, 1],
        _ => return false,
    };
    let sum: u32 = all
        .iter()
        .zip(weights)
        .map(|(d, w)| u32::from(*d) * w)
        .sum();
    !all_same(all) && sum.is_multiple_of(11)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["123 456 782", "123456782"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["999 999 999", "123456783", "000000000", "1234567", ""] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(at in prop::sample::select(&[0, 1, 2, 3, 4, 5, 6, 7, 8][..]), by in 1u8..10) {
            let mut value = *b"123456782";
            value[at] = b'0' + (value[at] - b'0' + by) % 10;
            prop_assert!(!passes(&value));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
