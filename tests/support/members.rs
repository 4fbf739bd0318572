//! Opens members of containers by independent means, to read reported places back.

use std::io::Read;
use std::path::Path;

/// Bytes of the innermost member named by `container`, as the scanner names it: gzip members by the
/// name without `.gz`, zip and tar members by their path.
pub fn member(object: &Path, container: &[String]) -> Vec<u8> {
    let mut bytes = std::fs::read(object).unwrap();
    for name in container {
        bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
            gunzip(&bytes)
        } else if bytes.starts_with(b"PK\x03\x04") {
            unzip(bytes, name)
        } else {
            untar(&bytes, name)
        };
    }
    bytes
}

/// All members back to back; what decodes of a truncated one.
fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut decoder = flate2::read::MultiGzDecoder::new(bytes);
    let mut buffer = [0; 4096];
    while let Ok(n @ 1..) = decoder.read(&mut buffer) {
        out.extend_from_slice(&buffer[..n]);
    }
    out
}

fn unzip(bytes: Vec<u8>, name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = Vec::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_end(&mut out)
        .unwrap();
    out
}

fn untar(bytes: &[u8], name: &str) -> Vec<u8> {
    let mut archive = tar::Archive::new(bytes);
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.path().unwrap().to_string_lossy() == name {
            let mut out = Vec::new();
            entry.read_to_end(&mut out).unwrap();
            return out;
        }
    }
    panic!("no member {name}");
}

/// The text of a stored range of the member: UTF-16 by its mark, Latin-1 where it is not UTF-8.
pub fn text(member: &[u8], start: usize, end: usize) -> String {
    let bytes = &member[start..end];
    if member.starts_with(&[0xff, 0xfe]) {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|b| u16::from_le_bytes([b[0], b[1]]))
            .collect();
        return String::from_utf16(&units).unwrap();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|b| char::from(*b)).collect(),
    }
}
