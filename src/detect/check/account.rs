//! Veto for account numbers without a check digit: filler and points in time.

use super::digits::{Digits, all_same};

/// Not one digit repeated, not milliseconds since the epoch (2014 to 2033), and not a date and time
/// in fourteen digits or seventeen.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    !all.is_empty() && !all_same(all) && !epoch_millis(&digits) && !date_time(&digits)
}

fn epoch_millis(digits: &Digits) -> bool {
    digits.as_slice().len() == 13
        && digits
            .number(0..13)
            .is_some_and(|n| (1_400_000_000_000..2_000_000_000_000).contains(&n))
}

fn date_time(digits: &Digits) -> bool {
    let part = |range| digits.number(range).unwrap_or(u64::MAX);
    matches!(digits.as_slice().len(), 14 | 17)
        && (1990..2050).contains(&part(0..4))
        && (1..=12).contains(&part(4..6))
        && (1..=31).contains(&part(6..8))
        && part(8..10) < 24
        && part(10..12) < 60
        && part(12..14) < 61
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vetoes() {
        for number in [
            "000123456789",
            "20240230",
            "1234567890123",
            "20241501120000",
        ] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "0000000000",
            "1700000000000",
            "20240501120000",
            "20240501120000123",
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
