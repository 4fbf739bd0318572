//! Parts of a mail address: RFC 5321, RFC 1035.

/// Last labels that look like domains and are names of files, units or placeholders.
const NOT_DOMAINS: [&[u8]; 30] = [
    b"bmp", b"conf", b"cpp", b"css", b"csv", b"gif", b"htm", b"html", b"ico", b"ini", b"invalid",
    b"java", b"jpeg", b"jpg", b"js", b"json", b"log", b"mount", b"pdf", b"php", b"png", b"scope",
    b"service", b"slice", b"socket", b"svg", b"target", b"txt", b"webp", b"xml",
];

/// A local part of up to 64 characters without doubled, leading or trailing dots; labels of up to
/// 63; a last label of letters that is no file name ending.
pub fn passes(value: &[u8]) -> bool {
    let Some(at) = value.iter().position(|b| *b == b'@') else {
        return false;
    };
    let (local, domain) = (&value[..at], &value[at + 1..]);
    let dots = local.starts_with(b".") || local.ends_with(b".");
    let doubled = local.windows(2).any(|w| w == b"..");
    if local.is_empty() || local.len() > 64 || domain.len() > 253 || dots || doubled {
        return false;
    }
    let mut labels = 0;
    let mut last: &[u8] = &[];
    for label in domain.split(|b| *b == b'.') {
        let fits = (1..=63).contains(&label.len())
            && label
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || *b == b'-')
            && !label.starts_with(b"-")
            && !label.ends_with(b"-");
        if !fits {
            return false;
        }
        labels += 1;
        last = label;
    }
    labels >= 2
        && last.len() >= 2
        && last.iter().all(u8::is_ascii_alphabetic)
        && !NOT_DOMAINS.iter().any(|n| last.eq_ignore_ascii_case(n))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn addresses() {
        for address in ["jane@example.com", "j.d+x@mail.example.co.uk", "a@b.io"] {
            assert!(passes(address.as_bytes()), "{address}");
        }
        for address in [
            "icon@2x.png",
            "user@1000.service",
            "pkg@1.2.3",
            "a..b@example.com",
            ".a@example.com",
            "jane@localhost",
            "jane@-example.com",
            "@example.com",
            "jane@@example.com",
            "",
        ] {
            assert!(!passes(address.as_bytes()), "{address}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..80)) {
            passes(&value);
        }
    }
}
