//! British NHS numbers.

use super::digits::{Digits, all_same};

/// Ten digits; the last is 11 less the sum of the others, weighted 10 to 2, by 11.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    if all.len() != 10 || all_same(all) {
        return false;
    }
    let sum: u32 = all[..9]
        .iter()
        .zip((2..=10).rev())
        .map(|(d, weight)| u32::from(*d) * weight)
        .sum();
    (11 - sum % 11) % 11 == u32::from(all[9])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["943 476 5870", "943-476-5870", "9434765870"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["943 476 5871", "0000000000", "943476587", ""] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(at in prop::sample::select(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9][..]), by in 1u8..10) {
            let mut value = *b"9434765870";
            value[at] = b'0' + (value[at] - b'0' + by) % 10;
            prop_assert!(!passes(&value));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
