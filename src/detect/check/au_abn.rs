//! Australian business numbers (ABN).

use super::digits::{exact, weighted};

/// Eleven digits, the first not 0: with it one less, the sum is a multiple of 89.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<11>(value) else {
        return false;
    };
    // the first weighs 10
    let sum = weighted(&digits, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
    digits[0] != 0 && sum % 89 == 10
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["83 914 571 673", "51824753556", "51 824 753 556"],
            &["83914571674", "01824753556", "8391457167"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "**#########", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
