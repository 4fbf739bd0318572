//! Spanish numbers of legal entities (CIF).

/// A letter, seven digits, and a check digit or letter, as the kind of entity wants it.
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
    let [kind, digits @ .., check] = &held;
    if len != 9 || !digits.iter().all(u8::is_ascii_digit) || digits.iter().all(|d| *d == b'0') {
        return false;
    }
    let sum: u8 = digits
        .iter()
        .enumerate()
        .map(|(i, d)| match (i % 2, (d - b'0') * 2) {
            (0, twice) => twice / 10 + twice % 10,
            (_, twice) => twice / 2,
        })
        .sum();
    let expected = (10 - sum % 10) % 10;
    let as_digit = *check == b'0' + expected;
    let as_letter = *check == b"JABCDEFGHI"[usize::from(expected)];
    match kind {
        b'A' | b'B' | b'E' | b'H' => as_digit,
        b'N' | b'P' | b'Q' | b'R' | b'S' | b'W' => as_letter,
        b'C' | b'D' | b'F' | b'G' | b'J' | b'U' | b'V' => as_digit || as_letter,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["J99216582", "A13 585 625", "J-99216582"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["J99216583", "K99216582", "A0000000J", "J9921658", ""] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(at in prop::sample::select(&[1, 2, 3, 4, 5, 6, 7, 8][..]), by in 1u8..10) {
            let mut value = *b"J99216582";
            value[at] = b'0' + (value[at] - b'0' + by) % 10;
            prop_assert!(!passes(&value));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
