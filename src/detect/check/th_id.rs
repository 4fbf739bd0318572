//! Thai identity numbers.

use super::digits::{all_same, exact, weighted};

/// Thirteen digits, the first 1 to 8; the last is 11 less the remainder of the others, weighted 13 to
/// 2, by 11, and of that the last digit.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<13>(value) else {
        return false;
    };
    let sum = weighted(&digits, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    (1..=8).contains(&digits[0])
        && !all_same(&digits)
        && (11 - sum % 11) % 10 == u32::from(digits[12])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["1-2345-45678-78-1", "1234545678781"],
            &["1-2345-45678-78-2", "0234545678781", "111111111111"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
