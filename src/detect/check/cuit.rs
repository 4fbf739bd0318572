//! Argentine tax numbers (CUIT, CUIL).

use super::digits::{Digits, all_same};

/// Eleven digits; the last checks the others by 11, weights 5, 4, 3, 2, 7, 6, 5, 4, 3, 2.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    if all.len() != 11 || all_same(&all[2..10]) {
        return false;
    }
    let sum: u32 = all
        .iter()
        .zip([5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
        .map(|(d, weight)| u32::from(*d) * weight)
        .sum();
    let check = match 11 - sum % 11 {
        11 => 0,
        10 => 9,
        n => n,
    };
    check == u32::from(all[10])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["20-26756539-3", "30-26756539-9", "20267565393"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["20-26756539-4", "20-00000000-1", "2026756539", ""] {
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
