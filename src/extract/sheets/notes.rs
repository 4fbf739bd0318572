//! Comments in workbooks before Office Open XML, which the library for sheets leaves out: the records
//! of each sheet that hold their text and their cell.

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use cfb::CompoundFile;

use crate::extract::SeekAt;
use crate::model::ReadAt;

/// Comments of a workbook that are told.
const NOTES_MAX: usize = 1 << 20;

const BOUND_SHEET: u16 = 0x0085;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const OBJECT: u16 = 0x005d;
const TEXT: u16 = 0x01b6;
const CONTINUED: u16 = 0x003c;
const NOTE: u16 = 0x001c;

/// A comment. Row and column are 0-based.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    pub row: u32,
    pub column: u32,
    pub author: String,
    pub text: String,
}

/// Comments by the number of their sheet; empty where the file is not understood, which reading its
/// cells tells.
pub(super) fn read(source: &Arc<dyn ReadAt>, bytes_max: u64) -> HashMap<usize, Vec<Note>> {
    stream(source, bytes_max).map_or_else(HashMap::new, |stream| notes(&stream))
}

fn stream(source: &Arc<dyn ReadAt>, bytes_max: u64) -> Option<Vec<u8>> {
    let mut compound = CompoundFile::open(SeekAt::new(source)).ok()?;
    let stream = compound.open_stream("/Workbook").ok()?;
    let mut bytes = Vec::new();
    stream.take(bytes_max).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn notes(stream: &[u8]) -> HashMap<usize, Vec<Note>> {
    let mut sheets = HashMap::new();
    let mut left = NOTES_MAX;
    let starts = Records { rest: stream }
        .take_while(|(kind, _)| *kind != END)
        .filter(|(kind, _)| *kind == BOUND_SHEET)
        .filter_map(|(_, data)| data.first_chunk::<4>())
        .map(|start| u32::from_le_bytes(*start) as usize);
    for (sheet, start) in starts.enumerate() {
        let Some(rest) = stream.get(start..) else {
            continue;
        };
        let notes = of_sheet(rest, &mut left);
        if !notes.is_empty() {
            sheets.insert(sheet, notes);
        }
    }
    sheets
}

fn of_sheet(rest: &[u8], left: &mut usize) -> Vec<Note> {
    let mut texts = HashMap::new();
    let mut notes = Vec::new();
    let (mut object, mut depth) = (None, 0usize);
    // the text that is open: characters still to come
    let mut open: Option<(u16, usize, String)> = None;
    for (kind, data) in (Records { rest }) {
        if kind == CONTINUED {
            if let Some((id, chars, mut text)) = open.take() {
                let read = chars_of(data, chars);
                text.push_str(&read);
                match chars.saturating_sub(read.encode_utf16().count()) {
                    // further records hold how the text looks
                    0 => _ = texts.insert(id, text),
                    more => open = Some((id, more, text)),
                }
            }
            continue;
        }
        match kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            OBJECT => object = short(data, 6),
            TEXT => {
                let chars = usize::from(short(data, 10).unwrap_or(0));
                open = object
                    .filter(|_| chars > 0)
                    .map(|id| (id, chars, String::new()));
            }
            NOTE if *left > 0 => {
                *left -= 1;
                notes.extend(note(data));
            }
            _ => {}
        }
    }
    let told = notes.into_iter().filter_map(|(id, mut note)| {
        note.text = texts.get(&id).cloned().unwrap_or_default();
        (!note.text.trim().is_empty() || !note.author.is_empty()).then_some(note)
    });
    told.collect()
}

fn note(data: &[u8]) -> Option<(u16, Note)> {
    let chars = usize::from(short(data, 8)?);
    let note = Note {
        row: u32::from(short(data, 0)?),
        column: u32::from(short(data, 2)?),
        author: chars_of(data.get(10..)?, chars),
        text: String::new(),
    };
    Some((short(data, 6)?, note))
}

/// Text of at most `chars` characters: a byte that tells how wide they are, then they.
fn chars_of(data: &[u8], chars: usize) -> String {
    let Some((flags, bytes)) = data.split_first() else {
        return String::new();
    };
    if flags & 1 == 0 {
        let bytes = &bytes[..chars.min(bytes.len())];
        return bytes.iter().map(|b| char::from(*b)).collect();
    }
    let units: Vec<u16> = bytes
        .as_chunks::<2>()
        .0
        .iter()
        .take(chars)
        .map(|unit| u16::from_le_bytes(*unit))
        .collect();
    String::from_utf16_lossy(&units)
}

fn short(data: &[u8], at: usize) -> Option<u16> {
    let bytes = data.get(at..)?.first_chunk::<2>()?;
    Some(u16::from_le_bytes(*bytes))
}

/// Records: kind, length, data.
struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (short(self.rest, 0)?, short(self.rest, 2)?);
        let data = self.rest.get(4..4 + usize::from(length))?;
        self.rest = &self.rest[4 + data.len()..];
        Some((kind, data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = (data.len() as u16).to_le_bytes();
        [&kind.to_le_bytes(), &length, data].concat()
    }

    #[test]
    fn texts_that_go_on_are_joined() {
        let mut text = vec![0; 18];
        text[10] = 5;
        let sheet = [
            record(BEGIN, &[]),
            record(OBJECT, &[0x15, 0, 0x12, 0, 0x19, 0, 7, 0]),
            record(TEXT, &text),
            record(CONTINUED, b"\0ab"),
            record(CONTINUED, b"\x01c\0d\0e\0"),
            record(CONTINUED, &[9; 16]),
            record(NOTE, &[3, 0, 1, 0, 0, 0, 7, 0, 2, 0, 0, b'M', b'e']),
            record(END, &[]),
        ]
        .concat();
        let want = Note {
            row: 3,
            column: 1,
            author: "Me".to_owned(),
            text: "abcde".to_owned(),
        };
        assert_eq!(of_sheet(&sheet, &mut 10), [want]);
        assert_eq!(of_sheet(&sheet, &mut 0), []);
        for cut in 0..sheet.len() {
            of_sheet(&sheet[..cut], &mut 10);
        }
    }
}
