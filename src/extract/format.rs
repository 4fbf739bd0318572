//! The kinds of documents.

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
}
