//! Swiss social insurance numbers (AHV, AVS).

use super::digits::{all_same, exact, weighted};

/// Thirteen digits that begin with the country, 756, and end in the check digit of GS1.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<13>(value) else {
        return false;
    };
    let sum = weighted(&digits, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]);
    digits[..3] == [7, 5, 6] && !all_same(&digits[3..12]) && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["756.9217.0769.85", "7569217076985", "756.1234.5678.97"],
            &["756.9217.0769.84", "757.9217.0769.82", "756.0000.0000.02"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "756#########*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
