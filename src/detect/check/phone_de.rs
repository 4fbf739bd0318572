//! Telephone numbers of Germany: area codes of two to five digits, numbers of varying length.

use super::digits::all_same;
use super::phone::National;

/// After the trunk prefix or the country code: mobile (15, 16, 17: ten or eleven digits), toll-free
/// (800), or an area (from 2 on) with seven to eleven digits in all.
pub fn passes(value: &[u8]) -> bool {
    let Some(number) = National::of(value, b"49") else {
        return false;
    };
    let Some(digits) = number.without_trunk() else {
        return false;
    };
    let length = match digits {
        [1, 5, ..] => digits.len() == 11,
        [1, 6, 0 | 2 | 3, ..] | [1, 7, ..] => matches!(digits.len(), 10 | 11),
        [2..=9, ..] => matches!(digits.len(), 7..=11),
        _ => false,
    };
    length && !all_same(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn plan() {
        for number in [
            "030 12345678",
            "+49 30 12345678",
            "+49 (0)30 12345678",
            "0049 30 12345678",
            "0171 1234567",
            "0151 12345678",
            "089/123456",
        ] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "130 12345678",
            "012 345678",
            "0151 1234567",
            "+43 30 12345678",
            "030 1234",
            "030 1234567890",
            "0222222222",
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
