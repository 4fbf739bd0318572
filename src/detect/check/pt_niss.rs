//! Portuguese social security numbers (NISS).

use super::digits::{exact, weighted};

/// Eleven digits, the first 1 or 2; the last is 9 less the remainder of the others, weighted by the
/// primes from 29 down, by 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<11>(value) else {
        return false;
    };
    let sum = weighted(&digits, &[29, 23, 19, 17, 13, 11, 7, 5, 3, 2]);
    matches!(digits[0], 1 | 2) && 9 - sum % 10 == u32::from(digits[10])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["11111111110"],
            &["11223344556", "31111111110", "1111111111"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
