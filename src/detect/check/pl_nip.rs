//! Polish tax numbers (NIP).

use super::digits::{all_same, exact, weighted};

/// Ten digits; the last is the remainder of the others, weighted 6, 5, 7, 2 to 7, by 11. Numbers
/// that leave 10 are not given out; nor are those that begin with 0.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<10>(value) else {
        return false;
    };
    let sum = weighted(&digits, &[6, 5, 7, 2, 3, 4, 5, 6, 7]);
    digits[0] != 0 && !all_same(&digits) && sum % 11 == u32::from(digits[9])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["123-456-32-18", "8567346215", "106-00-00-062"],
            &["1234563217", "0000000000", "123456321"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "1########*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
