//! Telephone numbers of Italy: the 0 of an area belongs to the number and stays after +39.

use super::digits::all_same;
use super::nanp;
use super::phone::{National, first_group};

/// Fixed: 0 and eight to ten digits in all (eleven after the country code); mobile: 3 and nine or
/// ten digits.
///
/// The code as written: 02 and 06, three digits that end in 0, 1, 5 or 9, or four. A mobile number
/// without country code that is one of North America too, as `312 555 0134`, is left to that plan.
pub fn passes(value: &[u8]) -> bool {
    let Some(number) = National::of(value, b"39") else {
        return false;
    };
    let digits = number.as_slice();
    let group = first_group(value, digits.len());
    let fixed_max = if number.international { 11 } else { 10 };
    let fixed = (8..=fixed_max).contains(&digits.len());
    let plan = match digits {
        [0, 2 | 6, ..] => fixed && group.is_none_or(|g| g == 2),
        [0, 1..=9, third, ..] => {
            let short = matches!(third, 0 | 1 | 5 | 9);
            let code = if short { 3 } else { 4 };
            fixed && group.is_none_or(|g| g == code)
        }
        [3, 1..=9, ..] => {
            let american = !number.international && !ends_in_seven(value);
            matches!(digits.len(), 9 | 10)
                && group.is_none_or(|g| g == 3)
                && !(american && nanp::passes(value))
        }
        _ => false,
    };
    plan && !all_same(&digits[1..])
}

/// The number ends in seven digits without a separator, after one: `347 1234567`.
fn ends_in_seven(value: &[u8]) -> bool {
    let seven = value
        .iter()
        .rev()
        .take(7)
        .filter(|b| b.is_ascii_digit())
        .count()
        == 7;
    seven
        && value
            .iter()
            .rev()
            .nth(7)
            .is_some_and(|b| !b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn plan() {
        for number in [
            "06 1234 5678",
            "+39 347 123 4567",
            "347 1234567",
            "+39 06 1234 5678",
            "0039 02 1234567",
            "02 1234567",
            "055 1234567",
            "0721 123456",
            "312 5550134",
        ] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "00 1234 5678",
            "6 1234 5678",
            "+38 347 123 4567",
            "301 123 4567",
            "06 1234",
            "06 1234 567890",
            "0333333333",
            "0551 123456",
            "0121 496 0123",
            "020 7946 0958",
            "072 1123456",
            "3125550134",
            "312 555 0134",
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
