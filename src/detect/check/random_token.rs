//! Whether a token looks generated rather than typed as a placeholder.

/// Different bytes a generated token has at least: a draw of 24 from 62 has about 20.
const DISTINCT_MIN: u32 = 14;

/// Enough different characters, and digits among them or both cases of letters.
pub fn passes(value: &[u8]) -> bool {
    let has = |test: fn(&u8) -> bool| value.iter().any(test);
    let classes = [
        has(u8::is_ascii_uppercase),
        has(u8::is_ascii_lowercase),
        has(u8::is_ascii_digit),
    ];
    classes.iter().filter(|c| **c).count() >= 2 && distinct(value) >= DISTINCT_MIN
}

/// Number of different bytes.
pub fn distinct(value: &[u8]) -> u32 {
    let mut seen = [0u64; 4];
    for b in value {
        seen[usize::from(b >> 6)] |= 1 << (b & 63);
    }
    seen.iter().map(|s| s.count_ones()).sum()
}

/// Class of a character: capital, small letter, digit, other.
pub fn class(b: u8) -> u8 {
    match b {
        b'A'..=b'Z' => 0,
        b'a'..=b'z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn placeholders_are_refused() {
        assert!(passes(b"hT9vQ2mZk4LxW8pRb6NcYs3J"));
        for value in [
            "xxxxxxxxxxxxxxxxxxxxxxxx",
            "yourkeyyourkeyyourkeyyou",
            "000000",
            "",
        ] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn counts_different_bytes() {
        assert_eq!(distinct(b"abcabc\xff\xff\x00"), 5);
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
