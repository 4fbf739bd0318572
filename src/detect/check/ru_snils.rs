//! Russian insurance numbers of individual accounts (СНИЛС).

use super::digits::{exact, number, weighted};

/// Eleven digits; the last two are the sum of the others, weighted 9 to 1, by 101, 00 for 100. Numbers
/// up to 001-001-998 have no check and are not looked for.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<11>(value) else {
        return false;
    };
    let sum = weighted(&digits, &[9, 8, 7, 6, 5, 4, 3, 2, 1]);
    number(&digits[..9]) > 1_001_998 && sum % 101 % 100 == number(&digits[9..])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["112-233-445 95", "11223344595"],
            &["112-233-445 96", "00000000000", "1122334459"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
