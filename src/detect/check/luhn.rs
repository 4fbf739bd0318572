//! The check digit of payment cards: ISO/IEC 7812-1, annex B.

use super::digits::{Digits, all_same};

/// Doubles every second digit from the right, sums the digits, and asks for a multiple of ten.
/// A run of one digit, such as all zeros, is no number although it may add up.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    holds(digits.as_slice())
}

/// As [`passes`], of digits alone.
pub fn holds(digits: &[u8]) -> bool {
    if digits.len() < 2 || all_same(digits) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| {
            // digits are 0 to 9; a doubled one counts by the sum of its digits
            let twice = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
            let d = usize::from(*d % 10);
            if i % 2 == 0 { d as u32 } else { twice[d] }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn published_numbers() {
        // the example of the standard's annex, then test numbers of card networks
        for number in [
            "79927398713",
            "4111 1111 1111 1111",
            "5555-5555-5555-4444",
            "378282246310005",
            "4532015112830366",
        ] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "79927398710",
            "4111111111111112",
            "0000000000000000",
            "0",
            "",
        ] {
            assert!(!passes(number.as_bytes()), "{number}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(
            digits in prop::collection::vec(0u8..10, 12..19),
            at in any::<prop::sample::Index>(),
            by in 1u8..10,
        ) {
            let mut number: Vec<u8> = digits.iter().map(|d| d + b'0').collect();
            number.push(b'0');
            let last = number.len() - 1;
            let check = (b'0'..=b'9').find(|d| { number[last] = *d; passes(&number) });
            prop_assume!(check.is_some());
            let at = at.index(number.len());
            number[at] = b'0' + (number[at] - b'0' + by) % 10;
            prop_assert!(!passes(&number));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..80)) {
            passes(&value);
        }
    }
}
