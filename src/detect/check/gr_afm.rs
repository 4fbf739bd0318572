//! Greek tax numbers (AFM).

use super::digits::{all_same, exact, weighted};

/// Nine digits; the last is the remainder of the others, weighted by powers of 2 from the right, by
/// 11, 0 for 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<9>(value) else {
        return false;
    };
    // the weights are twice these
    let half = weighted(&digits, &[128, 64, 32, 16, 8, 4, 2, 1]);
    !all_same(&digits) && 2 * half % 11 % 10 == u32::from(digits[8])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["094259216", "123456783"],
            &["094259217", "000000000", "09425921"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
