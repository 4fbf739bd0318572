//! German identity cards and passports: ICAO 9303 check digits.

/// Nine characters with three digits among them; or ten (and perhaps a D) whose tenth checks the
/// nine before, weights 7, 3, 1.
pub fn passes(value: &[u8]) -> bool {
    let value = value
        .strip_suffix(b"D")
        .filter(|v| v.len() == 10)
        .unwrap_or(value);
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    let filled = value.iter().any(|b| matches!(b, b'1'..=b'9'));
    match value.len() {
        9 => digits >= 3 && filled && sum(value).is_some(),
        10 => {
            let (head, check) = value.split_at(9);
            digits >= 3 && filled && sum(head).is_some_and(|sum| check == [b'0' + (sum % 10) as u8])
        }
        _ => false,
    }
}

fn sum(head: &[u8]) -> Option<u32> {
    head.iter()
        .zip([7, 3, 1].into_iter().cycle())
        .try_fold(0, |sum, (b, weight)| {
            let n = match b {
                b'0'..=b'9' => b - b'0',
                b'A'..=b'Z' => b - b'A' + 10,
                _ => return None,
            };
            Some(sum + u32::from(n) * weight)
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["L01X00T44", "T22000129", "L01X00T471", "L01X00T471D"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in [
            "T00000000",
            "LFXCHTRGK",
            "L01X00T4",
            "L01X00T472",
            "L01X00T4712D",
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
