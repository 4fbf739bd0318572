//! Character references: `&amp;`, `&eacute;`, `&#233;`, `&#xe9;`.

/// Longest reference that is read, leading zeros and all.
const REFERENCE_BYTES_MAX: usize = 40;
/// Names that may stand without a semicolon, as old pages write them.
const LOOSE: &[(&[u8], &str)] = &[
    (b"amp", "&"),
    (b"gt", ">"),
    (b"lt", "<"),
    (b"nbsp", " "),
    (b"quot", "\""),
];

/// What a reference stands for, and its length as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entity {
    pub text: String,
    pub stored_len: usize,
}

/// Reads the reference that begins with the `&` at `raw[0]`. `None`: it is text. `loose`: the
/// semicolon may be missing.
pub(super) fn read(raw: &[u8], loose: bool) -> Option<Entity> {
    let raw = &raw[..raw.len().min(REFERENCE_BYTES_MAX)];
    if raw.get(1) == Some(&b'#') {
        return number(raw, loose);
    }
    let letters = raw[1..].iter().take_while(|b| b.is_ascii_alphanumeric());
    let end = 1 + letters.count();
    if end == 1 {
        return None;
    }
    if raw.get(end) != Some(&b';') {
        let (name, text) = LOOSE
            .iter()
            .find(|(name, _)| loose && raw[1..].starts_with(name))?;
        return Some(Entity {
            text: (*text).to_owned(),
            stored_len: 1 + name.len(),
        });
    }
    let written = std::str::from_utf8(&raw[..=end]).ok()?;
    let text = html_escape::decode_html_entities(written);
    (text != written).then(|| Entity {
        text: shown(&text),
        stored_len: end + 1,
    })
}

fn number(raw: &[u8], loose: bool) -> Option<Entity> {
    let (from, radix) = match raw.get(2) {
        Some(b'x' | b'X') => (3, 16),
        _ => (2, 10),
    };
    let rest = raw.get(from..)?;
    let len = rest
        .iter()
        .take_while(|b| char::from(**b).is_digit(radix))
        .count();
    let closed = rest.get(len) == Some(&b';');
    if len == 0 || !(closed || loose) {
        return None;
    }
    let digits = std::str::from_utf8(&rest[..len]).ok()?;
    let code = u32::from_str_radix(digits.trim_start_matches('0'), radix);
    let c = match code {
        // what pages mean that were written in Windows
        Ok(code @ 0x80..=0x9f) => {
            let byte = [code as u8];
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte);
            text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        Ok(code) => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
        Err(_) => char::REPLACEMENT_CHARACTER,
    };
    Some(Entity {
        text: shown(c.encode_utf8(&mut [0; 4])),
        stored_len: from + len + usize::from(closed),
    })
}

/// Spaces of every width are spaces; a hyphen that is not seen is none.
fn shown(text: &str) -> String {
    match text {
        "\u{a0}" | "\u{2002}" | "\u{2003}" | "\u{2007}" | "\u{2009}" | "\u{202f}" => " ".to_owned(),
        "\u{ad}" | "\0" => String::new(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(raw: &str) -> Option<(String, usize)> {
        read(raw.as_bytes(), false).map(|e| (e.text, e.stored_len))
    }

    #[test]
    fn references_are_read() {
        let some = |text: &str, len| Some((text.to_owned(), len));
        assert_eq!(told("&amp;x"), some("&", 5));
        assert_eq!(told("&eacute;"), some("é", 8));
        assert_eq!(told("&#233;"), some("é", 6));
        assert_eq!(told("&#x1F600;"), some("😀", 9));
        assert_eq!(told("&#0000000064;"), some("@", 13));
        assert_eq!(told("&nbsp;"), some(" ", 6));
        assert_eq!(told("&shy;"), some("", 5));
        assert_eq!(told("&#150;"), some("–", 6));
        assert_eq!(told("&#xd800;"), some("\u{fffd}", 8));
        assert_eq!(told("&#99999999999;"), some("\u{fffd}", 14));
    }

    #[test]
    fn what_is_none_stays_text() {
        for text in [
            "&", "& ", "&;", "&lol9;", "&#;", "&#x;", "&a=1", "&amp", "&#65",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
        let loose = read(b"&amp b", true).map(|e| (e.text, e.stored_len));
        assert_eq!(loose, Some(("&".to_owned(), 4)));
        assert_eq!(read(b"&copy=1", true), None);
    }
}
