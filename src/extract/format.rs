//! The kinds of documents.

use crate::model::Reason;

/// A kind of document, told by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Parquet,
    Avro,
    Pdf,
    Rtf,
    Sqlite,
    SevenZip,
    /// A zip archive that is an Office Open XML or OpenDocument file: text, sheets or slides.
    Office,
    /// A compound file: Word, Excel or Outlook before Office Open XML.
    Compound,
}

impl Format {
    pub const ALL: &'static [Format] = &[
        Format::Parquet,
        Format::Avro,
        Format::Pdf,
        Format::Rtf,
        Format::Sqlite,
        Format::SevenZip,
        Format::Office,
        Format::Compound,
    ];

    /// MIME type, where nothing more is known of the document than its kind.
    pub fn mime(self) -> &'static str {
        match self {
            Format::Parquet => "application/parquet",
            Format::Avro => "application/avro",
            Format::Pdf => "application/pdf",
            Format::Rtf => "application/rtf",
            Format::Sqlite => "application/x-sqlite3",
            Format::SevenZip => "application/x-7z-compressed",
            Format::Office => "application/vnd.openxmlformats-officedocument",
            Format::Compound => "application/x-tika-msoffice",
        }
    }

    /// Macie's reason for a broken document of the kind.
    pub fn broken_reason(self) -> Reason {
        match self {
            Format::Office | Format::Compound => Reason::MalformedOrFileSizeExceedsLimit,
            _ => Reason::MalformedFile,
        }
    }

    /// Whether a document of that type is made of tables, where a keyword counts in the cell and in
    /// the name of the column, and not of running text.
    pub fn is_table(mime: &str) -> bool {
        ["parquet", "avro", "sheet", "excel", "sqlite"]
            .iter()
            .any(|kind| mime.contains(kind))
    }
}

/// MIME types of documents.
const MIMES: &[&str] = &[
    "application/avro",
    "application/msword",
    "application/parquet",
    "application/pdf",
    "application/rtf",
    "application/vnd.ms-excel",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    "application/vnd.ms-excel.sheet.macroenabled.12",
    "application/vnd.ms-outlook",
    "application/vnd.ms-powerpoint",
    "application/vnd.ms-powerpoint.presentation.macroenabled.12",
    "application/vnd.ms-powerpoint.slideshow.macroenabled.12",
    "application/vnd.ms-word.document.macroenabled.12",
    "application/vnd.ms-word.template.macroenabled.12",
    "application/vnd.oasis.opendocument.graphics",
    "application/vnd.oasis.opendocument.graphics-template",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.presentation-template",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet-template",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.text-master",
    "application/vnd.oasis.opendocument.text-template",
    "application/vnd.openxmlformats-officedocument",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
    "application/vnd.openxmlformats-officedocument.presentationml.template",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
    "application/x-7z-compressed",
    "application/x-sqlite3",
    "application/x-tika-msoffice",
    "application/x-tika-msoffice-embedded",
];

/// The type of that name, if it is one of a document.
pub(super) fn known_mime(mime: &str) -> Option<&'static str> {
    MIMES.iter().copied().find(|known| *known == mime)
}
