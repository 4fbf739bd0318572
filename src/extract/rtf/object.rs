//! Files embedded in Rich Text Format: hexadecimal bytes of an OLE 1 object.

use std::io::{BufRead, Seek, SeekFrom};
use std::sync::Arc;

use super::super::{Failure, Out, SeekAt};
use crate::model::ReadAt;

/// Bytes told at a time.
const PIECE_BYTES: usize = 64 << 10;
/// Bytes of the names in front of the data.
const NAME_BYTES_MAX: u32 = 4 << 10;

/// Tells the file whose hexadecimal bytes begin at `at`.
pub fn tell(
    source: &Arc<dyn ReadAt>,
    at: u64,
    number: u32,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    let mut input = SeekAt::new(source);
    input.seek(SeekFrom::Start(at)).map_err(Failure::Source)?;
    let mut hex = Hex(input);
    let mut head = Vec::new();
    let mut left = match header(&mut hex, &mut head)? {
        Some(size) => {
            head.clear();
            u64::from(size)
        }
        // Not wrapped as it should be: all of it.
        None => u64::MAX,
    };
    out.member(&format!("object {number}"), None)?;
    let mut piece = head;
    while left > 0 {
        let byte = hex.byte()?;
        piece.extend(byte);
        left -= 1;
        if byte.is_none() || piece.len() >= PIECE_BYTES {
            out.data(&piece)?;
            piece.clear();
        }
        if byte.is_none() {
            break;
        }
    }
    if !piece.is_empty() {
        out.data(&piece)?;
    }
    out.member_end(None)
}

/// Size of the data of an embedded object; `head`: what was read to tell it.
fn header(hex: &mut Hex, head: &mut Vec<u8>) -> Result<Option<u32>, Failure> {
    let (Some(_), Some(kind)) = (hex.number(head)?, hex.number(head)?) else {
        return Ok(None);
    };
    // 1 is a link.
    if kind != 2 {
        return Ok(None);
    }
    for _ in 0..3 {
        let Some(len) = hex.number(head)?.filter(|len| *len <= NAME_BYTES_MAX) else {
            return Ok(None);
        };
        for _ in 0..len {
            let Some(byte) = hex.byte()? else {
                return Ok(None);
            };
            head.push(byte);
        }
    }
    hex.number(head)
}

struct Hex(SeekAt);

impl Hex {
    fn byte(&mut self) -> Result<Option<u8>, Failure> {
        let mut high = None;
        loop {
            let bytes = self.0.fill_buf().map_err(Failure::Source)?;
            let Some(&first) = bytes.first() else {
                return Ok(None);
            };
            if !first.is_ascii_whitespace() {
                let Some(digit) = char::from(first).to_digit(16) else {
                    return Ok(None);
                };
                match high {
                    None => high = Some(digit),
                    Some(high) => {
                        self.0.consume(1);
                        return Ok(Some((high * 16 + digit) as u8));
                    }
                }
            }
            self.0.consume(1);
        }
    }

    fn number(&mut self, head: &mut Vec<u8>) -> Result<Option<u32>, Failure> {
        let mut bytes = [0; 4];
        for place in &mut bytes {
            let Some(byte) = self.byte()? else {
                return Ok(None);
            };
            head.push(byte);
            *place = byte;
        }
        Ok(Some(u32::from_le_bytes(bytes)))
    }
}
