//! Bulgarian uniform civil numbers (EGN).

use super::calendar::is_birth;
use super::digits::{exact, number, weighted};

/// Ten digits: date of birth (the month plus 20 in the 19th century, plus 40 in the 21st), a serial
/// number, and the remainder of these, weighted by powers of 2, by 11, 0 for 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<10>(value) else {
        return false;
    };
    let two = |at: usize| number(&digits[at..at + 2]);
    let (century, month) = match two(2) {
        month @ 21..=32 => (1800, month - 20),
        month @ 41..=52 => (2000, month - 40),
        month => (1900, month),
    };
    let rest = weighted(&digits, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
    is_birth(century + two(0), month, two(4)) && rest == u32::from(digits[9])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["7523169263", "8032056031", "8001010008", "7501020018"],
            &["7523169264", "8013010008", "8001320008", "800101000"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
