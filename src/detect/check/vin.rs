//! Vehicle identification numbers: ISO 3779, and the check digit of North America (49 CFR 565).

const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/// Seventeen capitals and digits without I, O, Q, both among them, the last four digits. Where the
/// maker is of North America (1 to 5) or China (L), the ninth character checks the others by 11.
pub fn passes(value: &[u8]) -> bool {
    if value.len() != 17 || !value[13..].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let mut sum = 0;
    for (b, weight) in value.iter().zip(WEIGHTS) {
        let Some(n) = number(*b) else {
            return false;
        };
        sum += n * weight;
    }
    let check = match sum % 11 {
        10 => b'X',
        n => b'0' + n as u8,
    };
    let checked = matches!(value[0], b'1'..=b'5' | b'L');
    value.iter().any(u8::is_ascii_uppercase)
        && value.windows(2).any(|w| w[0] != w[1])
        && (value[8] == check || !checked)
}

fn number(b: u8) -> Option<u32> {
    Some(match b {
        b'0'..=b'9' => u32::from(b - b'0'),
        b'A'..=b'H' => u32::from(b - b'A') + 1,
        b'J'..=b'N' => u32::from(b - b'J') + 1,
        b'P' => 7,
        b'R' => 9,
        b'S'..=b'Z' => u32::from(b - b'S') + 2,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["1HGCM82633A004352", "WVWZZZ1JZ3W386752"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in [
            "1HGCM82633A00435I",
            "1HGCM82643A004352",
            "1HGCM82633A0043",
            "12345678901234567",
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
