//! Malaysian identity card numbers (MyKad).

use super::calendar::is_yymmdd;
use super::digits::{exact, number};

/// Twelve digits: date of birth, place of birth, serial number. There is no check digit.
pub fn passes(value: &[u8]) -> bool {
    exact::<12>(value).is_some_and(|digits| {
        let place = number(&digits[6..8]);
        let given = matches!(place, 1..=16 | 21..=68 | 71 | 72 | 74..=79 | 82..=93 | 98 | 99);
        is_yymmdd(&digits[..6]) && given && digits[8..] != [0; 4]
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
            &["770305-02-1234", "770305021234", "890131-06-5224"],
            &[
                "771305-02-1234",
                "770305-00-1234",
                "770305-17-1234",
                "770305-02-0000",
                "770305-02-123",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
