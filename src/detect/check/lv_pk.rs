//! Latvian numbers of persons (personas kods).

use super::calendar::is_birth;
use super::digits::{exact, number, weighted};

/// Eleven digits: date of birth, century, a serial number and a check digit by 11; or, since 2017,
/// 32 and digits that tell nothing.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<11>(value) else {
        return false;
    };
    let two = |at: usize| number(&digits[at..at + 2]);
    let born = match digits[6] {
        century @ 0..=2 => is_birth(1800 + 100 * u32::from(century) + two(4), two(2), two(0)),
        _ => false,
    };
    let sum = 1 + weighted(&digits, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9]);
    (born || two(0) == 32) && sum % 11 % 10 == u32::from(digits[10])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["161175-19997", "16117519997", "32867300679"],
            &[
                "161175-19998",
                "161375-19997",
                "161175-39997",
                "16117519997 1",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
