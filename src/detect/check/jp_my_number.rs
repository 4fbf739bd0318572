//! Japanese individual numbers (My Number).

use super::digits::{all_same, exact, weighted};

/// Twelve digits; the last is 11 less the remainder of the others by 11, or 0.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<12>(value) else {
        return false;
    };
    let rest = weighted(&digits, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest < 2 { 0 } else { 11 - rest };
    !all_same(&digits) && check == u32::from(digits[11])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["123456789018", "1234 5678 9018"],
            &["123456789019", "000000000000", "12345678901"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
