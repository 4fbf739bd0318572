//! A PDF file to its objects. Where the table of its objects is broken or cut off, it is made again from
//! the objects that stand in the file.

use std::fmt::Write;
use std::io::Read;
use std::sync::Arc;

use lopdf::Document;
use regex::bytes::Regex;

use super::super::{Failure, SeekAt};
use crate::model::ReadAt;

/// Bytes at the start in which the mark of a PDF may stand.
const HEAD_BYTES: usize = 1024;

pub struct Loaded {
    pub document: Document,
    /// What is wrong with the file as a whole.
    pub fault: Option<String>,
}

pub fn load(source: &Arc<dyn ReadAt>) -> Result<Loaded, Failure> {
    let mut bytes = Vec::new();
    SeekAt::new(source)
        .read_to_end(&mut bytes)
        .map_err(Failure::Source)?;
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let Some(start) = memchr::memmem::find(head, b"%PDF-") else {
        return Err(Failure::not_this("no PDF: its mark is missing"));
    };
    bytes.drain(..start);
    let document = guarded(&bytes);
    if let Some(document) = document.filter(|d| d.is_encrypted() || d.catalog().is_ok()) {
        let fault = is_cut(&bytes).then(|| "the file is cut off".to_owned());
        // What was added after the table that was found is found again, too.
        if fault.is_none() {
            return Ok(Loaded { document, fault });
        }
    }
    let (file, objects) = rebuilt(bytes);
    if objects == 0 {
        return Err(Failure::malformed("the file has no objects of a PDF"));
    }
    match guarded(&file) {
        Some(document) => Ok(Loaded {
            document,
            fault: Some("the table of objects is broken; they were read as they stand".to_owned()),
        }),
        None => Err(Failure::malformed("the objects of the PDF cannot be read")),
    }
}

/// The library may panic.
fn guarded(bytes: &[u8]) -> Option<Document> {
    std::panic::catch_unwind(|| Document::load_mem(bytes).ok()).ok()?
}

/// The mark of the end is missing near it.
fn is_cut(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(HEAD_BYTES)..];
    memchr::memmem::find(tail, b"%%EOF").is_none()
}

/// The file with a new table of its objects behind it, and how many there are.
fn rebuilt(mut bytes: Vec<u8>) -> (Vec<u8>, usize) {
    // Patterns are fixed.
    let find = |pattern: &str| Regex::new(pattern).ok();
    let mut offsets: std::collections::BTreeMap<u32, (usize, u16)> = Default::default();
    let mut trailer = String::new();
    if let Some(heads) = find(r"(?-u)(\d{1,9})[ \t\r\n\x00]+(\d{1,5})[ \t\r\n\x00]+obj\b") {
        for found in heads.captures_iter(&bytes) {
            let number = |group: usize| {
                let text = std::str::from_utf8(found.get(group)?.as_bytes()).ok()?;
                text.parse::<u32>().ok()
            };
            let at = found.get(1).map_or(0, |m| m.start());
            if let (Some(id), Some(generation)) = (number(1), number(2)) {
                let generation = u16::try_from(generation).unwrap_or(0);
                offsets.insert(id, (at, generation));
            }
        }
    }
    // The last that is told counts; a catalog that nobody tells of is one all the same.
    for (key, pattern) in [
        ("Root", r"(?-u)/Root\s+(\d+\s+\d+\s+R)"),
        ("Encrypt", r"(?-u)/Encrypt\s+(\d+\s+\d+\s+R)"),
        ("Info", r"(?-u)/Info\s+(\d+\s+\d+\s+R)"),
        (
            "ID",
            r"(?-u)/ID\s*(\[\s*<[0-9A-Fa-f\s]*>\s*<[0-9A-Fa-f\s]*>\s*\])",
        ),
    ] {
        let last = find(pattern).and_then(|pattern| {
            let found = pattern.captures_iter(&bytes).last()?;
            Some(String::from_utf8_lossy(found.get(1)?.as_bytes()).into_owned())
        });
        if let Some(value) = last {
            let _ = write!(trailer, "/{key} {value} ");
        }
    }
    if !trailer.contains("/Root") {
        let pattern = find(r"(?-u)/Type\s*/Catalog");
        let catalog = offsets.iter().find(|(_, (at, _))| {
            let object = &bytes[*at..bytes.len().min(at + 4096)];
            let object = object.split(|b| *b == b'>').next().unwrap_or_default();
            pattern.as_ref().is_some_and(|p| p.is_match(object))
        });
        if let Some((id, (_, generation))) = catalog {
            let _ = write!(trailer, "/Root {id} {generation} R ");
        }
    }
    let size = offsets.keys().last().map_or(1, |last| u64::from(*last) + 1);
    let start = bytes.len() + 1;
    let mut table = String::from("\nxref\n0 1\n0000000000 65535 f \n");
    for (id, (at, generation)) in &offsets {
        let _ = write!(table, "{id} 1\n{at:010} {generation:05} n \n");
    }
    let _ = write!(
        table,
        "trailer\n<</Size {size} {trailer}>>\nstartxref\n{start}\n%%EOF\n"
    );
    bytes.extend_from_slice(table.as_bytes());
    (bytes, offsets.len())
}
