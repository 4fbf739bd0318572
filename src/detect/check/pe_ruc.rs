//! Peruvian tax numbers (RUC).

use super::digits::{exact, number, weighted};

/// Eleven digits: 10, 15, 16, 17 or 20, eight digits, and 11 less the remainder of these by 11, of that
/// the last digit.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<11>(value) else {
        return false;
    };
    let sum = weighted(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    matches!(number(&digits[..2]), 10 | 15..=17 | 20)
        && (11 - sum % 11) % 10 == u32::from(digits[10])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["20512333797", "20100070970"],
            &["20512333798", "30512333797", "2051233379"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
