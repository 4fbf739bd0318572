//! Norwegian birth numbers (fødselsnummer), D numbers and their test populations.

use super::calendar::is_birth;
use super::digits::{exact, number, weighted};

/// Eleven digits: date of birth (the day plus 40 in D numbers, the month plus 40 or 80 in test
/// populations), three digits that tell the century, and two check digits by 11.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<11>(value) else {
        return false;
    };
    let two = |at: usize| number(&digits[at..at + 2]);
    let day = match two(0) {
        day @ 41..=71 => day - 40,
        day => day,
    };
    let month = match two(2) {
        month @ 41..=52 => month - 40,
        month @ 81..=92 => month - 80,
        month => month,
    };
    let year = two(4);
    let century = match (number(&digits[6..9]), year) {
        (0..=499, _) | (900..=999, 40..) => 1900,
        (500..=999, 0..=39) => 2000,
        (500..=749, 54..) => 1800,
        _ => return false,
    };
    is_birth(century + year, month, day)
        && weighted(&digits, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && weighted(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["15108695088", "151086 95088", "13097248022"],
            &["15108695077", "15138695088", "00000000000"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "DDMMYY1##**", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
