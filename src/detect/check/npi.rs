//! US national provider identifiers.

use super::digits::Digits;
use super::luhn;

/// Ten digits, the first 1 or 2, with the check digit of a card number behind the prefix 80840.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    if all.len() != 10 || !matches!(all[0], 1 | 2) {
        return false;
    }
    let mut number = *b"80840..........";
    for (to, d) in number[5..].iter_mut().zip(all) {
        *to = d + b'0';
    }
    luhn::passes(&number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["1234567893", "2000000077"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["1234567890", "3234567893", "123456789", ""] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(at in prop::sample::select(&[1, 2, 3, 4, 5, 6, 7, 8, 9][..]), by in 1u8..10) {
            let mut value = *b"1234567893";
            value[at] = b'0' + (value[at] - b'0' + by) % 10;
            prop_assert!(!passes(&value));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
