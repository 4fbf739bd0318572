//! Addresses of network interfaces: IEEE 802, EUI-48.

/// Six pairs of hexadecimal digits (or three groups of four), one sign between them; not all alike,
/// which is broadcast or nothing.
pub fn passes(value: &[u8]) -> bool {
    let mut digits = 0;
    let mut signs = 0;
    let mut sign = None;
    let mut first = None;
    let mut alike = true;
    for b in value {
        if b.is_ascii_hexdigit() {
            digits += 1;
            let small = b.to_ascii_lowercase();
            alike &= *first.get_or_insert(small) == small;
        } else if *sign.get_or_insert(*b) == *b {
            signs += 1;
        } else {
            return false;
        }
    }
    digits == 12 && !alike && matches!((signs, sign), (5, Some(b':' | b'-')) | (2, Some(b'.')))
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::passes;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["00:1b:44:11:3a:b7", "00-1B-44-11-3A-B7", "001b.4411.3ab7"],
            &[
                "ff:ff:ff:ff:ff:ff",
                "00:00:00:00:00:00",
                "00:1b-44:11:3a:b7",
                "001b44113ab7",
                "00:1b:44:11:3a",
            ],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
