//! German driver's licence numbers.

/// Eleven characters: authority and serial number (nine), the remainder of these, weighted 9 to 1, by
/// 11 with X for 10, and the number of the copy. Letters count from 10.
pub fn passes(value: &[u8]) -> bool {
    let [head @ .., check, _] = value else {
        return false;
    };
    if head.len() != 9 {
        return false;
    }
    let mut sum = 0;
    for (b, weight) in head.iter().zip((1..=9).rev()) {
        sum += weight
            * match b.to_ascii_uppercase() {
                b @ b'0'..=b'9' => u32::from(b - b'0'),
                b @ b'A'..=b'Z' => u32::from(b - b'A') + 10,
                _ => return false,
            };
    }
    let check = match check.to_ascii_uppercase() {
        b'X' => 10,
        b @ b'0'..=b'9' => u32::from(b - b'0'),
        _ => return false,
    };
    sum % 11 == check
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["B072RRE2I55", "J010000SD51", "b072rre2i55"],
            &["B072RRE2I65", "B073RRE2I55", "B072RRE2I5"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
