//! What was read and what was not.
//!
//! Promise P2: every object is complete, partial or skipped, in objects and in bytes, and every gap
//! has one of Macie's reason codes.

use std::fmt;

/// How an object ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    Complete,
    Partial,
    Skipped,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Complete => "COMPLETE",
            Status::Partial => "PARTIAL",
            Status::Skipped => "SKIPPED",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Status::Complete, Status::Partial, Status::Skipped]
            .into_iter()
            .find(|s| s.as_str() == name)
    }
}

macro_rules! reasons {
    ($($variant:ident => $name:literal, $text:literal;)*) => {
        /// Macie's reason codes for an object that was not, or not wholly, read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Reason { $($variant),* }

        impl Reason {
            /// All codes, in Macie's order.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant),*];

            /// The code in Macie's JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Reason::$variant => $name),* }
            }

            /// What it means, for people.
            pub fn text(self) -> &'static str {
                match self { $(Reason::$variant => $text),* }
            }
        }
    };
}

reasons! {
    ArchiveContainsUnprocessedFiles => "ARCHIVE_CONTAINS_UNPROCESSED_FILES", "some files in the archive were not read";
    ArchiveExceedsSizeLimit => "ARCHIVE_EXCEEDS_SIZE_LIMIT", "the archive is larger than its limit";
    ArchiveNestingLevelOverLimit => "ARCHIVE_NESTING_LEVEL_OVER_LIMIT", "archives are nested deeper than the limit";
    ArchiveTotalBytesExtractedOverLimit => "ARCHIVE_TOTAL_BYTES_EXTRACTED_OVER_LIMIT", "the archive expands to more bytes than the limit";
    ArchiveTotalDocumentsProcessedOverLimit => "ARCHIVE_TOTAL_DOCUMENTS_PROCESSED_OVER_LIMIT", "the archive holds more files than the limit";
    FileExceedsSizeLimit => "FILE_EXCEEDS_SIZE_LIMIT", "the file is larger than the limit of its type";
    InvalidEncryption => "INVALID_ENCRYPTION", "encrypted with a key that the caller must supply";
    InvalidKmsKey => "INVALID_KMS_KEY", "the KMS key is disabled or being deleted";
    InvalidObjectState => "INVALID_OBJECT_STATE", "the storage class does not allow reading";
    JsonNestingLevelOverLimit => "JSON_NESTING_LEVEL_OVER_LIMIT", "JSON is nested deeper than the limit";
    MalformedFile => "MALFORMED_FILE", "the content is broken";
    MalformedOrFileSizeExceedsLimit => "MALFORMED_OR_FILE_SIZE_EXCEEDS_LIMIT", "the office file is broken or too large";
    NoSuchBucketAvailable => "NO_SUCH_BUCKET_AVAILABLE", "the bucket was deleted";
    ObjectVersionMismatch => "OBJECT_VERSION_MISMATCH", "the object changed while it was read";
    OoxmlUncompressedRatioExceedsLimit => "OOXML_UNCOMPRESSED_RATIO_EXCEEDS_LIMIT", "the office file expands by more than the limit";
    OoxmlUncompressedSizeExceedsLimit => "OOXML_UNCOMPRESSED_SIZE_EXCEEDS_LIMIT", "the office file expands to more than the limit";
    PermissionDenied => "PERMISSION_DENIED", "permission to read was denied";
    SourceObjectNoLongerAvailable => "SOURCE_OBJECT_NO_LONGER_AVAILABLE", "the object was deleted, or could not be reached any more";
    TimeCutOffReached => "TIME_CUT_OFF_REACHED", "the time limit for one object was reached";
    UnableToParseFile => "UNABLE_TO_PARSE_FILE", "the structure could not be parsed; read as plain text";
    UnsupportedFileTypeException => "UNSUPPORTED_FILE_TYPE_EXCEPTION", "the file type is not supported";
}

impl Reason {
    pub fn parse(name: &str) -> Option<Self> {
        Reason::ALL.iter().copied().find(|r| r.as_str() == name)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Objects and stored bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub objects: u64,
    pub bytes: u64,
}

impl Tally {
    pub fn add(&mut self, bytes: u64) {
        self.objects += 1;
        self.bytes += bytes;
    }
}

impl std::ops::Add for Tally {
    type Output = Tally;
    fn add(self, other: Tally) -> Tally {
        Tally {
            objects: self.objects + other.objects,
            bytes: self.bytes + other.bytes,
        }
    }
}

/// The ledger of a run. Bytes are stored bytes as listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// What the listing named.
    pub listed: Tally,
    pub complete: Tally,
    pub partial: Tally,
    pub skipped: Tally,
    /// Buckets or listings that ended in an error: an unknown number of objects was not seen.
    pub unlisted: Vec<UnlistedTarget>,
}

/// A target whose listing could not be finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnlistedTarget {
    pub uri: String,
    /// The cause in one line, without any matched value.
    pub cause: String,
}

impl Coverage {
    /// Enters one object.
    pub fn enter(&mut self, status: Status, bytes: u64) {
        match status {
            Status::Complete => self.complete.add(bytes),
            Status::Partial => self.partial.add(bytes),
            Status::Skipped => self.skipped.add(bytes),
        }
    }

    /// Objects and bytes in equal complete + partial + skipped.
    pub fn balances(&self) -> bool {
        self.listed == self.complete + self.partial + self.skipped
    }

    /// Everything in scope was wholly read.
    pub fn is_whole(&self) -> bool {
        self.balances()
            && self.partial.objects == 0
            && self.skipped.objects == 0
            && self.unlisted.is_empty()
    }
}
