//! Which column chunks of a Parquet file are encrypted, read from its footer: the library, without
//! keys, would take their pages for broken ones.

use std::collections::HashSet;

/// Deepest nesting of a footer that is followed.
const DEPTH_MAX: usize = 32;

// numbers of fields in the metadata of a file, of a row group and of a column chunk
const ROW_GROUPS: i64 = 4;
const ALGORITHM: i64 = 8;
const COLUMNS: i64 = 1;
const CRYPTO_METADATA: i64 = 8;

/// Encrypted chunks as (row group, column). A footer that is not understood has none: it is for the
/// library to refuse.
pub(super) fn encrypted(footer: &[u8]) -> HashSet<(usize, usize)> {
    let mut reader = Compact { rest: footer };
    let mut found = HashSet::new();
    let mut algorithm = false;
    let walked = reader.fields(&mut |reader, id, kind| {
        algorithm |= id == ALGORITHM;
        if id != ROW_GROUPS {
            return reader.skip(kind, 0);
        }
        reader.list(&mut |reader, group, kind| {
            if kind != STRUCT {
                return reader.skip(kind, 0);
            }
            reader.fields(&mut |reader, id, kind| {
                if id != COLUMNS {
                    return reader.skip(kind, 0);
                }
                reader.list(&mut |reader, column, kind| {
                    if kind != STRUCT {
                        return reader.skip(kind, 0);
                    }
                    reader.fields(&mut |reader, id, kind| {
                        if id == CRYPTO_METADATA {
                            found.insert((group, column));
                        }
                        reader.skip(kind, 0)
                    })
                })
            })
        })
    });
    match walked {
        Some(()) if algorithm => found,
        _ => HashSet::new(),
    }
}

const STRUCT: u8 = 12;

/// The compact protocol of Thrift, as far as skipping needs it.
struct Compact<'a> {
    rest: &'a [u8],
}

type Visit<'f, 'a> = &'f mut dyn FnMut(&mut Compact<'a>, i64, u8) -> Option<()>;
type VisitList<'f, 'a> = &'f mut dyn FnMut(&mut Compact<'a>, usize, u8) -> Option<()>;

impl<'a> Compact<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn pass(&mut self, bytes: u64) -> Option<()> {
        self.rest = self.rest.get(usize::try_from(bytes).ok()?..)?;
        Some(())
    }

    fn fields(&mut self, visit: Visit<'_, 'a>) -> Option<()> {
        let mut id = 0i64;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            id = match head >> 4 {
                0 => {
                    let zigzag = self.number()?;
                    (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64)
                }
                delta => id.checked_add(i64::from(delta))?,
            };
            visit(self, id, head & 0x0f)?;
        }
    }

    fn list(&mut self, visit: VisitList<'_, 'a>) -> Option<()> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.number()?,
            count => u64::from(count),
        };
        for at in 0..count {
            visit(self, usize::try_from(at).ok()?, head & 0x0f)?;
        }
        Some(())
    }

    /// `kind` of a field, where truth values stand in the header.
    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            1 | 2 => Some(()),
            _ => self.skip_element(kind, depth),
        }
    }

    /// `kind` of an element of a list, where truth values take a byte.
    fn skip_element(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        match kind {
            1..=3 => self.pass(1),
            4..=6 => self.number().map(|_| ()),
            7 => self.pass(8),
            8 => {
                let bytes = self.number()?;
                self.pass(bytes)
            }
            9 | 10 => self.list(&mut |reader, _, kind| reader.skip_element(kind, depth + 1)),
            11 => {
                let count = self.number()?;
                if count == 0 {
                    return Some(());
                }
                let kinds = self.byte()?;
                for _ in 0..count {
                    self.skip_element(kinds >> 4, depth + 1)?;
                    self.skip_element(kinds & 0x0f, depth + 1)?;
                }
                Some(())
            }
            STRUCT => self.fields(&mut |reader, _, kind| reader.skip(kind, depth + 1)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_chunks_with_a_lock() {
        // version 2; one row group of two columns (file_offset each, the second with crypto
        // metadata); an algorithm
        let footer = [
            0x15, 0x04, // 1: i32 2
            0x39, 0x1c, // 4: list of one struct
            0x19, 0x2c, // 1: list of two structs
            0x26, 0x08, 0x00, // 2: i64, stop
            0x26, 0x08, 0x6c, 0x1c, 0x00, 0x00,
            0x00, // 2: i64, 8: struct { 1: struct {} }, stop
            0x00, // end of the row group
            0x4c, 0x1c, 0x00, 0x00, // 8: struct { 1: struct {} }
            0x00,
        ];
        assert_eq!(encrypted(&footer), HashSet::from([(0, 1)]));
        for cut in 0..footer.len() {
            assert_eq!(encrypted(&footer[..cut]), HashSet::new());
        }
        assert_eq!(encrypted(&[0x9b; 1000]), HashSet::new());
    }
}
