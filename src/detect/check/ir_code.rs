//! Iranian national codes.

use super::digits::{all_same, exact, weighted};

/// Ten digits; the last is the remainder of the others, weighted 10 to 2, by 11, or, from 2 on, 11 less
/// it.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<10>(value) else {
        return false;
    };
    let rest = weighted(&digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest < 2 { rest } else { 11 - rest };
    !all_same(&digits) && check == u32::from(digits[9])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["0499370899", "0084575948"],
            &["0499370898", "0000000000", "049937089"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
