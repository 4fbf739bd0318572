//! Bech32 and bech32m: BIP 173 and BIP 350. The check sum is a BCH code over GF(32): up to four
//! changed characters are never overlooked.

/// Values of the characters of the data part.
const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// Characters of the check sum.
const SUM_CHARS: usize = 6;
/// What the check sum leaves.
const BECH32: u32 = 1;
const BECH32M: u32 = 0x2BC8_30A3;
/// Longest text, in characters.
const CHARS_MAX: usize = 90;

/// Which check sum a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    Bech32,
    Bech32m,
}

/// A text whose check sum is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The human-readable part, in its own case.
    pub prefix: &'a [u8],
    /// Characters of the data without the check sum.
    pub data: &'a [u8],
    pub variant: Variant,
}

impl Decoded<'_> {
    /// Bytes that the data stands for, leaving out the first `skipped` characters.
    pub fn bytes_len(&self, skipped: usize) -> usize {
        self.data.len().saturating_sub(skipped) * 5 / 8
    }
}

/// Reads a text of one case of letters.
pub fn decode(text: &[u8]) -> Option<Decoded<'_>> {
    let lower = text.iter().any(u8::is_ascii_lowercase);
    let upper = text.iter().any(u8::is_ascii_uppercase);
    let one = text.iter().rposition(|b| *b == b'1')?;
    let (prefix, data) = (&text[..one], &text[one + 1..]);
    if text.len() > CHARS_MAX || lower && upper || prefix.is_empty() || data.len() < SUM_CHARS {
        return None;
    }
    let lowered = prefix.iter().map(u8::to_ascii_lowercase);
    let mut sum = lowered.clone().fold(1, |sum, b| step(sum, b >> 5));
    sum = step(sum, 0);
    sum = lowered.fold(sum, |sum, b| step(sum, b & 31));
    for b in data {
        sum = step(sum, quintet(*b)?);
    }
    let variant = match sum {
        BECH32 => Variant::Bech32,
        BECH32M => Variant::Bech32m,
        _ => return None,
    };
    Some(Decoded {
        prefix,
        data: &data[..data.len() - SUM_CHARS],
        variant,
    })
}

/// An address of a Bitcoin witness program.
pub fn bitcoin(value: &[u8]) -> bool {
    witness(value, b"bc")
}

/// An address of a Litecoin witness program.
pub fn litecoin(value: &[u8]) -> bool {
    witness(value, b"ltc")
}

/// Version 0 has 20 or 32 bytes and the older check sum, later ones 2 to 40 and the newer.
fn witness(value: &[u8], prefix: &[u8]) -> bool {
    let Some(decoded) = decode(value).filter(|d| d.prefix.eq_ignore_ascii_case(prefix)) else {
        return false;
    };
    let bytes = decoded.bytes_len(1);
    match decoded.data.first().and_then(|b| quintet(*b)) {
        Some(0) => decoded.variant == Variant::Bech32 && matches!(bytes, 20 | 32),
        Some(1..=16) => decoded.variant == Variant::Bech32m && (2..=40).contains(&bytes),
        _ => false,
    }
}

/// A secret key of age: 32 bytes under its prefix.
pub fn age_key(value: &[u8]) -> bool {
    decode(value).is_some_and(|d| {
        d.variant == Variant::Bech32 && d.prefix == b"AGE-SECRET-KEY-" && d.bytes_len(0) == 32
    })
}

fn quintet(b: u8) -> Option<u8> {
    let b = b.to_ascii_lowercase();
    ALPHABET.iter().position(|a| *a == b).map(|i| i as u8)
}

fn step(sum: u32, value: u8) -> u32 {
    const GENERATOR: [u32; 5] = [
        0x3B6A_57B2,
        0x2650_8E6D,
        0x1EA1_19FA,
        0x3D42_33DD,
        0x2A14_62B3,
    ];
    let top = sum >> 25;
    let sum = (sum & 0x01FF_FFFF) << 5 ^ u32::from(value);
    GENERATOR
        .iter()
        .enumerate()
        .filter(|(i, _)| top >> i & 1 != 0)
        .fold(sum, |sum, (_, g)| sum ^ g)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn vectors_of_the_proposals() {
        for text in [
            "A12UEL5L",
            "a12uel5l",
            "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
            "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
        ] {
            let variant = decode(text.as_bytes()).map(|d| d.variant);
            assert_eq!(variant, Some(Variant::Bech32), "{text}");
        }
        for text in [
            "A1LQFN3A",
            "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
            "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
        ] {
            let variant = decode(text.as_bytes()).map(|d| d.variant);
            assert_eq!(variant, Some(Variant::Bech32m), "{text}");
        }
        for text in [
            "A1G7SGD8",
            "10a06t8",
            "1qzzfhee",
            "a12UEL5L",
            "pzry9x0s0muk",
            "",
        ] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn parts_are_read() {
        // BIP 173: a program of twenty bytes, version 0
        let text = b"BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4";
        let decoded = decode(text).expect("right check sum");
        assert_eq!(decoded.prefix, b"BC");
        assert_eq!(decoded.bytes_len(1), 20);
        assert!(!age_key(text));
    }

    #[test]
    fn witness_programs() {
        // of the proposals
        for text in [
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ] {
            assert!(bitcoin(text.as_bytes()), "{text}");
            assert!(!litecoin(text.as_bytes()), "{text}");
        }
        for text in [
            // another prefix, the older check sum for version 1, the newer for version 0, no program
            "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty",
            "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
            "bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
            "bc1gmk9yu",
            "",
        ] {
            assert!(!bitcoin(text.as_bytes()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_character_is_refused(at in 3usize..42, to in 0usize..32) {
            let mut text = *b"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
            prop_assume!(text[at] != ALPHABET[to]);
            text[at] = ALPHABET[to];
            prop_assert_eq!(decode(&text), None);
        }

        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..100)) {
            decode(&value);
        }
    }
}
