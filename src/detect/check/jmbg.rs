//! Master numbers of citizens of the countries of former Yugoslavia (JMBG, EMŠO).

use super::calendar::is_birth;
use super::digits::{exact, number, weighted};

/// Thirteen digits: date of birth with three digits of the year, region, serial number, and 11 less
/// the remainder of these, weighted 7 to 2 twice, by 11, where 0 stands for 10 and 11.
pub fn passes(value: &[u8]) -> bool {
    region(value).is_some()
}

/// Those of regions 50 to 59.
pub fn is_slovene(value: &[u8]) -> bool {
    region(value).is_some_and(|region| (50..=59).contains(&region))
}

/// The region of a number that is valid.
fn region(value: &[u8]) -> Option<u32> {
    let digits = exact::<13>(value)?;
    let two = |at: usize| number(&digits[at..at + 2]);
    let year = match number(&digits[4..7]) {
        year @ 0..=100 => 2000 + year,
        year => 1000 + year,
    };
    let sum = weighted(&digits, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    let checked = (11 - sum % 11) % 11 % 10 == u32::from(digits[12]);
    (is_birth(year, two(2), two(0)) && checked).then(|| two(7))
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["0101006500006", "2808928401264"],
            &[
                "0101006500007",
                "3201006500006",
                "0113006500006",
                "010100650000",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
