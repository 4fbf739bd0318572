//! South Korean resident registration numbers, and those of foreigners.

use super::calendar::is_birth;
use super::digits::{exact, number, weighted};

/// Thirteen digits: date of birth, sex and century, five more, and a check digit by 11. Numbers given
/// since October 2020 have none: it is not asked for of those born later.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<13>(value) else {
        return false;
    };
    let century = match digits[6] {
        1 | 2 | 5 | 6 => 1900,
        3 | 4 | 7 | 8 => 2000,
        _ => 1800,
    };
    let two = |at: usize| number(&digits[at..at + 2]);
    let (year, month) = (century + two(0), two(2));
    let sum = weighted(&digits, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    is_birth(year, month, two(4))
        && ((year, month) >= (2020, 10) || (11 - sum % 11) % 10 == u32::from(digits[12]))
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["971013-9019902", "211108-4123456"],
            &["971013-9019903", "971313-9019902", "210230-4123456"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
