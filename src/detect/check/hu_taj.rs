//! Hungarian social insurance numbers (TAJ).

use super::digits::{all_same, exact, weighted};

/// Nine digits; the last is the sum of the others, weighted 3 and 7 by turns, by 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<9>(value) else {
        return false;
    };
    let sum = weighted(&digits, &[3, 7, 3, 7, 3, 7, 3, 7]);
    !all_same(&digits) && sum % 10 == u32::from(digits[8])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["123 456 788", "123456788"],
            &["123456789", "000000000", "12345678"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "########*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
