//! Swedish numbers of persons (personnummer, samordningsnummer).

use super::calendar::{is_birth, is_birth_of_century};
use super::digits::{Digits, number};
use super::luhn;

/// Ten digits, or twelve with the century: date of birth (the day plus 60 in coordination numbers),
/// serial number from 001, and the check digit of ISO/IEC 7812-1 over the ten.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let (century, ten) = match digits.as_slice() {
        [century @ .., a, b, c, d, e, f, g, h, i, j] => {
            (century, [*a, *b, *c, *d, *e, *f, *g, *h, *i, *j])
        }
        _ => return false,
    };
    let (year, month) = (number(&ten[..2]), number(&ten[2..4]));
    let day = match number(&ten[4..6]) {
        day @ 61..=91 => day - 60,
        day => day,
    };
    let born = match century {
        [] => is_birth_of_century(year, month, day),
        [_, _] => is_birth(number(century) * 100 + year, month, day),
        _ => false,
    };
    born && ten[6..9] != [0, 0, 0] && luhn::holds(&ten)
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
                "880320-0016",
                "8803200016",
                "19880320-0016",
                "811228-9874",
                "701063-2391",
            ],
            &[
                "880320-0017",
                "881320-0016",
                "18470320-0016",
                "880320-0008",
                "88032001",
            ],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "YYMMDD-1##*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
