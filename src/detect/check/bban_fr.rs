//! French bank accounts (RIB): bank, branch, account and a key of two digits.

/// The 23 characters, letters read as digits (A and J are 1, B, K and S are 2, ... I, R and Z are
/// 9), make a multiple of 97.
pub fn passes(value: &[u8]) -> bool {
    let mut remainder = 0u32;
    let mut len = 0;
    let mut filled = false;
    for b in value.iter().filter(|b| !matches!(b, b' ' | b'-')) {
        let digit = match b.to_ascii_uppercase() {
            d @ b'0'..=b'9' => d - b'0',
            c @ b'A'..=b'I' => c - b'A' + 1,
            c @ b'J'..=b'R' => c - b'J' + 1,
            c @ b'S'..=b'Z' => c - b'S' + 2,
            _ => return false,
        };
        filled |= digit != 0;
        remainder = (remainder * 10 + u32::from(digit)) % 97;
        len += 1;
    }
    len == 23 && filled && remainder == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn keys() {
        // the account of the IBAN registry's example
        for number in ["20041010050500013M02606", "20041 01005 0500013M026 06"] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "20041010050500013M02607",
            "00000000000000000000000",
            "2004101005050001302606",
            "",
        ] {
            assert!(!passes(number.as_bytes()), "{number}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(at in 0usize..17, by in 1u8..10) {
            let mut number = *b"20041010050500013M02606";
            number[at] = b'0' + (number[at] - b'0' + by) % 10;
            prop_assert!(!passes(&number));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
