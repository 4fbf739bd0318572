//! New Zealand national health index numbers (NHI).

use super::plain;

/// Three letters (not I, O), then three digits and a check digit by 11, or two digits, a letter and a
/// check letter by 23. Letters count from 1 in an alphabet without I and O.
pub fn passes(value: &[u8]) -> bool {
    let Some(all) = plain::plain::<7>(value) else {
        return false;
    };
    let letter = |b: u8| match b {
        b'A'..=b'H' => Some(u32::from(b - b'A') + 1),
        b'J'..=b'N' => Some(u32::from(b - b'A')),
        b'P'..=b'Z' => Some(u32::from(b - b'A') - 1),
        _ => None,
    };
    let mut sum = 0;
    for (at, (b, weight)) in all.iter().zip((2..=7).rev()).enumerate() {
        let counts = match (at, b) {
            (0..=2, b) => letter(*b),
            (_, b'0'..=b'9') => Some(u32::from(b - b'0')),
            (5, b) => letter(*b),
            _ => None,
        };
        let Some(counts) = counts else {
            return false;
        };
        sum += counts * weight;
    }
    match (all[5].is_ascii_digit(), all[6]) {
        (true, check @ b'0'..=b'9') => {
            !sum.is_multiple_of(11) && (11 - sum % 11) % 10 == u32::from(check - b'0')
        }
        (false, check) => letter(check) == Some(23 - sum % 23),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["ZAC5361", "zac5361", "ZBN77VL", "ZVB97XQ"],
            &[
                "ZAC3561", "ZAC536A", "IAC5361", "ZBN77VM", "ZAC53611", "Z1C5361",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
