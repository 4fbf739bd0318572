//! French social security numbers (NIR).

/// Fifteen characters: sex, year, month, department, commune, order, key. The key is 97 less the
/// rest by 97; 2A counts as 19 and 2B as 18.
pub fn passes(value: &[u8]) -> bool {
    let mut number = 0u64;
    let mut key = 0u64;
    let mut len = 0;
    let mut month = 0;
    for b in value.iter().filter(|b| !matches!(b, b' ' | b'-' | b'.')) {
        let digit = match (len, b) {
            (_, b'0'..=b'9') => u64::from(b - b'0'),
            // the tens digit, 2, was read as 20: 19 and 18 are one and two less
            (6, b'A' | b'a') if number % 10 == 2 => {
                number -= 1;
                9
            }
            (6, b'B' | b'b') if number % 10 == 2 => {
                number -= 1;
                8
            }
            _ => return false,
        };
        match len {
            0 if !matches!(digit, 1..=4 | 7 | 8) => return false,
            3 | 4 => month = month * 10 + digit,
            13 | 14 => key = key * 10 + digit,
            15.. => return false,
            _ => {}
        }
        if len < 13 {
            number = number * 10 + digit;
        }
        len += 1;
    }
    len == 15 && matches!(month, 1..=12 | 20 | 30..=42 | 50..=99) && key == 97 - number % 97
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in [
            "2 95 10 99 126 111 93",
            "253072B07300470",
            "295109912611193",
        ] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in [
            "295109912611199",
            "253072A07300470",
            "995109912611193",
            "295139912611193",
            "29510991261119",
            "",
        ] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(at in prop::sample::select(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14][..]), by in 1u8..10) {
            let mut value = *b"295109912611193";
            value[at] = b'0' + (value[at] - b'0' + by) % 10;
            prop_assert!(!passes(&value));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
