//! Brazilian numbers of companies (CNPJ), also with letters (from July 2026).

use super::digits::all_same;

/// Fourteen characters; the last two are digits and check those before them by 11. A character
/// counts as its ASCII code less 48.
pub fn passes(value: &[u8]) -> bool {
    let mut held = [0u8; 14];
    let mut len = 0;
    for b in value
        .iter()
        .filter(|b| !matches!(b, b' ' | b'-' | b'.' | b'/'))
    {
        let Some(place) = held.get_mut(len) else {
            return false;
        };
        if !(b.is_ascii_digit() || b.is_ascii_uppercase()) {
            return false;
        }
        *place = b - b'0';
        len += 1;
    }
    len == 14
        && !all_same(&held)
        && control(&held[..12]) == held[12]
        && control(&held[..13]) == held[13]
}

/// Weights go from 2 to 9 and again, from the right.
fn control(characters: &[u8]) -> u8 {
    let sum: u32 = characters
        .iter()
        .rev()
        .zip((2..=9).cycle())
        .map(|(d, weight)| u32::from(*d) * weight)
        .sum();
    match sum % 11 {
        0 | 1 => 0,
        n => 11 - n as u8,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["16.727.230/0001-97", "16727230000197", "12.ABC.345/01DE-35"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["16.727.230/0001-98", "00000000000000", "1672723000019", ""] {
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
