//! Australian Medicare card numbers.

use super::digits::{Digits, weighted};

/// Ten digits, or eleven with the person's place on the card: the first 2 to 6, the ninth the sum of
/// the first eight, weighted 1, 3, 7, 9, by 10, and the tenth the issue, from 1.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    let sum = weighted(all, &[1, 3, 7, 9, 1, 3, 7, 9]);
    matches!(all, [2..=6, _, _, _, _, _, _, _, check, 1..=9, person @ ..]
        if sum % 10 == u32::from(*check) && matches!(person, [] | [1..=9]))
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["2123 45670 1", "2123456701", "29505012411", "2950 50124 1"],
            &["2123456711", "7123456701", "2123456700", "212345670"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "3#######*1", &[9]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
