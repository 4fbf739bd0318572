//! German pension insurance numbers (Rentenversicherungsnummer).

use super::calendar::is_ddmmyy;
use super::plain;

/// Twelve characters: two digits of the insurer, date of birth, the letter of the name at birth, a
/// serial number, and a check digit: the sums of the digits' products with 2, 1, 2, 5, 7, 1, 2, 1, 2,
/// 1, 2, 1, by 10, where the letter counts as two digits.
pub fn passes(value: &[u8]) -> bool {
    let Some(all) = plain::plain::<12>(value) else {
        return false;
    };
    let (Some(head), letter @ b'A'..=b'Z', Some([serial @ .., check])) = (
        plain::digits::<8>(&all[..8]),
        all[8],
        plain::digits::<3>(&all[9..]),
    ) else {
        return false;
    };
    let place = letter - b'A' + 1;
    let letter = [place / 10, place % 10];
    let mut sum = 0;
    let twelve = head.iter().chain(&letter).chain(&serial).copied();
    for (digit, weight) in twelve.zip([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) {
        let product = digit * weight;
        sum += product / 10 + product % 10;
    }
    let mut date = [0; 6];
    date.copy_from_slice(&head[2..]);
    // the day plus 50, where the numbers of a day were spent
    if date[0] >= 5 {
        date[0] -= 5;
    }
    head[..2] != [0, 0] && is_ddmmyy(&date) && sum % 10 == check
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["15 070649 C 10 3", "15070649C103", "65170839J003"],
            &[
                "15 070649 C 10 4",
                "15 071349 C 10 3",
                "15070649C1037",
                "000706490103",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
