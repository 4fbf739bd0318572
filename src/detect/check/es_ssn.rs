//! Spanish social security numbers.

use super::digits::Digits;

/// Province, serial of seven or eight digits, and two control digits: the number by 97.
pub fn passes(value: &[u8]) -> bool {
    let Some(digits) = Digits::of(value) else {
        return false;
    };
    let len = digits.as_slice().len();
    if !matches!(len, 11 | 12) {
        return false;
    }
    let (Some(province), Some(serial), Some(control)) = (
        digits.number(0..2),
        digits.number(2..len - 2),
        digits.number(len - 2..len),
    ) else {
        return false;
    };
    let number = if serial < 10_000_000 {
        province * 10_000_000 + serial
    } else {
        province * 100_000_000 + serial
    };
    (1..=66).contains(&province) && serial != 0 && number % 97 == control
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["28/12345678/40", "281234567840"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["281234567841", "001234567840", "28/12345678/4", ""] {
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
