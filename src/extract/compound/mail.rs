//! Outlook messages: who wrote to whom, the headers, the text, and the files attached; messages attached
//! are told within.
//!
//! After the published description of the format, [MS-OXMSG]. Properties are streams named by their
//! number and type.

use super::super::body::Body;
use super::super::little::{long, short};
use super::super::{Failure, Out, code_page};
use super::Compound;
use super::squeezed;
use crate::model::Reason;

/// Messages in messages.
const DEPTH_MAX: u32 = 32;
/// Bytes told at a time.
const PIECE_BYTES: usize = 64 << 10;

/// Types of properties: text of one and of two bytes a character, bytes, a message.
const NARROW: &str = "001E";
const WIDE: &str = "001F";
const BYTES: &str = "0102";
const MESSAGE: &str = "000D";

/// Properties told as lines `name: value`.
const FIELDS: &[(&str, &str)] = &[
    ("0037", "subject"),
    ("0C1A", "from"),
    ("0C1F", "from"),
    ("5D01", "from"),
    ("0042", "on behalf of"),
    ("0065", "on behalf of"),
];
/// Lists of names, where recipients are not told one by one.
const LISTS: &[(&str, &str)] = &[("0E04", "to"), ("0E03", "cc"), ("0E02", "bcc")];
/// Properties of a recipient.
const RECIPIENT: &[&str] = &["3001", "39FE", "3003"];
/// Headers that the fields tell already.
const TOLD_HEADERS: &[&str] = &["subject", "from", "to", "cc", "bcc"];

const HEADERS: &str = "007D";
const BODY: &str = "1000";
const HTML: &str = "1013";
const RICH_TEXT: &str = "1009";
const DATA: &str = "3701";
/// Names of an attachment, the best first.
const NAMES: &[&str] = &["3707", "3704", "3001"];

/// The file is a message.
pub fn is_mail(compound: &Compound) -> bool {
    compound.has("/__properties_version1.0")
        && (compound.has(&stream("/", BODY, WIDE))
            || compound.has(&stream("/", "001A", WIDE))
            || compound.has(&stream("/", "001A", NARROW)))
}

pub fn read(compound: &mut Compound, out: &mut dyn Out) -> Result<(), Failure> {
    let mut body = Body::new(out);
    let paths = compound.paths();
    message(compound, &paths, "/", 0, &mut body)?;
    files(compound, &paths, "/", 0, out)
}

fn stream(storage: &str, property: &str, kind: &str) -> String {
    format!("{storage}__substg1.0_{property}{kind}")
}

/// Storages right in a storage whose name begins so.
fn inner(paths: &[String], storage: &str, name: &str) -> Vec<String> {
    let mut found: Vec<String> = paths
        .iter()
        .filter_map(|path| {
            let rest = path.strip_prefix(storage)?;
            let (folder, _) = rest.split_once('/')?;
            folder
                .starts_with(name)
                .then(|| format!("{storage}{folder}/"))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Text of a property, of either kind.
fn text(
    compound: &mut Compound,
    storage: &str,
    property: &str,
    page: i32,
) -> Result<Option<String>, Failure> {
    let wide = stream(storage, property, WIDE);
    let narrow = stream(storage, property, NARROW);
    let (path, page) = match compound.has(&wide) {
        true => (wide, 1200),
        false if compound.has(&narrow) => (narrow, page),
        false => return Ok(None),
    };
    let bytes = compound.stream(&path)?;
    let encoding = code_page::by_number(page);
    let (text, _) = encoding.decode_without_bom_handling(&bytes);
    let text = text.trim_end_matches('\0').replace("\r\n", "\n");
    Ok(Some(text).filter(|text| !text.trim().is_empty()))
}

/// The code page of text of one byte a character.
fn page(compound: &mut Compound, storage: &str) -> i32 {
    /// Number and type of the property.
    const CODE_PAGE: u32 = 0x3ffd_0003;
    let path = format!("{storage}__properties_version1.0");
    let Ok(properties) = compound.stream(&path) else {
        return 1252;
    };
    // A head of 32 bytes, or 24 within another message; entries of 16.
    let head = if storage == "/" { 32 } else { 24 };
    let entries = properties.get(head..).unwrap_or_default();
    entries
        .chunks_exact(16)
        .find(|entry| long(entry, 0) == Some(CODE_PAGE))
        .and_then(|entry| short(entry, 8))
        .map_or(1252, i32::from)
}

fn message(
    compound: &mut Compound,
    paths: &[String],
    storage: &str,
    depth: u32,
    body: &mut Body<'_>,
) -> Result<(), Failure> {
    let page = page(compound, storage);
    let mut told: Vec<String> = Vec::new();
    for (property, name) in FIELDS {
        if let Some(value) = text(compound, storage, property, page)?
            && !told.contains(&value)
        {
            body.line(&format!("{name}: {value}"))?;
            told.push(value);
        }
    }
    let recipients = inner(paths, storage, "__recip_version1.0_");
    for recipient in &recipients {
        let mut told: Vec<String> = Vec::new();
        for property in RECIPIENT {
            let value = text(compound, recipient, property, page)?;
            told.extend(value.filter(|value| !told.contains(value)));
        }
        body.line(&format!("to: {}", told.join(" ")))?;
    }
    for (property, name) in LISTS.iter().filter(|_| recipients.is_empty()) {
        if let Some(value) = text(compound, storage, property, page)? {
            body.line(&format!("{name}: {value}"))?;
        }
    }
    if let Some(headers) = text(compound, storage, HEADERS, page)? {
        let mut is_told = false;
        for line in headers.lines() {
            if !line.starts_with([' ', '\t']) {
                let name = line.split(':').next().unwrap_or_default();
                is_told = TOLD_HEADERS
                    .iter()
                    .any(|told| name.eq_ignore_ascii_case(told));
            }
            if !is_told && !line.is_empty() {
                body.line(line)?;
            }
        }
    }
    if let Some(text) = text(compound, storage, BODY, page)? {
        for line in text.lines() {
            body.line(line)?;
        }
    }
    for attachment in inner(paths, storage, "__attach_version1.0_") {
        let inner = format!("{attachment}__substg1.0_{DATA}{MESSAGE}/");
        if paths.iter().any(|path| path.starts_with(&inner)) {
            if depth >= DEPTH_MAX {
                let detail = format!("messages are nested deeper than {DEPTH_MAX}");
                body.out()?
                    .gap(Reason::ArchiveNestingLevelOverLimit, &detail)?;
                continue;
            }
            message(compound, paths, &inner, depth + 1, body)?;
        }
    }
    Ok(())
}

/// Tells the text in other forms, and the files attached, of a message and those within.
fn files(
    compound: &mut Compound,
    paths: &[String],
    storage: &str,
    depth: u32,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    let page = page(compound, storage);
    let html = stream(storage, HTML, BYTES);
    let rich = stream(storage, RICH_TEXT, BYTES);
    let has_body =
        compound.has(&stream(storage, BODY, WIDE)) || compound.has(&stream(storage, BODY, NARROW));
    if compound.has(&html) {
        let html = compound.stream(&html)?;
        member("body.html", &html, out)?;
    } else if compound.has(&rich) && !has_body {
        let bytes = compound.stream(&rich)?;
        match squeezed::expand(&bytes) {
            Some(text) => member("body.rtf", &text, out)?,
            None => {
                let detail = "the text of the message cannot be expanded";
                out.gap(Reason::MalformedOrFileSizeExceedsLimit, detail)?;
            }
        }
    }
    for attachment in inner(paths, storage, "__attach_version1.0_") {
        let data = stream(&attachment, DATA, BYTES);
        let within = format!("{attachment}__substg1.0_{DATA}{MESSAGE}/");
        if compound.has(&data) {
            let mut name = None;
            for property in NAMES {
                if name.is_none() {
                    name = text(compound, &attachment, property, page)?;
                }
            }
            let bytes = compound.stream(&data)?;
            member(name.as_deref().unwrap_or("attachment"), &bytes, out)?;
        } else if depth < DEPTH_MAX && paths.iter().any(|path| path.starts_with(&within)) {
            files(compound, paths, &within, depth + 1, out)?;
        }
    }
    Ok(())
}

fn member(name: &str, bytes: &[u8], out: &mut dyn Out) -> Result<(), Failure> {
    out.member(name, None)?;
    for piece in bytes.chunks(PIECE_BYTES) {
        out.data(piece)?;
    }
    out.member_end(None)
}
