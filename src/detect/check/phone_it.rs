//! Telephone numbers of Italy: the 0 of an area belongs to the number and stays after +39.

use super::digits::all_same;
use super::phone::National;

/// Fixed: 0 and eight to eleven digits in all; mobile: 3 and nine or ten digits.
pub fn passes(value: &[u8]) -> bool {
    let Some(number) = National::of(value, b"39") else {
        return false;
    };
    let digits = number.as_slice();
    let plan = match digits {
        [0, 1..=9, ..] => matches!(digits.len(), 8..=11),
        [3, 1..=9, ..] => matches!(digits.len(), 9 | 10),
        _ => false,
    };
    plan && !all_same(&digits[1..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn plan() {
        for number in [
            "06 1234 5678",
            "+39 347 123 4567",
            "347 1234567",
            "+39 06 1234 5678",
            "0039 02 1234567",
            "02 1234567",
        ] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "00 1234 5678",
            "6 1234 5678",
            "+38 347 123 4567",
            "301 123 4567",
            "06 1234",
            "06 1234 567890",
            "0333333333",
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
