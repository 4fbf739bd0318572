//! Russian tax numbers (ИНН).

use super::digits::{Digits, all_same, number, weighted};

const WEIGHTS: [u8; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

/// Ten digits of a company, the last the remainder of the others by 11, 0 for 10; or twelve of a
/// person, the last two likewise. They begin with the region, from 01.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    // each digit checks all those before it
    let checks = |at: usize| {
        all.get(at).is_some_and(|check| {
            let sum = weighted(&all[..at], &WEIGHTS[WEIGHTS.len() - at..]);
            sum % 11 % 10 == u32::from(*check)
        })
    };
    let valid = match all.len() {
        10 => checks(9),
        12 => checks(10) && checks(11),
        _ => false,
    };
    valid && number(&all[..2]) > 0 && !all_same(all)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["7707083893", "500100732259", "123456789047"],
            &[
                "7707083894",
                "500100732258",
                "500100732269",
                "0000000000",
                "770708389",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
