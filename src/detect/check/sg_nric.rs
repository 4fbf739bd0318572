//! Singapore identity card and foreign identification numbers (NRIC, FIN).

use super::digits::weighted;
use super::plain;

/// A letter that tells who and when, seven digits weighted 2, 7 to 2, and a letter by 11.
pub fn passes(value: &[u8]) -> bool {
    let Some(all) = plain::plain::<9>(value) else {
        return false;
    };
    let Some(digits) = plain::digits::<7>(&all[1..8]) else {
        return false;
    };
    let (offset, letters) = match all[0] {
        b'S' => (0, b"JZIHGFEDCBA"),
        b'T' => (4, b"JZIHGFEDCBA"),
        b'F' => (0, b"XWUTRQPNMLK"),
        b'G' => (4, b"XWUTRQPNMLK"),
        b'M' => (3, b"XWUTRQPNJLK"),
        _ => return false,
    };
    let rest = (weighted(&digits, &[2, 7, 6, 5, 4, 3, 2]) + offset) % 11;
    letters[rest as usize] == all[8]
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
                "S1234567D",
                "T1234567J",
                "F1234567N",
                "G1234567X",
                "M1234567K",
                "s1234567d",
            ],
            &["S1234567E", "A1234567D", "S123456D", "M1234567L"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "S#######?", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
