//! Hong Kong identity card numbers.

use super::plain;

/// One or two letters, six digits, and a digit or A that makes the sum, weighted 9 to 1, a multiple of
/// 11. Letters count from 10; a missing one counts 36.
pub fn passes(value: &[u8]) -> bool {
    let (first, seven) = match (plain::plain::<8>(value), plain::plain::<9>(value)) {
        (Some(eight), _) => (36, eight),
        (None, Some([first @ b'A'..=b'Z', rest @ ..])) => (u32::from(first - b'A') + 10, rest),
        _ => return false,
    };
    let [letter @ b'A'..=b'Z', digits @ .., check] = seven else {
        return false;
    };
    let Some(digits) = plain::digits::<6>(&digits) else {
        return false;
    };
    let check = match check {
        b'A' => 10,
        b'0'..=b'9' => u32::from(check - b'0'),
        _ => return false,
    };
    let sum = 9 * first
        + 8 * (u32::from(letter - b'A') + 10)
        + super::digits::weighted(&digits, &[7, 6, 5, 4, 3, 2])
        + check;
    digits != [0; 6] && sum.is_multiple_of(11)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &[
                "A123456(3)",
                "A1234563",
                "AB987654(3)",
                "G123456(A)",
                "C668668(9)",
            ],
            &["A123456(4)", "1123456(3)", "A12345(3)", "A000000(6)"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "A######?", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
