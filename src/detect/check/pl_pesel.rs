//! Polish numbers of persons (PESEL).

use super::calendar::is_birth;
use super::digits::{exact, number, weighted};

/// Eleven digits: date of birth, the month plus 20, 40, 60 or 80 in other centuries than the 20th;
/// the last makes the sum, weighted 1, 3, 7, 9 by turns, a multiple of 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<11>(value) else {
        return false;
    };
    let month = number(&digits[2..4]);
    let century = match month / 20 {
        0 => 1900,
        1 => 2000,
        4 => 1800,
        // not yet
        _ => return false,
    };
    is_birth(
        century + number(&digits[..2]),
        month % 20,
        number(&digits[4..6]),
    ) && weighted(&digits, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["44051401359", "02070803628"],
            &["44051401358", "44131401359", "44051401350"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "YYMMDD####*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
