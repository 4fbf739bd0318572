//! Credentials of HTTP basic authentication: RFC 7617.

use super::base64::decode;

/// The last word of the header decodes to a user name, a colon and a password, without control
/// characters, and not to placeholders alone.
pub fn passes(value: &[u8]) -> bool {
    let token = value
        .rsplit(|b| matches!(b, b' ' | b'\t'))
        .next()
        .unwrap_or(&[]);
    let (mut len, mut colon) = (0usize, None);
    for byte in decode(token) {
        let Some(byte) = byte else {
            return false;
        };
        if byte.is_ascii_control() {
            return false;
        }
        if byte == b':' && colon.is_none() {
            colon = Some(len);
        }
        len += 1;
    }
    // an empty user or password is allowed, both empty is nothing
    colon.is_some() && len > 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn headers() {
        for header in [
            // RFC 7617, sections 2 and 2.1
            "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
            "Authorization: Basic dGVzdDoxMjPCow==",
            "authorization:basic\tQWxhZGRpbjpvcGVuIHNlc2FtZQ",
        ] {
            assert!(passes(header.as_bytes()), "{header}");
        }
        for header in [
            "Authorization: Basic QWxhZGRpbg==",
            "Authorization: Basic Og==",
            "Authorization: Basic AAECOgME",
            "Authorization: Basic",
            "",
        ] {
            assert!(!passes(header.as_bytes()), "{header}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..80)) {
            passes(&value);
        }
    }
}
