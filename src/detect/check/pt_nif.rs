//! Portuguese tax numbers (NIF, NIPC).

use super::digits::{exact, weighted};

/// Nine digits; the last is 11 less the remainder of the others, weighted 9 to 2, by 11, or 0. The
/// first tell who holds it; others are not given out.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<9>(value) else {
        return false;
    };
    let issued = match digits {
        [1 | 2 | 3 | 5 | 6 | 8, ..] => true,
        [4, second, ..] => second == 5,
        [7, second, ..] => matches!(second, 0..=2 | 4 | 5 | 7..=9),
        [9, second, ..] => matches!(second, 0 | 1 | 8 | 9),
        _ => false,
    };
    let rest = weighted(&digits, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest < 2 { 0 } else { 11 - rest };
    issued && check == u32::from(digits[8])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["501964843", "123456789", "501 964 843"],
            &["501964842", "001964843", "401964843", "50196484"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
