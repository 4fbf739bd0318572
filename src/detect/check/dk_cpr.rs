//! Danish numbers of persons (CPR).

use super::calendar::is_birth;
use super::digits::{exact, number};

/// Ten digits: date of birth and four more, of which the first tells the century. The check digit
/// by 11 of old is not asked for: numbers without it are given out since 2007.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<10>(value) else {
        return false;
    };
    let two = |at: usize| number(&digits[at..at + 2]);
    let year = two(4);
    let century = match (digits[6], year) {
        (0..=3, _) | (4 | 9, 37..) => 1900,
        (5..=8, 58..) => 1800,
        _ => 2000,
    };
    is_birth(century + year, two(2), two(0))
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["211062-5629", "2110625629", "010111-1113", "290200-4005"],
            &[
                "321062-5629",
                "211362-5629",
                "290201-4005",
                "211045-5629",
                "211062-562",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
