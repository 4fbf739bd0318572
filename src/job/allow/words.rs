//! A words list: a text file, one entry a line. The file is Macie's, and so are its limits.

use super::fault::{Fault, entry_fault};

/// Most entries of one list.
pub const ENTRIES_MAX: usize = 100_000;
/// Longest entry, in characters.
pub const ENTRY_CHARS_MAX: usize = 90;

/// Reads the entries: the line of each, from 1, and the entry as it stands there. Blank lines are
/// skipped; a mark of byte order at the beginning does not count.
///
/// # Errors
/// Text that is not UTF-8, an entry that is too long, too many entries, or none.
pub fn parse(bytes: &[u8]) -> Result<Vec<(u32, &str)>, Fault> {
    let text = utf8(bytes)?;
    let mut entries = Vec::new();
    for (number, line) in (1..).zip(lines(text)) {
        if line.trim().is_empty() {
            continue;
        }
        if let Some(cause) = entry_fault(line) {
            return Err(Fault::at(number, cause));
        }
        if entries.len() == ENTRIES_MAX {
            return Err(Fault::at(number, too_many()));
        }
        entries.push((number, line));
    }
    if entries.is_empty() {
        return Err(Fault::empty());
    }
    Ok(entries)
}

/// What is said of a list with more entries than there may be.
pub fn too_many() -> String {
    format!("more than {ENTRIES_MAX} entries; divide the list")
}

/// The text of a list.
pub fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let before = bytes.get(..e.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        Fault::at(
            u32::try_from(line).unwrap_or(u32::MAX),
            "not UTF-8; save the list in UTF-8".to_owned(),
        )
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Lines that end in LF, CR LF or CR.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let after = text[end..].strip_prefix("\r\n");
        rest = Some(after.unwrap_or(&text[end + 1..]));
        Some(&text[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: &[u8]) -> String {
        parse(bytes).unwrap_err().to_string()
    }

    #[test]
    fn one_entry_a_line_as_it_stands_there() {
        let text = "\u{feff}Akua Mansa\r\n\r\n  \t\n padded \nlast";
        assert_eq!(
            parse(text.as_bytes()).unwrap(),
            [(1, "Akua Mansa"), (4, " padded "), (5, "last")]
        );
        assert_eq!(
            parse(b"a\rb\r\n\nc\n").unwrap(),
            [(1, "a"), (2, "b"), (4, "c")]
        );
    }

    #[test]
    fn the_limits_are_macies() {
        let long = "é".repeat(90);
        assert_eq!(parse(long.as_bytes()).unwrap().len(), 1);
        assert_eq!(
            said(format!("a\n{long}é\n").as_bytes()),
            "line 2: an entry has at most 90 characters, this one 91"
        );
        let full = "7\n".repeat(ENTRIES_MAX);
        assert_eq!(parse(full.as_bytes()).unwrap().len(), ENTRIES_MAX);
        assert_eq!(
            said(format!("{full}\n8\n").as_bytes()),
            "line 100002: more than 100000 entries; divide the list"
        );
    }

    #[test]
    fn what_is_no_list_is_told() {
        assert_eq!(said(b""), "there is no entry in it");
        assert_eq!(said(b"\n \r\n"), "there is no entry in it");
        assert_eq!(
            said(b"a\nb\nSalom\xe9\n"),
            "line 3: not UTF-8; save the list in UTF-8"
        );
        assert_eq!(
            said(b"a\nb\0c\n"),
            "line 2: a control character, which no entry may hold"
        );
    }
}
