//! Kuwaiti civil numbers.

use super::calendar::is_birth;
use super::digits::{exact, number, weighted};

/// Twelve digits: century (1 to 3), date of birth, serial number, and 11 less the remainder of these by
/// 11. Numbers that would end in 10 or 11 are not given out.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<12>(value) else {
        return false;
    };
    let two = |at: usize| number(&digits[at..at + 2]);
    let born = (1..=3).contains(&digits[0])
        && is_birth(1700 + 100 * u32::from(digits[0]) + two(1), two(3), two(5));
    let sum = weighted(&digits, &[2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    born && 11 - sum % 11 == u32::from(digits[11])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["290010112346", "290010112354", "290010111116"],
            &["290010112340", "290130112345", "490010112345"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "2YYMMDD####*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
