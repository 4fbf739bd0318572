//! The check sum that ends the tokens of GitHub and npm: CRC-32 of what stands before it, in six
//! digits of base 62.
//!
//! Source: GitHub, "Behind GitHub's new authentication token formats".

/// Digits of the check sum.
const SUM_BYTES: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A prefix that ends in `_`, random characters, and the check sum of the random characters.
pub fn passes(value: &[u8]) -> bool {
    let Some(start) = value.iter().rposition(|b| *b == b'_') else {
        return false;
    };
    let body = &value[start + 1..];
    let Some(random) = body.len().checked_sub(SUM_BYTES).filter(|n| *n > 0) else {
        return false;
    };
    let (random, sum) = body.split_at(random);
    sum == base62(crc32fast::hash(random))
}

/// A number in six digits; 62 to the 6th is more than 2 to the 32nd.
fn base62(mut number: u32) -> [u8; SUM_BYTES] {
    let mut digits = [b'0'; SUM_BYTES];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(number % 62) as usize];
        number /= 62;
    }
    digits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The example of the announcement, which was never a key, written so that scanners of sources
    /// stay quiet.
    const PUBLISHED: &str = concat!("ghp", "_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17");

    #[test]
    fn the_published_token() {
        assert!(passes(PUBLISHED.as_bytes()));
        for value in ["ghp_", "_000000", "000000", ""] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_character_is_refused(at in 4usize..40, to in 0usize..62) {
            let mut value = PUBLISHED.as_bytes().to_vec();
            prop_assume!(value[at] != BASE62[to]);
            value[at] = BASE62[to];
            prop_assert!(!passes(&value));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
