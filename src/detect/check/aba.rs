//! US bank routing numbers: ANSI X9.100-150 (ABA).

use super::digits::{exact, weighted};

/// Nine digits; weighted 3, 7 and 1 by turns they make a multiple of ten. The first two are a
/// Federal Reserve district (00 to 12, 21 to 32 for thrifts, 61 to 72 electronic) or 80.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<9>(value) else {
        return false;
    };
    let sum = weighted(&digits, &[3, 7, 1, 3, 7, 1, 3, 7, 1]);
    let district = digits[0] * 10 + digits[1];
    let known = matches!(district, 1..=12 | 21..=32 | 61..=72 | 80)
        || district == 0 && digits[2..].iter().any(|d| *d != 0);
    known && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        // of the Federal Reserve itself, and of the standard's description
        tested::vectors(
            passes,
            &["011000015", "021001208", "111000025", "1110-0002-5"],
            &["011000016", "131000020", "000000000", "01100001"],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "06######*", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
