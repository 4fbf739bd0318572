//! What a stretch of markup begins with: tags, attributes and their ends, as far as they are in view.

/// Longest name of an element or attribute; longer ones are text.
pub(super) const NAME_BYTES_MAX: usize = 200;

/// What begins with a `<`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// No markup.
    Text,
    Comment,
    Cdata,
    /// `<!DOCTYPE` and the like.
    Declaration,
    /// `<?…`
    Instruction,
    /// `<name`, with the length of the name.
    Start(usize),
    /// `</name`
    End(usize),
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

fn begins_name(byte: u8, html: bool) -> bool {
    byte.is_ascii_alphabetic() || (!html && (matches!(byte, b'_' | b':') || byte >= 0x80))
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.') || byte >= 0x80
}

/// Length of the name of an element at the start, if it is one. Where the text ends, a name may.
fn name_len(text: &[u8], html: bool) -> Option<usize> {
    let first = *text.first()?;
    let len = text
        .iter()
        .take(NAME_BYTES_MAX + 1)
        .take_while(|b| is_name(**b))
        .count();
    let closed = text
        .get(len)
        .is_none_or(|&b| is_space(b) || matches!(b, b'>' | b'/' | b'<'));
    (begins_name(first, html) && len <= NAME_BYTES_MAX && closed).then_some(len)
}

/// Tells what the `<` at the start begins.
pub(super) fn mark(text: &[u8], html: bool) -> Mark {
    match text {
        [b'<', b'!', b'-', b'-', ..] => Mark::Comment,
        [b'<', b'!', ..] if text.starts_with(b"<![CDATA[") => Mark::Cdata,
        [b'<', b'!', letter, ..] if letter.is_ascii_alphabetic() => Mark::Declaration,
        [b'<', b'?', ..] => Mark::Instruction,
        [b'<', b'/', rest @ ..] => name_len(rest, html).map_or(Mark::Text, Mark::End),
        [b'<', rest @ ..] => name_len(rest, html).map_or(Mark::Text, Mark::Start),
        _ => Mark::Text,
    }
}

/// What comes next inside a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// So much white space, or a slash that is of no use.
    Nothing(usize),
    /// The tag ends; so many bytes of it are left, and it ends its element (`/>`).
    End { len: usize, empty: bool },
    /// A word without a value.
    Word(usize),
    /// A name of that length, and where its value begins behind it.
    Name(usize, usize),
}

/// Tells what comes next inside a tag. `text` is not empty, and at least a name and its value are in
/// view unless it ends before.
pub(super) fn next(text: &[u8]) -> Next {
    let spaces = text.iter().take_while(|b| is_space(**b)).count();
    if spaces > 0 {
        return Next::Nothing(spaces);
    }
    match text {
        [b'>', ..] => {
            return Next::End {
                len: 1,
                empty: false,
            };
        }
        [b'/', b'>', ..] => {
            return Next::End {
                len: 2,
                empty: true,
            };
        }
        // another tag begins: this one was not ended
        [b'<', ..] => {
            return Next::End {
                len: 0,
                empty: false,
            };
        }
        [b'/', ..] => return Next::Nothing(1),
        _ => {}
    }
    let ends = |b: &u8| is_space(*b) || matches!(b, b'=' | b'>' | b'/' | b'<');
    let len = 1 + text[1..]
        .iter()
        .take(NAME_BYTES_MAX)
        .take_while(|b| !ends(b))
        .count();
    if len > NAME_BYTES_MAX {
        return Next::Word(len);
    }
    let behind = len
        + text[len..]
            .iter()
            .take(NAME_BYTES_MAX)
            .take_while(|b| is_space(**b))
            .count();
    if text.get(behind) != Some(&b'=') {
        return Next::Word(len);
    }
    let from = behind + 1;
    let value = from
        + text[from..]
            .iter()
            .take(NAME_BYTES_MAX)
            .take_while(|b| is_space(**b))
            .count();
    Next::Name(len, value)
}

/// A word that may be the name of an attribute, and nothing else.
pub(super) fn is_attribute(name: &[u8]) -> bool {
    let digits = name.iter().filter(|b| b.is_ascii_digit()).count();
    digits < 5
        && name
            .iter()
            .all(|&b| is_name(b) || matches!(b, b'@' | b'*' | b'#' | b'(' | b')' | b'[' | b']'))
        && !name[1..].contains(&b'@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_told_from_text() {
        for (text, html, expected) in [
            ("<a>", true, Mark::Start(1)),
            ("<a", true, Mark::Start(1)),
            ("</td >", true, Mark::End(2)),
            ("<x:y/>", false, Mark::Start(3)),
            ("<é>", false, Mark::Start(2)),
            ("<é>", true, Mark::Text),
            ("<1>", false, Mark::Text),
            ("< a>", false, Mark::Text),
            ("<ann@example.com>", true, Mark::Text),
            ("<!-- x", true, Mark::Comment),
            ("<![CDATA[x", false, Mark::Cdata),
            ("<!DOCTYPE", true, Mark::Declaration),
            ("<?xml", false, Mark::Instruction),
            ("<", false, Mark::Text),
        ] {
            assert_eq!(mark(text.as_bytes(), html), expected, "{text}");
        }
        let long = format!("<{}>", "a".repeat(NAME_BYTES_MAX + 1));
        assert_eq!(mark(long.as_bytes(), false), Mark::Text);
    }

    #[test]
    fn insides_of_tags_are_told() {
        for (text, expected) in [
            ("  a", Next::Nothing(2)),
            (
                ">",
                Next::End {
                    len: 1,
                    empty: false,
                },
            ),
            (
                "/>",
                Next::End {
                    len: 2,
                    empty: true,
                },
            ),
            (
                "<b",
                Next::End {
                    len: 0,
                    empty: false,
                },
            ),
            ("a = 'x'", Next::Name(1, 4)),
            ("a=", Next::Name(1, 2)),
            ("a b", Next::Word(1)),
            ("=x", Next::Word(2)),
        ] {
            assert_eq!(next(text.as_bytes()), expected, "{text}");
        }
        assert!(is_attribute(b"data-ssn") && is_attribute(b"@click"));
        assert!(!is_attribute(b"a@b.c") && !is_attribute(b"x12345"));
    }
}
