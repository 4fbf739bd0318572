//! German health insurance numbers (Krankenversichertennummer).

use super::plain;

/// A letter, eight digits, and the sums of the digits' products with 1 and 2 by turns, by 10, where the
/// letter counts as two digits.
pub fn passes(value: &[u8]) -> bool {
    let Some(all) = plain::plain::<10>(value) else {
        return false;
    };
    let (letter @ b'A'..=b'Z', Some([digits @ .., check])) =
        (all[0], plain::digits::<9>(&all[1..]))
    else {
        return false;
    };
    let place = letter - b'A' + 1;
    let mut sum = 0;
    for (at, digit) in [place / 10, place % 10].iter().chain(&digits).enumerate() {
        let product = digit * (1 + at as u8 % 2);
        sum += product / 10 + product % 10;
    }
    digits != [0; 8] && sum % 10 == check
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["A123456780", "a123456780", "T010000004"],
            &["A123456781", "1123456780", "A12345678", "A000000002"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "A#######**", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
