//! The head of a Word document: where its other parts are.

use super::super::little::{long, short};
use super::{Failure, broken};

/// The head as far as text needs it.
pub struct Fib {
    /// The stream with the tables; `None`: that of the text, as before Word 97.
    pub table: Option<&'static str>,
    pub is_encrypted: bool,
    /// Characters of the body, notes, headers, macros, comments, endnotes and text boxes.
    pub parts: Vec<u64>,
    /// Offset and length of the list of pieces of text.
    pub pieces: (u32, u32),
    /// Offset and length of the list of pages with properties of paragraphs.
    pub paragraphs: (u32, u32),
    /// Text of one piece, where there is no list: first byte and end.
    pub text: (u32, u32),
    /// Text is of one byte a character throughout.
    pub is_old: bool,
}

/// Version from which on Word files are of the later form.
const VERSION_97: u16 = 0xc1;

impl Fib {
    pub fn read(main: &[u8]) -> Result<Self, Failure> {
        Fib::parse(main).ok_or_else(|| broken("its head is cut off or of an unknown version"))
    }

    fn parse(main: &[u8]) -> Option<Self> {
        let (mark, version) = (short(main, 0)?, short(main, 2)?);
        let flags = short(main, 10)?;
        let is_old = version < VERSION_97;
        if !matches!(mark, 0xa5ec | 0xa5dc) || version < 0x65 {
            return None;
        }
        let pair = |at: usize| Some((long(main, at)?, long(main, at + 4)?));
        let (first, pieces, paragraphs) = match is_old {
            true => (0x34, pair(0x160)?, (0, 0)),
            false => (0x4c, pair(0x1a2)?, pair(0x102)?),
        };
        let parts = (0..8)
            .map(|part| Some(u64::from(long(main, first + part * 4)?)))
            .collect::<Option<Vec<u64>>>()?;
        Some(Fib {
            table: (!is_old).then_some(match flags & 0x200 {
                0 => "0Table",
                _ => "1Table",
            }),
            is_encrypted: flags & 0x100 != 0,
            parts,
            pieces,
            paragraphs,
            text: pair(0x18)?,
            is_old,
        })
    }
}
