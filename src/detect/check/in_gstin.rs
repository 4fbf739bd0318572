//! Indian goods and services tax numbers (GSTIN).

use super::digits::number;
use super::plain;

/// Fifteen characters: state 01 to 38 (or 97), the permanent account number, its holder's number, Z,
/// and a check character: Luhn's rule by 36.
pub fn passes(value: &[u8]) -> bool {
    let Some(all) = plain::plain::<15>(value) else {
        return false;
    };
    let worth = |b: u8| match b {
        b'0'..=b'9' => u32::from(b - b'0'),
        _ => u32::from(b - b'A') + 10,
    };
    let sum: u32 = all
        .iter()
        .enumerate()
        .map(|(at, b)| {
            let product = worth(*b) * (1 + at as u32 % 2);
            product / 36 + product % 36
        })
        .sum();
    let Some(state) = plain::digits::<2>(&all[..2]) else {
        return false;
    };
    let account = all[2..7].iter().all(u8::is_ascii_uppercase)
        && all[7..11].iter().all(u8::is_ascii_digit)
        && all[11].is_ascii_uppercase();
    matches!(number(&state), 1..=38 | 97) && account && all[13] == b'Z' && sum.is_multiple_of(36)
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["27AAPFU0939F1ZV", "27aapfu0939f1zv"],
            &[
                "27AAPFU0939F1ZW",
                "00AAPFU0939F1ZV",
                "27AAPFU0939F1YV",
                "27AAPFU0939F1Z",
            ],
        );
    }

    #[test]
    fn another_digit_is_refused() {
        tested::refuses_another_digit(passes, "27AAPFU####F1Z?", &[]);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
