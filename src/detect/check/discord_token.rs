//! Tokens of Discord bots: the first of three parts is the number of the user in base64.

use super::base64::decode;

/// Digits of a number of a user, a snowflake: 17 from 2015 on, 20 at most.
const DIGITS: std::ops::RangeInclusive<usize> = 17..=20;

/// Three parts, the first of which stands for digits, and the last was drawn at random.
pub fn passes(value: &[u8]) -> bool {
    let mut parts = value.split(|b| *b == b'.');
    let (Some(user), Some(_), Some(key), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let mut digits = 0;
    for byte in decode(user) {
        if !byte.is_some_and(|b| b.is_ascii_digit()) {
            return false;
        }
        digits += 1;
    }
    DIGITS.contains(&digits) && super::generated::passes(key)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD_NO_PAD;
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn placeholders_are_refused() {
        for value in [
            "MTIzNDU2Nzg5MDEyMzQ1Njc4.Xxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "MTIzNDU2Nzg5MDEyMzQ1Njc4.GhT9vQ",
            "a.b.c",
            "",
        ] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn the_first_part_is_a_number(user in 10u64.pow(16)..u64::MAX, letters in "[a-z]{18}") {
            let token = |user: &str| {
                format!("{}.GhT9vQ.2mZk4LxW8pRb6NcYs3JfD1uGa7K", STANDARD_NO_PAD.encode(user))
            };
            prop_assert!(passes(token(&user.to_string()).as_bytes()));
            prop_assert!(!passes(token(&letters).as_bytes()));
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..80)) {
            passes(&value);
        }
    }
}
