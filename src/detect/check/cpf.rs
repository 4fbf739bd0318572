//! Brazilian numbers of persons (CPF).

use super::digits::{Digits, all_same};

/// Eleven digits; the last two check those before them by 11.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    all.len() == 11
        && !all_same(all)
        && control(&all[..9]) == all[9]
        && control(&all[..10]) == all[10]
}

/// Weights fall to 2 at the right.
fn control(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip(2..)
        .map(|(d, weight)| u32::from(*d) * weight)
        .sum();
    match sum % 11 {
        0 | 1 => 0,
        n => 11 - n as u8,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["390.533.447-05", "39053344705"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["231.002.999-01", "111.111.111-11", "3905334470", ""] {
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
