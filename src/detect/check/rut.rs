//! Chilean numbers of persons and companies (RUT, RUN).

use super::digits::{Digits, all_same};

/// Seven or eight digits and a check character by 11, weights 2 to 7 from the right; 10 is K.
pub fn passes(value: &[u8]) -> bool {
    let Some((last, head)) = value.split_last() else {
        return false;
    };
    let Some(digits) = Digits::of(head) else {
        return false;
    };
    let all = digits.as_slice();
    if !matches!(all.len(), 7 | 8) || all_same(all) {
        return false;
    }
    let sum: u32 = all
        .iter()
        .rev()
        .zip((2..=7).cycle())
        .map(|(d, weight)| u32::from(*d) * weight)
        .sum();
    let check = match 11 - sum % 11 {
        11 => b'0',
        10 => b'K',
        n => b'0' + n as u8,
    };
    last.to_ascii_uppercase() == check
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["12.531.909-2", "76086428-5", "760864285"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["12.531.909-3", "00000000-K", "00000000-0", "123-4", ""] {
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
