//! The check digit of ISO 7064, mod 11,10.

/// The last digit checks the others.
pub fn holds(digits: &[u8]) -> bool {
    let Some((check, head)) = digits.split_last() else {
        return false;
    };
    let product = head.iter().fold(10, |product, d| {
        let sum = match (product + d) % 10 {
            0 => 10,
            sum => sum,
        };
        sum * 2 % 11
    });
    (11 - product) % 10 == *check
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn vectors() {
        // the standard's, then numbers of Germany and Croatia
        for digits in [
            &[0, 7, 9, 4, 5][..],
            &[3, 6, 5, 7, 4, 2, 6, 1, 8, 0, 9],
            &[3, 3, 3, 9, 2, 0, 0, 5, 9, 6, 1],
        ] {
            assert!(holds(digits), "{digits:?}");
        }
        assert!(!holds(&[0, 7, 9, 4, 6]));
        assert!(!holds(&[]));
    }
}
