//! Whether forty characters look like an AWS secret access key: drawn at random from base64.

use super::random_token::{class, distinct};

/// A random draw of 40 changes class (capital, small, digit, sign) about 25 times, give or take 3.
const CHANGES_MIN: usize = 15;
/// A random draw of 40 has about 30 different characters, give or take 2.
const DISTINCT_MIN: u32 = 20;
/// A random draw has 0.6 slashes; a path has one every few characters.
const SLASHES_MAX: usize = 4;

/// Forty characters of base64 with capitals, small letters and digits, as mixed as a random draw.
/// Hashes in hex, paths and long names are not. A slash may be escaped (`\\/`), as some writers of
/// JSON do.
pub fn passes(value: &[u8]) -> bool {
    let mut key = [0u8; 40];
    let mut len = 0;
    for (i, b) in value.iter().enumerate() {
        if *b == b'\\' && value.get(i + 1) == Some(&b'/') {
            continue;
        }
        let Some(place) = key.get_mut(len) else {
            return false;
        };
        *place = *b;
        len += 1;
    }
    len == key.len() && mixed(&key)
}

fn mixed(key: &[u8; 40]) -> bool {
    let in_alphabet = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    let has = |test: fn(&u8) -> bool| key.iter().any(test);
    let changes = key
        .windows(2)
        .filter(|w| class(w[0]) != class(w[1]))
        .count();
    key.iter().all(in_alphabet)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && changes >= CHANGES_MIN
        && distinct(key) >= DISTINCT_MIN
        && key.iter().filter(|b| **b == b'/').count() <= SLASHES_MAX
        // as the samples of the documentation do, in all their spellings
        && !key.ends_with(b"EXAMPLEKEY")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn mixed_like_a_random_draw() {
        // the sample of the documentation of the service, and one that is as mixed
        assert!(!passes(b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
        assert!(passes(b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXEMPLUKAZ"));
        assert!(passes(b"hT9vQ2+mZk4LxW8/pRb6NcYs3JfD1uGa7KeE5oVi"));
        assert!(passes(br"hT9vQ2+mZk4LxW8\/pRb6NcYs3JfD1uGa7KeE5oVi"));
        for value in [
            r"hT9vQ2\+mZk4LxW8/pRb6NcYs3JfD1uGa7KeE5oV",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
            "com/example/service/internal/Handler2Abc",
            "AbstractSingletonProxyFactoryBeanManager",
            "AbstractSingletonProxyFactoryBeanHandle2",
            "aB1aB1aB1aB1aB1aB1aB1aB1aB1aB1aB1aB1aB1a",
            "hT9vQ2+mZk4LxW8/pRb6NcYs3JfD1uGa7KeE5oV",
            "",
        ] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn random_draws_pass() {
        const ALPHABET: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut state = 1u64;
        let mut draw = || {
            // the generator of Knuth's MMIX; its high bits are the good ones
            state = state
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            ALPHABET[(state >> 58) as usize]
        };
        let passed = (0..10_000)
            .filter(|_| passes(&std::array::from_fn::<u8, 40, _>(|_| draw())))
            .count();
        assert!(passed >= 9_950, "{passed} of 10000");
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
