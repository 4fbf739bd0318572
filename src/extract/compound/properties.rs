//! Properties of compound files: title, author and the like, and those of the user's own.
//!
//! After the published description of property sets, [MS-OLEPS].

use std::collections::HashMap;

use super::super::body::Body;
use super::super::little::{long, short};
use super::super::{Failure, code_page};
use super::Compound;

/// Properties of one set, and values of one property.
const PROPERTIES_MAX: u32 = 10_000;

/// Names of the properties of the first stream, by number.
const SUMMARY: &[(u32, &str)] = &[
    (2, "title"),
    (3, "subject"),
    (4, "author"),
    (5, "keywords"),
    (6, "comments"),
    (8, "last author"),
];

/// Of the second stream.
const DOCUMENT: &[(u32, &str)] = &[(2, "category"), (14, "manager"), (15, "company")];

/// Tells the properties that are text.
pub fn tell(compound: &mut Compound, body: &mut Body<'_>) -> Result<(), Failure> {
    let streams = [
        ("/\u{5}SummaryInformation", SUMMARY),
        ("/\u{5}DocumentSummaryInformation", DOCUMENT),
    ];
    for (path, names) in streams {
        if !compound.has(path) {
            continue;
        }
        let stream = compound.stream(path)?;
        for line in lines(&stream, names) {
            body.line(&line)?;
        }
    }
    Ok(())
}

/// Lines `name: value` of the sets of a stream; what is broken is left out.
fn lines(stream: &[u8], names: &[(u32, &str)]) -> Vec<String> {
    let mut lines = Vec::new();
    // The second set holds properties of the user's own.
    let sets = long(stream, 24).unwrap_or(0).min(2);
    for set in 0..sets as usize {
        let Some(offset) = long(stream, 28 + set * 20 + 16) else {
            break;
        };
        let bytes = stream.get(offset as usize..).unwrap_or_default();
        read_set(bytes, if set == 0 { names } else { &[] }, &mut lines);
    }
    lines
}

fn read_set(set: &[u8], names: &[(u32, &str)], lines: &mut Vec<String>) {
    let count = long(set, 4).unwrap_or(0).min(PROPERTIES_MAX);
    let entries: Vec<(u32, &[u8])> = (0..count as usize)
        .map_while(|at| Some((long(set, 8 + at * 8)?, long(set, 12 + at * 8)?)))
        .filter_map(|(id, offset)| Some((id, set.get(offset as usize..)?)))
        .collect();
    // The code page is property 1, the names of the user's own are property 0.
    let page = entries.iter().find(|(id, _)| *id == 1);
    let page = page.and_then(|(_, value)| short(value, 4)).unwrap_or(1252);
    let own = entries.iter().find(|(id, _)| *id == 0);
    let own = own
        .map(|(_, value)| dictionary(value, page))
        .unwrap_or_default();
    for (id, value) in &entries {
        let known = names.iter().find(|(known, _)| known == id);
        let name = match known {
            Some((_, name)) => *name,
            None => match own.get(id) {
                Some(name) => name.as_str(),
                None => continue,
            },
        };
        for text in texts(value, page) {
            lines.push(format!("{name}: {text}"));
        }
    }
}

fn decoded(bytes: &[u8], page: u16) -> String {
    let encoding = code_page::by_number(i32::from(page));
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    text.trim_matches(['\0', ' ', '\r', '\n'])
        .replace('\r', "\n")
}

fn dictionary(value: &[u8], page: u16) -> HashMap<u32, String> {
    let mut names = HashMap::new();
    let count = long(value, 0).unwrap_or(0).min(PROPERTIES_MAX);
    let mut at = 4usize;
    for _ in 0..count {
        let (Some(id), Some(len)) = (long(value, at), long(value, at + 4)) else {
            break;
        };
        // Characters where they are of two bytes, padded to 4 bytes.
        let len = match page {
            1200 => (len as usize).saturating_mul(2).next_multiple_of(4),
            _ => len as usize,
        };
        at = at.saturating_add(8);
        let Some(name) = value.get(at..at.saturating_add(len)) else {
            break;
        };
        names.insert(id, decoded(name, page));
        at += len;
    }
    names
}

/// Text of a value, or of the values of a list.
fn texts(value: &[u8], page: u16) -> Vec<String> {
    const NARROW: u32 = 0x1e;
    const WIDE: u32 = 0x1f;
    const LIST: u32 = 0x1000;
    let Some(kind) = long(value, 0) else {
        return Vec::new();
    };
    let (count, mut at) = match kind & LIST {
        0 => (1, 4),
        _ => (long(value, 4).unwrap_or(0).min(PROPERTIES_MAX), 8),
    };
    let mut texts = Vec::new();
    for _ in 0..count {
        let Some(len) = long(value, at) else {
            break;
        };
        at += 4;
        let (len, page) = match kind & !LIST {
            NARROW => (len as usize, page),
            WIDE => ((len as usize).saturating_mul(2), 1200),
            _ => break,
        };
        let Some(bytes) = value.get(at..at.saturating_add(len)) else {
            break;
        };
        let text = decoded(bytes, page);
        if !text.is_empty() {
            texts.push(text);
        }
        at += len.next_multiple_of(4);
    }
    texts
}
