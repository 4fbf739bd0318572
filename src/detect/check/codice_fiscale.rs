//! Italian tax codes (codice fiscale).

/// Values of 0 to 9 and A to Z at odd places.
const ODD: [u8; 36] = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, // 0 to 9
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

/// Sixteen characters; the last letter is the sum of the others' values by 26, and the day of birth
/// (women: 40 more) exists. Letters L to V may stand for digits.
pub fn passes(value: &[u8]) -> bool {
    let [head @ .., last] = value else {
        return false;
    };
    if head.len() != 15 || !value.iter().all(u8::is_ascii_alphanumeric) {
        return false;
    }
    let sum: u32 = head
        .iter()
        .enumerate()
        .map(|(i, b)| {
            let b = b.to_ascii_uppercase();
            let order = if b.is_ascii_digit() {
                b - b'0'
            } else {
                b - b'A'
            };
            let index = if b.is_ascii_digit() {
                order
            } else {
                order + 10
            };
            u32::from(if i % 2 == 0 {
                ODD[usize::from(index)]
            } else {
                order
            })
        })
        .sum();
    let day = digit(value[9]).zip(digit(value[10]));
    let day = day.map_or(0, |(tens, units)| tens * 10 + units);
    matches!(day, 1..=31 | 41..=71)
        && u32::from(last.to_ascii_uppercase()) == u32::from(b'A') + sum % 26
}

fn digit(b: u8) -> Option<u8> {
    match b.to_ascii_uppercase() {
        d @ b'0'..=b'9' => Some(d - b'0'),
        c => b"LMNPQRSTUV".iter().position(|l| *l == c).map(|i| i as u8),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["RCCMNL83S18D969H", "rccmnl83s18d969h"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in [
            "RCCMNL83S18D969A",
            "RCCMNL83S38D969H",
            "RCCMNL83S18D969",
            "1CCMNL83S18D969H",
            "",
        ] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_refused(at in prop::sample::select(&[6, 7, 9, 10, 12, 13, 14][..]), by in 1u8..10) {
            let mut value = *b"RCCMNL83S18D969H";
            value[at] = b'0' + (value[at] - b'0' + by) % 10;
            prop_assert!(!passes(&value));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
