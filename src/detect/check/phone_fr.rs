//! Telephone numbers of France: ten digits in five pairs, the first of them 0.

use super::digits::all_same;
use super::phone::National;

/// After the trunk prefix or the country code: a geographic zone (1 to 5), mobile (6, 7), a number
/// over the internet (9) or toll-free (80).
pub fn passes(value: &[u8]) -> bool {
    let Some(number) = National::of(value, b"33") else {
        return false;
    };
    let Some(digits) = number.without_trunk() else {
        return false;
    };
    let zone = match digits {
        [7, second, ..] => *second >= 3,
        [1..=6 | 9, ..] | [8, 0, ..] => true,
        _ => false,
    };
    digits.len() == 9 && zone && !all_same(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn plan() {
        for number in [
            "01 23 45 67 89",
            "+33 1 23 45 67 89",
            "+33 (0)1 23 45 67 89",
            "0033123456789",
            "06.12.34.56.78",
            "0612345678",
        ] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "01 23 45 67 8",
            "11 23 45 67 89",
            "00 23 45 67 89",
            "+34 1 23 45 67 89",
            "08 36 65 65 65",
            "0711111111",
            "0111111111",
            "1700000000",
            "",
        ] {
            assert!(!passes(number.as_bytes()), "{number}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
