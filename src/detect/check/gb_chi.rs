//! Scottish community health index numbers (CHI).

use super::calendar::is_ddmmyy;
use super::digits::{exact, weighted};

/// Ten digits: date of birth, three digits, and 11 less the remainder of these, weighted 10 to 2, by
/// 11, 0 for 11. Numbers that would end in 10 are not given out.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<10>(value) else {
        return false;
    };
    let sum = weighted(&digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    is_ddmmyy(&digits[..6]) && sum.is_multiple_of(11)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["0101011237", "0101011245", "0101015003"],
            &["0101011238", "0113011234", "321301123"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "DDMMYY###*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
