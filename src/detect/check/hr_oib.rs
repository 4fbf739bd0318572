//! Croatian numbers of persons and companies (OIB).

use super::digits::{all_same, exact};
use super::mod_11_10;

/// Eleven digits, the last by ISO 7064, mod 11,10.
pub fn passes(value: &[u8]) -> bool {
    exact::<11>(value).is_some_and(|digits| !all_same(&digits) && mod_11_10::holds(&digits))
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["33392005961", "69435151530"],
            &["33392005962", "11111111111", "3339200596"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "##########*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
