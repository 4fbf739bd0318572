//! Telephone numbers of the United Kingdom: nine or ten digits after the trunk prefix.

use super::digits::all_same;
use super::phone::{National, first_group};

/// Areas (1, 20, 23, 24, 28, 29), wide numbers (30, 33, 34, 37), corporate and internet numbers
/// (55, 56), mobile (7), toll-free and service numbers (80, 84, 87).
pub fn passes(value: &[u8]) -> bool {
    let Some(number) = National::of(value, b"44") else {
        return false;
    };
    let Some(digits) = number.without_trunk() else {
        return false;
    };
    let (plan, short) = match digits {
        [1, second, ..] => (*second != 0, true),
        [8, 0, ..] => (true, true),
        [2, 0 | 3 | 4 | 8 | 9, ..]
        | [3, 0 | 3 | 4 | 7, ..]
        | [5, 5 | 6, ..]
        | [7, _, ..]
        | [8, 4 | 7, ..] => (true, false),
        _ => (false, false),
    };
    let length = digits.len() == 10 || short && digits.len() == 9;
    plan && length && code_written(value, digits) && !all_same(&digits[1..])
}

/// Where the number is written in groups, the first is the code as it is read: two digits after 2,
/// three after 3 and 8 and for 11x and 1x1, else four or five.
fn code_written(value: &[u8], digits: &[u8]) -> bool {
    let Some(length) = first_group(value, digits.len()) else {
        return true;
    };
    match digits {
        [2, ..] => matches!(length, 2 | 3),
        [1, 1, ..] | [1, _, 1, ..] => matches!(length, 3 | 4),
        [3 | 8, ..] => length == 3,
        [1, ..] => matches!(length, 4 | 5),
        _ => matches!(length, 3 | 4),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn plan() {
        for number in [
            "020 7946 0958",
            "+44 20 7946 0958",
            "+44 (0)20 7946 0958",
            "07700 900123",
            "01632 960123",
            "+447700900123",
            "0044 7700 900123",
        ] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "020 7946 095",
            "120 7946 0958",
            "040 7946 0958",
            "+45 20 7946 0958",
            "07700 90012",
            "0777777777",
            "01 632960123",
            "0131324 56789",
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
