//! Canadian health numbers of ten digits: British Columbia and Ontario.

use super::digits::{Digits, all_same};
use super::luhn;

/// Begins with 9 (British Columbia): the last digit checks the eight between by 11; else (Ontario)
/// the check digit of card numbers.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    if all.len() != 10 || all[0] == 0 || all_same(&all[1..]) {
        return false;
    }
    if all[0] != 9 {
        return luhn::passes(value);
    }
    let sum: u32 = all[1..9]
        .iter()
        .zip([2, 4, 8, 5, 10, 9, 7, 3])
        .map(|(d, weight)| u32::from(*d) * weight % 11)
        .sum();
    11 - sum % 11 == u32::from(all[9])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["9698 658 215", "9698658215", "1234567897"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["9698 648 215", "1234567890", "9999999999", "969865821", ""] {
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
