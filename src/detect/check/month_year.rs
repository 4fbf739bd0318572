//! Month and year of a card's expiry.

/// Years on cards that may still be met, last two digits.
const YEARS: std::ops::RangeInclusive<u32> = 10..=49;

/// Up to two numbers, perhaps with the name of a month: `02/26`, `02/2026`, `Feb 2026`, `26-Feb`,
/// or a month or a year alone. Months are 1 to 12, years 2010 to 2049.
pub fn passes(value: &[u8]) -> bool {
    let named = value.iter().any(u8::is_ascii_alphabetic);
    let mut numbers = value
        .split(|b| !b.is_ascii_digit())
        .filter(|part| !part.is_empty());
    let (Some(first), second, None) = (numbers.next(), numbers.next(), numbers.next()) else {
        return false;
    };
    match (second, named) {
        (None, true) => year(first),
        (None, false) => month(first) || year(first),
        (Some(second), false) => month(first) && year(second),
        (Some(_), true) => false,
    }
}

fn number(part: &[u8]) -> Option<u32> {
    if part.len() > 4 {
        return None;
    }
    Some(part.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0')))
}

fn month(part: &[u8]) -> bool {
    part.len() <= 2 && number(part).is_some_and(|n| (1..=12).contains(&n))
}

fn year(part: &[u8]) -> bool {
    match (part.len(), number(part)) {
        (2, Some(n)) => YEARS.contains(&n),
        (4, Some(n)) => n >= 2000 && YEARS.contains(&(n - 2000)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn dates() {
        for date in [
            "02/26", "02/2026", "12-49", "Feb 2026", "26-Feb", "Feb '26", "02", "2026",
        ] {
            assert!(passes(date.as_bytes()), "{date}");
        }
        for date in [
            "13/26", "00/26", "02/09", "02/1999", "Feb 1999", "02/26/26", "Feb", "9999", "",
        ] {
            assert!(!passes(date.as_bytes()), "{date}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
