//! Uruguayan identity card numbers.

use super::digits::{Digits, all_same, weighted};

/// Seven or eight digits; the last makes the sum, weighted 2, 9, 8, 7, 6, 3, 4, a multiple of 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    let weights: &[u8] = match all.len() {
        7 => &[9, 8, 7, 6, 3, 4, 1],
        8 => &[2, 9, 8, 7, 6, 3, 4, 1],
        _ => return false,
    };
    !all_same(all) && weighted(all, weights).is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["12345672", "1.234.567-2", "7654323"],
            &["1.234.567-3", "00000000", "123456"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
