//! French tax numbers (SPI).

use super::digits::Digits;

/// Thirteen digits, the first 0 to 3; the last three are the first ten by 511.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    let (Some(number), Some(key)) = (digits.number(0..10), digits.number(10..13)) else {
        return false;
    };
    all.len() == 13 && all[0] <= 3 && number != 0 && number % 511 == key
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["30 23 217 600 053", "3023217600053"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in [
            "3023217600054",
            "4023217600053",
            "0000000000000",
            "302321760005",
            "",
        ] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(at in prop::sample::select(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12][..]), by in 1u8..10) {
            let mut value = *b"3023217600053";
            value[at] = b'0' + (value[at] - b'0' + by) % 10;
            prop_assert!(!passes(&value));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
