//! Whether a token was drawn at random rather than typed: no placeholder, no words, no pattern.
//!
//! Two readings: of the whole value, and of its last run of letters and digits, for tokens that
//! begin with ids a person may have made up.

use super::random_token::{class, distinct};

/// Words of placeholders, lower case. A draw of 40 from 62 holds one of four letters by chance once
/// in some ten thousand times, so there are few of them.
const PLACEHOLDERS: [&[u8]; 14] = [
    b"your",
    b"example",
    b"placeholder",
    b"changeme",
    b"change_me",
    b"redacted",
    b"xxxx",
    b"dummy",
    b"sample",
    b"secret_here",
    b"key_here",
    b"token_here",
    b"insert",
    b"abcdef123",
];

/// Longest run of one and the same character in a draw.
const REPEATED_MAX: usize = 4;
/// Longest run of characters that follow one another (`abcdef`, `123456`) in a draw.
const ASCENDING_MAX: usize = 6;
/// Shortest last run that is judged by itself.
const TAIL_BYTES_MIN: usize = 8;

/// Two classes of characters, enough different ones, no word of a placeholder and no run of the
/// same or of ascending characters.
pub fn passes(value: &[u8]) -> bool {
    is_mixed(value) && !is_placeholder(value)
}

/// As [`passes`], with capitals, small letters and digits: no hash in hexadecimal digits.
pub fn mixed(value: &[u8]) -> bool {
    let has = |test: fn(&u8) -> bool| value.iter().any(test);
    passes(value)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
}

/// The last run of letters and digits passes, and is long enough to tell.
pub fn tail(value: &[u8]) -> bool {
    let end = value
        .iter()
        .rposition(u8::is_ascii_alphanumeric)
        .map_or(0, |i| i + 1);
    let start = value[..end]
        .iter()
        .rposition(|b| !b.is_ascii_alphanumeric())
        .map_or(0, |i| i + 1);
    let tail = &value[start..end];
    tail.len() >= TAIL_BYTES_MIN && passes(tail)
}

/// Enough different characters for a draw of this length from hexadecimal digits or more.
fn is_mixed(value: &[u8]) -> bool {
    let least = match value.len() {
        0..8 => return false,
        8..16 => 5,
        16..24 => 7,
        24..40 => 9,
        _ => 10,
    };
    let mut classes = [false; 4];
    for b in value {
        classes[usize::from(class(*b))] = true;
    }
    let classes = classes[..3].iter().filter(|c| **c).count();
    classes >= 2 && distinct(value) >= least
}

/// The value holds what people type where a secret belongs.
pub fn is_placeholder(value: &[u8]) -> bool {
    let (mut repeated, mut ascending) = (1, 1);
    for pair in value.windows(2) {
        repeated = if pair[0] == pair[1] { repeated + 1 } else { 1 };
        ascending = if pair[0].checked_add(1) == Some(pair[1]) {
            ascending + 1
        } else {
            1
        };
        if repeated > REPEATED_MAX || ascending > ASCENDING_MAX {
            return true;
        }
    }
    PLACEHOLDERS.iter().any(|word| {
        value
            .windows(word.len())
            .any(|part| part.eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn placeholders_and_words_are_refused() {
        for value in [
            "hT9vQ2mZk4LxW8pRb6NcYs3J",
            "da39a3ee5e6b4b0d3255bfef95601890",
            "9f86d081884c7d65",
        ] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in [
            "xxxxxxxxxxxxxxxxxxxxxxxx",
            "YOUR_TOKEN_1234",
            "0000000000000000",
            "abcdefghijklmnop1234",
            "1234567890123456",
            "kJ8sEXAMPLEkey92hs7dlf",
            "internationalization",
            "",
        ] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn a_hash_is_not_mixed() {
        assert!(mixed(b"hT9vQ2mZk4LxW8pRb6NcYs3JfD1uGa7KeE5oVi_Z"));
        assert!(!mixed(b"da39a3ee5e6b4b0d3255bfef95601890afd80709"));
    }

    #[test]
    fn the_tail_is_judged_by_itself() {
        assert!(tail(b"T00000000/B00000000/hT9vQ2mZk4LxW8pRb6NcYs3J"));
        assert!(!tail(b"T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"));
        assert!(!tail(b"hT9vQ2mZk4LxW8pRb6NcYs3J-a1"));
        assert!(!tail(b""));
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..80)) {
            passes(&value);
            tail(&value);
        }

        #[test]
        fn a_repeated_character_is_refused(
            head in "[A-Za-z0-9]{0,20}", same in "[A-Za-z0-9]", tail in "[A-Za-z0-9]{0,20}"
        ) {
            let value = format!("{head}{}{tail}", same.repeat(REPEATED_MAX + 1));
            prop_assert!(!passes(value.as_bytes()));
        }
    }
}
