//! German bank accounts: Bankleitzahl and account number.

use super::digits::{Digits, all_same};

/// Eighteen digits: a Bankleitzahl of a clearing area (1 to 8), and an account that is not zero.
/// The check digits of the account follow a method of each bank's own and are not tested.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    all.len() == 18 && matches!(all[0], 1..=8) && !all_same(&all[..8]) && !all_same(&all[8..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn parts() {
        for number in ["370400440532013000", "37040044 0532013000"] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "070400440532013000",
            "970400440532013000",
            "370400440000000000",
            "37040044053201300",
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
