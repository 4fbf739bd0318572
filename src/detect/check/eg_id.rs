//! Egyptian national identity numbers.

use super::calendar::is_birth;
use super::digits::{exact, number};

/// Fourteen digits: century (2, 3), date of birth, governorate, serial number, and a check digit whose
/// rule is not published.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<14>(value) else {
        return false;
    };
    let two = |at: usize| number(&digits[at..at + 2]);
    let century = match digits[0] {
        2 => 1900,
        3 => 2000,
        _ => return false,
    };
    is_birth(century + two(1), two(3), two(5))
        && matches!(two(7), 1..=4 | 11..=19 | 21..=29 | 31..=35 | 88)
        && digits[9..13] != [0; 4]
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["29001011234567", "30512312101238"],
            &[
                "29013011234567",
                "49001011234567",
                "29001015034567",
                "2900101123456",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
