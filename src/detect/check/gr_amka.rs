//! Greek social security numbers (AMKA).

use super::calendar::is_ddmmyy;
use super::digits::exact;
use super::luhn;

/// Eleven digits: date of birth, a serial number, and the check digit of ISO/IEC 7812-1.
pub fn passes(value: &[u8]) -> bool {
    exact::<11>(value).is_some_and(|digits| is_ddmmyy(&digits[..6]) && luhn::holds(&digits))
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["01013099997", "010130 99997"],
            &["01013099998", "01133099997", "0101309999"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "DDMMYY####*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
