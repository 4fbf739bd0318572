//! Decodes base64 of both alphabets on the fly: RFC 4648.

/// The bytes that `text` stands for. Padding ends it; a character of neither alphabet gives `None`
/// as the last item.
pub fn decode(text: &[u8]) -> impl Iterator<Item = Option<u8>> {
    let mut held = 0u32;
    let mut bits = 0;
    let mut failed = false;
    let end = text.iter().position(|b| *b == b'=').unwrap_or(text.len());
    text[..end].iter().filter_map(move |b| {
        if failed {
            return None;
        }
        let Some(six) = sextet(*b) else {
            failed = true;
            return Some(None);
        };
        held = held << 6 | u32::from(six);
        bits += 6;
        if bits < 8 {
            return None;
        }
        bits -= 8;
        Some(Some((held >> bits) as u8))
    })
}

fn sextet(b: u8) -> Option<u8> {
    match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::decode;

    fn all(text: &str) -> Option<Vec<u8>> {
        decode(text.as_bytes()).collect()
    }

    #[test]
    fn vectors() {
        // RFC 4648, section 10
        for (text, bytes) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9vYmFy", "foobar"),
        ] {
            assert_eq!(all(text).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(all("Zm9*YmFy"), None);
    }

    proptest! {
        #[test]
        fn reads_what_others_write(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(all(&STANDARD.encode(&bytes)), Some(bytes.clone()));
            prop_assert_eq!(all(&URL_SAFE_NO_PAD.encode(&bytes)), Some(bytes));
        }
    }
}
