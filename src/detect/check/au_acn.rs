//! Australian company numbers (ACN).

use super::digits::{all_same, exact, weighted};

/// Nine digits; the last makes the sum, weighted 8 to 1, a multiple of 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<9>(value) else {
        return false;
    };
    let sum = weighted(&digits, &[8, 7, 6, 5, 4, 3, 2, 1, 1]);
    !all_same(&digits) && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["004 085 616", "004085616", "000 000 019"],
            &["004085617", "000000000", "00408561"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
