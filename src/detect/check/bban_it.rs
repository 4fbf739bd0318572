//! Italian bank accounts: a control letter (CIN), bank (ABI), branch (CAB), account.

/// Values of 0 to 9 and A to Z at odd places; at even places a digit or letter counts as its order.
const ODD: [u8; 36] = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, // 0 to 9
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

/// A letter and 22 characters; the letter is the sum of their values by 26.
pub fn passes(value: &[u8]) -> bool {
    let mut letter = None;
    let mut sum = 0u32;
    let mut len = 0u32;
    let mut filled = false;
    for b in value.iter().filter(|b| !matches!(b, b' ' | b'-')) {
        let (order, index) = match b.to_ascii_uppercase() {
            d @ b'0'..=b'9' => (d - b'0', d - b'0'),
            c @ b'A'..=b'Z' => (c - b'A', c - b'A' + 10),
            _ => return false,
        };
        if letter.is_none() {
            if !b.is_ascii_alphabetic() {
                return false;
            }
            letter = Some(u32::from(order));
            continue;
        }
        let odd = len.is_multiple_of(2);
        sum += u32::from(if odd { ODD[usize::from(index)] } else { order });
        filled |= *b != b'0';
        len += 1;
    }
    len == 22 && filled && letter == Some(sum % 26)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn control_letter() {
        // the account of the IBAN registry's example
        for number in ["X0542811101000000123456", "X 05428 11101 000000123456"] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "Y0542811101000000123456",
            "X0542811101000000123457",
            "X0542811101000000123465",
            "00542811101000000123456",
            "X054281110100000012345",
            "",
        ] {
            assert!(!passes(number.as_bytes()), "{number}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(at in 1usize..23, by in 1u8..10) {
            let mut number = *b"X0542811101000000123456";
            number[at] = b'0' + (number[at] - b'0' + by) % 10;
            prop_assert!(!passes(&number));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
