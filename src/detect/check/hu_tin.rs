//! Hungarian tax numbers of persons (adóazonosító jel).

use super::digits::{exact, number, weighted};

/// Days from the first day of 1867 to that of birth, until 2035.
const BORN: std::ops::RangeInclusive<u32> = 1..=61_725;

/// Ten digits: an 8, the day of birth, a serial number, and the remainder of these, weighted by
/// their places, by 11. Numbers that leave 10 are not given out.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<10>(value) else {
        return false;
    };
    let sum = weighted(&digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
    digits[0] == 8 && BORN.contains(&number(&digits[1..6])) && sum % 11 == u32::from(digits[9])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["8071592153", "8410160099", "8385412344"],
            &["8071592154", "9071592153", "807159215"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "84#######*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
