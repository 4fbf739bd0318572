//! Dates inside numbers of persons.

use super::digits::number;

/// Years of birth that a number may hold: registers begin with people born about then, and the last
/// years leave room for numbers that are given out while this program is in use.
const YEARS: std::ops::RangeInclusive<u32> = 1850..=2035;

/// A day on which a person may have been born.
pub fn is_birth(year: u32, month: u32, day: u32) -> bool {
    YEARS.contains(&year) && (1..=last_day(year, month)).contains(&day)
}

/// As [`is_birth`], where the number tells two digits of the year: some century makes it a day.
pub fn is_birth_of_century(year: u32, month: u32, day: u32) -> bool {
    [1800, 1900, 2000]
        .into_iter()
        .any(|century| is_birth(century + year, month, day))
}

/// As [`is_birth_of_century`], of six digits in the order year, month, day.
pub fn is_yymmdd(digits: &[u8]) -> bool {
    matches!(digits, [a, b, c, d, e, f]
        if is_birth_of_century(number(&[*a, *b]), number(&[*c, *d]), number(&[*e, *f])))
}

/// As [`is_birth_of_century`], of six digits in the order day, month, year.
pub fn is_ddmmyy(digits: &[u8]) -> bool {
    matches!(digits, [a, b, c, d, e, f]
        if is_birth_of_century(number(&[*e, *f]), number(&[*c, *d]), number(&[*a, *b])))
}

/// As [`is_birth`], of eight digits in the order year, month, day.
pub fn is_yyyymmdd(digits: &[u8]) -> bool {
    digits.len() == 8
        && is_birth(
            number(&digits[..4]),
            number(&digits[4..6]),
            number(&digits[6..]),
        )
}

/// The last day of a month; 0 where there is no such month.
fn last_day(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar() {
        for (year, month, day) in [
            (1900, 2, 28),
            (2000, 2, 29),
            (2004, 2, 29),
            (1999, 12, 31),
            (2035, 1, 1),
        ] {
            assert!(is_birth(year, month, day), "{year}-{month}-{day}");
        }
        for (year, month, day) in [
            (1900, 2, 29),
            (2001, 2, 29),
            (1999, 13, 1),
            (1999, 0, 1),
            (1999, 4, 31),
            (1999, 4, 0),
            (2036, 1, 1),
            (1849, 12, 31),
        ] {
            assert!(!is_birth(year, month, day), "{year}-{month}-{day}");
        }
    }

    #[test]
    fn dates_in_digits() {
        assert!(is_yymmdd(&[0, 0, 0, 2, 2, 9]));
        assert!(!is_yymmdd(&[0, 1, 0, 2, 2, 9]));
        assert!(is_ddmmyy(&[2, 9, 0, 2, 0, 0]));
        assert!(!is_ddmmyy(&[3, 2, 0, 1, 8, 0]));
        assert!(is_yyyymmdd(&[1, 9, 8, 0, 1, 2, 3, 1]));
        assert!(!is_yyyymmdd(&[1, 9, 8, 0, 1, 3, 3, 1]));
        assert!(!is_yyyymmdd(&[1, 9, 8]));
    }
}
