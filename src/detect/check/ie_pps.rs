//! Irish personal public service numbers (PPS).

use super::digits::{number, weighted};
use super::plain;

const LETTERS: &[u8; 23] = b"WABCDEFGHIJKLMNOPQRSTUV";

/// Seven digits and a letter: the remainder, by 23, of the digits weighted 8 to 2 and, with weight
/// 9, of the second letter if there is one.
pub fn passes(value: &[u8]) -> bool {
    let (head, second) = match (plain::plain::<8>(value), plain::plain::<9>(value)) {
        (Some(eight), _) => (eight, None),
        (None, Some([head @ .., second])) => (head, Some(second)),
        _ => return false,
    };
    let second = match second {
        Some(letter @ b'A'..=b'I') => u32::from(letter - b'A') + 1,
        // of old, for wives and the like
        None | Some(b'W' | b'T' | b'X') => 0,
        _ => return false,
    };
    let Some(digits) = plain::digits::<7>(&head[..7]) else {
        return false;
    };
    let rest = (weighted(&digits, &[8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23;
    number(&digits) > 0 && LETTERS[rest as usize] == head[7]
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
                "6433435F",
                "6433435OA",
                "1234567T",
                "1234567FA",
                "1234567TW",
            ],
            &["6433435E", "6433435FA", "0000000W", "643343F"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "#######?", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
