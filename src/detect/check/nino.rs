//! British national insurance numbers.

/// Prefixes that are not given out.
const NOT_ISSUED: [&[u8]; 7] = [b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"];

/// Two letters (not D, F, I, Q, U, V; the second not O), six digits, A to D.
pub fn passes(value: &[u8]) -> bool {
    let mut held = [0u8; 9];
    let mut len = 0;
    for b in value.iter().filter(|b| !matches!(b, b' ' | b'-')) {
        let Some(place) = held.get_mut(len) else {
            return false;
        };
        *place = b.to_ascii_uppercase();
        len += 1;
    }
    let [first, second, digits @ .., suffix] = &held;
    let letter = |b: &u8| b.is_ascii_uppercase() && !b"DFIQUV".contains(b);
    len == 9
        && letter(first)
        && letter(second)
        && *second != b'O'
        && digits.iter().all(u8::is_ascii_digit)
        && (b'A'..=b'D').contains(suffix)
        && !NOT_ISSUED.contains(&&held[..2])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["AB 12 34 56 C", "ab123456c", "JG-12-13-16-A"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in [
            "GB123456A",
            "QQ123456A",
            "AO123456A",
            "AB123456E",
            "AB12345C",
            "AB1234567C",
            "",
        ] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
