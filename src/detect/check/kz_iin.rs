//! Kazakh identification numbers of persons (ИИН).

use super::calendar::is_birth;
use super::digits::{exact, number, weighted};

/// Twelve digits: date of birth, sex and century, four digits, and the remainder of these by 11; where
/// it is 10, with other weights; where it is 10 again, none is given out.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<12>(value) else {
        return false;
    };
    let century = match digits[6] {
        1 | 2 => 1800,
        3 | 4 => 1900,
        5 | 6 => 2000,
        _ => return false,
    };
    let two = |at: usize| number(&digits[at..at + 2]);
    let check = match weighted(&digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11 {
        10 => weighted(&digits, &[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11,
        check => check,
    };
    is_birth(century + two(0), two(2), two(4)) && check == u32::from(digits[11])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["801231300125", "801231300343", "801231300561"],
            &["801231300121", "801331300120", "801231900120"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
