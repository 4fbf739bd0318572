//! Portuguese citizen card numbers.

use super::digits::weighted;
use super::plain::{digits, plain};

/// Eight digits of the civil number and their check digit, two letters or digits of the card, and a
/// check digit of the whole: with every second character from the first doubled, less 9 from 10 on,
/// the sum is a multiple of 10. The civil number's own, weighted 9 to 1, is one of 11; 0 stands for 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(all) = plain::<12>(value) else {
        return false;
    };
    let (Some(civil), true) = (digits::<9>(&all[..9]), all[11].is_ascii_digit()) else {
        return false;
    };
    let sum: u32 = all
        .iter()
        .enumerate()
        .map(|(at, b)| {
            let number = match b {
                b'0'..=b'9' => u32::from(b - b'0'),
                _ => u32::from(b - b'A') + 10,
            };
            match (at % 2, number) {
                (0, 0..=4) => number * 2,
                (0, _) => number * 2 - 9,
                _ => number,
            }
        })
        .sum();
    let rest = weighted(&civil, &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11;
    let ten = civil[8] == 0 && rest == 1;
    sum.is_multiple_of(10) && (rest == 0 || ten)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["00000000 0 ZZ4", "000000000ZZ4"],
            &["00000000 0 ZZ3", "00000000 A ZZ4", "00000000 1 ZZ4"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
