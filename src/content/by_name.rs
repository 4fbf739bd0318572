//! What a name says of a type that is not read.
//!
//! Content decides what is read. Where only names are known, an ending stands for the first bytes
//! of its type, so that this follows whatever [`sniff`] learns to read.

use super::sniff::{Kind, sniff};

/// First entry of an office document.
const OOXML: &[u8] =
    b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml";

/// `(ending in lower case, first bytes of such a file)`
const HEADS: &[(&str, &[u8])] = &[
    ("7z", b"7z\xbc\xaf\x27\x1c\0\x04"),
    ("avi", b"RIFF\0\0\0\0AVI LIST\0\0\0\0"),
    ("avro", b"Obj\x01\x04\x14"),
    ("class", b"\xca\xfe\xba\xbe\0\0\0\x34"),
    ("doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0"),
    ("docx", OOXML),
    ("dll", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0"),
    ("exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0"),
    ("flac", b"fLaC\0\0\0\x22"),
    ("gif", b"GIF89a\x01\0\x01\0\0\0\0"),
    ("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
    ("jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
    ("m4a", b"\0\0\0\x20ftypM4A \0\0\0\0"),
    ("mkv", b"\x1a\x45\xdf\xa3\x01\0\0\0"),
    ("mov", b"\0\0\0\x14ftypqt  \0\0\0\0"),
    ("mp3", b"ID3\x03\0\0\0\0\0\0"),
    ("mp4", b"\0\0\0\x20ftypisom\0\0\0\0"),
    ("ogg", b"OggS\0\x02\0\0\0\0"),
    ("orc", b"ORC\0\0\0\0"),
    ("parquet", b"PAR1\x15\x04\x15\0"),
    ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    ("pptx", OOXML),
    ("rar", b"Rar!\x1a\x07\x01\0"),
    ("rtf", b"{\\rtf1\\ansi"),
    ("so", b"\x7fELF\x02\x01\x01\0\0\0\0\0"),
    ("sqlite", b"SQLite format 3\0\x10\0"),
    ("tif", b"II*\0\x08\0\0\0"),
    ("tiff", b"II*\0\x08\0\0\0"),
    ("wasm", b"\0asm\x01\0\0\0"),
    ("wav", b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0"),
    ("webm", b"\x1a\x45\xdf\xa3\x01\0\0\0"),
    ("webp", b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0"),
    ("xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0"),
    ("xlsx", OOXML),
];

/// Whether a name is that of a mail.
pub(super) fn is_mail(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("eml"))
}

/// The MIME type of a file that, going by its name, is not read. `None`: it may be read.
pub fn unsupported_by_name(name: &str) -> Option<&'static str> {
    let file = name.rsplit('/').next().unwrap_or("");
    let (stem, ending) = file.rsplit_once('.')?;
    if stem.is_empty() {
        return None;
    }
    let (_, head) = HEADS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(ending))?;
    match sniff(head) {
        Kind::Unsupported(mime) => Some(mime),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_and_programs_are_told_and_text_is_not() {
        for name in [
            "a/b.PNG", "x.jpeg", "tool.exe", "lib.so", "song.mp3", "film.mp4",
        ] {
            assert!(unsupported_by_name(name).is_some(), "{name}");
        }
        for name in [
            "a.log", "a.csv.gz", "png", ".png", "a.png/b", "a.tar", "x.json", "b.zip",
        ] {
            assert_eq!(unsupported_by_name(name), None, "{name}");
        }
    }

    #[test]
    fn no_head_is_taken_for_text() {
        for (ending, head) in HEADS {
            assert!(
                !matches!(sniff(head), Kind::Text | Kind::Empty),
                "{ending}: the first bytes are not those of its type"
            );
        }
    }
}
