//! Ukrainian tax numbers of persons (РНОКПП).

use super::digits::{exact, number, weighted};

/// Days from the last one of 1899 to that of birth, until 2035.
const BORN: std::ops::RangeInclusive<u32> = 1..=49_673;

/// Ten digits: the day of birth, a serial number, and the remainder of these by 11, 0 for 10.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<10>(value) else {
        return false;
    };
    // the first weighs -1, which is 10 by 11
    let sum = weighted(&digits, &[10, 5, 7, 9, 4, 6, 10, 5, 7]);
    BORN.contains(&number(&digits[..5])) && sum % 11 % 10 == u32::from(digits[9])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["1759013776", "2530414071"],
            &["1759013777", "0000000000", "9959013776", "175901377"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
