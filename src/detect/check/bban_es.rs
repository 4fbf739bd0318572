//! Spanish bank accounts (CCC): bank, office, two control digits, account.

use super::digits::{Digits, all_same};

const WEIGHTS: [u32; 10] = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];

/// Twenty digits; the ninth controls bank and office, the tenth the account, both by 11.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    if all.len() != 20 || all_same(all) {
        return false;
    }
    let office = all[..8].iter().zip(&WEIGHTS[2..]);
    let account = all[10..].iter().zip(&WEIGHTS);
    all[8] == control(office) && all[9] == control(account)
}

fn control<'a>(pairs: impl Iterator<Item = (&'a u8, &'a u32)>) -> u8 {
    let sum: u32 = pairs.map(|(d, w)| u32::from(*d) * w).sum();
    match 11 - sum % 11 {
        11 => 0,
        10 => 1,
        n => n as u8,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn control_digits() {
        // the account of the IBAN registry's example
        for number in ["21000418450200051332", "2100 0418 45 0200051332"] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "21000418460200051332",
            "21000418440200051332",
            "00000000000000000000",
            "2100041845020005133",
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
