//! Files embedded in compound files: packages as they are, and those wrapped for OLE.

use super::super::little::long;
use super::super::{Failure, Out};
use super::Compound;
use crate::model::Reason;

/// A file wrapped with its names.
const WRAPPED: &str = "\u{1}Ole10Native";
/// A file as it is.
const PLAIN: &[&str] = &["Package", "CONTENTS", "EmbeddedOdf"];
/// Bytes of the names of a wrapped file.
const NAME_BYTES_MAX: usize = 4 << 10;
/// Bytes told at a time.
const PIECE_BYTES: usize = 64 << 10;

/// The file is nothing but an embedded one.
pub fn is_object(compound: &Compound) -> bool {
    std::iter::once(&WRAPPED)
        .chain(PLAIN)
        .any(|name| compound.has(&format!("/{name}")))
}

/// Tells the embedded files as members.
pub fn tell(compound: &mut Compound, out: &mut dyn Out) -> Result<(), Failure> {
    for path in compound.paths() {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let shown = match folder.trim_start_matches('/') {
            "" => name.trim_start_matches('\u{1}').to_owned(),
            folder => folder.to_owned(),
        };
        if name == WRAPPED || PLAIN.contains(&name) {
            let stream = match compound.stream(&path) {
                Ok(stream) => stream,
                Err(Failure::Broken { reason, detail }) => {
                    out.gap(reason, &detail)?;
                    continue;
                }
                Err(failure) => return Err(failure),
            };
            let (label, data) = match name == WRAPPED {
                true => unwrapped(&stream),
                false => (String::new(), stream.as_slice()),
            };
            let name = if label.is_empty() { shown } else { label };
            out.member(&name, None)?;
            for piece in data.chunks(PIECE_BYTES) {
                out.data(piece)?;
            }
            out.member_end(None)?;
        } else if !folder.trim_matches('/').is_empty()
            && matches!(name, "Workbook" | "Book" | "PowerPoint Document")
        {
            let detail = format!("an embedded file ({name}) is not read");
            out.gap(Reason::UnsupportedFileTypeException, &detail)?;
        }
    }
    Ok(())
}

/// The name and the bytes of a wrapped file; where it is wrapped otherwise, all of it.
fn unwrapped(stream: &[u8]) -> (String, &[u8]) {
    let all = (String::new(), stream.get(4..).unwrap_or_default());
    // Size and kind; label, path; two numbers, a path with its length; size and data.
    let inner = || {
        let rest = stream.get(6..)?;
        let (label, rest) = text(rest)?;
        let (_, rest) = text(rest)?;
        let len = long(rest, 4)? as usize;
        let rest = rest.get(8..)?.get(len..)?;
        let size = long(rest, 0)? as usize;
        let data = rest.get(4..)?.get(..size)?;
        Some((label, data))
    };
    inner().unwrap_or(all)
}

fn text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let end = memchr::memchr(0, &bytes[..bytes.len().min(NAME_BYTES_MAX)])?;
    let text = encoding_rs::WINDOWS_1252
        .decode_without_bom_handling(&bytes[..end])
        .0;
    Some((text.into_owned(), &bytes[end + 1..]))
}
