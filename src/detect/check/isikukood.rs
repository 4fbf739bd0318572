//! Numbers of persons of Estonia (isikukood) and Lithuania (asmens kodas).

use super::calendar::is_birth;
use super::digits::{exact, number, weighted};

/// Eleven digits: sex and century, date of birth, a serial number, and the remainder of these by 11;
/// where it is 10, with other weights; where it is 10 again, 0.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = exact::<11>(value) else {
        return false;
    };
    let century = match digits[0] {
        1 | 2 => 1800,
        3 | 4 => 1900,
        5 | 6 => 2000,
        _ => return false,
    };
    let two = |at: usize| number(&digits[at..at + 2]);
    let rest = match weighted(&digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11 {
        10 => weighted(&digits, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10,
        rest => rest,
    };
    is_birth(century + two(1), two(3), two(5)) && rest == u32::from(digits[10])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["36805280109", "33309240064", "38703181745"],
            &["36805280108", "36813280109", "96805280109", "3680528010"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
