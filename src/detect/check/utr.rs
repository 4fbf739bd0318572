//! British unique taxpayer references.

use super::digits::{Digits, all_same};

/// Ten digits; the first checks the others by 11, weights 6, 7, 8, 9, 10, 5, 4, 3, 2.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let [check, all @ ..] = digits.as_slice() else {
        return false;
    };
    if all.len() != 9 || all_same(all) {
        return false;
    }
    let sum: usize = all
        .iter()
        .zip([6, 7, 8, 9, 10, 5, 4, 3, 2])
        .map(|(d, weight)| usize::from(*d) * weight)
        .sum();
    [2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1][sum % 11] == *check
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["1955839661", "19558 39661"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["2955839661", "0000000000", "195583966", ""] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
