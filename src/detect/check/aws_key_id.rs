//! Access key ids of AWS: base32, and the account in the newer ones.
//!
//! The sixteen characters after the prefix are base32. In ids made since 2019 their first bit is set
//! and the forty bits after it hold the account, which has twelve decimal digits.
//!
//! Source: T. Be'ery, "A short note on AWS key ID"; the service itself documents the length, and
//! `sts get-access-key-info`.

const PREFIX_BYTES: usize = 4;
const BODY_BYTES: usize = 16;
/// Accounts have twelve digits.
const ACCOUNT_MAX: u64 = 999_999_999_999;

/// Base32 after the prefix, an account that can be, and no word of a placeholder.
pub fn passes(value: &[u8]) -> bool {
    let Some(body) = value
        .get(PREFIX_BYTES..)
        .filter(|body| body.len() == BODY_BYTES)
    else {
        return false;
    };
    let Some(bits) = body
        .iter()
        .try_fold(0u128, |bits, b| Some(bits << 5 | u128::from(quintet(*b)?)))
    else {
        return false;
    };
    // 80 bits: a mark, forty of the account, the rest
    let has_account = bits >> 79 != 0;
    let account = (bits >> 39) as u64 & ((1 << 40) - 1);
    (!has_account || account <= ACCOUNT_MAX) && is_drawn(value)
}

/// Not the id of documentation, which ends so, and no filler.
pub fn is_drawn(value: &[u8]) -> bool {
    !value.ends_with(b"EXAMPLE")
        && super::random_token::distinct(value) >= 8
        && !super::generated::is_placeholder(value)
}

fn quintet(b: u8) -> Option<u8> {
    match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'2'..=b'7' => Some(b - b'2' + 26),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// The id of an account, its last bits taken from `rest`.
    fn id(account: u64, rest: u64) -> Vec<u8> {
        let bits = 1u128 << 79 | u128::from(account) << 39 | u128::from(rest);
        let body = (0..BODY_BYTES).map(|i| ALPHABET[(bits >> (75 - 5 * i) & 31) as usize]);
        [b'A', b'K', b'I', b'A'].into_iter().chain(body).collect()
    }

    #[test]
    fn published_ids() {
        // of the paper: account 029608264753
        assert!(passes(concat!("ASIA", "QNZGKIQY56JQ7WML").as_bytes()));
        for value in [
            concat!("AKIA", "IOSFODNN7EXAMPLE"),
            concat!("AKIA", "XXXXXXXXXXXXXXXX"),
            concat!("AKIA", "QNZGKIQY56JQ7WM1"),
            "AKIA",
            "",
        ] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn the_account_has_twelve_digits(account in 0u64..1 << 40, rest in 0u64..1 << 39) {
            let id = id(account, rest);
            prop_assume!(is_drawn(&id));
            prop_assert_eq!(passes(&id), account <= ACCOUNT_MAX);
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..30)) {
            passes(&value);
        }
    }
}
