//! Colombian tax numbers (NIT).

use super::digits::{Digits, all_same};

/// Up to ten digits and a check digit by 11, with prime weights from the right.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let Some((check, all)) = digits.as_slice().split_last() else {
        return false;
    };
    if !matches!(all.len(), 6..=10) || all_same(all) {
        return false;
    }
    let sum: u32 = all
        .iter()
        .rev()
        .zip([3, 7, 13, 17, 19, 23, 29, 37, 41, 43])
        .map(|(d, weight)| u32::from(*d) * weight)
        .sum();
    let expected = match sum % 11 {
        n @ (0 | 1) => n,
        n => 11 - n,
    };
    expected == u32::from(*check)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["213.123.432-1", "900.123.456-8", "9001234568"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["213.123.432-2", "000.000.000-0", "12-1", ""] {
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
