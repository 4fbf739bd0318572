//! Canadian social insurance numbers.

use super::digits::Digits;
use super::luhn;

/// Nine digits with a valid check digit; none begins with 0 or 8.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    all.len() == 9 && !matches!(all[0], 0 | 8) && luhn::passes(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["123-456-782", "123456782"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["123-456-789", "046 454 286", "000 000 000", "12345678", ""] {
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
