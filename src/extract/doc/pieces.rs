//! The text of a Word document: pieces of the stream in the order in which they are read.

use encoding_rs::WINDOWS_1252;

use super::super::little::{long, short};
use super::fib::Fib;
use super::{Failure, broken};

/// A piece of text in the stream of the document.
pub struct Piece {
    offset: u64,
    characters: u64,
    /// One byte a character, else two.
    is_narrow: bool,
}

pub struct Pieces {
    pub all: Vec<Piece>,
    pub fault: Option<&'static str>,
}

impl Pieces {
    pub fn read(fib: &Fib, table: &[u8], main_len: usize) -> Result<Self, Failure> {
        let (offset, len) = fib.pieces;
        let start = offset as usize;
        let end = start.saturating_add(len as usize);
        let list = table.get(start..end.min(table.len())).unwrap_or_default();
        if len == 0 && fib.is_old {
            let (start, end) = fib.text;
            return Ok(Pieces {
                all: vec![Piece {
                    offset: u64::from(start),
                    characters: u64::from(end.saturating_sub(start)).min(main_len as u64),
                    is_narrow: true,
                }],
                fault: None,
            });
        }
        let plc = find(list).ok_or_else(|| broken("its list of pieces is lost"))?;
        // n + 1 positions of 4 bytes, n descriptions of 8.
        let count = plc.len().saturating_sub(4) / 12;
        let mut all = Vec::with_capacity(count);
        // No text is longer than the file, however often pieces of it are told.
        let (mut left, mut fault) = (main_len as u64, None);
        for piece in 0..count {
            let (first, last) = (long(plc, piece * 4), long(plc, piece * 4 + 4));
            let at = (count + 1) * 4 + piece * 8;
            let (Some(first), Some(last), Some(place)) = (first, last, long(plc, at + 2)) else {
                break;
            };
            let mut characters = u64::from(last.saturating_sub(first));
            if characters > left {
                (characters, fault) = (left, Some("its pieces are longer than the file"));
            }
            left -= characters;
            let is_narrow = fib.is_old || place & (1 << 30) != 0;
            let place = u64::from(place & !(1 << 30));
            all.push(Piece {
                offset: match is_narrow && !fib.is_old {
                    true => place / 2,
                    false => place,
                },
                characters,
                is_narrow,
            });
        }
        Ok(Pieces { all, fault })
    }
}

/// The list of pieces behind the lists of properties.
fn find(mut list: &[u8]) -> Option<&[u8]> {
    loop {
        match list.first()? {
            1 => {
                let len = usize::from(short(list, 1)?);
                list = list.get(3 + len..)?;
            }
            2 => {
                let len = long(list, 1)? as usize;
                let rest = list.get(5..)?;
                return Some(&rest[..len.min(rest.len())]);
            }
            _ => return None,
        }
    }
}

impl Piece {
    /// The characters with their offsets; `None`: the piece is beyond the stream.
    pub fn characters<'a>(&self, main: &'a [u8]) -> Option<Characters<'a>> {
        let start = usize::try_from(self.offset).ok()?;
        let width = if self.is_narrow { 1 } else { 2 };
        let len = usize::try_from(self.characters).ok()?.checked_mul(width)?;
        let rest = main.get(start..)?;
        Some(Characters {
            bytes: &rest[..len.min(rest.len())],
            offset: self.offset,
            is_narrow: self.is_narrow,
            is_cut: len > rest.len(),
            high: None,
        })
    }
}

pub struct Characters<'a> {
    bytes: &'a [u8],
    offset: u64,
    is_narrow: bool,
    /// The stream ends before the piece.
    pub is_cut: bool,
    /// First half of a pair.
    high: Option<u16>,
}

impl Characters<'_> {
    /// The next character, one for each unit: first halves of pairs are told as nothing (`\0`).
    pub fn next(&mut self) -> Option<(u64, char)> {
        let offset = self.offset;
        if self.is_narrow {
            let (&byte, rest) = self.bytes.split_first()?;
            (self.bytes, self.offset) = (rest, offset + 1);
            let c = match byte {
                0..=0x7f => char::from(byte),
                _ => {
                    let bytes = [byte];
                    let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
                    text.chars().next().unwrap_or('\u{fffd}')
                }
            };
            return Some((offset, c));
        }
        let (unit, rest) = self.bytes.split_at_checked(2)?;
        (self.bytes, self.offset) = (rest, offset + 2);
        let unit = u16::from_le_bytes([unit[0], unit[1]]);
        let c = match (self.high.take(), unit) {
            (_, 0xd800..=0xdbff) => {
                self.high = Some(unit);
                '\0'
            }
            (Some(high), 0xdc00..=0xdfff) => char::decode_utf16([high, unit])
                .flatten()
                .next()
                .unwrap_or('\u{fffd}'),
            _ => char::from_u32(u32::from(unit)).unwrap_or('\u{fffd}'),
        };
        Some((offset, c))
    }
}
