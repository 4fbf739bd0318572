//! Mexican numbers of persons (CURP).

/// Eighteen characters; the last is a digit that checks the others by 10. Ñ is not read: it takes two
/// bytes, and the register writes X for it.
pub fn passes(value: &[u8]) -> bool {
    let Some((last, head)) = value.split_last() else {
        return false;
    };
    if head.len() != 17 {
        return false;
    }
    let mut sum = 0u32;
    for (b, weight) in head.iter().zip((2..=18).rev()) {
        // the order of the alphabet: digits, A to N, Ñ, O to Z
        let order = match b {
            b'0'..=b'9' => b - b'0',
            b'A'..=b'N' => b - b'A' + 10,
            b'O'..=b'Z' => b - b'A' + 11,
            _ => return false,
        };
        sum += u32::from(order) * weight;
    }
    u32::from(*last) == u32::from(b'0') + (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["BOXW310820HNERXN09", "XEXX900101MDFRRN02"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in [
            "BOXW310820HNERXN08",
            "BOXW310820HNERXN0",
            "boxw310820hnerxn09",
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
