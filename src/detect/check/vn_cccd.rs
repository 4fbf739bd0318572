//! Vietnamese citizen identity numbers.

use super::digits::{exact, number};

/// Twelve digits: province 001 to 096, sex and century, two digits of the year of birth, serial number.
/// There is no check digit.
pub fn passes(value: &[u8]) -> bool {
    exact::<12>(value).is_some_and(|digits| {
        let year = 1900 + 100 * u32::from(digits[3] / 2) + number(&digits[4..6]);
        (1..=96).contains(&number(&digits[..3]))
            && digits[3] <= 3
            && (1900..=2035).contains(&year)
            && digits[6..] != [0; 6]
    })
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["001090012345", "079301004567"],
            &[
                "000090012345",
                "097090012345",
                "001490012345",
                "001236012345",
                "001090000000",
                "00109001234",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
