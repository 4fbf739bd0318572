//! Czech and Slovak birth numbers (rodné číslo).

use super::calendar::is_birth;
use super::digits::{Digits, number};

/// Date of birth (the month plus 50 for women, plus 20 more where the numbers of a day were spent,
/// since 2004) and a serial number. Nine digits until 1953, without a check digit; then ten, the last
/// the remainder of the others by 11, 0 for 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    if !matches!(all.len(), 9 | 10) {
        return false;
    }
    let year = match (number(&all[..2]), all.len()) {
        (year @ 0..=53, 9) => 1900 + year,
        (year @ 54.., 10) => 1900 + year,
        (year, 10) => 2000 + year,
        _ => return false,
    };
    let month = match number(&all[2..4]) % 50 {
        month @ 21..=32 if year >= 2004 => month - 20,
        month => month,
    };
    let head = number(&all[..9]);
    let checked = match all.get(9) {
        Some(last) => head % 11 % 10 == u32::from(*last),
        None => !head.is_multiple_of(1000),
    };
    is_birth(year, month, number(&all[4..6])) && checked
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["710319/2745", "7103192745", "736028/5163", "530101123"],
            &[
                "710319/2746",
                "711319/2745",
                "530101000",
                "540101123",
                "71031927",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
