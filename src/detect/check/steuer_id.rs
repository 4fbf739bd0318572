//! German tax identification numbers.

use super::digits::Digits;
use super::mod_11_10;

/// Eleven digits, the first not 0; among the first ten exactly one digit occurs twice or three
/// times; the last checks them: ISO 7064, mod 11,10.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let [head @ .., _] = digits.as_slice() else {
        return false;
    };
    if head.len() != 10 || head[0] == 0 {
        return false;
    }
    let mut times = [0u8; 10];
    for d in head {
        times[usize::from(*d)] += 1;
    }
    let repeated = times.iter().filter(|t| **t > 1).count();
    repeated == 1 && times.iter().all(|t| *t <= 3) && mod_11_10::holds(digits.as_slice())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["36 574 261 809", "36574261809"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in [
            "36574261890",
            "06574261809",
            "3657426180",
            "11111111111",
            "",
        ] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(at in prop::sample::select(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10][..]), by in 1u8..10) {
            let mut value = *b"36574261809";
            value[at] = b'0' + (value[at] - b'0' + by) % 10;
            prop_assert!(!passes(&value));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
