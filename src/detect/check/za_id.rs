//! South African identity numbers.

use super::calendar::is_yymmdd;
use super::digits::exact;
use super::luhn;

/// Thirteen digits: date of birth, serial number, 0 for citizens, 1 for residents, 2 for refugees, a
/// digit, and the check digit of ISO/IEC 7812-1.
pub fn passes(value: &[u8]) -> bool {
    exact::<13>(value)
        .is_some_and(|digits| is_yymmdd(&digits[..6]) && digits[10] <= 2 && luhn::holds(&digits))
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["7503305044089", "800101 5009 087"],
            &["7503305044088", "7513305044089", "8001015009335"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "YYMMDD####08*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
