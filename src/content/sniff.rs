//! What a stream is, told from its first bytes.
//!
//! Names are not looked at here. Text is what is left when nothing else fits, so that an unknown
//! text format is scanned rather than missed.

use super::squeezed::Codec;
use crate::extract::Format;

/// First bytes of a stream that decide its type.
pub(crate) const SNIFF_BYTES: usize = 64 << 10;

/// Type of a stream by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Empty,
    Gzip,
    /// Compressed in another way.
    Squeezed(Codec),
    Zip,
    Tar,
    /// Read by others.
    Document(Format),
    Text,
    /// Known or plainly binary, and not read: its MIME type.
    Unsupported(&'static str),
}

impl Kind {
    /// MIME type, where nothing more is known.
    pub fn mime(self) -> &'static str {
        match self {
            Kind::Empty | Kind::Text => "text/plain",
            Kind::Gzip => "application/gzip",
            Kind::Squeezed(codec) => codec.mime(),
            Kind::Zip => "application/zip",
            Kind::Tar => "application/x-tar",
            Kind::Document(format) => format.mime(),
            Kind::Unsupported(mime) => mime,
        }
    }
}

const BINARY: &str = "application/octet-stream";

/// `(offset, magic, MIME type)` of formats that are not read.
const MAGIC: &[(usize, &[u8], &str)] = &[
    (0, b"ORC", "application/orc"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (8, b"WEBPVP8", "image/webp"),
    (8, b"WAVEfmt ", "audio/x-wav"),
    (8, b"AVI LIST", "video/x-msvideo"),
    (4, b"ftyp", "video/mp4"),
    (0, b"ID3\x02", "audio/mpeg"),
    (0, b"ID3\x03", "audio/mpeg"),
    (0, b"ID3\x04", "audio/mpeg"),
    (0, b"OggS\0", "audio/ogg"),
    (0, b"fLaC\0", "audio/flac"),
    (0, b"\x1a\x45\xdf\xa3", "video/x-matroska"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"\xca\xfe\xba\xbe\0", "application/java-vm"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-mach-o"),
    (0, b"\xfe\xed\xfa\xcf", "application/x-mach-o"),
    (0, b"\0asm", "application/wasm"),
    (0, b"Rar!\x1a\x07", "application/x-rar-compressed"),
];

/// First bytes of documents.
const DOCUMENTS: &[(&[u8], Format)] = &[
    (b"%PDF-", Format::Pdf),
    (b"PAR1", Format::Parquet),
    (b"PARE", Format::Parquet),
    (b"Obj\x01", Format::Avro),
    (b"SQLite format 3\0", Format::Sqlite),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::Compound),
    (b"{\\rtf", Format::Rtf),
    (b"7z\xbc\xaf\x27\x1c", Format::SevenZip),
];

/// How the stream is compressed, if in a way that is read. gzip is told apart by itself.
fn codec(head: &[u8]) -> Option<Codec> {
    // the level, and the start of a block or the end of an empty stream
    let bzip2 = has(head, 0, b"BZh")
        && matches!(head.get(3), Some(b'1'..=b'9'))
        && (has(head, 4, b"1AY&SY") || has(head, 4, b"\x17\x72\x45\x38\x50\x90"));
    // a zstd stream may begin with a frame that holds no content
    let skippable = matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]);
    Some(match head {
        _ if has(head, 0, b"\x28\xb5\x2f\xfd") || skippable => Codec::Zstd,
        _ if has(head, 0, b"\xfd7zXZ\0") => Codec::Xz,
        _ if has(head, 0, b"\x04\x22\x4d\x18") => Codec::Lz4,
        _ if has(head, 0, b"\xff\x06\0\0sNaPpY") => Codec::Snappy,
        _ if bzip2 && is_binary(head) => Codec::Bzip2,
        // two bytes are little, and one pair of them is text
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] if is_binary(head) => Codec::Zlib,
        _ => return None,
    })
}

fn has(head: &[u8], at: usize, magic: &[u8]) -> bool {
    head.get(at..).is_some_and(|rest| rest.starts_with(magic))
}

/// Tells the type from `head`, the first [`SNIFF_BYTES`] or all there is.
pub(crate) fn sniff(head: &[u8]) -> Kind {
    if head.is_empty() {
        return Kind::Empty;
    }
    // Reserved flags are clear in every gzip stream; that keeps chance apart.
    if has(head, 0, b"\x1f\x8b\x08") && head.get(3).is_none_or(|flags| flags & 0xe0 == 0) {
        return Kind::Gzip;
    }
    if let Some(codec) = codec(head) {
        return Kind::Squeezed(codec);
    }
    if has(head, 0, b"PK\x03\x04") || has(head, 0, b"PK\x05\x06") {
        return zip_kind(head);
    }
    if is_tar(head) {
        return Kind::Tar;
    }
    for (magic, format) in DOCUMENTS {
        if has(head, 0, magic) && (*magic != b"PARE" || is_binary(head)) {
            return Kind::Document(*format);
        }
    }
    let mut binary = None;
    let mut binary = || *binary.get_or_insert_with(|| is_binary(head));
    for (at, magic, mime) in MAGIC {
        if has(head, *at, magic) && (!chance_writes(magic) || binary()) {
            return Kind::Unsupported(mime);
        }
    }
    if has(head, 0, b"MZ") && is_binary(head) {
        return Kind::Unsupported("application/x-msdownload");
    }
    if super::encoding::utf16_of(head).is_none() && is_binary(head) {
        return Kind::Unsupported(BINARY);
    }
    Kind::Text
}

/// Text may begin like that.
fn chance_writes(magic: &[u8]) -> bool {
    magic.iter().all(|b| b.is_ascii_graphic() || *b == b' ')
}

/// An office document is a zip archive whose first entry gives it away; one that turns out to be
/// none is read as an archive.
fn zip_kind(head: &[u8]) -> Kind {
    let name_len = match (head.get(26), head.get(27)) {
        (Some(&low), Some(&high)) => usize::from(u16::from_le_bytes([low, high])),
        _ => 0,
    };
    let name = head.get(30..30 + name_len).unwrap_or_default();
    let ooxml = [
        b"[Content_Types].xml".as_slice(),
        b"_rels/.rels",
        b"docProps/",
        b"word/",
        b"xl/",
        b"ppt/",
    ];
    let is_odf =
        name == b"mimetype" && has(head, 30 + name_len, b"application/vnd.oasis.opendocument");
    if is_odf || ooxml.iter().any(|start| name.starts_with(start)) {
        return Kind::Document(Format::Office);
    }
    Kind::Zip
}

fn is_tar(head: &[u8]) -> bool {
    has(head, 257, b"ustar") || super::tar::header_is_valid(head)
}

/// Control characters that text does not use, NUL among them, in more than one byte of fifty.
fn is_binary(head: &[u8]) -> bool {
    let odd = head
        .iter()
        .filter(|b| {
            b.is_ascii_control() && !matches!(b, b'\t' | b'\n' | b'\r' | 0x08 | 0x0c | 0x1b)
        })
        .count();
    odd * 50 > head.len()
}
