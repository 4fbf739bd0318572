//! Taiwanese identity numbers, of citizens and residents.

use super::digits::weighted;
use super::plain;

/// What each letter counts for, from A.
const LETTERS: [u32; 26] = [
    10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30,
    31, 33,
];

/// A letter, sex (1, 2; 8, 9 for residents), seven digits and one that makes the sum a multiple of 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(all) = plain::plain::<10>(value) else {
        return false;
    };
    let (letter @ b'A'..=b'Z', Some(digits)) = (all[0], plain::digits::<9>(&all[1..])) else {
        return false;
    };
    let letter = LETTERS[usize::from(letter - b'A')];
    let sum = letter / 10 + letter % 10 * 9 + weighted(&digits, &[8, 7, 6, 5, 4, 3, 2, 1, 1]);
    matches!(digits[0], 1 | 2 | 8 | 9) && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["A123456789", "A800000014"],
            &["A123456788", "A323456789", "1123456789", "A12345678"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
