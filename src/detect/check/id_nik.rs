//! Indonesian identity numbers (NIK).

use super::calendar::is_ddmmyy;
use super::digits::{exact, number};

/// Sixteen digits: province, regency, district, date of birth (the day plus 40 for women), serial
/// number from 0001. There is no check digit.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<16>(value) else {
        return false;
    };
    let two = |at: usize| number(&digits[at..at + 2]);
    let mut date: [u8; 6] = [0; 6];
    date.copy_from_slice(&digits[6..12]);
    if date[0] >= 4 {
        date[0] -= 4;
    }
    matches!(two(0), 11..=19 | 21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81 | 82 | 91..=97)
        && two(2) != 0
        && two(4) != 0
        && is_ddmmyy(&date)
        && digits[12..] != [0; 4]
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["3171011708450001", "3171015708450001"],
            &[
                "3171013213450001",
                "3171017208450001",
                "1001011708450001",
                "3171011708450000",
                "3100011708450001",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
