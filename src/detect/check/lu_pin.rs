//! Luxembourg national identification numbers.

use super::calendar::is_yyyymmdd;
use super::digits::exact;
use super::{luhn, verhoeff};

/// Thirteen digits: date of birth, a serial number, and two check digits over these: of ISO/IEC
/// 7812-1 and of Verhoeff.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<13>(value) else {
        return false;
    };
    let [head @ .., last] = digits;
    let mut twelve = head;
    twelve[11] = last;
    is_yyyymmdd(&digits[..8]) && luhn::holds(&head) && verhoeff::holds(&twelve)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["1893120105732", "18931201 05732"],
            &[
                "1893120105733",
                "1893120105742",
                "1893130105732",
                "189312010573",
            ],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "19YYMMDD###**", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
