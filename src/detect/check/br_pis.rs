//! Brazilian numbers of social programmes (PIS, PASEP, NIS, NIT).

use super::digits::{all_same, exact, weighted};

/// Eleven digits; the last is 11 less the remainder of the others by 11, or 0.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<11>(value) else {
        return false;
    };
    let rest = weighted(&digits, &[3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest < 2 { 0 } else { 11 - rest };
    !all_same(&digits) && check == u32::from(digits[10])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["12056412545", "120.56412.54-5"],
            &["120.56412.54-8", "00000000000", "1205641254"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
