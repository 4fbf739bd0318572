//! Telephone numbers of Brazil: two-digit area, then eight digits (fixed) or nine (mobile).

use super::digits::all_same;
use super::phone::National;

/// Areas in use; fixed numbers begin with 2 to 5, mobile ones with 9. The trunk prefix 0 may stand
/// before the area.
pub fn passes(value: &[u8]) -> bool {
    let Some(number) = National::of(value, b"55") else {
        return false;
    };
    let digits = match number.as_slice() {
        [0, rest @ ..] => rest,
        // the country code without a plus: 55 is an area as well, so the length decides
        [5, 5, rest @ ..] if rest.len() >= 10 => rest,
        all => all,
    };
    let [tens, units, rest @ ..] = digits else {
        return false;
    };
    let area = match tens {
        1 | 4 | 6 | 8 | 9 => *units != 0,
        2 => matches!(units, 1 | 2 | 4 | 7 | 8),
        3 => matches!(units, 1..=5 | 7 | 8),
        5 => matches!(units, 1 | 3..=5),
        7 => matches!(units, 1 | 3..=5 | 7..=9),
        _ => false,
    };
    let subscriber = match rest {
        [2..=5, others @ ..] => others.len() == 7,
        [9, others @ ..] => others.len() == 8,
        _ => false,
    };
    area && subscriber && !all_same(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn plan() {
        for number in [
            "(11) 91234-5678",
            "+55 11 91234-5678",
            "5511912345678",
            "+551132345678",
            "(21) 2345-6789",
            "011 3234-5678",
        ] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "(20) 91234-5678",
            "(11) 81234-5678",
            "(11) 1234-5678",
            "+54 11 91234-5678",
            "1700000000",
            "(11) 9123-5678",
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
