//! Identity numbers of the United Arab Emirates.

use super::digits::{exact, number};
use super::luhn;

/// Fifteen digits: the country, 784, year of birth, seven digits, and the check digit of ISO/IEC 7812-1.
pub fn passes(value: &[u8]) -> bool {
    exact::<15>(value).is_some_and(|digits| {
        digits[..3] == [7, 8, 4]
            && (1850..=2035).contains(&number(&digits[3..7]))
            && luhn::holds(&digits)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["784199012345676", "784-1985-7654321-3"],
            &[
                "784-1990-1234567-0",
                "784-2050-1234567-1",
                "785-1990-1234567-1",
            ],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "7841990#######*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
