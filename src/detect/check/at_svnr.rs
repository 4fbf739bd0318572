//! Austrian social insurance numbers.

use super::calendar::is_birth_of_century;
use super::digits::{exact, number, weighted};

/// Ten digits: serial number from 100, check digit, date of birth; months 13 to 15 go on where the
/// numbers of a day were spent. The check digit is the remainder of the others by 11; numbers that
/// leave 10 are not given out.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<10>(value) else {
        return false;
    };
    let two = |at: usize| number(&digits[at..at + 2]);
    let born = match two(6) {
        13..=15 => (1..=31).contains(&two(4)),
        month => is_birth_of_century(two(8), month, two(4)),
    };
    let sum = weighted(&digits, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]);
    digits[0] != 0 && born && sum % 11 == u32::from(digits[3])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["1237 010180", "1237010180"],
            &["2237010180", "1237013280", "0237010180", "123701018"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "1##*DDMMYY", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
