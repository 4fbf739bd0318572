//! Telephone numbers of Spain: nine digits.

use super::digits::all_same;
use super::phone::National;

/// Mobile (6, 71 to 74, 78), geographic and service numbers (8, 9 with a second digit up to 8).
pub fn passes(value: &[u8]) -> bool {
    let Some(number) = National::of(value, b"34") else {
        return false;
    };
    let digits = number.as_slice();
    let plan = match digits {
        [6, ..] | [7, 1..=4 | 8, ..] => true,
        [8 | 9, second, ..] => *second <= 8,
        _ => false,
    };
    digits.len() == 9 && plan && !all_same(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn plan() {
        for number in [
            "912 345 678",
            "+34 612 345 678",
            "612345678",
            "0034 912 34 56 78",
            "712 345 678",
        ] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "512 345 678",
            "612 345 67",
            "752 345 678",
            "992 345 678",
            "+33 612 345 678",
            "666666666",
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
