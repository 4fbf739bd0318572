//! The flat record `magpie.occurrence/1`: one occurrence a line, with place and evidence.
//!
//! The names and their order are frozen; new ones come last in their object. Nothing is formatted through the standard machinery: this
//! is written once per occurrence, and there may be a hundred million of them.

use crate::model::{Category, ObjectMeta, ObjectRow, OccurrenceView, Place};

use super::json::{fraction, number, optional_string, string};

/// What the flat record tells of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectRef<'a> {
    pub uri: &'a str,
    pub etag: Option<&'a str>,
    pub version_id: Option<&'a str>,
    pub size: Option<u64>,
}

impl<'a> From<&'a ObjectMeta> for ObjectRef<'a> {
    fn from(meta: &'a ObjectMeta) -> Self {
        ObjectRef {
            uri: &meta.uri,
            etag: meta.etag.as_deref(),
            version_id: meta.version_id.as_deref(),
            size: meta.size,
        }
    }
}

impl<'a> From<&'a ObjectRow> for ObjectRef<'a> {
    fn from(row: &'a ObjectRow) -> Self {
        ObjectRef {
            uri: &row.uri,
            etag: row.etag.as_deref(),
            version_id: row.version_id.as_deref(),
            size: row.size,
        }
    }
}

/// Writes flat records of one object after the other.
///
/// What stays the same from record to record (the object, its container) is written once and
/// copied.
#[derive(Clone, Debug)]
pub struct OccurrenceWriter {
    /// The record up to and with the object.
    head: Vec<u8>,
    container: Vec<String>,
    /// `container` as JSON.
    container_json: Vec<u8>,
}

impl OccurrenceWriter {
    /// Starts with an object; see [`Self::object`].
    pub fn new(object: ObjectRef<'_>) -> Self {
        let mut writer = OccurrenceWriter {
            head: Vec::new(),
            container: Vec::new(),
            container_json: b"[]".to_vec(),
        };
        writer.object(object);
        writer
    }

    /// Sets the object of the records that follow.
    pub fn object(&mut self, object: ObjectRef<'_>) {
        let out = &mut self.head;
        out.clear();
        out.extend_from_slice(br#"{"schema":"magpie.occurrence/1","object":{"uri":"#);
        string(out, object.uri);
        out.extend_from_slice(br#","eTag":"#);
        optional_string(out, object.etag);
        out.extend_from_slice(br#","versionId":"#);
        optional_string(out, object.version_id);
        out.extend_from_slice(br#","size":"#);
        match object.size {
            Some(size) => number(out, size),
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(br#"},"container":"#);
    }

    /// Appends one record and a line end to `out`.
    pub fn write(&mut self, out: &mut Vec<u8>, occurrence: &OccurrenceView<'_>) {
        if self.container != occurrence.container {
            self.container = occurrence.container.to_vec();
            self.container_json.clear();
            self.container_json.push(b'[');
            for (i, name) in occurrence.container.iter().enumerate() {
                if i > 0 {
                    self.container_json.push(b',');
                }
                string(&mut self.container_json, name);
            }
            self.container_json.push(b']');
        }
        out.extend_from_slice(&self.head);
        out.extend_from_slice(&self.container_json);
        out.extend_from_slice(br#","detector":"#);
        string(out, occurrence.detector);
        out.extend_from_slice(match occurrence.category {
            Category::Credentials => br#","category":"CREDENTIALS""#.as_slice(),
            Category::CustomIdentifier => br#","category":"CUSTOM_IDENTIFIER""#,
            Category::FinancialInformation => br#","category":"FINANCIAL_INFORMATION""#,
            Category::PersonalInformation => br#","category":"PERSONAL_INFORMATION""#,
        });
        place(out, occurrence.place);
        out.extend_from_slice(br#","masked":"#);
        string(out, occurrence.masked);
        out.extend_from_slice(br#","confidence":"#);
        fraction(out, occurrence.confidence);
        evidence(out, occurrence);
        out.extend_from_slice(b"}\n");
    }
}

fn place(out: &mut Vec<u8>, place: &Place) {
    out.extend_from_slice(br#","line":"#);
    number(out, place.line);
    out.extend_from_slice(br#","column":"#);
    number(out, place.column);
    out.extend_from_slice(br#","endLine":"#);
    number(out, place.end_line);
    out.extend_from_slice(br#","endColumn":"#);
    number(out, place.end_column);
    out.extend_from_slice(br#","byteRange":{"start":"#);
    number(out, place.byte_range.start);
    out.extend_from_slice(br#","end":"#);
    number(out, place.byte_range.end);
    match &place.stored_range {
        Some(range) => {
            out.extend_from_slice(br#"},"storedRange":{"start":"#);
            number(out, range.start);
            out.extend_from_slice(br#","end":"#);
            number(out, range.end);
            out.push(b'}');
        }
        None => out.extend_from_slice(br#"},"storedRange":null"#),
    }
    match &place.cell {
        Some(cell) => {
            out.extend_from_slice(br#","cell":{"row":"#);
            number(out, cell.row);
            out.extend_from_slice(br#","column":"#);
            number(out, u64::from(cell.column));
            out.extend_from_slice(br#","columnName":"#);
            optional_string(out, cell.column_name.as_deref());
            if let Some(table) = &cell.table {
                out.extend_from_slice(br#","table":"#);
                string(out, table.name());
                out.extend_from_slice(br#","cellReference":"#);
                optional_string(out, cell.reference().as_deref());
            }
            out.push(b'}');
        }
        None => out.extend_from_slice(br#","cell":null"#),
    }
    match &place.record {
        Some(record) => {
            out.extend_from_slice(br#","record":{"recordIndex":"#);
            number(out, record.record_index);
            out.extend_from_slice(br#","jsonPath":"#);
            string(out, &record.json_path);
            out.push(b'}');
        }
        None => out.extend_from_slice(br#","record":null"#),
    }
    if let Some(path) = &place.path {
        out.extend_from_slice(br#","path":"#);
        string(out, path);
    }
    out.extend_from_slice(br#","page":"#);
    match place.page {
        Some(page) => number(out, u64::from(page)),
        None => out.extend_from_slice(b"null"),
    }
    match &place.log {
        Some(log) => {
            out.extend_from_slice(br#","log":{"group":"#);
            optional_string(out, log.group.as_deref());
            out.extend_from_slice(br#","stream":"#);
            optional_string(out, log.stream.as_deref());
            out.extend_from_slice(br#","timestamp":"#);
            optional_string(out, log.timestamp.as_deref());
            out.extend_from_slice(br#","eventId":"#);
            optional_string(out, log.event_id.as_deref());
            out.push(b'}');
        }
        None => out.extend_from_slice(br#","log":null"#),
    }
}

fn evidence(out: &mut Vec<u8>, occurrence: &OccurrenceView<'_>) {
    out.extend_from_slice(br#","evidence":{"checks":["#);
    let mut passed = occurrence.checks;
    let mut first = true;
    while passed != 0 {
        let bit = passed.trailing_zeros();
        passed &= passed - 1;
        // bits and names come from the same catalogue; a bit without a name tells nothing
        if let Some(name) = occurrence.check_names.get(bit as usize) {
            if !first {
                out.push(b',');
            }
            first = false;
            string(out, name);
        }
    }
    match &occurrence.keyword {
        Some(keyword) => {
            out.extend_from_slice(br#"],"keyword":{"text":"#);
            string(out, keyword.text);
            out.extend_from_slice(br#","distance":"#);
            match keyword.distance {
                Some(distance) => number(out, u64::from(distance)),
                None => out.extend_from_slice(b"null"),
            }
            out.extend_from_slice(br#","where":"#);
            string(out, keyword.side.as_str());
            out.push(b'}');
        }
        None => out.extend_from_slice(br#"],"keyword":null"#),
    }
    out.extend_from_slice(br#","rivals":["#);
    for (i, id) in occurrence.rivals.iter().flatten().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        string(out, id);
    }
    out.extend_from_slice(b"]}");
}
