//! Names of files as keys and uris, and back.
//!
//! A name that is UTF-8 stands for itself. One that is not is written as `./` and its bytes with
//! `%` and what is not UTF-8 percent-encoded: no listed path has a part `.`, so that no two files
//! share a key, and a uri still leads to the file.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fmt::Write;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

/// The part of a key that stands for one name.
pub(super) fn key_part(name: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(name) {
        Ok(name) => Cow::Borrowed(name),
        Err(_) => Cow::Owned(format!("./{}", encode(name))),
    }
}

/// The names on the way to an object, outermost first; `None` if no listing gives such a key.
pub(super) fn key_names(key: &str) -> Option<Vec<Vec<u8>>> {
    let mut names = Vec::new();
    let mut parts = key.split('/');
    while let Some(part) = parts.next() {
        names.push(match part {
            "" | ".." => return None,
            "." => decode(parts.next()?)?,
            part if part.contains('\0') => return None,
            part => part.as_bytes().to_vec(),
        });
    }
    Some(names)
}

/// A path as given, for uris and messages.
pub(in crate::source) fn path_text(path: &OsStr) -> String {
    match path.to_str() {
        Some(text) => text.to_owned(),
        None => {
            let parts = path.as_bytes().split(|&b| b == b'/').map(key_part);
            parts.collect::<Vec<_>>().join("/")
        }
    }
}

/// The path behind what follows `file://` in a uri.
pub(in crate::source) fn uri_path(text: &str) -> PathBuf {
    let mut names: Vec<Cow<'_, [u8]>> = Vec::new();
    let mut parts = text.split('/').peekable();
    while let Some(part) = parts.next() {
        let encoded = parts.peek().filter(|_| part == ".");
        names.push(match encoded.and_then(|next| decode(next)) {
            Some(name) => {
                parts.next();
                Cow::Owned(name)
            }
            None => Cow::Borrowed(part.as_bytes()),
        });
    }
    PathBuf::from(OsString::from_vec(names.join(&b'/')))
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '%' => text.push_str("%25"),
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// The bytes behind [`encode`]; `None` unless they are a name that needs it.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let [high, low, tail @ ..] = tail else {
                return None;
            };
            let digit = |b: u8| (b as char).to_digit(16);
            bytes.push(u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?);
            rest = tail;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    let needed = std::str::from_utf8(&bytes).is_err();
    (needed && !bytes.contains(&b'/') && !bytes.contains(&0)).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_odd_names_apart() {
        assert_eq!(key_part(b"a%FF"), "a%FF");
        assert_eq!(key_part(b"a\xff%"), "./a%FF%25");
        assert_eq!(
            key_names("d/./a%FF%25"),
            Some(vec![b"d".to_vec(), b"a\xff%".to_vec()])
        );
        for hostile in [
            "../a",
            "a/../b",
            "/a",
            "a//b",
            "",
            "./..",
            "./a%2F%FF",
            "a\0",
            "./%FF%00",
            ".",
        ] {
            assert_eq!(key_names(hostile), None, "{hostile:?}");
        }
    }

    proptest! {
        #[test]
        fn a_uri_leads_back_to_the_path(path in proptest::collection::vec(1u8..=255, 1..40)) {
            let path = OsStr::from_bytes(&path);
            let back = uri_path(&path_text(path));
            // a path that is no UTF-8 and itself holds what looks encoded is out of reach
            prop_assume!(!path.to_string_lossy().contains("./"));
            prop_assert_eq!(back.as_os_str(), path);
        }

        #[test]
        fn leads_back(name in proptest::collection::vec(1u8..=255, 1..20)) {
            let name: Vec<u8> = name.into_iter().filter(|b| *b != b'/').collect();
            prop_assume!(!name.is_empty() && name != b"." && name != b"..");
            prop_assert_eq!(key_names(&key_part(&name)), Some(vec![name]));
        }
    }
}
