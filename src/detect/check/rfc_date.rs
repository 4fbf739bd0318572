//! The date in Mexican tax numbers (RFC).

/// The first six digits are a date YYMMDD: month 1 to 12, day up to the month's last.
pub fn passes(value: &[u8]) -> bool {
    let start = value
        .iter()
        .position(u8::is_ascii_digit)
        .unwrap_or(value.len());
    let Some(date) = value.get(start..start + 6) else {
        return false;
    };
    if !date.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let two = |i: usize| (date[i] - b'0') * 10 + date[i + 1] - b'0';
    let last = match two(2) {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=last).contains(&two(4))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["GODE561231GR8", "MAB9307148T4", "MAB-930714-8T4"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in [
            "GODE561331GR8",
            "MAB9313148T4",
            "GODE560230GR8",
            "GODE56",
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
