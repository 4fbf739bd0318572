//! Chinese resident identity numbers.

use super::calendar::is_yyyymmdd;
use super::digits::{number, weighted};
use super::plain;

const CHARACTERS: &[u8; 11] = b"10X98765432";

/// Eighteen characters: region, date of birth, serial number, and a digit or X by ISO 7064, mod 11-2.
pub fn passes(value: &[u8]) -> bool {
    let Some(all) = plain::plain::<18>(value) else {
        return false;
    };
    let Some(digits) = plain::digits::<17>(&all[..17]) else {
        return false;
    };
    let sum = weighted(
        &digits,
        &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2],
    );
    matches!(number(&digits[..2]), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
        && is_yyyymmdd(&digits[6..14])
        && CHARACTERS[(sum % 11) as usize] == all[17]
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &[
                "11010519491231002X",
                "11010519491231002x",
                "360426199101010071",
            ],
            &[
                "110105194912310021",
                "99010519491231002X",
                "11010519491331002X",
                "1101051949123100",
            ],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "11010519YYMMDD###?", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
