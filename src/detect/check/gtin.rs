//! The item number that opens a medical device identifier: GS1 General Specifications.

/// `(01)` and fourteen digits; the last checks the others by 10, weights 3 and 1.
pub fn passes(value: &[u8]) -> bool {
    let Some(number) = value.strip_prefix(b"(01)").and_then(|rest| rest.get(..14)) else {
        return false;
    };
    if !number.iter().all(u8::is_ascii_digit) || number.iter().all(|b| *b == b'0') {
        return false;
    }
    let sum: u32 = number
        .iter()
        .zip([3, 1].into_iter().cycle())
        .map(|(b, weight)| u32::from(b - b'0') * weight)
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["(01)00614141999996", "(01)00614141999996(17)141231"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in [
            "(01)00614141999997",
            "00614141999996",
            "(01)0061414199999",
            "(01)00000000000000",
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
