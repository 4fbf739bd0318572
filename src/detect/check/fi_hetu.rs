//! Finnish personal identity codes (henkilötunnus).

use super::calendar::is_birth;
use super::digits::number;
use super::plain;

const CHARACTERS: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";

/// Date of birth, a sign that tells the century, a number from 002, and a character that tells the
/// remainder of both by 31.
pub fn passes(value: &[u8]) -> bool {
    let [date @ .., sign, a, b, c, check] = value else {
        return false;
    };
    let (Some(date), Some(serial)) = (plain::digits::<6>(date), plain::digits::<3>(&[*a, *b, *c]))
    else {
        return false;
    };
    let century = match sign.to_ascii_uppercase() {
        b'+' => 1800,
        b'-' | b'U'..=b'Y' => 1900,
        b'A'..=b'F' => 2000,
        _ => return false,
    };
    let two = |at: usize| number(&date[at..at + 2]);
    let rest = (number(&date) * 1000 + number(&serial)) % 31;
    is_birth(century + two(4), two(2), two(0))
        && number(&serial) >= 2
        && CHARACTERS.get(rest as usize) == Some(&check.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["131052-308T", "131052-308t", "311280-888Y", "010101A0101"],
            &["131052-308U", "131352-308T", "131052308T", "131052-001K"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "DDMMYY-1##?", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
