//! Spanish numbers of persons: DNI, NIE, and the NIF of minors and non-residents.

const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

/// Eight digits and a letter; or X, Y, Z (which count as 0, 1, 2) or K, L, M (which do not count),
/// seven digits and a letter: the remainder by 23.
pub fn passes(value: &[u8]) -> bool {
    let mut number = 0u32;
    let mut filled = false;
    let mut letter = None;
    let plain = value.iter().filter(|b| !matches!(b, b' ' | b'-' | b'.'));
    for (len, b) in plain.enumerate() {
        if letter.is_some() {
            return false;
        }
        match (len, b.to_ascii_uppercase()) {
            (0..8, d @ b'0'..=b'9') => {
                number = number * 10 + u32::from(d - b'0');
                filled |= d != b'0';
            }
            (0, c @ b'X'..=b'Z') => number = u32::from(c - b'X'),
            (0, b'K'..=b'M') => {}
            (8, c @ b'A'..=b'Z') => letter = Some(c),
            _ => return false,
        }
    }
    filled && letter == Some(LETTERS[(number % 23) as usize])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in [
            "54362315-K",
            "54.362.315-K",
            "54362315k",
            "X-2482300-W",
            "M-1234567-L",
        ] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in [
            "54362315-Z",
            "X-2482300-A",
            "00000000-T",
            "5436231-K",
            "543623155K",
            "W1234567L",
            "",
        ] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(at in prop::sample::select(&[0, 1, 2, 3, 4, 5, 6, 7][..]), by in 1u8..10) {
            let mut value = *b"54362315K";
            value[at] = b'0' + (value[at] - b'0' + by) % 10;
            prop_assert!(!passes(&value));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
