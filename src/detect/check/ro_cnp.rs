//! Romanian numbers of persons (CNP).

use super::calendar::{is_birth, is_yymmdd};
use super::digits::{exact, number, weighted};

/// Thirteen digits: sex and century, date of birth, county, serial number from 001, and the
/// remainder of all these by 11, 1 for 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<13>(value) else {
        return false;
    };
    let two = |at: usize| number(&digits[at..at + 2]);
    let born = |century: u32| is_birth(century + two(1), two(3), two(5));
    let date = match digits[0] {
        1 | 2 => born(1900),
        3 | 4 => born(1800),
        5 | 6 => born(2000),
        // residents: no century
        7..=9 => is_yymmdd(&digits[1..7]),
        _ => false,
    };
    let rest = weighted(&digits, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    let check = if rest == 10 { 1 } else { rest };
    date && matches!(two(7), 1..=48 | 51 | 52 | 70)
        && digits[9..12] != [0, 0, 0]
        && check == u32::from(digits[12])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["1630615123457", "1800101221144"],
            &[
                "1630615123458",
                "1631315123457",
                "1630615993457",
                "1630615120007",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
