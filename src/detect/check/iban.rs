//! International bank account numbers: ISO 13616, ISO 7064 mod 97-10.

/// Length of the number by country, in characters without separators; ascending by code.
/// From the IBAN registry; Senegal, which is not in it, from the convention of its central bank.
const LENGTHS: [([u8; 2], usize); 90] = [
    (*b"AD", 24),
    (*b"AE", 23),
    (*b"AL", 28),
    (*b"AT", 20),
    (*b"AZ", 28),
    (*b"BA", 20),
    (*b"BE", 16),
    (*b"BG", 22),
    (*b"BH", 22),
    (*b"BI", 27),
    (*b"BR", 29),
    (*b"BY", 28),
    (*b"CH", 21),
    (*b"CR", 22),
    (*b"CY", 28),
    (*b"CZ", 24),
    (*b"DE", 22),
    (*b"DJ", 27),
    (*b"DK", 18),
    (*b"DO", 28),
    (*b"EE", 20),
    (*b"EG", 29),
    (*b"ES", 24),
    (*b"FI", 18),
    (*b"FK", 18),
    (*b"FO", 18),
    (*b"FR", 27),
    (*b"GB", 22),
    (*b"GE", 22),
    (*b"GI", 23),
    (*b"GL", 18),
    (*b"GR", 27),
    (*b"GT", 28),
    (*b"HN", 28),
    (*b"HR", 21),
    (*b"HU", 28),
    (*b"IE", 22),
    (*b"IL", 23),
    (*b"IQ", 23),
    (*b"IS", 26),
    (*b"IT", 27),
    (*b"JO", 30),
    (*b"KW", 30),
    (*b"KZ", 20),
    (*b"LB", 28),
    (*b"LC", 32),
    (*b"LI", 21),
    (*b"LT", 20),
    (*b"LU", 20),
    (*b"LV", 21),
    (*b"LY", 25),
    (*b"MC", 27),
    (*b"MD", 24),
    (*b"ME", 22),
    (*b"MK", 19),
    (*b"MN", 20),
    (*b"MR", 27),
    (*b"MT", 31),
    (*b"MU", 30),
    (*b"NI", 28),
    (*b"NL", 18),
    (*b"NO", 15),
    (*b"OM", 23),
    (*b"PK", 24),
    (*b"PL", 28),
    (*b"PS", 29),
    (*b"PT", 25),
    (*b"QA", 29),
    (*b"RO", 24),
    (*b"RS", 22),
    (*b"RU", 33),
    (*b"SA", 24),
    (*b"SC", 31),
    (*b"SD", 18),
    (*b"SE", 24),
    (*b"SI", 19),
    (*b"SK", 24),
    (*b"SM", 27),
    (*b"SN", 28),
    (*b"SO", 23),
    (*b"ST", 25),
    (*b"SV", 28),
    (*b"TL", 23),
    (*b"TN", 24),
    (*b"TR", 26),
    (*b"UA", 29),
    (*b"VA", 22),
    (*b"VG", 24),
    (*b"XK", 20),
    (*b"YE", 30),
];

/// A known country, its length, capitals and digits only, and remainder 1 by 97.
///
/// Spaces and hyphens are skipped. A number without a non-zero digit after the check digits is
/// refused: forms filled with zeros add up in some countries.
pub fn passes(value: &[u8]) -> bool {
    let mut head = [0u8; 4];
    let mut len = 0;
    let mut remainder = 0;
    let mut filled = false;
    for b in value.iter().filter(|b| !matches!(b, b' ' | b'-')) {
        if let Some(place) = head.get_mut(len) {
            *place = *b;
        } else {
            let Some(next) = push(remainder, *b) else {
                return false;
            };
            remainder = next;
            filled |= *b != b'0';
        }
        len += 1;
    }
    let known = LENGTHS.binary_search_by(|(code, _)| code[..].cmp(&head[..2]));
    if !known.is_ok_and(|i| LENGTHS[i].1 == len) || !filled {
        return false;
    }
    // the first four characters count last
    let head = head.into_iter().try_fold(remainder, push);
    head == Some(1)
}

/// Appends a character to a number of which only the remainder by 97 is kept.
pub(super) fn push(remainder: u32, b: u8) -> Option<u32> {
    match b {
        b'0'..=b'9' => Some((remainder * 10 + u32::from(b - b'0')) % 97),
        b'A'..=b'Z' => Some((remainder * 100 + u32::from(b - b'A') + 10) % 97),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_are_in_order() {
        assert!(LENGTHS.windows(2).all(|w| w[0].0 < w[1].0));
    }

    #[test]
    fn published_examples() {
        // examples of the registry
        for number in [
            "GB29 NWBK 6016 1331 9268 19",
            "GB29-NWBK-6016-1331-9268-19",
            "DE89370400440532013000",
            "FR1420041010050500013M02606",
            "BR1800360305000010009795493C1",
            "CH9300762011623852957",
        ] {
            assert!(passes(number.as_bytes()), "{number}");
        }
        for number in [
            "GB30NWBK60161331926819",
            "GB29NWBK6016133192681",
            "gb29nwbk60161331926819",
            "XX29NWBK60161331926819",
            "GB29",
            "",
        ] {
            assert!(!passes(number.as_bytes()), "{number}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(at in 2usize..22, by in 1u8..10) {
            let mut number = *b"DE89370400440532013000";
            number[at] = b'0' + (number[at] - b'0' + by) % 10;
            prop_assert!(!passes(&number));
        }

        #[test]
        fn two_swapped_digits_are_refused(at in 2usize..21) {
            let mut number = *b"DE89370400440532013000";
            prop_assume!(number[at] != number[at + 1]);
            number.swap(at, at + 1);
            prop_assert!(!passes(&number));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..80)) {
            passes(&value);
        }
    }
}
