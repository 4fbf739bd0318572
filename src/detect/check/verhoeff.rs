//! The check digit of Aadhaar numbers: J. Verhoeff, Error detecting decimal codes, 1969.

use super::digits::Digits;

/// The dihedral group of order ten.
const PRODUCT: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];
/// The permutation of the first place; that of a later one is applied as often.
const PERMUTED: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/// Twelve digits, the first 2 to 9, with a valid check digit; no palindrome.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let all = digits.as_slice();
    if all.len() != 12 || all[0] < 2 || all.iter().eq(all.iter().rev()) {
        return false;
    }
    holds(all)
}

/// The last digit checks the others, however many.
pub fn holds(digits: &[u8]) -> bool {
    let check = digits.iter().rev().enumerate().fold(0u8, |check, (i, d)| {
        let permuted = (0..i % 8).fold(*d, |d, _| PERMUTED[usize::from(d)]);
        PRODUCT[usize::from(check)][usize::from(permuted)]
    });
    check == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["2341 2341 2346", "234123412346"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["2341 2341 2347", "1341 2341 2346", "23412341234", ""] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(at in prop::sample::select(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11][..]), by in 1u8..10) {
            let mut value = *b"234123412346";
            value[at] = b'0' + (value[at] - b'0' + by) % 10;
            prop_assert!(!passes(&value));
        }

        #[test]
        fn two_swapped_digits_are_refused(at in 0usize..11) {
            let mut value = *b"234123412346";
            prop_assume!(value[at] != value[at + 1]);
            value.swap(at, at + 1);
            prop_assert!(!passes(&value));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
