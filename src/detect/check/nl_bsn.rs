//! Dutch citizen service numbers (BSN).

use super::digits::{all_same, exact, weighted};

/// Nine digits, weighted 9 to 2 and the last by -1: the sum is a multiple of 11.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<9>(value) else {
        return false;
    };
    let sum = weighted(&digits, &[9, 8, 7, 6, 5, 4, 3, 2]);
    !all_same(&digits) && sum % 11 == u32::from(digits[8])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["111222333", "123456782", "1112.22.333"],
            &["111222334", "000000000", "11122233"],
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
