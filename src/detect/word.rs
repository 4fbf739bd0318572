//! Edges of words in text of unknown kind: ASCII, UTF-8, escapes of JSON, broken sequences.

/// The character that ends right before `at`, or `None` at the start or in broken UTF-8.
pub(super) fn char_before(text: &[u8], at: usize) -> Option<char> {
    let from = at.saturating_sub(4);
    let tail = text.get(from..at)?;
    let lead = tail.iter().rposition(|b| b & 0xC0 != 0x80)?;
    std::str::from_utf8(&tail[lead..]).ok()?.chars().next()
}

/// A letter of a script that parts its words by spaces or the like. Those of Thai and its kin, and
/// of Chinese, Japanese and Korean, stand beside other words and numbers without.
pub(super) fn is_spaced_letter(c: char) -> bool {
    c.is_alphabetic() && !is_unspaced(c)
}

/// A character of such a script without spaces.
pub(in crate::detect) fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..0x10A0 | 0x1780..0x1800 | 0x2E80..)
}

/// The character that starts at `at`, or `None` at the end or in broken UTF-8.
pub(super) fn char_at(text: &[u8], at: usize) -> Option<char> {
    let first = *text.get(at)?;
    let len = match first {
        0..0x80 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0.. => 4,
        _ => return None,
    };
    std::str::from_utf8(text.get(at..at + len)?)
        .ok()?
        .chars()
        .next()
}

/// A quotation mark of print (`“`, `’`, `»`) starts at `at`.
pub(super) fn quote_at(text: &[u8], at: usize) -> bool {
    matches!(
        text.get(at..),
        Some([0xE2, 0x80, 0x98..=0x9F | 0xB9 | 0xBA, ..] | [0xC2, 0xAB | 0xBB, ..])
    )
}

/// Such a mark ends right before `at`.
pub(super) fn quote_before(text: &[u8], at: usize) -> bool {
    let Some(text) = text.get(..at) else {
        return false;
    };
    match text {
        [.., 0xE2, 0x80, _] => quote_at(text, at - 3),
        [.., 0xC2, _] => quote_at(text, at - 2),
        _ => false,
    }
}

/// The letter right before `at` belongs to an escape such as `\n`, not to a word.
pub(super) fn after_escape(text: &[u8], at: usize) -> bool {
    at >= 2 && text[at - 2] == b'\\' && text[at - 1].is_ascii_alphabetic()
}

/// A word may start with the letter at `at`: no letter before it, or a camelCase edge.
pub(super) fn starts_word(text: &[u8], at: usize) -> bool {
    let Some(&before) = at.checked_sub(1).and_then(|i| text.get(i)) else {
        return true;
    };
    if before >= 0x80 {
        return !char_before(text, at).is_some_and(is_spaced_letter);
    }
    !before.is_ascii_alphabetic() || camel_edge(text, at) || after_escape(text, at)
}

/// The word whose last byte is at `end - 1` ends there: nothing that continues it follows.
pub(super) fn ends_word(text: &[u8], end: usize) -> bool {
    let (Some(&last), Some(&next)) = (end.checked_sub(1).and_then(|i| text.get(i)), text.get(end))
    else {
        return true;
    };
    if last.is_ascii_digit() {
        return !next.is_ascii_digit();
    }
    let letter = if last < 0x80 {
        last.is_ascii_alphabetic()
    } else {
        char_before(text, end).is_some_and(is_spaced_letter)
    };
    if !letter {
        return true;
    }
    if next >= 0x80 {
        return !char_at(text, end).is_some_and(is_spaced_letter);
    }
    !next.is_ascii_alphabetic() || camel_edge(text, end)
}

/// Between the letters before and at `at` a new part of a camelCase word begins.
fn camel_edge(text: &[u8], at: usize) -> bool {
    let (Some(before), Some(here)) = (at.checked_sub(1).and_then(|i| text.get(i)), text.get(at))
    else {
        return false;
    };
    here.is_ascii_uppercase()
        && (before.is_ascii_lowercase()
            || before.is_ascii_uppercase() && text.get(at + 1).is_some_and(u8::is_ascii_lowercase))
}

/// Number of characters in a stretch; broken bytes count as none or one.
pub(super) fn chars(text: &[u8]) -> usize {
    text.iter().filter(|b| **b & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotation_marks_of_print() {
        let text = "“a” «b» ‘c’ é".as_bytes();
        let starts: Vec<usize> = (0..text.len()).filter(|&i| quote_at(text, i)).collect();
        let ends: Vec<usize> = (0..=text.len())
            .filter(|&i| quote_before(text, i))
            .collect();
        assert_eq!(starts, [0, 4, 8, 11, 14, 18]);
        assert_eq!(ends, [3, 7, 10, 13, 17, 21]);
    }

    #[test]
    fn edges_of_words() {
        for (text, at, expected) in [
            ("ssn", 0, true),
            ("xssn", 1, false),
            ("customerSSN", 8, true),
            ("SSNNumber", 3, true),
            ("SSN", 1, false),
            (r"\nssn", 2, true),
            ("1ssn", 1, true),
            ("_ssn", 1, true),
            ("éssn", 2, false),
            ("“ssn", 3, true),
            ("番ssn", 3, true),
            ("我的身份证", 6, true),
            ("ขบัตร", 3, true),
        ] {
            assert_eq!(starts_word(text.as_bytes(), at), expected, "{text} {at}");
        }
        for (text, end, expected) in [
            ("ssn", 3, true),
            ("ssns", 3, false),
            ("ssnNumber", 3, true),
            ("SSNNumber", 3, true),
            ("SSNN", 3, false),
            ("ssn1", 3, true),
            ("ssn”", 3, true),
            ("ssné", 3, false),
            ("ss#a", 3, true),
            ("gs12", 3, false),
            ("身份证号", 9, true),
            ("ssn号", 3, true),
        ] {
            assert_eq!(ends_word(text.as_bytes(), end), expected, "{text} {end}");
        }
    }

    #[test]
    fn broken_bytes_are_borne() {
        assert_eq!(char_before(b"\x80\x80\x80\x80\x80", 5), None);
        assert_eq!(char_at(b"\xF0\x9F", 0), None);
        assert_eq!(char_at(b"\x80", 0), None);
        assert_eq!(chars("aé“".as_bytes()), 3);
    }
}
