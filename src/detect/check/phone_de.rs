//! Telephone numbers of Germany: area codes of two to five digits, numbers of varying length.

use super::digits::all_same;
use super::phone::{National, first_group};
use super::phone_de_areas::is_area;

/// After the trunk prefix or the country code: mobile (15, 16, 17: ten or eleven digits), toll-free
/// (800), or an area code and seven to eleven digits in all. Where the number is written in groups,
/// the first must be the whole code.
pub fn passes(value: &[u8]) -> bool {
    let Some(number) = National::of(value, b"49") else {
        return false;
    };
    let Some(digits) = number.without_trunk() else {
        return false;
    };
    let group = first_group(value, digits.len());
    let is = |lengths: &[usize]| group.is_none_or(|g| lengths.contains(&g));
    let plan = match digits {
        [1, 5, ..] => digits.len() == 11 && is(&[3, 4]),
        [1, 6, 0 | 2 | 3, ..] | [1, 7, ..] => matches!(digits.len(), 10 | 11) && is(&[3]),
        [8, 0, 0, ..] => matches!(digits.len(), 9..=11) && is(&[3]),
        [2..=9, ..] if matches!(digits.len(), 7..=11) => match group {
            Some(length) => is_area(&digits[..length.min(6)]),
            None => (2..=5).any(|length| is_area(&digits[..length])),
        },
        _ => false,
    };
    plan && !all_same(digits)
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
            "+493012345678",
            "+49 (0)221 123 45 67",
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
            "020 7946 0958",
            "055 1234567",
            "07700 900123",
            "01632 960123",
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
