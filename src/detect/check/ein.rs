//! US employer identification numbers: Internal Revenue Service, campus prefixes.

use super::digits::{all_same, exact};

/// Prefixes that were never given out.
const UNUSED: [u8; 17] = [
    0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97,
];

/// Nine digits under a prefix of a campus or of the internet, no filler.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<9>(value) else {
        return false;
    };
    let ascending = digits.windows(2).all(|w| w[0] + 1 == w[1]);
    !UNUSED.contains(&(digits[0] * 10 + digits[1]))
        && !all_same(&digits)
        && !all_same(&digits[2..])
        && !ascending
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["12-3456780", "911144442", "04-2103594"],
            &[
                "00-3456780",
                "07-3456780",
                "12-3456789",
                "12-0000000",
                "12-345678",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
