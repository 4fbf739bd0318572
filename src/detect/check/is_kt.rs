//! Icelandic identity numbers (kennitala).

use super::calendar::is_birth;
use super::digits::{exact, number, weighted};

/// Ten digits: date of birth (the day plus 40 for companies), a number from 20, a check digit by 11,
/// and the century: 8, 9 or 0.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<10>(value) else {
        return false;
    };
    let two = |at: usize| number(&digits[at..at + 2]);
    let day = match two(0) {
        day @ 41..=71 => day - 40,
        day => day,
    };
    let century = match digits[9] {
        8 => 1800,
        9 => 1900,
        0 => 2000,
        _ => return false,
    };
    let sum = weighted(&digits, &[3, 2, 7, 6, 5, 4, 3, 2, 1]);
    is_birth(century + two(4), two(2), day) && sum.is_multiple_of(11)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["450401-3150", "120174-3399", "1201743399"],
            &["320174-3399", "121374-3399", "120174-3389", "120174-3393"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "DDMMYY2#*9", &[9]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
