//! The header of a JSON Web Token: RFC 7519, RFC 7515.

use super::base64::decode;

/// Longest header that is looked at, in decoded bytes.
const HEADER_BYTES_MAX: usize = 4096;

/// The first part decodes to a JSON object that names an algorithm (`"alg"`), and the parts are
/// three (signed or unsigned) or five (encrypted).
pub fn passes(value: &[u8]) -> bool {
    let mut parts = value.split(|b| *b == b'.');
    let Some(header) = parts.next() else {
        return false;
    };
    if !matches!(parts.count(), 2 | 4) {
        return false;
    }
    let mut text = [0u8; HEADER_BYTES_MAX];
    let mut len = 0;
    for byte in decode(header) {
        let (Some(byte), Some(place)) = (byte, text.get_mut(len)) else {
            return false;
        };
        *place = byte;
        len += 1;
    }
    let text = text[..len].trim_ascii();
    text.starts_with(b"{")
        && text.ends_with(b"}")
        && std::str::from_utf8(text).is_ok_and(names_algorithm)
}

fn names_algorithm(text: &str) -> bool {
    text.match_indices("\"alg\"").any(|(at, name)| {
        let rest = text[at + name.len()..].trim_start();
        rest.strip_prefix(':')
            .is_some_and(|rest| rest.trim_start().starts_with('"'))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn tokens() {
        for token in [
            // RFC 7515, appendix A.1, its parts after the header shortened
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UifQ.dBjftJeZ4CVP",
            // RFC 7519, section 6.1: unsigned
            "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ.",
            "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAEC.AwQF.BgcI",
        ] {
            assert!(passes(token.as_bytes()), "{token}");
        }
        for token in [
            "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ",
            "eyJhbGciOiJub25lIn0.a.b.c",
            "eyJraWQiOiIxIn0.eyJpc3MiOiJqb2UifQ.AAEC",
            "eyJhbGciO.eyJpc3MiOiJqb2UifQ.AAEC",
            "a.b.c",
            "",
        ] {
            assert!(!passes(token.as_bytes()), "{token}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..80)) {
            passes(&value);
        }
    }
}
