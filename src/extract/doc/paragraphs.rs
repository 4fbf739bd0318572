//! Which paragraphs of a Word document stand in tables, and which end a row: by the offsets of their text,
//! from the pages of properties.

use super::super::little::{long, short};
use super::fib::Fib;

/// Bytes of a page of properties.
const PAGE_BYTES: usize = 512;
/// Bytes that a page keeps for each paragraph.
const ENTRY_BYTES: usize = 13;

/// Stands in a table; ends a row.
const IN_TABLE: u16 = 0x2416;
const ENDS_ROW: u16 = 0x2417;
/// Properties whose length is told otherwise than by their number.
const TABLE: u16 = 0xd608;
const TABS: u16 = 0xc615;

#[derive(Default)]
pub struct Paragraphs {
    /// First offset, end, and whether it ends a row; of paragraphs in tables, ascending.
    in_tables: Vec<(u64, u64, bool)>,
}

impl Paragraphs {
    /// What can be told; a broken page tells nothing.
    pub fn read(fib: &Fib, main: &[u8], table: &[u8]) -> Self {
        let (offset, len) = fib.paragraphs;
        let start = offset as usize;
        let end = start.saturating_add(len as usize).min(table.len());
        let list = table.get(start..end).unwrap_or_default();
        // n + 1 offsets, n numbers of pages.
        let count = list.len().saturating_sub(4) / 8;
        let mut in_tables = Vec::new();
        // A page is told once, and there are no more than fit into the file.
        for page in 0..count.min(main.len() / PAGE_BYTES + 1) {
            let number = long(list, (count + 1) * 4 + page * 4).unwrap_or(0);
            let start = (number as usize & 0x3f_ffff).saturating_mul(PAGE_BYTES);
            if let Some(page) = main.get(start..start.saturating_add(PAGE_BYTES)) {
                read_page(page, &mut in_tables);
            }
        }
        in_tables.sort_unstable();
        Paragraphs { in_tables }
    }

    fn at(&self, offset: u64) -> Option<bool> {
        let after = self
            .in_tables
            .partition_point(|(first, ..)| *first <= offset);
        let (_, end, ends_row) = self.in_tables.get(after.checked_sub(1)?)?;
        (offset < *end).then_some(*ends_row)
    }

    pub fn is_in_table(&self, offset: u64) -> bool {
        self.at(offset).is_some()
    }

    pub fn ends_row(&self, offset: u64) -> bool {
        self.at(offset) == Some(true)
    }
}

fn read_page(page: &[u8], in_tables: &mut Vec<(u64, u64, bool)>) {
    let count = usize::from(page[PAGE_BYTES - 1]);
    for paragraph in 0..count {
        let (first, end) = (long(page, paragraph * 4), long(page, paragraph * 4 + 4));
        let entry = page.get((count + 1) * 4 + paragraph * ENTRY_BYTES);
        let (Some(first), Some(end), Some(entry)) = (first, end, entry) else {
            return;
        };
        let at = usize::from(*entry) * 2;
        let Some(len) = page.get(at).filter(|_| at > 0) else {
            continue;
        };
        let (from, len) = match len {
            0 => (
                at + 2,
                usize::from(page.get(at + 1).copied().unwrap_or(0)) * 2,
            ),
            len => (at + 1, usize::from(*len) * 2 - 1),
        };
        // The number of the style, then properties.
        let properties = page.get(from + 2..(from + len).min(PAGE_BYTES));
        let (in_table, ends_row) = flags(properties.unwrap_or_default());
        if in_table && end > first {
            in_tables.push((u64::from(first), u64::from(end), ends_row));
        }
    }
}

fn flags(mut properties: &[u8]) -> (bool, bool) {
    let (mut in_table, mut ends_row) = (false, false);
    while let Some(property) = short(properties, 0) {
        let operand = &properties[2..];
        let is_on = operand.first().is_some_and(|value| *value != 0);
        match property {
            IN_TABLE => in_table = is_on,
            ENDS_ROW => ends_row = is_on,
            _ => {}
        }
        let len = match (property, property >> 13) {
            (TABLE, _) => short(operand, 0).map(|len| usize::from(len) + 1),
            // Rarely longer than its length can tell: then nothing that matters follows.
            (TABS, _) => operand
                .first()
                .filter(|len| **len < 255)
                .map(|len| usize::from(*len) + 1),
            (_, 0 | 1) => Some(1),
            (_, 2 | 4 | 5) => Some(2),
            (_, 3) => Some(4),
            (_, 6) => operand.first().map(|len| usize::from(*len) + 1),
            _ => Some(3),
        };
        let Some(rest) = len.and_then(|len| operand.get(len..)) else {
            break;
        };
        properties = rest;
    }
    (in_table, ends_row)
}
