//! US DEA registration numbers.

/// Two letters (or a letter and 9) and seven digits; the last checks the others by 10.
pub fn passes(value: &[u8]) -> bool {
    let [first, second, digits @ ..] = value else {
        return false;
    };
    if digits.len() != 7 || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let d = |i: usize| u32::from(digits[i] - b'0');
    let sum = d(0) + d(2) + d(4) + 2 * (d(1) + d(3) + d(5));
    first.is_ascii_alphabetic()
        && (second.is_ascii_alphabetic() || *second == b'9')
        && digits.iter().any(|b| *b != b'0')
        && sum % 10 == d(6)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["AB1234563", "B91234563"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["AB1234564", "A11234563", "AB123456", "AB0000000", ""] {
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
