//! Macie's sensitive data discovery results: a `.jsonl.gz` file per object, with or without
//! occurrences, also for objects that were not read.
//!
//! An archive has one record for itself, with the sums over its members, and one per member of
//! note with `embeddedFileDetails`. Members that were wholly read and hold nothing are counted in
//! the archive's own record only.

use chrono::{DateTime, Utc};

use crate::model::{
    CatalogueIndex, MemberOutcome, ObjectRecord,
    record::{PLACES_PER_OBJECT_MAX, PLACES_PER_TYPE_MAX},
};

use super::detections::{Detected, Limits, Places};
use super::finding::{Classified, FindingContext, millis, write_result_record};
use super::json::Json;

/// Locations in one record: up to 1,000 of each type.
const LIMITS: Limits = Limits {
    per_type: PLACES_PER_TYPE_MAX,
    total: PLACES_PER_OBJECT_MAX,
    // a result is the whole record of an object, also of what makes no finding
    below_levels: true,
};

/// Level of the compression; the files are small.
const LEVEL: i32 = 6;

/// Makes discovery result files; keeps its buffers from one to the next.
pub struct ResultWriter {
    lines: Vec<u8>,
    compressor: libdeflater::Compressor,
}

impl std::fmt::Debug for ResultWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ResultWriter({} bytes)", self.lines.len())
    }
}

impl Default for ResultWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl ResultWriter {
    pub fn new() -> Self {
        ResultWriter {
            lines: Vec::new(),
            compressor: libdeflater::Compressor::new(
                libdeflater::CompressionLvl::new(LEVEL).unwrap_or_default(),
            ),
        }
    }

    /// The result file of an object: JSON Lines, compressed. Equal input gives equal bytes.
    /// Its name is [`FindingContext::result_name`].
    pub fn file(
        &mut self,
        context: &FindingContext,
        record: &ObjectRecord,
        catalogue: &CatalogueIndex,
        created_at: DateTime<Utc>,
    ) -> Vec<u8> {
        self.lines.clear();
        write_results(&mut self.lines, context, record, catalogue, created_at);
        let bound = self.compressor.gzip_compress_bound(self.lines.len());
        let mut file = vec![0; bound];
        // the bound is what it may take at most, so it always fits
        let written = self
            .compressor
            .gzip_compress(&self.lines, &mut file)
            .unwrap_or(0);
        file.truncate(written);
        // a big object must not keep its memory for all the small ones after it
        self.lines.shrink_to(1 << 20);
        file.shrink_to_fit();
        file
    }
}

/// Appends the records of an object, one a line.
pub fn write_results(
    out: &mut Vec<u8>,
    context: &FindingContext,
    record: &ObjectRecord,
    catalogue: &CatalogueIndex,
    created_at: DateTime<Utc>,
) {
    // the locations in an archive are in the records of its members
    let mut detected = Detected::of_object(record, catalogue, LIMITS, Places::Own);
    detected.name_members = false;
    let classified = Classified {
        detected: &detected,
        mime_type: record.outcome.mime_type,
        size: record.outcome.bytes_scanned,
        status: record.outcome.status,
        reason: record.outcome.reason,
    };
    let is_container = record.is_container;
    let mut json = Json::new(out);
    write_result_record(&mut json, context, record, &classified, created_at, |j| {
        if is_container {
            j.name("embeddedFileDetails").null();
        }
    });
    out.push(b'\n');
    for member in &record.members {
        let detected = Detected::of_member(member, catalogue, LIMITS);
        let outcome = &member.outcome;
        let classified = Classified {
            detected: &detected,
            mime_type: Some(outcome.mime_type),
            size: outcome.bytes_scanned,
            status: outcome.status,
            reason: outcome.reason,
        };
        let mut json = Json::new(out);
        write_result_record(&mut json, context, record, &classified, created_at, |j| {
            embedded(j, outcome);
        });
        out.push(b'\n');
    }
}

fn embedded(j: &mut Json<'_>, outcome: &MemberOutcome) {
    let name = outcome
        .container
        .last()
        .map_or("", |path| path.rsplit('/').next().unwrap_or(""));
    let extension = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => extension,
        _ => "",
    };
    j.name("embeddedFileDetails").object(|j| {
        j.name("filePath").string(&outcome.container.join("/"));
        j.name("fileExtension").string(extension);
        // a string in Macie's records
        j.name("fileSize")
            .string(&outcome.bytes_scanned.to_string());
        let modified = outcome.last_modified.map(millis);
        j.name("fileLastModified").optional(modified.as_deref());
    });
}
