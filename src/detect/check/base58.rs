//! Base58 with the check of the first four bytes of a double SHA-256, as in Bitcoin and its kin.

use sha2::{Digest, Sha256};

/// The alphabets of Bitcoin and of the XRP ledger.
const BITCOIN: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const XRP: &[u8; 58] = b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

/// Bytes of an address: a version, a hash of 160 bits, the check.
const ADDRESS_BYTES: usize = 25;
/// Bytes of a private key at most: a version, 256 bits, a mark, the check.
const KEY_BYTES_MAX: usize = 38;
const CHECK_BYTES: usize = 4;

/// A Bitcoin address: to a key (version 0) or a script (5).
pub fn bitcoin(value: &[u8]) -> bool {
    matches!(address(value, BITCOIN), Some(0x00 | 0x05))
}

/// A Litecoin address: to a key (48) or a script (50; 5 is Bitcoin's too).
pub fn litecoin(value: &[u8]) -> bool {
    matches!(address(value, BITCOIN), Some(0x30 | 0x32))
}

/// A Dogecoin address: to a key (30) or a script (22).
pub fn dogecoin(value: &[u8]) -> bool {
    matches!(address(value, BITCOIN), Some(0x1E | 0x16))
}

/// A classic address of the XRP ledger.
pub fn xrp(value: &[u8]) -> bool {
    matches!(address(value, XRP), Some(0x00))
}

/// A private key of Bitcoin in wallet import format, plain or marked as of a compressed public key.
pub fn bitcoin_key(value: &[u8]) -> bool {
    let mut bytes = [0; KEY_BYTES_MAX];
    for length in [KEY_BYTES_MAX - 1, KEY_BYTES_MAX] {
        let held = &mut bytes[..length];
        if decode(value, BITCOIN, held) && held[0] == 0x80 && is_checked(held) {
            return length < KEY_BYTES_MAX || held[33] == 1;
        }
    }
    false
}

/// The version of an address whose check is right.
fn address(value: &[u8], alphabet: &[u8; 58]) -> Option<u8> {
    let mut bytes = [0; ADDRESS_BYTES];
    (decode(value, alphabet, &mut bytes) && is_checked(&bytes)).then_some(bytes[0])
}

/// Writes the number that `value` is into exactly `out`; zeros at its head are digits of their own.
fn decode(value: &[u8], alphabet: &[u8; 58], out: &mut [u8]) -> bool {
    out.fill(0);
    // a digit holds more than seven tenths of a byte
    if value.len() > out.len() * 14 / 10 + 1 {
        return false;
    }
    for b in value {
        let Some(digit) = alphabet.iter().position(|a| a == b) else {
            return false;
        };
        let mut carry = digit as u32;
        for byte in out.iter_mut().rev() {
            carry += u32::from(*byte) * 58;
            *byte = carry as u8;
            carry >>= 8;
        }
        if carry != 0 {
            return false;
        }
    }
    let zeros = value.iter().take_while(|b| **b == alphabet[0]).count();
    zeros == out.iter().take_while(|b| **b == 0).count()
}

fn is_checked(bytes: &[u8]) -> bool {
    let (held, check) = bytes.split_at(bytes.len() - CHECK_BYTES);
    let hash = Sha256::digest(Sha256::digest(held));
    hash[..CHECK_BYTES] == *check
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::*;

    #[test]
    fn published_addresses() {
        tested::vectors(
            bitcoin,
            // the first block's, and those of the manuals
            &[
                "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
                "17VZNX1SN5NtKa8UQFxwQbFeFc3iqRYhem",
                "3EktnHQD7RiAE6uzMj2ZifT9YgRrkSgzQX",
                "1111111111111111111114oLvT2",
            ],
            &[
                "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
                "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0",
                "11A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            ],
        );
        // the account that owns the first ledger
        tested::vectors(
            xrp,
            &["rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh"],
            &["rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTj"],
        );
    }

    #[test]
    fn published_keys() {
        // of the manuals
        tested::vectors(
            bitcoin_key,
            &[
                "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ",
                "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
            ],
            &["5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTK"],
        );
    }

    #[test]
    fn any_bytes_are_borne() {
        for passes in [bitcoin, litecoin, dogecoin, xrp, bitcoin_key] {
            tested::bears_any_bytes(passes);
        }
    }

    proptest::proptest! {
        #[test]
        fn one_changed_character_is_refused(at in 1usize..34, to in 0usize..58) {
            let mut value = *b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
            proptest::prop_assume!(value[at] != BITCOIN[to]);
            value[at] = BITCOIN[to];
            proptest::prop_assert!(!bitcoin(&value));
        }
    }
}
